"""The closing line of `make test` says what happened: counted from pytest's own reports."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import processes
from tests.run import Total

TESTS = """
import pytest

@pytest.fixture
def broken():
    yield
    raise RuntimeError("clean-up")

def test_good(): pass
@pytest.mark.parametrize("n", [1, 2])
def test_each(n): pass
@pytest.mark.skip(reason="not here")
def test_skipped(): pass
def test_bad(): assert False
def test_bad_and_unclean(broken): assert False
def test_unclean(broken): pass
def test_no_fixture(nothing_of_that_name): pass
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "test_it.py"]
    assert processes.run(command, cwd=tmp_path).returncode == 1
    return report


def test_each_test_is_counted_once(report: Path) -> None:
    total = Total()
    total.add("tests", 1, report)
    assert total.line() == "3 passed, 4 failed, 1 skipped"
    assert total.failures == ["tests: pytest ended with 1"]


def test_two_calls_add_up(report: Path) -> None:
    total = Total()
    total.add("tests", 0, report)
    total.add("browser tests", 0, report)
    assert total.line() == "6 passed, 8 failed, 2 skipped"


def test_a_call_without_a_report_or_without_a_test_fails_the_run(tmp_path: Path) -> None:
    total = Total()
    total.add("tests", 0, tmp_path / "gone.xml")
    (tmp_path / "none.xml").write_text('<testsuites><testsuite tests="0"/></testsuites>', encoding="utf-8")
    total.add("browser tests", 5, tmp_path / "none.xml")
    assert total.line() == "0 passed, 1 failed"
    assert total.failures == [
        "tests: pytest wrote no report",
        "browser tests: pytest ended with 5",
        "browser tests: no test ran",
    ]
