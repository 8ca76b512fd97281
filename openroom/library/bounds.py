"""Bounds of what reading a YAML file may cost, looked at while it is read: how many nodes, and for how long."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

MAX_NODES = 100_000
"""Keys, values, lists and mappings, as they stand in the file."""
MAX_SECONDS = 10.0
MAX_SLOW_BYTES = 100_000
"""Size of a file with tabs, anchors, aliases or tags, which the quick parser does not read."""


class TooCostly(Exception):
    """Reading was given up; ``expected`` says what would have been fine, ``came`` what came."""

    def __init__(self, expected: str, came: str) -> None:
        self.expected, self.came = expected, came
        super().__init__(f"expected {expected}, came {came}")


class Bounds:
    """Those of one file. Whoever composes its nodes calls `node` for each, and `slow` before going about it slowly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._ends, self._nodes = clock, clock() + MAX_SECONDS, 0

    def node(self) -> None:
        """One more. Raises `TooCostly`."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise TooCostly(f"at most {MAX_NODES:,} keys and values", "more")
        if self._clock() > self._ends:
            raise TooCostly(f"a file that is read within {MAX_SECONDS:.0f} seconds", f"{self._nodes:,} values by then")

    def slow(self, text: str) -> None:
        """Raises `TooCostly` where a file is too large for the parser that reads everything."""
        if len(text) > MAX_SLOW_BYTES:
            raise TooCostly(
                f"at most {MAX_SLOW_BYTES:,} characters in a file with tabs, anchors (&), aliases (*) or tags (!), "
                "or with a mistake",
                f"{len(text):,}",
            )


class Bounded:
    """In front of a composer's class, of ruamel.yaml or PyYAML: counts its nodes."""

    bounds: Bounds

    def compose_node(self, parent: Any, index: Any) -> Any:
        """As the composer does."""
        self.bounds.node()
        return super().compose_node(parent, index)  # type: ignore[misc]
