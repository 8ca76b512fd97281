"""The event log in a database: appends that share transactions, reads that stay off the event loop, snapshots."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson
from pydantic import ValidationError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from openroom.core.event import EVENT, Event, dump, erase
from openroom.core.state import State
from openroom.errors import StoreCorrupt
from openroom.store.database import Database
from openroom.store.memories import drop_citing
from openroom.store.tables import events, snapshots

_CHUNK = 1000
"""Rows read at a time: decoding them takes a few milliseconds."""
_INLINE = 32
"""So few events are decoded at once; more go to a thread."""


@dataclass(slots=True, eq=False)
class _Batch:
    """What one caller appends to one room."""

    room: str
    rows: list[dict[str, Any]]
    error: StoreCorrupt | None = None

    @property
    def first(self) -> int:
        return int(self.rows[0]["seq"])

    @property
    def last(self) -> int:
        return int(self.rows[-1]["seq"])


@dataclass(slots=True, eq=False)
class _Group:
    """Batches that will be written by one statement."""

    batches: list[_Batch] = field(default_factory=list)
    done: asyncio.Future[None] | None = None


class SqlEventLog:
    """`openroom.store.port.EventLog` over a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heads: dict[str, int] = {}
        self._open_group: _Group | None = None

    async def append(self, room: str, events: Sequence[Event]) -> None:
        """See `openroom.store.port.EventLog.append`. A caller that is cancelled has its events written all the same."""
        if not events:
            return
        if any(first.seq + 1 != second.seq for first, second in pairwise(events)):
            raise StoreCorrupt(f"Room {room}: expected events in a row, came {[event.seq for event in events]}.")
        batch = _Batch(room, [_row(room, event) for event in events])
        group = self._open_group
        if group is None or group.done is None:
            group = self._open_group = _Group()
            group.done = self._submit(group)
        group.batches.append(batch)
        await asyncio.shield(group.done)
        if batch.error is not None:
            raise batch.error

    def _submit(self, group: _Group) -> asyncio.Future[None]:
        async def write(connection: AsyncConnection) -> None:
            self._close_group(group)
            await self._write(connection, group.batches)

        def undo() -> None:
            self._close_group(group)
            self._heads.clear()

        return self._database.submit(write, undo)

    def _close_group(self, group: _Group) -> None:
        if self._open_group is group:
            self._open_group = None

    async def _write(self, connection: AsyncConnection, batches: list[_Batch]) -> None:
        rows: list[dict[str, Any]] = []
        for batch in batches:
            head = self._heads.get(batch.room)
            if head is None:
                head = await _head(connection, batch.room)
            if batch.first == head + 1:
                rows += batch.rows
                head = batch.last
            else:
                batch.error = StoreCorrupt(f"Room {batch.room}: expected event {head + 1} next, came {batch.first}.")
            self._heads[batch.room] = head
        if rows:
            try:
                await connection.execute(_INSERT, rows)
            except IntegrityError as error:
                raise StoreCorrupt(f"Expected to be the only one who writes, came: {error.orig}.") from error

    async def events(
        self, room: str, after: int = 0, until: int | None = None, limit: int | None = None
    ) -> list[Event]:
        """See `openroom.store.port.EventLog.events`."""
        found: list[Event] = []
        while limit is None or len(found) < limit:
            count = _CHUNK if limit is None else min(_CHUNK, limit - len(found))
            query = select(events.c.body).where(events.c.room == room, events.c.seq > after)
            if until is not None:
                query = query.where(events.c.seq <= until)
            chunk = await self._decoded(room, query.order_by(events.c.seq).limit(count))
            for event in chunk:
                if event.seq != after + 1:
                    raise StoreCorrupt(f"Room {room}: expected event {after + 1}, came event {event.seq}.")
                after = event.seq
            found += chunk
            if len(chunk) < count:
                break
        return found

    async def last(self, room: str, count: int, kinds: Sequence[str] = ()) -> list[Event]:
        """See `openroom.store.port.EventLog.last`."""
        query = select(events.c.body).where(events.c.room == room)
        if kinds:
            query = query.where(events.c.kind.in_(kinds))
        found = await self._decoded(room, query.order_by(events.c.seq.desc()).limit(count))
        found.reverse()
        return found

    async def head(self, room: str) -> int:
        """See `openroom.store.port.EventLog.head`."""
        return await self._database.read(lambda connection: _head(connection, room))

    async def erase(self, room: str, seq: int) -> None:
        """See `openroom.store.port.EventLog.erase`."""
        mine = (events.c.room == room) & (events.c.seq == seq)

        async def job(connection: AsyncConnection) -> bool:
            body = (await connection.execute(select(events.c.body).where(mine))).scalar()
            if body is None:
                return False
            event = _decode(room, [body])[0]
            if not event.erased:
                await connection.execute(update(events).where(mine).values(body=_encode(erase(event))))
            await drop_citing(connection, room, seq - 1, seq)
            return True

        if await self._database.write(job):
            await self._database.compact()

    async def save_snapshot(self, room: str, state: State) -> None:
        """See `openroom.store.port.EventLog.save_snapshot`."""
        body = orjson.dumps({"shared": state.shared, "hidden": state.hidden}).decode()

        async def job(connection: AsyncConnection) -> None:
            mine = (snapshots.c.room == room) & (snapshots.c.seq == state.seq)
            await connection.execute(delete(snapshots).where(mine))
            await connection.execute(insert(snapshots).values(room=room, seq=state.seq, body=body))

        await self._database.write(job)

    async def latest(self, room: str, until: int | None = None) -> State | None:
        """See `openroom.store.port.EventLog.latest`."""
        query = select(snapshots.c.seq, snapshots.c.body).where(snapshots.c.room == room)
        if until is not None:
            query = query.where(snapshots.c.seq <= until)
        query = query.order_by(snapshots.c.seq.desc()).limit(1)

        async def job(connection: AsyncConnection) -> State | None:
            row = (await connection.execute(query)).first()
            return None if row is None else _state(room, row.seq, row.body)

        return await self._database.read(job)

    async def _decoded(self, room: str, query: Any) -> list[Event]:
        async def job(connection: AsyncConnection) -> list[str]:
            return list((await connection.execute(query)).scalars())

        bodies = await self._database.read(job)
        if len(bodies) <= _INLINE:
            return _decode(room, bodies)
        return await asyncio.to_thread(_decode, room, bodies)

    async def _delete_log(self, connection: AsyncConnection, room: str) -> None:
        """Take a room's events and snapshots out, inside a transaction."""
        await connection.execute(delete(events).where(events.c.room == room))
        await connection.execute(delete(snapshots).where(snapshots.c.room == room))
        self._heads.pop(room, None)


_INSERT = insert(events)


async def _head(connection: AsyncConnection, room: str) -> int:
    found = await connection.execute(select(func.max(events.c.seq)).where(events.c.room == room))
    return int(found.scalar() or 0)


def _encode(event: Event) -> str:
    return orjson.dumps(dump(event)).decode()


def _row(room: str, event: Event) -> dict[str, Any]:
    return {"room": room, "seq": event.seq, "kind": event.kind, "body": _encode(event)}


def _decode(room: str, bodies: Sequence[str]) -> list[Event]:
    try:
        return [EVENT.validate_json(body) for body in bodies]
    except ValidationError as error:
        first = error.errors()[0]
        raise StoreCorrupt(
            f"Room {room}: expected a stored event, came one with {first['loc']}: {first['msg']}."
        ) from error


def _state(room: str, seq: int, body: str) -> State:
    try:
        parts = orjson.loads(body)
        return State(seq, parts["shared"], parts["hidden"])
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise StoreCorrupt(f"Room {room}: expected a snapshot at event {seq}, came {body[:40]!r}.") from error
