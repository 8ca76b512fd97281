"""What was erased is gone from all that is read after it, and is surely erased in the end."""

from __future__ import annotations

import asyncio

import pytest

from openroom.core.action import Enter, Erase, Rewind, Say, Use
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.event import dump
from openroom.errors import StoreError
from openroom.room.room import Room
from openroom.room.writer import Receipt
from openroom.store.inmemory import MemoryStore
from tests.waiting import until

ANN = Actor("player:ann", "player", "Ann")
BEN = Actor("player:ben", "player", "Ben")
BOSS = Actor("player:boss", "operator", "Boss")
LINE = Say(text="Otto is a thief.")
PAGE = Use(prop="diary", verb="write", args={"text": "Otto is a thief."})


class Stuck(MemoryStore):
    """A store that does not erase while it is told so."""

    stuck = False

    async def erase(self, room, seq):
        self._may()
        await super().erase(room, seq)

    async def strike(self, room, strike, until):
        self._may()
        return await super().strike(room, strike, until)

    def _may(self):
        if self.stuck:
            raise StoreError("The disk is full.")


async def enter(room: Room, *actors: Actor) -> None:
    for actor in actors:
        assert isinstance(await room.submit(actor, Enter(name=actor.name)), Receipt)


async def done(room: Room, actor: Actor, action) -> int:
    answer = await room.submit(actor, action)
    assert isinstance(answer, Receipt), answer
    return answer.seqs[0]


async def log_of(room: Room) -> str:
    return str([dump(event) for event in await room.store.events(room.id)])


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("openroom.room.erasing.AGAIN_SECONDS", 0)


@pytest.mark.parametrize("written", [LINE, PAGE])
async def test_who_resumes_right_after_gets_no_erased_words(open_lobby, written):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        seq = await done(room, ANN, written)
        await done(room, ANN, Erase(seq=seq))
        subscription = room.subscribe(BEN, lambda: None, epoch=room.epoch, after=seq - 1)
        if subscription.behind:
            await subscription.catch_up()
        sent = b"".join(frame.data for frame in subscription.poll())
        assert b'"erased"' in sent
        assert b"thief" not in sent


@pytest.mark.parametrize("written", [LINE, PAGE])
async def test_a_rewind_waits_for_what_the_store_has_to_erase_still(open_lobby, at_once, written):
    store = Stuck()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BOSS)
        seq = await done(room, ANN, written)
        store.stuck = True
        await done(room, ANN, Erase(seq=seq))
        with pytest.raises(StoreError):
            await room.submit(BOSS, Rewind(to=seq))
        with pytest.raises(StoreError):
            await room.settled()
        assert "thief" not in str(await room.snapshot(BOSS.id))
        store.stuck = False
        await until(lambda: not room._erasing.pending)
        await done(room, BOSS, Rewind(to=seq))
        assert "thief" not in str(room.state.shared)
        assert "thief" not in await log_of(room)
        assert replay(await store.events(room.id)) == room.state


@pytest.mark.parametrize("written", [LINE, PAGE])
async def test_what_is_to_be_erased_is_not_forgotten_over_a_restart_however_long_ago(open_lobby, at_once, written):
    store = Stuck()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        seq = await done(room, ANN, written)
        store.stuck = True
        await done(room, ANN, Erase(seq=seq))
        await asyncio.gather(*(room.submit(ANN, Say(text=f"line {n}")) for n in range(230)))
        assert "thief" in await log_of(room)
    store.stuck = False
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await room.settled()
        assert "thief" not in await log_of(room)


async def test_a_card_shows_no_line_that_is_erased_still(open_lobby):
    store = Stuck()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        seq = await done(room, ANN, LINE)
        store.stuck = True
        await done(room, ANN, Erase(seq=seq))
        assert "thief" not in str(await lobby.card("parlour", ANN))
