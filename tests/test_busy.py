from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import processes
from tests.busy import busy
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
TESTS = """
def test_good(): pass
def test_bad(): assert False
"""
_OWNER = """
import time
from tests.busy import busy
with busy(1) as (one,):
    print(one.pid, flush=True)
    time.sleep(3600)
"""


def test_the_busy_processes_end_with_the_block_also_when_it_fails() -> None:
    with pytest.raises(ZeroDivisionError), busy(2) as them:
        assert [one.poll() for one in them] == [None, None]
        raise ZeroDivisionError
    assert None not in [one.poll() for one in them]


def test_they_end_when_whoever_started_them_is_killed() -> None:
    with processes.running([sys.executable, "-c", _OWNER], cwd=ROOT, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        one = int(owner.stdout.readline())
        assert not processes.gone(one)
        owner.kill()
        owner.wait()
        wait_until(lambda: processes.gone(one))


def test_it_says_which_test_failed_and_how_often(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = _run("--times", "2", "-p", "no:cacheprovider", str(tmp_path))
    assert done.returncode == 1
    assert "beside 1 busy processes: 2 failed in 2 runs" in done.stdout
    assert done.stdout.splitlines()[-1] == "  2 of 2  test_it::test_bad"
    assert _run("-k", "good", "-p", "no:cacheprovider", str(tmp_path)).returncode == 0


def test_no_test_at_all_is_a_failure(tmp_path: Path) -> None:
    done = _run(str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "  1 of 1  pytest ended with 4")


def test_any_command_may_be_run() -> None:
    done = _run("--times", "3", "--", sys.executable, "-c", "raise SystemExit(2)")
    assert done.returncode == 1
    assert "3 failed in 3 runs" in done.stdout
    assert _run("--", sys.executable, "-c", "").returncode == 0


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return processes.run([sys.executable, "-m", "tests.busy", "--busy", "1", *arguments], cwd=ROOT)
