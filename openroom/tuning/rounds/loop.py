"""The loop: play, analyse, propose, check, evaluate, compare, keep or revert, criticise; round after round, unattended.

A run is a pure function of its settings, its seed and the outcomes in its journal. So it may be killed at any moment
and resumed: the same decisions come out, and nothing is paid for twice. It holds a *head* (what the rounds build on)
and the last *released* version (what guards compare with). The loop never releases: that is for
`openroom.tuning.governance.states`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.tuning.audit.journal import Body, Journal
from openroom.tuning.audit.record import BudgetRow, Hypothesis
from openroom.tuning.edits import Tier
from openroom.tuning.proposals.operators import Proposal, Proposer
from openroom.tuning.rounds.arena import Arena, Cost
from openroom.tuning.rounds.attempt import CHANGING, Recorder, tier
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.criticism import Criticism
from openroom.tuning.rounds.gate import GateError
from openroom.tuning.rounds.judging import Judging
from openroom.tuning.rounds.lineage import Kept, Line
from openroom.tuning.rounds.maintenance import Upkeep
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.planning import Planning
from openroom.tuning.rounds.rollouts import GiveWay, Rollouts
from openroom.tuning.rounds.screening import Screening, StaticCheck
from openroom.tuning.rounds.settings import LoopSettings
from openroom.tuning.rounds.stages import Judged, Planned, Screened
from openroom.tuning.rounds.trial import Trial

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
    ``suggested`` are proposals to try first (from a person); ``refused_notes`` says which
    lines of the memory file were not taken (see `openroom.tuning.rounds.criticism.load_notes`), for the log.
    ``as_played`` gives a version as the model sees it (`Situation.shown`). Raises `GateError` when no dimension of the
    objective has train and gate cases.
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
        as_played: Callable[[Harness], Harness] = lambda harness: harness,
    ) -> None:
        self.settings = settings or LoopSettings()
        self.line = Line(start, released or start)
        self._arena, self._journal, self._objective, self._budget = arena, journal, objective, budget
        self._rollouts = Rollouts(arena, journal, budget, give_way)
        self._paused, self._checked = paused, checked
        weights, how, gate = _playable(arena, objective), self.settings, self.settings.gate
        self._planning = Planning(
            arena,
            journal,
            budget,
            self._rollouts,
            self.line,
            proposers,
            weights,
            how,
            criticism or Criticism(),
            suggested,
            give_way,
            as_played,
        )
        self._upkeep = Upkeep(
            arena, self._rollouts, objective, self.line, how.seed, gate, how.guard_cases, beside=how.beside
        )
        self._screening = Screening(
            arena, self._rollouts, how.seed, gate, static_check, weights, how.screen, how.screen_need
        )
        self._judging = Judging(self._upkeep, gate, weights, how.traps, how.visits)
        self._recorder = Recorder(journal, budget, objective, how.run, how.seed)
        self._refused_notes = tuple(refused_notes)
        self._needs_person = 0
        self._world: dict[str, str] = {}

    @property
    def criticism(self) -> Criticism:
        """The notes of the rounds so far."""
        return self._planning.criticism

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
            await self._planning.first_look()
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

    async def _round(self, number: int) -> None:
        await self._notice_the_world(number)
        before = self._recorder.so_far()
        if self._upkeep.prune_due(self.settings.prune_every):
            judged = await self._upkeep.prune(number, self.settings.prune_pairs, self.settings.traps)
        else:
            judged = await self._improve(number)
        await self._write(judged, before)
        if judged.stopped:
            raise judged.stopped
        if self.line.unchecked >= self.settings.checkpoint:
            await self._check_all(number)

    async def _notice_the_world(self, number: int) -> None:
        """When the model or the judge has changed, what was measured before counts no more."""

        async def effect() -> tuple[Body, Sequence[str]]:
            return {"digests": dict(self._arena.digests())}, ()

        digests = dict((await self._journal.step("world", {"round": number}, effect))["digests"])
        if self._world and digests != self._world:
            self._planning.forget()
        self._world = digests

    async def _improve(self, number: int) -> Judged:
        plan = await self._planning.plan(number)
        screened = await self._screening.screen(plan, self.line.head)
        return await self._judging.judge(screened, self.line.head)

    async def _check_all(self, number: int) -> None:
        """All traps, head against released, when something was kept since the last time."""
        if not self.line.unchecked:
            return
        before = self._recorder.so_far()
        judged = await self._upkeep.check_all(number)
        await self._recorder.write(judged, self.line.head, self._world, before)
        head = judged.candidate or self.line.head
        known = any(head == one for _, one in self.line.curve)
        self.line.move(head, self._budget.spent_calls)
        if self.settings.rebuild and not known:
            await self._write_rebuilt(judged)
        self.line.mark_safe()
        self._checked()

    async def _write_rebuilt(self, check: Judged) -> None:
        """What is left of the line without the edit at fault, as a candidate of its own: it passed the check, and no
        version of a round is it."""
        head, proposals = self.line.head, []
        for one in self.line.recent():
            why = f"kept in round {one.number}; the edit at fault beside it is out"
            hypothesis = Hypothesis(dimension=one.dimension, expected_delta=max(0.0, one.gain), why=why)
            proposals.append(Proposal(one.edit, hypothesis, one.operator))
        asked, played = tuple(proposals), check.screened.trial
        rows = [row for row in played.rows if row.harness in (head.digest, self.line.released.digest)] if played else []
        trial = Trial(self._arena, self._rollouts, self.settings.seed, head, head, self.settings.gate, rows)
        waits = self.settings.mode == "suggest"  # an edit of tier T2 is never in the line
        states = ("draft", "static_ok", "screened", "gated", "awaiting_approval" if waits else "auto_kept")
        self._needs_person += waits
        screened = Screened(Planned(check.screened.plan.number, "rebuild", asked), asked, trial=trial)
        rebuilt = Judged(screened, head, kept=asked, states=states)
        await self._recorder.write(rebuilt, head, self._world, self._recorder.so_far(), self.line.safe)

    async def _write(self, judged: Judged, before: BudgetRow) -> None:
        """Record the round; only then does it take effect."""
        highest = tier(judged, self.line.head)
        if judged.kept:
            waits = self.settings.mode == "suggest" or highest >= Tier.T2
            end = "awaiting_approval" if waits else "auto_kept"
            end = "quarantined" if judged.screened.plan.purpose == "planted" else end
            judged = replace(judged, states=(*judged.states, end))
        recorded = await self._recorder.write(judged, self.line.head, self._world, before)
        self._needs_person += judged.states[-1] == "awaiting_approval"
        builds_on = judged.states[-1] in CHANGING and highest < Tier.T2
        self._planning.learn(judged, recorded, builds_on=builds_on)
        if builds_on:
            self.line.build_on(judged, self._budget.spent_calls)


__all__ = ["LoopSettings", "Optimizer", "RunResult"]
