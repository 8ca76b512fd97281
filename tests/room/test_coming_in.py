"""Who comes in, what they see then, and the door that somebody is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openroom.core.action import Configure, Enter, Rate, Remove, Say, Unban
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.event import Said
from openroom.core.prop import Refusal
from openroom.store.inmemory import MemoryStore
from tests.room.people import ANN, BEN, BOSS, enter
from tests.waiting import rung, until


async def test_who_comes_late_did_not_hear_what_was_said_before(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await room.submit(ANN, Say(text="before you came"))
        await enter(room, BEN)
        await room.submit(ANN, Say(text="now you hear"))
        snapshot = str(await room.snapshot(BEN.id))
        assert "before you came" not in snapshot
        assert "now you hear" in snapshot


async def test_a_lost_connection_leaves_after_the_grace_and_not_before(open_lobby):
    async with open_lobby(grace_ms=60) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        first = room.subscribe(ANN, lambda: None)
        first.close()
        second = room.subscribe(ANN, lambda: None)
        await rung(0.12)
        assert room.state.is_here(ANN.id)
        second.close()
        await until(lambda: not room.state.is_here(ANN.id))
        (left,) = [event for event in await room.recent(10) if event.kind == "left"]
        assert left.how == "lost"


async def test_the_owner_shows_somebody_the_door_and_the_ban_holds(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN, BEN)
        assert isinstance(await room.submit(BEN, Remove(who=ANN.id)), Refusal)
        await room.submit(ANN, Remove(who=BEN.id, ban=True, reason="rude"))
        assert not room.state.is_here(BEN.id)
        again = await room.submit(BEN, Enter(name="Ben"))
        assert isinstance(again, Refusal)
        assert again.reason == "banned"
        await room.submit(ANN, Unban(who=BEN.id))
        await enter(room, BEN)


async def test_spectators_watch_and_a_stranger_can_do_nothing(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await room.submit(BEN, Enter(name="Ben", watch=True))
        for actor, reason in ((BEN, "watching"), (ANN, "not_here")):
            answer = await room.submit(actor, Say(text="hello"))
            assert isinstance(answer, Refusal)
            assert answer.reason == reason


async def test_a_rating_is_kept_and_seen_by_nobody_else(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        await room.submit(ANN, Say(text="Vera, hello"))
        await lobby.directors["parlour"].settled()
        (reply,) = [e for e in await room.recent(10) if isinstance(e, Said) and e.actor == "character:vera"]
        (rated,) = (await room.submit(ANN, Rate(seq=reply.seq, value=-1, reason="too curt"))).seqs
        assert isinstance(await room.submit(ANN, Rate(seq=rated, value=1)), Refusal)
        assert "too curt" not in str(await room.snapshot(BEN.id))
        assert "too curt" in str(await room.snapshot(ANN.id))


async def test_names_tell_people_apart_and_an_id_is_not_a_name(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await room.submit(Actor("player:other", "player"), Enter(name="ann"))
        names = [room.state.name(who) for who in room.state.here("player")]
        assert names == ["Ann", "ann 2"]


async def test_a_private_room_lets_its_owner_close_the_door(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN)
        await room.submit(ANN, Configure(open=False))
        answer = await room.submit(BEN, Enter(name="Ben"))
        assert isinstance(answer, Refusal)
        assert answer.reason == "closed_door"


async def test_what_is_being_said_is_not_shown_to_who_is_not_in_the_room(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        room.cast.turns = lambda: [{"turn": "t", "text": "half a sentence"}]
        assert (await room.snapshot(ANN.id))["turns"]
        assert (await room.snapshot(BEN.id))["turns"] == []


async def test_a_signal_is_one_that_clients_know(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        with pytest.raises(
            ValueError, match="expected one of the signals closing, lost, model, turn, typing, came 'gong'"
        ):
            room.emit({"signal": "gong", "text": "Bong."})


async def test_a_snapshot_holds_those_present_and_those_named_in_it(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, BOSS)
        for number in range(30):
            async with room.join("Ann", person=f"v{number}") as ann:
                if number % 3 == 0:
                    await ann.say(f"I am number {number}.")
        await enter(room, BEN)
        assert len(room.state.people) == 2 + 2 + 10, "the cast, who is here, and who spoke"
        assert set((await room.snapshot(BEN.id))["state"]["people"]) == {
            *room.state.here(),
        }, "who has just come has heard nobody"
        told = (await room.snapshot(BOSS.id))["state"]["people"]
        assert {person["name"] for person in told.values()} >= {"Ann", "Ann 2", "Ann 10"}
        assert replay(await room.store.events(room.id)) == room.state


async def test_a_room_of_before_forgets_its_visitors_when_the_next_one_comes(open_lobby):
    store = MemoryStore()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")

        async def everybody() -> set[str]:
            return set(room.state.people)

        room._writer._desk = replace(room._writer._desk, named=everybody)  # as it was before
        for number in range(30):
            async with room.join("Ann", person=f"v{number}"):
                pass
        assert len(room.state.people) == 32
        before = room.state
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        assert room.state == before, "an old log folds to what it was"
        await enter(room, BEN)
        assert len(room.state.people) == 3
