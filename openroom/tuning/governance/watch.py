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
#: A canary's first so many turns are its start. Later a raised share would bring more false alarms than it saves time.
_START = 12
#: So many times its first evidence raises a canary's share: one failure is enough, and some two turns in health take it
#: back.
_RAISED = 1.2
#: A canary's watch has a head start (Lucas and Crosier 1982, "Fast initial response for CUSUM"): four failures at once
#: ring, and a few turns in health use it up. A higher bar later pays for it: in all a null canary is taken back no
#: oftener than by the plain watch (`benchmarks.planted_regression`).
_HEAD_START, _CANARY_ALPHA = (1.0, 22.0), 0.00025
#: The largest share of turns that a canary may play.
MOST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Watch:
    """``usual`` is the share of turns (0..1) that fail some check in health, ``margin`` what is added before it
    counts as worse; ``alpha`` is one over the mean number of healthy turns between false alarms. ``values``, ``seen``
    and ``failed`` are the state; ``first`` is the evidence that it began with."""

    usual: float = 0.1
    margin: float = 0.05
    alpha: float = 0.0005
    values: tuple[float, ...] = (1.0,) * len(_BETS)
    seen: int = 0
    failed: int = 0
    first: float = 1.0

    @classmethod
    def canary(cls) -> Watch:
        """The watch of a canary, which is to be judged by few turns."""
        return cls(alpha=_CANARY_ALPHA, values=_HEAD_START, first=math.fsum(_HEAD_START) / len(_HEAD_START))

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
        return self.evidence >= 1.0 / self.alpha

    @property
    def evidence(self) -> float:
        """The mean over the bets: ``first`` at the beginning, more the more turns failed of late."""
        return math.fsum(self.values) / len(self.values)

    def share(self, usual: float) -> float:
        """The share of turns that a canary is to play now, where ``usual`` (0..0.5) was decided: up to half while its
        start looks bad, so that what is bad is soon known."""
        bad = self.evidence > _RAISED * self.first
        return max(usual, MOST_SHARE) if bad and self.seen < _START else usual
