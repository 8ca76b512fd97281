"""The release check: one sealed question to the holdout, answered with pass or fail and nothing more.

The holdout is a set of cases that neither proposer nor gate has seen. Each question uses some of it up, so a
`HoldoutLedger` counts them, refuses the same candidate twice, and refuses when the questions are spent. The test is a
one-sided sign-flip permutation: under "no gain" each paired difference is as likely to be its negative.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openroom.errors import AccessError
from openroom.tuning.rounds.gate import checked

_EXACT_UP_TO = 2**14
_EPSILON = 1e-12


def sign_flip_p(differences: Sequence[float], rng: random.Random, *, draws: int = 4000) -> float:
    """One-sided p value that the mean difference is above 0: exact where few sizes of difference occur (or at most 14
    nonzero ones), else from ``draws`` flips.

    Differences are in [-1, 1]; zeros carry nothing. With none left, 1. Raises `GateError` for what is no number.
    """
    nonzero = [d for d in (checked(value, low=-1.0) for value in differences) if d]
    if not nonzero:
        return 1.0
    seen = math.fsum(nonzero) - _EPSILON
    sizes = Counter(map(abs, nonzero))
    if math.prod(count + 1 for count in sizes.values()) <= _EXACT_UP_TO:
        return _flips_reaching(seen, sizes) / (1 << len(nonzero))
    hits = sum(math.fsum(d if rng.random() < 0.5 else -d for d in nonzero) >= seen for _ in range(draws))
    return (hits + 1) / (draws + 1)


def _flips_reaching(seen: float, sizes: Mapping[float, int]) -> int:
    """How many of all flips sum to ``seen`` or more. Of equal sizes it only counts how many are up."""
    hits = 0
    for ups in itertools.product(*(range(count + 1) for count in sizes.values())):
        one = list(zip(ups, sizes.items(), strict=True))
        if math.fsum(size * (2 * up - count) for up, (size, count) in one) >= seen:
            hits += math.prod(math.comb(count, up) for up, (_, count) in one)
    return hits


@dataclass(frozen=True, slots=True)
class HoldoutLedger:
    """Questions asked of one frozen holdout: at most ``limit``, one for each candidate digest. Those of ``open`` got no
    answer (the model went away in the middle) and may be asked again, which counts again."""

    limit: int = 8
    asked: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()

    def allow(self, digest: str) -> HoldoutLedger:
        """The ledger with this question in it. Raises `AccessError` when the question may not be asked; nothing is
        played.
        """
        if digest in self.asked and digest not in self.open:
            raise AccessError(f"expected a candidate the holdout has not judged, came {digest[:12]} again")
        if len(self.asked) >= self.limit:
            raise AccessError(f"expected at most {self.limit} questions to this holdout, and all are used up")
        return replace(self, asked=(*self.asked, digest), open=self.open - {digest})


def release_passes(differences: Sequence[float], rng: random.Random, *, alpha: float = 0.05) -> bool:
    """Pass or fail: sign-flip p below ``alpha``. This bit is all that leaves the holdout."""
    return sign_flip_p(differences, rng) < alpha
