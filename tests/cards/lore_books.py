"""Lorebooks of cards and of world info for the tests, and strategies that make odd ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

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


def world_entry(uid: int, **more) -> dict[str, Any]:
    return {"uid": uid, "key": ["lamp"], "keysecondary": [], "content": "The lamp.", "order": 100, **more}


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

WORLDS: list[dict[str, Any]] = [
    {"entries": {}},
    {"entries": {"0": world_entry(0), "7": world_entry(7, displayIndex=2)}, "name": "W", "originalData": {"a": 1}},
    {"entries": {"5": world_entry(5, triggers=["normal"], characterFilter={"names": ["A"], "tags": ["t"]}, role=2)}},
    {"entries": {"a": {"content": "bare"}, "b": world_entry(1, position=7, outletName="out", selective=False)}},
    {"entries": {"0": world_entry(0, content="@@activate\nText", keysecondary=["x"], selective=True)}},
]

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
