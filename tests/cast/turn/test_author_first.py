"""The author's words before a model that talks poorly, and where nothing sensible comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openroom.cast.director import DirectorSettings
from openroom.core.event import Said, Used
from openroom.evals.case_scene import CaseScene
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import Level, ModelInfo
from openroom.settings import shipped


def model(say: str, level: Level = "small") -> ScriptedModel:
    return ScriptedModel([("", f'{{"say": "{say}", "emotion": "calm"}}')], info=ModelInfo("tiny", "local", level=level))


async def talk(tiny: ScriptedModel, *lines: str, alone: str = "oskar", library: CaseScene | None = None) -> list[Any]:
    """What the character says and does in answer to each line."""
    settings = LobbySettings(watch=False, director=DirectorSettings(react_ms=0, warm=False))
    found: list[Any] = []
    scene = library.scene.id if library else "tea_room"
    async with Lobby(model=tiny, settings=settings, library=library) as lobby:
        room = await lobby.open(scene)
        director = lobby.directors[scene]
        for who in room.state.here("character"):
            if who != f"character:{alone}":
                await room.submit(_actor(room, who), _leave())
        async with room.join("Tom") as me:
            await director.settled()
            for line in lines:
                since = room.seq
                await me.say(line)
                await director.settled()
                events = await room.recent(20)
                mine = [one for one in events if one.seq > since and one.actor == f"character:{alone}"]
                found.append(
                    [one.text if isinstance(one, Said) else one.verb for one in mine if isinstance(one, Said | Used)]
                )
    return found


def _actor(room: Any, who: str) -> Any:
    from openroom.core.actor import Actor

    return Actor(who, "character", room.state.name(who))


def _leave() -> Any:
    from openroom.core.action import Leave

    return Leave()


async def test_an_example_that_answers_is_said_without_a_call() -> None:
    tiny = model("The mountains are hard to climb.")
    assert await talk(tiny, "You play badly, Oskar.") == [["It is the light. In Vienna I was almost adequate."]]
    assert tiny.requests == []


async def test_a_fact_is_told_in_the_authors_words_and_not_twice() -> None:
    tiny = model("Somewhere on the line, my friend.")
    first, again = await talk(tiny, "Where is your button?", "Where is your button?")
    assert first == ["Lost at cards, in Odessa. The man had four aces and no manners."]
    assert again == ["Somewhere on the line, my friend."]
    assert "(You answer with this: Lost at cards" in tiny.prompts[-1]


async def test_an_able_model_leads_its_own_talk() -> None:
    able = model("A gambler has it, my friend.", "able")
    assert await talk(able, "Where is your button?") == [["A gambler has it, my friend."]]


async def test_a_fair_model_leads_and_its_nonsense_is_not_shown() -> None:
    fair = model("How can I help you today? A gambler has it, my friend.", "fair")
    assert await talk(fair, "Where is your button?") == [["A gambler has it, my friend."]]


@pytest.mark.parametrize(
    "nonsense",
    [
        "I am Tom.",
        "I am the tea room.",
        "How can I help you today?",
        "You read life in stations and easily beaten at chess, which you blame on the light.",
        "I am a computer program, my friend.",
    ],
)
async def test_of_nothing_but_nonsense_the_authors_line_is_left(nonsense: str) -> None:
    tiny = model(nonsense)
    (said,) = await talk(tiny, "What was the strangest guest you ever had?")
    assert len(said) == 1
    assert said[0] in FALLBACKS
    assert len(tiny.requests) == 2
    assert "(That was not it: " in tiny.prompts[-1]


FALLBACKS = {
    "Aha! That train has no timetable, my friend.",
    "Signal at amber. Tell me more.",
    "Between two stations one thinks of such things.",
    "I passed through there once, at night, without stopping.",
    "Hm! My best engine could not pull that answer.",
    "Go on, my friend, we have the platform to ourselves.",
}


async def test_a_small_model_is_told_how_a_thing_stands_that_it_is_asked_about() -> None:
    tiny = model("It is dark, my friend.")
    await talk(tiny, "We are teachers in a small town.", "Is the lamp lit now?")
    assert "(Paper lamp: dark)" not in tiny.prompts[0]
    assert "(Paper lamp: dark)" in tiny.prompts[1]


async def test_a_deed_is_done_with_the_authors_line_for_it() -> None:
    tiny = model("The weather is fine.")
    assert await talk(tiny, "It is so quiet here. Put on some music!") == [["The weather is fine, my friend.", "play"]]
    assert await talk(tiny, "It is too quiet in here! Music, please.") == [
        ["A scandal! Let us have an orchestra.", "play"]
    ]


async def test_characters_on_a_small_model_answer_people_only() -> None:
    tiny = model("I have known Mira for years.")
    settings = LobbySettings(watch=False, director=DirectorSettings(react_ms=0, warm=False))
    async with Lobby(model=tiny, settings=settings) as lobby:
        room = await lobby.open("tea_room")
        async with room.join("Tom") as me:
            await lobby.directors["tea_room"].settled()
            await me.say("Oskar, is it not late?")
            await lobby.directors["tea_room"].settled()
            said = [one.actor for one in await room.recent(20) if isinstance(one, Said)]
    assert said[-2].startswith("player:")
    assert said[-1] == "character:oskar"


async def test_what_its_own_card_says_of_it_may_be_said(tmp_path: Path) -> None:
    folder = tmp_path / "nima"
    folder.mkdir()
    lines = ["Name: Nima", "Occupation: glassblower", "Family: two older brothers who work in the salt pans by the sea"]
    persona = "".join(f"  {line}\n" for line in lines)
    text = f"format: 1\nid: nima\nname: Nima\nline: Makes glass.\npersona: |-\n{persona}greeting: Oh!\n"
    (folder / "character.yaml").write_text(text, encoding="utf-8")
    say = "Well, two older brothers who work in the salt pans by the sea."
    library = CaseScene(Library([shipped("characters"), tmp_path], [shipped("scenes")]), "nima")
    assert await talk(model(say), "Who is at home with you?", library=library, alone="nima") == [[say]]


async def test_a_hello_with_a_question_is_left_to_the_model() -> None:
    tiny = model("Not tonight, my friend.")
    assert await talk(tiny, "Good evening. Can you take me across?") == [["Not tonight, my friend."]]
