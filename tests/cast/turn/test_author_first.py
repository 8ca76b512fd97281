"""The author's words before a model that talks poorly, and where nothing sensible comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openroom.cast.director import DirectorSettings
from openroom.core.event import Said, Used
from openroom.evals.case_scene import CaseScene
from openroom.language.honesty import admits
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
    (said,) = await talk(tiny, "Which of these cups has the thinnest handle?")
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
    tiny = model("The music is on its way.")
    assert await talk(tiny, "It is so quiet here. Put on some music!") == [["The music is on its way.", "play"]]
    other = model("The weather is fine.")  # words beside what it does
    assert await talk(other, "It is so quiet here. Put on some music!") == [
        ["Forty years of service, and still I jump at a whistle.", "play"]
    ]
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


async def test_who_asks_what_they_told_hears_it_of_a_small_model() -> None:
    told, asked, other = await talk(
        model("I drive engines, my friend."),
        "I am a carpenter, and my back hurts.",
        "What did I say I work as?",
        "What did I say about the harbour?",
    )
    assert told == ["I drive engines, my friend."]
    assert asked == ["You said you are a carpenter, and your back hurts."]
    assert not other[0].startswith("You said")


async def test_what_is_to_be_written_for_somebody_is_asked_first() -> None:
    tiny = model("It is written.")
    asked, written = await talk(
        tiny, "Would you pin a note on the board for me?", "Pin a note on the board: I was here.", alone="mira"
    )
    assert asked == ["What shall it say?"] or asked == ["And what are the words?"]
    assert "pin" in written
    assert len(tiny.requests) == 1


async def test_what_was_whispered_is_not_told_to_all() -> None:
    tiny = model("I drive engines, my friend.")
    settings = LobbySettings(watch=False, director=DirectorSettings(react_ms=0, warm=False))
    async with Lobby(model=tiny, settings=settings) as lobby:
        room = await lobby.open("tea_room")
        async with room.join("Tom") as me, room.join("Ann"):
            await lobby.directors["tea_room"].settled()
            await me.say("I am a carpenter.", to=["character:oskar"])
            await lobby.directors["tea_room"].settled()
            await me.say("Oskar, what did I say I work as?")
            await lobby.directors["tea_room"].settled()
            said = [one for one in await room.recent(20) if isinstance(one, Said)]
    assert said[-1].actor == "character:oskar"
    assert "carpenter" not in said[-1].text


@pytest.mark.parametrize(("say", "shown"), [("Rain on Tin, my friend.", True), ("Second Cup, my friend.", False)])
async def test_a_small_model_names_what_its_deed_will_bring(say: str, shown: bool) -> None:
    (done,) = await talk(model(say), "Play the next record, please.")
    assert done[-1] == "next"
    assert (done[0] == say) is shown


async def test_a_hello_with_a_question_is_left_to_the_model() -> None:
    tiny = model("Not tonight, my friend.")
    assert await talk(tiny, "Good evening. Can you take me across?") == [["Not tonight, my friend."]]


async def test_a_line_it_has_ready_is_said_before_a_small_model_is_asked() -> None:
    tiny = model("The mountains are big.")
    assert await talk(tiny, "I teach at a school.") == [
        ["Thirty passengers, not one ticket, and all of them want the window! You have my salute."]
    ]
    assert tiny.requests == []
    able = model("A teacher, my friend, how fine.", "able")
    assert await talk(able, "I teach at a school.") == [["A teacher, my friend, how fine."]]


SURE = (
    "Where do you live?",
    "What are you afraid of?",
    "Are you lonely?",
    "Are you religious?",
    "What is love?",
    "Are you rich?",
    "Do you have any regrets?",
    "Did your locomotive have a name?",
    "Did you ever have an accident?",
    "Do you come here often?",
)


async def test_about_four_of_ten_replies_are_the_authors() -> None:
    said = iter(f"That was on line {one} of the coast railway." for one in range(100, 130))
    tiny = ScriptedModel(
        [lambda _: f'{{"say": "{next(said)}", "emotion": "calm"}}'], info=ModelInfo("tiny", "local", level="small")
    )
    found = await talk(tiny, *SURE)
    written = [one for (one,) in found if "coast railway" not in one]
    assert written
    assert len(written) <= 5
    assert len(written) + len(tiny.requests) >= len(SURE)


async def test_whom_a_model_plays_does_not_say_that_it_only_picks_from_lines() -> None:
    tiny = model("Nothing of the kind.")
    ((said,),) = await talk(tiny, "Oskar, are you a real person or a program?")
    assert admits(said, answer=True)
    assert "lines" not in said
    assert tiny.prompts == []


async def test_a_word_asked_back_goes_with_a_sentence() -> None:
    tiny = model("Computers? They are machines that do things.")
    said = await talk(tiny, "Oskar, my nephew talks of nothing but computers. What should I tell him?")
    assert said == [["Computers? I have never heard of that. What is it?"]]


async def test_who_asks_what_they_said_has_it_put_at_hand() -> None:
    tiny = model("You said so yourself.")
    await talk(tiny, "I mend old violins, you know.", "It is a fine evening for it.", "What did I just tell you?")
    assert "(Tom told you: I mend old violins, you know.)" in tiny.prompts[-1]
    assert "told you" not in tiny.prompts[0]


async def test_who_speaks_of_itself_by_name_does_not_say_i() -> None:
    tiny = model("I love the deep blue sea.")
    settings = LobbySettings(watch=False, director=DirectorSettings(react_ms=0, warm=False))
    async with Lobby(model=tiny, settings=settings) as lobby:
        room = await lobby.open("greenhouse")
        async with room.join("Tom") as me:
            await lobby.directors["greenhouse"].settled()
            await me.say("Pim, do you like fog on the sea?")
            await lobby.directors["greenhouse"].settled()
            said = [one.text for one in await room.recent(20) if isinstance(one, Said)]
    assert said[-1] == "Pim loves the deep blue sea."


async def test_a_whisper_is_not_put_at_hand_of_a_reply_that_others_hear() -> None:
    tiny = model("You said so yourself.")
    settings = LobbySettings(watch=False, director=DirectorSettings(react_ms=0, warm=False))
    note = "(Tom told you: I stole my brother's violin, you know.)"
    oskar = ["character:oskar"]
    async with Lobby(model=tiny, settings=settings) as lobby:
        room = await lobby.open("tea_room")
        async with room.join("Tom") as tom, room.join("Ann"):
            for line, to in (
                ("I stole my brother's violin, you know.", oskar),
                ("Oskar, what did I say about my violin?", None),
                ("What did I tell you about my violin?", oskar),
                ("Oskar, which of these cups has the thinnest handle?", None),
            ):
                await lobby.directors["tea_room"].settled()
                before = len(tiny.prompts)
                await tom.say(line, to=to)
                await lobby.directors["tea_room"].settled()
                assert all((note in prompt) == (line.startswith("What")) for prompt in tiny.prompts[before:])
                assert len(tiny.prompts) > before or to == oskar


async def test_a_small_model_without_words_for_a_deed_says_the_authors_line_for_doing() -> None:
    tiny = model("")
    (got,) = await talk(tiny, "Would you please open the window?", alone="mira")
    doing = {"There. The room asked for it too.", "My hands were empty anyway.", "Slowly, then it stays done."}
    doing |= {"As you like, traveller. The night has room for it.", "It gives the clocks something to talk about."}
    assert got[0] in doing
    assert len(got) == 2
