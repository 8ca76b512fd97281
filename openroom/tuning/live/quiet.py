"""Giving way: tuning works only while every room is quiet, and what it asks a model is given up when one wakes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

from openroom.core.harness import Harness
from openroom.evals.case import Case
from openroom.evals.evaluator import Evaluator
from openroom.evals.played import PlayedCase
from openroom.lobby.lobby import Lobby
from openroom.ports.model import Delta, Model, ModelInfo, ModelRequest, Usage

LOOK_SECONDS = 0.05
"""How often rooms are looked at: a tenth of the 500 ms within which tuning gives way."""


class Quiet:
    """Whether visitors leave the machine to tuning. ``settle`` seconds must pass after the last turn; ``held`` is set
    by an operator's pause. `watch` runs as a task while there is something to tune."""

    def __init__(self, lobby: Lobby, settle: float = 2.0) -> None:
        self._lobby, self._settle = lobby, settle
        self._quiet, self._woken = asyncio.Event(), asyncio.Event()
        self._since: float | None = None
        self.held = False
        self.reason = ""

    async def watch(self) -> None:
        """Look at the rooms again and again."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Look once; wakes and stops those who wait."""
        self.reason = self._why_not()
        now = asyncio.get_running_loop().time()
        if self.reason:
            self._since = None
            self._quiet.clear()
            self._woken.set()
            return
        self._since = now if self._since is None else self._since
        if now - self._since >= self._settle or not self._lobby.running:
            self._woken.clear()
            self._quiet.set()

    def _why_not(self) -> str:
        if self.held:
            return "paused"
        if any(director.busy for director in self._lobby.directors.values()):
            return "visitors"
        status = self._lobby.model_status.get("status", {})
        return "model" if status.get("state", "ready") != "ready" else ""

    async def wait(self) -> None:
        await self._quiet.wait()

    async def woken(self) -> None:
        """Until somebody wants the machine."""
        await self._woken.wait()


@asynccontextmanager
async def watching(quiet: Quiet) -> AsyncIterator[None]:
    """Rooms are looked at as long as this lasts."""
    task = asyncio.create_task(quiet.watch())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class GivingWay:
    """A model as tuning may use it. A call starts only while it is quiet; when somebody speaks, it is cancelled, and
    asked again from the start afterwards. ``given_up`` counts such calls: they may have cost something.

    Calls go to the ledger under the purpose ``tune``, and to no room.
    """

    def __init__(self, model: Callable[[], Model], quiet: Quiet) -> None:
        self._model, self._quiet = model, quiet
        self.given_up = 0

    @property
    def info(self) -> ModelInfo:
        return self._model().info

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """As `Model.stream`, all at once at the end."""
        asked = replace(request, purpose="tune", room="", stable=0)
        while True:
            await self._quiet.wait()
            pieces = await self._unless_woken(asked)
            if pieces is not None:
                break
            self.given_up += 1
        for piece in pieces:
            yield piece

    async def _unless_woken(self, request: ModelRequest) -> list[Delta | Usage] | None:
        reading = asyncio.ensure_future(self._read(request))
        woken = asyncio.ensure_future(self._quiet.woken())
        try:
            await asyncio.wait({reading, woken}, return_when=asyncio.FIRST_COMPLETED)
            return reading.result() if reading.done() else None
        finally:
            woken.cancel()
            reading.cancel()
            await asyncio.gather(reading, woken, return_exceptions=True)

    async def _read(self, request: ModelRequest) -> list[Delta | Usage]:
        async with aclosing(cast("Any", self._model().stream(request))) as stream:
            return [piece async for piece in stream]


@dataclass(slots=True)
class PoliteEvaluator(Evaluator):
    """An evaluator whose plays also count the calls that were given up for a visitor."""

    giving_way: GivingWay | None = field(default=None)

    async def play(self, case: Case, harness: Harness, seed: int) -> tuple[PlayedCase, bool]:
        before = self.giving_way.given_up if self.giving_way else 0
        played, cached = await Evaluator.play(self, case, harness, seed)
        lost = self.giving_way.given_up - before if self.giving_way else 0
        return (
            (replace(played, spent=replace(played.spent, calls=played.spent.calls + lost)), cached)
            if lost
            else (
                played,
                cached,
            )
        )
