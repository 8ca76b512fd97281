"""The default store: everything in one SQL database (SQLite), written by one writer in shared transactions."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete

from openroom.store.calls import SqlLedger
from openroom.store.database import Database
from openroom.store.log import SqlEventLog
from openroom.store.memories import SqlMemories, drop_citing
from openroom.store.prompts import SqlPrompts, delete_prompts
from openroom.store.records import SqlKeyValues, SqlRooms, SqlTokens, SqlVersions
from openroom.store.tables import rooms


class SqlStore(SqlEventLog, SqlRooms, SqlLedger, SqlKeyValues, SqlTokens, SqlVersions, SqlPrompts):
    """`openroom.ports.store.Store` over a `Database`. ``release`` is called when it has been closed."""

    def __init__(self, database: Database, release: Callable[[], None] | None = None) -> None:
        super().__init__(database)
        self._memories = SqlMemories(database)
        self._release = release

    @property
    def memories(self) -> SqlMemories:
        """Memory rows in the same database."""
        return self._memories

    async def delete_room(self, room: str) -> None:
        def job(connection: Connection) -> None:
            self._delete_log(connection, room)
            delete_prompts(connection, room)  # first: else all that it remembered would be taken out of them
            drop_citing(connection, room, 0)
            connection.execute(delete(rooms).where(rooms.c.id == room))

        await self._database.write(job)
        await self._database.compact()

    async def close(self) -> None:
        """Finish what is being written, close the database and let go of the data folder."""
        await self._database.close()
        if self._release is not None:
            release, self._release = self._release, None
            release()
