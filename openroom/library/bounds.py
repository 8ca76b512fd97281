"""Bounds of what reading a YAML file may cost, looked at while it is read: how many nodes, and how deep. They are
counts, never seconds: a file that was read once is read on every machine, however busy."""

from __future__ import annotations

from pathlib import PurePath
from typing import NamedTuple

LORE = "lore.yaml"
"""A lorebook's file, beside the definition whose it is."""


class Size(NamedTuple):
    """How large a file may be: its bytes, its values after aliases are followed, and its nodes (keys, values, lists and
    mappings, as they stand there)."""

    bytes: int = 1_000_000
    values: int = 50_000
    nodes: int = 100_000


_SIZES = {LORE: Size(8_000_000, 250_000, 500_000)}
"""A book of 5,000 entries is no mistake."""


def size_of(file: str) -> Size:
    """How large a file of that name or path may be."""
    return _SIZES.get(PurePath(file).name, Size())


MAX_DEPTH = 40
MAX_SLOW_BYTES = 100_000
"""Size of a file with tabs, anchors, aliases or tags, which the quick parser does not read."""


class TooCostly(Exception):
    """Reading was given up; ``expected`` says what would have been fine, ``came`` what came."""

    def __init__(self, expected: str, came: str) -> None:
        self.expected, self.came = expected, came
        super().__init__(f"expected {expected}, came {came}")


class Bounds:
    """Those of one file. Whoever composes its nodes composes each one inside ``with bounds``, and calls `slow` before
    going about it slowly."""

    def __init__(self, *, most: int = Size().nodes) -> None:
        self._nodes, self._depth, self._most = 0, 0, most

    def __enter__(self) -> None:
        """One node more, in those that are not whole yet. Raises `TooCostly`, and `RecursionError` where it is far too
        deep."""
        self._nodes += 1
        self._depth += 1
        if self._nodes > self._most:
            raise TooCostly(f"at most {self._most:,} keys and values", "more")
        if self._depth > 2 * MAX_DEPTH:  # the reader says where, of what is a little too deep
            raise RecursionError

    def __exit__(self, *_: object) -> None:
        """The last one that was begun is whole."""
        self._depth -= 1

    def slow(self, text: str) -> None:
        """Raises `TooCostly` where a file is too large for the parser that reads everything."""
        if len(text) > MAX_SLOW_BYTES:
            raise TooCostly(
                f"at most {MAX_SLOW_BYTES:,} characters in a file with tabs, anchors (&), aliases (*) or tags (!), "
                "or with a mistake",
                f"{len(text):,}",
            )
