"""Making a room long without waiting for it: lines are put into the store while no server runs."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from openroom.core.apply import replay
from openroom.core.event import Event, Said
from openroom.room.kept import stored
from openroom.store.open import open_store

_SAID = "the lamp by the window was lit again and nobody could say who had done it since the rain began"
_PART = 2_000


def lengthen(folder: Path, room: str, person: str, character: str, lines: int) -> list[int]:
    """Have two talk for so many lines more in a room of the data folder; the seqs of what they said, each ``Line N``
    and a few words. A server that runs would know nothing of it: there must be none."""
    with ThreadPoolExecutor(1) as thread:  # whoever drives a browser has a loop running in this one
        return thread.submit(lambda: asyncio.run(_lengthen(folder, room, (person, character), lines))).result()


async def _lengthen(folder: Path, room: str, speakers: tuple[str, str], lines: int) -> list[int]:
    store = await open_store(f"sqlite:///{folder / 'openroom.db'}", folder)
    try:
        state, _ = await stored(store, room)
        (newest,) = await store.last(room, 1)
        told = [_line(state.seq + 1 + number, newest.at, number, speakers) for number in range(lines)]
        for first in range(0, lines, _PART):
            await store.append(room, told[first : first + _PART])
        await store.save_snapshot(room, replay(told, state))
    finally:
        await store.close()
    return [event.seq for event in told]


def _line(seq: int, since: int, number: int, speakers: tuple[str, str]) -> Event:
    words = _SAID[: 12 + number * 7 % len(_SAID)].rstrip()
    cause = f"t{seq - 1}-{speakers[1].partition(':')[2]}.say" if number % 2 else f"seeded-{number}"
    return Said(seq=seq, at=since, actor=speakers[number % 2], text=f"Line {number}: {words}.", cause=cause)
