"""The release exam: a candidate against the released version on the sealed holdout. Each question is logged before it
is asked, and pass or fail is all that comes back.

The holdout is a set of cases that neither proposer nor gate has seen. Each question uses some of it up, so a
`HoldoutLedger` counts them, refuses the same candidate twice, and refuses when the questions are spent. The test is a
one-sided sign-flip permutation: under "no gain" each paired difference is as likely to be its negative.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Final

from openroom.core.harness import Harness
from openroom.errors import AccessError, BudgetExceeded, ModelError, ModelRateLimited, ModelUnreachable, SettingsError
from openroom.tuning.audit.chain import Chain
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.governance.desk import Desk
from openroom.tuning.governance.states import Item
from openroom.tuning.rounds.arena import Arena, ArenaCase, Cost
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.gate import checked
from openroom.tuning.rounds.rollouts import GiveWay, Rollouts, Want
from openroom.tuning.rounds.seeds import derive, rng_for

#: With fewer cases no result can be told from chance: four better ones of four still have p = 1/16.
SMALLEST: Final = 5
#: What an exam may take at most, unless an operator says otherwise: two arms of 20 to 30 short cases.
EXAM_CALLS: Final = 300


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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the holdout: of which round, by whom; whether ``candidate`` does better than ``released``.
    ``against`` is the released version as the log names it (empty: the author's own); ``model`` and ``seed`` are those
    of the round's own measurements."""

    round_id: str
    candidate: Harness
    released: Harness
    against: str
    by: str
    model: str = ""
    seed: int = 0

    @classmethod
    def of(cls, desk: Desk, item: Item, author: Harness, by: str) -> Question:
        """The question that the release of a candidate puts; ``author`` is the character as its author wrote it."""
        against = desk.active(item.character).released
        released = desk.harness(against) if against else author
        candidate = desk.harness(item.version)
        return cls(item.round_id, candidate, released, against, by, item.model, item.seed)

    def body(self) -> dict[str, str]:
        return {"round": self.round_id, "candidate": self.candidate.digest, "against": self.against}


#: Where an exam is held: opened for the model that measured the round, it gives an arena, and how plays give way to
#: visitors. Raises `SettingsError` and `ModelError` where nobody can play.
Hall = Callable[[str], AbstractAsyncContextManager[tuple[Arena, GiveWay]]]


async def examine(chain: Chain, question: Question, calls: int, hall: Hall) -> bool | None:
    """Ask the holdout in at most so many calls: pass, fail, or nothing when it could not be played (why is in the log).
    It takes the model that the round was measured with."""
    try:
        async with hall(question.model) as (arena, give_way):
            exam = Exam(arena, chain, question.seed)
            if not await exam.measured_with(question, question.model):
                return None
            return await exam.hold(question, RunBudget(calls=calls), give_way)
    except (SettingsError, ModelError) as error:
        await _off(chain, question, str(error))
        return None


async def _off(chain: Chain, question: Question, why: str) -> None:
    """Log that a question could not be played."""
    body = {**question.body(), "why": why[:400]}
    await asyncio.to_thread(chain.append, "holdout_off", body, actor=question.by)


@dataclass(frozen=True, slots=True)
class Exam:
    """Asks the holdout. ``limit`` questions for a holdout (named by the digest of its case ids), one for each
    candidate; ``alpha`` is that of one question."""

    arena: Arena
    chain: Chain
    seed: int
    limit: int = 8
    alpha: float = 0.05

    async def hold(self, question: Question, budget: RunBudget, give_way: GiveWay) -> bool | None:
        """Pass or fail within a budget; nothing when it could not be played, and why is logged (``holdout_off``). A
        question that got no answer may be asked again, and counts again."""
        cases = self.arena.cases("holdout")
        cost = self._cost(cases)
        try:
            if len(cases) < SMALLEST:
                raise AccessError(f"there are {len(cases)} holdout cases, it takes {SMALLEST} or more")
            if cost.calls > budget.left_calls():
                raise BudgetExceeded(f"it may take {cost.calls} calls, {budget.left_calls():g} are allowed")
            rollouts = Rollouts(self.arena, MemoryJournal(), budget, give_way)
            return await self.ask(question, rollouts)
        except (AccessError, BudgetExceeded, ModelUnreachable, ModelRateLimited) as error:
            await _off(self.chain, question, str(error))
            return None

    async def measured_with(self, question: Question, model: str) -> bool:
        """Whether the model that would play is the one that the round was measured with (kind and name); logs it as
        not playable where it is another."""
        now = self.arena.digests().get("model", "")
        same = model.split(":")[:2] == now.split(":")[:2]
        if not same:
            why = f"the round was measured with {model or 'no model'}, {now or 'none'} speaks now"
            await _off(self.chain, question, why)
        return same

    async def ask(self, question: Question, rollouts: Rollouts) -> bool:
        """Pass or fail, which is all that is logged and told. Raises `AccessError`, and logs that, when it may not be
        asked; `BudgetExceeded` when the plays don't fit (the question counts all the same)."""
        candidate, released = question.candidate, question.released
        try:
            self.ledger().allow(candidate.digest)
        except AccessError as error:
            what = f"ask the holdout about {candidate.digest}"
            await self._log("refused", {"what": what, "why": str(error)}, question.by)
            raise
        body = {**question.body(), "holdout": self.holdout(), "released": released.digest}
        await self._log("holdout", body, question.by)
        rng, wants = rng_for(self.seed, "exam", candidate.digest), []
        for case in self.arena.cases("holdout"):
            seed = derive(self.seed, "holdout", case.id, candidate.digest)
            wants += [Want(candidate, case, seed, "candidate"), Want(released, case, seed, "released")]
        rows = await rollouts.play(wants)
        pairs = zip(self.arena.cases("holdout"), rows[::2], rows[1::2], strict=True)
        differences = [new.scores[case.dimension] - old.scores[case.dimension] for case, new, old in pairs]
        passed = release_passes(differences, rng, alpha=self.alpha)
        await self._log("holdout_answer", {**question.body(), "passed": passed}, "exam")
        return passed

    async def _log(self, kind: str, body: Mapping[str, object], by: str) -> None:
        await asyncio.to_thread(self.chain.append, kind, body, actor=by)

    def ledger(self) -> HoldoutLedger:
        """The questions asked of this holdout so far, from the log."""
        mine = [entry for entry in self.chain.entries if entry.kind == "holdout"]
        asked = [str(entry.body["candidate"]) for entry in mine if entry.body["holdout"] == self.holdout()]
        answered = {str(entry.body["candidate"]) for entry in self.chain.entries if entry.kind == "holdout_answer"}
        return HoldoutLedger(self.limit, tuple(asked), frozenset(asked) - answered)

    def holdout(self) -> str:
        """Which holdout it is; new cases make a new one."""
        return f"{derive(0, *(case.id for case in self.arena.cases('holdout'))):012x}"

    def _cost(self, cases: Sequence[ArenaCase]) -> Cost:
        costs = [self.arena.cost(case.id) for case in cases]
        return Cost(2 * sum(cost.calls for cost in costs), 2 * sum(cost.usd for cost in costs))
