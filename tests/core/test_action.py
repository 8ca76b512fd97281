"""Actions at the boundary: what fits, what does not, and that nothing unfit gets through."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from openroom.core.action import ACTION, Enter, Say, Use
from tests.core.worlds import ACTIONS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["do", "text", "to", "prop", "verb", "args", "seq", "value", "name", "who", "actor", "timer"])


@given(ACTIONS)
def test_every_action_survives_json(action: Any) -> None:
    assert ACTION.validate_json(ACTION.dump_json(action)) == action


@given(st.dictionaries(FIELDS, JSON | st.sampled_from(["say", "use", "leave", "tick", "define"]), max_size=5))
def test_fuzzed_actions_are_refused_or_fit_to_be_stored(body: dict[str, Any]) -> None:
    try:
        action = ACTION.validate_python(body)
    except ValidationError:
        return
    again = json.loads(json.dumps(ACTION.dump_python(action, mode="json"), allow_nan=False))
    assert ACTION.validate_python(again) == action


@given(st.binary(max_size=60))
def test_fuzzed_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValidationError):
        ACTION.validate_json(data)


@pytest.mark.parametrize(
    "body",
    [
        {"do": "say", "text": "hi", "actor": "character:mira"},  # the actor never comes from the payload
        {"do": "say", "text": "   "},
        {"do": "say", "text": "\x00\x07"},
        {"do": "say", "text": "x" * 4001},
        {"do": "say", "text": "hi", "to": []},
        {"do": "use", "prop": "../etc", "verb": "x"},
        {"do": "use", "prop": "cup", "verb": "grab", "args": {"x": float("nan")}},
        {"do": "use", "prop": "cup", "verb": "grab", "args": {"x": None}},
        {"do": "use", "prop": "cup", "verb": "grab", "args": {"x": [1]}},
        {"do": "rewind", "to": 0},
        {"do": "rewind", "to": 2**70},
        {"do": "erase", "seq": 2**63},
        {"do": "rate", "seq": 1, "value": 2},
        {"do": "enter", "name": "\u200b\u200d"},
        {"do": "enter", "name": "Ann\u202ekcirT"},
        {"do": "enter", "name": "a\nb"},
        {"do": "enter", "name": "\u3164"},
        {"do": "enter", "name": "\u2800\u00ad"},
        {"do": "unknown"},
        {},
    ],
)
def test_what_does_not_fit_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ACTION.validate_python(body)


def test_control_characters_leave_a_line_and_its_breaks_stay() -> None:
    assert Say(text=" one\x00\ntwo\x1b ").text == "one\ntwo"


def test_names_of_any_script_are_names() -> None:
    for name in ("Zoë", "美咲", "👩‍🚀", "نور", "O'Neil"):
        assert Enter(name=f" {name} ").name == name


@pytest.mark.parametrize("name", ["An\u200bn", "A\u00adnn", "Ann\x85", "Ann\u2028", "\ufeffAnn", "Ann\u3164"])
def test_what_shows_nothing_is_no_part_of_a_name(name: str) -> None:
    assert Enter(name=name).name == "Ann"


def test_arguments_keep_their_types() -> None:
    body = {"do": "use", "prop": "a", "verb": "b", "args": {"t": True, "i": 3, "f": 1.5, "s": "3"}}
    action = ACTION.validate_python(body)
    assert isinstance(action, Use)
    assert {key: type(value) for key, value in action.args.items()} == {"t": bool, "i": int, "f": float, "s": str}
