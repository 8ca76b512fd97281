"""The mean gain of paired cases in strata, with an interval."""

from __future__ import annotations

import random
import statistics
from collections.abc import Mapping, Sequence

RESAMPLES = 10_000


def stratified(gains: Mapping[str, Sequence[float]], tail: float) -> tuple[float, float, float]:
    """The mean over strata of their mean gain, with the ends of its interval; ``tail`` is what each end leaves out
    (.025: 95 % between them). Each stratum counts alike. Bootstrap over the cases of each stratum, both arms of a case
    drawn together (Efron and Tibshirani 1993); the draws are always the same ones. Without cases all three are 0."""
    found = [list(of) for _, of in sorted(gains.items()) if of]
    if not found:
        return 0.0, 0.0, 0.0
    rng = random.Random(0)
    draws = sorted(
        statistics.fmean(statistics.fmean(rng.choices(of, k=len(of))) for of in found) for _ in range(RESAMPLES)
    )
    mean = statistics.fmean(statistics.fmean(of) for of in found)
    return mean, draws[int(tail * RESAMPLES)], draws[-int(tail * RESAMPLES)]
