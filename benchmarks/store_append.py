"""Goal B4: appending events durably through the store, against plain sqlite3 in a thread.

Three ways to write the same events (about 200 bytes of JSON each, synchronous=FULL, 64 producers that each wait for
their event before they make the next one), interleaved over several rounds; printed are medians and their ratios:

- store: `SqlStore.append`, checks, encoding and SQLAlchemy included
- raw group: sqlite3 in one thread, self-clocked group commit, ready-made rows
- each: SQLAlchemy's async Core over aiosqlite, one commit for each event (its default, synchronous=FULL)

Also: how long it takes to open a room with 100,000 events. Run: ``python -m benchmarks.store_append [--seconds 1.5]``.
"""

from __future__ import annotations

import argparse
import asyncio
import queue
import sqlite3
import statistics
import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.inside import PRODUCERS, line, produce, store_round
from openroom.core.apply import replay
from openroom.core.event import Event
from openroom.core.state import State
from openroom.store.open import open_store
from openroom.store.tables import events

GOALS = {"raw": 0.5, "each": 20.0, "p50": 5.0}


async def each_round(folder: Path, seconds: float) -> float:
    """Rows per second the plain way: SQLAlchemy's async Core over aiosqlite, a transaction for each event."""
    url = f"sqlite+aiosqlite:///{folder / 'each.db'}"
    await (await open_store(url)).close()
    engine = create_async_engine(url)
    body = line(1).model_dump_json(exclude_none=True)
    turn = asyncio.Lock()

    async def append(number: int, seq: int) -> None:
        async with turn, engine.begin() as connection:
            await connection.execute(
                insert(events), {"room": f"room{number}", "seq": seq, "kind": "said", "body": body}
            )

    start = time.perf_counter()
    taken = await produce(seconds, append)
    rate = len(taken) / (time.perf_counter() - start)
    await engine.dispose()
    return rate


def _raw_writer(path: Path, waiting: queue.SimpleQueue[tuple[asyncio.Future[None], tuple[str, int, str, str]] | None],
                loop: asyncio.AbstractEventLoop) -> None:  # fmt: skip
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE events (room TEXT, seq INTEGER, kind TEXT, body TEXT, PRIMARY KEY (room, seq))")
    more = True
    while more:
        group = []
        item = waiting.get()
        while True:
            if item is None:
                more = False
                break
            group.append(item)
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                break
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", [row for _, row in group])
        connection.execute("COMMIT")
        loop.call_soon_threadsafe(_resolve, [future for future, _ in group])
    connection.close()


def _resolve(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        future.set_result(None)


async def raw_round(folder: Path, seconds: float) -> float:
    """Rows per second of a plain sqlite3 thread with self-clocked group commit."""
    loop = asyncio.get_running_loop()
    waiting: queue.SimpleQueue[tuple[asyncio.Future[None], tuple[str, int, str, str]] | None] = queue.SimpleQueue()
    thread = threading.Thread(target=_raw_writer, args=(folder / "raw.db", waiting, loop))
    thread.start()
    body = line(1).model_dump_json(exclude_none=True)

    async def append(number: int, seq: int) -> None:
        done: asyncio.Future[None] = loop.create_future()
        waiting.put((done, (f"room{number}", seq, "said", body)))
        await done

    start = time.perf_counter()
    taken = await produce(seconds, append)
    rate = len(taken) / (time.perf_counter() - start)
    waiting.put(None)
    await asyncio.to_thread(thread.join)
    return rate


async def opening(folder: Path, count: int = 100_000) -> tuple[float, float, float]:
    """Milliseconds to open a room of ``count`` events: from snapshot and tail, the newest 200 lines, and in full."""
    url = f"sqlite+aiosqlite:///{folder / 'long.db'}"
    store = await open_store(url)
    people = {"player:3f9a61c2": {"kind": "player", "name": "Ann", "order": 1, "here": True}}
    batch: list[Event] = [line(1).model_copy(update={"patch": {"people": people}})]
    state = State()
    for seq in range(2, count + 2):
        if len(batch) == 1000 or seq > count:
            await store.append("long", batch)
            state = replay(batch, state)
            if seq <= count - 500:
                await store.save_snapshot("long", state)
            batch = []
        batch.append(line(seq))
    await store.close()

    start = time.perf_counter()
    store = await open_store(url)
    snapshot = await store.latest("long")
    assert snapshot is not None
    opened = replay(await store.events("long", after=snapshot.seq), snapshot)
    quick = (time.perf_counter() - start) * 1000
    start = time.perf_counter()
    await store.last("long", 200)
    lines = (time.perf_counter() - start) * 1000
    start = time.perf_counter()
    full = replay(await store.events("long"))
    whole = (time.perf_counter() - start) * 1000
    if not opened == full == state:
        raise SystemExit("expected the same state from snapshot and tail as from all events")
    await store.close()
    return quick, lines, whole


async def measure(seconds: float, rounds: int) -> dict[str, float]:
    """Interleaved rounds; medians of rates (rows per second), p50 (ms) and ratios."""
    stores, raws, each, p50 = [], [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            rate, taken = await store_round(folder, seconds)
            stores.append(rate)
            p50.append(statistics.median(taken))
            raws.append(await raw_round(folder, seconds))
            each.append(await each_round(folder, seconds))
    return {
        "store": statistics.median(stores),
        "raw": statistics.median(raws),
        "each": statistics.median(each),
        "p50": statistics.median(p50),
        "store/raw": statistics.median(a / b for a, b in zip(stores, raws, strict=True)),
        "store/each": statistics.median(a / b for a, b in zip(stores, each, strict=True)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="durable appends, in ratios (goal B4)")
    parser.add_argument("--seconds", type=float, default=1.5, help="length of each part of a round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    found = asyncio.run(measure(options.seconds, options.rounds))
    rates = " | ".join(f"{name} {found[name]:,.0f}" for name in ("store", "raw", "each"))
    print(f"rows/s, {PRODUCERS} producers: {rates}")
    for label, value, goal, good in (
        ("B4 store / raw sqlite3 thread", found["store/raw"], GOALS["raw"], found["store/raw"] >= GOALS["raw"]),
        ("B4 store / commit per event", found["store/each"], GOALS["each"], found["store/each"] >= GOALS["each"]),
        ("B4 p50 of an append, ms", found["p50"], GOALS["p50"], found["p50"] <= GOALS["p50"]),
    ):
        print(f"{label}: {value:.2f} (goal {goal}) {'reached' if good else 'NOT REACHED'}")
    with tempfile.TemporaryDirectory() as name:
        quick, lines, whole = asyncio.run(opening(Path(name)))
    print(
        f"room of 100,000 events: opened in {quick:.0f} ms, last 200 lines {lines:.0f} ms, full replay {whole:.0f} ms"
    )


if __name__ == "__main__":
    main()
