"""How long a jump takes in a long room: from the act (a save point, another try at an old line, back) until who is
there has the room as it stands then. On SQLite, with two people who listen. Characters remember nothing here: what
they do after a jump is done when there is time, and nobody waits for it."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.rooms_table import Row
from benchmarks.rooms_wire import Broken
from openroom import Actor, Lobby, LobbySettings, Room
from openroom.core.action import Action, Choose, Configure, Edit, Enter, Load, Rewind, Say, Use
from openroom.core.actor import SYSTEM
from openroom.ports.memory_rows import Recall, Remembered, Witnessed
from openroom.room.feed import Subscription
from openroom.room.writer import Receipt

EVENTS = 10_000
JUMPS = 60
AT_ONCE = 200
TEXT = "The samovar hums; somebody has left the window open, and it smells of rain and of smoked tea again. "
ANN, BEN = Actor("player:ann", "player", "Ann"), Actor("player:ben", "player", "Ben")


def rows(_seconds: float, count: int) -> list[Row]:
    """For ``python -m benchmarks jumps``."""
    taken, cpu = asyncio.run(measure(max(JUMPS, count * 12)))
    note = f"{len(taken)} jumps among {EVENTS:,} events, SQLite, until two people have their snapshots"
    return [
        Row("jumps", "a jump (save point, another try, back), p50", statistics.median(taken), 50, "most", "ms", note),
        Row("jumps", "the same, p99", sorted(taken)[int(len(taken) * 0.99) - 1], 150, "most", "ms"),
        Row("jumps", "CPU of a jump, the median", statistics.median(cpu), want="most", unit="ms"),
    ]


async def measure(count: int) -> tuple[list[float], list[float]]:
    """The milliseconds of each jump, and those of CPU."""
    with tempfile.TemporaryDirectory(prefix="openroom-jumps-") as name:
        store = f"sqlite+aiosqlite:///{Path(name) / 'openroom.db'}"
        async with Lobby(store=store, memory=Nothing(), settings=LobbySettings(watch=False)) as lobby:
            room = await lobby.create("tea_room", ANN, title="Long")
            for who in (ANN, BEN):
                await room.submit(who, Enter(name=who.name))
            await room.submit(SYSTEM, Configure(responders="nobody"))
            targets = await _lived(room)
            listening = [Listening(room, who) for who in (ANN, BEN)]
            for one in listening:
                await one.caught_up()
            taken, cpu = [], []
            for number in range(count):
                await lobby.directors[room.id].settled()
                start, busy = time.perf_counter(), time.process_time()
                await _done(room, targets[number % len(targets)])
                for one in listening:
                    await one.caught_up()
                taken.append((time.perf_counter() - start) * 1000)
                cpu.append((time.process_time() - busy) * 1000)
            return taken, cpu


class Nothing:
    """A memory that remembers nothing."""

    async def recall(self, wanted: Recall) -> list[Remembered]:
        del wanted
        return []

    async def witness(
        self, owner: str, lines: Sequence[Witnessed], own_name: str = "", persona: Sequence[str] = ()
    ) -> list[Remembered]:
        del owner, lines, own_name, persona
        return []

    async def about(self, owner: str, subject: str) -> list[Remembered]:
        del owner, subject
        return []

    async def correct(self, id: str, text: str) -> Remembered | None:
        del id, text
        return None

    async def forget(self, id: str) -> bool:
        return not id

    async def forget_event(self, room: str, seq: int) -> int:
        del room, seq
        return 0

    async def forget_range(self, room: str, after: int, until: int | None = None) -> int:
        del room, after, until
        return 0

    async def forget_person(self, subject: str) -> int:
        del subject
        return 0


class Listening:
    """Somebody who takes what the room sends."""

    def __init__(self, room: Room, who: Actor) -> None:
        self._some = asyncio.Event()
        self._subscription: Subscription = room.subscribe(who, self._some.set)
        self._room = room

    async def caught_up(self) -> None:
        """Take all that there is; a snapshot has to be in it."""
        frames = 0
        if self._subscription.behind:
            await self._subscription.catch_up()
        while found := self._subscription.poll():
            frames += len(found)
        if not frames or self._subscription.handed < self._room.seq:
            raise Broken("somebody did not hear of a jump")


async def _lived(room: Room) -> list[Action]:
    """A room in which much was said and done; the jumps in it, each of which leads elsewhere than the one before."""
    saves: list[str] = []
    line = 0
    while room.seq < EVENTS:
        acts: list[Action] = [Say(text=f"{TEXT}{room.seq + at}") for at in range(AT_ONCE)]
        lit = room.state.props["lamp"]["state"]["lit"]
        acts.insert(AT_ONCE // 2, Use(prop="lamp", verb="put_out" if lit else "light"))
        answers = await asyncio.gather(*(room.submit(ANN if at % 2 else BEN, act) for at, act in enumerate(acts)))
        line = next(answer.seqs[0] for answer in answers[1::2] if isinstance(answer, Receipt) and answer.seqs)
        if len(saves) < 8 and room.seq > (len(saves) + 1) * EVENTS / 9:
            saves.append(await room.save(f"then {len(saves)}", ANN))
    end = room.state.head
    edited = await _done(room, Edit(seq=line, text="In other words."))
    group = [line, edited[-1]]
    return [
        *(Load(id=id) for id in saves),
        Choose(seq=group[0]), Choose(seq=group[1]), Rewind(to=end), Choose(seq=group[1]),
    ]  # fmt: skip


async def _done(room: Room, action: Action) -> tuple[int, ...]:
    answer = await room.submit(ANN, action)
    if not isinstance(answer, Receipt):
        raise Broken(f"a jump was refused: {answer}")
    return answer.seqs


if __name__ == "__main__":
    for row in rows(0, 5):
        print(f"{row.what}: {row.value:.1f} {row.unit} ({row.note})")
