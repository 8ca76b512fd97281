"""The store on disk: durability, restart, damage, and what is left of erased words."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from openroom.core.event import Entered, Erased, Event, Left, Said
from openroom.errors import StoreCorrupt, StoreError
from openroom.ports.memory_rows import Remembered, Source
from openroom.store.open import open_store


def said(seq: int, text: str = "Hello") -> Said:
    return Said(seq=seq, at=seq * 10, actor="player:a", text=text)


async def test_all_is_there_after_a_restart(url: str) -> None:
    store = await open_store(url)
    await store.append("tea", [said(1), said(2)])
    await store.put("model", "local")
    await store.close()
    store = await open_store(url)
    assert [event.seq for event in await store.events("tea")] == [1, 2]
    with pytest.raises(StoreCorrupt, match="expected event 3 next, came event 2"):
        await store.append("tea", [said(2)])
    await store.append("tea", [said(3)])
    assert await store.get("model") == "local"
    await store.close()


async def test_many_events_are_read_in_pieces_and_in_order(url: str) -> None:
    store = await open_store(url)
    await store.append("tea", [said(seq) for seq in range(1, 2502)])
    assert [event.seq for event in await store.events("tea")] == list(range(1, 2502))
    assert len(await store.events("tea", limit=1500)) == 1500
    assert len(await store.events("tea", after=500, until=2000)) == 1500
    await store.close()


@pytest.mark.parametrize(
    ("kinds", "seqs", "index"),
    [(("erased",), [2], "events_erased"), (("entered", "left", "brought"), [4, 5], "events_comings")],
)
async def test_what_is_looked_for_often_is_found_without_reading_the_whole_log(
    url: str, tmp_path: Path, kinds: tuple[str, ...], seqs: list[int], index: str
) -> None:
    """Erasures each time that a room opens, comings and goings each time that somebody looks through it."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    store = await open_store(url)
    ann = {"actor": "player:a", "who": "player:a", "name": "Ann"}
    told = [said(1), Erased(seq=2, at=20, actor="player:a", target=1), said(3)]
    await store.append("tea", [*told, Entered(seq=4, at=21, **ann), Left(seq=5, at=22, **ann), said(6)])
    listen(Engine, "before_cursor_execute", note)
    try:
        assert [event.seq for event in await store.last("tea", 10, kinds)] == seqs
    finally:
        remove(Engine, "before_cursor_execute", note)
        await store.close()
    (query,) = [one for one in asked if "events" in one]
    (file,) = tmp_path.glob("*.db")
    with closing(sqlite3.connect(file)) as database:
        plan = database.execute(f"EXPLAIN QUERY PLAN {query}", ("tea", 10, 0)[: query.count("?")]).fetchall()
    assert index in str(plan), plan


async def test_reading_does_not_hold_up_the_loop(url: str) -> None:
    store = await open_store(url)
    await store.append("tea", [said(seq) for seq in range(1, 20_001)])
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticker = asyncio.create_task(tick())
    await store.events("tea")
    ticker.cancel()
    assert ticks >= 5
    await store.close()


async def test_what_was_being_written_is_written_when_the_store_closes(url: str) -> None:
    store = await open_store(url)
    tasks = [asyncio.create_task(store.append(f"room{n}", [said(1)])) for n in range(20)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*tasks)
    store = await open_store(url)
    assert [await store.head(f"room{n}") for n in range(20)] == [1] * 20
    await store.close()


async def test_a_cancelled_caller_does_not_take_its_events_back(url: str) -> None:
    store = await open_store(url)
    task = asyncio.create_task(store.append("tea", [said(1)]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.append("tea", [said(2)])
    assert await store.head("tea") == 2
    await store.close()


async def test_a_closed_store_says_so(url: str) -> None:
    store = await open_store(url)
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.append("tea", [said(1)])
    with pytest.raises(StoreError, match="closed"):
        await store.events("tea")


@pytest.mark.parametrize("bad", ["mysql://x", "not a url", "postgresql+asyncpg://localhost/x", ""])
async def test_a_url_that_cannot_be_used_is_named(bad: str) -> None:
    with pytest.raises(StoreError, match=r"Expected a store URL"):
        await open_store(bad)


async def test_a_file_that_is_no_database(url: str, tmp_path: Path) -> None:
    (tmp_path / "room.db").write_bytes(b"This is not a database, though it is quite long. " * 40)
    with pytest.raises(StoreCorrupt, match="not a database"):
        await open_store(url, tmp_path)
    await (await open_store(f"sqlite:///{tmp_path / 'new.db'}", tmp_path)).close()  # the folder was let go of


async def test_a_missing_event_and_a_broken_body_are_noticed(url: str, tmp_path: Path) -> None:
    store = await open_store(url)
    await store.append("gap", [said(1), said(2), said(3)])
    await store.append("bad", [said(1)])
    await store.close()
    with sqlite3.connect(tmp_path / "room.db") as connection:
        connection.execute("DELETE FROM events WHERE room = 'gap' AND seq = 2")
        connection.execute("UPDATE events SET body = '{\"kind\": \"said\"' WHERE room = 'bad'")
        connection.execute("INSERT INTO snapshots VALUES ('bad', 1, '[1')")
    connection.close()
    store = await open_store(url)
    with pytest.raises(StoreCorrupt, match="expected event 2, came event 3"):
        await store.events("gap")
    with pytest.raises(StoreCorrupt, match="Room bad"):
        await store.events("bad")
    with pytest.raises(StoreCorrupt, match="snapshot"):
        await store.latest("bad")
    await store.close()


async def test_an_append_that_another_writer_was_quicker_with(url: str, tmp_path: Path) -> None:
    store = await open_store(url)
    await store.append("tea", [said(1)])
    with sqlite3.connect(tmp_path / "room.db") as connection:
        connection.execute("INSERT INTO events VALUES ('tea', 2, 'said', '{}')")
    connection.close()
    with pytest.raises(StoreCorrupt, match="only one who writes"):
        await store.append("tea", [said(2)])
    with pytest.raises(StoreCorrupt, match="expected event 3"):  # it looked the head up again
        await store.append("tea", [said(2)])
    await store.close()


async def test_a_failed_commit_fails_all_that_shared_it_and_the_next_one_works(url: str, tmp_path: Path) -> None:
    store = await open_store(url)
    await store.append("tea", [said(1)])
    with sqlite3.connect(tmp_path / "room.db") as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END")
    results = await asyncio.gather(
        store.append("tea", [said(2)]), store.put("a", "1"), store.append("other", [said(1)]), return_exceptions=True
    )
    assert isinstance(results[0], StoreError)
    assert isinstance(results[2], StoreError)
    with connection:
        connection.execute("DROP TRIGGER full")
    connection.close()
    await store.append("tea", [said(2)])
    await store.append("other", [said(1)])
    assert await store.head("tea") == 2
    await store.close()


async def test_erased_words_are_nowhere_in_the_files(url: str, tmp_path: Path) -> None:
    store = await open_store(url)
    lines: list[Event] = [said(seq, f"Nothing to see, line {seq}.") for seq in range(1, 60)]
    lines[29] = said(30, "Xylophagous confession of mine")
    await store.append("tea", lines)
    sources = (Source("tea", 30, "player:a"),)
    text = "Ann made a xylophagous confession."
    await store.memories.add([Remembered("m", "character:mira", "player:a", "fact", text, 0.5, 1, 1, sources=sources)])
    assert len(await store.memories.search("character:mira", ["confession"])) == 1
    await store.erase("tea", 30)
    assert await _words_in(tmp_path) == []
    await store.close()
    assert await _words_in(tmp_path) == []


async def _words_in(folder: Path) -> list[str]:
    files = [file for file in folder.iterdir() if file.is_file()]
    return [file.name for file in files if any(w in file.read_bytes().lower() for w in (b"xylophag", b"confession"))]
