"""The loop: play, analyse, propose, check, evaluate, compare, keep or revert, criticise; round after round, unattended.

A run is a pure function of its settings, its seed and the outcomes in its journal. So it may be killed at any moment
and resumed: the same decisions come out, and nothing is paid for twice. It holds a *head* (what the rounds build on)
and the last *released* version (what guards compare with). The loop never releases: it hands versions on to
`openroom.optimizer.states`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from openroom.core.edits import DropRule, Edit, Tier, apply_edit, apply_edits, inverse, path_of, tier_of, value_at
from openroom.core.harness import Harness, HarnessError
from openroom.errors import BudgetExceeded
from openroom.optimizer.arena import Arena, Case, Cost, Played
from openroom.optimizer.bandit import Bandit
from openroom.optimizer.budget import Budget
from openroom.optimizer.criticism import Criticism, Note
from openroom.optimizer.gate import FALLBACK, GateSettings, RoundGate, complexity_ok
from openroom.optimizer.journal import Body, Journal
from openroom.optimizer.objective import Objective
from openroom.optimizer.operators import Context, Proposal, Proposer
from openroom.optimizer.outlook import Outlook
from openroom.optimizer.record import (
    BudgetRow,
    CheckRow,
    FailureCited,
    Hypothesis,
    PatchRow,
    RollbackRow,
    RoundRecord,
)
from openroom.optimizer.rollouts import GiveWay, Rollouts, Want
from openroom.optimizer.seeds import derive, rng_for
from openroom.optimizer.trial import Trial, gate_row

StaticCheck = Callable[[Harness, Edit], Sequence[CheckRow]]


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """How a run works. ``bundle``: edits tried together, each on a dimension of its own. ``first_look``: train
    rollouts of each dimension before the first round. ``look``: further ones when no failure is at hand. ``screen``
    train cases, of which ``screen_need`` must pass, before the gate. ``traps``: trap cases after each keep; all of
    them every ``checkpoint`` keeps and at the end. ``prune_every`` keeps, the rule with the weakest evidence is tried
    without."""

    seed: int = 0
    rounds: int = 100
    gate: GateSettings = field(default_factory=GateSettings)
    bundle: int = 1
    first_look: int = 1
    look: int = 3
    screen: int = 1
    screen_need: int = 1
    traps: int = 4
    checkpoint: int = 6
    prune_every: int = 10
    prune_pairs: int = 12
    patience: float = 1.0
    notes: int = 40
    remember: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """An edit that the head has: in which round it was kept, for which dimension, and the mean gain then seen."""

    edit: Edit
    dimension: str
    gain: float
    number: int


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended: the head, what it kept, and why it stopped. ``needs_person`` counts rounds that wait for a
    person; ``curve`` holds (calls spent, head) at each change of the head."""

    head: Harness
    kept: tuple[Kept, ...]
    rounds: int
    status: Literal["rounds done", "budget spent", "paused"]
    spent_calls: int
    spent_usd: float
    needs_person: int
    curve: tuple[tuple[int, Harness], ...] = ()


@dataclass(slots=True)
class _Attempt:
    """What one round gathers on its way to a record."""

    number: int
    purpose: Literal["improve", "prune", "release", "sibling"] = "improve"
    proposals: list[Proposal] = field(default_factory=list)
    failures: list[Played] = field(default_factory=list)
    checks: list[CheckRow] = field(default_factory=list)
    states: list[str] = field(default_factory=lambda: ["draft"])
    reasons: list[str] = field(default_factory=list)
    guards: list[str] = field(default_factory=list)
    trial: Trial | None = None
    gate: RoundGate | None = None
    kept: list[Proposal] = field(default_factory=list)
    candidate: Harness | None = None
    raw: str = ""


async def _nobody_waits() -> None:
    return None


class Optimizer:
    """One run over an arena. ``proposers`` are the operators; ``static_check`` screens each edit before anything is
    played.

    ``give_way`` is awaited before each rollout; ``paused`` is asked before each round.
    """

    def __init__(
        self,
        arena: Arena,
        journal: Journal,
        proposers: Sequence[Proposer],
        objective: Objective,
        start: Harness,
        *,
        budget: Budget,
        settings: LoopSettings | None = None,
        released: Harness | None = None,
        static_check: StaticCheck = lambda _harness, _edit: (),
        criticism: Criticism | None = None,
        give_way: GiveWay = _nobody_waits,
        paused: Callable[[], bool] = lambda: False,
    ) -> None:
        self.settings = settings or LoopSettings()
        self.head, self.released = start, released or start
        self.kept: list[Kept] = []
        self.criticism = criticism or Criticism(cap=self.settings.notes)
        self._arena, self._journal, self._objective, self._budget = arena, journal, objective, budget
        self._proposers = {proposer.name: proposer for proposer in proposers}
        self._bandit = Bandit.over(tuple(self._proposers))
        self._outlook = Outlook(objective.weights, patience=self.settings.patience)
        self._rollouts = Rollouts(arena, journal, budget, give_way)
        self._check, self._paused = static_check, paused
        self._queue: list[Proposal] = []
        self._asked = self._looked = self._needs_person = self._checked_keeps = 0
        self._safe = (start, 0)
        self._curve = [(0, start)]
        self._world: dict[str, str] = {}

    async def run(self) -> RunResult:
        """Rounds until they are done, the budget is spent or somebody pauses. Raises what stops a run in the middle (an
        unreachable model, a log that can't be written); the same call on the same journal goes on from there."""
        status: Literal["rounds done", "budget spent", "paused"] = "rounds done"
        number = 0
        last_check = self._cost_of_traps()
        self._budget.reserve(last_check)
        try:
            await self._look_round_once()
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
            await self._checkpoint(number)
        spent = self._budget
        return RunResult(
            self.head,
            tuple(self.kept),
            number,
            status,
            spent.spent_calls,
            spent.spent_usd,
            self._needs_person,
            tuple(self._curve),
        )

    def _cost_of_traps(self) -> Cost:
        """What the last check of the traps may spend, on both arms; set aside from the start."""
        costs = [self._arena.cost(case.id) for case in self._arena.cases("trap")]
        return Cost(2 * sum(cost.calls for cost in costs), 2 * sum(cost.usd for cost in costs))

    async def _look_round_once(self) -> None:
        for _ in range(self.settings.first_look):
            for dimension in self._objective.weights:
                await self._look(dimension)

    async def _look(self, dimension: str) -> Played | None:
        cases = [case for case in self._arena.cases("train") if case.dimension == dimension]
        if not cases:
            return None
        order = sorted(cases, key=lambda case: derive(self.settings.seed, "train", case.id))
        case, lap = order[self._looked % len(order)], self._looked // len(order)
        self._looked += 1
        seed = derive(self.settings.seed, "look", case.id, lap)
        row = (await self._rollouts.play([Want(self.head, case, seed, "incumbent")]))[0]
        text = (await self._journal.read(row.transcript)).decode() if row.transcript else ""
        played = Played(case.id, dimension, row.scores[dimension], text, row.flaws)
        self._outlook.saw(played)
        return played

    async def _round(self, number: int) -> None:
        await self._notice_the_world(number)
        attempt = _Attempt(number)
        before = self._budget.spent_calls, self._budget.spent_usd
        try:
            if self._prune_due():
                await self._prune(attempt)
            else:
                await self._improve(attempt)
        except BudgetExceeded as error:
            attempt.reasons.append(str(error))
            attempt.kept.clear()
            attempt.states.append("rejected")
            await self._write(attempt, before)
            raise
        await self._write(attempt, before)
        if len(self.kept) - self._safe[1] >= self.settings.checkpoint:
            await self._checkpoint(number)

    async def _notice_the_world(self, number: int) -> None:
        async def effect() -> tuple[Body, Sequence[str]]:
            return {"digests": dict(self._arena.digests())}, ()

        digests = dict((await self._journal.step("world", {"round": number}, effect))["digests"])
        if self._world and digests != self._world:
            self._rollouts.forget()
            self._outlook.forget()
        self._world = digests

    async def _improve(self, attempt: _Attempt) -> None:
        await self._propose(attempt)
        await self._statically(attempt)
        if not attempt.proposals:
            attempt.states.append("rejected")
            return
        attempt.candidate = apply_edits(self.head, [proposal.edit for proposal in attempt.proposals])
        trial = attempt.trial = self._trial(attempt.candidate)
        if not await self._screened(attempt, trial):
            attempt.states.append("rejected")
            attempt.reasons.append("screen: too few train cases pass")
            return
        attempt.states.append("screened")
        dimensions = [proposal.hypothesis.dimension for proposal in attempt.proposals]
        attempt.gate = await trial.gate(dimensions)
        await self._judge(attempt, trial, attempt.gate)

    async def _propose(self, attempt: _Attempt) -> None:
        if self._queue:
            attempt.proposals.append(self._queue.pop(0))
            return
        rng = rng_for(self.settings.seed, attempt.number, "plan")
        wanted = self._outlook.choose(len(self._objective.weights), rng)
        for dimension in wanted:
            if len(attempt.proposals) == self.settings.bundle:
                break
            failures = await self._failures(dimension)
            if not failures:
                continue
            proposal = await self._ask(
                dimension, failures, rng_for(self.settings.seed, attempt.number, "bandit", dimension)
            )
            if proposal is not None:
                attempt.proposals.append(proposal)
                attempt.failures += failures

    async def _failures(self, dimension: str) -> Sequence[Played]:
        for _ in range(self.settings.look):
            if self._outlook.failures(dimension):
                break
            await self._look(dimension)
        return self._outlook.failures(dimension)

    async def _ask(self, dimension: str, failures: Sequence[Played], rng: random.Random) -> Proposal | None:
        number = self._asked
        self._asked += 1
        context = Context(
            harness=self.head,
            dimension=dimension,
            seed=derive(self.settings.seed, "proposal", number),
            number=number,
            failures=failures,
            passing=self._outlook.passing(dimension),
            notes=self.criticism.about(dimension) if self.settings.remember else (),
            weakness=self._outlook.weakness(),
        )
        for name in self._bandit.order(rng):
            proposal = await self._proposers[name].propose(context)
            if proposal is not None:
                return proposal
        return None

    async def _statically(self, attempt: _Attempt) -> None:
        passed: list[Proposal] = []
        for proposal in attempt.proposals:
            rows = self._static_rows(proposal, [other.edit for other in passed])
            attempt.checks += rows
            bad = [row for row in rows if not row.ok]
            if bad:
                attempt.reasons.append(f"{proposal.operator}: {bad[0].check}: {bad[0].reason}")
                self._learn(proposal, 0.0)
            else:
                passed.append(proposal)
        attempt.proposals = passed
        if passed:
            attempt.states.append("static_ok")

    def _static_rows(self, proposal: Proposal, others: list[Edit]) -> list[CheckRow]:
        rows = list(self._check(self.head, proposal.edit))
        tier = tier_of(self.head, proposal.edit)
        if tier is Tier.T3:
            rows.append(CheckRow(check="tier", ok=False, reason=f"{path_of(proposal.edit)} is not proposable"))
        try:
            apply_edits(self.head, [*others, proposal.edit])
        except HarnessError as error:
            rows.append(CheckRow(check="applies", ok=False, reason=str(error)))
        return rows or [CheckRow(check="applies", ok=True)]

    async def _screened(self, attempt: _Attempt, trial: Trial) -> bool:
        if not self.settings.screen or len(attempt.proposals) > 1 or not attempt.failures:
            return True
        dimension = attempt.proposals[0].hypothesis.dimension
        train = {case.id: case for case in self._arena.cases("train")}
        ids = list(dict.fromkeys(played.case for played in reversed(attempt.failures)))
        ids += [case.id for case in train.values() if case.dimension == dimension and case.id not in ids]
        seeds = [(train[name], derive(self.settings.seed, attempt.number, "screen", name)) for name in ids]
        return await trial.screen(seeds[: self.settings.screen], self.settings.screen_need)

    async def _judge(self, attempt: _Attempt, trial: Trial, gate: RoundGate) -> None:
        attempt.states.append("gated")
        for proposal in attempt.proposals:
            name = proposal.hypothesis.dimension
            if gate.verdict(name) != "keep":
                continue
            grown = apply_edit(self.head, proposal.edit).prompt_tokens() - self.head.prompt_tokens()
            if complexity_ok(gate.evidence(name).mean, grown, self.settings.gate):
                attempt.kept.append(proposal)
            else:
                attempt.reasons.append(f"complexity: {grown} tokens for a gain of {gate.evidence(name).mean:.3f}")
        if not attempt.kept and FALLBACK in gate.names and gate.verdict(FALLBACK) == "keep":
            self._retag(attempt, trial)
        if attempt.kept:
            await self._guarded(attempt, trial)
        if not attempt.kept:
            attempt.states.append("rejected")

    def _retag(self, attempt: _Attempt, trial: Trial) -> None:
        """The bundle helps, but not where its tags say: try each edit alone, where the bundle gained most, in a round
        of its own with fresh pairs."""
        means = {name: trial.mean(name) for name in self._objective.weights if name in trial.differences}
        best = max(means, key=lambda name: means[name])
        for proposal in attempt.proposals:
            hypothesis = proposal.hypothesis.model_copy(update={"dimension": best})
            self._queue.append(Proposal(proposal.edit, hypothesis, proposal.operator, proposal.raw))
        attempt.reasons.append(f"the bundle helps {best}, not what its tags say: each edit is tried there alone")

    async def _guarded(self, attempt: _Attempt, trial: Trial) -> None:
        candidate = apply_edits(self.head, [proposal.edit for proposal in attempt.kept])
        attempt.candidate = trial.candidate = candidate
        for guard, cases in self._locked_cases(self.settings.traps, attempt.number):
            broken = await trial.guard(self._objective.guard(guard), cases, self.released)
            if broken:
                attempt.guards.append(broken)
        if attempt.guards:
            attempt.reasons += attempt.guards
            attempt.kept.clear()

    def _locked_cases(self, count: int, number: int) -> list[tuple[str, list[Case]]]:
        found = []
        for dimension in self._objective.locked:
            cases = [case for case in self._arena.cases("trap") if case.dimension == dimension]
            rng_for(self.settings.seed, number, "traps", dimension).shuffle(cases)
            found.append((dimension, cases[:count]))
        return found

    def _trial(self, candidate: Harness) -> Trial:
        return Trial(self._arena, self._rollouts, self.settings.seed, self.head, candidate, self.settings.gate)

    async def _write(self, attempt: _Attempt, before: tuple[int, float]) -> None:
        """Record the round; only then does it take effect."""
        self._settle_states(attempt)
        record = self._record(attempt, before)
        digest = await self._journal.note(
            "round", record.model_dump(mode="json", exclude_none=True), record.blobs(), actor=record.operator
        )
        self._take_effect(attempt)
        self._criticise(attempt, record, digest)

    def _settle_states(self, attempt: _Attempt) -> None:
        if attempt.kept and attempt.states[-1] != "rejected":
            tier = max(tier_of(self.head, proposal.edit) for proposal in attempt.kept)
            attempt.states.append("awaiting_approval" if tier >= Tier.T2 else "auto_kept")

    def _take_effect(self, attempt: _Attempt) -> None:
        automatic = attempt.states[-1] == "auto_kept"
        self._needs_person += attempt.states[-1] == "awaiting_approval"
        for proposal in attempt.proposals:
            dimension = proposal.hypothesis.dimension
            kept = proposal in attempt.kept
            self._learn(proposal, float(kept))
            if not kept:
                self._outlook.missed(dimension)
            elif automatic:
                mean = attempt.gate.evidence(dimension).mean if attempt.gate else 0.0
                self.head = apply_edit(self.head, proposal.edit)
                self._curve.append((self._budget.spent_calls, self.head))
                self.kept.append(Kept(proposal.edit, dimension, mean, attempt.number))
                self._outlook.kept(dimension)

    def _learn(self, proposal: Proposal, reward: float) -> None:
        if proposal.operator in self._proposers:
            self._bandit = self._bandit.after(proposal.operator, reward)

    def _criticise(self, attempt: _Attempt, record: RoundRecord, digest: str) -> None:
        for proposal in attempt.proposals:
            outcome = "kept" if proposal in attempt.kept else "not kept"
            dimension = proposal.hypothesis.dimension
            mean = attempt.trial.mean(dimension) if attempt.trial else 0.0
            text = (
                f"{proposal.edit.op} {path_of(proposal.edit)} for {dimension} was {outcome}; mean change {mean:+.2f}."
            )
            note = Note(round_id=record.round_id, record_hash=digest, dimension=dimension, text=text)
            self.criticism = self.criticism.add(note)

    def _prune_due(self) -> bool:
        every = self.settings.prune_every
        return bool(every) and len(self.kept) // every > self._checked_keeps

    async def _prune(self, attempt: _Attempt) -> None:
        """Try the head without the kept rule that has the weakest evidence; a rule that is not missed goes."""
        attempt.purpose = "prune"
        self._checked_keeps += 1
        rules = [
            kept
            for kept in self.kept
            if isinstance(inverse(self.head, kept.edit), DropRule) and _there(self.head, kept)
        ]
        if not rules:
            attempt.states.append("rejected")
            return
        weakest = min(rules, key=lambda kept: kept.gain)
        edit = inverse(self.head, weakest.edit)
        why = f"kept in round {weakest.number} with the weakest evidence"
        proposal = Proposal(edit, Hypothesis(dimension=weakest.dimension, why=why), "prune")
        attempt.proposals.append(proposal)
        attempt.candidate = apply_edit(self.head, edit)
        trial = attempt.trial = self._trial(attempt.candidate)
        attempt.states += ["static_ok", "screened"]
        missed = await trial.missed(weakest.dimension, self.settings.prune_pairs)
        attempt.states.append("gated")
        if missed:
            attempt.reasons.append("the rule is missed")
            attempt.states.append("rejected")
            return
        attempt.kept.append(proposal)
        await self._guarded(attempt, trial)

    async def _checkpoint(self, number: int) -> None:
        """All traps, head against released. A breach takes the head back: without the edit at fault, if one alone
        is.
        """
        if len(self.kept) == self._safe[1] and self.head == self._safe[0]:
            return
        attempt = _Attempt(number, purpose="release")
        before = self._budget.spent_calls, self._budget.spent_usd
        head = self.head
        reason = await self._broken_traps(head, attempt)
        if reason:
            attempt.guards.append(reason)
            head = await self._without_culprit(attempt)
        attempt.candidate = head
        attempt.states += ["screened", "gated", "rolled_back" if reason else "auto_kept"]
        record = self._record(attempt, before)
        await self._journal.note(
            "round", record.model_dump(mode="json", exclude_none=True), record.blobs(), actor="loop"
        )
        if head != self.head:
            self._curve.append((self._budget.spent_calls, head))
        self.head = head
        self._safe = (head, len(self.kept))

    async def _broken_traps(self, candidate: Harness, attempt: _Attempt) -> str:
        trial = self._trial(candidate)
        for dimension, cases in self._locked_cases(len(self._arena.cases("trap")), 0):
            reason = await trial.guard(self._objective.guard(dimension), cases, self.released)
            if attempt.trial is None:
                attempt.trial = trial
            elif attempt.trial is not trial:
                attempt.trial.rows += trial.rows
            if reason:
                return reason
        return ""

    async def _without_culprit(self, attempt: _Attempt) -> Harness:
        safe, count = self._safe
        recent = self.kept[count:]
        for index in reversed(range(len(recent))):
            rest = recent[:index] + recent[index + 1 :]
            candidate = _rebuilt(safe, [kept.edit for kept in rest])
            try:
                broken = await self._broken_traps(candidate, attempt)
            except BudgetExceeded:
                break
            if not broken:
                self.kept[count:] = rest
                attempt.reasons.append(f"{path_of(recent[index].edit)} of round {recent[index].number} was at fault")
                return candidate
        del self.kept[count:]
        attempt.reasons.append("no single edit was at fault: back to the last version that passed")
        return safe

    def _record(self, attempt: _Attempt, before: tuple[int, float]) -> RoundRecord:
        trial, gate = attempt.trial, attempt.gate
        edits = [proposal.edit for proposal in attempt.kept or attempt.proposals]
        kept_version = ""
        if attempt.states[-1] == "auto_kept" and attempt.candidate is not None:
            kept_version = attempt.candidate.digest
        dimension = attempt.proposals[0].hypothesis.dimension if attempt.proposals else ""
        tokens = attempt.candidate.prompt_tokens() - self.head.prompt_tokens() if attempt.candidate else 0
        spent = BudgetRow(
            reserved_calls=self._budget.spent_calls - before[0],
            spent_calls=self._budget.spent_calls - before[0],
            reserved_usd=round(self._budget.spent_usd - before[1], 9),
            spent_usd=round(self._budget.spent_usd - before[1], 9),
        )
        return RoundRecord(
            round_id=f"{self.settings.seed}/{attempt.number}/{attempt.purpose}",
            number=attempt.number,
            character=self._objective.character,
            purpose=attempt.purpose,
            parent_version=self.head.digest,
            candidate_version=attempt.candidate.digest if attempt.candidate else "",
            kept_version=kept_version,
            tier=max((tier_of(self.head, edit) for edit in edits), default=Tier.T0),
            digests={**self._world, "objective": self._objective.digest},
            seeds={"run": self.settings.seed, "round": derive(self.settings.seed, attempt.number)},
            operator=", ".join(dict.fromkeys(proposal.operator for proposal in attempt.proposals)),
            failures=tuple(
                FailureCited(case=played.case, dimension=played.dimension, flaws=played.flaws)
                for played in attempt.failures
            ),
            hypotheses=tuple(proposal.hypothesis for proposal in attempt.proposals),
            patch=_patch(self.head, edits),
            static_checks=tuple(attempt.checks),
            budget=spent,
            rollouts=tuple(trial.rows) if trial else (),
            gate=gate_row(
                gate,
                gain=trial.mean(dimension) if trial else 0.0,
                tokens=tokens,
                guards=attempt.guards,
                reasons=attempt.reasons,
                kept=bool(attempt.kept),
            ),
            states=tuple(attempt.states),
            rollback=_rollback(self.head, edits if attempt.kept else []),
        )


def _there(head: Harness, kept: Kept) -> bool:
    return value_at(head, path_of(kept.edit)) is not None


def _rebuilt(start: Harness, edits: Sequence[Edit]) -> Harness:
    harness = start
    for edit in edits:
        try:
            harness = apply_edit(harness, edit)
        except HarnessError:
            continue
    return harness


def _patch(head: Harness, edits: Sequence[Edit]) -> tuple[PatchRow, ...]:
    rows = []
    for edit in edits:
        try:
            after = apply_edit(head, edit)
        except HarnessError:
            continue
        path = path_of(edit)
        rows.append(PatchRow(op=edit.op, path=path, before=value_at(head, path), after=value_at(after, path)))
        head = after
    return tuple(rows)


def _rollback(head: Harness, edits: Sequence[Edit]) -> RollbackRow:
    """The inverse edits, and the proof that they give the same bytes."""
    undo: list[Edit] = []
    harness = head
    for edit in edits:
        undo.insert(0, inverse(harness, edit))
        harness = apply_edit(harness, edit)
    back = apply_edits(harness, undo)
    inverse_edits = tuple(edit.model_dump(mode="json", exclude_none=True) for edit in undo)
    return RollbackRow(inverse=inverse_edits, tested=bool(undo) and back.canonical_json() == head.canonical_json())
