"""The release exam in a running server: cases of the holdout, played while rooms are quiet, with the model in force."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from openroom.core.harness import load_harness
from openroom.models.understudy.understudy import Understudy
from openroom.tuning.audit.record import RoundRecord
from openroom.tuning.governance.exam import Exam, Question
from openroom.tuning.governance.states import Item
from openroom.tuning.live.quiet import GivingWay, Quiet
from openroom.tuning.live.runner import Tuner, as_tuning
from openroom.tuning.rounds.budget import Budget
from openroom.tuning.rounds.room_arena import RoomArena

_REST_SECONDS = 0.02


async def examine(tuner: Tuner, item: Item, record: RoundRecord, against: str, by: str, calls: int) -> bool | None:
    """Ask the holdout about a candidate: pass, fail, or nothing when it could not be played (why is in the log).

    ``against`` is the digest of the released version (empty: the author's own), ``calls`` what it may take at most. The
    model must be the one that the round was measured with; a round of the understudy is examined with the understudy.
    """
    as_tuning()
    chain = await tuner.chain()
    lobby, measured = tuner.lobby, record.digests.get("model", "")
    author = lobby.library.characters[item.character].harness()
    candidate = load_harness(await asyncio.to_thread(chain.blobs.get, item.version))
    released = load_harness(await asyncio.to_thread(chain.blobs.get, against)) if against else author
    quiet = Quiet(lobby, tuner.settle)
    model = GivingWay((Understudy if measured.startswith("understudy:") else lambda: lobby.model), quiet)
    evaluator = await tuner.evaluator(item.character, model)
    exam = Exam(RoomArena(evaluator), chain, seed=record.seeds.get("run", 0))
    question = Question(item.round_id, candidate, released, against, by)
    if not await exam.measured_with(question, measured):
        return None
    async with _watching(quiet):

        async def give_way() -> None:
            await asyncio.sleep(_REST_SECONDS)
            await quiet.wait()

        return await exam.hold(question, Budget(calls=calls), give_way)


@asynccontextmanager
async def _watching(quiet: Quiet) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(quiet.watch())
        try:
            yield
        finally:
            watching.cancel()


__all__ = ["examine"]
