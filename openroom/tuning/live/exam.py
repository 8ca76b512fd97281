"""Where a running server holds release exams: while rooms are quiet, with the model in force."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from openroom.models.understudy.understudy import Understudy
from openroom.tuning.live.quiet import GivingWay, Quiet, watching
from openroom.tuning.live.runner import Tuner, as_tuning
from openroom.tuning.rounds.arena import Arena
from openroom.tuning.rounds.rollouts import GiveWay
from openroom.tuning.rounds.room_arena import RoomArena

_REST_SECONDS = 0.02


@asynccontextmanager
async def quiet_hall(tuner: Tuner, character: str, measured: str) -> AsyncIterator[tuple[Arena, GiveWay]]:
    """A `openroom.tuning.governance.exam.Hall`. A round that the understudy measured is examined with the understudy.
    Raises `SettingsError`."""
    as_tuning()
    quiet = Quiet(tuner.lobby, tuner.settle)
    model = GivingWay((Understudy if measured.startswith("understudy:") else lambda: tuner.lobby.model), quiet)

    async def give_way() -> None:
        await asyncio.sleep(_REST_SECONDS)
        await quiet.wait()

    evaluator = await tuner.evaluator(character, model)
    async with watching(quiet):
        yield RoomArena(evaluator), give_way
