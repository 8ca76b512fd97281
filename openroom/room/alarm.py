"""The alarm: rings for the timer of a room that is due first. Timers are state, so they survive a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from openroom.core.state import State
from openroom.room.clock import Clock


class Alarm:
    """Holds one handle of the event loop. ``ring`` is called with the timer's id."""

    def __init__(self, clock: Clock, ring: Callable[[str], None]) -> None:
        self._clock, self._ring = clock, ring
        self._handle: asyncio.TimerHandle | None = None

    def arm(self, state: State) -> None:
        """Set the alarm to the first of the state's timers, if it has any."""
        self.close()
        timers = state.hidden.get("timers", {})
        if not timers:
            return
        timer, first = min(timers.items(), key=lambda item: item[1]["at"])
        delay = max(0, first["at"] - self._clock()) / 1000
        self._handle = asyncio.get_running_loop().call_later(delay, self._ring, timer)

    def close(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
