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
    which side of ``goal`` it must lie, and so which way is better; without a goal a row only informs. ``aim`` is what
    would be better still.
    """

    name: str
    what: str
    value: float
    goal: float | None = None
    want: Literal["least", "most"] = "least"
    unit: str = "x"
    note: str = ""
    aim: float | None = None

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
    cells += [(row.name, row.what, figure(row.value, row.unit), _goal(row), row.verdict, row.note) for row in rows]
    return aligned(cells)


def aligned(cells: Sequence[Sequence[str]]) -> str:
    """Cells as a table in Markdown; the first line is its head."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def figure(value: float, unit: str) -> str:
    """As it stands in a table; nothing for what was not measured."""
    return "" if math.isnan(value) else _number(value) + ("x" if unit == "x" else f" {unit}")


def _goal(row: Row) -> str:
    if row.goal is None:
        return ""
    aim = "" if row.aim is None else f" (aim {_number(row.aim)})"
    return f"{'>=' if row.want == 'least' else '<='} {figure(row.goal, row.unit)}{aim}"


def _number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
