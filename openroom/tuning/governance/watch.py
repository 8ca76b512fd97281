"""Watching a live version: do real turns fail the deterministic checks more often than before?

An e-detector (Shin, Ramdas and Rinaldo 2023, "E-detectors: a nonparametric framework for sequential change
detection"): for each bet ``M_t = max(M_{t-1}, 1) * (1 + bet (failed_t - limit))``, and the mean over the bets rings
at 1/alpha. While the failure rate is at most ``limit``, the mean number of turns to a false alarm is at least
1/alpha, whenever a change may come.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

#: Bets as shares of the largest that can't ruin: a small one for mild changes, a large one for plain breakage.
_BETS = (0.25, 0.6)


@dataclass(frozen=True, slots=True)
class Watch:
    """``usual`` is the share of turns (0..1) that fail some check in health, ``margin`` what is added before it
    counts as worse; ``alpha`` is one over the mean number of healthy turns between false alarms. ``values``, ``seen``
    and ``failed`` are the state."""

    usual: float = 0.1
    margin: float = 0.05
    alpha: float = 0.0005
    values: tuple[float, ...] = (1.0,) * len(_BETS)
    seen: int = 0
    failed: int = 0

    @property
    def limit(self) -> float:
        """The failure rate that health may reach."""
        return min(max(self.usual + self.margin, 0.02), 0.9)

    def after(self, failed: bool) -> Watch:
        """The watch after one more turn."""
        factors = (1.0 + share / self.limit * (float(failed) - self.limit) for share in _BETS)
        values = tuple(max(value, 1.0) * factor for value, factor in zip(self.values, factors, strict=True))
        return replace(self, values=values, seen=self.seen + 1, failed=self.failed + failed)

    @property
    def worse(self) -> bool:
        """Whether the alarm rings: the version is worse than it was, and should be taken back."""
        return math.fsum(self.values) / len(self.values) >= 1.0 / self.alpha
