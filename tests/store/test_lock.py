"""One process owns a data folder."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from openroom.errors import StoreLocked
from openroom.store.lock import lock_data_folder, owner_of
from openroom.store.open import open_store
from tests.processes import running

_HOLD = """
import sys, time
from openroom.store.lock import lock_data_folder
lock = lock_data_folder(sys.argv[1])
print("held", flush=True)
time.sleep(3600)
"""


def test_a_second_owner_is_told_who_holds_it_and_what_to_do(tmp_path: Path) -> None:
    with running([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match=rf"process {child.pid}\b.*OPENROOM_DATA"):
            lock_data_folder(tmp_path)
        child.kill()
    with lock_data_folder(tmp_path):  # a killed owner leaves nothing in the way
        assert (tmp_path / "openroom.pid").read_text() == f"{os.getpid()}\n"
    assert not (tmp_path / "openroom.pid").exists()


def test_the_owner_is_unknown_when_its_note_is_missing(tmp_path: Path) -> None:
    lock = lock_data_folder(tmp_path / "new")
    (tmp_path / "new" / "openroom.pid").unlink()
    with pytest.raises(StoreLocked, match="another process"):
        lock_data_folder(tmp_path / "new")
    lock.release()
    lock.release()


async def test_a_store_holds_its_folder_until_it_is_closed(tmp_path: Path, url: str) -> None:
    store = await open_store(url, tmp_path)
    with pytest.raises(StoreLocked):
        await open_store(url, tmp_path)
    await store.close()
    await (await open_store(url, tmp_path)).close()


async def test_a_database_has_one_process_wherever_it_lies(tmp_path: Path, url: str) -> None:
    """Two workers of an application would each write it."""
    store = await open_store(url)
    for folder in (None, tmp_path / "other"):
        with pytest.raises(StoreLocked, match=rf"process {os.getpid()}\b.*run one worker"):
            await open_store(url, folder)
    await store.close()
    for folder in (None, tmp_path / "other"):
        await (await open_store(url, folder)).close()


async def test_databases_in_memory_are_nobody_elses() -> None:
    stores = [await open_store(url) for url in ("sqlite://", "sqlite://", "memory:")]
    for store in stores:
        await store.close()


def test_a_copied_folder_is_not_owned_by_who_owns_the_first(tmp_path: Path) -> None:
    mine, copy = tmp_path / "mine", tmp_path / "copy"
    assert owner_of(mine) is None
    with lock_data_folder(mine):
        shutil.copytree(mine, copy)
        assert (owner_of(mine), owner_of(copy)) == (os.getpid(), None)
        lock_data_folder(copy).release()
    assert owner_of(mine) is None


async def test_what_is_made_in_a_data_folder_is_its_owner_s_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        folder = tmp_path / "data"
        store = await open_store(f"sqlite:///{folder / 'openroom.db'}", folder)
        await store.put("key", "value")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        files = list(folder.glob("openroom.db*"))
        assert len(files) == 3, "with the journal and its index"
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        await store.close()
        folder.chmod(0o750)
        lock_data_folder(folder).release()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o750, "what its owner has decided stays"
    finally:
        os.umask(before)
