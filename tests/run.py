"""`make test`: the fast tests, then the browser tests (a pytest call of their own); in CI with one coverage over both.

    python -m tests.run [--coverage] [further pytest arguments for the fast tests]

Tells the processor time of each call, ends with one line of pytest's form that counts both calls, and fails if a test
of either, or the coverage, fails. Without ``--coverage`` no tracer runs: on Python 3.11 it doubles the time.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.finder import BrowserMissing, find_or_install

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / ".test-results"


@dataclass
class Total:
    """What the calls came to; `failures` says in words what makes the whole run fail."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, name: str, code: int, report: Path) -> None:
        """Count one pytest call from its JUnit report; no report or no test is a failure of its own."""
        if code:
            self.failures.append(f"{name}: pytest ended with {code}")
        if not report.is_file():
            self.failed += 1
            self.failures.append(f"{name}: pytest wrote no report")
            return
        # A test that fails and whose clean-up fails too is written twice: it is one failed test.
        results: dict[tuple[str | None, str | None], set[str]] = {}
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            results.setdefault((case.get("classname"), case.get("name")), set()).update(part.tag for part in case)
        for tags in results.values():
            self.failed += "failure" in tags or "error" in tags
            self.skipped += "skipped" in tags and not tags & {"failure", "error"}
            self.passed += not tags & {"failure", "error", "skipped"}
        if not results:
            self.failures.append(f"{name}: no test ran")

    def line(self) -> str:
        """One closing line, as pytest words it."""
        line = f"{self.passed} passed, {self.failed} failed"
        return line + (f", {self.skipped} skipped" if self.skipped else "")


def main(arguments: list[str]) -> int:
    """Run everything; the exit code."""
    os.chdir(ROOT)
    RESULTS.mkdir(exist_ok=True)
    total = Total()
    traced = "--coverage" in arguments
    arguments = [argument for argument in arguments if argument != "--coverage"]
    if traced:
        _coverage("erase")
    # A file is one worker's, whose fixtures are made once. The browser tests stay alone: what they see takes its time.
    workers = ["-n", str(max(1, min(8, os.cpu_count() or 1))), "--dist", "loadfile"]
    _pytest(total, "tests", ["tests", *workers, *arguments], traced)
    try:
        os.environ["OPENROOM_BROWSER"] = str(find_or_install())
    except BrowserMissing as missing:
        print(missing, file=sys.stderr, flush=True)
        total.failed += 1
        total.failures.append("browser tests: no browser")
    else:
        _pytest(total, "browser tests", ["tests/browser"], traced)
    if traced and (_coverage("combine", "--quiet") or _coverage("report")):
        total.failures.append("coverage: less than [tool.coverage.report] fail_under in pyproject.toml")
    for failure in total.failures:
        print(f"FAILED {failure}")
    print(total.line(), flush=True)
    return 1 if total.failures else 0


def _pytest(total: Total, name: str, arguments: list[str], traced: bool) -> None:
    report = RESULTS / f"{name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    print(f"== {name}", flush=True)
    tracer = ["-m", "coverage", "run"] if traced else []
    call = [sys.executable, *tracer, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    began, used = time.monotonic(), _processor_time()
    total.add(name, subprocess.run(call, env=_environment(traced), check=False).returncode, report)
    print(f"{name}: {_processor_time() - used:.0f} s of processor time in {time.monotonic() - began:.0f} s", flush=True)


def _environment(traced: bool) -> dict[str, str]:
    """Coverage measures by sys.monitoring where Python has it: that costs next to nothing."""
    return {**os.environ, "COVERAGE_CORE": "sysmon"} if traced and sys.version_info >= (3, 12) else dict(os.environ)


def _processor_time() -> float:
    """Seconds, user and system, of all processes that this one has waited for, and of all that those waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _coverage(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "coverage", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
