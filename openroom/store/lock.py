"""One process owns a data folder: a lock file that the system lets go of when its owner dies, however it dies."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from openroom.errors import StoreError, StoreLocked

LOCK_NAME = "openroom.lock"
OWNER_NAME = "openroom.pid"


class DataFolderLock:
    """The right to write into a data folder; hold it as long as you do, then `release` it (or use it as a context)."""

    def __init__(self, lock: FileLock, owner: Path) -> None:
        self._lock = lock
        self._owner = owner

    def release(self) -> None:
        """Let go. Releasing twice does nothing."""
        if self._lock.is_locked:
            self._owner.unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> DataFolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def lock_data_folder(path: Path | str) -> DataFolderLock:
    """Own a data folder, making it where there is none. Raises `StoreLocked`, which names the owner's process,
    or `StoreError`."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Expected a data folder that can be written, came {folder}: {error}.") from error
    lock, owner = FileLock(folder / LOCK_NAME, thread_local=False), folder / OWNER_NAME
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreLocked(_explain(folder, owner)) from None
    owner.write_text(f"{os.getpid()}\n", encoding="ascii")
    return DataFolderLock(lock, owner)


def _explain(folder: Path, owner: Path) -> str:
    try:
        who = f"process {int(owner.read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        who = "another process"
    return (
        f"The data folder {folder} is in use by {who}. Stop that openroom first, talk to it over its address, "
        "or choose another folder with OPENROOM_DATA."
    )
