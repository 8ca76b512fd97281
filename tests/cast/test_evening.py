"""A scripted evening with whispers, a late arrival and somebody leaving: what is hidden stays out of every prompt."""

from __future__ import annotations

import itertools
import json
import shutil

import pytest

from openroom.core.action import Advance, Enter
from openroom.core.actor import Actor
from openroom.errors import RefusedError
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby
from openroom.models.scripted import ScriptedModel
from openroom.settings import shipped
from tests.room.conftest import HOUSE

REPLIES = {"say": "Hm, indeed.", "emotion": "calm", "do": []}


def spoken_by(request) -> str:
    return request.character


def answer(request):
    """Each reply is new, so that loop detection has nothing to say."""
    return {**REPLIES, "say": f"Hm, number {abs(hash(request.messages[-1].content)) % 9999}."}


async def evening(lobby: Lobby) -> None:
    room = await lobby.open("parlour")
    director = lobby.directors["parlour"]
    async with room.join("Ann", person="ann") as ann:
        await ann.say("Vera, I whisper to nobody yet.")
        await director.settled()
        await ann.say("Vera, the password is SWORDFISH.", to=["character:vera"])
        await director.settled()
        await ann.say("Otto, how do you do?")
        await director.settled()
        async with room.join("Ben", person="ben") as ben:
            await ben.say("Otto, I came late. What did I miss?")
            await director.settled()
            await ben.say("Otto, my room number is TWELVE.", to=["character:otto"])
            await director.settled()
        await ann.say("Vera, tell me about the past. GONE-BEN never heard this.")
        await director.settled()
        await ann.say("Otto, and you?")
        await director.settled()


async def test_no_prompt_holds_what_its_character_must_not_know(open_lobby):
    model = ScriptedModel([answer])
    async with open_lobby(model) as lobby:
        await evening(lobby)
    prompts = {"vera": "", "otto": ""}
    for request, text in zip(model.requests, model.prompts, strict=True):
        prompts[request.character] += text
    assert prompts["vera"]
    assert prompts["otto"]
    assert "SWORDFISH" in prompts["vera"]
    assert "SWORDFISH" not in prompts["otto"]
    assert "TWELVE" in prompts["otto"]
    assert "TWELVE" not in prompts["vera"]
    for name, text in prompts.items():
        assert "trombone" not in text, name  # a secret that is never told is in no prompt
        assert "forty crowns" not in text, name
        assert "Trieste" not in text, name  # only Otto alone may learn it
    assert "robs" not in prompts["otto"]
    assert "Keeps the parlour." in prompts["otto"], "a public line is perceivable"
    assert "green hat" not in prompts["otto"], "the rest of another's card is not"


async def test_no_socket_and_no_export_shows_a_whisper_to_others(open_lobby):
    async with open_lobby(ScriptedModel([answer])) as lobby:
        await evening(lobby)
        room = await lobby.open("parlour")
        ben = json.dumps(await room.snapshot("player:ben"))
        ann = json.dumps(await room.snapshot("player:ann"))
        assert "SWORDFISH" in ann
        assert "TWELVE" not in ann
        assert "TWELVE" in ben
        for hidden in ("SWORDFISH", "GONE-BEN", "I whisper to nobody"):
            assert hidden not in ben
        for text in (ann, ben):
            assert "trombone" not in text
            assert "blue stone" not in text


async def test_a_secret_comes_out_when_it_may_and_not_before(open_lobby):
    model = ScriptedModel([answer])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="ann") as ann:
            for n in range(4):
                await ann.say(f"Vera, question {n}?")
                await lobby.directors["parlour"].settled()
    told = ["blue stone" in prompt for prompt in model.prompts if "You are Vera" in prompt]
    assert told[:2] == [False, False]
    assert told[-1] is True


async def test_a_late_arrival_takes_a_secret_back_out_of_the_prompt(open_lobby):
    model = ScriptedModel([answer])
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann", person="ann") as ann:
            for n in range(4):
                await ann.say(f"Vera, question {n}?")
                await director.settled()
            assert "blue stone" in model.prompts[-1]
            async with room.join("Ben", person="ben") as ben:
                await ben.say("Vera, hello?")
                await director.settled()
                assert "blue stone" not in model.prompts[-1]
            await ann.say("Vera, now that he has gone?")
            await director.settled()
            assert "blue stone" in model.prompts[-1]


async def test_who_comes_in_while_a_secret_is_being_told_does_not_hear_it(open_lobby):
    ben = Actor("player:ben", "player", "Ben")

    def answer_as_ben_comes(request):
        if "blue stone" not in str(request.messages):
            return answer(request)
        coming.append(room.ask(ben, Enter(name="Ben")))
        return {"say": "Guest, the key is under the blue stone.", "emotion": "calm", "do": []}

    coming = []
    async with open_lobby(ScriptedModel([answer_as_ben_comes])) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann", person="ann") as ann:
            for n in range(3):
                await ann.say(f"Vera, question {n}?")
                await director.settled()
            assert coming
            assert room.state.is_here("player:ben")
            assert "blue stone" in json.dumps(await room.log("player:ann"))
            assert "blue stone" not in json.dumps(await room.snapshot("player:ben"))


@pytest.mark.parametrize(
    ("say", "write", "to", "noted"),
    [
        ("A fine evening, guest.", "The kettle is full.", None, "kettle"),
        ("A fine evening, guest.", "I buried a trombone.", None, ""),
        ("Nobody must hear of the ladder.", "", ["character:vera"], ""),
    ],
)
async def test_what_is_written_for_all_to_read_holds_no_secret_and_no_whisper(
    open_lobby, tmp_path, say, write, to, noted
):
    house = shutil.copytree(HOUSE, tmp_path / "house")
    shutil.copy(shipped("scenes") / "_props" / "notice_board.yaml", house / "scenes" / "_props")
    scene = house / "scenes" / "parlour" / "scene.yaml"
    scene.write_text(scene.read_text() + "  - {id: board, kind: notice_board}\n")
    model = ScriptedModel([{"say": say, "emotion": "calm", "do": ["board.pin"], "write": write}])
    library = Library([house / "characters"], [house / "scenes"])
    assert library.problems == []
    async with open_lobby(model, library=library) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="ann") as ann:
            await ann.say("Vera, pin a note to the board, please.", to=to)
            await lobby.directors["parlour"].settled()
        board = json.dumps(room.state.props["board"])
    assert noted in board
    for hidden in ("trombone", "ladder"):
        assert hidden not in board


async def test_a_reply_that_leaks_is_held_back_and_said_again(open_lobby):
    model = ScriptedModel(
        [
            ("That was not it", {"say": "Ask me later, guest.", "emotion": "calm", "do": []}),
            ("", {"say": "I buried a trombone, you know.", "emotion": "calm", "do": []}),
        ]
    )
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="ann") as ann:
            await ann.say("Vera, what did you bury?")
            await lobby.directors["parlour"].settled()
            log = json.dumps(await room.log(ann.id))
    assert "trombone" not in log
    assert "Ask me later" in log


async def test_a_secret_of_a_later_stage_comes_out_when_the_story_gets_there(open_lobby, tmp_path):
    house = shutil.copytree(HOUSE, tmp_path / "house")
    scene = house / "scenes" / "parlour" / "scene.yaml"
    scene.write_text(
        scene.read_text() + "stages: [{id: before, text: It is early.}, {id: after, text: The clock strikes.}]\n"
    )
    vera = house / "characters" / "vera" / "character.yaml"
    vera.write_text(vera.read_text().replace("after_turns: 2", "after_stage: after"))
    model = ScriptedModel([answer])
    boss = Actor("player:boss", "operator", "Boss")
    library = Library([house / "characters"], [house / "scenes"])
    assert library.problems == []
    async with open_lobby(model, library=library) as lobby:
        room = await lobby.open("parlour")
        director = lobby.directors["parlour"]
        async with room.join("Ann", person="ann") as ann:
            await ann.say("Vera, one?")
            await director.settled()
            assert "blue stone" not in model.prompts[-1]
            with pytest.raises(RefusedError):
                await ann.act(Advance(stage="after"))
            await room.submit(boss, Advance(stage="after"))
            assert room.state.shared["scene"]["stage"] == "after"
            await ann.say("Vera, two?")
            await director.settled()
            assert "The clock strikes." in model.prompts[-1]
            assert "blue stone" in model.prompts[-1]


async def test_a_catchphrase_comes_no_oftener_than_its_rate(open_lobby, tmp_path):
    house = shutil.copytree(HOUSE, tmp_path / "house")
    vera = house / "characters" / "vera" / "character.yaml"
    vera.write_text(
        vera.read_text().replace("length: short,", "length: short, catchphrases: [{text: Mind the hat, rate: 0.25}],")
    )
    numbers = itertools.count()
    model = ScriptedModel([lambda _: {**REPLIES, "say": f"Answer {next(numbers)} it is. Mind the hat!"}])
    library = Library([house / "characters"], [house / "scenes"])
    assert library.problems == []
    async with open_lobby(model, library=library) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="ann") as ann:
            for n in range(9):
                await ann.say(f"Vera, question {n}?")
                await lobby.directors["parlour"].settled()
            lines = [event["text"] for event in await room.log(ann.id) if event.get("actor") == "character:vera"]
    assert ["Mind the hat" in line for line in lines] == [n % 4 == 0 for n in range(9)]
