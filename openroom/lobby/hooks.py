"""Hooks: an embedding game's code that is called with every room as it opens, and the rooms it keeps meanwhile."""

from __future__ import annotations

import asyncio
import inspect
import logging
import weakref
from collections.abc import Awaitable, Callable

from openroom.room.room import Room

_log = logging.getLogger("openroom.lobby")

RoomHook = Callable[[Room], Awaitable[None] | None]


class Hooks:
    """Those of one lobby, in the order in which they came."""

    def __init__(self) -> None:
        self._hooks: list[RoomHook] = []
        self._opening: dict[str, tuple[asyncio.Task[object] | None, Room]] = {}

    def add(self, hook: RoomHook) -> Callable[[], None]:
        """Have it called; the function that comes back ends that."""
        self._hooks.append(hook)

        def end() -> None:
            if hook in self._hooks:
                self._hooks.remove(hook)

        return end

    async def attend(self, room: Room) -> None:
        """Call all of them with a room that is being opened."""
        self._opening[room.id] = (asyncio.current_task(), room)
        try:
            for hook in tuple(self._hooks):
                await call(hook, room)
        finally:
            del self._opening[room.id]

    def opening(self, room: str) -> Room | None:
        """The room, where it is one of its own hooks that asks for it (which must not wait for itself)."""
        task, found = self._opening.get(room, (None, None))
        return found if task is asyncio.current_task() else None


async def call(hook: RoomHook, room: Room) -> None:
    """Call a hook. What listens from in there does so until the room closes; what it raises is logged."""
    with room.heard_by.opening():
        try:
            answer = hook(room)
            if inspect.isawaitable(answer):
                await answer
        except Exception:  # noqa: BLE001 - any fault of a game's hook
            _log.exception("a hook failed", extra={"room": room.id})


class Asleep:
    """Rooms that closed while idle and that somebody may have kept: they open again as the same object. Held only where
    listeners wait for that."""

    def __init__(self) -> None:
        self._rooms: weakref.WeakValueDictionary[str, Room] = weakref.WeakValueDictionary()
        self._listened: dict[str, Room] = {}

    def add(self, room: Room) -> None:
        """It has closed."""
        self._rooms[room.id] = room
        if room.heard_by.last:
            self._listened[room.id] = room

    def take(self, room: str) -> Room | None:
        """It opens again, or never will; ``None`` where nobody kept it."""
        self._listened.pop(room, None)
        return self._rooms.pop(room, None)

    def take_all(self) -> list[Room]:
        """None of them will open again."""
        return [found for room in list(self._rooms) if (found := self.take(room))]
