"""Inside one process: what a turn costs besides its model, and how long a room with a long log takes to open."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks import store_append
from benchmarks.rooms_servers import HALL, ROOT
from benchmarks.rooms_table import Row
from benchmarks.rooms_wire import Broken
from openroom.cast.director import DirectorSettings
from openroom.core.event import Said
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import Model
from openroom.room.clock import system_clock

EVENTS = 100_000


def append(seconds: float, count: int) -> list[Row]:
    """B4, measured by `benchmarks.store_append`."""
    found = asyncio.run(store_append.measure(seconds, count))
    goals = store_append.GOALS
    note = f"{found['store']:,.0f} rows/s; {store_append.PRODUCERS} producers, synchronous=FULL"
    return [
        Row("B4", "durable appends against a raw sqlite3 thread", found["store/raw"], goals["raw"], note=note),
        Row("B4", "durable appends against a commit for each", found["store/each"], goals["each"]),
        Row("B4", "p50 of an append", found["p50"], goals["p50"], "most", "ms"),
    ]


def turns(_seconds: float, count: int) -> list[Row]:
    """What openroom adds to a model call: from a visitor's line to the character's, with a model that takes no time."""
    taken = asyncio.run(_turns(count * 20))
    note = f"p99 {sorted(taken)[int(0.99 * len(taken))]:.1f} ms; tea room, 3 characters, SQLite, memory on"
    return [Row("turn", "a turn without model time, p50", statistics.median(taken), unit="ms", note=note)]


async def _turns(lines: int) -> list[float]:
    numbers = itertools.count(1)
    model = ScriptedModel(
        [lambda _request: {"say": f"I have said {next(numbers)} things tonight.", "emotion": "calm", "do": []}]
    )
    taken = []
    with tempfile.TemporaryDirectory(prefix="openroom-bench-") as name:
        async with _lobby(Path(name), model) as lobby:
            room = await lobby.open("tea_room")
            async with room.join("Ann") as ann:
                events = ann.events()
                for number in range(lines + 5):
                    start = time.perf_counter()
                    await ann.say(f"Mira, this is what I wanted to ask you, number {number}.")
                    async for event in events:
                        if event.get("kind") == "said" and event["actor"] == "character:mira":
                            break
                    taken.append((time.perf_counter() - start) * 1000)
                    await lobby.directors["tea_room"].settled()
                await events.aclose()
    return taken[5:]


def restart(_seconds: float, count: int) -> list[Row]:
    """How long a room with 100,000 events takes to open: with the snapshot that is kept, and without any."""
    with tempfile.TemporaryDirectory(prefix="openroom-bench-") as name:
        folder = Path(name)
        asyncio.run(_long_room(folder))
        quick = [asyncio.run(_open(folder)) for _ in range(count)]
        with closing(sqlite3.connect(folder / "openroom.db")) as database, database:
            database.execute("DELETE FROM snapshots")
        whole = asyncio.run(_open(folder))
    return [
        Row("restart", f"a room of {EVENTS:,} events opens, snapshot and tail", statistics.median(quick), unit="ms"),
        Row("restart", f"a room of {EVENTS:,} events opens, no snapshot", whole, unit="ms", note="replays all of them"),
    ]


async def _long_room(folder: Path) -> None:
    """Write the log: all but the last 500 events, then a snapshot (a room writes one when it closes), then the rest."""
    async with _lobby(folder) as lobby:
        seq = (await lobby.open("hall")).seq
    async with _lobby(folder) as lobby:
        await _fill(lobby, seq + 1, EVENTS - 500)
        await lobby.open("hall")
    async with _lobby(folder) as lobby:
        await _fill(lobby, EVENTS - 499, EVENTS)


async def _fill(lobby: Lobby, first: int, last: int) -> None:
    for begin in range(first, last + 1, 1000):
        lines = [
            Said(seq=seq, at=system_clock(), actor="player:3f9a61c2", text=store_append.TEXT, cause=f"c-{seq}")
            for seq in range(begin, min(begin + 1000, last + 1))
        ]
        await lobby.store.append("hall", lines)


async def _open(folder: Path) -> float:
    """Milliseconds until the room is open; what is in it is compared with what was written."""
    async with _lobby(folder) as lobby:
        start = time.perf_counter()
        room = await lobby.open("hall")
        taken = (time.perf_counter() - start) * 1000
        if room.seq != EVENTS:
            raise Broken(f"expected a room of {EVENTS} events, came {room.seq}")
        # Left as it was found, so that the next opening has the same to do.
        room._snapshot_seq = room.seq
    return taken


def _lobby(folder: Path, model: Model | None = None) -> Lobby:
    (folder / "scenes" / "hall").mkdir(parents=True, exist_ok=True)
    (folder / "scenes" / "hall" / "scene.yaml").write_text(HALL, encoding="utf-8")
    return Lobby(
        characters=ROOT / "characters",
        scenes=[folder / "scenes", ROOT / "scenes"],
        store=f"sqlite+aiosqlite:///{folder / 'openroom.db'}",
        model=model,
        settings=LobbySettings(watch=False, director=DirectorSettings(greet=False, react_ms=0)),
    )
