"""The author's greeting is said as written, at once, and costs no call."""

from __future__ import annotations

import pytest

from openroom.cast.turn.greeting import as_written, choose, face
from openroom.core.action import Enter, Leave
from openroom.core.actor import Actor
from openroom.core.event import Felt, Said
from openroom.core.macros import Values, filled
from openroom.models.scripted import ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.tuning.live.turn_watch import LiveWatch
from tests.core.worlds import character

LONG = "One. Two. Three. Four. Five, {{ User }}. Six."


async def spoken(room) -> list[str]:
    return [event.text for event in await room.recent(200) if isinstance(event, Said)]


async def visits(lobby, *people: tuple[str, str | None]) -> list[str]:
    """What is said when these come in and leave again."""
    room = await lobby.open("parlour")
    for name, language in people:
        actor = Actor(f"player:{name.lower()}", "player", name)
        await room.submit(actor, Enter(name=name, language=language))
        await lobby.directors["parlour"].settled()
        await room.submit(actor, Leave())
    return await spoken(room)


@pytest.mark.parametrize("model", [ScriptedModel([]), Understudy()])
async def test_a_greeting_is_said_word_for_word_without_a_call(open_lobby, house_with, model):
    """However long it is: no bound of the voice cuts its author."""
    library = house_with(f"greetings: ['{LONG}', 'Ah. {{{{char}}}} was looking for <USER>.']\n")
    async with open_lobby(model, greet=True, library=library) as lobby:
        said = await visits(lobby, ("Ann", None), ("Bert", "en"), ("Cora", "pt"), ("Dora", "en"))
    assert said == [
        "Good evening, guest.",
        "One. Two. Three. Four. Five, Bert. Six.",
        "Ah. Vera was looking for Cora.",
        "Good evening, guest.",
    ]
    assert getattr(model, "requests", []) == []


async def test_who_reads_another_language_is_greeted_by_the_model_in_theirs(open_lobby, house_with):
    model = ScriptedModel([("Greet Bert", {"say": "Guten Abend, Gast.", "emotion": "calm", "do": []})])
    async with open_lobby(model, greet=True, library=house_with("")) as lobby:
        assert await visits(lobby, ("Ann", "en"), ("Bert", "de")) == ["Good evening, guest.", "Guten Abend, Gast."]
    assert "Antworte auf Deutsch." in model.prompts[0]


async def test_the_talk_goes_on_from_it(open_lobby, house_with):
    model = ScriptedModel([("Ann: Is it late?", {"say": "It is.", "emotion": "calm", "do": []})])
    async with open_lobby(model, greet=True, library=house_with("")) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await lobby.directors["parlour"].settled()
            await ann.say("Is it late?")
            await lobby.directors["parlour"].settled()
    (prompt,) = model.prompts
    assert '"say": "Good evening, guest."' in prompt
    assert "in your own way" not in prompt


async def test_a_face_goes_with_it(open_lobby, house_with):
    async with open_lobby(ScriptedModel([]), greet=True, library=house_with("")) as lobby:
        await visits(lobby, ("Ann", None))
        room = await lobby.open("parlour")
        (felt,) = [event for event in await room.recent(20) if isinstance(event, Felt)]
    assert felt.emotion == "happy"


async def test_it_says_nothing_about_the_version_that_plays(open_lobby, house_with):
    """A canary is judged by its own words, not by its author's."""
    watch, ended = LiveWatch(), []
    model = ScriptedModel([("", {"say": "It is.", "emotion": "calm", "do": []})])
    async with open_lobby(model, greet=True, library=house_with("")) as lobby:
        lobby.results = lambda turn, result: ended.append((turn.version, result.is_written, watch.saw(turn, result)))
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await lobby.directors["parlour"].settled()
            await ann.say("Is it late?")
            await lobby.directors["parlour"].settled()
    assert [written for _, written, _ in ended] == [True, False]
    assert watch.seen("vera", ended[0][0]) == 1


@pytest.mark.parametrize(
    ("card", "language", "written"),
    [
        ({}, "", True),
        ({}, "en-unknown", True),
        ({}, "de", False),
        ({"language": "de-AT"}, "de", True),
        ({"greeting": "Guten Abend. Komm herein und setz dich, wenn du magst."}, "de", True),
        ({"greet": "anew"}, "en", False),
    ],
)
def test_it_is_written_for_who_reads_its_language(card: dict, language: str, written: bool) -> None:
    assert as_written(character("vera", **card), language) == written


def to_ann(line: str) -> str:
    return filled(line, Values(user="Ann", seed="seed"))


def test_the_one_said_longest_ago_is_chosen() -> None:
    card = character("vera", greeting="One.", greetings=["Two.", "Three."])
    assert choose(card, (), to_ann) == ["One."]
    assert choose(card, ("One.", "Other."), to_ann) == ["Two."]
    assert choose(card, ("Two.", "One.", "Three.", "Two."), to_ann) == ["One."]
    card = character("vera", greeting="So, {{user}}: {{user}}, is it?", greetings=["{{user}}!", "Hm."])
    assert choose(card, ("So, Bert: Bert, is it?",), to_ann) == ["Ann!"]
    assert choose(card, ("So, Bert: Bert, is it?", "Bert!", "Hm."), to_ann) == ["So, Ann: Ann, is it?"]
    assert choose(card, ("So, is it?", "So, : , is it? No."), to_ann) == ["So, Ann: Ann, is it?"]


def test_a_face_that_it_cannot_show_is_not_made() -> None:
    card = character("vera", emotions={"default": "stern", "can": ["stern"]})
    assert face(card, "Welcome, welcome!") == "stern"


def test_one_that_draws_is_known_again() -> None:
    card = character("vera", greeting="{{random:Hi,Ho,Ha}}, {{user}}.", greetings=["Two."])
    assert choose(card, ("Ha, Bert.",), to_ann) == ["Two."]
    assert choose(card, ("Ha, Bert.", "Two."), to_ann)[0].endswith(", Ann.")


def test_a_long_one_is_said_in_lines_and_known_again() -> None:
    long = "Mind the step, {{user}}. " + "It rains and it rains. " * 240
    card = character("vera", greeting=long, greetings=["Two."])
    lines = choose(card, (), to_ann)
    assert len(lines) == 2 and all(len(line) <= 4000 for line in lines)
    assert " ".join(lines) == to_ann(long).strip()
    assert choose(card, lines, to_ann) == ["Two."]


async def test_a_long_greeting_and_its_draws_are_in_the_log(open_lobby, house_with):
    """In two lines, and in the next prompt as one answer; another visit draws anew, a replay reads what was drawn."""
    long = "It rains. " * 550 + "{{roll:d1000000}}"
    model = ScriptedModel([("Ann: Is it late?", {"say": "It is.", "emotion": "calm", "do": []})])
    async with open_lobby(model, greet=True, library=house_with(f"greetings: ['{long}']\n")) as lobby:
        said = await visits(lobby, ("Bert", None), ("Cora", None), ("Dora", None), ("Eve", None))
        drawn = [line.rpartition(" ")[2] for line in said if line[-1].isdigit()]
        assert len(said) == 6 and len(drawn) == 2 and drawn[0] != drawn[1]


async def test_a_visitors_name_is_no_macro(open_lobby, house_with):
    library = house_with("greetings: ['Ah, {{user}}.']\n")
    async with open_lobby(ScriptedModel([]), greet=True, library=library) as lobby:
        said = await visits(lobby, ("Ann", None), ("{{roll:d6}}", None))
    assert said[1] == "Ah, {{roll:d6}}."
