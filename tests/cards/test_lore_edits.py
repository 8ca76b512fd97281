"""Lorebooks that were edited, or written here: the edit goes out, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openroom.cards.lore_forms import from_card_book, of_card, to_card_book, to_foreign
from openroom.core.lore.book import FIRST_OUT, FOR_GOOD, Lore
from tests.cards.lore_books import BOOKS, EXTENSIONS, ODD_ENTRY, v2_entry


def test_an_edit_goes_out_and_changes_nothing_else() -> None:
    book = BOOKS[2]
    lore = from_card_book(book).lore
    lore["entries"][0] |= {"text": "Edited.", "sticky": 9, "position": "before"}
    entry, original = to_card_book(lore).book["entries"][0], book["entries"][0]
    changed = {key for key in original if entry[key] != original[key]}
    assert changed == {"content", "extensions"}
    extensions = entry["extensions"]
    assert {key for key in extensions if extensions[key] != original["extensions"].get(key)} == {
        "position",
        "sticky",
        "depth",
    }
    assert (extensions["sticky"], extensions["position"]) == (9, 0)


def test_an_edited_decorator_goes_out() -> None:
    lore = from_card_book(BOOKS[3]).lore
    lore["entries"][0]["depth"] = 4
    assert to_card_book(lore, spec=3).book["entries"][0]["content"] == "@@role user\n@@depth 4\nText"


def test_v2_gets_no_decorators() -> None:
    """What was there already stays, as the card had it; what was edited stands where V2 has room for it."""
    lore = from_card_book(BOOKS[3]).lore
    assert to_card_book(lore, spec=2).book == BOOKS[3]
    lore["entries"][0]["depth"] = 4
    written = to_card_book(lore, spec=2)
    (entry,) = written.book["entries"]
    assert (entry["content"], entry["extensions"]["depth"]) == ("@@role user\nText", 4)
    assert any("decorators" in note for note in written.moved) and not written.lost


WORDS = st.text(st.sampled_from("abc ,/@$(\\n"), max_size=8)


KEYS = st.lists(WORDS.filter(str.strip), max_size=3)


CONDITION = st.fixed_dictionaries({}, optional=dict.fromkeys(("any", "all", "not_any", "not_all"), KEYS))


NAMES = st.lists(st.sampled_from(["a", "b,c", "x y"]), max_size=2, unique=True)


SLUGS = st.lists(st.sampled_from(["vera", "otto", "a_b"]), max_size=2, unique=True)


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "text": WORDS.filter(lambda text: not text.lstrip("\n ").startswith("@@")),
    "keys": KEYS,
    "when": st.lists(CONDITION.filter(lambda one: any(one.values())), max_size=3),
    **{name: st.booleans() for name in ("enabled", "constant", "woken_by_lore", "wakes_lore", "first", "scored")},
    "any_budget": st.booleans(),
    "order": st.integers(-5, 300),
    "priority": st.none() | st.sampled_from([FIRST_OUT, 0, 7]),
    "position": st.sampled_from(["before", "after", "depth"]),
    "depth": st.integers(0, 200),
    "scan_depth": st.none() | st.integers(0, 200),
    "case": st.none() | st.booleans(),
    "whole_words": st.none() | st.booleans(),
    "only_after_lore": st.integers(0, 10),
    **{name: st.sampled_from([0, 1, 5, FOR_GOOD]) for name in ("sticky", "cooldown", "delay", "after_replies")},
    "every": st.sampled_from([0, 3]),
    "probability": st.floats(0, 1),
    "groups": NAMES,
    "weight": st.sampled_from([0, 100, 7]),
    "characters": SLUGS,
    "not_characters": SLUGS,
    "turns": st.lists(st.sampled_from(["said", "entered"]), max_size=2),
    "to": st.lists(st.sampled_from(["anyone", "vera"]), min_size=1, max_size=2, unique=True),
    "comment": WORDS,
}


EDIT = st.fixed_dictionaries({}, optional=FIELDS)


def meaning(lore: dict[str, Any]) -> dict[str, Any]:
    """What a book says, but for depths where there is no place for them, blanks around a key, and texts of blanks."""
    said = Lore.model_validate(lore).model_dump(mode="json")
    for entry in said["entries"]:
        if entry.get("position") != "depth":
            entry.pop("depth", None)
        entry["text"] = entry["text"] if entry["text"].strip() else ""
    return said


@given(st.lists(EDIT, max_size=3), st.booleans(), st.booleans(), st.sampled_from([2, 3]))
def test_whatever_is_written_here_a_card_gives_it_back(entries: list[dict], words: bool, case: bool, spec: Any) -> None:
    whole = [{"text": "", **entry, "id": f"the_{at}"} for at, entry in enumerate(entries)]
    lore = {"format": 1, "entries": whole, "whole_words": words, "case": case, "rounds": 2, "recursion": case}
    written = to_card_book(lore, spec=spec)
    assert not written.lost
    assert meaning(from_card_book(written.book).lore) == meaning(lore)


_DEEP = "@@depth 2\nText"
_ODD = {"keys": _DEEP, "secondary_keys": _DEEP, "selective": _DEEP, "content": _DEEP, "stranger": []}


@given(ODD_ENTRY, EXTENSIONS, EDIT, st.sampled_from([2, 3]))
@example(_ODD, {"position": None, "triggers": [None], "stranger": 1}, {"enabled": True}, 3)
def test_whatever_a_card_held_an_edit_wins_and_strangers_stay(
    entry: dict, extensions: dict, edit: dict, spec: Any
) -> None:
    neighbour = v2_entry(id=9, stranger=[1], content="@@role user\n@@depth 1\nText", secondary_keys=["x"])
    read = from_card_book({"entries": [{**entry, "extensions": extensions}, neighbour]})
    read.lore["entries"][0] |= edit
    written = to_card_book(read.lore, spec=spec)
    assert meaning(from_card_book(written.book).lore)["entries"][0] | {"id": ""} == meaning(read.lore)["entries"][0] | {
        "id": ""
    }
    mine, other = written.book["entries"]
    assert other == neighbour
    assert mine.get("stranger") == entry.get("stranger")
    assert mine["extensions"].get("stranger") == extensions.get("stranger")


@pytest.mark.parametrize(
    "kept",
    [
        '{"form": "card", "rest": [1]}',
        '{"form": "card", "rest": {"a": 5}, "head": 3}',
        "[",
        "[" * 20_000,
        '{"form": "card", "rest": ' + '{"a": {"in": ' * 400 + "{}" + "}}" * 400 + "}",
    ],
)
def test_what_was_kept_and_is_garbled_is_nothing(kept: str) -> None:
    lore = from_card_book({"entries": [v2_entry()]}).lore
    lore["entries"][0]["kept"] = lore["kept"] = kept
    assert meaning(from_card_book(to_card_book(lore).book).lore) == meaning(lore)


def test_who_blanks_a_text_loses_nothing_else() -> None:
    entry = {"keys": ["a"], "content": "@@depth 2\nText", "stranger": 1, "extensions": {}}
    lore = from_card_book({"entries": [entry]}).lore
    lore["entries"][0]["text"] = " "
    written = to_card_book(lore)
    assert not written.lost
    assert written.book["entries"][0]["stranger"] == 1


def test_an_edit_of_one_decorator_loses_no_other() -> None:
    content = "@@depth 3\n@@additional_keys oil\n@@role user\nText"
    lore = from_card_book({"entries": [v2_entry(content=content)]}).lore
    lore["entries"][0]["depth"] = 4
    (entry,) = to_card_book(lore).book["entries"]
    assert entry["content"].startswith("@@role user\n@@depth 4\n") and entry["secondary_keys"] == ["oil"]


def test_a_text_that_looks_like_a_decorator_is_told() -> None:
    lore = {"format": 1, "entries": [{"id": "e", "text": "@@depth 3\nText"}]}
    assert "begins with @@" in str(to_card_book(lore).lost)


def test_what_was_not_read_stays_behind_an_edited_book() -> None:
    book = of_card({"entries": [v2_entry(), "no entry", None], "extensions": {}})
    world = of_card({"entries": {"a": {"key": ["lamp"]}, "b": 5}})
    assert book is not None and world is not None
    for one in (book, world):
        lore = one.read.lore
        assert to_foreign(lore, 3, one).book == one.raw
        lore["entries"][0]["text"] = "Edited."
        written = to_foreign(lore, 3, one).book["entries"]
        assert (written[1:] == ["no entry", None]) if isinstance(written, list) else (written["b"] == 5)
