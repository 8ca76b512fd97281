"""What a small model has to read for another try: what it has read already stays as it was."""

from __future__ import annotations

import re

import pytest

from openroom.core.action import Retry, Say
from openroom.core.event import Said
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelInfo, prompt_text
from tests.cast.talking import common, fresh, reply
from tests.room.people import ANN, enter

LINES = ("Vera, what do you think of rain?", "Vera, do you like gardens?", "Vera, what do you wear?")


async def newest(room) -> Said:
    found = [event for event in await room.recent(50) if isinstance(event, Said)]
    return next(event for event in reversed(found) if event.actor == "character:vera")


@pytest.mark.parametrize("wish", ["", "shorter"])
async def test_another_try_at_an_authors_line_reads_nothing_of_the_talk_anew(open_lobby, wish):
    model = ScriptedModel([("", fresh)], info=ModelInfo("small", "local", "", "small", 4096))
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        director = lobby.directors["parlour"]
        await enter(room, ANN)
        for line in LINES:
            await room.submit(ANN, Say(text=line))
            await director.settled()
        first = await newest(room)
        assert "green hat" in first.text, "the author's, without a call"
        read = next(one for one in reversed(model.requests) if one.character == "vera")
        tries = 0
        while not tries:  # what else the author has for it comes first
            asked = len(model.requests)
            await room.submit(ANN, Retry(seq=(await newest(room)).seq, wish=wish))
            await director.settled()
            tries = len([one for one in model.requests[asked:] if one.purpose != "warm"])
        again = next(prompt_text(one.messages) for one in model.requests[asked:] if one.purpose != "warm")
    assert '"do"' not in again
    new = again[common(prompt_text(read.messages), again) :]
    assert LINES[0] not in new and LINES[1] not in new, new


async def test_another_try_of_a_small_model_begins_with_another_letter_in_its_first_call(open_lobby):
    lines = ["It rains.", "The rain again.", "Again the rain.", "Not for long."]

    def stubborn(request) -> dict:
        allowed = (request.schema or {}).get("properties", {}).get("say", {}).get("pattern", "")
        return reply(next(line for line in lines if re.search(allowed, line)))

    model = ScriptedModel([("", stubborn)], info=ModelInfo("small", "local", "", "fair", 4096))
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await room.submit(ANN, Say(text="Vera, how is the weather over there?"))
        for _ in range(3):
            await lobby.directors["parlour"].settled()
            await room.submit(ANN, Retry(seq=(await newest(room)).seq))
        await lobby.directors["parlour"].settled()
        events = await room.store.events(room.id)
    said = [event.text for event in events if isinstance(event, Said) and event.actor == "character:vera"]
    assert [line[:5] for line in said] == [line[:5] for line in lines]
    assert [one.purpose for one in model.requests if one.purpose != "warm"] == ["turn"] * 4
