"""Example talk of cards is read as exchanges, however their authors wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.cards.examples import chosen, exchanges
from tests.growth import LINEAR, growth

TALK = """<START>
{{user}}: Who are you?
{{char}}: Mira. *She bows.*
I mind the inn.

And you?
{{user}}: Ann.
<start>
Mira Voss: "We are closed."
< START >
*The wind turns.*
You: Is it far?
Are you sure?
mira: No: it is near.
Oskar: It is far.
{{char}}: Hm.
"""


def pairs(text: str, name: str = "Mira Voss") -> list[tuple[str, str]]:
    return [(one.heard, one.say) for one in exchanges(text, name)]


def test_lines_are_paired_within_their_scene() -> None:
    assert pairs(TALK) == [
        ("Who are you?", "Mira. *She bows.*\nI mind the inn.\nAnd you?"),
        ("", '"We are closed."'),
        ("Is it far?\nAre you sure?", "No: it is near."),
        ("", "Hm."),
    ]
    assert [one.scene for one in exchanges(TALK, "Mira Voss")] == [0, 1, 2, 2]


def test_each_has_its_span() -> None:
    first, second, *_ = exchanges(TALK, "Mira Voss")
    assert TALK[first.start : first.end].startswith("{{user}}: Who are you?")
    assert TALK[first.start : first.end].endswith("And you?")
    assert TALK[second.start : second.end] == 'Mira Voss: "We are closed."'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("<START>", []),
        ("She talks a lot.", []),
        ("{{user}}: Hi.", []),
        ("{{char}}: Hi.", [("", "Hi.")]),
        ("{{ User }}: Hi.\r\n{{ CHAR }}: Ho.", [("Hi.", "Ho.")]),
        ("<USER>: Hi.\n<BOT>: Ho.", [("Hi.", "Ho.")]),
        ("{{user}}: One.\n{{user}}: Two.\n{{char}}: Three.\n{{char}}: Four.", [("One.\nTwo.", "Three.\nFour.")]),
        ("{{char}}: Look: https://a.example is\nnot: a name", [("", "Look: https://a.example is\nnot: a name")]),
        ("{{user}}：你好\n{{char}}：你好，客人", [("你好", "你好，客人")]),
    ],
)
def test_ways_to_write_it(text: str, found: list[tuple[str, str]]) -> None:
    assert pairs(text) == found


def test_other_names_of_the_visitor() -> None:
    assert [one.heard for one in exchanges("Bob: Hi.\nMira: Ho.", "Mira", users=["Bob"])] == ["Hi."]


def test_those_that_fit_are_chosen_from_every_scene() -> None:
    many = "".join(
        f"<START>\n{{{{user}}}}: q{n}\n{{{{char}}}}: a{n}\n{{{{user}}}}: r{n}\n{{{{char}}}}: b{n}\n" for n in range(4)
    )
    assert [one.say for one in chosen(exchanges(many, "M"), most=5)] == ["a0", "b0", "a1", "a2", "a3"]
    assert chosen(exchanges("{{user}}: q\n{{char}}: " + "x" * 601, "M")) == []


@given(st.text(st.sampled_from("{}user:char<START>\n: aB"), max_size=300))
def test_any_text_is_read(text: str) -> None:
    for one in exchanges(text, "B"):
        assert one.say and 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize("unit", ["<START>", "{{user}}: a\n{{char}}: b\n", "A: ", "a b c d ", "{{char}}:\n"])
def test_work_grows_with_the_text(unit: str) -> None:
    assert growth(lambda times: exchanges(unit * (400 * times), "B")) < LINEAR
