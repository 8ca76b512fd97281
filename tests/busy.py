"""Run tests, or another command, beside busy processes: does it hold on a machine that has other things to do?

    python -m tests.busy [--busy 4] [--times 20] [pytest arguments]
    python -m tests.busy [--busy 4] [--times 20] -- make test

Says at the end which test (or that the command) failed, and how often. The busy processes end with this one, however
it ends.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.processes import end_when_asked, running

_SPIN = "import os, sys\nwhile os.getppid() == int(sys.argv[1]): sum(range(100_000))"
"""For as long as whoever started it is there, so that it ends even when that one is killed."""


@contextmanager
def busy(count: int) -> Iterator[list[subprocess.Popen[str]]]:
    """So many processes that compute, while the block lasts."""
    spin = [sys.executable, "-c", _SPIN, str(os.getpid())]
    with ExitStack() as stack:
        yield [stack.enter_context(running(spin)) for _ in range(count)]


def main(arguments: Sequence[str]) -> int:
    """Run it so often; the exit code."""
    options, command = _asked(arguments)
    failed: Counter[str] = Counter()
    with busy(options.busy):
        for number in range(1, options.times + 1):
            found = _command(command) if command else _tests(options.tests)
            failed.update(found)
            print(f"run {number} of {options.times}: {len(found) or 'nothing'} failed", flush=True)
    print(f"beside {options.busy} busy processes: {sum(failed.values()) or 'nothing'} failed in {options.times} runs")
    for name, times in failed.most_common():
        print(f"  {times} of {options.times}  {name}")
    return 1 if failed else 0


def _asked(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """The options with what is for pytest, and the command after ``--``, if there is one."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog="python -m tests.busy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--busy", type=int, default=4, help="busy processes (4)")
    parser.add_argument("--times", type=int, default=1, help="runs, one after another (1)")
    options, options.tests = parser.parse_known_args(arguments[:at])
    return options, list(arguments[at + 1 :])


def _command(command: Sequence[str]) -> set[str]:
    """Run it once; itself if it failed."""
    with running(command) as process:
        return {shlex.join(command)} if process.wait() else set()


def _tests(arguments: Sequence[str]) -> set[str]:
    """Run tests once; the names of those that failed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        own = [f"--junitxml={report}", f"--basetemp={folder}/tests"]  # so that several runs are in nobody's way
        pytest = [sys.executable, "-m", "pytest", "-q", *own, *arguments]
        with running(pytest) as process:
            code = process.wait()
        found = _failures(report) if report.is_file() else set()
    return found if found or not code else {f"pytest ended with {code}"}


def _failures(report: Path) -> set[str]:
    cases = ElementTree.parse(report).getroot().iter("testcase")
    bad = [case for case in cases if any(part.tag in ("failure", "error") for part in case)]
    return {f"{case.get('classname')}::{case.get('name')}" for case in bad}


if __name__ == "__main__":
    end_when_asked()
    sys.exit(main(sys.argv[1:]))
