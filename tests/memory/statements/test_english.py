"""What a person's own line states, and what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.memory.statements.english import statements

STATED = {
    "My name is Ann and I live in Paris.": ["Ann's name is Ann.", "Ann lives in Paris."],
    "Hello there, I’m from Bergen. Do you know it?": ["Ann is from Bergen."],
    "I really like smoky tea, but I hate coffee!": ["Ann likes smoky tea.", "Ann does not like coffee."],
    "I don't like smoky tea any more.": ["Ann does not like smoky tea."],
    "Mira, I work as a lighthouse keeper because I like quiet": [
        "Ann works as a lighthouse keeper.",
        "Ann likes quiet.",
    ],
    "My sister is called Lena, and my dog's name is Rex": ["Ann's sister is called Lena.", "Ann's dog is called Rex."],
    "I've got two cats": ["Ann has two cats."],
    "I'm a baker": ["Ann is a baker."],
    "I moved to Oslo last year": ["Ann lives in Oslo."],
    "I'm allergic to nuts, sadly": ["Ann is allergic to nuts."],
    "My favourite colour is deep green.": ["Ann's favourite colour is deep green."],
    "I like to paint my garden": ["Ann likes to paint their garden."],
    "I'm going to open a bakery next spring": ["Ann is going to open a bakery next spring."],
    "I'll bring you a book next week.": ["Ann said: “I'll bring you a book next week.”"],
    "I promise I'll come back on Sunday": ["Ann promised: “I promise I'll come back on Sunday.”"],
    "Please remember that my train leaves at nine.": ["Ann asked you to remember: “my train leaves at nine.”"],
    "Remember that I live in Lyon.": ["Ann lives in Lyon."],
    "Call me Annie, please": ["Ann wants to be called Annie."],
    "I am 34 years old": ["Ann is 34 years old."],
    "My birthday is on the 3rd of May": ["Ann's birthday is the 3rd of May."],
    "I no longer live in Rome": ["Ann no longer lives in Rome."],
}
NOTHING = [
    "",
    "Hello!",
    "Do I live in Paris?",
    "If I lived in Rome, I would like it",
    "I would like some tea",
    'She said "I live in Rome"',
    "*I live in the woods*",
    "You live in Paris and your name is Mira.",
    "I love you",
    "I like it",
    "I'm a bit tired",
    "I have no idea",
    "I want to know more",
    "Imagine I live in Rome.",
    "He says my name is Ann",
    "I think I might",
]


@pytest.mark.parametrize("line", STATED)
def test_statements_in_the_third_person(line: str) -> None:
    assert [statement.text for statement in statements("Ann", line)] == STATED[line]


@pytest.mark.parametrize("line", NOTHING)
def test_what_states_nothing(line: str) -> None:
    assert not statements("Ann", line)


def test_values_of_one_slot_share_it() -> None:
    slots = [
        statements("Ann", line)[0].slot for line in ("I like tea", "I hate tea", "I live in Rome", "I live in Oslo")
    ]
    assert slots == ["taste:tea", "taste:tea", "home", "home"]


def test_what_one_is_asked_to_remember_weighs_most() -> None:
    assert (
        statements("Ann", "Remember that I live in Lyon.")[0].importance
        > statements("Ann", "I live in Lyon.")[0].importance
    )


@given(st.text(max_size=600))
def test_any_text_gives_few_bounded_statements(line: str) -> None:
    found = statements("Ann", line)
    assert len(found) <= 6
    assert all(0 < len(one.text) <= 240 and 0 <= one.importance <= 1 for one in found)


_PIECES = [
    "I",
    "my",
    "name",
    "is",
    "live",
    "in",
    "like",
    "remember that",
    "a",
    ",",
    ".",
    "and",
    "you",
    "?",
    "'",
    "“",
    "*",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=40))
def test_words_of_the_patterns_in_any_order(words: list[str]) -> None:
    assert len(statements("Ann", " ".join(words))) <= 6


def test_a_long_line_is_read_quickly() -> None:
    assert len(statements("Ann", "I like tea, and my " * 200)) <= 6
    assert not statements("Ann", "and " * 1000 + "well " * 1000)
