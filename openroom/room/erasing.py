"""Erasing: how the words of an event leave log, snapshots and ring once the event that erases them is durable."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from openroom.core.event import Branched, Erased, Event, Saved, Used
from openroom.core.naming import same_names
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

_ALL = 2**31 - 1
"""More than a room has erased."""


class Erasing:
    """What a room erases, one after the other. ``rules`` gives those of a thing, as they are now;
    ``owner`` runs the room and takes their own words out everywhere, too.

    What was promised stays pending until it is done, however long the store takes to come back.
    """

    def __init__(
        self,
        room: str,
        store: Store,
        feed: Feed,
        tasks: Supervisor,
        rules: Callable[[str], Prop | None],
        owner: str = "",
    ) -> None:
        self._room, self._store, self._feed, self._tasks, self._rules = room, store, feed, tasks, rules
        self._owner = owner
        self._pending: dict[int, Erased] = {}
        self._running: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()

    @property
    def targets(self) -> set[int]:
        """The events whose words are still to be taken out."""
        return {erased.target for erased in self._pending.values()}

    @property
    def pending(self) -> bool:
        """Whether words that are to be forgotten may still stand in log and ring."""
        return bool(self._pending)

    def soon(self, erased: Erased) -> None:
        """Take the words that ``erased`` names out, after what is being erased already."""
        self._pending[erased.seq] = erased
        if self._running is None or self._running.done():
            self._tried.clear()
            self._running = self._tasks.spawn("erase", self._run())

    async def tried(self) -> bool:
        """Wait for what is being erased; whether all of it is done, which it is not while the store fails."""
        if self._pending:
            await self._tried.wait()
        return not self._pending

    async def settled(self) -> None:
        """Wait for what is being erased: else words that were just erased could be seen, or come back. Raises
        `StoreError` while the store does not take them out."""
        if not await self.tried():
            raise StoreError("What was erased has to leave the store first, which fails now.")

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
        """Take the words out of log, snapshots and ring, unless that is done."""
        event = await self._event(erased.target)
        if event is None or event.erased:
            return
        if isinstance(event, Used):
            strike = strike_of(event, self._rules(event.prop))
            if strike is not None:
                strike = replace(strike, everywhere=erased.actor != event.actor or erased.actor == self._owner)
                for struck in await self._store.strike(self._room, strike, erased.seq - 1):
                    self._feed.forget(struck)
        if isinstance(event, Saved | Branched):
            named = await self._store.last(self._room, _ALL, ("saved", "branched"))
            for other in same_names(event, (one for one in named if one.seq != event.seq)):
                await self._erase(other.seq)
        await self._erase(erased.target)

    async def _erase(self, seq: int) -> None:
        await self._store.erase(self._room, seq)
        if gone := await self._event(seq):  # what the strike took out of its patch is gone, too
            self._feed.forget(gone)

    async def resume(self) -> None:
        """After a start: `forget` what was kept from being forgotten, however long ago."""
        for event in await self._store.last(self._room, _ALL, ("erased",)):
            if isinstance(event, Erased):
                self.soon(event)

    async def _run(self) -> None:
        try:
            while self._pending:
                for seq, erased in tuple(self._pending.items()):
                    if await self._done(erased):
                        del self._pending[seq]
                    else:
                        self._tried.set()
                        await asyncio.sleep(AGAIN_SECONDS)
                        self._tried.clear()
        finally:
            self._tried.set()

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
