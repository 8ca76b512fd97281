"""``python -m benchmarks --against REF``: this build and the one of a git revision, round by round.

Both are measured by this checkout's benchmarks with the same interpreter and the same libraries; only what is imported
as `openroom` differs, and the characters and scenes that come with it.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from benchmarks.against_table import Compared
from benchmarks.builds import HERE, Build, check
from benchmarks.courses import Course
from benchmarks.rooms_servers import NotMeasured
from benchmarks.rooms_table import Row, missing
from benchmarks.rooms_wire import Broken


def compare(
    courses: Mapping[str, Sequence[Course]], other: Build, seconds: float, count: int
) -> tuple[list[Compared], bool]:
    """Every row, and whether a server of either build lost, doubled, altered or reordered something."""
    for build in (HERE, other):
        check(build)
    rows: list[Compared] = []
    broken = False
    for name, parts in courses.items():
        started = time.monotonic()
        for course in parts:
            try:
                rows += rounds(course, other, seconds, count)
            except (NotMeasured, Broken) as reason:  # the other rows are still worth having
                broken = broken or isinstance(reason, Broken)
                rows.append(Compared(*[[missing(name, type(reason).__name__, reason)]] * 3))
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return rows, broken


def rounds(course: Course, other: Build, seconds: float, count: int) -> list[Compared]:
    """A round measures this build, the other and this build again; every second one in the opposite order."""
    builds = (HERE, other, HERE)
    made: tuple[list[Sequence[Row]], ...] = ([], [], [])
    with ExitStack() as stack:
        plays = []
        for build in builds:
            with _named(build):
                plays.append(stack.enter_context(course(build, seconds, count)))
        for number in range(count):
            for which in (2, 1, 0) if number % 2 else (0, 1, 2):
                with _named(builds[which]):
                    made[which].append(plays[which]())
    this, theirs, again = ([*zip(*one, strict=True)] for one in made)
    return [Compared(*rows) for rows in zip(this, theirs, again, strict=True)]


@contextmanager
def _named(build: Build) -> Iterator[None]:
    try:
        yield
    except (NotMeasured, Broken) as reason:
        raise type(reason)(f"{build.label}: {reason}") from reason


def end_as_if_interrupted() -> None:
    """Told to end, this process stops what it has started and removes the worktree, as it does for Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
