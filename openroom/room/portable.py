"""Rooms as files: the whole log of a room in JSON, out of one server and into another."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openroom.core.apply import DERIVED_LATER, replay
from openroom.core.event import Event, Opened, dump
from openroom.core.state import State
from openroom.errors import DefinitionError, RoomNotFound, StoreCorrupt, StoreError
from openroom.ports.store import RoomRecord, Store
from openroom.protocol.messages import explain

FORMAT = 1
View = Callable[[Sequence[Event]], list[dict[str, Any]]]
"""What somebody gets to see of some events."""
_PAGE = 500
DEEPEST = 64
"""No state of a room nests as deep; the store would not take what nests much deeper."""
_ROOM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,79}")
RoomId = Annotated[str, Field(pattern=f"^{_ROOM_ID.pattern}$")]


def is_room_id(text: str) -> bool:
    """Whether a room could have this id: asked before anything else is done with what somebody sent."""
    return _ROOM_ID.fullmatch(text) is not None


class RoomFile(BaseModel):
    """A full export. ``events`` are all events, from 1 without gaps; the first pins the definitions."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1]
    full: Literal[True]
    room: RoomId
    scene: str = Field(max_length=80)
    title: str = Field(default="", max_length=200)
    epoch: str = Field(default="", max_length=64)
    seq: int = Field(ge=1)
    events: list[Event] = Field(min_length=1)


def read_file(data: bytes) -> RoomFile:
    """A full export. Raises `DefinitionError`, which says what was expected where."""
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise DefinitionError("a room's full export (JSON)", came=str(error)) from None
    if _is_deeper(body, DEEPEST):
        raise DefinitionError(f"a room's full export, nested at most {DEEPEST} deep")
    if isinstance(body, dict) and body.get("full") is False:
        raise DefinitionError("a full export (full=true)", came="one person's view of the room")
    try:
        return RoomFile.model_validate(body)
    except ValidationError as error:
        raise DefinitionError(f"a room's full export: {explain(error)}") from None


def _is_deeper(value: Any, most: int) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        parts = (one.values() if isinstance(one, dict) else one for one in level)
        level = [inner for part in parts for inner in part if isinstance(inner, dict | list)]
    return bool(level)


def final_state(events: list[Event]) -> State:
    """The state after these events. Raises `DefinitionError` when they are no room's log."""
    if not isinstance(events[0], Opened):
        raise DefinitionError("the event `opened` first", came=events[0].kind, key="events[0]")
    try:
        return replay(events)
    except StoreCorrupt as error:
        raise DefinitionError(f"events without gaps: {error}", key="events") from None


def digest(state: State) -> str:
    """A short fingerprint of a state, equal exactly where the state is: replay and compare. What a later build derives
    from the same log is left out, so that fingerprints of earlier ones hold."""
    hidden = {key: value for key, value in state.hidden.items() if key not in DERIVED_LATER}
    body = {"seq": state.seq, "shared": state.shared, "hidden": hidden}
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


async def export_room(store: Store, room: str) -> dict[str, Any]:
    """All of a room. Raises `RoomNotFound`."""
    record = await store.room(room)
    if record is None:
        raise RoomNotFound(f"There is no room {room!r}.")
    pieces = [piece async for piece in exported(store, record, await store.head(room), None)]
    body: dict[str, Any] = orjson.loads(b"".join(pieces))
    return body


async def exported(store: Store, record: RoomRecord, seq: int, view: View | None) -> AsyncIterator[bytes]:
    """The export of a room up to an event, piece by piece: of each page of events its ``view`` (``None``: all of it).
    It is put together in threads, so that a long log holds nobody up.
    """
    head = {"format": FORMAT, "full": view is None, "room": record.id, "scene": record.scene, "title": record.title}
    yield orjson.dumps({**head, "epoch": record.epoch, "seq": seq})[:-1] + b',"events":['
    after, between = 0, b""
    while after < seq:
        page = await store.events(record.id, after=after, until=seq, limit=_PAGE)
        if not page:
            break
        after = page[-1].seq
        if piece := await asyncio.to_thread(_written, page, view):
            yield between + piece
            between = b","
    yield b"]}"


def _written(events: Sequence[Event], view: View | None) -> bytes:
    bodies = [dump(event) for event in events] if view is None else view(events)
    return b",".join(map(orjson.dumps, bodies))


async def import_room(store: Store, file: RoomFile, now: int, owner: str = "") -> RoomRecord:
    """Store a full export as a room, under its own id where that is free, else under a new one.

    Raises `DefinitionError` when the events are no room's log, `StoreError` when they could not be stored.
    """
    state = final_state(file.events)
    taken = await store.room(file.room) is not None
    id = f"{file.room[:70]}-{secrets.token_hex(4)}" if taken else file.room
    is_open = bool(state.shared.get("run", {}).get("open"))
    record = RoomRecord(id, file.scene, file.title, owner, is_open, now, now, secrets.token_hex(6))
    await store.create_room(record)
    try:
        await store.append(id, file.events)
    except StoreError:
        await store.delete_room(id)  # a room without its events would begin anew when somebody opens it
        raise
    return record
