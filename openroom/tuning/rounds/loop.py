"""The loop: play, analyse, propose, check, evaluate, compare, keep or revert, criticise; round after round, unattended.

A run is a pure function of its settings, its seed and the outcomes in its journal. So it may be killed at any moment
and resumed: the same decisions come out, and nothing is paid for twice. It holds a *head* (what the rounds build on)
and the last *released* version (what guards compare with). The loop never releases: that is for
`openroom.tuning.governance.states`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from openroom.core.harness import Harness, HarnessError
from openroom.errors import BudgetExceeded
from openroom.tuning.audit.journal import Body, Journal
from openroom.tuning.audit.record import BudgetRow, CheckRow, Hypothesis, Purpose, RoundRecord
from openroom.tuning.edits import Edit, Tier, apply_edit, apply_edits, path_of, tier_of
from openroom.tuning.proposals.ask import ask
from openroom.tuning.proposals.operators import Proposal, Proposer, Situation
from openroom.tuning.rounds.arena import Arena, Cost, Played, flaws_by_dimension
from openroom.tuning.rounds.attempt import CHANGING, Attempt, outcome_of, record_of
from openroom.tuning.rounds.bandit import Bandit
from openroom.tuning.rounds.beliefs import Outlook
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.criticism import Criticism, Remark
from openroom.tuning.rounds.gate import FALLBACK, GateError, RoundGate, complexity_ok
from openroom.tuning.rounds.lineage import Kept, Line
from openroom.tuning.rounds.maintenance import Upkeep
from openroom.tuning.rounds.near_misses import Promising
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.rollouts import GiveWay, Rollouts, Want
from openroom.tuning.rounds.seeds import derive, rng_for
from openroom.tuning.rounds.settings import LoopSettings
from openroom.tuning.rounds.trial import Trial

StaticCheck = Callable[[Harness, Edit], Sequence[CheckRow]]
#: What a round is for, by the operator of a suggested proposal. Planted ones test the gate and never change the head.
_PURPOSES: dict[str, Purpose] = {"sibling": "sibling", "planted": "planted"}
Status = Literal["rounds done", "budget spent", "paused"]


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended: the head, what it kept, and why it stopped. ``needs_person`` counts rounds that wait for a
    person; ``curve`` holds (calls spent, head) at each change of the head."""

    head: Harness
    kept: tuple[Kept, ...]
    rounds: int
    status: Status
    spent_calls: int
    spent_usd: float
    needs_person: int
    curve: tuple[tuple[int, Harness], ...] = ()


def _playable(arena: Arena, objective: Objective) -> dict[str, float]:
    """Weights of the dimensions that have both train and gate cases; in the others nothing can be learned."""
    measured = {case.dimension for case in arena.cases("train")} & {case.dimension for case in arena.cases("gate")}
    weights = {name: weight for name, weight in objective.weights.items() if name in measured}
    if not weights:
        raise GateError(f"expected train and gate cases for one of {sorted(objective.weights)}, there are none")
    return weights


async def _nobody_waits() -> None:
    return None


class Optimizer:
    """One run over an arena. ``proposers`` are the operators; ``static_check`` screens each edit before anything is
    played.

    ``give_way`` is awaited before each rollout and each proposal; ``paused`` is asked before each round; ``checked``
    is called when the head has been through a checkpoint.
    ``suggested`` are proposals to try first (from a sibling character, or a person); ``refused_notes`` says which
    lines of the memory file were not taken (see `openroom.tuning.rounds.criticism.load_notes`), for the log. Raises
    `GateError` when no dimension of the objective has train and gate cases.
    """

    def __init__(
        self,
        arena: Arena,
        journal: Journal,
        proposers: Sequence[Proposer],
        objective: Objective,
        start: Harness,
        *,
        budget: RunBudget,
        settings: LoopSettings | None = None,
        released: Harness | None = None,
        static_check: StaticCheck = lambda _harness, _edit: (),
        criticism: Criticism | None = None,
        suggested: Sequence[Proposal] = (),
        refused_notes: Sequence[str] = (),
        give_way: GiveWay = _nobody_waits,
        paused: Callable[[], bool] = lambda: False,
        checked: Callable[[], object] = lambda: None,
    ) -> None:
        self.settings = settings or LoopSettings()
        self.line = Line(start, released or start)
        self.criticism = criticism or Criticism()
        self._arena, self._journal, self._objective, self._budget = arena, journal, objective, budget
        self._proposers = {proposer.name: proposer for proposer in proposers}
        self._bandit = Bandit.over(tuple(self._proposers), self.settings.favour)
        self._weights = _playable(arena, objective)
        self._gate_dimension = {case.id: case.dimension for case in arena.cases("gate")}
        self._outlook = Outlook(self._weights, patience=self.settings.patience, headroom=self.settings.headroom)
        self._rollouts = Rollouts(arena, journal, budget, give_way)
        self._check, self._give_way, self._paused, self._checked = static_check, give_way, paused, checked
        self._upkeep = Upkeep(
            arena,
            objective,
            self.line,
            self.settings.seed,
            self._trial,
            guard_cases=self.settings.guard_cases,
            beside=self.settings.beside,
        )
        self._promising = Promising(self.settings.gate)
        self._queue: list[Proposal] = list(suggested)
        self._refused_notes = tuple(refused_notes)
        self._asked = self._looked = self._needs_person = 0
        self._world: dict[str, str] = {}
        self._stored: set[str] = set()

    async def run(self) -> RunResult:
        """Rounds until they are done, the budget is spent or somebody pauses. Raises what stops a run in the middle (an
        unreachable model, a log that can't be written); the same call on the same journal goes on from there."""
        status: Status = "rounds done"
        number = 0
        last_check = self._upkeep.cost()
        self._budget.reserve(last_check)
        try:
            if self._refused_notes:
                await self._journal.note("refused notes", {"why": list(self._refused_notes)}, actor="memory file")
            await self._first_look()
            while number < self.settings.rounds:
                if self._paused():
                    status = "paused"
                    break
                await self._round(number)
                number += 1
        except BudgetExceeded:
            status = "budget spent"
        self._budget.settle(last_check, Cost(0, 0.0))
        if status != "paused":
            await self._check_all(number)
        line, budget = self.line, self._budget
        return RunResult(
            line.head,
            tuple(line.kept),
            number,
            status,
            budget.spent_calls,
            budget.spent_usd,
            self._needs_person,
            tuple(line.curve),
        )

    async def _first_look(self) -> None:
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
        row = (await self._rollouts.play([Want(self.line.head, case, seed, "incumbent")]))[0]
        text = (await self._journal.read(row.transcript)).decode() if row.transcript else ""
        flaws = flaws_by_dimension(row.flaws, dimension)
        own = flaws.pop(dimension, ()) or tuple(flaw for of in flaws.values() for flaw in of)  # where it said nothing
        self._outlook.saw(Played(case.id, dimension, row.scores[dimension], text, own))
        for other, seen in flaws.items():
            self._outlook.noticed(Played(case.id, other, row.scores.get(other, 0.0), text, seen))

    async def _round(self, number: int) -> None:
        await self._notice_the_world(number)
        attempt = Attempt(number)
        before = self._so_far()
        spent_up: BudgetExceeded | None = None
        try:
            if self._upkeep.prune_due(self.settings.prune_every):
                await self._upkeep.prune(attempt, self.settings.prune_pairs, self.settings.traps)
            else:
                await self._improve(attempt)
        except BudgetExceeded as error:
            spent_up = error
            attempt.reject(str(error))
        await self._write(attempt, before)
        if spent_up:
            raise spent_up
        if self.line.unchecked >= self.settings.checkpoint:
            await self._check_all(number)

    async def _notice_the_world(self, number: int) -> None:
        """When the model or the judge has changed, what was measured before counts no more."""

        async def effect() -> tuple[Body, Sequence[str]]:
            return {"digests": dict(self._arena.digests())}, ()

        digests = dict((await self._journal.step("world", {"round": number}, effect))["digests"])
        if self._world and digests != self._world:
            self._rollouts.forget()
            self._outlook.forget()
        self._world = digests

    async def _improve(self, attempt: Attempt) -> None:
        await self._propose(attempt)
        self._check_statically(attempt)
        if not attempt.proposals:
            attempt.reject("" if attempt.asked else "no failure to work on, or no operator had a proposal")
            return
        attempt.candidate = apply_edits(self.line.head, [proposal.edit for proposal in attempt.proposals])
        dimensions = list(dict.fromkeys(proposal.hypothesis.dimension for proposal in attempt.proposals))
        trial = attempt.trial = self._trial(attempt.candidate)
        if attempt.stacked:
            trial.pairs = attempt.number + 1
        if not await self._screened(attempt, trial):
            attempt.reject("screen: too few train cases pass")
            return
        attempt.states.append("screened")
        attempt.gate = await trial.gate(dimensions)
        attempt.states.append("gated")
        for row in trial.rows:
            if row.arm == "incumbent":
                dimension = self._gate_dimension[row.case]
                self._outlook.gate_scored(dimension, row.case, row.seed, row.scores.get(dimension, 0.0))
        await self._judge(attempt, trial, attempt.gate)
        self._promising.judged(attempt)

    async def _propose(self, attempt: Attempt) -> None:
        if self._queue:
            queued = self._queue.pop(0)
            attempt.purpose = _PURPOSES.get(queued.operator, "improve")
            attempt.asked.append(queued)
            return
        wanted = self._outlook.choose(len(self._weights), self._rng(attempt.number, "plan"))
        for dimension in wanted:
            if len(attempt.asked) >= self.settings.bundle:
                break
            if near := self._promising.once_more(dimension) if self.settings.again else ():
                attempt.stacked = True
                attempt.asked += near
                continue
            failures = await self._failures(dimension)
            proposals = await self._ask(attempt, dimension, failures) if failures else ()
            if proposals:
                below = self._promising.below(proposals) if self.settings.stack else []
                attempt.stacked = attempt.stacked or bool(below)
                attempt.asked += [*below, *proposals]
                attempt.failures += failures

    async def _failures(self, dimension: str) -> Sequence[Played]:
        for _ in range(self.settings.look):
            if len(self._outlook.failures(dimension)) >= self.settings.at_hand:
                break
            await self._look(dimension)
        return self._outlook.failures(dimension)

    async def _ask(self, attempt: Attempt, dimension: str, failures: Sequence[Played]) -> Sequence[Proposal]:
        number = self._asked
        self._asked += 1
        context = Situation(
            harness=self.line.head,
            dimension=dimension,
            seed=derive(self.settings.seed, "proposal", number),
            number=number,
            failures=failures,
            passing=self._outlook.passing(dimension),
            notes=self.criticism.about(dimension) if self.settings.remember else (),
            weakness=self._outlook.weakness(),
        )
        for name in self._bandit.order(self._rng(attempt.number, "bandit", dimension)):
            await self._give_way()
            asked = await ask(self._proposers[name], context, self._journal, self._budget)
            attempt.outputs += asked.blobs
            attempt.operators.append(name)
            if asked.proposals:
                return asked.proposals
            attempt.reasons.append(f"{name}: {asked.reason or 'nothing to offer'}")
            self._bandit = self._bandit.after(name, 0.0)
        return ()

    def _check_statically(self, attempt: Attempt) -> None:
        for proposal in attempt.asked:
            rows = self._static_rows(proposal, [other.edit for other in attempt.proposals])
            attempt.checks += rows
            bad = [row for row in rows if not row.ok]
            if bad:
                attempt.reasons.append(f"{proposal.operator}: {bad[0].check}: {bad[0].reason}")
                self._learn(proposal, 0.0)
                self._outlook.missed(proposal.hypothesis.dimension)
            else:
                attempt.proposals.append(proposal)
        if attempt.proposals:
            attempt.states.append("static_ok")

    def _static_rows(self, proposal: Proposal, others: list[Edit]) -> list[CheckRow]:
        rows = list(self._check(self.line.head, proposal.edit))
        if proposal.hypothesis.dimension not in self._weights:
            reason = f"no train and gate cases measure {proposal.hypothesis.dimension}"
            rows.append(CheckRow(check="dimension", ok=False, reason=reason))
        if tier_of(self.line.head, proposal.edit) is Tier.T3:
            rows.append(CheckRow(check="tier", ok=False, reason=f"{path_of(proposal.edit)} is not proposable"))
        try:
            apply_edits(self.line.head, [*others, proposal.edit])
        except HarnessError as error:
            rows.append(CheckRow(check="applies", ok=False, reason=str(error)))
        return rows or [CheckRow(check="applies", ok=True)]

    async def _screened(self, attempt: Attempt, trial: Trial) -> bool:
        if not self.settings.screen or len(attempt.proposals) > 1 or not attempt.failures:
            return True
        dimension = attempt.proposals[0].hypothesis.dimension
        train = {case.id: case for case in self._arena.cases("train")}
        failed = [played.case for played in reversed(attempt.failures)]
        proposal = attempt.proposals[0]
        aims = [name for name in proposal.aims if name in train]
        ids = list(dict.fromkeys([*aims, *failed]))
        ids += [case.id for case in train.values() if case.dimension == dimension and case.id not in ids]
        cases = [(train[name], derive(self.settings.seed, attempt.number, "screen", name)) for name in ids]
        cases = cases[: self.settings.screen]
        return await trial.screen(cases, self.settings.screen_need, dimension=dimension, mends=proposal.mends)

    async def _judge(self, attempt: Attempt, trial: Trial, gate: RoundGate) -> None:
        for proposal in attempt.proposals:
            evidence = gate.evidence(proposal.hypothesis.dimension)
            if gate.verdict(proposal.hypothesis.dimension) != "keep":
                continue
            grown = apply_edit(self.line.head, proposal.edit).prompt_tokens() - self.line.head.prompt_tokens()
            if complexity_ok(evidence.mean, grown, self.settings.gate):
                attempt.kept.append(proposal)
            else:
                attempt.reasons.append(f"complexity: {grown} tokens for a gain of {evidence.mean:.3f}")
        if not attempt.kept and FALLBACK in gate.names and gate.verdict(FALLBACK) == "keep":
            self._retag(attempt, trial)
        if attempt.kept:
            await self._upkeep.guard_keep(attempt, trial, self.settings.traps)
        else:
            attempt.reject()

    def _retag(self, attempt: Attempt, trial: Trial) -> None:
        """The bundle helps, but not where its tags say: try each edit alone, where the bundle gained most, in a round
        of its own with fresh pairs."""
        means = {name: trial.mean(name) for name in self._weights if name in trial.differences}
        best = max(means, key=lambda name: means[name])
        for proposal in attempt.proposals:
            hypothesis = proposal.hypothesis.model_copy(update={"dimension": best})
            self._queue.append(Proposal(proposal.edit, hypothesis, proposal.operator, proposal.raw))
        attempt.reasons.append(f"the bundle helps {best}, not what its tags say: each edit is tried there alone")

    async def _check_all(self, number: int) -> None:
        """All traps, head against released, when something was kept since the last time."""
        if not self.line.unchecked:
            return
        attempt = Attempt(number)
        before = self._so_far()
        head = await self._upkeep.check_all(attempt)
        await self._note(attempt, before)
        known = any(head == one for _, one in self.line.curve)
        self.line.move(head, self._budget.spent_calls)
        if self.settings.rebuild and not known:
            await self._write_rebuilt(attempt)
        self.line.mark_safe()
        self._checked()

    async def _write_rebuilt(self, check: Attempt) -> None:
        """What is left of the line without the edit at fault, as a candidate of its own: it passed the check, and no
        version of a round is it."""
        kept = self.line.recent()
        trial = self._trial(self.line.head)
        arms = {self.line.head.digest, self.line.released.digest}
        trial.rows = [row for row in check.trial.rows if row.harness in arms] if check.trial else []
        attempt = Attempt(check.number, purpose="rebuild", candidate=self.line.head, trial=trial)
        for one in kept:
            why = f"kept in round {one.number}; the edit at fault beside it is out"
            hypothesis = Hypothesis(dimension=one.dimension, expected_delta=max(0.0, one.gain), why=why)
            attempt.asked.append(Proposal(one.edit, hypothesis, one.operator))
        attempt.proposals, attempt.kept = list(attempt.asked), list(attempt.asked)
        waits = self.settings.mode == "suggest"  # an edit of tier T2 is never in the line
        attempt.states += ["static_ok", "screened", "gated", "awaiting_approval" if waits else "auto_kept"]
        self._needs_person += waits
        await self._note(attempt, self._so_far(), base=self.line.safe)

    async def _write(self, attempt: Attempt, before: BudgetRow) -> None:
        """Record the round; only then does it take effect."""
        if attempt.kept and attempt.purpose == "planted":
            attempt.states.append("quarantined")
        elif attempt.kept:
            waits = self.settings.mode == "suggest" or attempt.tier(self.line.head) >= Tier.T2
            attempt.states.append("awaiting_approval" if waits else "auto_kept")
        record, digest = await self._note(attempt, before)
        self._needs_person += attempt.states[-1] == "awaiting_approval"
        builds_on = attempt.states[-1] in CHANGING and attempt.tier(self.line.head) < Tier.T2
        learnt: set[str] = set()
        for proposal in attempt.proposals:
            dimension = proposal.hypothesis.dimension
            kept = proposal in attempt.kept
            if proposal.operator not in learnt:  # what was tried together paid once, or not
                self._learn(proposal, float(kept))
                learnt.add(proposal.operator)
            if not kept:
                self._outlook.missed(dimension)
            elif builds_on:
                gain = attempt.trial.mean(dimension) if attempt.trial else 0.0
                one = Kept(proposal.edit, dimension, gain, attempt.number, proposal.operator)
                self.line.take(one, self._budget.spent_calls)
                self._outlook.kept(dimension)
            text = outcome_of(attempt, proposal)
            note = Remark(round_id=record.round_id, record_hash=digest, dimension=dimension, text=text)
            self.criticism = self.criticism.add(note)

    async def _note(self, attempt: Attempt, before: BudgetRow, base: Harness | None = None) -> tuple[RoundRecord, str]:
        now = self._so_far()
        attempt.budget = BudgetRow(
            reserved_calls=now.reserved_calls - before.reserved_calls,
            spent_calls=now.spent_calls - before.spent_calls,
            reserved_usd=round(now.reserved_usd - before.reserved_usd, 9),
            spent_usd=round(now.spent_usd - before.spent_usd, 9),
        )
        record = record_of(
            attempt,
            base or self.line.head,
            run=self.settings.run,
            run_seed=self.settings.seed,
            character=self._objective.character,
            digests={**self._world, "objective": self._objective.digest},
        )
        for version in filter(None, (self.line.head, attempt.candidate)):
            if version.digest not in self._stored:
                self._stored.add(await self._journal.keep(version.canonical_json()))
        body = record.model_dump(mode="json", exclude_none=True)
        return record, await self._journal.note("round", body, record.blobs(), actor=record.operator or "loop")

    def _so_far(self) -> BudgetRow:
        budget = self._budget
        return BudgetRow(
            reserved_calls=budget.reserved_calls,
            spent_calls=budget.spent_calls,
            reserved_usd=budget.reserved_usd,
            spent_usd=budget.spent_usd,
        )

    def _trial(self, candidate: Harness) -> Trial:
        return Trial(self._arena, self._rollouts, self.settings.seed, self.line.head, candidate, self.settings.gate)

    def _learn(self, proposal: Proposal, reward: float) -> None:
        if proposal.operator in self._proposers:
            self._bandit = self._bandit.after(proposal.operator, reward)

    def _rng(self, *purpose: object) -> random.Random:
        return rng_for(self.settings.seed, *purpose)
