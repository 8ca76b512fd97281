"""The arena of real rooms: cases are played by the evaluator, and checked; what a judge says counts only where it is
calibrated.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from openroom import evals
from openroom.core.harness import Harness
from openroom.evals.cache import code_digest
from openroom.evals.case import Case
from openroom.evals.evaluator import Evaluator
from openroom.evals.result import CaseResult, CheckResult, dimension_of
from openroom.tuning.audit.record import Flaw, Split
from openroom.tuning.rounds.arena import ArenaCase, Cost, Rollout

_TOKENS_A_CALL = (2_500, 400)
"""Prompt and completion tokens that one call may take at most, for reserving money."""


@dataclass(slots=True)
class RoomArena:
    """An `Arena` over an evaluator. ``trusted`` are the dimensions in which the evaluator's judge, if it has one, is
    calibrated; in all others its findings are left out of the scores.

    ``calls`` of a rollout are those its play took, also where the play came from the cache: so a resumed run spends the
    same budget on the same path.
    """

    evaluator: Evaluator
    trusted: frozenset[str] = frozenset()
    _cases: dict[Split, tuple[ArenaCase, ...]] = field(default_factory=dict)

    def cases(self, split: Split) -> Sequence[ArenaCase]:
        """The cases of a split, in order of their ids; slow ones are not for tuning, visits only in their own split."""
        if split not in self._cases:
            of = self.evaluator.cases.of(split)
            found = [case for case in of if not case.slow and case.visit == (split == "visit")]
            self._cases[split] = tuple(
                ArenaCase(case.id, case.dimension, split, case.cluster, asks_for(case)) for case in found
            )
        return self._cases[split]

    def digests(self) -> Mapping[str, str]:
        """What results depend on."""
        info, judge = self.evaluator.troupe.model.info, self.evaluator.judge
        return {
            "code": hashlib.sha256(f"{code_digest()}{_checks_digest()}".encode()).hexdigest(),
            "env": f"python {platform.python_version()}",
            "model": f"{info.kind}:{info.name}:{info.detail}",
            "judge": judge.name if judge else "none",
            "evalset": self.evaluator.cases.digest,
        }

    def cost(self, case_id: str) -> Cost:
        """A reply and a repair for each line, and the judge's call."""
        calls = self.evaluator.cases.cases[case_id].calls + (self.evaluator.judge is not None)
        price = self.evaluator.troupe.price
        usd = price.usd(_TOKENS_A_CALL[0], 0, _TOKENS_A_CALL[1]) if price else 0.0
        return Cost(calls, calls * usd)

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        """Play and check the case. Raises one of `openroom.evals.player.INTERRUPTS`."""
        result = await self.evaluator.one(self.evaluator.cases.cases[case_id], harness, seed)
        case = self.evaluator.cases.cases[case_id]
        checks = [check for check in result.checks if check.check != "judge" or check.dimension in self.trusted]
        judged = int(result.judged.get("calls", 0))
        return Rollout(
            scores=_scores(result, checks) | _asked(result, case, self.evaluator.cases.splits.get(case_id)),
            transcript=result.transcript,
            flaws=_flaws(checks, case.dimension),
            calls=max(1, result.spent.calls + judged),
            usd=result.spent.usd,
        )


def asks_for(case: Case) -> tuple[str, ...]:
    """What a case asks for in its dimension: its first check, or of a visit the first check of each group."""
    of = [spec for spec in case.checks if dimension_of(spec, case) == case.dimension]
    if not case.visit:
        return tuple(spec.check for spec in of[:1])
    first = {spec.of: spec.check for spec in reversed(of)}
    return tuple(sorted(set(first.values())))


def _asked(result: CaseResult, case: Case, split: str | None) -> dict[str, float]:
    """Of a short case of the gate, whether what it asks for itself was followed, as a visit has it: standing checks of
    its dimension decide its score too, and what they see is not what it asks for."""
    if split != "gate" or case.visit:
        return {}
    failed = [check.own for check in result.checks if not check.passed and check.dimension == case.dimension]
    silent = any(check.check == "speaks" and not check.passed for check in result.checks)
    followed = result.score >= 1.0 or bool(failed and not any(failed) and not silent)
    return {f"{case.dimension}.{ask}": float(followed) for ask in asks_for(case)}


def _scores(result: CaseResult, checks: Sequence[CheckResult]) -> dict[str, float]:
    """The result's scores, made anew from the checks that count. No judge looks at visits."""
    if result.visit:
        return dict(result.scores)
    found = {}
    for name, score in result.scores.items():
        of = [check for check in checks if check.dimension == name]
        silent = any(check.check == "speaks" and not check.passed for check in checks)
        found[name] = float(not silent and all(check.passed for check in of)) if of else score
    return found


def _flaws(checks: Sequence[CheckResult], dimension: str) -> tuple[Flaw, ...]:
    failed = sorted((check for check in checks if not check.passed), key=lambda check: not check.own)
    told = [
        Flaw(kind=one.kind, why=one.why, dimension=one.dimension if one.dimension != dimension else "")
        for one in failed
    ]
    return tuple(dict.fromkeys(told))


@lru_cache(maxsize=1)
def _checks_digest() -> str:
    """The source of checks and judge, which playing does not depend on."""
    found = hashlib.sha256()
    folder = Path(str(evals.__file__)).parent
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.yaml")]):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
