"""Verbs that may be tried in vain, conditions with `or` and `not`, and what is hidden: a safe with a code."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from openroom.core.actor import Actor
from openroom.core.prop import Outcome, Refusal
from openroom.props.declared.prop import YamlProp
from openroom.props.declared.spec import PropSpec
from openroom.props.declared.when import holds, judged

ANN = Actor("player:ann", "player", "Ann")

DIAL: dict[str, Any] = {"type": "integer", "max": 3}
SAFE: dict[str, Any] = {
    "format": 1,
    "kind": "safe",
    "name": "Safe",
    "line": "A grey steel safe.",
    "state": {
        "left": DIAL,
        "right": DIAL,
        "open": {"type": "boolean"},
        "tries": {"type": "integer", "max": 2, "hidden": True},
        "inside": {"type": "choice", "of": ["a letter", "gold", "dust"], "hidden": True},
        "alarm": {"type": "boolean"},
    },
    "verbs": {
        "turn": {
            "label": "Turn the {dial} dial to {n}",
            "params": {"dial": {"type": "choice", "of": ["left", "right"]}, "n": DIAL},
            "tells": "{actor} turns the {dial} dial.",
        },
        "set_left": {
            "label": "Left {n}",
            "params": {"n": DIAL},
            "set": {"left": "{n}"},
            "tells": "{actor} turns a dial.",
        },
        "set_right": {
            "label": "Right {n}",
            "params": {"n": DIAL},
            "set": {"right": "{n}"},
            "tells": "{actor} turns a dial.",
        },
        "pull": {
            "label": "Pull the handle",
            "when": {"open": False, "left": 3, "right": 1, "tries": {"max": 1}},
            "else": {
                "when": {"open": False},
                "set": {"tries": "+1"},
                "tells": "The handle does not move for {actor}.",
            },
            "set": {"open": True, "tries": 0},
            "tells": "The door swings open.",
        },
        "look_in": {
            "label": "Look in",
            "when": {"open": True},
            "else": "It is shut.",
            "tells": "In it lies {inside}.",
            "tells_to": "actor",
        },
        "stow": {
            "label": "Put {what} in",
            "params": {"what": {"type": "choice", "of": ["a letter", "gold", "dust"]}},
            "when": {"open": True, "inside": {"not": "gold"}},
            "else": "It is full.",
            "set": {"inside": "{what}"},
            "tells": "{actor} puts something in.",
            "tells_to": ["actor", "character:mira"],
        },
        "shut": {
            "label": "Shut it",
            "when": {"open": True},
            "else": "It is shut.",
            "set": {"open": False},
            "tells": "{actor} shuts it.",
        },
        "knock": {
            "label": "Knock",
            "when": {"or": [{"open": True}, {"alarm": True}], "not": {"left": 0, "right": 0}},
            "else": "Nothing to knock on.",
            "set": {"alarm": True},
            "tells": "It rings.",
        },
    },
}


def safe(**changes: Any) -> YamlProp:
    return YamlProp(PropSpec.model_validate({**SAFE, **changes}))


THE_SAFE = safe()
START = THE_SAFE.initial({})


def offered(state: dict[str, Any]) -> set[str]:
    return {choice.verb for choice in THE_SAFE.choices(state, ANN)}


def do(state: dict[str, Any], verb: str, **args: Any) -> Outcome:
    outcome = THE_SAFE.use(state, verb, args, ANN, 0)
    assert isinstance(outcome, Outcome), outcome
    return outcome


def test_the_right_code_is_no_new_button() -> None:
    for left in range(4):
        for right in range(4):
            assert "pull" in offered({**START, "left": left, "right": right})


def test_what_comes_of_a_try_in_vain_is_said_and_kept() -> None:
    outcome = do(START, "pull")
    assert (outcome.failed, outcome.telling, outcome.to) == (True, "The handle does not move for Ann.", None)
    assert outcome.state == {**START, "tries": 1}
    right = do({**START, "left": 3, "right": 1}, "pull")
    assert (right.failed, right.telling, right.state["open"]) == (False, "The door swings open.", True)


def test_where_it_can_not_be_tried_it_is_refused_and_not_offered() -> None:
    assert "pull" not in offered({**START, "open": True})
    refused = THE_SAFE.use({**START, "open": True}, "pull", {}, ANN, 0)
    assert isinstance(refused, Refusal) and refused.reason == "precondition"
    assert refused.message == "Pull the handle: not now."


def test_a_try_in_vain_that_leaves_its_bounds_is_refused() -> None:
    spent = {**START, "tries": 2}
    assert isinstance(THE_SAFE.use(spent, "pull", {}, ANN, 0), Refusal)
    assert "pull" in offered(spent), "that would tell what is hidden"


def test_the_telling_goes_to_those_who_are_named() -> None:
    assert do({**START, "open": True}, "look_in").to == ()
    assert do({**START, "open": True}, "stow", what="dust").to == ("character:mira",)
    assert do(START, "pull").to is None


_STATES = st.fixed_dictionaries(
    {
        "left": st.integers(0, 3),
        "right": st.integers(0, 3),
        "open": st.booleans(),
        "tries": st.integers(0, 2),
        "inside": st.sampled_from(["a letter", "gold", "dust"]),
        "alarm": st.booleans(),
    }
)


@given(_STATES, _STATES)
def test_what_is_offered_does_not_hang_on_what_is_hidden(state: dict[str, Any], other: dict[str, Any]) -> None:
    same_to_the_eye = {**state, **{name: other[name] for name in THE_SAFE.hidden}}
    assert THE_SAFE.hidden == ("tries", "inside")
    assert THE_SAFE.choices(state, ANN) == THE_SAFE.choices(same_to_the_eye, ANN)


@given(_STATES)
def test_what_is_possible_and_changes_something_is_offered(state: dict[str, Any]) -> None:
    found = {choice.id for choice in THE_SAFE.choices(state, ANN)}
    for number in range(4):
        assert (f"set_left:{number}" in found) is (state["left"] != number)
    possible = (state["open"] or state["alarm"]) and (state["left"], state["right"]) != (0, 0)
    assert ("knock" in found) is (possible and not state["alarm"])


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"or": [{"left": 1}, {"right": {"min": 2}}]}, True),
        ({"or": [{"left": 1}, {"right": 0, "open": False}]}, False),
        ({"not": {"left": 0, "right": 0}}, True),
        ({"not": {"left": 0, "right": 3}}, False),
        ({"left": 0, "not": {"or": [{"open": True}, {"alarm": True}]}}, True),
        ({"or": [{"not": {"left": 0}}, {"not": {"right": [1, 2]}}]}, True),
        ({}, True),
    ],
)
def test_conditions(when: dict[str, Any], expected: bool) -> None:
    state = {**START, "right": 3}
    found = safe(verbs={"try": {"label": "Try", "when": when, "else": "No.", "tells": "Yes."}})
    assert holds(found.spec.verbs["try"].when, state) is expected
    assert judged(found.spec.verbs["try"].when, state) is expected
    again = PropSpec.model_validate(found.spec.model_dump(mode="json", by_alias=True, exclude_none=True))
    assert again == found.spec


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"inside": "gold"}, None),
        ({"inside": "gold", "open": True}, False),
        ({"or": [{"inside": "gold"}, {"left": 0}]}, True),
        ({"or": [{"inside": "gold"}, {"left": 1}]}, None),
        ({"not": {"inside": "gold"}}, None),
        ({"not": {"inside": "gold", "open": True}}, True),
    ],
)
def test_what_hangs_on_what_is_unknown_is_not_judged(when: dict[str, Any], expected: bool | None) -> None:
    found = safe(verbs={"try": {"label": "Try", "when": when, "else": "No.", "tells": "Yes."}})
    assert judged(found.spec.verbs["try"].when, START, found.hidden) is expected


@pytest.mark.parametrize(
    "bad",
    [
        {"when": {"or": []}},
        {"when": {"or": {"open": True}}},
        {"when": {"or": "open"}},
        {"when": {"not": {}}},
        {"when": {"not": [{"open": True}]}},
        {"else": {"set": {"open": True}}},
        {"else": {"tells": "x", "tell_to": "actor"}},
        {"tells_to": {"actor": True}},
    ],
)
def test_what_does_not_fit_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        safe(verbs={"try": {"label": "Try", "tells": "Yes.", **bad}})
    assert caught.value.error_count() == 1


def test_a_log_that_pins_fields_called_or_and_not_is_read_as_before() -> None:
    state = {"or": {"type": "boolean"}, "not": {"type": "integer"}}
    when = {"or": {"is": True}, "not": {"min": 3}}
    old = safe(state=state, verbs={"try": {"label": "Try", "when": when, "else": "No.", "tells": "Yes."}})
    assert holds(old.spec.verbs["try"].when, {"or": True, "not": 3})
    assert not holds(old.spec.verbs["try"].when, {"or": True, "not": 2})


def test_a_prop_that_hides_nothing_is_pinned_as_before() -> None:
    body = {**SAFE, "state": {"open": {"type": "boolean"}}, "verbs": {"shut": SAFE["verbs"]["shut"]}}
    pinned = PropSpec.model_validate(body).model_dump(mode="json", by_alias=True, exclude_none=True)
    assert pinned["state"] == {"open": {"type": "boolean", "initial": False}}
    assert pinned["verbs"]["shut"] == {
        "label": "Shut it",
        "words": [],
        "params": {},
        "who": [],
        "when": {"open": {"is": True}},
        "else": "It is shut.",
        "set": {"open": {"to": False}},
        "scene": {},
        "cancel": [],
        "tells": "{actor} shuts it.",
    }
