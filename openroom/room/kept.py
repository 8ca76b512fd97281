"""What a room begins with: the state and the definitions that its log holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openroom.core.apply import replay
from openroom.core.event import Defined, Opened
from openroom.core.state import State
from openroom.errors import StoreCorrupt
from openroom.ports.store import Store

Definitions = dict[str, dict[str, Any]]
"""``{"scene": …, "props": {kind: …}, "characters": {id: …}, "lore": …}`` as JSON, the way the log pins them; the last
is the room's own book, if it was ever given one."""


async def stored(store: Store, room: str) -> tuple[State, int]:
    """The state that the log says, and the seq of the snapshot it was read from."""
    snapshot = await store.latest(room)
    tail = await store.events(room, after=snapshot.seq if snapshot else 0)
    return replay(tail, snapshot), snapshot.seq if snapshot else 0


async def definitions_of(store: Store, room: str, state: State) -> Definitions:
    """The definitions in force, from the events that ``state`` says they stand in."""
    places: Mapping[str, int] = state.hidden.get("defined", {})
    opened = await store.events(room, after=places.get("all", 1) - 1, until=places.get("all", 1))
    if not opened or not isinstance(opened[0], Opened):
        raise StoreCorrupt(f"room {room!r}: expected its opening event, came {opened[:1]!r}")
    found: Definitions = {"scene": opened[0].scene, "props": opened[0].props, "characters": opened[0].characters}
    for seq in sorted(seq for key, seq in places.items() if key != "all"):
        (event,) = await store.events(room, after=seq - 1, until=seq)
        assert isinstance(event, Defined)
        found = redefined(found, event.what, event.id, event.definition)
    return found


def redefined(definitions: Definitions, what: str, id: str, definition: dict[str, Any]) -> Definitions:
    """The definitions with another one of a scene, prop or character, or another book of the room's own."""
    if what in ("scene", "lore"):
        return {**definitions, what: definition}
    shelf = {"prop": "props", "character": "characters"}[what]
    return {**definitions, shelf: {**definitions[shelf], id: definition}}
