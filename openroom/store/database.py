"""A database with one writer: jobs that come while a commit is under way share the next transaction.

That self-clocked group commit is what makes durable appends quick: an fsync costs the same for one row and for a
thousand, so whoever waits for one shares the next. Reads use connections of their own and never wait for the writer
(SQLite in WAL mode). A `Database` belongs to one event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event as sa_event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from openroom.errors import OpenroomError, StoreCorrupt, StoreError
from openroom.store.migrations import upgrade

T = TypeVar("T")
Job = Callable[[AsyncConnection], Awaitable[T]]

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "secure_delete=ON",  # erased words are overwritten, not just unlinked
    "temp_store=MEMORY",
)


@dataclass(slots=True, eq=False)
class _Waiting:
    """A write job that waits for its transaction. ``undo`` is called when the transaction did not happen."""

    job: Job[Any]
    done: asyncio.Future[Any]
    undo: Callable[[], None] | None


class Database:
    """A database. `start` opens it; the first read or write does that too."""

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self.in_memory = self.url.database in (None, "", ":memory:")
        self._engine: AsyncEngine = _engine(self.url)
        self._waiting: list[_Waiting] = []
        self._group: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._starting = asyncio.Lock()
        self._writer: asyncio.Task[None] | None = None

    @property
    def started(self) -> bool:
        """Whether it is open."""
        return self._writer is not None

    async def start(self) -> None:
        """Open the database, make its folder and bring its tables up to date.

        Raises `StoreError` when it cannot be opened, `StoreCorrupt` for a file that is no database.
        """
        async with self._starting:
            if self._closing:
                raise StoreError("The store is closed.")
            if self._writer is not None:
                return
            if not self.in_memory:
                folder = Path(self.url.database or "").parent
                await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            try:
                await self._upgrade()
            except StoreError:
                await self._engine.dispose()
                raise
            self._writer = asyncio.create_task(self._run(), name="openroom store writer")

    async def _upgrade(self) -> None:
        with _told(f"open {self.url.render_as_string()}"):
            async with self._engine.connect() as connection:
                await connection.execution_options(openroom_begin="BEGIN IMMEDIATE")
                async with connection.begin():
                    await connection.run_sync(upgrade)

    async def close(self) -> None:
        """Write what waits, then close all connections. Closing twice does nothing."""
        self._closing = True
        self._wake.set()
        if self._writer is not None:
            await self._writer
            self._writer = None
            await self._engine.dispose()

    def submit(self, job: Job[T], undo: Callable[[], None] | None = None) -> asyncio.Future[T]:
        """Put a write job into the next transaction; the future is done when that is durable, or failed.

        Jobs of one transaction run in the order they came. One that raises takes only its own writes back. ``undo`` is
        called at once when its writes did not happen, before any later job runs.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if self._closing or self._writer is None or self._writer.done():
            done.set_exception(StoreError("The store is closed."))
            return done
        self._waiting.append(_Waiting(job, done, undo))
        self._wake.set()
        return done

    async def write(self, job: Job[T]) -> T:
        """Run a write job and wait until it is durable. It is written even when the caller is cancelled."""
        if self._writer is None:
            await self.start()
        return await asyncio.shield(self.submit(job))

    async def read(self, job: Job[T]) -> T:
        """Run a job that only reads, on one consistent view of the database."""
        if self.in_memory:  # one connection holds all there is
            return await self.write(job)
        if self._writer is None or self._closing:
            await self.start()
        with _told("read"):
            async with self._engine.connect() as connection:
                return await job(connection)

    async def compact(self) -> None:
        """Bring what was written into the main file and empty the journal, so that erased words are in neither."""
        if self.in_memory:
            return
        with _told("compact"):
            async with self._engine.connect() as connection:
                await connection.execution_options(openroom_begin="")
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _run(self) -> None:
        """The writer: one transaction after another, each with all that came while the one before was under way."""
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(openroom_begin="BEGIN IMMEDIATE")
                while not (self._closing and not self._waiting):
                    await self._wake.wait()
                    self._wake.clear()
                    if self._waiting:
                        self._group, self._waiting = self._waiting, []
                        await self._commit(connection, self._group)
                        self._group = []
                    if self._closing or self._waiting:
                        self._wake.set()
        finally:
            self._closing = True
            _fail(self._group + self._waiting, StoreError("The store was closed before this was written."))

    async def _commit(self, connection: AsyncConnection, group: list[_Waiting]) -> None:
        results: list[tuple[_Waiting, Any]] = []
        try:
            with _told("write"):
                async with connection.begin():
                    for waiting in group:
                        results += await _attempt(connection, waiting, alone=len(group) == 1)
        except (OpenroomError, OSError) as error:
            _fail(group, error)
            return
        for waiting, result in results:
            if not waiting.done.done():
                waiting.done.set_result(result)


async def _attempt(connection: AsyncConnection, waiting: _Waiting, *, alone: bool) -> list[tuple[_Waiting, Any]]:
    """Run one job of a transaction, in a savepoint unless it is ``alone``. Nothing: it failed and has been told so."""
    if alone:
        return [(waiting, await waiting.job(connection))]
    try:
        with _told("write"):
            async with connection.begin_nested():
                return [(waiting, await waiting.job(connection))]
    except OpenroomError as error:
        _fail([waiting], error)
        return []


def _fail(group: list[_Waiting], error: Exception) -> None:
    for waiting in group:
        if waiting.undo is not None:
            waiting.undo()
        if not waiting.done.done():
            waiting.done.set_exception(error)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error)
        if "malformed" in reason or "not a database" in reason:
            raise StoreCorrupt(f"Could not {what}: expected an intact database, came: {reason}.") from error
        raise StoreError(f"Could not {what}: {reason}.") from error


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"Expected a store URL such as sqlite+aiosqlite:///room.db, came {url!r}.") from error
    if parsed.drivername != "sqlite+aiosqlite":
        raise StoreError(f"Expected a store URL that begins with sqlite+aiosqlite:, came {parsed.drivername!r}.")
    return parsed


def _engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url)
    sa_event.listen(engine.sync_engine, "connect", _prepare)
    sa_event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """Set a new SQLite connection up. Transactions begin where we say so, not where the driver guesses."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    if how := connection.get_execution_options().get("openroom_begin", "BEGIN"):
        connection.exec_driver_sql(how)
