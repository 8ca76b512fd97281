"""One call from its pieces to what is seen: what a draft shows, and what it leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from openroom.cast.turn.generate import Draft, Generated
from openroom.cast.turn.guards import GuardRules
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import Delta, Message, ModelInfo, ModelRequest, Usage

SCHEMA = {"type": "object", "properties": {"say": {"type": "string"}}, "required": ["say"]}


@pytest.mark.parametrize(
    "text",
    [
        '{"say": "Good evening. How are you", "do": []}',
        '{"say": "Good evening. How are you',
        "Good evening. How are you",
        "```\nGood evening. How are you\n```",
        "{say: 'Good evening. How are you'}",
    ],
)
async def test_the_last_sentence_is_shown_too(text: str) -> None:
    seen: list[str] = []
    draft = Draft(GuardRules(own_name="Mira"), seen.append)
    generated = await draft.write(ScriptedModel([("", text)]), ModelRequest((Message("user", "Hello"),), schema=SCHEMA))
    assert generated.shown == seen[-1] == draft.shown == "Good evening. How are you"
    assert generated.parsed.value.get("say", generated.shown).strip() == generated.shown
    assert generated.raw == text


class Ends:
    """Says a text in pieces, and gives a reason why it ended."""

    info = ModelInfo("ends", "scripted")

    def __init__(self, text: str, finish: str) -> None:
        self.text, self.finish = text, finish

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        for at in range(0, len(self.text), 4):
            yield Delta(self.text[at : at + 4])
        yield Usage(finish=self.finish)


async def drafted(text: str, finish: str) -> Generated:
    draft = Draft(GuardRules(own_name="Mira"), lambda shown: None)
    return await draft.write(Ends(text, finish), ModelRequest((Message("user", "Hello"),), schema=SCHEMA))


@pytest.mark.parametrize("finish", ["unknown", "length"])
@pytest.mark.parametrize(
    "text", ['{"say": "Good evening, sir. I was just going to put the ket', "Good evening, sir. I was jus"]
)
async def test_half_a_sentence_is_not_said_as_if_it_were_whole(text: str, finish: str) -> None:
    generated = await drafted(text, finish)
    assert (generated.shown, generated.cut) == ("Good evening, sir.", True)


@pytest.mark.parametrize(
    ("text", "finish", "shown"),
    [
        ('{"say": "Good evening. How are you", "do": [', "unknown", "Good evening. How are you"),
        ('{"say": "Good evening. How are you", "do": []}', "length", "Good evening. How are you"),
        ("Good evening. How are you?", "unknown", "Good evening. How are you?"),
        ('{"say": "Good evening. Well…', "length", "Good evening. Well…"),
        ('{"say": "Good evening. How are you', "stop", "Good evening. How are you"),
    ],
)
async def test_what_is_whole_is_said_whatever_came_after_it(text: str, finish: str, shown: str) -> None:
    generated = await drafted(text, finish)
    assert (generated.shown, generated.cut) == (shown, False)


async def test_half_a_sentence_that_is_all_there_is() -> None:
    at_its_limit = await drafted('{"say": "Once there was a', "length")
    assert (at_its_limit.shown, at_its_limit.cut) == ("Once there was a", True)
    lost = await drafted('{"say": "Once there was a', "unknown")
    assert (lost.shown, lost.cut) == ("", True), "the turn asks again"
