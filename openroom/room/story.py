"""The newest part of a room's story, read back from the log along the active path."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from openroom.core.branches import active
from openroom.core.event import Event
from openroom.core.state import State
from openroom.core.view import story_of, visits_of
from openroom.ports.store import Store

_UNSEEN = 40
"""So many events more are looked at first: mostly not more of the newest are others' whispers and the like."""
_AT_MOST = 3
"""So many times the events that are wanted are looked at in the end."""


async def read_story(store: Store, room: str, head: int, count: int, since: int = 1) -> list[Event]:
    """The ``count`` newest events of the path that ends in ``head``, oldest first, however far back they lie; none of
    before event ``since``."""
    path: list[Event] = []
    seq = head
    while seq >= since and len(path) < count:
        part = active(await store.events(room, after=max(since - 1, seq - count), until=seq), seq)
        if not part:
            break
        path = [*part, *path]
        first = part[0]
        seq = first.seq - 1 if first.parent is None else first.parent
    return path[-count:]


async def perceived_lately(
    who: str, count: int, recent: Callable[[int, int], Awaitable[list[Event]]], now: Callable[[], State]
) -> list[dict[str, Any]]:
    """The ``count`` newest events of a story that ``who`` perceived, oldest first, of the ``3 * count`` newest: by
    ``recent(count, since)``, which reads the story, and ``now``, the state that it ends with."""
    visits = visits_of(now()).get(who, {})
    since = min((int(start) for start in visits), default=1)  # what was before, one has not perceived
    found: list[dict[str, Any]] = []
    for looked_at in (count + _UNSEEN, count * _AT_MOST):
        events = await recent(looked_at, since)
        found = story_of(who, events, now())
        if len(found) >= count or len(events) < looked_at:
            break
    return found[-count:]


class Newest:
    """The newest part of a room's story, read once for all who ask for it at the same event: after a jump everybody
    does."""

    def __init__(self, store: Store, room: str) -> None:
        self._store, self._room = store, room
        self._at: tuple[int, int] = (0, 0)
        self._since = 1
        self._story: list[Event] = []
        self._one = asyncio.Lock()

    async def of(self, state: State, count: int, since: int) -> list[Event]:
        """As `read_story`, of the story of ``state``. Raises `StoreError`."""
        async with self._one:
            if self._at != (state.seq, count) or self._since > since:
                self._story = await read_story(self._store, self._room, state.head, count, since)
                self._at, self._since = (state.seq, count), since
            return [event for event in self._story if event.seq >= since]

    def forget(self) -> None:
        """Words are erased: what was read of them is not kept."""
        self._at, self._story = (0, 0), []
