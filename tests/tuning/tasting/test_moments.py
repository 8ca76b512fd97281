"""Whose consent a moment needs: of all whose words stand in what the character had in mind, however old they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openroom.core.action import Enter, Erase, Leave, Note, Say, Use
from openroom.core.actor import Actor
from openroom.core.persona import Persona
from openroom.lobby.consent import set_consent
from openroom.lobby.lobby import Lobby
from openroom.models.scripted import ScriptedModel
from openroom.room.room import Room
from openroom.room.writer import Receipt
from openroom.tuning.tasting import moments
from openroom.tuning.tasting.moments import find_moments
from tests.room.people import ANN, BEN, BOSS, enter


def answer(request):
    """Each reply is new, so that loop detection has nothing to say."""
    return {"say": f"Hm, number {len(request.messages[-1].content)}.", "emotion": "calm", "do": []}


async def does(lobby: Lobby, room: Room, actor: Actor, *actions) -> None:
    for action in actions:
        done = await room.submit(actor, action)
        assert isinstance(done, Receipt), done
        await lobby.directors[room.id].settled()


async def lines(lobby: Lobby) -> list[str]:
    return [one.line.text for one in (await find_moments(lobby.store, "otto")).moments]


async def test_who_wrote_on_a_thing_or_the_note_long_ago_has_a_say(open_lobby, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "LOOKED_AT", 4)
    asked = ["Otto, how do you do?", "Otto, and what of tea?"]
    async with open_lobby(ScriptedModel([answer])) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN, BOSS)
        await does(lobby, room, BEN, Use(prop="lamp", verb="light"), Leave())
        await does(lobby, room, BOSS, Note(text="It is late."), Leave())
        await set_consent(lobby.store, ANN.id, True)
        await does(lobby, room, ANN, *(Say(text=one) for one in asked))
        story = await lobby.store.last(room.id, 4)
        assert not {BEN.id, BOSS.id} & {one.actor for one in story}  # it is long ago
        assert await lines(lobby) == []
        await set_consent(lobby.store, BEN.id, True)
        assert await lines(lobby) == []
        await set_consent(lobby.store, BOSS.id, True)
        assert await lines(lobby) == asked
        monkeypatch.setattr(moments, "_MOST_WROTE", 1)
        assert await lines(lobby) == []  # who knows who else wrote something


async def test_who_was_there_and_tells_of_themselves_has_a_say(open_lobby, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "RECALLED_EVENTS", 2)
    vale = Persona(id="pvale", name="Captain Vale", about="Sailed round the Horn twice.")
    model = ScriptedModel([answer])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        await does(lobby, room, replace(BEN, personas=(vale,)), Enter(name="Ben", persona="pvale"))
        await enter(room, ANN)
        await set_consent(lobby.store, ANN.id, True)
        await does(lobby, room, ANN, Say(text="Otto, hm."), Say(text="Otto, yes."), Say(text="Otto, how are you?"))
        assert "round the Horn" in model.prompts[-1]
        assert "Otto, how are you?" not in await lines(lobby)
        await set_consent(lobby.store, BEN.id, True)
        assert "Otto, how are you?" in await lines(lobby)


async def test_a_line_that_was_erased_leaves_no_moment_that_holds_it(open_lobby) -> None:
    async with open_lobby(ScriptedModel([answer])) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await set_consent(lobby.store, ANN.id, True)
        await does(lobby, room, ANN, Say(text="Otto, hm."))
        first = next(one.seq for one in await lobby.store.events(room.id) if one.kind == "said")
        await does(lobby, room, ANN, Say(text="Otto, yes."))
        assert await lines(lobby) == ["Otto, hm.", "Otto, yes."]
        await does(lobby, room, ANN, Erase(seq=first))
        assert await lines(lobby) == []
