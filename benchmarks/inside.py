"""What is measured inside a process of the build: appends, turns, and rooms that open.

Run by `benchmarks.rooms_within` as ``python -m benchmarks.inside JOB SECONDS``: it prints a line of JSON when it is
ready, and for each line that it reads plays a round and prints what that came to.

The build that runs here may be another one than this, older or newer, and modules move. So this file uses nothing of
openroom but its public names and two modules that stay where they are (`BORROWED`), and tests/test_benchmarks.py
holds it to that. Whoever must move or rename one of those sees to it here that both names are tried.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import openroom
from benchmarks.long_lines import KINDS, LONGEST
from benchmarks.long_lines import run as run_of
from benchmarks.rooms_servers import HALL
from benchmarks.rooms_wire import Broken
from openroom import Actor, Lobby, LobbySettings, Room
from openroom.core.event import Said
from openroom.models.scripted import ScriptedModel

BORROWED = ("openroom", "openroom.core.event", "openroom.models.scripted")
PRODUCERS = 64
EVENTS = 100_000
LINES = 20
VISITORS = {"few": 30, "many": 3000}
TOGETHER = 10
"""So many kinds of long lines are said in one room, and so many are measured again."""
AT_A_TIME = 50
"""So many visitors are there together."""
TEXT = "The samovar hums; somebody has left the window open, and it smells of rain and of smoked tea again. "

Play = Callable[[], Awaitable[dict[str, float]]]


def line(seq: int) -> Said:
    """An event of about 200 bytes of JSON."""
    return Said(seq=seq, at=1_700_000_000_000 + seq, actor="player:3f9a61c2", text=TEXT, cause=f"c-{seq}")


async def produce(seconds: float, append: Callable[[int, int], Awaitable[None]]) -> list[float]:
    """Let producers append one event after another; the latencies in ms."""
    taken: list[float] = []
    end = time.perf_counter() + seconds

    async def producer(number: int) -> None:
        seq = 0
        while (start := time.perf_counter()) < end:
            seq += 1
            await append(number, seq)
            taken.append((time.perf_counter() - start) * 1000)

    await asyncio.gather(*(producer(number) for number in range(PRODUCERS)))
    return taken


async def store_round(folder: Path, seconds: float) -> tuple[float, list[float]]:
    """Rows per second and latencies through the store; checks that each room holds all that was acknowledged."""
    async with _lobby(folder) as lobby:
        store, counts = lobby.store, dict[int, int]()

        async def append(number: int, seq: int) -> None:
            await store.append(f"room{number}", [line(seq)])
            counts[number] = seq

        start = time.perf_counter()
        taken = await produce(seconds, append)
        rate = len(taken) / (time.perf_counter() - start)
        for number, count in counts.items():
            if [event.seq for event in await store.events(f"room{number}")] != list(range(1, count + 1)):
                raise Broken(f"room{number}: expected events 1 to {count} without a gap")
    return rate, taken


@asynccontextmanager
async def appends(folder: Path, seconds: float) -> AsyncIterator[Play]:
    """B4: each round writes into a new database."""
    numbers = itertools.count()

    async def play() -> dict[str, float]:
        rate, taken = await store_round(folder / str(next(numbers)), seconds)
        return {"rate": rate, "p50": statistics.median(taken)}

    await store_round(folder / "early", seconds / 2)
    yield play


@asynccontextmanager
async def _visit(folder: Path) -> AsyncIterator[Callable[[str], Awaitable[float]]]:
    """A room with a model that takes no time, and a turn in it: from a visitor's line to the character's, in ms."""
    numbers = itertools.count(1)
    model = ScriptedModel(
        [lambda _request: {"say": f"I have said {next(numbers)} things tonight.", "emotion": "calm", "do": []}]
    )
    async with _lobby(folder, model) as lobby:
        room = await lobby.open("tea_room")
        async with room.join("Ann") as ann:
            events = ann.events()

            async def turn(line: str) -> float:
                start = time.perf_counter()
                await ann.say(line)
                async for event in events:
                    if event.get("kind") == "said" and event["actor"] == "character:mira":
                        break
                taken = (time.perf_counter() - start) * 1000
                await lobby.directors["tea_room"].settled()
                return taken

            for number in range(5):
                await turn(_short_line(number))
            yield turn
            await events.aclose()


def _short_line(number: int) -> str:
    return f"Mira, this is what I wanted to ask you, number {number}."


@asynccontextmanager
async def turns(folder: Path, _seconds: float) -> AsyncIterator[Play]:
    """What a turn takes besides its model."""
    asked = itertools.count(5)
    async with _visit(folder) as turn:

        async def play() -> dict[str, float]:
            cpu = time.process_time()
            taken = [await turn(_short_line(next(asked))) for _ in range(LINES)]
            spent = (time.process_time() - cpu) / LINES * 1000
            return {"p50": statistics.median(taken), "slowest": max(taken), "cpu": spent}

        yield play


@asynccontextmanager
async def long_lines(folder: Path, _seconds: float) -> AsyncIterator[Play]:
    """What a turn takes more where the line it answers is 4,000 characters of one kind: the dearest kind, and all.

    Short lines are said by turns with the long ones, so that those that are held against each other have the same
    behind them: as much talk, as many memories. The kinds that seem dearest are measured once more, for longer: of
    many readings the highest is the one that something disturbed."""
    rounds, asked = itertools.count(), itertools.count(5)

    async def more(kinds: Sequence[str], times: int) -> dict[str, float]:
        async with _visit(folder / str(next(rounds))) as turn:

            async def spent(rest: str = "") -> float:
                line = _short_line(next(asked))
                cpu = time.process_time()
                await turn(f"{line} {rest}" if rest else line)
                return (time.process_time() - cpu) * 1000

            async def compared(kind: str) -> float:
                rest = run_of(kind, LONGEST - len(_short_line(10_000)) - 2) + "x"
                pairs = [(await spent(), await spent(rest)) for _ in range(times)]
                return min(long for _, long in pairs) - min(short for short, _ in pairs)

            return {kind: await compared(kind) for kind in kinds}

    async def play() -> dict[str, float]:
        found: dict[str, float] = {}
        for first in range(0, len(KINDS), TOGETHER):
            found |= await more(KINDS[first : first + TOGETHER], 3)
        dearest = sorted(KINDS, key=lambda kind: -found[kind])[:TOGETHER]
        for kind in dearest:
            found |= await more([kind], 10)
        told = {kind: round(found[kind], 1) for kind in sorted(dearest, key=lambda kind: -found[kind])}
        logging.getLogger(__name__).info("dearest: %s", told)
        return {"dearest": max(found[kind] for kind in dearest), "mean": statistics.mean(found.values())}

    yield play


@asynccontextmanager
async def openings(folder: Path, _seconds: float) -> AsyncIterator[Play]:
    """A room with a long log, which is opened with the snapshot that every room keeps and with none. Each time it is
    a fresh copy: a room writes a snapshot when it closes."""
    quick, whole = folder / "quick", folder / "whole"
    await _long_room(quick)
    shutil.copytree(quick, whole)
    with closing(sqlite3.connect(whole / "openroom.db")) as database, database:
        database.execute("DELETE FROM snapshots")

    async def play() -> dict[str, float]:
        return {"quick": await _open(quick), "whole": await _open(whole)}

    yield play


async def _long_room(folder: Path) -> None:
    """Write the log: all but the last 500 events, then a snapshot (a room writes one when it closes), then the rest."""
    async with _lobby(folder) as lobby:
        seq = (await lobby.open("hall")).seq
    async with _lobby(folder) as lobby:
        await _fill(lobby, seq + 1, EVENTS - 500)
        await lobby.open("hall")
    async with _lobby(folder) as lobby:
        await _fill(lobby, EVENTS - 499, EVENTS)


@asynccontextmanager
async def visitors(folder: Path, _seconds: float) -> AsyncIterator[Play]:
    """Two rooms through which few and many visitors have passed, each third of whom said a line: what a newcomer's
    snapshot weighs, and how long coming in takes."""
    async with _lobby(folder) as lobby:
        rooms = {count: await lobby.create("hall", Actor("player:host", "player", "Host")) for count in VISITORS}
        for count, room in rooms.items():
            await _pass_through(room, VISITORS[count])

        async def play() -> dict[str, float]:
            taken: dict[str, list[float]] = {count: [] for count in rooms}
            found: dict[str, float] = {}
            for _ in range(LINES):
                for count, room in rooms.items():
                    start = time.perf_counter()
                    async with room.join("Ann") as ann:
                        snapshot = await room.snapshot(ann.id)
                        taken[count].append((time.perf_counter() - start) * 1000)
                    found[f"{count} bytes"] = float(len(json.dumps(snapshot)))
            return found | {f"{count} ms": statistics.median(each) for count, each in taken.items()}

        yield play


async def _pass_through(room: Room, count: int) -> None:
    async def visit(number: int) -> None:
        async with room.join("Ann") as ann:
            if number % 3 == 0:
                await ann.say(TEXT)

    for first in range(0, count, AT_A_TIME):
        await asyncio.gather(*(visit(number) for number in range(first, min(first + AT_A_TIME, count))))


async def _fill(lobby: Lobby, first: int, last: int) -> None:
    for begin in range(first, last + 1, 1000):
        await lobby.store.append("hall", [line(seq) for seq in range(begin, min(begin + 1000, last + 1))])


async def _open(folder: Path) -> float:
    """Milliseconds until the room is open; what is in it is compared with what was written."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        copy = Path(name) / "copy"
        shutil.copytree(folder, copy)
        with (copy / "openroom.db").open("rb+") as file:
            os.fsync(file.fileno())  # else the first commit would wait for the whole copy to reach the disk
        async with _lobby(copy) as lobby:
            start = time.perf_counter()
            room = await lobby.open("hall")
            taken = (time.perf_counter() - start) * 1000
            if room.seq != EVENTS:
                raise Broken(f"expected a room of {EVENTS} events, came {room.seq}")
    return taken


def _lobby(folder: Path, model: ScriptedModel | None = None) -> Lobby:
    """A lobby on SQLite with the build's own scenes and the hall, where nobody greets or reacts unasked."""
    hall = folder / "scenes" / "hall" / "scene.yaml"
    hall.parent.mkdir(parents=True, exist_ok=True)
    hall.write_text(HALL, encoding="utf-8")
    root, plain = Path(openroom.__file__).parent.parent, LobbySettings(watch=False)
    return Lobby(
        characters=root / "characters",
        scenes=[folder / "scenes", root / "scenes"],
        store=f"sqlite+aiosqlite:///{folder / 'openroom.db'}",
        model=model,
        settings=replace(plain, director=replace(plain.director, greet=False, react_ms=0)),
    )


JOBS: dict[str, Callable[[Path, float], AbstractAsyncContextManager[Play]]] = {
    "append": appends,
    "turns": turns,
    "long_lines": long_lines,
    "restart": openings,
    "visitors": visitors,
}


async def run(job: str, seconds: float) -> None:
    """Play a round for each line of the standard input, until it ends."""
    with tempfile.TemporaryDirectory(prefix="openroom-bench-") as name:
        try:
            async with JOBS[job](Path(name), seconds) as play:
                print("{}", flush=True)
                while await asyncio.to_thread(sys.stdin.readline):
                    print(json.dumps(await play()), flush=True)
        except Broken as fault:
            print(json.dumps({"broken": str(fault)}), flush=True)


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # a log line for each turn would be measured too
    asyncio.run(run(sys.argv[1], float(sys.argv[2])))
