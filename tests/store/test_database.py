"""The one writer: what shares a transaction, and what happens to the others when one fails."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from openroom.core.event import Said
from openroom.core.state import State
from openroom.errors import StoreError
from openroom.ports.memory_rows import Remembered
from openroom.store.database import Database
from openroom.store.open import open_store
from tests.waiting import PATIENCE, until


def put(key: str, fail: bool = False) -> Any:
    """A job that writes a value, and may fail after that."""

    def job(connection: Connection) -> str:
        connection.execute(text("INSERT INTO key_values VALUES (:key, 'x')"), {"key": key})
        if fail:
            raise StoreError(f"{key} failed")
        return key

    return job


async def keys(database: Database) -> list[str]:
    query = text("SELECT key FROM key_values ORDER BY key")
    return await database.read(lambda connection: list(connection.execute(query).scalars()))


@pytest.mark.parametrize("in_memory", [False, True])
async def test_a_failing_job_takes_only_its_own_writes_back(tmp_path: Path, in_memory: bool) -> None:
    database = Database("sqlite://" if in_memory else f"sqlite:///{tmp_path / 'x.db'}")
    go_on = threading.Event()
    holding = asyncio.create_task(database.write(lambda _: go_on.wait(PATIENCE)))  # the rest gathers behind this one
    await until(lambda: database.started and database._queue.empty())
    waiting = [asyncio.create_task(database.write(put(k, fail=k == "b"))) for k in ("a", "b", "c")]
    await until(lambda: database._queue.qsize() == 3)
    go_on.set()
    results = await asyncio.gather(holding, *waiting, return_exceptions=True)
    assert results[:2] == [True, "a"]
    assert str(results[2]) == "b failed"
    assert results[3] == "c"
    assert await keys(database) == ["a", "c"]
    await database.close()


async def test_what_was_acknowledged_is_on_the_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    settings = {}
    for pragma in ("synchronous", "journal_mode", "foreign_keys", "secure_delete"):
        settings[pragma] = await database.read(lambda c, p=pragma: c.exec_driver_sql(f"PRAGMA {p}").scalar())
    assert settings == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1}
    await database.close()


async def test_reads_see_one_view_and_do_not_wait_for_the_writer(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    await database.write(put("a"))
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        put("b")(connection)
        begun.set()
        assert go_on.wait(PATIENCE)

    writing = asyncio.create_task(database.write(slow))
    await until(begun.is_set)
    assert await keys(database) == ["a"]
    go_on.set()
    await writing
    assert await keys(database) == ["a", "b"]
    await database.close()


@pytest.mark.parametrize("bad", ["half a pair \ud800", "\udfff"])
async def test_text_that_cannot_be_stored_is_refused_and_the_writer_goes_on(tmp_path: Path, bad: str) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'x.db'}")
    for refused in (
        store.put("key", bad),
        store.append("tea", [Said.model_construct(seq=1, at=1, actor="player:a", text=bad)]),
        store.save_snapshot("tea", State(1, {"text": bad}, {})),
        store.memories.add([Remembered("m", "o", "s", "fact", bad, 0.5, 1, 1)]),
    ):
        with pytest.raises(StoreError, match=r"stored|JSON"):
            await refused
    await store.append("tea", [Said(seq=1, at=1, actor="player:a", text="fine")])
    await store.close()


async def test_a_number_too_large_for_the_database(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(StoreError):
        await store.memories.add([Remembered("m", "o", "s", "fact", "x", 0.5, 2**70, 1)])
    await store.put("key", "value")
    await store.close()


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="file"):
        await open_store(f"sqlite:///{tmp_path / 'file' / 'x.db'}")
    with pytest.raises(StoreError, match="data folder"):
        await open_store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "file" / "data")
