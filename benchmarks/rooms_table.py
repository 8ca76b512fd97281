"""Rows of the benchmark's table: what was measured, its goal, and whether it was reached."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """``value`` is a ratio or a figure in ``unit``; nan means not measured, and ``note`` says why. ``want`` says on
    which side of ``goal`` it must lie; without a goal a row only informs.
    """

    name: str
    what: str
    value: float
    goal: float | None = None
    want: Literal["least", "most"] = "least"
    unit: str = "x"
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is met; ``None`` without a goal or a measurement."""
        if self.goal is None or math.isnan(self.value):
            return None
        return self.value >= self.goal if self.want == "least" else self.value <= self.goal

    @property
    def verdict(self) -> str:
        """In words."""
        if math.isnan(self.value):
            return "not measured"
        if self.reached is None:
            return ""
        return "reached" if self.reached else "not reached"


def missing(name: str, what: str, why: object) -> Row:
    """A row that could not be measured."""
    return Row(name, what, math.nan, note=str(why))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of rounds that were made side by side."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def table(rows: Sequence[Row]) -> str:
    """One table in Markdown, aligned so that it reads well in a terminal too."""
    cells = [("", "measured", "value", "goal", "", "note")]
    cells += [(row.name, row.what, _figure(row), _goal(row), row.verdict, row.note) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(6)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _figure(row: Row) -> str:
    return "" if math.isnan(row.value) else _number(row.value) + _unit(row)


def _goal(row: Row) -> str:
    if row.goal is None:
        return ""
    return f"{'>=' if row.want == 'least' else '<='} {_number(row.goal)}{_unit(row)}"


def _unit(row: Row) -> str:
    return "x" if row.unit == "x" else f" {row.unit}"


def _number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
