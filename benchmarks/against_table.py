"""Two builds side by side: how far apart they are, and how far apart two runs of the same build are.

A round measures this build, the other, and this build again. The second time is the control: between the two times
only chance has changed, so what lies between them (A/A) is what the difference between the builds has to exceed.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.rooms_table import Row, aligned, figure

WORSE_BY = 1.15
"""A factor: 15 % more of what should be little, or as many times less of what should be much."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of each round: of this build, of the other, and of this build again. Ratios are this build's value through
    the other's; what concerns better and worse is turned so that more than 1 is worse."""

    this: Sequence[Row]
    other: Sequence[Row]
    again: Sequence[Row]

    @property
    def row(self) -> Row:
        """What is measured."""
        return self.this[0]

    @property
    def why_not(self) -> str:
        """Why there is no ratio; nothing if there is one."""
        for whose, rows in (("this", (*self.this, *self.again)), ("the other", self.other)):
            for row in rows:
                if math.isnan(row.value):
                    return f"{whose}: {row.note or 'no figure'}"
                if row.value <= 0:
                    return f"{whose}: {row.value:g} has no ratio"
        return ""

    @property
    def ratios(self) -> list[float]:
        """Round by round. This build's value is the geometric mean of the two, one before and one after the other's:
        what changes steadily meanwhile falls out."""
        return [
            math.sqrt(a.value * c.value) / b.value for a, b, c in zip(self.this, self.other, self.again, strict=True)
        ]

    @property
    def spread(self) -> float:
        """A/A: the factor by which two runs of this build may differ, at least 1. The median of the rounds' ratios lies
        within it, whichever of the two runs is divided by the other."""
        low, high = interval([c.value / a.value for a, c in zip(self.this, self.again, strict=True)])
        return max(high, 1 / low)

    @property
    def loss(self) -> float:
        """How many times worse this build is."""
        ratio = statistics.median(self.ratios)
        return ratio if self.row.want == "most" else 1 / ratio

    @property
    def verdict(self) -> Literal["not measured", "WORSE", "better", "same"]:
        """``WORSE``: outside the A/A spread, and by more than 15 %. ``better`` is the same the other way round."""
        if self.why_not:
            return "not measured"
        limit = max(self.spread, WORSE_BY)
        return "WORSE" if self.loss > limit else "better" if self.loss < 1 / limit else "same"


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Where the median lies with a certainty of 95 %, whatever the distribution: between two of the values, by how
    likely it is that so few of them fall on one side of it. Below six values that is from the least to the greatest,
    with less certainty (94 % for five, 50 % for two)."""
    ordered, count = sorted(values), len(values)
    cut, ways = 0, 1 + count
    while 2 * ways <= 0.05 * 2**count:
        cut += 1
        ways += math.comb(count, cut + 1)
    return ordered[cut], ordered[count - 1 - cut]


def against_table(rows: Sequence[Compared], label: str) -> str:
    """One table in Markdown; ``label`` is what the other build is called."""
    head = ("", "measured", "better", "this", label, f"this / {label} (range)", "A/A spread", "")
    return aligned([head, *map(_cells, rows)])


def _cells(compared: Compared) -> tuple[str, ...]:
    row = compared.row
    better = "" if compared.why_not else "lower" if row.want == "most" else "higher"
    ours = figure(statistics.median(one.value for one in (*compared.this, *compared.again)), row.unit)
    theirs = figure(statistics.median(one.value for one in compared.other), row.unit)
    first = (row.name, row.what, better, ours, theirs)
    if compared.why_not:
        return (*first, compared.why_not, "", compared.verdict)
    low, high = interval(compared.ratios)
    ratio = f"{statistics.median(compared.ratios):.2f}x ({low:.2f}-{high:.2f})"
    return (*first, ratio, f"{compared.spread:.2f}x", compared.verdict)
