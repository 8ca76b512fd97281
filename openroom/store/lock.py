"""One process owns a data folder, or a database that lies elsewhere: a lock file that the system lets go of when its
owner dies, however it dies."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from openroom.errors import StoreError, StoreLocked

LOCK_NAME = "openroom.lock"
OWNER_NAME = "openroom.pid"


class OwnerLock:
    """The right to write into a data folder or a database; hold it as long as you do, then `release` it (or use it as a
    context)."""

    def __init__(self, lock: FileLock, owner: Path) -> None:
        self._lock = lock
        self._owner = owner

    def release(self) -> None:
        """Let go. Releasing twice does nothing."""
        if self._lock.is_locked:
            self._owner.unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> OwnerLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def lock_data_folder(path: Path | str) -> OwnerLock:
    """Own a data folder, making it where there is none. Raises `StoreLocked`, which names the owner's process,
    or `StoreError`."""
    folder = Path(path)
    advice = "talk to it over its address, or choose another folder with OPENROOM_DATA."
    return _lock(folder / LOCK_NAME, folder / OWNER_NAME, f"The data folder {folder}", advice)


def lock_database(path: Path | str) -> OwnerLock:
    """Own the file of a database. Raises as `lock_data_folder` does."""
    file = Path(path)
    lock, owner = file.with_name(f"{file.name}.lock"), file.with_name(f"{file.name}.pid")
    return _lock(lock, owner, f"The database {file}", "or choose another one.")


def owner_of(path: Path | str) -> int | None:
    """The process that owns this very data folder now; ``None`` where nobody does: in a copy of it, or when its owner
    died."""
    folder = Path(path)
    if not (folder / LOCK_NAME).is_file():
        return None
    lock = FileLock(folder / LOCK_NAME, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _process(folder / OWNER_NAME)
    lock.release()
    return None


def _lock(file: Path, owner: Path, what: str, advice: str) -> OwnerLock:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{what}: expected a folder that can be written, came {file.parent}: {error}.") from error
    lock = FileLock(file, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        process = _process(owner)
        who = "another process" if process is None else f"process {process}"
        raise StoreLocked(
            f"{what} is in use by {who}. Rooms live in one process: run one worker, stop that openroom first, {advice}"
        ) from None
    owner.write_text(f"{os.getpid()}\n", encoding="ascii")
    return OwnerLock(lock, owner)


def _process(owner: Path) -> int | None:
    try:
        return int(owner.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
