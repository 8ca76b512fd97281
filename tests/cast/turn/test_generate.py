"""One call from its pieces to what is seen: what a draft shows, and what it leaves."""

from __future__ import annotations

import pytest

from openroom.cast.turn.generate import Draft
from openroom.cast.turn.guards import GuardRules
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import Message, ModelRequest

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
