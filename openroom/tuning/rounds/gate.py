"""The gate: an edit is kept only when paired evaluations show, at a stated error rate, that it helps.

A test sees pairs (candidate, incumbent) that share case, player script and seed, one difference ``d = y_candidate -
y_incumbent`` in [-1, 1] at a time. It is a betting e-process: ``E_t = prod(1 + lambda_t d_t)``, where ``lambda_t`` is
chosen from the pairs before t. If the edit does not help (mean of d at most 0), E is a nonnegative supermartingale
that starts at 1, so by Ville's inequality it ever reaches 1/alpha with probability at most alpha. That stays true
however often one looks, so a test may stop as soon as it is clear (Waudby-Smith and Ramdas 2024, "Estimating means of
bounded random variables by betting").

Everything here is pure: no clock, no randomness, no I/O.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from openroom.errors import OpenroomError
from openroom.tuning.audit.record import TestRow

Verdict = Literal["keep", "drop", "more"]


class GateError(OpenroomError):
    """A score that is no number in [0, 1], or a gate asked for something that it does not allow."""


@dataclass(frozen=True, slots=True)
class GateSettings:
    """How strict the gate is.

    ``alpha`` is the chance that a round keeps an edit which does not help, over all tests of the round. A test keeps at
    E >= 1/its share of alpha with ``n_min`` pairs or more; it drops when E < ``drop_below``, when the mean difference
    is at most 0 after ``n_min`` pairs, or at ``n_max`` pairs. ``prior_mean`` and ``prior_var`` count as
    ``prior_weight`` pairs when the bet is sized. ``tokens_per_point``: an edit must gain .01 for each so many prompt
    tokens that it adds.
    """

    alpha: float = 0.05
    n_min: int = 6
    n_max: int = 40
    drop_below: float = 0.15
    prior_mean: float = 0.2
    prior_var: float = 0.3
    prior_weight: float = 2.0
    var_floor: float = 0.05
    bet_max: float = 0.6
    tokens_per_point: int = 100


@dataclass(frozen=True, slots=True)
class Evidence:
    """A test after ``n`` pairs: the e-value, and sum and sum of squares of the differences. ``path`` is E after each
    pair.
    """

    e: float = 1.0
    total: float = 0.0
    squares: float = 0.0
    path: tuple[float, ...] = ()

    @property
    def n(self) -> int:
        return len(self.path)

    @property
    def mean(self) -> float:
        """Mean difference so far, 0 before the first pair."""
        return self.total / self.n if self.path else 0.0

    def bet(self, settings: GateSettings) -> float:
        """lambda for the next pair: mean / (var + mean^2), clipped to [0, bet_max], from what was seen so far."""
        weight = settings.prior_weight + self.n
        mean = (settings.prior_weight * settings.prior_mean + self.total) / weight
        spread = self.squares - 2 * mean * self.total + self.n * mean * mean
        var = max((settings.prior_weight * settings.prior_var + spread) / weight, settings.var_floor)
        return min(max(mean / (var + mean * mean), 0.0), settings.bet_max)

    def after(self, difference: float, settings: GateSettings) -> Evidence:
        """The test after one more pair. Raises `GateError` when the difference is no number in [-1, 1]."""
        d = checked(difference, low=-1.0)
        e = self.e * (1.0 + self.bet(settings) * d)
        return Evidence(e, self.total + d, self.squares + d * d, (*self.path, e))

    def verdict(self, alpha: float, settings: GateSettings) -> Verdict:
        """Keep, drop or more pairs, at the error rate ``alpha`` (a round's share for this test)."""
        if self.n < settings.n_min:
            return "drop" if self.e < settings.drop_below else "more"
        if self.e >= 1.0 / alpha:
            return "keep"
        hopeless = self.e < settings.drop_below or self.mean <= 0.0 or self.n >= settings.n_max
        return "drop" if hopeless else "more"


@dataclass(frozen=True, slots=True)
class RoundGate:
    """The tests of one round, by name (a dimension each, and ``FALLBACK`` over all), with alpha split evenly over all
    of them.

    The split counts every test that the round may run, whether it comes to run or not.
    """

    names: tuple[str, ...]
    settings: GateSettings = GateSettings()
    tests: Mapping[str, Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.names or len(set(self.names)) != len(self.names):
            raise GateError(f"expected one test or more, each named once, came {self.names}")

    @property
    def alpha(self) -> float:
        """Each test's share of the round's alpha."""
        return self.settings.alpha / len(self.names)

    def evidence(self, name: str) -> Evidence:
        """The test's evidence so far."""
        return self.tests.get(name, Evidence())

    def after(self, name: str, difference: float) -> RoundGate:
        """The gate after one more pair of a test. Raises `GateError` for an unknown test or a bad difference."""
        if name not in self.names:
            raise GateError(f"expected one of the tests {self.names}, came {name!r}")
        return replace(self, tests={**self.tests, name: self.evidence(name).after(difference, self.settings)})

    def verdict(self, name: str) -> Verdict:
        """The verdict of one test."""
        return self.evidence(name).verdict(self.alpha, self.settings)

    def rows(self) -> tuple[TestRow, ...]:
        """Every test, for the record of the round."""
        rows = []
        for name in self.names:
            evidence = self.evidence(name)
            path, mean = tuple(round(e, 6) for e in evidence.path), round(evidence.mean, 6)
            rows.append(TestRow(name=name, path=path, mean=mean, alpha=self.alpha, verdict=self.verdict(name)))
        return tuple(rows)


#: Name of the test over all dimensions, for edits whose tag may be wrong.
FALLBACK = "all"


def checked(value: object, *, low: float = 0.0) -> float:
    """A score as a float. Raises `GateError` for bools, strings, NaN, infinities and what lies outside [low, 1]."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GateError(f"expected a score between {low:g} and 1, came {value!r}")
    number = float(value)
    if not math.isfinite(number) or not low <= number <= 1.0:
        raise GateError(f"expected a score between {low:g} and 1, came {value!r}")
    return number


def score_or_fail(value: object) -> float:
    """A score, or 0 for what is none: a case without a usable score is a failed case."""
    try:
        return checked(value)
    except GateError:
        return 0.0


def complexity_ok(gain: float, tokens_added: int, settings: GateSettings | None = None) -> bool:
    """Whether a mean gain pays for the prompt tokens added: .01 for each ``tokens_per_point``; shorter is always
    fine.
    """
    per = (settings or GateSettings()).tokens_per_point
    return tokens_added <= 0 or gain >= 0.01 * tokens_added / per


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing a candidate must not lose against the last released version.

    ``tolerance`` is how far the mean may fall (0 with ``zero_tolerance``: every case the released version passes must
    pass); ``floor`` is a mean below which no candidate may be.
    """

    name: str
    tolerance: float = 0.05
    floor: float = 0.0
    zero_tolerance: bool = False


def guard_reason(guard: Bound, candidate: Sequence[object], released: Sequence[object]) -> str:
    """Why the candidate breaks the guard, empty when it does not. Both sides are scores of the same cases, in order.

    Missing or odd scores count as 0. Fewer scores than cases is a breach by itself.
    """
    if len(candidate) != len(released):
        return f"{guard.name}: {len(candidate)} scores for {len(released)} cases"
    if not released:
        return ""
    new, old = [score_or_fail(value) for value in candidate], [score_or_fail(value) for value in released]
    lost = sum(after < before for after, before in zip(new, old, strict=True))
    if guard.zero_tolerance and lost:
        return f"{guard.name}: {lost} of {len(new)} cases worse than the released version"
    mean_new, mean_old = math.fsum(new) / len(new), math.fsum(old) / len(old)
    if not guard.zero_tolerance and mean_new < mean_old - guard.tolerance:
        return f"{guard.name}: {mean_new:.2f}, released {mean_old:.2f}, may fall by {guard.tolerance:.2f}"
    if mean_new < guard.floor:
        return f"{guard.name}: {mean_new:.2f} is below the floor {guard.floor:.2f}"
    return ""


def false_keep_bound(kept: int, tested: int, confidence: float = 0.95) -> float:
    """One-sided upper bound (Clopper-Pearson) of the false-keep rate after ``kept`` of ``tested`` null edits were
    kept.
    """
    if not 0 <= kept <= tested or tested == 0:
        raise GateError(f"expected 0 <= kept <= tested with tested above 0, came {kept} of {tested}")
    if kept == tested:
        return 1.0
    low, high = kept / tested, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _binomial_cdf(kept, tested, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def evidence_of(differences: Iterable[float], settings: GateSettings | None = None) -> Evidence:
    """The evidence after these differences, in order (replay)."""
    evidence = Evidence()
    for difference in differences:
        evidence = evidence.after(difference, settings or GateSettings())
    return evidence


def _binomial_cdf(k: int, n: int, p: float) -> float:
    log_p, log_q = math.log(p), math.log1p(-p)
    return math.fsum(
        math.exp(math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * log_p + (n - i) * log_q)
        for i in range(k + 1)
    )
