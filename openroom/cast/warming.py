"""Warming: a local engine reads the prompts of those present while nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, cast

from openroom.cast.floor import NEVER, SURE, Floor
from openroom.cast.minds import Minds
from openroom.cast.turn.compose import learn_lines, warm
from openroom.cast.turn.context import Occasion, TurnContext
from openroom.core.character import Character
from openroom.core.harness import Harness
from openroom.errors import OpenroomError
from openroom.ports.model import Model, complete
from openroom.room.room import Room

_log = logging.getLogger("openroom.turn")

HarnessOf = Callable[[Character], Awaitable[Harness]]
"""Gives the harness in force of a character: the active version, or the author's."""


class Warming:
    """The warming of one room. A turn that begins ends it (`give_way`)."""

    def __init__(
        self, room: Room, model: Callable[[], Model], minds: Minds, harness_of: HarnessOf, floor: Floor
    ) -> None:
        self._room, self._model, self._minds, self._harness_of, self._floor = room, model, minds, harness_of, floor
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether prompts are being read ahead."""
        return self._task is not None and not self._task.done()

    def later(self) -> None:
        """Begin, where a local model speaks and somebody is there."""
        model = self._model()
        if model.info.kind == "local" and self._room.state.anybody("player"):
            self._task = self._room.tasks.spawn("warm", self._warm(model))

    async def give_way(self) -> None:
        """End at once: the engine is wanted."""
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _warm(self, model: Model) -> None:
        for who in self._room.state.here("character"):
            part, definition = self._minds[who], self._room.world.character(who)
            if definition is None:
                continue
            harness = await self._harness_of(definition)
            turn = TurnContext("warm", self._room, part, Occasion("said", 0, ""), model, harness)
            await learn_lines(turn)
            try:
                async with aclosing(cast("Any", model.stream(warm(turn)))) as stream:
                    async for _ in stream:
                        pass
            except OpenroomError as error:
                _log.info("warming failed", extra={"room": self._room.id, "error": str(error)})
                return
        await self._warm_floor(model)

    async def _warm_floor(self, model: Model) -> None:
        """Have what never changes read of what says who answers, too."""
        room = self._room
        request = self._floor.request(room.world)
        if room.state.shared["run"]["responders"] != "smart" or request is None or SURE[model.info.level] >= NEVER:
            return
        try:
            _, usage = await complete(model, request)
        except OpenroomError as error:
            _log.info("warming failed", extra={"room": room.id, "error": str(error)})
            return
        if usage.odds:  # else a real call of that slot came first
            self._floor.lean(usage.odds)
