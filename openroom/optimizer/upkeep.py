"""What keeps a line sound between improvements: traps after each keep, all traps now and then, and pruning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openroom.core.edits import apply_edit, apply_edits, inverse, path_of
from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.optimizer.arena import Arena, Case, Cost
from openroom.optimizer.attempt import Attempt
from openroom.optimizer.line import Line
from openroom.optimizer.objective import Objective
from openroom.optimizer.operators import Proposal
from openroom.optimizer.record import Hypothesis
from openroom.optimizer.seeds import rng_for
from openroom.optimizer.trial import Trial


@dataclass(slots=True)
class Upkeep:
    """``guard_cases``: gate cases of each dimension that a check of all traps also plays, against floors and
    tolerance (0: none; it takes 8 or more to mean something)."""

    arena: Arena
    objective: Objective
    line: Line
    seed: int
    make_trial: Callable[[Harness], Trial]
    guard_cases: int = 0
    pruned: int = 0

    def cost(self) -> Cost:
        """What the check at the end may spend, on both arms."""
        costs = [self.arena.cost(case.id) for _, cases in self._everything() for case in cases]
        return Cost(2 * sum(cost.calls for cost in costs), 2 * sum(cost.usd for cost in costs))

    async def guard_keep(self, attempt: Attempt, trial: Trial, traps: int) -> None:
        """Play some traps with the kept edits alone; a breach ends the round."""
        trial.candidate = attempt.candidate = apply_edits(self.line.head, [proposal.edit for proposal in attempt.kept])
        for dimension, cases in self._locked(traps, attempt.number):
            broken = await trial.guard(self.objective.guard(dimension), cases, self.line.released)
            if broken:
                attempt.guards.append(broken)
        if attempt.guards:
            attempt.reject("; ".join(attempt.guards))

    def prune_due(self, every: int) -> bool:
        """Whether ``every`` further edits were kept since the last pruning (0: never)."""
        return bool(every) and len(self.line.kept) // every > self.pruned

    async def prune(self, attempt: Attempt, pairs: int, traps: int) -> None:
        """Try the head without what was kept on the weakest evidence; what is not missed goes."""
        attempt.purpose = "prune"
        self.pruned += 1
        weakest = self.line.weakest()
        if weakest is None:
            attempt.reject("nothing to prune")
            return
        edit = inverse(self.line.head, weakest.edit)
        why = f"kept in round {weakest.number} on the weakest evidence"
        proposal = Proposal(edit, Hypothesis(dimension=weakest.dimension, why=why), "prune")
        attempt.asked.append(proposal)
        attempt.proposals.append(proposal)
        attempt.candidate = apply_edit(self.line.head, edit)
        trial = attempt.trial = self.make_trial(attempt.candidate)
        attempt.states += ["static_ok", "screened"]
        missed = await trial.missed(weakest.dimension, pairs)
        attempt.states.append("gated")
        if missed:
            attempt.reject("it is missed")
            return
        attempt.kept.append(proposal)
        await self.guard_keep(attempt, trial, traps)

    async def check_all(self, attempt: Attempt) -> Harness:
        """The head if it passes everything; else the head without the one edit at fault, or the last head that
        passed.
        """
        attempt.purpose = "release"
        attempt.trial = self.make_trial(self.line.head)
        reason = await self._broken(attempt.trial)
        attempt.states += ["screened", "gated"]
        if not reason:
            attempt.candidate = self.line.head
            attempt.states.append("auto_kept")
            return self.line.head
        attempt.guards.append(reason)
        attempt.candidate = await self._without_culprit(attempt)
        attempt.states.append("rolled_back")
        return attempt.candidate

    async def _without_culprit(self, attempt: Attempt) -> Harness:
        line = self.line
        for index in reversed(range(line.unchecked)):
            trial = self.make_trial(line.without(index))
            try:
                broken = await self._broken(trial)
            except BudgetExceeded:
                break
            finally:
                if attempt.trial is not None:
                    attempt.trial.rows += trial.rows
            if not broken:
                culprit = line.kept.pop(line.safe_count + index)
                attempt.reasons.append(f"{path_of(culprit.edit)} of round {culprit.number} was at fault")
                return trial.candidate
        del line.kept[line.safe_count :]
        attempt.reasons.append("no single edit was found at fault: back to the last version that passed")
        return line.safe

    async def _broken(self, trial: Trial) -> str:
        for dimension, cases in self._everything():
            reason = await trial.guard(self.objective.guard(dimension), cases, self.line.released)
            if reason:
                return reason
        return ""

    def _everything(self) -> list[tuple[str, list[Case]]]:
        found = self._locked(len(self.arena.cases("trap")), 0)
        if self.guard_cases:
            for dimension in self.objective.weights:
                cases = [case for case in self.arena.cases("gate") if case.dimension == dimension]
                found.append((dimension, cases[: self.guard_cases]))
        return found

    def _locked(self, count: int, number: int) -> list[tuple[str, list[Case]]]:
        found = []
        for dimension in self.objective.locked:
            cases = [case for case in self.arena.cases("trap") if case.dimension == dimension]
            rng_for(self.seed, number, "traps", dimension).shuffle(cases)
            found.append((dimension, cases[:count]))
        return found
