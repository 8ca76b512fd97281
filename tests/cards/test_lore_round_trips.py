"""Lorebooks of cards and of world info go out as they came."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.cards.lore_forms import from_card_book, from_world, to_card_book, to_world
from openroom.core.lore.book import Lore
from tests.cards.lore_books import BOOKS, EXTENSIONS, JSON, ODD_ENTRY, WORLDS, v2_entry, world_entry


@pytest.mark.parametrize("number", range(len(BOOKS)))
def test_a_cards_book_goes_out_as_it_came(number: int) -> None:
    book = BOOKS[number]
    before = copy.deepcopy(book)
    read = from_card_book(book)
    Lore.model_validate(read.lore)
    assert to_card_book(read.lore, spec=3).book == book == before


@pytest.mark.parametrize("number", range(len(WORLDS)))
def test_world_info_goes_out_as_it_came(number: int) -> None:
    read = from_world(WORLDS[number])
    Lore.model_validate(read.lore)
    written = to_world(read.lore).book
    assert written == WORLDS[number]
    assert list(written["entries"]) == list(WORLDS[number]["entries"])


@given(ODD_ENTRY, EXTENSIONS)
def test_whatever_an_entry_holds_it_is_read_and_goes_out(entry: dict, extensions: dict) -> None:
    book = {"entries": [{**entry, "extensions": extensions}]}
    read = from_card_book(book)
    Lore.model_validate(read.lore)
    assert to_card_book(read.lore, spec=3).book == book


WORLD_KEYS = [
    *("key", "keysecondary", "content", "comment", "disable", "constant", "order", "position", "depth", "uid"),
    *("probability", "useProbability", "selective", "selectiveLogic", "group", "groupWeight", "sticky", "cooldown"),
    *("delay", "scanDepth", "caseSensitive", "triggers", "characterFilter", "delayUntilRecursion", "stranger"),
]


@given(st.lists(st.dictionaries(st.sampled_from(WORLD_KEYS), JSON, max_size=10), max_size=3))
def test_whatever_world_info_holds_it_is_read_and_goes_out(entries: list[dict]) -> None:
    world = {"entries": {str(at): one for at, one in enumerate(entries)}}
    read = from_world(world)
    Lore.model_validate(read.lore)
    assert to_world(read.lore).book == world


def test_our_own_fields_are_read_where_they_fit() -> None:
    own = {"to": 5, "turns": ["said"], "every": -1, "when": [{"any": []}], "priority": "high"}
    book = {
        "entries": [v2_entry(extensions={"openroom": own})],
        "extensions": {"openroom": {"rounds": 99, "case": True}},
    }
    lore = from_card_book(book).lore
    assert Lore.model_validate(lore).case
    assert set(lore["entries"][0]) == {"id", "text", "keys", "order", "turns", "kept"}
    assert to_card_book(lore).book == book


NATIVE = {
    "format": 1,
    "scan_depth": 6,
    "tokens": 700,
    "recursion": True,
    "whole_words": True,
    "entries": [
        {
            "id": "lamp",
            "text": "The lamp.",
            "keys": ["lamp", "/la+mp/i"],
            "when": [{"any": ["oil"]}, {"not_any": ["dream"], "all": ["wick"]}],
            "to": ["vera"],
            "turns": ["said"],
            "after_replies": 2,
            "every": 3,
            "priority": 4,
            "probability": 0.25,
            "position": "depth",
            "depth": 3,
            "sticky": 2,
            "any_budget": True,
            "not_characters": ["otto"],
        },
        {"id": "oil", "text": "Oil.", "keys": ["oil"], "when": [{"not_all": ["a", "b"]}]},
    ],
}


@pytest.mark.parametrize("form", ["card 2", "card 3", "world"])
def test_what_was_written_here_comes_back(form: str) -> None:
    if form == "world":
        again = from_world(to_world(NATIVE).book).lore
    else:
        again = from_card_book(to_card_book(NATIVE, spec=2 if form == "card 2" else 3).book).lore
    ours, theirs = Lore.model_validate(NATIVE), Lore.model_validate(again)
    assert theirs.model_dump(exclude={"name", "kept"}) == ours.model_dump(exclude={"name", "kept"})


def test_another_form_tells_what_it_leaves_out() -> None:
    read = from_world({"entries": {"0": world_entry(0, outletName="out")}})
    written = to_card_book(read.lore)
    assert "lamp: outletName came from another form and is left out" in written.lost
    assert written.book["entries"][0]["keys"] == ["lamp"]
