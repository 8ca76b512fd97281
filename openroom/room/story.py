"""The newest part of a room's story, read back from the log along the active path."""

from __future__ import annotations

from openroom.core.branches import active
from openroom.core.event import Event
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
