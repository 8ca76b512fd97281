"""Opening a store by its URL."""

from __future__ import annotations

import asyncio
from pathlib import Path

from openroom.errors import StoreError
from openroom.ports.store import Store
from openroom.store.database import Database
from openroom.store.inmemory import MemoryStore
from openroom.store.lock import lock_data_folder
from openroom.store.sql import SqlStore


async def open_store(url: str, data_folder: Path | str | None = None) -> Store:
    """Open the store of a URL (``sqlite:///room.db``; ``memory:`` keeps all in the process).

    With ``data_folder`` that folder is owned until the store is closed; without one the caller sees to it that no other
    process writes. Raises `StoreLocked`, `StoreCorrupt` or `StoreError`.
    """
    if url == "memory:":
        return MemoryStore()
    lock = await asyncio.to_thread(lock_data_folder, data_folder) if data_folder is not None else None
    try:
        database = Database(url)
        await database.start()
    except StoreError:
        if lock:
            lock.release()
        raise
    return SqlStore(database, lock.release if lock else None)
