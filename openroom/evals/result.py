"""What a case came to: each check's finding, a score for each dimension, and enough to read a failure at a glance.

A dimension is passed (1) when every check of it passed, else failed (0); a visit has shares (`visit_scores`). A case
that could not be played, a check that raised, and a line that was not answered are fails, never gaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from openroom.core.character import Character
from openroom.errors import DefinitionError
from openroom.evals.case import Case, CheckSpec
from openroom.evals.checks.base import Finding, Scope, Span
from openroom.evals.checks.registry import checks, parameters
from openroom.evals.played import PlayedCase, PlaySpent

SPEAKS = "speaks"
"""The standing check without which nothing else counts."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check's finding and where it counts. ``own``: the case asked for it (else it is a standing one)."""

    check: str
    dimension: str
    passed: bool
    own: bool
    kind: str = ""
    why: str = ""
    spans: tuple[Span, ...] = ()
    weight: float = 1.0
    at: int = 0
    """In a visit: the line (from 1) with which what it looked at begins. 0: it looked at the whole play."""
    asks: str = ""
    """In a visit: the first check of those that look at the same lines in the same dimension."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A played and checked case."""

    case: str
    dimension: str
    cluster: str
    split: str
    language: str
    seed: int
    scores: Mapping[str, float]
    checks: tuple[CheckResult, ...]
    transcript: str
    spent: PlaySpent = field(default_factory=PlaySpent)
    weight: float = 1.0
    cached: bool = False
    judged: Mapping[str, Any] = field(default_factory=dict)
    visit: int = 0
    """Of a visit: the line with which its last third begins."""

    @property
    def score(self) -> float:
        """The score in the case's own dimension."""
        return self.scores.get(self.dimension, 0.0)

    @property
    def flaws(self) -> tuple[str, ...]:
        """What failed, as ``kind: why``, own checks first."""
        failed = sorted((one for one in self.checks if not one.passed), key=lambda one: not one.own)
        return tuple(dict.fromkeys(f"{one.kind}: {one.why}" for one in failed))

    def dump(self) -> dict[str, Any]:
        body = asdict(self)
        return {**body, "score": self.score, "flaws": list(self.flaws)}


def examine(
    case: Case,
    played: PlayedCase,
    card: Character,
    standing: Sequence[CheckSpec] = (),
) -> list[CheckResult]:
    """Run the case's checks, and the standing ones where the case allows them."""
    if case.visit:
        return _examine_visit(case, played, card)
    results = [_one(spec, case, played, card, own=True) for spec in case.checks]
    if case.standing:
        asked = {(spec.check, *spec.of) for spec in case.checks if not spec.of}
        fresh = [spec for spec in standing if (spec.check, *spec.of) not in asked]
        if _only_acted(played):
            fresh = [spec for spec in fresh if not _about_words(spec)]
        results += [_one(spec, case, played, card, own=False) for spec in fresh]
    return results


def _examine_visit(case: Case, played: PlayedCase, card: Character) -> list[CheckResult]:
    """Each check with the lines it looks at, and which check is the first that looks at them in its dimension."""
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    found = []
    for spec in case.checks:
        asks = first.setdefault((dimension_of(spec, case), spec.of), spec.check)
        found.append(replace(_one(spec, case, played, card, own=True), at=case.at(spec.of), asks=asks))
    return found


def dimension_of(spec: CheckSpec, case: Case) -> str:
    """Where a check counts."""
    check = checks().get(spec.check)
    return spec.dimension or (check.dimension if check else "") or case.dimension


def _only_acted(played: PlayedCase) -> bool:
    """Whether every answer was a deed without a word: nothing to hold against how it talks."""
    own = played.own()
    return bool(own) and all(reply.deeds and not reply.say for reply in own)


def _about_words(spec: CheckSpec) -> bool:
    check = checks().get(spec.check)
    return check is not None and check.needs_reply


def _one(spec: CheckSpec, case: Case, played: PlayedCase, card: Character, *, own: bool) -> CheckResult:
    try:
        check, params = parameters(spec)
    except DefinitionError as error:
        return CheckResult(spec.check, spec.dimension or case.dimension, False, own, "error", str(error))
    dimension = dimension_of(spec, case)
    scope = Scope(played, card, case, tuple(played.own(spec.of)))
    try:
        found = check.judge(scope, params)
    except Exception as error:  # noqa: BLE001 - a check of a third party: what it raises is a fail
        found = Finding(False, "error", f"{spec.check} raised {type(error).__name__}")
    return CheckResult(spec.check, dimension, found.passed, own, found.kind, found.why, found.spans, spec.weight)


def scores(case: Case, results: Sequence[CheckResult]) -> dict[str, float]:
    """1 or 0 for each dimension that was looked at, the case's own always among them; of a visit, see
    `visit_scores`."""
    if case.visit:
        return visit_scores(case, results)
    named = {case.dimension, *(result.dimension for result in results)}
    silent = any(result.check == SPEAKS and not result.passed for result in results)
    found = {}
    for name in sorted(named):
        of = [result for result in results if result.dimension == name]
        found[name] = float(bool(of) and not silent and all(result.passed for result in of))
    return found


@dataclass(frozen=True, slots=True)
class Followed:
    """Whether what was asked of some lines of a visit was followed: all checks that look at them in one dimension.
    ``at``: the line (from 1) with which they begin; ``asks``: the first of the checks."""

    dimension: str
    asks: str
    at: int
    passed: bool


def followed(results: Sequence[CheckResult]) -> tuple[Followed, ...]:
    """What was followed in a visit, in the order of its checks."""
    passed: dict[tuple[str, str, int], bool] = {}
    for one in results:
        if one.at:
            key = (one.dimension, one.asks, one.at)
            passed[key] = passed.get(key, True) and one.passed
    return tuple(Followed(*key, value) for key, value in passed.items())


def visit_scores(case: Case, results: Sequence[CheckResult]) -> dict[str, float]:
    """Of a visit the share followed in its last third: under ``dimension.asks`` for each thing that is asked for, and
    under the dimension their mean, so that what is asked more often counts no more. What faded by then counts not at
    all."""
    by: dict[str, dict[str, list[bool]]] = {case.dimension: {}}
    for one in followed(results):
        if one.at >= case.last_third:
            by.setdefault(one.dimension, {}).setdefault(one.asks, []).append(one.passed)
    found: dict[str, float] = {}
    for dimension, asked in by.items():
        shares = {name: sum(passed) / len(passed) for name, passed in asked.items()}
        found |= {f"{dimension}.{name}": share for name, share in shares.items()}
        found[dimension] = sum(shares.values()) / len(shares) if shares else 0.0
    return dict(sorted(found.items()))


def case_result(
    case: Case, played: PlayedCase, results: Sequence[CheckResult], *, split: str, seed: int, cached: bool = False
) -> CaseResult:
    return CaseResult(
        case=case.id,
        dimension=case.dimension,
        cluster=case.cluster,
        split=split,
        language=case.language,
        seed=seed,
        scores=scores(case, results),
        checks=tuple(results),
        transcript=played.text(),
        spent=played.spent,
        weight=case.weight,
        cached=cached,
        visit=case.last_third if case.visit else 0,
    )
