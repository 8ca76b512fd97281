"""Who is named in the newest part of a room's story: they stay in its state when they have left."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from openroom.core.event import Event, Moved
from openroom.core.people import WINDOW, names_in
from openroom.ports.store import Store
from openroom.room.story import read_story


class Named:
    """The names of the last `WINDOW` events, read from the log when they are first asked for."""

    def __init__(self, room: str, store: Store) -> None:
        self._room, self._store = room, store
        self._names: deque[set[str]] | None = None

    def take(self, events: Sequence[Event]) -> None:
        """The story has gone on; where it was rewound it is read anew."""
        if any(isinstance(event, Moved) for event in events):
            self._names = None
        elif self._names is not None:
            self._names.extend(names_in(event) for event in events)

    async def upto(self, head: int) -> set[str]:
        """Everybody who is named in the story that ends in ``head``. Raises `StoreError`."""
        if self._names is None:
            story = await read_story(self._store, self._room, head, WINDOW)
            self._names = deque((names_in(event) for event in story), maxlen=WINDOW)
        return set().union(*self._names)
