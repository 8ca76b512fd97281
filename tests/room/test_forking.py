"""A room forked at a moment: what its fork holds and what it must not, and how the two go on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from openroom.core.action import Choose, Edit, Enter, Erase, Leave, Note, Retry, Rewind, Say, Use
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.event import Said
from openroom.core.forked import Numbers
from openroom.core.persona import Persona, mask_of, name_at
from openroom.core.state import problems
from openroom.errors import RefusedError
from openroom.store.inmemory import MemoryStore
from openroom.store.open import open_store
from tests.room.people import ANN, BEN, BOSS, enter
from tests.room.test_steering import done, line_of, refused, says, story
from tests.waiting import until

VERA = "character:vera"


def test_events_of_a_path_are_numbered_anew():
    numbers = Numbers(((1, 3), (7, 8), (12, 12)))
    assert [numbers.of(seq) for seq in (1, 3, 4, 7, 8, 9, 12, 13)] == [1, 3, None, 4, 5, None, 6, None]
    assert [numbers.upto(seq) for seq in (0, 3, 5, 7, 10, 40)] == [0, 3, 3, 4, 5, 6]
    assert (numbers.last, numbers.rows()) == (6, [[1, 3, 1], [7, 8, 4], [12, 12, 6]])


async def test_the_owner_takes_all_of_the_way_along_and_both_go_on_by_themselves(open_lobby):
    async with open_lobby(says("Fog.", "Rain.", "Sun.", "More sun.")) as lobby:
        room = await lobby.create("parlour", ANN, title="Ours", open=False)
        director = lobby.directors[room.id]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        await done(room, ANN, Retry(seq=await line_of(room, "Fog.")))
        await director.settled()
        await done(room, ANN, Use(prop="lamp", verb="light"))
        await done(room, ANN, Note(text="It is a dream."))
        at = room.state.head
        await done(room, ANN, Say(text="Vera, and now?"))
        await director.settled()
        fork = await lobby.fork(room, ANN, at)
        assert await story(fork) == ["Vera, what do you see?", "Rain."]
        assert (fork.owner, fork.record.open, fork.state.shared["run"].get("open")) == (ANN.id, False, None)
        assert fork.state.note == "It is a dream."
        assert fork.state.props["lamp"]["state"]["lit"] is True
        assert not fork.state.is_here(ANN.id)
        assert problems(fork.state, fork.world) == []
        assert replay(await fork.store.events(fork.id)) == fork.state
        await enter(fork, ANN)
        shown = [line.get("text") for line in await fork.log(ANN.id) if line["kind"] == "said"]
        assert shown == ["Vera, what do you see?", "Rain."]
        await done(fork, ANN, Rewind(to=await line_of(fork, "Rain.")))
        assert fork.state.props["lamp"]["state"]["lit"] is False, "the way back leads through the same states"
        await done(fork, ANN, Say(text="Vera, in the fork?"))
        await lobby.directors[fork.id].settled()
        await done(fork, ANN, Retry(seq=await line_of(fork, "More sun.")))
        assert await story(room) == ["Vera, what do you see?", "Rain.", "Vera, and now?", "Sun."]


async def test_a_players_fork_holds_what_they_perceived_and_no_more(open_lobby):
    async with open_lobby(says("Hm, Ben.", "Between us: quux.", "Hello Ann.", "Well.")) as lobby:
        room = await lobby.create("parlour", BOSS)
        director = lobby.directors[room.id]
        await enter(room, BEN)
        await done(room, BEN, Say(text="Before Ann came: xyzzy."))
        await director.settled()
        await enter(room, ANN)
        await done(room, BEN, Say(text="The secret is plugh.", to=[VERA]))
        await director.settled()
        await done(room, BOSS, Note(text="The note says fnord."))
        await room.define(
            "lore", "room", {"format": 1, "entries": [{"id": "e", "text": "Lore of zork.", "keys": ["zork"]}]}
        )
        await done(room, ANN, Say(text="Good evening, all."))
        await director.settled()
        at = await line_of(room, "Good evening, all.")
        fork = await lobby.fork(room, ANN, at)
        log = str([event.model_dump() for event in await fork.store.events(fork.id)])
        for secret in ("xyzzy", "plugh", "quux", "fnord", "zork"):
            assert secret not in log, secret
        assert await story(fork) == ["Good evening, all."]
        assert fork.world.lore is None
        assert fork.state.note == ""
        talk = str(lobby.directors[fork.id].parts[VERA].talk.messages())
        assert "Good evening, all." in talk
        assert "plugh" not in talk
        assert problems(fork.state, fork.world) == []
        with pytest.raises(RefusedError):
            await lobby.fork(room, ANN, await line_of(room, "The secret is plugh."))
        with pytest.raises(RefusedError):
            await lobby.fork(room, Actor("player:cy", "player", "Cy"), at)
        whole = await lobby.fork(room, BOSS, at)
        await enter(whole, BOSS)
        assert "plugh" not in str(await whole.snapshot(BOSS.id)), "who runs a room perceives no whisper either"


async def test_who_spoke_in_ones_hearing_is_known_by_name_in_ones_fork(open_lobby):
    async with open_lobby(says("Hm.", "Well.")) as lobby:
        room = await lobby.open("parlour")
        await enter(room, BEN, ANN)
        await done(room, BEN, Say(text="Good evening, Ann."))
        await lobby.directors[room.id].settled()
        cy = Actor("player:cy", "player", "Cy")
        await enter(room, cy)
        fork = await lobby.fork(room, ANN, await line_of(room, "Good evening, Ann."))
        people = fork.state.shared["people"]
        assert people[BEN.id]["name"] == "Ben"
        assert not {cy.id} & {*people}
        assert people[BEN.id]["heard_of"] and await refused(fork, BEN, Enter(name="Ben")) == "closed_door"
        await done(fork, replace(BEN, invite="valid"), Enter(name="Ben"))
        assert "heard_of" not in fork.state.people[BEN.id]
        assert problems(fork.state, fork.world) == []


@pytest.mark.parametrize("kept", ["in memory", "on disk"])
async def test_what_came_before_is_remembered_in_both_whichever_goes_elsewhere(open_lobby, tmp_path, kept):
    store = MemoryStore() if kept == "in memory" else await open_store(f"sqlite+aiosqlite:///{tmp_path / 'room.db'}")
    async with open_lobby(store=store) as lobby:
        room = await lobby.create("parlour", ANN)
        director = lobby.directors[room.id]
        await enter(room, ANN)
        before = room.state.head
        await done(room, ANN, Say(text="Vera, I live in Lisbon."))
        await director.settled()
        fork = await lobby.fork(room, ANN, room.state.head)
        await enter(fork, ANN)
        known = await lobby.memory.about(VERA, ANN.id)
        assert any("Lisbon" in one.text for one in known)
        await done(room, ANN, Rewind(to=before))
        await director.settled()
        assert any("Lisbon" in one.text for one in await lobby.memory.about(VERA, ANN.id)), "the fork holds it"
        first = next(e.seq for e in await fork.store.events(fork.id) if isinstance(e, Said))
        await done(fork, ANN, Rewind(to=first - 1))
        await lobby.directors[fork.id].settled()
        assert await lobby.memory.about(VERA, ANN.id) == [], "nowhere is it so any more"
    if kept == "on disk":
        await store.close()


async def test_what_is_erased_is_erased_in_every_fork(open_lobby, clock):
    async with open_lobby(clock=clock) as lobby:
        room = await lobby.create("parlour", BOSS)
        await enter(room, ANN, BEN)
        (seq,) = await done(room, BEN, Say(text="My secret is xyzzy."))
        await done(room, BEN, Edit(seq=seq, text="My secret is xyzzy, really."))
        await done(room, BEN, Choose(seq=seq))
        fork = await lobby.fork(room, ANN, seq)
        again = await lobby.fork(fork, Actor(ANN.id, "player", "Ann"), fork.state.head - 1)
        await lobby.directors[room.id].settled()
        clock.now += 3_600_000
        await lobby._sweep()
        await done(room, BEN, Enter(name="Ben"))
        await done(room, BEN, Erase(seq=seq))

        async def gone() -> bool:
            logs = [await lobby.store.events(one.id) for one in (room, fork, again)]
            return not any("xyzzy" in str(event) for log in logs for event in log)

        async def unknown() -> bool:
            return await lobby.memory.about(VERA, BEN.id) == []

        await until(gone)
        await until(unknown)
        for one in (room, fork, again):
            if director := lobby.directors.get(one.id):
                await director.settled()
        assert await unknown(), "and nobody learns it anew"


async def test_words_erased_in_a_room_and_its_fork_stand_in_no_memory_of_either(open_lobby):
    async with open_lobby(says("Oh.", "Hm.", "Yes.")) as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN)
        for text in ("Vera, my secret is xyzzy.", "Vera, I like tea.", "Vera, good night."):
            await done(room, ANN, Say(text=text))
            await lobby.directors[room.id].settled()
        fork = await lobby.fork(room, ANN, room.state.head)
        here = await line_of(fork, "Vera, my secret is xyzzy.")
        await done(room, ANN, Erase(seq=await line_of(room, "Vera, my secret is xyzzy.")))

        async def gone() -> bool:
            return (await fork.store.events(fork.id, after=here - 1, until=here))[0].erased is True

        await until(gone)
        known = await lobby.memory.about(VERA, ANN.id)
        assert "xyzzy" not in str(known), "neither in what it remembers nor in what stood around that"
        assert "I like tea" in str(known), "what was not erased stays"
        assert "good night" in next(one.text for one in known if one.kind == "episode" and "night" in one.text)


async def test_in_a_fork_a_line_is_its_persona_s_as_it_was_in_the_room(open_lobby):
    vale = Actor(ANN.id, "player", "Ann", personas=(Persona(id="pvale", name="Captain Vale"),))
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", BOSS)
        await enter(room, BOSS)
        (seq,) = await done(room, BOSS, Say(text="One."))
        await done(room, BOSS, Edit(seq=seq, text="Another one."))  # so that the fork counts its events otherwise
        for persona, text in (("pvale", "Ahoy."), ("self", "It is me.")):
            await done(room, vale, Enter(name="Ann", persona=persona))
            await done(room, vale, Say(text=text))
            await done(room, vale, Leave())
        before = room.state.head
        fork, whole = await lobby.fork(room, ANN, before), await lobby.fork(room, BOSS, before)
        for one in (room, fork, whole):
            events = await one.store.events(one.id)
            told = [
                (name_at(one.state, e), mask_of(one.state, e)) for e in events if e.actor == ANN.id and e.kind == "said"
            ]
            assert told == [("Captain Vale", f"{ANN.id}~pvale"), ("Ann", ANN.id)]
            assert replay(events) == one.state


async def test_what_is_erased_reaches_a_fork_of_a_fork_that_is_gone(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN)
        (first,) = await done(room, ANN, Say(text="Good evening."))
        await done(room, ANN, Edit(seq=first, text="My secret is xyzzy."))
        between = await lobby.fork(room, ANN, room.state.head)
        await enter(between, ANN)
        await done(between, ANN, Say(text="And we go on."))
        last = await lobby.fork(between, ANN, between.state.head)
        again = await lobby.fork(last, ANN, last.state.head - 1)
        await lobby.delete(between.id)
        await done(room, ANN, Erase(seq=await line_of(room, "My secret is xyzzy.")))

        async def gone() -> bool:
            return "xyzzy" not in str([await lobby.store.events(one.id) for one in (last, again)])

        await until(gone)
        assert await story(last) == ["", "And we go on."]

        async def forgotten() -> bool:
            return json.loads(await lobby.store.get(f"forks of {room.id}") or "[]") == [last.id, again.id]

        await until(forgotten)
        await lobby.delete(room.id)
        assert await lobby.store.get(f"forks of {room.id}") is None
