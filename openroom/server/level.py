"""The level of each model that speaks on this server: set by hand, kept from an earlier start, or measured once, after
its first turn and while nobody waits."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any, Literal

from openroom.errors import ModelError, ModelUnreachable, StoreError
from openroom.lobby.lobby import Lobby
from openroom.models import level
from openroom.models.metered import MeteredModel
from openroom.ports.model import Level, Model, ModelRequest, complete
from openroom.room.supervisor import Supervisor
from openroom.tuning.live.quiet import Quiet

_LOG = logging.getLogger("openroom.model")
_MEASURED_KINDS = frozenset({"remote", "local"})
"""What is never measured is the understudy, which says an author's lines, and a script."""
_LEVELS: dict[str, Level] = {"small": "small", "fair": "fair", "able": "able"}
_TRIES = 3
"""So often one question may be given up for somebody who speaks; then the next start measures."""


class Levels:
    """Sees to the levels of models as they are chosen. ``told`` says of each what it is and where that is from."""

    def __init__(self, lobby: Lobby, settle: float = 5.0) -> None:
        self._lobby, self._settle = lobby, settle
        self._tasks = Supervisor("levels")
        self._seen_to: list[asyncio.Task[None]] = []
        self._one_at_a_time = asyncio.Lock()
        self.told: list[dict[str, Any]] = []

    def begin(self, models: Sequence[MeteredModel], wanted: str) -> None:
        """See to these from now on, and no longer to those before. ``wanted`` is a level set by hand, or ``auto``."""
        for task in self._seen_to:
            task.cancel()
        self.told, self._seen_to = [], []
        for one in models:
            if one.info.kind not in _MEASURED_KINDS:
                continue
            one.level = _LEVELS.get(wanted)
            self._tell(one, "hand" if one.level else "default")
            if not one.level:
                self._seen_to.append(self._tasks.spawn(f"level of {one.info.name}", self._see_to(one)))

    async def close(self) -> None:
        """Measure no more."""
        await self._tasks.close()

    async def _see_to(self, model: MeteredModel) -> None:
        """Take the level that was kept, or measure it. What fails is tried again at the next start; until then the
        model's default stands."""
        try:
            if not await self._recall(model):
                await model.used.wait()
                async with self._one_at_a_time:
                    await self._measure(model)
        except (ModelError, StoreError) as error:
            _LOG.warning("the level of %s was not measured: %s", model.info.name, error)

    async def _recall(self, model: MeteredModel) -> bool:
        """Take a level that was kept; whether there was one."""
        try:
            kept = json.loads(await self._lobby.store.get(await _key(model)) or "null")
        except ValueError:
            return False
        if not isinstance(kept, dict) or kept.get("level") not in _LEVELS:
            return False
        model.level = _LEVELS[kept["level"]]
        self._tell(model, "measured", kept)
        return True

    async def _measure(self, model: MeteredModel) -> None:
        quiet = Quiet(self._lobby, self._settle)
        looking = self._tasks.spawn("quiet", quiet.watch())
        try:
            found = await level.measure(lambda request: _ask(model, quiet, request))
        finally:
            looking.cancel()
        model.level = found.level
        body = {"level": found.level, "points": found.points, "missed": list(found.missed)}
        self._tell(model, "measured", body)
        _LOG.info("%s talks on the level %s: %d points of 10", model.info.name, found.level, found.points)
        await self._lobby.store.put(await _key(model), json.dumps(body))

    def _tell(self, model: MeteredModel, source: Literal["hand", "default", "measured"], body: Any = None) -> None:
        info = model.info
        others = [one for one in self.told if (one["name"], one["kind"]) != (info.name, info.kind)]
        measured = {key: body[key] for key in ("points", "missed") if key in body} if body else {}
        self.told = [*others, {"name": info.name, "kind": info.kind, "level": info.level, "from": source, **measured}]


async def _ask(model: Model, quiet: Quiet, request: ModelRequest) -> str:
    """What a model writes, asked while it is quiet; given up, and asked again, when somebody speaks. Raises
    `ModelError`."""
    for _ in range(_TRIES):
        await quiet.wait()
        asking = asyncio.ensure_future(complete(model, request))
        woken = asyncio.ensure_future(quiet.woken())
        try:
            await asyncio.wait({asking, woken}, return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return asking.result()[0]
        finally:
            woken.cancel()
            asking.cancel()
            await asyncio.gather(asking, woken, return_exceptions=True)
    raise ModelUnreachable("Visitors were speaking all the time.")


async def _key(model: MeteredModel) -> str:
    where = getattr(model.model, "known_as", None)
    return level.key(model.info, await asyncio.to_thread(where) if callable(where) else "")
