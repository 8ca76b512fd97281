"""A memory over rows in memory, and lines to witness."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from openroom.memory.local import LocalMemory
from openroom.ports.memory_rows import Recall, Remembered, Witnessed
from openroom.store.inmemory import MemoryStore

MIRA = "character:mira"
ANN = "player:ann"
BOB = "player:bob"
DAY = 86_400_000
START = 1_700_000_000_000
NAMES = {MIRA: "Mira", ANN: "Ann", BOB: "Bob", "character:jonas": "Jonas"}


class Evening:
    """One character's memory and a clock; lines are numbered as they come."""

    def __init__(self, memory: LocalMemory, store: MemoryStore) -> None:
        self.memory, self.store = memory, store
        self.now = START
        self.seq = 0

    def line(self, who: str, text: str, *, to: Sequence[str] = (), room: str = "tea", **more: Any) -> Witnessed:
        """The next line of the room."""
        self.seq += 1
        self.now += 5_000
        name = more.pop("name", NAMES.get(who, who))
        return Witnessed(room, self.seq, self.now, who, name, text, whisper=bool(to), to=tuple(to), **more)

    async def tell(self, who: str, text: str, reply: str = "I see.", **more: Any) -> list[Remembered]:
        """Somebody says something to Mira, who answers, and remembers."""
        to = more.get("to", ())
        lines = [self.line(who, text, **more)]
        answer = self.line(MIRA, reply, to=[who] if to else (), room=more.get("room", "tea"))
        return await self.memory.witness(MIRA, [*lines, answer], own_name="Mira")

    async def recall(
        self, text: str = "", who: str = ANN, present: Sequence[str] | None = None, **more: Any
    ) -> list[str]:
        """The texts Mira recalls when ``who`` says ``text``."""
        return [memory.text for memory in await self.recalled(text, who, present, **more)]

    async def recalled(
        self, text: str = "", who: str = ANN, present: Sequence[str] | None = None, **more: Any
    ) -> list[Remembered]:
        """The memories Mira recalls when ``who`` says ``text``."""
        here = tuple(present) if present is not None else (MIRA, who)
        names = more.pop("names", {one: NAMES.get(one, one) for one in here})
        return await self.memory.recall(Recall(MIRA, (who,), here, text, self.now, names=names, **more))


@pytest.fixture
async def evening() -> AsyncIterator[Evening]:
    """A fresh memory."""
    store = MemoryStore()
    made = Evening(LocalMemory(store.memories, lambda: made.now), store)
    yield made
    await store.close()
