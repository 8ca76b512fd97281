"""Turns that wait, and turns for which nobody waits any more."""

from __future__ import annotations

import pytest

from openroom.core.action import Enter, Leave, Nudge, Say
from openroom.core.actor import Actor
from openroom.core.event import Entered, Said
from openroom.models.scripted import Hang, ScriptedModel
from tests.cast.talking import reply, said, signals, spoke
from tests.waiting import until

HALF = Hang('{"say": "One thing first. Then anoth')


async def speaking(room) -> None:
    await until(lambda: room.turns and room.turns[0].get("text"))


async def test_who_comes_next_does_not_hear_the_answer_to_somebody_who_has_gone(open_lobby):
    model = ScriptedModel([("", HALF)])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="1") as ann:
            await ann.say("Vera, what is the rain for?")
            await speaking(room)
            await room.submit(ann.actor, Leave())
            await lobby.directors["parlour"].settled()
            assert model.cancelled == 1, "an empty room spends nothing"
            async with room.join("Ben", person="2"):
                assert room.turns == []
                await lobby.directors["parlour"].settled()
                assert [who for who, _ in await said(room)] == [ann.id]


async def test_who_stands_in_the_door_meanwhile_does_not_either(open_lobby):
    model = ScriptedModel([("", HALF)])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="1") as ann:
            await ann.say("Vera, what is the rain for?")
            await speaking(room)
            async with room.join("Ben", person="2") as ben:
                ear = room.subscribe(ben.actor, lambda: None, epoch=room.epoch, after=room.seq)
                await room.submit(ann.actor, Leave())
                await lobby.directors["parlour"].settled()
                assert [m["phase"] for m in signals(ear)] == ["stopped"]
                assert not await spoke(room, "character:vera")


async def test_it_goes_on_for_whoever_heard_it_asked(open_lobby):
    model = ScriptedModel([("", HALF)])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ben", person="2") as ben, room.join("Ann", person="1") as ann:
            await ann.say("Vera, what is the rain for?")
            await speaking(room)
            await room.submit(ann.actor, Leave())
            await room.submit(ann.actor, Leave())
            assert room.turns
            async with room.join("Cleo", person="3"):
                assert room.turns
                await room.submit(ben.actor, Leave())  # the last one who heard it
                await lobby.directors["parlour"].settled()
            assert not await spoke(room, "character:vera")


@pytest.mark.parametrize("to", [["character:vera"], None])
async def test_a_whisper_and_a_nudge_are_their_callers_alone(open_lobby, to):
    model = ScriptedModel([("", HALF)])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ben", person="2"), room.join("Ann", person="1") as ann:
            if to:
                await ann.say("A word, Vera.", to=to)
            else:
                await ann.act(Nudge(character="character:vera"))
            await until(lambda: model.requests)
            await room.submit(ann.actor, Leave())
            await lobby.directors["parlour"].settled()
            assert model.cancelled == 1
            assert not await spoke(room, "character:vera")


async def test_what_waits_for_who_has_gone_does_not_begin(open_lobby):
    model = ScriptedModel([("and Vera", HALF), ("", reply("Here."))])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ben", person="2") as ben, room.join("Ann", person="1") as ann:
            await ben.say("You too, and Vera first?")
            await speaking(room)
            await ann.say("Vera, and me?")
            await room.submit(ann.actor, Leave())
            room.stop(ben.actor)
            await lobby.directors["parlour"].settled()
            assert len(model.requests) == 1


async def test_beside_others_who_hung_up_counts_as_gone(open_lobby):
    model, ann = ScriptedModel([("", HALF)]), Actor("player:ann", "player", "Ann")
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        line = room.subscribe(ann, lambda: None)
        await room.submit(ann, Enter(name="Ann"))
        await room.submit(ann, Say(text="Vera, what is the rain for?"))
        await speaking(room)
        line.close()
        assert room.turns, "she may only be loading her page anew"
        async with room.join("Ben", person="2"):
            await lobby.directors["parlour"].settled()
        assert not await spoke(room, "character:vera")


async def test_a_greeting_is_for_whoever_came_in(open_lobby, anew):
    model = ScriptedModel([("", HALF)])
    async with open_lobby(model, greet=True, library=anew) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ben", person="2") as ben:
            await speaking(room)
            room.stop(ben.actor)
            await lobby.directors["parlour"].settled()
            async with room.join("Ann", person="1") as ann:
                await until(lambda: len(model.requests) == 2)
                await room.submit(ann.actor, Leave())
                await lobby.directors["parlour"].settled()
            assert model.cancelled == 2
        assert len([one for one in await room.recent(20) if isinstance(one, Entered) and one.who == ann.id]) == 1


async def test_a_line_that_has_to_wait_says_so_until_its_turn_comes(open_lobby):
    model = ScriptedModel([("", HALF)])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="1") as ann:
            ear = room.subscribe(ann.actor, lambda: None, epoch=room.epoch, after=room.seq)
            await ann.say("Vera, one?")
            await speaking(room)
            await ann.say("Vera, two?")
            await until(lambda: len(room.turns) == 2)
            first, second = room.turns
            assert (first["phase"], second["phase"], second["who"]) == ("speaking", "waiting", "character:vera")
            asked = [event.seq for event in await room.recent(20) if isinstance(event, Said)][-1]
            assert second["turn"] == f"t{asked}-vera"
            await ann.say("Vera, three?")
            await until(lambda: room.turns[1]["turn"] != second["turn"])
            told = [(m["turn"], m["phase"]) for m in signals(ear)]
            assert (second["turn"], "stopped") in told, "a newer line has taken its place"
            third = room.turns[1]["turn"]
            lobby.directors["parlour"].stop_turn()
            await until(lambda: room.turns and room.turns[0]["turn"] == third and room.turns[0]["phase"] != "waiting")
            assert len(room.turns) == 1
            await ann.say("Vera, four?")
            await until(lambda: len(room.turns) == 2)
            assert room.stop(ann.actor)
            await lobby.directors["parlour"].settled()
            assert room.turns == []
            last: dict[str, str] = {m["turn"]: m["phase"] for m in signals(ear)}
            assert set(last.values()) == {"stopped"}
