"""What keeps a line sound between improvements: traps after each keep, all traps now and then, and pruning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.edits import apply_edit, apply_edits, inverse, path_of
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.arena import Arena, ArenaCase, Cost
from openroom.tuning.rounds.gate import FALLBACK, GateSettings
from openroom.tuning.rounds.lineage import Line
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.regressions import fell_beside
from openroom.tuning.rounds.rollouts import Rollouts
from openroom.tuning.rounds.seeds import rng_for
from openroom.tuning.rounds.stages import Judged, Planned, Screened
from openroom.tuning.rounds.trial import Trial

#: A dimension and cases that measure it.
Part = tuple[str, list[ArenaCase]]
_CASES: Final = 2


@dataclass(slots=True)
class Upkeep:
    """``guard_cases``: gate cases of each dimension that a check of all traps also plays, against floors and
    tolerance (0: none). ``beside``: whether what a gate measured beside its tests counts."""

    arena: Arena
    rollouts: Rollouts
    objective: Objective
    line: Line
    seed: int
    gate: GateSettings
    guard_cases: int = 0
    beside: bool = True
    pruned: int = 0

    def cost(self) -> Cost:
        """What the check at the end may spend, on both arms."""
        return check_cost(self.arena, self.objective, self.seed, self.guard_cases)

    async def guard_keep(self, judged: Judged, trial: Trial, traps: int) -> Judged:
        """Look at what the gate measured beside its tests, then play some traps with the kept edits alone; a breach
        ends the round."""
        tested = judged.gate.names if judged.gate else [proposal.hypothesis.dimension for proposal in judged.kept]
        if self.beside and (fell := fell_beside(trial.differences, [*tested, FALLBACK], self.objective.tolerance)):
            return replace(judged, guards=tuple(fell)).rejected("; ".join(fell))
        trial.candidate = apply_edits(self.line.head, [proposal.edit for proposal in judged.kept])
        judged = replace(judged, candidate=trial.candidate)
        broken: list[str] = []
        try:
            for dimension, cases in self._locked(traps, judged.screened.plan.number):
                if why := await trial.guard(self.objective.guard(dimension), cases, self.line.released):
                    broken.append(why)
        except BudgetExceeded as error:
            return replace(judged, guards=tuple(broken)).rejected(str(error), error)
        return replace(judged, guards=tuple(broken)).rejected("; ".join(broken)) if broken else judged

    def prune_due(self, every: int) -> bool:
        """Whether ``every`` further edits were kept since the last pruning (0: never)."""
        return bool(every) and len(self.line.kept) // every > self.pruned

    async def prune(self, number: int, pairs: int, traps: int) -> Judged:
        """Try the head without what was kept on the weakest evidence; what is not missed goes."""
        self.pruned += 1
        weakest = self.line.weakest()
        if weakest is None:
            return Judged(Screened(Planned(number, "prune"))).rejected("nothing to prune")
        edit = inverse(self.line.head, weakest.edit)
        why = f"kept in round {weakest.number} on the weakest evidence"
        proposal = Proposal(edit, Hypothesis(dimension=weakest.dimension, why=why), "prune")
        trial = self._trial(apply_edit(self.line.head, edit))
        screened = Screened(Planned(number, "prune", (proposal,)), (proposal,), trial=trial)
        judged = Judged(screened, trial.candidate, states=("draft", "static_ok", "screened"))
        try:
            missed = await trial.missed(weakest.dimension, pairs)
        except BudgetExceeded as error:
            return judged.rejected(str(error), error)
        judged = replace(judged, states=(*judged.states, "gated"))
        if missed:
            return judged.rejected("it is missed")
        return await self.guard_keep(replace(judged, kept=(proposal,)), trial, traps)

    async def check_all(self, number: int) -> Judged:
        """Its candidate is the head if that passes everything; else the head without the one edit at fault, or the last
        head that passed."""
        head, states = self.line.head, ("draft", "screened", "gated")
        trial = self._trial(head)
        if self.guard_cases:
            for _, cases in [*self._traps(), *self._measured()]:  # all once, while the budget for it is whole
                await trial.look(cases, self.line.released)
        where, reason = await self._broken(trial)
        judged = Judged(Screened(Planned(number, "release"), trial=trial), head, reasons=tuple(trial.doubts))
        if not reason:
            return replace(judged, states=(*states, "auto_kept"))
        sound, why = await self._without_culprit(trial, where)
        reasons = (*judged.reasons, why)
        return replace(judged, candidate=sound, guards=(reason,), states=(*states, "rolled_back"), reasons=reasons)

    async def _without_culprit(self, check: Trial, where: str) -> tuple[Harness, str]:
        line = self.line
        for index in reversed(range(line.unchecked)):
            trial = self._trial(line.without(index))
            try:
                _, broken = await self._broken(trial, where)
            except BudgetExceeded:
                break
            finally:
                check.rows += trial.rows
            if not broken:
                culprit = line.kept.pop(line.safe_count + index)
                return trial.candidate, f"{path_of(culprit.edit)} of round {culprit.number} was at fault"
        del line.kept[line.safe_count :]
        return line.safe, "no single edit was found at fault: back to the last version that passed"

    def _trial(self, candidate: Harness) -> Trial:
        return Trial(self.arena, self.rollouts, self.seed, self.line.head, candidate, self.gate)

    async def _broken(self, trial: Trial, first: str = "") -> tuple[str, str]:
        """In which dimension something broke (none: in all together), and why, which is empty when nothing did.
        ``first`` is looked at before all others, since what is still broken there need not be played further."""
        measured = self._measured()
        for dimension, cases in sorted([*self._traps(), *measured], key=lambda part: part[0] != first):
            reason = await trial.guard(self.objective.guard(dimension), cases, self.line.released)
            if reason:
                return dimension, reason
        return "", await trial.together(measured, self.objective.tolerance, self.line.released)

    def _traps(self) -> list[Part]:
        return self._locked(len(self.arena.cases("trap")), 0)

    def _measured(self) -> list[Part]:
        return guarding(self.arena, self.objective, self.seed, self.guard_cases)

    def _locked(self, count: int, number: int) -> list[Part]:
        return traps(self.arena, self.objective, self.seed, count, number)


def traps(arena: Arena, objective: Objective, seed: int, count: int, number: int) -> list[Part]:
    """Up to ``count`` traps of each locked dimension, others each ``number``."""
    found = []
    for dimension in objective.locked:
        cases = [case for case in arena.cases("trap") if case.dimension == dimension]
        rng_for(seed, number, "traps", dimension).shuffle(cases)
        found.append((dimension, cases[:count]))
    return found


def guarding(arena: Arena, objective: Objective, seed: int, count: int) -> list[Part]:
    """``count`` gate cases of each dimension, of different clusters first, then the cheap ones."""
    found = []
    for dimension in objective.weights if count else ():
        cases = [case for case in arena.cases("gate") if case.dimension == dimension]
        rng_for(seed, "guarding", dimension).shuffle(cases)
        cases.sort(key=lambda case: arena.cost(case.id).calls)
        clusters = [case.cluster for case in cases]
        order = sorted(range(len(cases)), key=lambda at: clusters[:at].count(clusters[at]))
        found.append((dimension, [cases[at] for at in order[:count]]))
    return found


def check_cost(arena: Arena, objective: Objective, seed: int, count: int) -> Cost:
    """What a check of the head may spend at its first look, on both arms."""
    everything = [*traps(arena, objective, seed, len(arena.cases("trap")), 0), *guarding(arena, objective, seed, count)]
    costs = [arena.cost(case.id) for _, cases in everything for case in cases]
    return Cost(2 * sum(cost.calls for cost in costs), 2 * sum(cost.usd for cost in costs))


def affordable(arena: Arena, objective: Objective, seed: int, calls: int) -> int:
    """How many gate cases of each dimension are to guard a run of so many calls: up to ``_CASES``, as long as the check
    takes at most a third of them."""
    for count in range(_CASES, 0, -1):
        if 3 * check_cost(arena, objective, seed, count).calls <= calls:
            return count
    return 0
