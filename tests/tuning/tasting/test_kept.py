"""The words of tastings in the store: several may change them at once, and what is taken out stays out."""

from __future__ import annotations

import asyncio

from openroom.store.inmemory import MemoryStore
from openroom.tuning.tasting.kept import KeptAnswer, KeptLine, KeptPair, KeptTasting, changed, forget_person, load

LINE = KeptLine(who="Ann", text="Hello.")
ANSWER = KeptAnswer(say="Hm.", digest="0" * 64)


class Slow(MemoryStore):
    """Others have their turn before it answers, as with a file."""

    async def get(self, key: str) -> str | None:
        found = await super().get(key)
        await asyncio.sleep(0)
        return found


def pair(number: int, person: str) -> KeptPair:
    return KeptPair(
        number=number,
        seed="s",
        room="parlour",
        seq=number,
        cites=(number,),
        people=(person,),
        before=(),
        heard=LINE,
        candidate=ANSWER,
        released=ANSWER,
    )


async def add(store: MemoryStore, name: str, one: KeptPair) -> None:
    begun = KeptTasting(character="otto", round_id=name)
    await changed(store, name, lambda pairs: {**pairs, one.number: one}, begun)


async def test_nothing_is_lost_and_nothing_comes_back_where_several_change_it_at_once() -> None:
    store = Slow()
    await asyncio.gather(*(add(store, name, pair(0, "player:ann")) for name in ("one", "two")))
    await asyncio.gather(
        add(store, "one", pair(1, "player:ben")),
        forget_person(store, "player:ann"),
        add(store, "two", pair(1, "player:ben")),
    )
    for name in ("one", "two"):
        kept = await load(store, name)
        assert kept is not None and [*kept.pairs] == [1]
