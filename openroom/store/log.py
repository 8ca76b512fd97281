"""The event log in a database: appends that share transactions, reads that stay off the event loop, snapshots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import orjson
from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from openroom.core.event import EVENT, Branched, Event, Saved, dump, erase
from openroom.core.naming import nameless
from openroom.core.redact import Strike, Tracing, telling
from openroom.core.state import State
from openroom.errors import OpenroomError, StoreCorrupt, StoreError
from openroom.store.database import Database
from openroom.store.memories import drop_citing
from openroom.store.prompts import erase_in_prompts
from openroom.store.tables import events, snapshots
from openroom.store.talk_words import Noted, delete_words, find_words, note, noted, rooms_of, unsay

_CHUNK = 1000
"""Rows read and decoded at a time, in a reader's thread."""


_Row = tuple[str, int, str, str]
"""room, seq, kind, body: the columns of the table, in order."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one caller appends to one room: rows in a row, at least one."""

    room: str
    rows: list[_Row]
    noted: Noted


class _Appends:
    """The lane that appends go through: one statement for all that share a transaction. Knows each room's head."""

    def __init__(self) -> None:
        self._heads: dict[str, int] = {}

    def write(self, connection: Connection, items: Sequence[_Batch]) -> list[OpenroomError | None]:
        """Insert batches that follow what is stored; the others are answered with `StoreCorrupt`."""
        rows: list[_Row] = []
        told: list[Noted] = []
        errors: list[OpenroomError | None] = []
        for batch in items:
            head = self._heads.get(batch.room)
            if head is None:
                head = self._heads[batch.room] = _head(connection, batch.room)
            first, last = batch.rows[0][1], batch.rows[-1][1]
            if first != head + 1:
                errors.append(StoreCorrupt(f"Room {batch.room}: expected event {head + 1} next, came event {first}."))
                continue
            self._heads[batch.room] = last
            rows += batch.rows
            told.append(batch.noted)
            errors.append(None)
        if rows:
            self._insert(connection, rows)
            note(connection, told)
        return errors

    def _insert(self, connection: Connection, rows: list[_Row]) -> None:
        try:  # compiled once: SQLAlchemy's handling of parameters would cost more than SQLite's insert
            connection.exec_driver_sql(_insert_sql(connection.dialect), rows)
        except IntegrityError as error:
            raise StoreCorrupt(f"Expected to be the only one who writes events, came: {error.orig}.") from error

    def undo(self) -> None:
        """What was written is gone again: look the heads up anew."""
        self._heads.clear()


class SqlEventLog:
    """`openroom.ports.store.EventLog` over a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._appends = _Appends()

    async def append(self, room: str, events: Sequence[Event]) -> None:
        """As the port says. A caller that is cancelled has its events written all the same."""
        if any(first.seq + 1 != second.seq for first, second in pairwise(events)):
            raise StoreCorrupt(f"Room {room}: expected events in a row, came {[event.seq for event in events]}.")
        if events:
            batch = _Batch(room, [_row(room, event) for event in events], noted(room, events))
            await self._database.write_in(self._appends, batch)

    async def events(
        self, room: str, after: int = 0, until: int | None = None, limit: int | None = None
    ) -> list[Event]:
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
        query = select(events.c.body).where(events.c.room == room)
        if kinds:
            query = query.where(_is_one_of(kinds))
        found = await self._decoded(room, query.order_by(events.c.seq.desc()).limit(count))
        found.reverse()
        return found

    async def find(self, room: str, wanted: Sequence[str], before: int, after: int = 0, limit: int = 50) -> list[Event]:
        seqs = find_words(room, wanted, before, after, limit)
        return await self._decoded(
            room,
            select(events.c.body).where(events.c.room == room, events.c.seq.in_(seqs)).order_by(events.c.seq.desc()),
        )

    async def rooms_of(self, person: str) -> list[str]:
        return await self._database.read(lambda connection: rooms_of(connection, person))

    async def head(self, room: str) -> int:
        return await self._database.read(lambda connection: _head(connection, room))

    async def erase(self, room: str, seq: int) -> None:
        mine = (events.c.room == room) & (events.c.seq == seq)

        def job(connection: Connection) -> bool:
            body = connection.execute(select(events.c.body).where(mine)).scalar()
            if body is None:
                return False
            event = _decode(room, [body])[0]
            if not event.erased:
                connection.execute(update(events).where(mine).values(body=_encode(erase(event))))
                unsay(connection, room, erase(event))
            if isinstance(event, Saved | Branched):
                _rewrite_snapshots(connection, room, event.seq, None, lambda state: nameless(state, event))
            drop_citing(connection, room, seq - 1, seq)
            erase_in_prompts(connection, room, {seq})
            return True

        if await self._database.write(job):
            await self._database.compact()

    async def touching(self, room: str, prop: str, after: int, until: int | None = None) -> list[Event]:
        return await self._decoded(room, _touching(room, prop, after, until))

    async def strike(self, room: str, strike: Strike, until: int) -> list[Event]:
        def job(connection: Connection) -> list[Event]:
            row = connection.execute(_snapshot_at(room, strike.seq - 1)).first()
            before = State() if row is None else _state(room, row.seq, row.body)
            tracing, changed = Tracing(strike, before), []
            bodies = connection.execute(_touching(room, strike.prop, before.seq, until)).scalars()
            for event in _decode(room, list(bodies)):
                if (struck := tracing.take(event)) is event:
                    continue
                changed.append(struck)
                mine = (events.c.room == room) & (events.c.seq == struck.seq)
                connection.execute(update(events).where(mine).values(body=_encode(struck)))
                if telling(struck) != telling(event):
                    unsay(connection, room, struck)
                    drop_citing(connection, room, struck.seq - 1, struck.seq)
            _rewrite_snapshots(connection, room, strike.seq, until, tracing.struck)
            erase_in_prompts(connection, room, {struck.seq for struck in changed})
            return changed

        changed = await self._database.write(job)
        await self._database.compact()
        return changed

    async def save_snapshot(self, room: str, state: State) -> None:
        body = _json(state.seq, {"shared": state.shared, "hidden": state.hidden})

        def job(connection: Connection) -> None:
            mine = (snapshots.c.room == room) & (snapshots.c.seq == state.seq)
            connection.execute(delete(snapshots).where(mine))
            connection.execute(insert(snapshots).values(room=room, seq=state.seq, body=body))

        await self._database.write(job)

    async def latest(self, room: str, until: int | None = None) -> State | None:
        query = _snapshot_at(room, until)

        def job(connection: Connection) -> State | None:
            row = connection.execute(query).first()
            return None if row is None else _state(room, row.seq, row.body)

        return await self._database.read(job)

    async def _decoded(self, room: str, query: Any) -> list[Event]:
        def job(connection: Connection) -> list[Event]:
            return _decode(room, list(connection.execute(query).scalars()))

        return await self._database.read(job)

    def _delete_log(self, connection: Connection, room: str) -> None:
        """Take a room's events and snapshots out, inside a transaction."""
        connection.execute(delete(events).where(events.c.room == room))
        connection.execute(delete(snapshots).where(snapshots.c.room == room))
        delete_words(connection, room)
        self._appends.undo()


@cache
def _insert_sql(dialect: Dialect) -> str:
    return str(insert(events).compile(dialect=dialect))


def _head(connection: Connection, room: str) -> int:
    found = connection.execute(select(func.max(events.c.seq)).where(events.c.room == room))
    return int(found.scalar() or 0)


def _encode(event: Event) -> str:
    return _json(event.seq, dump(event))


def _json(seq: int, value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError as error:
        raise StoreError(f"Event {seq}: expected what JSON can hold, came a value it cannot: {error}.") from error


def _row(room: str, event: Event) -> _Row:
    return room, event.seq, event.kind, _encode(event)


def _decode(room: str, bodies: Sequence[str]) -> list[Event]:
    try:
        return [EVENT.validate_json(body) for body in bodies]
    except ValidationError as error:
        first = error.errors()[0]
        raise StoreCorrupt(
            f"Room {room}: expected a stored event, came one with {first['loc']}: {first['msg']}."
        ) from error


def _touching(room: str, prop: str, after: int, until: int | None) -> Select[Any]:
    mine = (events.c.room == room) & (events.c.seq > after)
    mine &= or_(events.c.kind == "moved", events.c.body.contains(f'"{prop}"', autoescape=True))
    if until is not None:
        mine &= events.c.seq <= until
    return select(events.c.body).where(mine).order_by(events.c.seq)


def _snapshot_at(room: str, until: int | None) -> Select[tuple[int, str]]:
    query = select(snapshots.c.seq, snapshots.c.body).where(snapshots.c.room == room)
    if until is not None:
        query = query.where(snapshots.c.seq <= until)
    return query.order_by(snapshots.c.seq.desc()).limit(1)


def _rewrite_snapshots(
    connection: Connection, room: str, since: int, until: int | None, change: Callable[[State], State]
) -> None:
    mine = (snapshots.c.room == room) & (snapshots.c.seq >= since)
    if until is not None:
        mine &= snapshots.c.seq <= until
    for seq, body in connection.execute(select(snapshots.c.seq, snapshots.c.body).where(mine)).all():
        state = change(_state(room, seq, body))
        row = (snapshots.c.room == room) & (snapshots.c.seq == seq)
        body = _json(seq, {"shared": state.shared, "hidden": state.hidden})
        connection.execute(update(snapshots).where(row).values(body=body))


def _state(room: str, seq: int, body: str) -> State:
    try:
        parts = orjson.loads(body)
        return State(seq, parts["shared"], parts["hidden"])
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise StoreCorrupt(f"Room {room}: expected a snapshot at event {seq}, came {body[:40]!r}.") from error


def _is_one_of(kinds: Sequence[str]) -> ColumnElement[bool]:
    """Kinds (our own words) are literals: only so does a database see that an index of those kinds will do."""
    if len(kinds) == 1:
        return events.c.kind == bindparam("kind", kinds[0], literal_execute=True)
    return events.c.kind.in_(bindparam("kinds", list(kinds), expanding=True, literal_execute=True))
