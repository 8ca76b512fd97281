"""Forking a room at a moment into a room of one's own, and what binds the two after that: an erasure holds in both."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from openroom.core.action import Erase
from openroom.core.actor import SYSTEM, Actor
from openroom.core.branches import Tree
from openroom.core.event import Erased, Event
from openroom.core.forked import Numbers, Origin, forked
from openroom.core.prop import Refusal
from openroom.core.view import perceives
from openroom.errors import OpenroomError, RefusedError, RoomNotFound, StoreError
from openroom.ports.store import RoomRecord
from openroom.room.room import Room
from openroom.room.told import Told

if TYPE_CHECKING:
    from openroom.lobby.lobby import Lobby

_log = logging.getLogger("openroom.lobby")
_ALL = 2**31 - 1
_PAGE = 2000


class Forking:
    """The forks of a lobby's rooms."""

    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby
        self._one = asyncio.Lock()

    async def log_of(self, room: Room, actor: Actor, seq: int) -> tuple[list[Event], Numbers]:
        """The log of a fork of ``room`` after event ``seq`` (of any way that its story took), and which number its
        events have there. Raises `RefusedError` where ``actor`` perceived no such event, and `StoreError`."""
        await room.settled()
        event = await room.event(seq)
        told = await Told.of(room.store, room.id, room.state, actor.id)
        tree = Tree.of(room.state)
        if event is None or tree.is_move(seq):
            raise RefusedError("unknown_target", f"Event {seq} is no moment of this story.")
        if not actor.may_run_room and not perceives(actor.id, event, told.visits):
            raise RefusedError("unknown_target", f"Event {seq} is no moment of this story.")
        state = await room.past(seq)
        visits = {**room.state.hidden.get("visits", {}), **told.visits}
        perceiver = "" if actor.may_run_room else actor.id
        forked_itself = room.state.hidden.get("forked")
        origin = Origin(room.id, tree.path(seq), state, room.world, visits, actor.id, perceiver, forked_itself)
        events: list[Event] = []
        for first, last in origin.spans:
            for after in range(first - 1, last, _PAGE):
                events += await room.store.events(room.id, after=after, until=min(last, after + _PAGE))
        now = self._lobby.clock()
        log = await asyncio.to_thread(forked, origin, events, room.definitions, now)
        return log, Numbers(origin.spans)

    async def keep(self, room: Room, fork: RoomRecord, log: Sequence[Event], numbers: Numbers) -> None:
        """Store the fork of ``room``, whole or not at all. Raises `StoreError`."""
        await self._lobby.store.create_room(fork)
        try:
            await self._lobby.store.append(fork.id, log)
            await self._bind(room, fork.id, log, numbers)
        except StoreError:
            await self._lobby.store.delete_room(fork.id)
            raise

    async def _bind(self, room: Room, fork: str, log: Sequence[Event], numbers: Numbers) -> None:
        """Characters remember in the fork what they did in ``room`` up to there; and it is noted whose fork it is."""
        taken = {event.seq for event in log if event.kind not in ("configured", "defined", "opened")}
        path = (seq for first, last, _ in numbers.rows() for seq in range(first, last + 1))
        pairs = {seq: number for seq in path if (number := numbers.of(seq)) in taken}
        await self._lobby.store.memories.share(room.id, fork, pairs)
        async with self._one:
            for origin in (room.id, *(one["room"] for one in _origins(room))):
                known = json.loads(await self._lobby.store.get(_key(origin)) or "[]")
                await self._lobby.store.put(_key(origin), json.dumps([*known, fork]))

    def attend(self, room: Room) -> None:
        """Keep a room's forks, and a fork, to what is erased where they come from."""
        with room.heard_by.opening():  # until it closes: it is attended to again when it opens again
            room.listen(lambda events: self._on_events(room, events))
        if "forked" in room.state.hidden:
            room.tasks.spawn("forked", self._keep_to(room))

    def _on_events(self, room: Room, events: Sequence[Event]) -> None:
        if any(isinstance(event, Erased) for event in events):
            room.tasks.spawn("forks", self._erase_in_forks(room.id))

    async def forget(self, room: str) -> None:
        """A room is deleted: which were its forks is noted no more. That it was one itself is found when next something
        is erased where it came from."""
        async with self._one:
            await self._lobby.store.put(_key(room), None)

    async def _forget(self, origin: str, fork: str) -> None:
        known = json.loads(await self._lobby.store.get(_key(origin)) or "[]")
        left = [one for one in known if one != fork]
        await self._lobby.store.put(_key(origin), json.dumps(left) if left else None)

    async def _erase_in_forks(self, room: str) -> None:
        for fork in json.loads(await self._lobby.store.get(_key(room)) or "[]"):
            try:
                await self._keep_to(await self._lobby.open(fork))
            except RoomNotFound:
                async with self._one:
                    await self._forget(room, fork)
            except OpenroomError as error:  # it is done when the fork opens
                _log.info("a fork can't be opened now", extra={"room": fork, "error": str(error)})

    async def _keep_to(self, fork: Room) -> None:
        """Erase in a fork what was erased where it comes from, and where that came from."""
        targets: set[int | None] = set()
        steps: list[Numbers] = []
        for came_from in _origins(fork):
            steps = [Numbers(tuple((first, last) for first, last, _ in came_from["rows"])), *steps]
            erased = await fork.store.last(came_from["room"], _ALL, ("erased",))
            targets |= {_through(steps, event.target) for event in erased if isinstance(event, Erased)}
        for seq in sorted(target for target in targets if target is not None):
            event = await fork.event(seq)
            if event is not None and not event.erased:
                answer = await fork.submit(SYSTEM, Erase(seq=seq))
                if isinstance(answer, Refusal):
                    facts = {"room": fork.id, "seq": seq, "reason": answer.reason}
                    _log.error("what was erased in a room stands in its fork", extra=facts)


def _origins(room: Room) -> Iterator[Mapping[str, Any]]:
    """Where a room was forked from, and that one, as far as they were, as `forked` notes it."""
    came_from = room.state.hidden.get("forked")
    while came_from is not None:
        yield came_from
        came_from = came_from.get("from")


def _through(steps: Sequence[Numbers], seq: int) -> int | None:
    """The number that an event of the first room has after all these forks; ``None``: it was not taken along."""
    found: int | None = seq
    for step in steps:
        found = None if found is None else step.of(found)
    return found


def _key(room: str) -> str:
    """Where the store keeps which rooms were forked from one."""
    return f"forks of {room}"
