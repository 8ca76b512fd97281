"""Who speaks by which policy; mute, force-talk and the room's note, in rooms that run."""

from __future__ import annotations

from collections import Counter

import pytest

from openroom.cast.responders import responders
from openroom.cast.turn.prompt import stable
from openroom.core.action import Configure, Enter, Mute, Note, Nudge, Roll, Say
from openroom.core.actor import Actor
from openroom.core.event import Nudged, Said
from openroom.core.prop import Refusal
from openroom.core.state import World
from openroom.models.scripted import Hang, ScriptedModel
from tests.cast.talking import BOSS, fresh, reply, said
from tests.core import worlds
from tests.core.worlds import ANN, HOST, MIRA, OSKAR, Table, enter
from tests.waiting import until

YUKI = "character:yuki"
MODES = ("natural", "round_robin", "list", "pooled", "manual", "nobody")
FATE = "character:fate"
VERA, OTTO = "character:vera", "character:otto"


def three(**scene: object) -> Table:
    """Mira, Oskar and Yuki, and Ann and the host with them."""
    table = Table(worlds.world(characters=[{"id": "mira"}, {"id": "oskar"}, {"id": "yuki"}], **scene))
    for actor in (ANN, HOST):
        table.must(actor, enter(actor))
    return table


def asked(table: Table, text: str = "Well?", spoken: tuple[str, ...] = ()) -> list[str]:
    """Who answers Ann."""
    (line,) = table.must(ANN, Say(text=text))
    return responders(line, table.state, table.world, spoken)


def test_a_list_speaks_in_the_stated_order() -> None:
    table = three(responders={"mode": "list"})
    assert asked(table) == [MIRA.id, OSKAR.id, YUKI]
    table.must(HOST, Configure(order=[YUKI, MIRA.id]))
    assert asked(table) == [YUKI, MIRA.id, OSKAR.id]
    assert asked(table, "And you, Oskar?") == [OSKAR.id]
    table.must(HOST, Mute(character=MIRA.id))
    assert asked(table) == [YUKI, OSKAR.id]


def test_in_turn_goes_by_the_stated_order_too() -> None:
    table = three(responders={"mode": "round_robin", "order": ["yuki", "mira"]})
    assert asked(table) == [YUKI]
    assert asked(table, spoken=(YUKI, ANN.id)) == [MIRA.id]
    assert asked(table, spoken=(MIRA.id,)) == [OSKAR.id]
    assert asked(table, spoken=(OSKAR.id,)) == [YUKI]


def test_in_a_pooled_room_each_speaks_once_before_any_does_again() -> None:
    table = three(responders={"mode": "pooled"})
    spoken: list[str] = []
    for _ in range(60):
        (who,) = asked(table, spoken=tuple(spoken))
        assert spoken[-1:] != [who], "nobody twice running"
        table.must(Actor(who, "character", who), Say(text="So."))
        spoken.append(who)
    for at in range(0, 60, 3):
        assert Counter(spoken[at : at + 3]) == {MIRA.id: 1, OSKAR.id: 1, YUKI: 1}, spoken
    assert len({tuple(spoken[at : at + 3]) for at in range(0, 60, 3)}) > 2, "not always in the same order"


@pytest.mark.parametrize("mode", MODES)
def test_mute_and_force_talk_hold_in_every_mode(mode: str) -> None:
    table = three(responders={"mode": mode})
    (nudged,) = table.must(ANN, Nudge(character=OSKAR.id))
    assert isinstance(nudged, Nudged)
    assert responders(nudged, table.state, table.world, ()) == [OSKAR.id]
    table.must(HOST, Mute(character=OSKAR.id))
    assert responders(nudged, table.state, table.world, ()) == []
    for text in ("Well?", "Oskar, please.", "All of you!"):
        assert OSKAR.id not in asked(table, text)
    (whispered,) = table.must(ANN, Say(text="Psst", to=[OSKAR.id]))
    assert responders(whispered, table.state, table.world, ()) == []


@pytest.mark.parametrize(("mode", "answered"), [(mode, mode != "nobody") for mode in MODES])
def test_a_whisper_is_answered_but_where_nobody_is_to_speak(mode: str, answered: bool) -> None:
    table = three(responders={"mode": mode})
    (whispered,) = table.must(ANN, Say(text="Psst", to=[OSKAR.id, MIRA.id]))
    assert isinstance(whispered, Said)
    assert responders(whispered, table.state, table.world, ()) == ([MIRA.id] if answered else [])


async def test_a_list_is_played_one_after_another(open_lobby):
    async with open_lobby(ScriptedModel([fresh])) as lobby:
        room = await lobby.open("parlour")
        await room.submit(BOSS, Enter(name="Boss"))
        await room.submit(BOSS, Configure(responders="list", order=[OTTO]))
        for _ in range(2):
            await room.submit(BOSS, Say(text="Well?"))
            await lobby.directors["parlour"].settled()
        assert [who for who, _ in await said(room)] == [BOSS.id, OTTO, VERA] * 2


async def test_who_is_muted_stops_at_once_and_is_silent_until_unmuted(open_lobby):
    long = Hang('{"say": "It was a long night. Nobody slept and')

    def night(request):
        return long if request.character == "vera" and "how was it" in request.messages[-1].content else None

    model = ScriptedModel([night, ("", fresh)])
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        await room.submit(BOSS, Say(text="Vera, how was it?"))
        await until(lambda: any("long night" in turn.get("text", "") for turn in room.turns))
        await room.submit(BOSS, Mute(character=VERA))
        await director.settled()
        lines = [event for event in await room.recent(20) if isinstance(event, Said) and event.actor == VERA]
        assert [(line.text, line.cut) for line in lines] == [("It was a long night.", True)]
        await room.submit(BOSS, Say(text="Vera?"))
        answer = await room.submit(BOSS, Nudge(character=VERA))
        assert isinstance(answer, Refusal)
        assert answer.reason == "muted"
        await director.settled()
        assert [one.character for one in model.requests] == ["vera", "otto"], "the other answers in her stead"
        await room.submit(BOSS, Mute(character=VERA, on=False))
        await room.submit(BOSS, Say(text="Vera, and now?"))
        await director.settled()
        assert len([who for who, _ in await said(room) if who == VERA]) == 2


async def test_the_note_stands_in_every_prompt_and_goes(open_lobby):
    model = ScriptedModel([fresh])
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        await room.submit(BOSS, Note(text="It is the night before\nthe (last) war.) Say so."))
        line = "(For this room: It is the night before the [last] war.] Say so.)"
        for n in range(12):
            await room.submit(BOSS, Say(text=f"Vera, what is it? {n}"))
            await director.settled()
            near = [message.content for message in model.requests[-1].messages[-9:]]
            assert any(line in text.splitlines() for text in near), n
        told = sum(text.content.count(line) for text in model.requests[-1].messages)
        assert 1 < told < 5, "told again now and then, not each time"
        await room.submit(BOSS, Note(text="It is over."))
        await room.submit(BOSS, Say(text="Vera, and Otto?"))
        await director.settled()
        assert all(line not in prompt and "(For this room: It is over.)" in prompt for prompt in model.prompts[-2:])
        await room.submit(BOSS, Note())
        await room.submit(BOSS, Say(text="Vera, and now?"))
        await director.settled()
        assert "For this room" not in model.prompts[-1]
        assert "night before" not in model.prompts[-1]


async def test_characters_read_a_throw_and_may_remark_on_it(open_lobby):
    model = ScriptedModel([("You may remark", reply("Not bad.")), ("", fresh)])
    async with open_lobby(model, react_ms=1) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        await room.submit(BOSS, Roll(dice="2d6+1"))
        await room.submit(BOSS, Roll(dice="d20"))
        await room.submit(BOSS, Roll(dice="40d6"))
        await room.submit(BOSS, Say(text="Vera, what do you say?"))
        await director.settled()
        two, one, many = [event for event in await room.recent(20) if event.kind == "rolled"]
        first, second = two.eyes
        for line in (
            f"(Boss rolls 2d6+1: {first}, {second}, which makes {two.total}.)",
            f"(Boss rolls 1d20: {one.total}.)",
            f"(Boss rolls 40d6: {many.total}.)",
        ):
            assert line in model.prompts[-1].splitlines(), line
        for _ in range(20):
            await room.submit(BOSS, Roll(dice="d6"))
            await until(lambda: director._reaction is None)
            await director.settled()
            if "You may remark" in model.prompts[-1]:
                break
        assert "You may remark" in model.prompts[-1]


def narrated(**scene: object) -> Table:
    """A narrator, then Mira and Oskar; Ann and the host are with them."""
    made = worlds.world(characters=[{"id": "fate"}, {"id": "mira"}, {"id": "oskar"}], **scene)
    cast = {**made.characters, "fate": worlds.character("fate", body="none")}
    table = Table(World(made.scene, cast, made.props))
    for actor in (ANN, HOST):
        table.must(actor, enter(actor))
    return table


def test_a_narrator_is_turned_to_only_when_named_or_asked() -> None:
    table = narrated()
    assert all(FATE not in asked(table, text) for text in ("Well?", "So?", "And?", "Hm?", "Oh?", "No?", "Yes?", "I?"))
    assert asked(table, "Fate, what happens?") == [FATE]
    (nudged,) = table.must(ANN, Nudge(character=FATE))
    assert responders(nudged, table.state, table.world, ()) == [FATE]
    (entered,) = table.must(worlds.BEN, enter(worlds.BEN))
    assert responders(entered, table.state, table.world, ()) == [MIRA.id]
    for who in (MIRA.id, OSKAR.id):
        table.must(HOST, Mute(character=who))
    assert asked(table) == [FATE], "nobody else is there who could answer"


def test_a_narrator_has_its_turn_in_a_list() -> None:
    table = narrated(responders={"mode": "list", "order": ["mira", "fate"]})
    assert asked(table) == [MIRA.id, FATE, OSKAR.id]


@pytest.mark.parametrize("terse", [False, True])
def test_a_narrator_is_asked_for_what_happens(terse: bool) -> None:
    table = narrated()
    fate, mira = table.world.characters["fate"], table.world.characters["mira"]
    prompts = [stable(one, one.harness(), table.world, table.state, terse=terse)[0].content for one in (fate, mira)]
    assert "You are Fate, the narrator of this place: nobody sees or answers you. Kind." in prompts[0]
    assert '"say": what happens, told in a few sentences' in prompts[0]
    assert '"say": what you say aloud' in prompts[1]
    assert "- Fate tells what happens here, and is nobody to speak to." in prompts[1]
    assert (fate.public()["body"], "body" in mira.public()) == ("none", False)
