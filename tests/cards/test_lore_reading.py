"""Lorebooks of cards and of world info: what they mean here."""

from __future__ import annotations

from typing import Any

import pytest

from openroom.cards.lore_forms import form_of, from_card_book, from_foreign, from_world
from openroom.core.lore.book import FIRST_OUT, FOR_GOOD, Lore
from tests.cards.lore_books import SILLY, v2_entry, world_entry


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
        ("@@role system\nText", {}),
        ("@@is_greeting 0\n@@role user\nText", {"greetings": [0]}),
        pytest.param(f"@@is_greeting {'9' * 5000}\n@@@depth 3\nText", {"position": "depth", "depth": 3}, id="long"),
        ("@@is_greeting 2\n@@is_greeting 1\nText", {"greetings": [2]}),
        ("@@is_greeting first\n@@@is_greeting 1\nText", {"greetings": [1]}),
        ("@@is_greeting 9999\nText", {}),
        ("@@reverse_depth 3\nText", {"position": "depth", "depth": 200}),
        ("@@reverse_depth 3\n@@depth 2\nText", {"position": "depth", "depth": 2}),
        ("@@reverse_depth 3\n@@position before_desc\nText", {"position": "before"}),
        ("@@reverse_depth far\nText", {}),
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
