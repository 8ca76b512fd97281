"""A course measures one build, round by round, so that several builds can be measured in turn.

It sets up what is measured (a server with its clients, say) and yields a function that plays a round and returns the
rows of that round. The rows are the same in each round, but for their values.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from benchmarks.builds import HERE, Build
from benchmarks.rooms_table import Row

Course = Callable[[Build, float, int], AbstractContextManager[Callable[[], list[Row]]]]
"""Of a build, the length of a round in seconds, and how many rounds there will be."""


def alone(courses: Sequence[Course], seconds: float, count: int) -> list[Row]:
    """This build by itself: the medians of its rounds."""
    rows: list[Row] = []
    for course in courses:
        with course(HERE, seconds, count) as play:
            made = [play() for _ in range(count)]
        rows += [
            replace(same[0], value=statistics.median(row.value for row in same)) for same in zip(*made, strict=True)
        ]
    return rows
