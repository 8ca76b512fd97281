"""{{char}} and {{user}} in cards: filled in where it can be known who is meant."""

from __future__ import annotations

import pytest

from openroom.core.placeholders import to, unknown_in
from tests.core.worlds import character


def test_the_characters_name_stands_for_itself_wherever_it_is_written() -> None:
    card = character(
        "mira",
        persona="{{Char}} minds the inn and watches {{user}}.",
        line="<BOT>'s inn.",
        facts=[{"id": "age", "text": "{{ char }} is old, older than <user>."}],
        voice={"fallbacks": ["Hm, {{user}}."]},
        greeting="I am {{char}}, {{user}}.",
        examples=[{"heard": "Hi {{char}}", "say": "Hello, {{user}}."}],
    )
    assert card.persona == "Mira minds the inn and watches the visitor."
    assert card.line == "Mira's inn."
    assert card.facts[0].text == "Mira is old, older than the visitor."
    assert card.greeting == "I am Mira, {{user}}.", "whom it is said to is known when it is said"
    assert (card.examples[0].heard, card.examples[0].say) == ("Hi Mira", "Hello, {{user}}.")
    assert card.voice.fallbacks == ("Hm, {{user}}.",)


@pytest.mark.parametrize("written", ["{{user}}", "{{User}}", "{{ USER }}", "<user>", "<USER>"])
def test_a_line_is_said_to_somebody(written: str) -> None:
    assert to(f"Well, {written}!", "Ann") == "Well, Ann!"
    assert to(f"Well, {written}!", r"\1 {{user}}") == r"Well, \1 {{user}}!", "a name is taken as it is"


def test_what_is_neither_is_found() -> None:
    assert list(unknown_in("{{user}} {{random: a, b}} {{char}} {{original}} {one} {{}}")) == [
        "{{random: a, b}}",
        "{{original}}",
        "{{}}",
    ]
