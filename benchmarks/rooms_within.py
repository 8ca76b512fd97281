"""Inside one process: what a turn costs besides its model, and how long a room with a long log takes to open."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from benchmarks import store_append
from benchmarks.builds import Build
from benchmarks.courses import Course
from benchmarks.inside import EVENTS, LINES, PRODUCERS, VISITORS
from benchmarks.long_lines import KINDS
from benchmarks.rooms_servers import NotMeasured, process
from benchmarks.rooms_table import Row
from benchmarks.rooms_wire import Broken


def append(seconds: float, count: int) -> list[Row]:
    """B4, measured by `benchmarks.store_append`."""
    found = asyncio.run(store_append.measure(seconds, count))
    goals = store_append.GOALS
    note = f"{found['store']:,.0f} rows/s; {PRODUCERS} producers, synchronous=FULL"
    return [
        Row("B4", "durable appends against a raw sqlite3 thread", found["store/raw"], goals["raw"], note=note),
        Row("B4", "durable appends against a commit for each", found["store/each"], goals["each"]),
        Row("B4", "p50 of an append", found["p50"], goals["p50"], "most", "ms"),
    ]


@contextmanager
def inside(build: Build, job: str, seconds: float) -> Iterator[Callable[[], dict[str, Any]]]:
    """A process of the build that plays rounds of a job of `benchmarks.inside`."""
    with process([sys.executable, "-m", "benchmarks.inside", job, str(seconds)], build) as running:
        asking, answers = running.stdin, running.stdout
        assert asking is not None
        assert answers is not None

        def read() -> dict[str, Any]:
            if not (answer := answers.readline()):
                raise NotMeasured(f"the process that measures {job} has ended")
            found: dict[str, Any] = json.loads(answer)
            if "broken" in found:
                raise Broken(found["broken"])
            return found

        def play() -> dict[str, Any]:
            with suppress(BrokenPipeError):  # then there is nothing to read either, and that says more
                asking.write("\n")
                asking.flush()
            return read()

        try:
            read()
            yield play
        finally:
            with suppress(BrokenPipeError):
                asking.close()
            with suppress(subprocess.TimeoutExpired):  # it tidies up and ends, unless it hangs
                running.wait(10)


def _course(job: str, rows: Callable[[dict[str, Any]], list[Row]]) -> Course:
    @contextmanager
    def course(build: Build, seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
        with inside(build, job, seconds) as play:
            yield lambda: rows(play())

    return course


appends = _course(
    "append",
    lambda found: [
        Row("B4", "durable appends: rows/s", found["rate"], unit="/s"),
        Row("B4", "p50 of an append", found["p50"], want="most", unit="ms"),
    ],
)
"""B4 of a build alone."""

_TURN = "tea room, 3 characters, SQLite, memory on"
turns = _course(
    "turns",
    lambda found: [
        Row("turn", "a turn without model time, p50", found["p50"], want="most", unit="ms", note=_TURN),
        Row("turn", f"the slowest of {LINES}", found["slowest"], want="most", unit="ms"),
        Row("turn", "CPU of a turn", found["cpu"], want="most", unit="ms", note="remembering included"),
    ],
)
"""What openroom adds to a model call: from a visitor's line to the character's, with a model that takes no time."""

long_lines = _course(
    "long_lines",
    lambda found: [
        Row(
            "long line", "CPU of a turn after 4,000 characters of the dearest kind, more than after a short line",
            found["dearest"], 10, "most", "ms", note=f"{len(KINDS)} kinds, the least of 10 turns each",
        ),
        Row("long line", "the same, the mean of all kinds", found["mean"], want="most", unit="ms"),
    ],
)  # fmt: skip
"""That nobody can make a room slow by what they say."""

_LONG = f"a room of {EVENTS:,} events opens"
restart = _course(
    "restart",
    lambda found: [
        Row("restart", f"{_LONG}, snapshot and tail", found["quick"], want="most", unit="ms"),
        Row("restart", f"{_LONG}, no snapshot", found["whole"], want="most", unit="ms", note="replays all of them"),
    ],
)
"""How long a room with a long log takes to open: with the snapshot that is kept, and without any."""

_PAST = f"{VISITORS['many']:,} past visitors against {VISITORS['few']}"
visitors = _course(
    "visitors",
    lambda found: [
        Row("visitors", f"a newcomer's snapshot: {_PAST}", found["many bytes"] / found["few bytes"], 1.2, "most"),
        Row("visitors", f"coming in: {_PAST}", found["many ms"] / found["few ms"], 1.2, "most"),
    ],
)
"""Whether a room stays as small and as quick as it was, however many have been there."""
