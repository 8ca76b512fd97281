"""Memory rows in a database, with a search index (SQLite's FTS5, porter stemming) that is kept beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, or_, select, text, tuple_, update

from openroom.core.persona import masks_of
from openroom.language.words import searchable
from openroom.ports.memory_rows import MemoryKind, Remembered, Source, strengthened
from openroom.store.database import Database
from openroom.store.prompts import forget_in_prompts
from openroom.store.tables import SEARCH_TABLE, memories, memory_blocks, memory_sources

_SEARCH = text(
    f"SELECT memories.* FROM {SEARCH_TABLE} JOIN memories ON memories.n = {SEARCH_TABLE}.rowid "  # noqa: S608
    f"WHERE {SEARCH_TABLE} MATCH :query AND memories.owner = :owner AND memories.valid_to IS NULL "
    f"ORDER BY bm25({SEARCH_TABLE}, 0.0, 2.0, 1.0), memories.created DESC LIMIT :count"
)
_INDEX = text(
    f"INSERT INTO {SEARCH_TABLE} (rowid, owner, text, context) "  # noqa: S608
    "SELECT n, :owner, :text, :context FROM memories WHERE id = :id"
)
_UNINDEX = text(f"DELETE FROM {SEARCH_TABLE} WHERE rowid = (SELECT n FROM memories WHERE id = :id)")  # noqa: S608
_EMPTY = text(f"DELETE FROM {SEARCH_TABLE}")  # noqa: S608
_PURGE = text(f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}) VALUES ('optimize')")  # noqa: S608
"""Deleting from FTS5 leaves the words behind until its segments are merged; this merges them."""

_LISTS = ("private_to", "heard_by")
"""Columns that hold ids as a JSON list."""

_COLUMNS = [column for column in memories.c if column.name != "n"]


class SqlMemories:
    """`openroom.ports.memory_rows.MemoryRows` over a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, rows: Sequence[Remembered]) -> None:
        def job(connection: Connection) -> None:
            for memory in rows:
                _remove(connection, memory.id)
                connection.execute(insert(memories).values(_values(memory)))
                if memory.sources:
                    sources = [{"memory": memory.id, **asdict(source)} for source in dict.fromkeys(memory.sources)]
                    connection.execute(insert(memory_sources), sources)
                _index(connection, memory.id, memory.owner, memory.text, memory.context)

        if rows:
            await self._database.write(job)

    async def get(self, id: str) -> Remembered | None:
        found = await self._read(select(*_COLUMNS).where(memories.c.id == id))
        return found[0] if found else None

    async def of(
        self,
        owner: str,
        *,
        subject: str | None = None,
        slot: str | None = None,
        kinds: Sequence[MemoryKind] = (),
        all_time: bool = False,
        limit: int = 500,
        masks: bool = False,
    ) -> list[Remembered]:
        query = select(*_COLUMNS).where(memories.c.owner == owner)
        if subject is not None:
            query = query.where(_is_person(memories.c.subject, subject) if masks else memories.c.subject == subject)
        if slot is not None:
            query = query.where(memories.c.slot == slot)
        if kinds:
            query = query.where(memories.c.kind.in_(kinds))
        if not all_time:
            query = query.where(memories.c.valid_to.is_(None))
        return await self._read(query.order_by(memories.c.created.desc(), memories.c.n.desc()).limit(limit))

    async def search(self, owner: str, words: Sequence[str], limit: int = 50) -> list[Remembered]:
        """See `openroom.ports.memory_rows.MemoryRows.search`. Each word is quoted: no word is read as query syntax."""
        quoted = ['"' + word.replace('"', '""').replace("\x00", "") + '"' for word in words if word.strip('"\x00 ')]
        if not quoted:
            return []
        query = f'(owner : "{_word(owner)}") AND ({{text context}} : ({" OR ".join(quoted)}))'
        return await self._read(_SEARCH, {"query": query, "owner": owner, "count": limit})

    async def drop(self, ids: Sequence[str]) -> None:
        def job(connection: Connection) -> None:
            _drop(connection, list(ids))

        if ids:
            await self._database.write(job)
            await self._database.compact()

    async def citing(self, owner: str, room: str, seq: int) -> list[Remembered]:
        cited = select(memory_sources.c.memory).filter_by(room=room, seq=seq, around=False)
        return await self._read(select(*_COLUMNS).where(memories.c.owner == owner, memories.c.id.in_(cited)))

    async def share(self, room: str, into: str, numbers: Mapping[int, int]) -> None:
        def job(connection: Connection) -> None:
            cited = connection.execute(select(memory_sources).where(memory_sources.c.room == room)).mappings()
            rows = [{**row, "room": into, "seq": numbers[row["seq"]]} for row in cited if row["seq"] in numbers]
            if rows:
                connection.execute(insert(memory_sources), rows)

        await self._database.write(job)

    async def uncite(self, room: str, after: int, until: int | None = None, owner: str | None = None) -> int:
        gone = await self._database.write(lambda c: drop_citing(c, room, after, until, owner))
        await self._database.compact()
        return gone

    async def uncite_person(self, person: str) -> int:
        spoke = _is_person(memory_sources.c.speaker, person)

        def job(connection: Connection) -> int:
            cited = select(memory_sources.c.memory).where(spoke, memory_sources.c.around.is_(False))
            doomed = select(memories.c.id).where(or_(_is_person(memories.c.subject, person), memories.c.id.in_(cited)))
            ids = list(connection.execute(doomed).scalars())
            _drop(connection, ids)
            _blank(connection, spoke)
            connection.execute(delete(memory_blocks).where(_is_person(memory_blocks.c.subject, person)))
            return len(ids)

        gone = await self._database.write(job)
        await self._database.compact()
        return gone

    async def about(self, subject: str) -> list[Remembered]:
        query = select(*_COLUMNS).where(_is_person(memories.c.subject, subject))
        return await self._read(query.order_by(memories.c.created.desc(), memories.c.n.desc()))

    async def block(self, owner: str, subject: str, key: str, now: int) -> None:
        mine = {"owner": owner, "subject": subject, "key": key}

        def job(connection: Connection) -> None:
            connection.execute(delete(memory_blocks).filter_by(**mine))
            connection.execute(insert(memory_blocks).values(**mine, created=now))

        await self._database.write(job)

    async def blocked(self, owner: str, subject: str) -> set[str]:
        query = select(memory_blocks.c.key).filter_by(owner=owner, subject=subject)

        def job(connection: Connection) -> set[str]:
            return set(connection.execute(query).scalars())

        return await self._database.read(job)

    async def _read(self, query: Any, params: dict[str, Any] | None = None) -> list[Remembered]:
        def job(connection: Connection) -> list[Remembered]:
            rows = [dict(row) for row in connection.execute(query, params or {}).mappings()]
            ids = [row["id"] for row in rows]
            cited: dict[str, list[Source]] = {}
            wanted = select(memory_sources).where(memory_sources.c.memory.in_(ids))
            wanted = wanted.order_by(memory_sources.c.room, memory_sources.c.seq)
            for memory, room, seq, speaker, around in connection.execute(wanted) if ids else ():
                cited.setdefault(memory, []).append(Source(room, seq, speaker, bool(around)))
            return [_remembered(row, tuple(cited.get(row["id"], ()))) for row in rows]

        return await self._database.read(job)


def _is_person(column: ColumnElement[str], person: str) -> ColumnElement[bool]:
    """Whether a column holds that person, under whatever mask (`openroom.core.persona`)."""
    return or_(column == person, column.startswith(masks_of(person), autoescape=True))


def drop_citing(
    connection: Connection, room: str, after: int, until: int | None = None, owner: str | None = None
) -> int:
    """`openroom.ports.memory_rows.MemoryRows.uncite` inside a transaction."""
    gone = (memory_sources.c.room == room) & (memory_sources.c.seq > after)
    if until is not None:
        gone &= memory_sources.c.seq <= until
    if owner is not None:
        gone &= memory_sources.c.memory.in_(select(memories.c.id).where(memories.c.owner == owner))
    cited = select(memory_sources.c.memory).where(gone, memory_sources.c.around.is_(False))
    rest = select(memory_sources.c.memory).where(~gone, memory_sources.c.around.is_(False))
    supported = memories.c.id.in_(_whole_elsewhere(room, gone, around=False)) | (
        (memories.c.kind == "fact") & memories.c.id.in_(rest)
    )
    doomed = select(memories.c.id).where(memories.c.id.in_(cited), ~supported)
    ids = list(connection.execute(doomed).scalars())
    _weaken(connection, gone)
    _drop(connection, ids)
    _blank(connection, gone & memory_sources.c.memory.not_in(_whole_elsewhere(room, gone, around=True)))
    connection.execute(delete(memory_sources).where(gone))
    return len(ids)


def _whole_elsewhere(room: str, gone: ColumnElement[bool], *, around: bool) -> Select[tuple[str]]:
    """Which of the memories that lose a source in ``room`` another room (a fork, or where this one comes from) holds
    as whole as this one did: where it has lost one of them, too, the words of that are in no room any more."""
    losing = select(memory_sources.c.memory).where(gone, memory_sources.c.around.is_(around)).correlate(None)
    here = memory_sources.alias()
    held = select(func.count()).where(
        here.c.memory == memory_sources.c.memory, here.c.room == room, here.c.around.is_(around)
    )
    return (
        select(memory_sources.c.memory)
        .where(memory_sources.c.room != room, memory_sources.c.around.is_(around), memory_sources.c.memory.in_(losing))
        .group_by(memory_sources.c.memory, memory_sources.c.room)
        .having(func.count() >= held.correlate(memory_sources).scalar_subquery())
        .correlate(None)
    )


def _weaken(connection: Connection, gone: ColumnElement[bool]) -> None:
    """Facts that fewer events support now are less sure."""
    lost = select(memory_sources.c.memory, func.count()).where(gone, memory_sources.c.around.is_(False))
    for id, count in connection.execute(lost.group_by(memory_sources.c.memory)).all():
        fact = (memories.c.id == id) & (memories.c.kind == "fact")
        if (strength := connection.execute(select(memories.c.strength).where(fact)).scalar()) is not None:
            connection.execute(update(memories).where(fact).values(strength=strengthened(strength, -count)))


def _drop(connection: Connection, ids: Sequence[str]) -> None:
    """Delete memories and the context they gave; what each had superseded takes over its place in the history."""
    given = memory_sources.alias()
    cited = select(given.c.room, given.c.seq).where(given.c.memory.in_(ids), given.c.around.is_(False))
    around = tuple_(memory_sources.c.room, memory_sources.c.seq).in_(cited) & memory_sources.c.around.is_(True)
    _blank(connection, around)
    for id in ids:
        after = (
            connection.execute(select(memories.c.superseded_by, memories.c.valid_to).where(memories.c.id == id))
        ).first()
        if after is None:
            continue
        heirs = update(memories).where(memories.c.superseded_by == id)
        connection.execute(heirs.values(superseded_by=after.superseded_by, valid_to=after.valid_to))
        _remove(connection, id)
    forget_in_prompts(connection, ids)
    if ids:
        connection.execute(_PURGE)


def _remove(connection: Connection, id: str) -> None:
    connection.execute(_UNINDEX, {"id": id})
    connection.execute(delete(memories).where(memories.c.id == id))


def _blank(connection: Connection, gone: ColumnElement[bool]) -> None:
    """Take the context out of memories for which a source that matches ``gone`` gave some."""
    query = select(memories.c.id, memories.c.owner, memories.c.text).where(
        memories.c.id.in_(select(memory_sources.c.memory).where(gone)), memories.c.context != ""
    )
    touched = connection.execute(query).all()
    for id, owner, told in touched:
        connection.execute(_UNINDEX, {"id": id})
        connection.execute(update(memories).where(memories.c.id == id).values(context=""))
        connection.execute(
            delete(memory_sources).where(memory_sources.c.memory == id, memory_sources.c.around.is_(True))
        )
        _index(connection, id, owner, told, "")
    if touched:
        connection.execute(_PURGE)


def _index(connection: Connection, id: str, owner: str, told: str, context: str) -> None:
    given = {"id": id, "owner": _word(owner), "text": searchable(told), "context": searchable(context)}
    connection.execute(_INDEX, given)


def reindex(connection: Connection) -> None:
    """Make the index anew from the memories: a migration does, where words are indexed otherwise than before."""
    connection.execute(_EMPTY)
    for id, owner, told, context in connection.execute(
        select(memories.c.id, memories.c.owner, memories.c.text, memories.c.context)
    ).all():
        _index(connection, id, owner, told, context)


def _word(owner: str) -> str:
    """An id as one word of the index, whatever characters it has."""
    return "o" + owner.encode().hex()


def _values(memory: Remembered) -> dict[str, Any]:
    body = asdict(memory)
    del body["sources"], body["why"]
    return {**body, **{name: orjson.dumps(body[name]).decode() for name in _LISTS}}


def _remembered(row: dict[str, Any], sources: tuple[Source, ...]) -> Remembered:
    row.pop("n", None)
    lists = {name: tuple(orjson.loads(row[name])) for name in _LISTS}
    return Remembered(**{**row, **lists, "pinned": bool(row["pinned"])}, sources=sources)
