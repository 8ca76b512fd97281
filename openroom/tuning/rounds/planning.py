"""Planning: where work is due, what is tried there, and what each round taught the run for the next ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.tuning.audit.journal import Journal
from openroom.tuning.audit.record import Purpose
from openroom.tuning.proposals.ask import ask
from openroom.tuning.proposals.operators import Proposal, Proposer, Situation
from openroom.tuning.rounds.arena import Arena, Played, flaws_by_dimension
from openroom.tuning.rounds.attempt import Recorded
from openroom.tuning.rounds.bandit import Bandit
from openroom.tuning.rounds.beliefs import Outlook
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.criticism import Criticism, Remark
from openroom.tuning.rounds.lineage import Line
from openroom.tuning.rounds.near_misses import Promising
from openroom.tuning.rounds.prior import by, kind_of
from openroom.tuning.rounds.rollouts import GiveWay, Rollouts, Want
from openroom.tuning.rounds.seeds import derive, rng_for
from openroom.tuning.rounds.settings import LoopSettings
from openroom.tuning.rounds.stages import Judged, Planned

#: What a round is for, by the operator of a suggested proposal. Planted ones test the gate and never change the head.
_PURPOSES: dict[str, Purpose] = {"planted": "planted"}


class Planning:
    """Chooses a dimension and asks operators for edits of the ``line``'s head there. What is ``queued`` goes first."""

    def __init__(
        self,
        arena: Arena,
        journal: Journal,
        budget: RunBudget,
        rollouts: Rollouts,
        line: Line,
        proposers: Sequence[Proposer],
        weights: Mapping[str, float],
        settings: LoopSettings,
        criticism: Criticism,
        queued: Sequence[Proposal],
        give_way: GiveWay,
        as_played: Callable[[Harness], Harness] = lambda harness: harness,
    ) -> None:
        self.criticism, self.settings = criticism, settings
        self._arena, self._journal, self._budget, self._rollouts, self._line = arena, journal, budget, rollouts, line
        self._proposers = {proposer.name: proposer for proposer in proposers}
        self._bandit = Bandit.over(
            tuple(self._proposers), settings.favour, {name: settings.prior.rounds(by(name)) for name in self._proposers}
        )
        self._outlook = Outlook(weights, patience=settings.patience, headroom=settings.headroom)
        self._promising = Promising(settings.gate)
        self._gate_dimension = {case.id: case.dimension for case in arena.cases("gate")}
        self._weights, self._queue, self._give_way = weights, list(queued), give_way
        self._as_played = as_played
        self._asked = self._looked = 0

    def forget(self) -> None:
        """The model or the judge has changed: what was measured before counts no more."""
        self._rollouts.forget()
        self._outlook.forget()

    async def first_look(self) -> None:
        """Train rollouts of each dimension, before the first round."""
        for _ in range(self.settings.first_look):
            for dimension in self._weights:
                await self._look(dimension)

    async def _look(self, dimension: str) -> None:
        """One more train rollout of the head in a dimension."""
        cases = [case for case in self._arena.cases("train") if case.dimension == dimension]
        cases.sort(key=lambda case: derive(self.settings.seed, "train", case.id))
        case, lap = cases[self._looked % len(cases)], self._looked // len(cases)
        self._looked += 1
        seed = derive(self.settings.seed, "look", case.id, lap)
        row = (await self._rollouts.play([Want(self._line.head, case, seed, "incumbent")]))[0]
        text = (await self._journal.read(row.transcript)).decode() if row.transcript else ""
        flaws = flaws_by_dimension(row.flaws, dimension)
        own = flaws.pop(dimension, ()) or tuple(line for of in flaws.values() for line in of)  # where it said nothing
        self._outlook.saw(Played(case.id, dimension, row.scores[dimension], text, own))
        for other, seen in flaws.items():
            self._outlook.noticed(Played(case.id, other, row.scores.get(other, 0.0), text, seen))

    async def plan(self, number: int) -> Planned:
        """What to try: what is queued, else what the operators propose where work is due."""
        if self._queue:
            queued = self._queue.pop(0)
            return Planned(number, _PURPOSES.get(queued.operator, "improve"), asked=(queued,))
        plan = Planned(number)
        try:
            for dimension in self._outlook.choose(len(self._weights), self._rng(number, "plan")):
                if plan.stopped or len(plan.asked) >= self.settings.bundle:
                    break
                if near := self._promising.once_more(dimension) if self.settings.again else ():
                    plan = replace(plan, stacked=True, asked=(*plan.asked, *near))
                elif failures := await self._failures(dimension):
                    plan = await self._ask(plan, dimension, failures)
        except BudgetExceeded as error:
            return replace(plan, stopped=error)
        return plan

    async def _failures(self, dimension: str) -> Sequence[Played]:
        for _ in range(self.settings.look):
            if len(self._outlook.failures(dimension)) >= self.settings.at_hand:
                break
            await self._look(dimension)
        return self._outlook.failures(dimension)

    async def _ask(self, plan: Planned, dimension: str, failures: Sequence[Played]) -> Planned:
        """The plan with what the first operator proposes that has something to offer."""
        number = self._asked
        self._asked += 1
        context = Situation(
            harness=self._line.head,
            dimension=dimension,
            seed=derive(self.settings.seed, "proposal", number),
            number=number,
            failures=failures,
            passing=self._outlook.passing(dimension),
            notes=self.criticism.about(dimension) if self.settings.remember else (),
            weakness=self._outlook.weakness(),
            prior=self.settings.prior,
            played=self._as_played(self._line.head),
        )
        for name in self._bandit.order(self._rng(plan.number, "bandit", dimension)):
            await self._give_way()
            try:
                asked = await ask(self._proposers[name], context, self._journal, self._budget)
            except BudgetExceeded as error:
                return replace(plan, stopped=error)
            plan = replace(plan, outputs=(*plan.outputs, *asked.blobs), operators=(*plan.operators, name))
            if asked.proposals:
                below = self._promising.below(asked.proposals) if self.settings.stack else []
                proposals = (*plan.asked, *below, *map(self._told, asked.proposals))
                stacked, used = plan.stacked or bool(below), {**plan.prior, **self._used(asked.proposals)}
                plan = replace(plan, asked=proposals, stacked=stacked, prior=used)
                return replace(plan, failures=(*plan.failures, *failures))
            plan = replace(plan, reasons=(*plan.reasons, f"{name}: {asked.reason or 'nothing to offer'}"))
            self._bandit = self._bandit.after(name, 0.0)
        return plan

    def _told(self, proposal: Proposal) -> Proposal:
        """The proposal, which says why its kind comes early or late, where other characters tell."""
        if not (words := self.settings.prior.words(kind_of(proposal.edit))):
            return proposal
        why = f"{proposal.hypothesis.why}; {words}"
        return replace(proposal, hypothesis=proposal.hypothesis.model_copy(update={"why": why}))

    def _used(self, proposals: Sequence[Proposal]) -> dict[str, float]:
        """What the prior expected of the kinds and operators of proposals, where it knows anything of them."""
        keys = [key for one in proposals for key in (by(one.operator), kind_of(one.edit))]
        return {key: round(self.settings.prior.expected(key), 4) for key in keys if self.settings.prior.words(key)}

    def learn(self, judged: Judged, recorded: Recorded, *, builds_on: bool) -> None:
        """Take in how a round ended."""
        self._queue += judged.retagged
        self._learn_from(judged, builds_on)
        if judged.gate and not judged.stopped:
            self._promising.take(judged)
        for proposal, text in zip(judged.screened.proposals, recorded.outcomes, strict=True):
            dimension, round_id = proposal.hypothesis.dimension, recorded.record.round_id
            note = Remark(round_id=round_id, record_hash=recorded.hash, dimension=dimension, text=text)
            self.criticism = self.criticism.add(note)

    def _learn_from(self, judged: Judged, builds_on: bool) -> None:
        """What the round says of operators and dimensions."""
        screened = judged.screened
        for proposal in screened.refused:
            self._paid(proposal, 0.0)
            self._outlook.missed(proposal.hypothesis.dimension)
        for row in screened.trial.rows if screened.trial and judged.gate else ():
            if row.arm == "incumbent" and row.split == "gate":
                dimension = self._gate_dimension[row.case]
                self._outlook.gate_scored(dimension, row.case, row.seed, row.scores.get(dimension, 0.0))
        learnt: set[str] = set()
        for proposal in screened.proposals:
            kept = proposal in judged.kept
            if proposal.operator not in learnt:  # what was tried together paid once, or not
                self._paid(proposal, float(kept))
                learnt.add(proposal.operator)
            if not kept:
                self._outlook.missed(proposal.hypothesis.dimension)
            elif builds_on:
                self._outlook.kept(proposal.hypothesis.dimension)

    def _paid(self, proposal: Proposal, reward: float) -> None:
        if proposal.operator in self._proposers:
            self._bandit = self._bandit.after(proposal.operator, reward)

    def _rng(self, *purpose: object) -> random.Random:
        return rng_for(self.settings.seed, *purpose)
