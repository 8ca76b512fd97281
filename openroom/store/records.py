"""Rooms, settings, tokens and versions in a database: small records, one class for each part of the port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from openroom.errors import RoomNotFound, StoreError
from openroom.ports.store import Activation, RoomRecord, Token, Version
from openroom.store.database import Database
from openroom.store.tables import activations, guests, rooms, tokens, values, versions


class SqlRooms:
    """The records of `openroom.ports.store.Rooms` over a `Database`; deleting is `openroom.store.sql.SqlStore`'s."""

    _database: Database

    async def create_room(self, record: RoomRecord) -> None:
        def job(connection: Connection) -> None:
            if _one(connection, select(rooms.c.id).where(rooms.c.id == record.id)):
                raise StoreError(f"Expected the id of a new room, came {record.id!r}, which exists.")
            connection.execute(insert(rooms).values(**asdict(record)))

        await self._database.write(job)

    async def room(self, room: str) -> RoomRecord | None:
        row = await self._database.read(lambda c: _one(c, select(rooms).where(rooms.c.id == room)))
        return RoomRecord(**row) if row else None

    async def rooms(self) -> list[RoomRecord]:
        query = select(rooms).order_by(rooms.c.touched.desc(), rooms.c.id)
        return [RoomRecord(**row) for row in await self._database.read(lambda c: _all(c, query))]

    async def update_room(self, record: RoomRecord) -> None:
        def job(connection: Connection) -> None:
            done = connection.execute(update(rooms).where(rooms.c.id == record.id).values(**asdict(record)))
            if done.rowcount != 1:
                raise RoomNotFound(f"Expected the id of a room, came {record.id!r}.")

        await self._database.write(job)


class SqlKeyValues:
    """`openroom.ports.store.KeyValues` over a `Database`."""

    _database: Database

    async def get(self, key: str) -> str | None:
        row = await self._database.read(lambda c: _one(c, select(values.c.value).where(values.c.key == key)))
        return row["value"] if row else None

    async def put(self, key: str, value: str | None) -> None:
        def job(connection: Connection) -> None:
            connection.execute(delete(values).where(values.c.key == key))
            if value is not None:
                connection.execute(insert(values).values(key=key, value=value))

        await self._database.write(job)


class SqlTokens:
    """`openroom.ports.store.Tokens` over a `Database`."""

    _database: Database

    async def add_token(self, token: Token) -> None:
        def job(connection: Connection) -> None:
            if _token(connection, token.id):
                raise StoreError(f"Expected the id of a new token, came {token.id!r}, which exists.")
            connection.execute(insert(tokens).values(**asdict(token)))

        await self._database.write(job)

    async def token(self, id: str) -> Token | None:
        return await self._database.read(lambda c: _token(c, id))

    async def tokens(self) -> list[Token]:
        query = select(tokens).order_by(tokens.c.created.desc(), tokens.c.id)
        return [Token(**row) for row in await self._database.read(lambda c: _all(c, query))]

    async def use_token(self, id: str, now: int) -> Token | None:
        def job(connection: Connection) -> Token | None:
            token = _token(connection, id)
            if token is None or not token.is_good(now):
                return None
            token = replace(token, used=token.used + 1)
            connection.execute(update(tokens).where(tokens.c.id == id).values(used=token.used))
            return token

        return await self._database.write(job)

    async def add_guest(self, token: str, person: str, now: int) -> None:
        def job(connection: Connection) -> None:
            connection.execute(delete(guests).where((guests.c.token == token) & (guests.c.person == person)))
            connection.execute(insert(guests).values(token=token, person=person, at=now))

        await self._database.write(job)

    async def guests(self) -> list[tuple[str, str]]:
        query = select(guests).order_by(guests.c.at, text("rowid"))
        rows = await self._database.read(lambda c: _all(c, query))
        return [(row["token"], row["person"]) for row in rows]

    async def revoke_token(self, id: str, now: int, *, withdraw: bool = False) -> bool:
        def job(connection: Connection) -> bool:
            wanted = (tokens.c.revoked, tokens.c.withdrawn) if withdraw else (tokens.c.revoked,)
            changed = [
                connection.execute(
                    update(tokens).where((tokens.c.id == id) & column.is_(None)).values({column.name: now})
                ).rowcount
                for column in wanted
            ]
            return any(changed)

        return await self._database.write(job)


class SqlVersions:
    """`openroom.ports.store.Versions` over a `Database`."""

    _database: Database

    async def add_version(self, version: Version) -> None:
        def job(connection: Connection) -> None:
            if _version(connection, version.character, version.digest) is None:
                connection.execute(insert(versions).values(**asdict(version)))

        await self._database.write(job)

    async def version(self, character: str, digest: str) -> Version | None:
        return await self._database.read(lambda c: _version(c, character, digest))

    async def versions(self, character: str) -> list[Version]:
        query = select(versions).where(versions.c.character == character)
        query = query.order_by(versions.c.created, versions.c.digest)
        return [Version(**row) for row in await self._database.read(lambda c: _all(c, query))]

    async def activate(self, activation: Activation) -> None:
        def job(connection: Connection) -> None:
            wanted = activation.digest
            if wanted is not None and _version(connection, activation.character, wanted) is None:
                raise StoreError(f"Expected a version of {activation.character!r}, came {wanted!r}.")
            connection.execute(insert(activations).values(**asdict(activation)))

        await self._database.write(job)

    async def active(self, character: str) -> str | None:
        query = select(activations.c.digest).where(activations.c.character == character)
        row = await self._database.read(lambda c: _one(c, query.order_by(activations.c.n.desc()).limit(1)))
        return row["digest"] if row else None

    async def activations(self, character: str) -> list[Activation]:
        columns = [column for column in activations.c if column.name != "n"]
        query = select(*columns).where(activations.c.character == character).order_by(activations.c.n)
        return [Activation(**row) for row in await self._database.read(lambda c: _all(c, query))]


def _one(connection: Connection, query: Any) -> Mapping[str, Any] | None:
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def _all(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _token(connection: Connection, id: str) -> Token | None:
    row = _one(connection, select(tokens).where(tokens.c.id == id))
    return Token(**row) if row else None


def _version(connection: Connection, character: str, digest: str) -> Version | None:
    mine = (versions.c.character == character) & (versions.c.digest == digest)
    row = _one(connection, select(versions).where(mine))
    return Version(**row) if row else None
