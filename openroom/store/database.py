"""A database with one writer: jobs that come while a commit is under way share the next transaction.

That self-clocked group commit is what makes durable appends quick: an fsync costs the same for one row and for a
thousand, so whoever waits for one shares the next. The writer is a thread with a SQLAlchemy connection: an async driver
does the same work in its own thread, with seven hops for a transaction instead of one. Reads have threads and
connections of their own and never wait for the writer (SQLite in WAL mode). Jobs are plain functions of a
`sqlalchemy.Connection`; the event loop only waits for them.
"""

from __future__ import annotations

import asyncio
import os
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Thread
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine
from sqlalchemy import event as sa_event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from openroom.errors import OpenroomError, StoreCorrupt, StoreError
from openroom.store.migrations import upgrade
from openroom.store.template import copy_template, keep_template

T = TypeVar("T")
Job = Callable[[Connection], T]

_DRIVERS = ("sqlite", "sqlite+aiosqlite", "sqlite+pysqlite")
_READERS = 3
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "secure_delete=ON",  # erased words are overwritten, not just unlinked
    "temp_store=MEMORY",
)


class Lane(Protocol):
    """Writes that are done together: neighbours in a transaction come in one call. Used in the writer's thread only."""

    def write(self, connection: Connection, items: Sequence[Any]) -> Sequence[OpenroomError | None]:
        """Write the items; what comes back says of each whether it failed (those that did left nothing behind)."""
        ...

    def undo(self) -> None:
        """The last write did not happen after all."""
        ...


@dataclass(slots=True, eq=False)
class _Waiting:
    """A write that waits for its transaction: an item for a lane, or a job of its own."""

    work: Any
    done: asyncio.Future[Any]
    lane: Lane | None = None
    result: Any = None
    error: Exception | None = None


class Database:
    """A database. `start` opens it; the first read or write does that too. It belongs to one event loop."""

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self.in_memory = self.url.database in (None, "", ":memory:")
        self._engine: Engine = _engine(self.url, self.in_memory)
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._starting = asyncio.Lock()
        self._readers: ThreadPoolExecutor | None = None
        self._ended: asyncio.Future[None] | None = None
        self._preparing: asyncio.Future[None] | None = None
        self._closing = False

    @property
    def started(self) -> bool:
        return self._ended is not None

    async def start(self) -> None:
        """Open the database, make its folder and bring its tables up to date.

        Raises `StoreError` when it cannot be opened, `StoreCorrupt` for a file that is no database.
        """
        async with self._starting:
            self._must_be_open()
            if self._ended is not None:
                return
            if self._preparing is None:
                self._preparing = asyncio.get_running_loop().run_in_executor(None, self._prepare)
            # A caller that is cancelled leaves the work going on; the next one waits for it instead of beginning again.
            await asyncio.shield(self._preparing)
            self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="openroom store reader")
            loop = asyncio.get_running_loop()
            self._ended = loop.create_future()
            Thread(target=self._run, args=(loop, self._ended), name="openroom store writer", daemon=True).start()

    async def close(self) -> None:
        """Write what waits, then close all connections. Closing twice does nothing."""
        async with self._starting:
            already, self._closing = self._closing, True
            if already or self._ended is None or self._readers is None:
                return
            self._queue.put(None)
            await self._ended
            await asyncio.to_thread(self._readers.shutdown)
            self._engine.dispose()

    async def write(self, job: Job[T]) -> T:
        """Run a write job and wait until it is durable; a caller that is cancelled has it written all the same.

        Jobs of one transaction run in the order they came; one that raises takes only its own writes back.
        """
        result: T = await self._submit(job, None)
        return result

    async def write_in(self, lane: Lane, item: Any) -> None:
        """Write an item through a lane and wait until it is durable."""
        await self._submit(item, lane)

    async def read(self, job: Job[T]) -> T:
        """Run a job that only reads, on one consistent view of the database."""
        if self._ended is None:
            await self.start()
        if self.in_memory:  # one connection holds all there is
            return await self.write(job)
        self._must_be_open()
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, job)

    async def compact(self) -> None:
        """Bring what was written into the main file and empty the journal, so that erased words are in neither."""
        if not self.in_memory:
            self._must_be_open()
            await asyncio.get_running_loop().run_in_executor(self._readers, _checkpoint, self._engine)

    async def _submit(self, work: Any, lane: Lane | None) -> Any:
        if self._ended is None:
            await self.start()
        self._must_be_open()
        done = asyncio.get_running_loop().create_future()
        self._queue.put(_Waiting(work, done, lane))
        return await done

    def _must_be_open(self) -> None:
        if self._closing or (self._ended is not None and self._ended.done()):
            raise StoreError("The store is closed.")

    def _prepare(self) -> None:
        try:
            with _told(f"open {self.url.render_as_string()}"):
                if self.in_memory and copy_template(self._engine):
                    return
                if not self.in_memory:
                    _make_private(Path(self.url.database or ""))
                with _writing(self._engine) as connection, connection.begin():
                    upgrade(connection)
                if self.in_memory:
                    keep_template(self._engine)
        except StoreError:
            self._engine.dispose()
            raise

    def _read(self, job: Job[T]) -> T:
        with _told("read"), self._engine.connect() as connection:
            return job(connection)

    def _run(self, loop: asyncio.AbstractEventLoop, ended: asyncio.Future[None]) -> None:
        """The writer's thread: one transaction after another, each with all that came during the one before."""
        group: list[_Waiting] = []
        try:
            with _writing(self._engine) as connection:
                more = True
                while more:
                    group, more = _gather(self._queue)
                    if group:
                        _commit(connection, group)
                        _tell(loop, _answer, group)
                        group = []
        finally:
            lost = StoreError("The store was closed before this was written.")
            for waiting in [*group, *_gather(self._queue, wait=False)[0]]:
                waiting.error = lost
                _tell(loop, _answer, [waiting])
            _tell(loop, ended.set_result, None)


def _gather(waiting: queue.SimpleQueue[_Waiting | None], *, wait: bool = True) -> tuple[list[_Waiting], bool]:
    """All that waits (at least one, with ``wait``), and whether more may come."""
    group: list[_Waiting] = []
    with suppress(queue.Empty):
        while True:
            item = waiting.get(block=wait and not group)
            if item is None:
                return group, False
            group.append(item)
    return group, True


def _commit(connection: Connection, group: list[_Waiting]) -> None:
    runs = [list(run) for _, run in groupby(group, key=lambda w: id(w.lane) if w.lane else id(w))]
    try:
        with _told("write"), connection.begin():
            for run in runs:
                _attempt(connection, run, alone=len(runs) == 1)
    except OpenroomError as error:
        _fail(group, error)


def _attempt(connection: Connection, run: list[_Waiting], *, alone: bool) -> None:
    """Do the writes of one run, inside a savepoint unless it is ``alone`` in its transaction."""
    if alone:
        _perform(connection, run)
        return
    try:
        with _told("write"), connection.begin_nested():
            _perform(connection, run)
    except OpenroomError as error:
        _fail(run, error)


def _perform(connection: Connection, run: list[_Waiting]) -> None:
    lane = run[0].lane
    if lane is None:
        run[0].result = run[0].work(connection)
        return
    for waiting, error in zip(run, lane.write(connection, [w.work for w in run]), strict=True):
        waiting.error = error


def _fail(group: list[_Waiting], error: Exception) -> None:
    for waiting in group:
        waiting.error = error
        if waiting.lane is not None:
            waiting.lane.undo()


def _answer(group: list[_Waiting]) -> None:
    """On the event loop: tell those who wait (and were not cancelled meanwhile)."""
    for waiting in group:
        if waiting.done.done():
            continue
        if waiting.error is not None:
            waiting.done.set_exception(waiting.error)
        else:
            waiting.done.set_result(waiting.result)


def _tell(loop: asyncio.AbstractEventLoop, call: Callable[[Any], None], argument: Any) -> None:
    with suppress(RuntimeError):  # the loop was closed before its store
        loop.call_soon_threadsafe(call, argument)


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
    except (ValueError, TypeError, OverflowError) as error:  # such as half of a surrogate pair, or a number of 65 bits
        raise StoreError(f"Could not {what}: expected values that can be stored, came: {error}.") from error
    except OSError as error:
        raise StoreError(f"Could not {what}: {error}.") from error


def _make_private(path: Path) -> None:
    """Make the file, which only its owner may read; SQLite's journals get the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"Expected a store URL such as sqlite:///room.db, came {url!r}.") from error
    if parsed.drivername not in _DRIVERS:
        raise StoreError(f"Expected a store URL that begins with sqlite:, came {parsed.drivername!r}.")
    return parsed.set(drivername="sqlite+pysqlite")


def _engine(url: URL, in_memory: bool) -> Engine:
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(url, pool_size=_READERS + 2)
    sa_event.listen(engine, "connect", _set_up)
    sa_event.listen(engine, "begin", _begin)
    return engine


def _writing(engine: Engine) -> Connection:
    return engine.connect().execution_options(openroom_begin="BEGIN IMMEDIATE")


def _checkpoint(engine: Engine) -> None:
    with _told("compact"), engine.connect().execution_options(openroom_begin="") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _set_up(connection: Any, _record: Any) -> None:
    """Set a new SQLite connection up. Transactions begin where we say so, not where the driver guesses."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    if how := connection.get_execution_options().get("openroom_begin", "BEGIN"):
        connection.exec_driver_sql(how)
