"""The story in people's hands: other tries, other words, other ways, moments with a name; and who may do so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from openroom.core.action import (
    Action,
    Choose,
    Configure,
    Delete,
    Edit,
    Feel,
    Load,
    Note,
    Nudge,
    Reset,
    Retry,
    Rewind,
    Save,
    Say,
    Unsave,
    Use,
)
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.branches import alternatives
from openroom.core.event import Said
from openroom.core.prop import Refusal
from openroom.errors import ModelTimeout
from openroom.models.scripted import InTurn, ScriptedModel
from openroom.room.room import Room
from openroom.room.ways import ways_shown
from openroom.room.writer import Receipt
from tests.room.people import ANN, BEN, BOSS, enter


def says(*texts: str, **more: Any) -> ScriptedModel:
    return ScriptedModel([("", InTurn([{"say": text, "emotion": "calm", "do": [], **more} for text in texts]))])


async def done(room: Room, actor: Actor, action: Action) -> tuple[int, ...]:
    answer = await room.submit(actor, action)
    assert isinstance(answer, Receipt), answer
    return answer.seqs


async def refused(room: Room, actor: Actor, action: Action) -> str:
    answer = await room.submit(actor, action)
    assert isinstance(answer, Refusal), answer
    return answer.reason


async def story(room: Room) -> list[str]:
    return [event.text for event in await room.recent(200) if isinstance(event, Said)]


async def line_of(room: Room, text: str) -> int:
    return next(event.seq for event in await room.recent(200) if isinstance(event, Said) and event.text == text)


async def test_another_try_stands_beside_the_first_and_either_can_be_chosen(open_lobby):
    model = says("The first of all.", "A second one.", "And a third.", "Then this.")
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        first = await line_of(room, "The first of all.")
        await done(room, ANN, Retry(seq=first))
        await director.settled()
        assert await story(room) == ["Vera, what do you see?", "A second one."]
        second = await line_of(room, "A second one.")
        await done(room, ANN, Retry(seq=second))
        shown = ways_shown(ANN.id, [], room.state, None)
        assert shown["ways"] == {str(first): [first, second]}, "a third is under way, and whoever sees it counts on"
        await director.settled()
        third = await line_of(room, "And a third.")
        group = alternatives(room.state)
        assert group[first] == group[second] == group[third] == [first, second, third]
        await done(room, ANN, Choose(seq=first))
        assert await story(room) == ["Vera, what do you see?", "The first of all."]
        await done(room, ANN, Say(text="Vera, and then?"))
        await director.settled()
        await done(room, ANN, Choose(seq=third))
        assert await story(room) == ["Vera, what do you see?", "And a third."]
        await done(room, ANN, Choose(seq=first))
        assert await story(room) == ["Vera, what do you see?", "The first of all.", "Vera, and then?", "Then this."]
        assert replay(await room.store.events(room.id)) == room.state


async def test_another_try_is_asked_in_the_same_words_with_the_wish_for_that_try_only(open_lobby):
    model = says("A long first reply of many words.", "Short.", "On we go.")
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        await done(
            room, ANN, Retry(seq=await line_of(room, "A long first reply of many words."), wish="shorter (please)")
        )
        await director.settled()
        first, again = model.prompts
        wish = again.removeprefix(first)
        assert again.startswith(first)
        assert "Ann would have your reply like this" in wish
        assert "shorter" in wish
        await done(room, ANN, Say(text="Vera, go on."))
        await director.settled()
        assert "shorter" not in model.prompts[-1]
        assert "many words" not in model.prompts[-1]
        assert "Short." in model.prompts[-1]


async def test_a_wish_stands_in_no_later_prompt_though_its_try_failed(open_lobby):
    replies = [{"say": "The first."}, ModelTimeout("too slow"), {"say": "On we go."}]
    model = ScriptedModel([("", InTurn(replies))])
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        await done(room, ANN, Retry(seq=await line_of(room, "The first."), wish="in rhymes"))
        await director.settled()
        assert "in rhymes" in model.prompts[-1]
        await done(room, ANN, Say(text="Vera, go on."))
        await director.settled()
        assert "On we go." in await story(room)
        assert "in rhymes" not in model.prompts[-1]


async def test_a_note_that_was_changed_after_another_try_stands_in_no_prompt_beside_the_new_one(open_lobby):
    model = says("The first.", "A second.", "A third.")
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN, BOSS)
        await done(room, BOSS, Note(text="All are grim."))
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        await done(room, ANN, Retry(seq=await line_of(room, "The first.")))
        await director.settled()
        await done(room, BOSS, Note(text="All are merry."))
        await done(room, ANN, Say(text="Vera, and now?"))
        await director.settled()
        assert [one for one in ("grim", "merry") if one in model.prompts[-1]] == ["merry"]


async def test_the_rooms_note_holds_for_another_try_and_after_a_reset(open_lobby):
    model = says("The first.", "A second.", "A third.")
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN, BOSS)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        await done(room, BOSS, Note(text="All are merry."))
        await done(room, ANN, Retry(seq=await line_of(room, "The first.")))
        await director.settled()
        assert "merry" in model.prompts[-1]
        await done(room, BOSS, Reset())
        assert room.state.note == "All are merry."
        assert replay(await room.store.events(room.id)) == room.state


async def test_what_was_forgotten_is_at_hand_of_no_other_try(open_lobby):
    model = says("The first.", "A second.", "A third.")
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, I live in Lisbon."))
        await director.settled()
        other, there = await lobby.create("parlour", ANN), lobby.directors
        await enter(other, ANN)
        await done(other, ANN, Say(text="Vera, where do I live?"))
        await there[other.id].settled()
        assert "Ann lives in Lisbon." in model.requests[-1].cue.memories
        for one in await lobby.memory.about("character:vera", ANN.id):
            await lobby.memory.forget(one.id)
        await done(other, ANN, Retry(seq=await line_of(other, "A second.")))
        await there[other.id].settled()
        assert "A third." in await story(other)
        assert model.requests[-1].cue.memories == ()


async def test_deeds_of_a_discarded_reply_are_undone_and_come_back_with_it(open_lobby):
    replies = [
        {"say": "Light.", "emotion": "calm", "do": ["lamp.light"]},
        {"say": "Dark it stays.", "emotion": "calm", "do": []},
    ]
    async with open_lobby(ScriptedModel([("", InTurn(replies))])) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, light the lamp, please."))
        await director.settled()
        assert room.state.props["lamp"]["state"]["lit"] is True
        lit = await line_of(room, "Light.")
        await done(room, ANN, Retry(seq=lit))
        await director.settled()
        assert await story(room) == ["Vera, light the lamp, please.", "Dark it stays."]
        assert room.state.props["lamp"]["state"]["lit"] is False
        await done(room, ANN, Choose(seq=lit))
        assert room.state.props["lamp"]["state"]["lit"] is True
        await done(room, ANN, Edit(seq=lit, text="Light, and warm."))
        assert room.state.props["lamp"]["state"]["lit"] is True, "what was done with the words stays done"
        assert await story(room) == ["Vera, light the lamp, please.", "Light, and warm."]
        await director.settled()
        assert await story(room) == ["Vera, light the lamp, please.", "Light, and warm."], "nobody answers an edit"


async def test_ones_own_line_in_other_words_is_answered_anew(open_lobby):
    model = says("Fog.", "Rain, since you ask.")
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        (mine,) = await done(room, ANN, Say(text="Vera, what is the wether?"))
        await director.settled()
        await done(room, ANN, Edit(seq=mine, text="Vera, what is the weather?"))
        await director.settled()
        assert await story(room) == ["Vera, what is the weather?", "Rain, since you ask."]
        assert "wether" not in model.prompts[-1]
        await done(room, ANN, Choose(seq=mine))
        assert await story(room) == ["Vera, what is the wether?", "Fog."]


async def test_a_deleted_line_takes_what_followed_with_it_and_can_be_had_back(open_lobby):
    async with open_lobby(says("Fog.", "Still fog.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, hello."))
        await director.settled()
        (mine,) = await done(room, ANN, Say(text="Vera, and now?"))
        await director.settled()
        head = room.state.head
        await done(room, ANN, Delete(seq=mine))
        assert await story(room) == ["Vera, hello.", "Fog."]
        await done(room, ANN, Rewind(to=head))
        assert await story(room) == ["Vera, hello.", "Fog.", "Vera, and now?", "Still fog."]


async def test_a_moment_has_a_name_on_every_way_and_the_story_goes_on_from_it(open_lobby):
    async with open_lobby(says("Fog.", "More fog.", "Sun.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, hello."))
        await director.settled()
        await done(room, ANN, Save(name="Before the storm"))
        (saved,) = room.state.shared["saves"].values()
        assert (saved["name"], saved["by"]) == ("Before the storm", ANN.id)
        await done(room, ANN, Use(prop="lamp", verb="light"))
        await done(room, ANN, Say(text="Vera, more?"))
        await director.settled()
        (id,) = room.state.shared["saves"]
        await done(room, ANN, Load(id=id))
        assert await story(room) == ["Vera, hello.", "Fog."]
        assert room.state.props["lamp"]["state"]["lit"] is False
        assert id in room.state.shared["saves"]
        assert await refused(room, BEN, Unsave(id=id)) == "not_allowed"
        await done(room, ANN, Unsave(id=id))
        assert not room.state.shared.get("saves")
        assert await refused(room, ANN, Load(id=id)) == "unknown_target"


@pytest.mark.parametrize(
    ("steer", "ann", "ben", "boss"),
    [("own", False, True, True), ("owner", False, False, True), ("everybody", True, True, True)],
)
async def test_who_may_steer(open_lobby, steer, ann, ben, boss):
    async with open_lobby(says("To you, Ben.", *("Again." for _ in range(3)))) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN, BEN, BOSS)
        await done(room, BOSS, Configure(steer=steer))
        await done(room, ANN, Say(text="Good evening."))
        await director.settled()
        await done(room, BEN, Say(text="Vera, say something to me."))
        await director.settled()
        last = next(
            e.seq for e in reversed(await room.recent(50)) if isinstance(e, Said) and e.actor == "character:vera"
        )
        for who, may in ((ANN, ann), (BEN, ben), (BOSS, boss)):
            answer = await room.submit(who, Delete(seq=last))
            assert isinstance(answer, Receipt) is may, (who.id, answer)
            if may:
                await done(room, BOSS, Rewind(to=last))


async def test_nobody_steers_where_the_room_says_so_but_operators(open_lobby):
    async with open_lobby(says("Fog.")) as lobby:
        owner = Actor(ANN.id, "player", "Ann")
        room = await lobby.create("parlour", owner, title="Ann's")
        await enter(room, ANN, BOSS)
        await done(room, ANN, Configure(steer="nobody"))
        (mine,) = await done(room, ANN, Say(text="Hm."))
        assert await refused(room, ANN, Delete(seq=mine)) == "not_allowed"
        await done(room, BOSS, Delete(seq=mine))


async def test_what_one_did_not_perceive_is_no_line_to_steer(open_lobby):
    async with open_lobby(says("Between us: fog.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN, BEN)
        await done(room, BEN, Say(text="What do you see?", to=["character:vera"]))
        await director.settled()
        secret = await line_of(room, "Between us: fog.")
        await director.settled()
        for action in (Retry(seq=secret), Edit(seq=secret, text="Ha."), Delete(seq=secret), Choose(seq=secret)):
            assert await refused(room, ANN, action) == "unknown_target"
        await done(room, BEN, Retry(seq=secret, wish="louder"))
        moved = (await room.store.events(room.id))[-1]
        assert moved.to == [BEN.id, "character:vera"], "who did not hear the line learns of no wish; who is asked does"


async def test_a_cut_line_is_gone_on_from(open_lobby):
    model = says("It began with", "a storm, of course.")
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN, BEN)
        assert await refused(room, ANN, Nudge(character="character:vera", go_on=True)) == "unknown_target"
        await done(room, ANN, Say(text="Vera, tell me."))
        await director.settled()
        first = await line_of(room, "It began with")
        meanwhile = room.submit(BEN, Feel(emotion="happy"))  # what comes with it is no line after hers
        await asyncio.gather(meanwhile, done(room, ANN, Nudge(character="character:vera", go_on=True)))
        await director.settled()
        on = next(
            event for event in await room.recent(50) if isinstance(event, Said) and event.text.startswith("a storm")
        )
        assert on.goes_on == first
        assert "Go on from where you stopped" in model.prompts[-1]


async def test_what_others_took_back_is_not_for_everybody_to_bring_back(open_lobby):
    async with open_lobby(says("Hm.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, BEN)
        (said,) = await done(room, BEN, Say(text="Vera, my secret is the cellar."))
        await director.settled()
        head = room.state.head
        await done(room, BEN, Delete(seq=said))
        await enter(room, ANN)
        assert await refused(room, ANN, Rewind(to=head)) == "not_allowed"
        await done(room, BEN, Rewind(to=said))


async def test_a_whisper_that_one_did_not_hear_is_not_left_behind(open_lobby):
    async with open_lobby(says("Between us: fog.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN, BEN)
        await done(room, BEN, Say(text="What do you see?", to=["character:vera"]))
        (used,) = await done(room, ANN, Use(prop="lamp", verb="light"))
        await director.settled()
        assert await line_of(room, "Between us: fog.")
        assert await refused(room, ANN, Rewind(to=used)) == "not_allowed"


async def test_a_player_may_leave_behind_when_the_owner_noted_something_and_it_holds(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BOSS)
        before = room.state.head
        await done(room, BOSS, Note(text="It is a dream."))
        await done(room, ANN, Rewind(to=before))
        assert room.state.note == "It is a dream."


async def test_an_answer_is_for_whom_it_answers_to_take_back(open_lobby):
    async with open_lobby(says("Fog, Ben.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, BEN)
        await done(room, BEN, Say(text="Vera, what do you see?"))
        await enter(room, ANN)
        await director.settled()
        answer = await line_of(room, "Fog, Ben.")
        assert await refused(room, ANN, Delete(seq=answer)) == "not_allowed"
        await done(room, BEN, Delete(seq=answer))
