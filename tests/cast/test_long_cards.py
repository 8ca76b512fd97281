"""Long characters in a room: what of them stands in a prompt goes by the model, and is the same from turn to turn."""

from __future__ import annotations

import json

import pytest

from openroom.models.scripted import ScriptedModel
from openroom.ports.budget import budget_of
from openroom.ports.model import ModelInfo
from tests.cast.talking import fresh

CHAT = "It was a grey evening and the rain went on and on, as it does in such places at such times. "
PERSONA = (
    f"{{{{char}}}} minds the {{{{random:inn,mill}}}}. {CHAT * 60} Vera was born in 1911 in Kaltwasser. {CHAT * 60}"
)
FACTS = [
    {"id": f"f{n}", "text": f"In the year {1800 + n} the house stood empty for a while, and then not."}
    for n in range(60)
]
FACTS[-1] = {"id": "brooch", "text": "The silver brooch is from her grandmother."}
SMALL = ModelInfo("small", "local", "", "small", 4096)
LARGE = ModelInfo("large", "remote", context=65_536)


@pytest.fixture
def long_card(house_with):
    library = house_with("")
    card = library.folder("vera") / "character.yaml"
    body = {"format": 1, "id": "vera", "name": "Vera", "line": "Minds the parlour.", "greeting": "Good evening."}
    card.write_text(json.dumps({**body, "persona": PERSONA.strip(), "facts": FACTS}), encoding="utf-8")
    library.reload()
    assert [problem for problem in library.problems if not problem.warning] == []
    return library


async def prompts(open_lobby, library, info: ModelInfo, *lines: str) -> list[list[str]]:
    """The messages of each turn's prompt."""
    model = ScriptedModel([fresh], info=info)
    async with open_lobby(model, library=library) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            for line in lines:
                await ann.say(line)
                await lobby.directors["parlour"].settled()
    return [[m.content for m in one.messages] for one in model.requests if one.purpose == "turn"]


async def test_a_small_model_reads_a_part_and_a_large_one_all(open_lobby, long_card):
    (small, again), (large,) = [
        await prompts(open_lobby, long_card, info, *lines)
        for info, lines in ((SMALL, ["Vera, what is new?", "Vera, where to?"]), (LARGE, ["Vera, what is new?"]))
    ]
    assert small[0] == again[0], "the same bytes in every turn"
    assert "born in 1911" in small[0] and "born in 1911" in large[0]
    assert small[0].count("grey evening") < 30 and large[0].count("grey evening") == 120
    assert "1800" in small[0] and "grandmother" not in small[0] and "grandmother" in large[0]
    assert len(small[0]) / 4 < 0.6 * 4096
    assert "{{" not in small[0] and any(f"Vera minds the {house}." in small[0] for house in ("inn", "mill"))


async def test_a_fact_that_has_no_room_comes_in_when_it_is_asked_about(open_lobby, long_card):
    before, asked = await prompts(
        open_lobby, long_card, SMALL, "Vera, what is new?", "Vera, whose is the silver brooch?"
    )
    assert "grandmother" not in "".join(before)
    assert "grandmother" in asked[-1] and "grandmother" not in asked[0]


async def test_the_talk_is_as_long_as_the_model_has_room_for(open_lobby, house_with):
    lines = [f"Vera, {n}: {CHAT * 4}?" for n in range(16)]
    library = house_with("")
    found = {}
    for info in (SMALL, LARGE):
        *_, last = await prompts(open_lobby, library, info, *lines)
        found[info.name] = sum(text.count("grey evening") for text in last[1:])
    assert found["large"] == 4 * len(lines) > 2 * found["small"]
    assert budget_of(SMALL).talk == 800
