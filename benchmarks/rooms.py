"""Goals B1, B2, B3 and B5: the real room server side by side with a bare `websockets` server and with Colyseus.

All servers of a comparison run at the same time and are loaded one after the other, round by round (A B C A B C ...),
so that what else the machine does meets all of them. Figures are medians of the ratios of each round. Every byte that
comes is checked; a lost, doubled, altered or reordered line ends the run.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson

from benchmarks.builds import HERE, Build
from benchmarks.courses import Course
from benchmarks.rooms_load import TEXT, Load, Round, percentile
from benchmarks.rooms_servers import NotMeasured, Server, openroom, peer
from benchmarks.rooms_table import Row, missing, ratio

Rounds = dict[str, list[Round]]
PEERS = ("websockets", "uvloop", "coalesced", "colyseus")
SAID = {
    "websockets": "websockets broadcast()",
    "uvloop": "websockets broadcast(), uvloop",
    "coalesced": "an epoll loop that does nothing else",
    "colyseus": "Colyseus",
}


@contextmanager
def servers(kinds: Sequence[str]) -> Iterator[tuple[dict[str, Server], dict[str, str]]]:
    """The servers of those kinds (``durable`` is openroom on SQLite), and why some of them are not there."""
    found: dict[str, Server] = {}
    absent: dict[str, str] = {}
    with ExitStack() as stack:
        for kind in kinds:
            if kind in ("openroom", "durable"):
                found[kind] = stack.enter_context(openroom(memory=kind == "openroom"))
                continue
            try:
                found[kind] = stack.enter_context(peer(kind))
            except NotMeasured as reason:
                absent[kind] = str(reason)
        yield found, absent


def rounds(found: dict[str, Server], clients: int, senders: int, seconds: float, count: int) -> Rounds:
    """So many interleaved rounds, after one to warm up."""
    with ExitStack() as stack:
        loads = {kind: stack.enter_context(Load(server, clients, senders)) for kind, server in found.items()}
        for load in loads.values():
            load.round(seconds / 2)
        kept: Rounds = {kind: [] for kind in loads}
        for _ in range(count):
            for kind, load in loads.items():
                kept[kind].append(load.round(seconds))
        return kept


def talk(name: str, clients: int, senders: int, *, memory: bool) -> Course:
    """B1 and B3 of a build alone: what it delivers, and for how much CPU."""

    @contextmanager
    def course(build: Build, seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
        with openroom(build, memory=memory) as server, Load(server, clients, senders) as load:
            load.round(seconds / 2)

            def play() -> list[Row]:
                made = load.round(seconds)
                return [
                    Row(name, "deliveries/s", made.rate, unit="/s"),
                    Row(name, "CPU of a delivery", made.cost, want="most", unit="µs"),
                ]

            yield play

    return course


def fan_out(seconds: float, count: int) -> list[Row]:
    """B1: lines in memory, 8 in flight, at 10 and 100 clients."""
    rows: list[Row] = []
    goals = {(10, "colyseus"): 1.5, (100, "colyseus"): 3.0, (100, "websockets"): 3.5, (100, "coalesced"): 0.35}
    with servers(("openroom", *PEERS)) as (found, absent):
        for clients in (10, 100):
            kept = rounds(found, clients, 8, seconds, count)
            rows += _against(f"B1 {clients}", kept, "openroom", goals, clients, absent)
            rows += _figures(f"B1 {clients}", kept)
    return rows


def durable(seconds: float, count: int) -> list[Row]:
    """B3: every line in SQLite, synced to disk, before anybody sees it; the others keep nothing."""
    rows: list[Row] = []
    with servers(("durable", "websockets", "colyseus")) as (found, absent):
        for clients, senders, goal in ((10, 8, 1.0), (100, 8, 1.8), (100, 64, 4.0)):
            name = f"B3 {clients}" if senders == 8 else f"B3 {clients}/{senders}"
            kept = rounds(found, clients, senders, seconds, count)
            rows += _against(name, kept, "durable", {(clients, "colyseus"): goal}, clients, absent)
            rows += _figures(name, kept)
    return [*rows, *_disk(seconds)]


def _disk(seconds: float) -> list[Row]:
    """What bounds B3: lines a second that plain sqlite3 can make durable, so many in each commit, and nothing else."""
    rows = []
    body = orjson.dumps({"kind": "said", "text": TEXT * 2}).decode()
    for size in (8, 64):
        with tempfile.TemporaryDirectory(prefix="openroom-bench-") as folder:
            database = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            database.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, body TEXT)")
            commits, start = 0, time.perf_counter()
            while time.perf_counter() - start < seconds:
                database.execute("BEGIN IMMEDIATE")
                database.executemany("INSERT INTO events (body) VALUES (?)", [(body,)] * size)
                database.execute("COMMIT")
                commits += 1
            spent = time.perf_counter() - start
            database.close()
        note = f"{spent / commits * 1000:.2f} ms a commit; no server in between"
        rows.append(
            Row(
                "B3 disk",
                f"plain sqlite3, {size} lines a commit: lines/s",
                commits * size / spent,
                unit="/s",
                note=note,
            )
        )
    return rows


class _Beside:
    """Rounds of 50 healthy clients, with and without one that reads nothing at all, on a durable room."""

    def __init__(self, server: Server, load: Load, seconds: float) -> None:
        self._server, self._load, self._seconds = server, load, seconds
        self._first = server.memory()
        while load.lines < 6000:  # until the ring of recent events is full, memory grows for everybody
            load.round(seconds)

    def play(self) -> tuple[Round, Round, float, float]:
        """A round without and one with, the KB that the second took beyond the first, and those of all so far."""
        before = self._server.memory()
        without = self._load.round(self._seconds)
        between = self._server.memory()
        with self._load.stalled():
            beside = self._load.round(self._seconds)
            after = self._server.memory()
        return without, beside, (after - between) - (between - before), after - self._first


@contextmanager
def _beside(build: Build, seconds: float) -> Iterator[_Beside]:
    with openroom(build, memory=False) as server, Load(server, 50, 8) as load:
        yield _Beside(server, load, seconds)


def stalled(seconds: float, count: int) -> list[Row]:
    """B5: what a client that reads nothing costs the others, and the server."""
    with _beside(HERE, seconds) as rounds:
        made = [rounds.play() for _ in range(count)]
    healthy = ratio([beside.rate for _, beside, _, _ in made], [without.rate for without, _, _, _ in made])
    growth = statistics.median(grown for _, _, grown, _ in made) / 1024
    return [
        Row("B5", "50 healthy clients beside a stalled one, against without it", healthy, 0.85),
        Row("B5", "memory the server takes because of it", growth, 2.0, "most", "MB"),
    ]


@contextmanager
def stalled_course(build: Build, seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
    """B5 of a build alone. What one stalled client takes is about nothing, which has no ratio: so it is all memory that
    was taken since the server started."""
    with _beside(build, seconds) as rounds:

        def play() -> list[Row]:
            _, beside, _, taken = rounds.play()
            return [
                Row("B5", "50 healthy clients beside a stalled one: deliveries/s", beside.rate, unit="/s"),
                Row("B5", "memory taken since the start", taken / 1024, want="most", unit="MB"),
            ]

        yield play


PACES = (200, 50, 10)


@contextmanager
def paced_course(build: Build, seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
    """B2 of a build alone."""
    with openroom(build) as server, Load(server, 20, 8) as load:
        load.round(seconds)

        def play() -> list[Row]:
            made = {pace: load.paced(pace, seconds) for pace in PACES}
            return [
                Row("B2", f"{pace} lines/s, {name}", value, want="most", unit="ms")
                for pace, round_ in made.items()
                for name, value in (("p50", round_.p50), ("p99", round_.p99))
            ]

        yield play


def paced(seconds: float, count: int) -> list[Row]:
    """B2: latency at a steady pace, whatever comes back, at 20 clients."""
    rows: list[Row] = []
    with servers(("openroom", "colyseus")) as (found, absent), ExitStack() as stack:
        if absent:
            return [missing("B2", "paced latency against Colyseus", absent["colyseus"])]
        loads = {kind: stack.enter_context(Load(server, 20, 8)) for kind, server in found.items()}
        for load in loads.values():
            load.round(seconds)
        for pace in PACES:
            kept: Rounds = {kind: [] for kind in loads}
            for _ in range(count):
                for kind, load in loads.items():
                    kept[kind].append(load.paced(pace, seconds))
            ours, theirs = ([t for r in kept[kind] for t in r.taken] for kind in ("openroom", "colyseus"))
            for share, goal in ((0.5, 1.1), (0.99, 1.0)):
                mine, other = percentile(ours, share) * 1000, percentile(theirs, share) * 1000
                what = f"{pace} lines/s, p{share * 100:.0f} against Colyseus"
                rows.append(Row("B2", what, mine / other, goal, "most", note=f"{mine:.2f} ms against {other:.2f} ms"))
    return rows


def _against(
    name: str, kept: Rounds, ours: str, goals: dict[tuple[int, str], float], clients: int, absent: dict[str, str]
) -> list[Row]:
    rows = []
    for kind in PEERS:
        what = f"{clients} clients, deliveries/s against {SAID[kind]}"
        goal = goals.get((clients, kind))
        if kind in absent:
            rows.append(missing(name, what, absent[kind]))
        elif kind in kept:
            value = ratio([r.rate for r in kept[ours]], [r.rate for r in kept[kind]])
            cpu = ratio([r.cost for r in kept[kind]], [r.cost for r in kept[ours]])
            rows.append(
                Row(
                    name,
                    what,
                    value,
                    goal,
                    note=f"CPU time a delivery: {cpu:.2f}x less"
                    if cpu >= 1
                    else f"CPU time a delivery: {1 / cpu:.2f}x more",
                )
            )
    return rows


def _figures(name: str, kept: Rounds) -> list[Row]:
    rows = []
    for kind, made in kept.items():
        rate = statistics.median(r.rate for r in made)
        cost = statistics.median(r.cost for r in made)
        taken = [t for r in made for t in r.taken]
        p50, p99 = percentile(taken, 0.5) * 1000, percentile(taken, 0.99) * 1000
        note = f"{cost:.1f} µs CPU each; back at its sender p50 {p50:.1f} ms, p99 {p99:.1f} ms"
        rows.append(Row(name, f"{kind}: deliveries/s", rate, unit="/s", note=note))
    return rows
