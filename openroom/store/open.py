"""Opening a store by its URL."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

from openroom.errors import StoreError
from openroom.ports.store import Store
from openroom.store.database import Database
from openroom.store.inmemory import MemoryStore
from openroom.store.lock import lock_data_folder, lock_database
from openroom.store.sql import SqlStore


async def open_store(url: str, data_folder: Path | str | None = None) -> Store:
    """Open the store of a URL (``sqlite:///room.db``; ``memory:`` keeps all in the process).

    The database's file, and ``data_folder`` where one is given, are owned until the store is closed. Raises
    `StoreLocked`, `StoreCorrupt` or `StoreError`.
    """
    if url == "memory:":
        return MemoryStore()
    database = Database(url)
    locks = await asyncio.to_thread(_own, database, data_folder)
    try:
        await database.start()
    except StoreError:
        locks.close()
        raise
    return SqlStore(database, locks.close)


def _own(database: Database, data_folder: Path | str | None) -> ExitStack:
    """The locks, to be closed with the store. A database in the data folder is owned with that."""
    folder = Path(data_folder).resolve() if data_folder is not None else None
    with ExitStack() as locks:
        if folder is not None:
            locks.enter_context(lock_data_folder(folder))
        if not database.in_memory:
            file = Path(str(database.url.database)).resolve()
            if file.parent != folder:
                locks.enter_context(lock_database(file))
        return locks.pop_all()
