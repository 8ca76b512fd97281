"""Taking the story another way while something is under way, or after what it was about has gone."""

from __future__ import annotations

from dataclasses import replace

from openroom.cast.director import DirectorSettings
from openroom.core.action import Configure, Load, Mute, Nudge, Reset, Retry, Rewind, Save, Say, Use
from openroom.core.event import Moved
from openroom.core.prop import Refusal
from openroom.models.scripted import Hang, InTurn, ScriptedModel
from openroom.room.writer import Receipt
from tests.room.people import ANN, BEN, enter
from tests.room.test_steering import done, line_of, refused, says, story
from tests.waiting import until

VERA = "character:vera"


def _reply(text):
    return {"say": text, "emotion": "calm", "do": []}


async def test_another_try_while_somebody_speaks(open_lobby):
    model = ScriptedModel([("", InTurn([_reply("Fog."), Hang(), _reply("Rain.")]))])
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        await done(room, ANN, Say(text="Vera, and what else?"))
        await until(lambda: len(model.requests) == 2)
        await done(room, ANN, Retry(seq=await line_of(room, "Fog.")))
        await director.settled()
        assert await story(room) == ["Vera, what do you see?", "Rain."]
        assert model.cancelled == 1


async def test_what_was_to_be_said_before_the_story_went_elsewhere_is_not(open_lobby):
    async with open_lobby(says("Fog.", "Fog again.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        (asked,) = await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        vera = replace(ANN, id=VERA, role="character", name="Vera")
        (moved,) = await done(room, ANN, Rewind(to=asked))
        late = await room.submit(vera, Say(text="Late."), cause="t2-vera.say", since=asked)
        assert isinstance(late, Refusal)
        assert late.reason == "moved_on"
        assert isinstance(await room.submit(vera, Say(text="In time."), since=moved), Receipt)
        assert await story(room) == ["Vera, what do you see?", "In time."]


async def test_nobody_remarks_on_what_was_undone(open_lobby):
    quick = DirectorSettings(greet=False, react_ms=10_000_000)
    async with open_lobby(autoplay=quick) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        before = room.state.head
        await done(room, ANN, Use(prop="lamp", verb="light"))
        assert director._reaction is not None
        await done(room, ANN, Rewind(to=before))
        assert director._reaction is None


async def test_a_timer_that_is_past_rings_once_after_loading(open_lobby, clock):
    async with open_lobby(clock=clock) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await done(room, ANN, Save(name="Nothing burns"))
        await done(room, ANN, Use(prop="lamp", verb="fuse"))
        timers = room.state.hidden["timers"]
        await done(room, ANN, Save(name="It burns"))
        dark, burning = room.state.shared["saves"]
        await done(room, ANN, Load(id=dark))
        assert not room.state.hidden["timers"], "what was not begun does not run out"
        clock.now += 40_000
        await done(room, ANN, Load(id=burning))
        assert room.state.hidden["timers"] in (timers, {})
        await until(lambda: room.state.props["lamp"]["state"]["lit"])
        assert not room.state.hidden["timers"]
        rung = [event for event in await room.recent(50) if event.kind == "happened"]
        assert len(rung) == 1


async def test_a_room_that_had_closed_is_steered_and_answers(open_lobby, clock):
    async with open_lobby(says("Fog.", "Rain."), clock=clock) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await lobby.directors["parlour"].settled()
        fog = await line_of(room, "Fog.")
        clock.now += 3_600_000
        await lobby._sweep()
        assert room.closed
        await done(room, ANN, Retry(seq=fog))
        await lobby.directors["parlour"].settled()
        assert await story(room) == ["Vera, what do you see?", "Rain."]


async def test_the_door_the_mutes_and_who_may_steer_stay_when_a_room_begins_again(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN, open=False)
        await enter(room, ANN)
        await done(room, ANN, Save(name="At first"))
        await done(room, ANN, Configure(steer="everybody", nudge="owner", responders="round_robin"))
        await done(room, ANN, Mute(character=VERA))
        run = room.state.shared["run"]
        await done(room, ANN, Reset())
        assert room.state.shared["run"] == run
        await done(room, ANN, Load(id=next(iter(room.state.shared["saves"]))))
        assert room.state.shared["run"] == run
        assert await refused(room, BEN, Nudge(character=VERA)) == "not_here"


async def test_a_character_that_left_is_asked_for_no_other_try_and_its_lines_stay(open_lobby):
    async with open_lobby(says("Fog.")) as lobby:
        room = await lobby.create("parlour", ANN)
        director = lobby.directors[room.id]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        fog, then = await line_of(room, "Fog."), room.state.head
        scene = dict(room.definitions["scene"])
        alone = [one for one in scene["characters"] if one["id"] != "vera"]
        await room.define("scene", scene["id"], {**scene, "characters": alone})
        assert not room.state.is_here(VERA)
        assert await refused(room, ANN, Retry(seq=fog)) == "unknown_target"
        await done(room, ANN, Rewind(to=then))
        assert not room.state.is_here(VERA), "who is in the cast is no part of the story"
        assert await story(room) == ["Vera, what do you see?", "Fog."]
        await done(room, ANN, Say(text="Hm."))
        await director.settled()
        assert not any(isinstance(e, Moved) and e.character for e in await room.recent(50))
