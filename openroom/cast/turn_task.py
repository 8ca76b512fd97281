"""A turn being played: it ends in a result, whatever happens to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from openroom.cast.turn.turn import Turn, TurnResult
from openroom.errors import ModelError, RoomClosed, StoreError, TurnUnwritten
from openroom.ports.model import Model
from openroom.room.supervisor import Supervisor


class TurnTask:
    """Plays one turn under the room's supervisor. Stop, a deadline, a failing model and a fault end in a result."""

    def __init__(self, turn: Turn, tasks: Supervisor, limit_ms: int) -> None:
        self.turn = turn
        self._limit = limit_ms / 1000
        self._result: TurnResult | None = None
        self._stopped, self._keep = False, True
        self._tasks = tasks
        self._understudy: Model | None = None
        self._task = self._begin(turn.run)

    def stop(self, *, keep: bool = True) -> bool:
        """Cut the reply short, and drop it unless what was shown is to be kept; false when it is over already."""
        if self._task.done():
            return False
        self._stopped, self._keep = True, keep
        self._task.cancel()
        return True

    def recite(self, understudy: Model) -> bool:
        """Have the author's lines answer, and give up the model's call; false when its words are there, or a Stop."""
        if self._task.done() or self._stopped or self._understudy is not None or not self.turn.waited_for:
            return False
        self._understudy = understudy
        self._task.cancel()
        return True

    async def result(self) -> TurnResult:
        """Wait for the end. After a Stop, or when a reply broke off, what was shown is what was said."""
        await asyncio.wait({self._task})
        if self._understudy is not None and self._result is None and not self._stopped:
            self._task = self._begin(partial(self.turn.recite, self._understudy))
            await asyncio.wait({self._task})
        if self._result is None:
            if not self._stopped:
                raise asyncio.CancelledError("the room is closing")
            return await self._cut()
        if self._result.outcome == "failed":
            cut = await self._cut()
            return replace(self._result, seqs=cut.seqs, reply=cut.reply)
        return self._result

    def _begin(self, play: Callable[[], Awaitable[TurnResult]]) -> asyncio.Task[None]:
        return self._tasks.spawn("turn", self._play(play), on_error=self._fault)

    async def _play(self, play: Callable[[], Awaitable[TurnResult]]) -> None:
        name = self.turn.character.name
        try:
            async with asyncio.timeout(self._limit):
                self._result = await play()
        except TimeoutError:
            self._result = TurnResult("failed", error=ModelError(f"{name} took too long."))
        except ModelError as error:
            self._result = TurnResult("failed", error=error)
        except StoreError as error:
            self._result = TurnResult("failed", error=unwritten(name, error))
        except RoomClosed:  # the room was closed or deleted meanwhile
            self._result = TurnResult("stopped")

    async def _cut(self) -> TurnResult:
        if not self._keep:
            return TurnResult("stopped")
        try:
            return await self.turn.cut()
        except (RoomClosed, StoreError):
            return TurnResult("stopped")

    def _fault(self, _error: BaseException) -> None:
        self._result = TurnResult("failed", error=ModelError(f"{self.turn.character.name} lost the thread."))


def unwritten(name: str, reason: StoreError) -> TurnUnwritten:
    """What people are told when the store fails in the middle of a turn; ``reason`` is for the log."""
    error = TurnUnwritten(f"{name} lost the thread: what was said could not be written down.")
    error.__cause__ = reason
    return error
