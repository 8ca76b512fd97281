"""An act that is sent again gets its first answer."""

from __future__ import annotations

import pytest

from openroom.core.action import Enter, Say, Use
from openroom.core.actor import Actor
from openroom.core.prop import Refusal
from openroom.errors import StoreError
from openroom.room.answers import ACTORS, PER_ACTOR, Answers, Receipt
from openroom.store.inmemory import MemoryStore

ANN = Actor("player:ann", "player", "Ann")
BEN = Actor("player:ben", "player", "Ben")


def test_nobody_s_acts_make_those_of_another_be_forgotten() -> None:
    answers = Answers()
    answers.keep(("ann", "pay-1"), Receipt((1,)))
    for number in range(10 * PER_ACTOR):
        answers.keep(("ben", f"c-{number}"), Receipt((number,)))
    assert answers.get(("ann", "pay-1")) == Receipt((1,))
    assert answers.get(("ben", "c-0")) is None
    assert answers.get(("ben", f"c-{10 * PER_ACTOR - 1}")) is not None


def test_those_who_acted_last_are_known() -> None:
    answers = Answers()
    for number in range(2 * ACTORS):
        answers.keep((f"one-{number}", "c-1"), Receipt(()))
        answers.keep(("ann", f"c-{number}"), Receipt(()))
    assert answers.get(("ann", "c-255")) is not None
    assert answers.get(("one-0", "c-1")) is None
    assert answers.get((f"one-{2 * ACTORS - 1}", "c-1")) is not None


async def test_a_refusal_is_the_answer_also_when_it_would_be_done_by_now(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        for who in (ANN, BEN):
            await room.submit(who, Enter(name=who.name))
        await room.submit(BEN, Use(prop="lamp", verb="light"))
        first = await room.submit(ANN, Use(prop="lamp", verb="light"), cause="c-1")
        assert isinstance(first, Refusal)
        await room.submit(BEN, Use(prop="lamp", verb="put_out"))
        assert await room.submit(ANN, Use(prop="lamp", verb="light"), cause="c-1") == first
        assert isinstance(await room.submit(BEN, Use(prop="lamp", verb="light"), cause="c-1"), Receipt), "his own id"
        assert isinstance(await room.submit(ANN, Use(prop="lamp", verb="put_out"), cause="c-2"), Receipt)


async def test_what_was_never_answered_may_be_sent_again(open_lobby, monkeypatch):
    store = MemoryStore()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await room.submit(ANN, Enter(name="Ann"))

        async def failing(*_given):
            raise StoreError("Could not write: disk full.")

        with monkeypatch.context() as patched:
            patched.setattr(store, "append", failing)
            with pytest.raises(StoreError):
                await room.submit(ANN, Say(text="Once."), cause="c-1")
        assert isinstance(await room.submit(ANN, Say(text="Once."), cause="c-1"), Receipt)


async def test_after_a_restart_what_is_in_the_newest_events_is_known(open_lobby):
    store = MemoryStore()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await room.submit(ANN, Enter(name="Ann"))
        first = await room.submit(ANN, Say(text="Pay the ferryman."), cause="pay-1")
        for number in range(150):
            await room.submit(ANN, Say(text=f"Line {number}."), cause=f"c-{number}")
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        assert await room.submit(ANN, Say(text="Pay the ferryman."), cause="pay-1") == first
