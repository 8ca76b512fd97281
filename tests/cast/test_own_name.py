"""Who asks for their own name hears it, of a plain card too: the one they gave, else the one they came in with."""

from __future__ import annotations

import pytest

from openroom.models.understudy.understudy import Understudy
from tests.cast.talking import said
from tests.cast.test_plain_cards import PLAIN, asked, small, visit

AGAIN = {
    "en": ("Vera, what was my name again?", "Your name is {name}, captain."),
    "de": ("Vera, wie war noch mal mein Name?", "Du heißt {name}."),
    "es": ("Vera, ¿cómo me llamo?", "Te llamas {name}."),
    "zh": ("Vera，你还记得我的名字吗？", "你叫{name}。"),
    "ja": ("Vera、私の名前を覚えていますか？", "{name}さんですね。"),
}


@pytest.fixture
def plain(house_with):
    library = house_with("")
    (library.folder("vera") / "character.yaml").write_text(PLAIN, encoding="utf-8")
    library.reload()
    return library


@pytest.mark.parametrize("code", AGAIN)
@pytest.mark.parametrize("speaks", ["small", "understudy"])
async def test_of_the_door(open_lobby, plain, code, speaks) -> None:
    question, answer = AGAIN[code]
    model = small("I never thought about it.") if speaks == "small" else Understudy()
    (line,) = await visit(open_lobby, plain, model, [question])
    assert line == answer.replace("{name}", "Ann")
    assert speaks == "understudy" or asked(model) == []


async def test_of_what_they_said_and_not_of_what_was_whispered(open_lobby, plain) -> None:
    async with open_lobby(Understudy(), library=plain) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        async with room.join("Ann", person="1") as ann, room.join("Ben", person="2") as ben:
            await ann.say("My name is Maria.", to=["character:vera"])
            await director.settled()
            await ann.say("Vera, what was my name again?")
            await director.settled()
            assert "Ann" in (await said(room))[-1][1], "before others what was whispered stays so"
            await ann.say("Vera, my name is Maria.")
            await director.settled()
            await ben.say("Vera, what's my name?")
            await director.settled()
            assert "Ben" in (await said(room))[-1][1]
            answers = set()
            for _ in range(3):
                await ann.say("Vera, what's my name?")
                await director.settled()
                answers.add((await said(room))[-1][1])
            assert all("Maria" in one for one in answers)
            assert len(answers) == 3, "in other words each time"


async def test_after_many_author_s_lines_too(open_lobby, plain, monkeypatch) -> None:
    monkeypatch.setattr("openroom.cast.director._may_recite", lambda _authored: False)
    model = small("I never thought about it.", "It rains.")
    lines = await visit(open_lobby, plain, model, ["Vera, what's my name?", "Vera, it rains."])
    assert lines[0] == "Your name is Ann, captain."
    assert len(asked(model)) == 1
