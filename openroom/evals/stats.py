"""Shares with their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """``passed`` of ``total``, with the 95 % interval ``low`` to ``high`` (Wilson's score interval)."""

    passed: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, 0 when nothing was counted."""
        return self.passed / self.total if self.total else 0.0

    def __str__(self) -> str:
        if not self.total:
            return "-"
        return f"{self.passed}/{self.total}  {self.value:4.0%}  [{self.low:.0%}, {self.high:.0%}]"


def share(passed: int, total: int) -> Share:
    """A share with Wilson's interval (Wilson 1927): it stays inside [0, 1] and is honest for small counts."""
    if total <= 0:
        return Share(0, 0, 0.0, 1.0)
    rate, z2 = passed / total, _Z * _Z
    centre = (rate + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z * math.sqrt(rate * (1 - rate) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    low = 0.0 if passed == 0 else max(0.0, centre - half)
    high = 1.0 if passed == total else min(1.0, centre + half)
    return Share(passed, total, low, high)
