"""A plain card in a room: what it lacks is made, and what it orders is followed whatever a model writes."""

from __future__ import annotations

import pytest

from openroom.core.completed import completed
from openroom.language.reactions import plain_answers
from openroom.language.text import first_word
from openroom.models.scripted import InTurn, ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import ModelInfo, prompt_text
from tests.cast.talking import reply, said

PLAIN = """format: 1
id: vera
name: Vera
line: A ferryman who waits.
persona: >-
  You are a ferryman on the river Anner. You live alone in the old mill. It is 1962. You call visitors captain.
  In your pocket you carry a brass whistle. You like pears and early mornings.
greeting: Come in out of the rain.
"""
LINES = (
    "The river is high tonight.", "I like pears.", "Yes, I do.", "No.", "Where are you from?", "Sit down, please.",
    "It rains, and it will rain.", "My whistle is made of brass.", "That was long ago.", "I live in the mill.",
    "Nobody crosses in this.", "Have you eaten?", "There is tea. It is hot, captain.", "Ask me in the morning.",
    "Good night, Ann.", "The bridge is gone.", "I never learnt to swim.", "Perhaps.", "So they say.", "Mind the step.",
)  # fmt: skip


@pytest.fixture
def plain(house_with):
    library = house_with("")
    (library.folder("vera") / "character.yaml").write_text(PLAIN, encoding="utf-8")
    library.reload()
    assert [problem for problem in library.problems if not problem.warning] == []
    return library


def small(*lines: str) -> ScriptedModel:
    replies = InTurn([reply(line) for line in lines])
    script = [(lambda request: request.purpose == "warm", reply("")), ("", replies)]
    return ScriptedModel(script, info=ModelInfo("tiny", "local", "here", "small"))


def asked(model: ScriptedModel) -> list[str]:
    """The prompts of its turns."""
    return [prompt_text(request.messages) for request in model.requests if request.purpose != "warm"]


async def visit(open_lobby, library, model, heard) -> list[str]:
    async with open_lobby(model, library=library) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann") as ann:
            for line in heard:
                await ann.say(line)
                await director.settled()
            return [text for who, text in await said(room) if who == "character:vera"]


async def test_the_form_of_address_is_used_in_nine_of_ten_replies(open_lobby, plain) -> None:
    spoken = await visit(open_lobby, plain, small(*LINES), [f"Vera, line {n}." for n in range(20)])
    assert len(spoken) == 20
    having = [line for line in spoken if first_word(["captain"], line)]
    assert len(having) >= 18
    assert all(line.lower().count("captain") == 1 for line in having)
    assert "Good night, captain." in spoken
    assert len([line for line in spoken if line.startswith("Captain, ")]) in range(3, 15)


async def test_who_asked_to_be_called_by_a_name_is(open_lobby, plain) -> None:
    spoken = await visit(
        open_lobby, plain, small("As you like.", "Good night, Ben."), ["Vera, call me Ben.", "Night, Vera."]
    )
    assert spoken == ["As you like.", "Good night, Ben."]


async def test_an_answer_in_another_language_goes_without(open_lobby, plain) -> None:
    heard = ["Vera, ich habe heute keine Zeit, und was ist das hier?"]
    assert await visit(open_lobby, plain, small("Das ist die alte Mühle."), heard) == ["Das ist die alte Mühle."]


async def test_what_it_cannot_know_it_is_told_not_to_know_and_a_claim_is_dropped(open_lobby, plain) -> None:
    model = small("It is a small telephone with an apple on it. What do you carry there?")
    spoken = await visit(open_lobby, plain, model, ["Vera, do you have an iPhone?"])
    assert spoken == ["What do you carry there, captain?"]
    assert "(You never heard of iPhone: you ask what that is.)" in asked(model)[0]


async def test_where_all_is_claimed_it_is_asked_again_and_told_why(open_lobby, plain) -> None:
    model = small("Yes, I have an iPhone.", "A what, captain?")
    assert await visit(open_lobby, plain, model, ["Vera, do you have an iPhone?"]) == ["A what, captain?"]
    assert "you never heard of iPhone" in asked(model)[1]


async def test_where_it_goes_on_claiming_the_room_hears_that_it_does_not_know(open_lobby, plain) -> None:
    model = small("Yes, I have an iPhone.", "The iPhone is good.", "I use the internet.", "The internet is good.")
    spoken = await visit(open_lobby, plain, model, ["Vera, do you have an iPhone?", "Vera, and the internet?"])
    assert len(set(spoken)) == 2
    assert all("captain" in one.lower() for one in spoken)
    assert all("never heard" in one or "means nothing to me" in one for one in spoken)


async def test_a_fact_of_its_prose_is_put_at_hand(open_lobby, plain) -> None:
    model = small("A whistle.")
    await visit(open_lobby, plain, model, ["Vera, is the whistle in your pocket made of brass?"])
    prompt = asked(model)[0]
    assert "(You answer with this: In my pocket I carry a brass whistle.)" in prompt
    assert prompt.count("True about Vera") == 0  # the persona tells it already
    assert '"say": "I live alone in the old mill' in prompt
    assert 'You call a visitor "captain".' in prompt


async def test_the_understudy_answers_from_what_was_made(open_lobby, plain) -> None:
    heard = ["Vera, where do you live?", "Vera, what do you have in your pocket?", "Vera, do you like trains that fly?"]
    spoken = await visit(open_lobby, plain, Understudy(), heard)
    assert spoken[0] == "I live alone in the old mill, captain."
    assert "brass whistle" in spoken[1]
    bare = completed(plain.characters["vera"]).character.voice.fallbacks
    ours = (*bare, *plain_answers(heard[2], "en"))
    said = {*spoken[2].lower().replace(", captain", "").split()}
    assert any(set(line.lower().split()) <= said for line in ours) or spoken[2].startswith("Captain, ")
    assert all(first_word(["captain"], line) for line in spoken)


async def test_a_repeat_is_known_with_the_form_or_without(open_lobby, plain) -> None:
    model = small("The river is high tonight.", "The river is high tonight.", "It falls by morning.")
    spoken = await visit(open_lobby, plain, model, ["Vera, how is the river?", "Vera, and now?"])
    assert len(spoken) == 2
    assert "falls" in spoken[1]


async def test_a_version_keeps_its_name(open_lobby, plain) -> None:
    digest = plain.characters["vera"].harness().digest
    turns = []
    async with open_lobby(small("Hm, well."), library=plain) as lobby:
        lobby.results = lambda turn, _result: turns.append(turn)
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann") as ann:
            await ann.say("Vera?")
            await director.settled()
    assert [turn.version for turn in turns] == [digest]
    assert turns[0].harness.examples


async def test_a_fact_is_an_answer_where_no_word_of_the_question_is_in_any(open_lobby, plain) -> None:
    said = "I am a ferryman on the river Anner."
    (told,) = await visit(open_lobby, plain, small(said, said), ["They sent me to you. What do you do, Vera?"])
    assert told.startswith("I am a ferryman")
    whistle = "In my pocket I carry a brass whistle."
    (told,) = await visit(open_lobby, plain, small(whistle, "Pears."), ["Vera, are there pears in the mill?"])
    assert "whistle" not in told, "there is a fact with pears, and the whistle is beside it"
