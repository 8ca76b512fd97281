"""`make test`: the fast tests, then the browser tests (a pytest call of their own), with one coverage over both.

    python -m tests.run [further pytest arguments for the fast tests]

Ends with one line of pytest's form that counts both calls, and fails if a test of either, or the coverage, fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
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
    _coverage("erase")
    # A file is one worker's, whose fixtures are made once. The browser tests stay alone: what they see takes its time.
    workers = ["-n", str(max(1, min(8, os.cpu_count() or 1))), "--dist", "loadfile"]
    _pytest(total, "tests", ["tests", *workers, *arguments])
    try:
        os.environ["OPENROOM_BROWSER"] = str(find_or_install())
    except BrowserMissing as missing:
        print(missing, file=sys.stderr, flush=True)
        total.failed += 1
        total.failures.append("browser tests: no browser")
    else:
        _pytest(total, "browser tests", ["tests/browser"])
    _coverage("combine", "--quiet")
    if _coverage("report"):
        total.failures.append("coverage: less than [tool.coverage.report] fail_under in pyproject.toml")
    for failure in total.failures:
        print(f"FAILED {failure}")
    print(total.line(), flush=True)
    return 1 if total.failures else 0


def _pytest(total: Total, name: str, arguments: list[str]) -> None:
    report = RESULTS / f"{name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    print(f"== {name}", flush=True)
    call = ["-m", "coverage", "run", "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    total.add(name, subprocess.run([sys.executable, *call], check=False).returncode, report)


def _coverage(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "coverage", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
