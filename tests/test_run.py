"""The closing line of `make test` says what happened: counted from pytest's own reports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import processes, run
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


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("tests")
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


BURN = """
import subprocess, sys

def test_busy():
    subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 1: pass"], check=True)
"""


def test_a_call_tells_the_processor_time_of_all_its_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_busy.py").write_text(BURN, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    monkeypatch.setattr(run, "RESULTS", tmp_path)
    total = Total()
    run._pytest(total, "tests", ["-c", str(tmp_path / "pytest.ini"), str(tmp_path / "test_busy.py")], traced=False)
    assert total.line() == "1 passed, 0 failed"
    told = re.search(r"^tests: (\d+) s of processor time in \d+ s$", capfd.readouterr().out, re.MULTILINE)
    assert told is not None
    assert int(told[1]) >= 1


@pytest.mark.parametrize(("asked", "tracer"), [([], False), (["COVERAGE=1"], True)])
def test_a_tracer_runs_only_where_it_is_asked_for(
    asked: list[str], tracer: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "COVERAGE")  # what a make around this one hands down
    env = {name: value for name, value in os.environ.items() if name not in outer}
    command = ["make", "-n", "test", *asked]
    made = subprocess.run(command, cwd=run.ROOT, env=env, capture_output=True, text=True, timeout=60)
    (arguments,) = re.findall(r"-m tests\.run(.*)", made.stdout)
    calls: list[list[str]] = []

    def noted(call: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(call[1:])
        return subprocess.CompletedProcess(call, 0)

    monkeypatch.chdir(run.ROOT)
    monkeypatch.setenv("OPENROOM_BROWSER", "")
    monkeypatch.setattr(run, "RESULTS", tmp_path)
    monkeypatch.setattr(run, "find_or_install", lambda: Path("chromium"))
    monkeypatch.setattr(run.subprocess, "run", noted)
    run.main(arguments.split())
    measured = [call for call in calls if call[:2] == ["-m", "coverage"]]
    assert [call[2] for call in measured] == (["erase", "run", "run", "combine", "report"] if tracer else [])
    assert len([call for call in calls if "pytest" in call]) == 2
    assert not any("--coverage" in call for call in calls)


def test_ci_measures_coverage_by_the_command_of_everybody() -> None:
    assert "make test COVERAGE=1" in (run.ROOT / ".ci" / "run").read_text(encoding="utf-8")
