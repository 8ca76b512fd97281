"""Erasing: how the words of an event leave log, snapshots and ring once the event that erases them is durable."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from openroom.core.event import Erased, Event, Used
from openroom.core.prop import Prop
from openroom.core.redact import Standing, Tracing, strike_of
from openroom.core.state import State
from openroom.errors import StoreError
from openroom.ports.store import Store
from openroom.room.feed import Feed
from openroom.room.supervisor import Supervisor

_log = logging.getLogger("openroom.room")

AGAIN_SECONDS = 5.0
"""So long after the store failed it is asked again for what has to be done."""


class Erasing:
    """What a room erases, one after the other. ``rules`` gives those of a thing, as they are now."""

    def __init__(
        self, room: str, store: Store, feed: Feed, tasks: Supervisor, rules: Callable[[str], Prop | None]
    ) -> None:
        self._room, self._store, self._feed, self._tasks, self._rules = room, store, feed, tasks, rules
        self._running: asyncio.Task[None] | None = None

    def soon(self, erased: Erased) -> None:
        """Take the words that ``erased`` names out, after what is being erased already."""
        self._running = self._tasks.spawn("erase", self._after(self._running, erased))

    async def settled(self) -> None:
        """Wait for what is being erased: else words that were just erased could come back."""
        if self._running is not None:
            await asyncio.wait([self._running])

    async def standing(self, target: Used) -> Standing:
        """Where what ``target`` wrote on a thing stands now."""
        strike = strike_of(target, self._rules(target.prop))
        if strike is None:
            return Standing()
        await self.settled()
        before = await self._store.latest(self._room, until=strike.seq - 1) or State()
        events = await self._store.touching(self._room, strike.prop, after=before.seq)
        return await asyncio.to_thread(_standing, Tracing(strike, before), events)

    async def forget(self, erased: Erased) -> None:
        """Take the words out of log, snapshots and ring. Doing it again is harmless."""
        event = await self._event(erased.target)
        if isinstance(event, Used) and not event.erased:
            strike = strike_of(event, self._rules(event.prop))
            if strike is not None:
                strike = replace(strike, everywhere=erased.actor != event.actor)
                for struck in await self._store.strike(self._room, strike, erased.seq - 1):
                    self._feed.forget(struck)
        await self._store.erase(self._room, erased.target)
        event = await self._event(erased.target)
        if event is not None:
            self._feed.forget(event)

    async def resume(self, erased: Erased) -> None:
        """After a start: `forget` what a crash kept from being forgotten."""
        event = await self._event(erased.target)
        if event is not None and not event.erased:
            await self.forget(erased)

    async def _after(self, before: asyncio.Task[None] | None, erased: Erased) -> None:
        if before is not None:
            await asyncio.wait([before])
        if not await self._done(erased):
            self._tasks.spawn("erase again", self._again(erased))

    async def _again(self, erased: Erased) -> None:
        """A promise was given: the words go when the store can be written again."""
        done = False
        while not done:
            await asyncio.sleep(AGAIN_SECONDS)
            done = await self._done(erased)

    async def _done(self, erased: Erased) -> bool:
        try:
            await self.forget(erased)
        except StoreError as error:
            _log.error("erasing has to wait", extra={"room": self._room, "error": str(error)})
            return False
        return True

    async def _event(self, seq: int) -> Event | None:
        found = await self._store.events(self._room, after=seq - 1, until=seq)
        return found[0] if found else None


def _standing(tracing: Tracing, events: list[Event]) -> Standing:
    for event in events:
        tracing.take(event)
    return tracing.standing
