"""Presence: who is connected, and the grace that a lost connection has before its person leaves the room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from openroom.core.state import State
from openroom.room.clock import Clock


class Presence:
    """Counts connections by participant. ``lost`` is called when somebody did not come back within ``grace_ms``."""

    def __init__(self, clock: Clock, grace_ms: int, lost: Callable[[str], None]) -> None:
        self._clock, self._grace_ms, self._lost = clock, grace_ms, lost
        self._connections: dict[str, int] = {}
        self._graces: dict[str, asyncio.TimerHandle] = {}
        self.idle_since: int | None = clock()

    def await_return(self, state: State) -> None:
        """After a restart: those the log still has in the room get the grace to come back."""
        for who in state.here():
            if state.people[who]["kind"] != "character":
                self._begin_grace(who)

    def is_connected(self, who: str) -> bool:
        return who in self._connections

    def is_awaited(self, who: str) -> bool:
        """Whether somebody has hung up a moment ago and may come back."""
        return who in self._graces

    def connected(self, who: str) -> None:
        self._connections[who] = self._connections.get(who, 0) + 1
        if grace := self._graces.pop(who, None):
            grace.cancel()
        self.idle_since = None

    def disconnected(self, who: str, state: State) -> None:
        """One connection less; after the last one the grace begins."""
        left = self._connections.get(who, 0) - 1
        if left > 0:
            self._connections[who] = left
            return
        self._connections.pop(who, None)
        if not self._connections:
            self.idle_since = self._clock()
        if state.is_here(who):
            self._begin_grace(who)

    def close(self) -> None:
        for grace in self._graces.values():
            grace.cancel()
        self._graces.clear()

    def _begin_grace(self, who: str) -> None:
        self._graces[who] = asyncio.get_running_loop().call_later(self._grace_ms / 1000, self._over, who)

    def _over(self, who: str) -> None:
        self._graces.pop(who, None)
        if who not in self._connections:
            self._lost(who)
