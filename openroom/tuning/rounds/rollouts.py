"""Playing cases within the budget: through the journal, from memory where possible, giving way to visitors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded, ModelRateLimited, ModelUnreachable, OpenroomError
from openroom.tuning.audit.journal import Body, Journal
from openroom.tuning.audit.record import Arm, Flaw, RolloutRow
from openroom.tuning.rounds.arena import Arena, ArenaCase, Cost, Rollout
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.gate import GateError, checked

GiveWay = Callable[[], Awaitable[None]]
_Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Want:
    """One rollout asked for."""

    harness: Harness
    case: ArenaCase
    seed: int
    arm: Arm


class Rollouts:
    """Plays what is wanted, each (harness, case, seed) once: an answer that is known is not paid for again.

    ``give_way`` is awaited before each rollout; it returns when no visitor is waiting. ``spent`` lists the rollouts
    really played, oldest first.
    """

    def __init__(self, arena: Arena, journal: Journal, budget: RunBudget, give_way: GiveWay) -> None:
        self._arena, self._journal, self._budget, self._give_way = arena, journal, budget, give_way
        self._known: dict[_Key, RolloutRow] = {}

    async def play(self, wants: Sequence[Want]) -> list[RolloutRow]:
        """The rollouts, in the order wanted. Raises `BudgetExceeded` before anything is played when they don't all
        fit.
        """
        missing = {_key(want): want for want in wants if _key(want) not in self._known}
        if missing:
            await self._play(list(missing.values()))
        return [self._known[_key(want)].model_copy(update={"arm": want.arm}) for want in wants]

    def known(self, harness: Harness, case: ArenaCase, seed: int) -> bool:
        """Whether this rollout would be free."""
        return (harness.digest, case.id, seed) in self._known

    def forget(self) -> None:
        """Forget all results (the model or the judge has changed)."""
        self._known.clear()

    async def _play(self, wants: list[Want]) -> None:
        costs = [self._arena.cost(want.case.id) for want in wants]
        reserved = Cost(sum(cost.calls for cost in costs), sum(cost.usd for cost in costs))
        with self._budget.spending(reserved) as bill:
            rows = await self._through_journal(wants)
            bill.spent = Cost(sum(row.calls for row in rows), sum(row.usd for row in rows))
        for want, row in zip(wants, rows, strict=True):
            self._known[_key(want)] = row

    async def _through_journal(self, wants: list[Want]) -> list[RolloutRow]:
        key = {"rollouts": [[*_key(want), want.arm] for want in wants]}

        async def effect() -> tuple[Body, Sequence[str]]:
            rows = await _together([self._one(want) for want in wants])
            blobs = sorted({row.transcript for row in rows if row.transcript})
            return {"rows": [row.model_dump(mode="json") for row in rows]}, blobs

        body = await self._journal.step("rollouts", key, effect)
        rows = [RolloutRow.model_validate(row) for row in body["rows"]]
        return [
            row if _fits(row, want) else _failed(want, Flaw(kind="no trace of this rollout"))
            for row, want in _pad(rows, wants)
        ]

    async def _one(self, want: Want) -> RolloutRow:
        await self._give_way()
        try:
            rollout = await self._arena.evaluate(want.harness, want.case.id, want.seed)
        except (ModelUnreachable, ModelRateLimited, BudgetExceeded):
            raise
        except Exception as error:  # noqa: BLE001 - third-party checks and judges: what they raise is a failed case
            return _failed(want, Flaw(kind="evaluator error", why=type(error).__name__), self._arena.cost(want.case.id))
        return await self._row(want, rollout)

    async def _row(self, want: Want, rollout: Rollout) -> RolloutRow:
        scores, flaws = clean_scores(rollout.scores, want.case.dimension)
        if not rollout.transcript:
            scores, flaws = dict.fromkeys(scores, 0.0), [*flaws, Flaw(kind="no transcript")]
        transcript = await self._journal.keep(rollout.transcript.encode()) if rollout.transcript else ""
        return RolloutRow(
            case=want.case.id,
            split=want.case.split,
            seed=want.seed,
            arm=want.arm,
            harness=want.harness.digest,
            scores=scores,
            flaws=(*rollout.flaws, *flaws),
            transcript=transcript,
            calls=rollout.calls,
            usd=rollout.usd,
        )


async def _together(plays: Sequence[Coroutine[Any, Any, RolloutRow]]) -> list[RolloutRow]:
    """All at once, in their order; the arena says how many it really plays side by side. The first that stops a run
    (an unreachable model, a log that can't be written) stops the others, and is raised itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(play) for play in plays]
    except* OpenroomError as stopped:
        raise _first(stopped) from None
    return [task.result() for task in tasks]


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


def clean_scores(raw: Mapping[str, object], dimension: str) -> tuple[dict[str, float], list[Flaw]]:
    """Scores as numbers in [0, 1]. What is none, and a missing score of ``dimension``, becomes 0, with a flaw that
    says so.
    """
    scores: dict[str, float] = {}
    flaws: list[Flaw] = []
    for name, value in raw.items():
        try:
            scores[name] = checked(value)
        except GateError:
            scores[name] = 0.0
            flaws.append(Flaw(kind=f"bad score for {name}", why=repr(str(value)[:40])))
    if dimension not in scores:
        scores[dimension] = 0.0
        flaws.append(Flaw(kind=f"no score for {dimension}"))
    return scores, flaws


def _key(want: Want) -> _Key:
    return (want.harness.digest, want.case.id, want.seed)


def _pad(rows: list[RolloutRow], wants: list[Want]) -> list[tuple[RolloutRow, Want]]:
    padded: list[Any] = [*rows, *([None] * (len(wants) - len(rows)))]
    return [
        (row or _failed(want, Flaw(kind="no trace of this rollout")), want)
        for row, want in zip(padded, wants, strict=False)
    ]


def _fits(row: RolloutRow, want: Want) -> bool:
    return (row.harness, row.case, row.seed) == _key(want)


def _failed(want: Want, flaw: Flaw, spent: Cost | None = None) -> RolloutRow:
    return RolloutRow(
        case=want.case.id,
        split=want.case.split,
        seed=want.seed,
        arm=want.arm,
        harness=want.harness.digest,
        scores={want.case.dimension: 0.0},
        flaws=(flaw,),
        calls=spent.calls if spent else 0,
        usd=spent.usd if spent else 0.0,
    )
