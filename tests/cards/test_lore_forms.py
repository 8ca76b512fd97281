"""Lorebooks of cards and of world info: what they mean here, and that they go out as they came."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.cards.lore_forms import form_of, from_card_book, from_foreign, from_world, to_card_book, to_world
from openroom.core.lore.book import FIRST_OUT, FOR_GOOD, Lore

SILLY = {
    "position": 4,
    "exclude_recursion": True,
    "display_index": 3,
    "probability": 40,
    "useProbability": True,
    "depth": 2,
    "selectiveLogic": 3,
    "group": "a, b",
    "group_override": True,
    "group_weight": 30,
    "prevent_recursion": True,
    "delay_until_recursion": True,
    "scan_depth": 7,
    "match_whole_words": True,
    "use_group_scoring": True,
    "case_sensitive": True,
    "automation_id": "x",
    "role": 0,
    "vectorized": False,
    "sticky": 3,
    "cooldown": 4,
    "delay": 5,
    "a_stranger": {"deep": [1, None, {"er": True}]},
}


def v2_entry(**more) -> dict[str, Any]:
    return {
        "keys": ["lamp"],
        "content": "The lamp.",
        "extensions": {},
        "enabled": True,
        "insertion_order": 10,
        **more,
    }


def native(entry: dict[str, Any], **book) -> dict[str, Any]:
    """What an entry of a card says in the native form, without what was kept."""
    lore = from_card_book({"entries": [entry], "extensions": {}, **book}).lore
    Lore.model_validate(lore)
    return {key: value for key, value in lore["entries"][0].items() if key != "kept"}


def test_a_plain_entry() -> None:
    assert native(v2_entry()) == {"id": "lamp", "text": "The lamp.", "keys": ["lamp"], "order": 10}


def test_all_of_sillytaverns_extensions() -> None:
    entry = v2_entry(extensions=SILLY, secondary_keys=["oil"], selective=True, position="after_char", comment="Old")
    assert native(entry) == {
        "id": "old",
        "text": "The lamp.",
        "keys": ["lamp"],
        "when": [{"all": ["oil"]}],
        "comment": "Old",
        "order": 10,
        "position": "depth",
        "depth": 2,
        "woken_by_lore": False,
        "wakes_lore": False,
        "only_after_lore": 1,
        "probability": 0.4,
        "groups": ["a", "b"],
        "first": True,
        "weight": 30,
        "scored": True,
        "scan_depth": 7,
        "whole_words": True,
        "case": True,
        "sticky": 3,
        "cooldown": 4,
        "delay": 5,
    }


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"secondary_keys": ["oil"], "selective": False}, {}),
        ({"secondary_keys": ["oil"], "selective": True}, {"when": [{"any": ["oil"]}]}),
        ({"extensions": {"probability": 40, "useProbability": False}}, {}),
        ({"position": "before_char", "extensions": {"position": 1}}, {}),
        ({"position": "before_char"}, {"position": "before"}),
        ({"position": ""}, {}),
        ({"constant": True}, {"constant": True}),
        ({"enabled": False}, {"enabled": False}),
        ({"priority": 5}, {"priority": 5}),
        ({"case_sensitive": True}, {"case": True}),
        ({"extensions": {"triggers": ["impersonate"]}}, {"enabled": False}),
        ({"extensions": {"triggers": ["normal", "swipe"]}}, {}),
        (
            {"extensions": {"character_filter": {"isExclude": True, "names": ["Otto B.png"], "tags": []}}},
            {"not_characters": ["otto_b"]},
        ),
    ],
)
def test_single_fields(entry: dict, expected: dict) -> None:
    plain = native(v2_entry())
    assert {key: value for key, value in native(v2_entry(**entry)).items() if key not in plain} == expected


def test_use_regex_of_v3_takes_keys_for_patterns() -> None:
    entry = v2_entry(use_regex=True, keys=["lamp", "lam+p", "/oil/i"], secondary_keys=["x"], selective=True)
    assert native(entry)["keys"] == ["lamp", "/lam+p/", "/oil/i"]
    assert "when" not in native(entry)


def test_use_regex_of_sillytavern_leaves_words_as_they_are() -> None:
    entry = v2_entry(use_regex=True, keys=["Mr. Smith", "/oil/i"], extensions={"position": 0})
    assert native(entry)["keys"] == ["Mr. Smith", "/oil/i"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("@@activate_only_after 3\nText", {"after_replies": 3}),
        ("@@activate_only_every 4\n\nText", {"every": 4}),
        ("@@keep_activate_after_match\nText", {"sticky": FOR_GOOD}),
        ("@@dont_activate_after_match\nText", {"cooldown": FOR_GOOD}),
        ("@@depth 5\nText", {"position": "depth", "depth": 5}),
        ("@@depth 5\n@@position before_desc\nText", {"position": "before"}),
        ("@@position personality\nText", {}),
        ("@@scan_depth 9\nText", {"scan_depth": 9}),
        ("@@ignore_on_max_context\nText", {"priority": FIRST_OUT}),
        ("@@additional_keys oil, wick\nText", {"when": [{"any": ["oil", "wick"]}]}),
        ("@@exclude_keys dream\nText", {"when": [{"not_any": ["dream"]}]}),
        ("@@dont_activate\nText", {"enabled": False}),
        ("@@activate\n@@dont_activate\nText", {"constant": True}),
        ("@@unknown 1\n@@@depth 3\nText", {"position": "depth", "depth": 3}),
        ("@@unknown 1\n@@@other 2\n@@@depth 3\nText", {"position": "depth", "depth": 3}),
        ("@@scan_depth 2\n@@@depth 3\nText", {"scan_depth": 2}),
        ("@@scan_depth many\n@@@depth 3\nText", {"position": "depth", "depth": 3}),
        ("@@depth 5\n@@depth 6\nText", {"position": "depth", "depth": 5}),
        ("@@role system\n@@is_greeting 0\nText", {}),
        ("\n@@depth 1\n\nText", {"position": "depth", "depth": 1}),
    ],
)
def test_decorators(content: str, expected: dict) -> None:
    found = native(v2_entry(content=content))
    assert found.pop("text") == "Text"
    assert {key: value for key, value in found.items() if key not in ("id", "keys", "order")} == expected


def test_a_decorator_never_switches_on_what_is_off() -> None:
    assert native(v2_entry(content="@@activate\nText", enabled=False))["enabled"] is False


def test_text_that_only_looks_like_one_stays() -> None:
    assert native(v2_entry(content="Mail me @@home\n@@depth 3"))["text"] == "Mail me @@home\n@@depth 3"


def test_settings_of_the_book() -> None:
    lore = from_card_book({"name": "N", "scan_depth": 9, "token_budget": 300, "recursive_scanning": True}).lore
    assert lore == {
        "format": 1,
        "name": "N",
        "whole_words": False,
        "entries": [],
        "scan_depth": 9,
        "tokens": 300,
        "recursion": True,
        "kept": lore["kept"],
    }


def world_entry(uid: int, **more) -> dict[str, Any]:
    return {"uid": uid, "key": ["lamp"], "keysecondary": [], "content": "The lamp.", "order": 100, **more}


def test_world_info() -> None:
    entry = world_entry(
        0,
        disable=True,
        keysecondary=["oil"],
        selective=True,
        selectiveLogic=2,
        groupOverride=True,
        excludeRecursion=True,
        delayUntilRecursion=2,
        position=0,
        comment="Lamp",
        probability=50,
        useProbability=True,
    )
    lore = from_world({"entries": {"0": entry}}).lore
    Lore.model_validate(lore)
    assert {key: value for key, value in lore["entries"][0].items() if key != "kept"} == {
        "id": "lamp",
        "text": "The lamp.",
        "keys": ["lamp"],
        "when": [{"not_any": ["oil"]}],
        "comment": "Lamp",
        "enabled": False,
        "position": "before",
        "woken_by_lore": False,
        "only_after_lore": 2,
        "first": True,
        "probability": 0.5,
    }


def test_forms_are_told_by_content() -> None:
    assert form_of({"spec": "lorebook_v3", "data": {"entries": []}}) == "lorebook_v3"
    assert form_of({"entries": {"0": {}}}) == "world"
    assert form_of({"entries": []}) == "card"
    assert form_of([]) is None
    assert from_foreign({"spec": "lorebook_v3", "data": {"entries": [v2_entry()]}}).lore["entries"][0]["id"] == "lamp"
    with pytest.raises(ValueError, match="expected a lorebook"):
        from_foreign("text")


def test_ids_are_unique_and_fit() -> None:
    entries = [v2_entry(keys=[key]) for key in ("Lamp", "lamp", "灯台", "灯台", "7 seas", "x" * 300)]
    lore = from_card_book({"entries": entries}).lore
    Lore.model_validate(lore)
    assert [one["id"] for one in lore["entries"]][:5] == ["lamp", "lamp_2", "entry", "entry_2", "e_7_seas"]


# nothing is lost ------------------------------------------------------------------------------------------------------

BOOKS: list[dict[str, Any]] = [
    {"entries": []},
    {"entries": [v2_entry()], "extensions": {"stranger": 1}, "scan_depth": 99, "name": ""},
    {"entries": [v2_entry(extensions=SILLY, id=7, name="n", unknown=[1, {"a": None}])], "extensions": {}},
    {"entries": [v2_entry(content="@@depth 3\n@@role user\n\nText")], "extensions": {}},
    {"entries": [{"keys": "a, b", "content": None}, {"content": "no keys"}], "token_budget": "many"},
    {"entries": [v2_entry(insertion_order=1.5, priority=2**40, position=None, selective=None)], "scan_depth": None},
    {"entries": [v2_entry(use_regex=True, keys=["a+", "/b/g"], secondary_keys=["c"], selective=True)]},
    {"entries": [v2_entry(content="long " * 9_000)], "extensions": {}},
]


@pytest.mark.parametrize("number", range(len(BOOKS)))
def test_a_cards_book_goes_out_as_it_came(number: int) -> None:
    book = BOOKS[number]
    before = copy.deepcopy(book)
    read = from_card_book(book)
    Lore.model_validate(read.lore)
    assert to_card_book(read.lore, spec=3).book == book == before


WORLDS: list[dict[str, Any]] = [
    {"entries": {}},
    {"entries": {"0": world_entry(0), "7": world_entry(7, displayIndex=2)}, "name": "W", "originalData": {"a": 1}},
    {"entries": {"5": world_entry(5, triggers=["normal"], characterFilter={"names": ["A"], "tags": ["t"]}, role=2)}},
    {"entries": {"a": {"content": "bare"}, "b": world_entry(1, position=7, outletName="out", selective=False)}},
    {"entries": {"0": world_entry(0, content="@@activate\nText", keysecondary=["x"], selective=True)}},
]


@pytest.mark.parametrize("number", range(len(WORLDS)))
def test_world_info_goes_out_as_it_came(number: int) -> None:
    read = from_world(WORLDS[number])
    Lore.model_validate(read.lore)
    written = to_world(read.lore).book
    assert written == WORLDS[number]
    assert list(written["entries"]) == list(WORLDS[number]["entries"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
CARD_KEYS = [
    *("keys", "secondary_keys", "selective", "content", "comment", "enabled", "constant", "insertion_order"),
    *("priority", "position", "use_regex", "case_sensitive", "name", "id", "stranger"),
]
EXTENSIONS = st.dictionaries(st.sampled_from([*SILLY, "character_filter", "triggers", "stranger"]), JSON, max_size=8)
ODD_ENTRY = st.dictionaries(st.sampled_from(CARD_KEYS), JSON | st.just("@@depth 2\nText"), max_size=10)


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
    assert to_card_book(lore, spec=3).book["entries"][0]["content"] == "@@depth 4\nText"


def test_v2_gets_no_decorators() -> None:
    written = to_card_book(from_card_book(BOOKS[3]).lore, spec=2)
    assert written.book["entries"][0]["content"] == "Text"
    assert any("decorators" in note for note in written.notes)


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
    assert "lamp: outletName came from another form and is left out" in written.notes
    assert written.book["entries"][0]["keys"] == ["lamp"]
