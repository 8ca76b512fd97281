"""The release exam: a candidate against the released version on the sealed holdout. Each question is logged before it
is asked.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from openroom.core.harness import Harness
from openroom.errors import AccessError
from openroom.optimizer.arena import Arena
from openroom.optimizer.chain import Chain
from openroom.optimizer.release import HoldoutLedger, release_passes
from openroom.optimizer.rollouts import Rollouts, Want
from openroom.optimizer.seeds import derive, rng_for


@dataclass(frozen=True, slots=True)
class Exam:
    """Asks the holdout. ``limit`` questions for a holdout (named by the digest of its case ids), one for each
    candidate; ``alpha`` is that of one question."""

    arena: Arena
    chain: Chain
    seed: int
    limit: int = 8
    alpha: float = 0.05

    async def ask(self, candidate: Harness, released: Harness, rollouts: Rollouts, by: str) -> bool:
        """Pass or fail, which is all that is logged and told. Raises `AccessError`, and logs that, when it may not be
        asked; `BudgetExceeded` when the plays don't fit (the question counts all the same)."""
        try:
            self.ledger().allow(candidate.digest)
        except AccessError as error:
            body = {"what": f"ask the holdout about {candidate.digest}", "why": str(error)}
            await asyncio.to_thread(self.chain.append, "refused", body, actor=by)
            raise
        body = {"holdout": self.holdout(), "candidate": candidate.digest, "released": released.digest}
        await asyncio.to_thread(self.chain.append, "holdout", body, actor=by)
        wants = []
        for case in self.arena.cases("holdout"):
            seed = derive(self.seed, "holdout", case.id, candidate.digest)
            wants += [Want(candidate, case, seed, "candidate"), Want(released, case, seed, "released")]
        rows = await rollouts.play(wants)
        cases = self.arena.cases("holdout")
        pairs = zip(cases, rows[::2], rows[1::2], strict=True)
        differences = [new.scores[case.dimension] - old.scores[case.dimension] for case, new, old in pairs]
        passed = release_passes(differences, rng_for(self.seed, "exam", candidate.digest), alpha=self.alpha)
        result = {"candidate": candidate.digest, "passed": passed}
        await asyncio.to_thread(self.chain.append, "holdout_answer", result, actor="exam")
        return passed

    def ledger(self) -> HoldoutLedger:
        """The questions asked of this holdout so far, from the log."""
        mine = [entry for entry in self.chain.entries if entry.kind == "holdout"]
        asked = [str(entry.body["candidate"]) for entry in mine if entry.body["holdout"] == self.holdout()]
        return HoldoutLedger(self.limit, tuple(asked))

    def holdout(self) -> str:
        """Which holdout it is; new cases make a new one."""
        return f"{derive(0, *(case.id for case in self.arena.cases('holdout'))):012x}"
