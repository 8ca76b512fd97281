"""The newest part of a room's story, read back from the log along the active path."""

from __future__ import annotations

import asyncio

from openroom.core.branches import active
from openroom.core.event import Event
from openroom.core.state import State
from openroom.ports.store import Store


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
