"""Props declared in YAML: they work like Python ones, and untrusted words stay words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from openroom.core.actor import Actor
from openroom.core.prop import Outcome, Refusal, Timer
from openroom.errors import DefinitionError
from openroom.props.declared.prop import YamlProp, fill
from openroom.props.declared.spec import PropSpec

ANN = Actor("player:ann", "player", "Ann")
HOST = Actor("player:host", "operator", "Host")
MIRA = Actor("character:mira", "character", "Mira")

BODY: dict[str, Any] = {
    "format": 1,
    "kind": "box",
    "name": "Box",
    "line": "A box.",
    "state": {
        "open": {"type": "boolean"},
        "level": {"type": "integer", "min": 0, "max": 3, "initial": 1},
        "colour": {"type": "choice", "of": ["red", "dark blue"], "initial": "dark blue"},
        "label": {"type": "text", "max": 12},
        "notes": {"type": "notes", "max": 3},
    },
    "verbs": {
        "open_it": {
            "label": "Open the {x}box",
            "params": {},
            "when": {"open": False},
            "else": "{prop} is open, {actor}.",
            "set": {"open": True},
            "scene": {"weather": "fog"},
            "after": {"seconds": 1.5, "do": ["shut", "glow"]},
            "tells": "{actor} opens the {colour} {prop}.",
        },
        "fill": {"label": "Fill", "set": {"level": "+1"}, "else": "Full at {level}.", "tells": "{actor}: {level}"},
        "drain": {"label": "Drain", "set": {"level": "-1"}, "else": "Empty.", "tells": "Level {level}."},
        "paint": {
            "label": "Paint it {colour}",
            "params": {"colour": {"type": "choice", "of": ["red", "dark blue"]}},
            "set": {"colour": "{colour}"},
            "tells": "{actor} paints it {colour}.",
        },
        "name_it": {
            "label": "Name it",
            "params": {"text": {"type": "text", "max": 30}},
            "set": {"label": "{text}"},
            "else": "Too long for the label.",
            "tells": "{actor} names it {text}.",
        },
        "pin": {
            "label": "Pin",
            "params": {"text": {"type": "text"}, "loud": {"type": "boolean"}},
            "set": {"notes": {"append": "{text} ({loud})"}},
            "tells": "{actor} pins {text}",
        },
        "wipe": {
            "label": "Wipe",
            "when": {"notes": {"min": 1}},
            "else": "Bare.",
            "set": {"notes": {"clear": True}},
            "tells": "x",
        },
        "lock": {
            "label": "Lock",
            "who": ["operator", "player:key"],
            "set": {"open": False},
            "cancel": ["shut"],
            "tells": "x",
        },
        "look_in": {"label": "Look in", "tells": "{actor} looks in."},
    },
    "ticks": {
        "shut": {"when": {"open": True}, "set": {"open": False}, "tells": "The {prop} falls shut."},
        "glow": {"when": {"level": {"min": 3}}, "set": {"colour": "red"}},
    },
    "looks": [
        {"when": {"open": True, "level": {"not": 0}}, "text": "open, {level} full", "picture": "full"},
        {"when": {"open": True}, "text": "open", "picture": "open"},
        {"when": {"notes": {"min": 1}}, "text": "notes: {notes}"},
        {"text": "shut: {open}, {colour}", "picture": "shut"},
    ],
}
BODY["verbs"]["open_it"]["label"] = "Open the box"


def box(**changes: Any) -> YamlProp:
    return YamlProp(PropSpec.model_validate({**BODY, **changes}))


BOX = box()
START = BOX.initial({})


def must(state: dict[str, Any], verb: str, who: Actor = ANN, **args: Any) -> Outcome:
    outcome = BOX.use(state, verb, args, who, 0)
    assert isinstance(outcome, Outcome), outcome
    assert BOX.check(outcome.state) == outcome.state
    return outcome


def refused(state: dict[str, Any], verb: str, who: Actor = ANN, **args: Any) -> Refusal:
    outcome = BOX.use(state, verb, args, who, 0)
    assert isinstance(outcome, Refusal), outcome
    return outcome


def test_the_state_begins_as_declared_and_options_change_it() -> None:
    assert START == {"open": False, "level": 1, "colour": "dark blue", "label": "", "notes": []}
    assert BOX.initial({"level": 3, "notes": [{"by": "Eve", "text": "Hi"}]})["level"] == 3


@pytest.mark.parametrize(
    ("bad", "key"),
    [
        ({"level": 4}, "level"),
        ({"level": "2"}, "level"),
        ({"level": True}, "level"),
        ({"open": 1}, "open"),
        ({"colour": "green"}, "colour"),
        ({"label": "x" * 13}, "label"),
        ({"notes": [{"text": "x"}] * 4}, "notes"),
        ({"notes": [{"by": "x"}]}, "notes.0.text"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_states_that_do_not_fit_are_refused(bad: dict[str, Any], key: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        BOX.initial(bad)
    assert caught.value.key == key


def test_a_verb_does_what_is_declared() -> None:
    outcome = must(START, "open_it")
    assert outcome.state["open"] is True
    assert outcome.telling == "Ann opens the dark blue Box."
    assert outcome.scene == {"weather": "fog"}
    assert outcome.timers == (Timer("shut", 1500), Timer("glow", 1500))
    again = refused(dict(outcome.state), "open_it", MIRA)
    assert (again.reason, again.message) == ("precondition", "Box is open, Mira.")


def test_a_number_stays_in_its_bounds() -> None:
    state = START
    for level in (2, 3):
        outcome = must(state, "fill")
        state = dict(outcome.state)
        assert (state["level"], outcome.telling) == (level, f"Ann: {level}")
    assert refused(state, "fill").message == "Full at 3."
    for _ in range(3):
        state = dict(must(state, "drain").state)
    assert refused(state, "drain").message == "Empty."


def test_parameters_are_checked_and_filled_in() -> None:
    outcome = must(START, "paint", colour="red")
    assert (outcome.state["colour"], outcome.telling) == ("red", "Ann paints it red.")
    assert refused(START, "paint", colour="green").reason == "bad_args"
    assert refused(START, "paint").reason == "bad_args"
    assert refused(START, "name_it", text="").reason == "bad_args"
    assert refused(START, "name_it", text="\x00 \x07").reason == "bad_args"
    assert refused(START, "pin", text="x", loud=1).reason == "bad_args"
    assert refused(START, "fly").reason == "unknown_verb"


def test_a_value_that_would_not_fit_its_field_is_refused() -> None:
    assert must(START, "name_it", text="a b\n c").state["label"] == "a b c"
    assert refused(START, "name_it", text="x" * 13).message == "Too long for the label."


def test_notes_are_signed_and_the_oldest_makes_room() -> None:
    state = START
    for number in range(4):
        state = dict(must(state, "pin", MIRA, text=f"n{number}", loud=True).state)
    assert state["notes"] == [{"by": "Mira", "text": f"n{number} (yes)"} for number in (1, 2, 3)]
    assert BOX.look(state) == "notes: Mira: “n1 (yes)”; Mira: “n2 (yes)”; Mira: “n3 (yes)”"
    assert must(state, "wipe").state["notes"] == []
    assert refused(START, "wipe").message == "Bare."


def test_some_verbs_are_for_some() -> None:
    assert refused(START, "lock").reason == "not_allowed"
    assert must(START, "lock", HOST).timers == (Timer("shut", None),)
    assert must(START, "lock", Actor("player:key", "player", "Key"))
    assert "lock" not in {choice.id for choice in BOX.choices({**START, "open": True}, ANN)}
    assert "lock" in {choice.id for choice in BOX.choices({**START, "open": True}, HOST)}


def test_ticks_happen_if_their_when_holds() -> None:
    opened = {**START, "open": True}
    outcome = BOX.tick(opened, "shut", 0)
    assert outcome is not None
    assert (outcome.state["open"], outcome.telling) == (False, "The Box falls shut.")
    assert BOX.tick(START, "shut", 0) is None
    assert BOX.tick(START, "no_such", 0) is None
    silent = BOX.tick({**START, "level": 3}, "glow", 0)
    assert silent is not None
    assert silent.telling == ""


def test_the_first_look_that_holds_is_shown() -> None:
    for change, look, key in (
        ({"open": True}, "open, 1 full", "full"),
        ({"open": True, "level": 0}, "open", "open"),
        ({"notes": [{"by": "", "text": "x"}]}, "notes: “x”", ""),
        ({}, "shut: no, dark blue", "shut"),
    ):
        state = {**START, **change}
        assert (BOX.look(state), BOX.look_key(state)) == (look, key)
    bare = box(looks=[])
    assert (bare.look(START), bare.look_key(START)) == ("A box.", "")


def test_choices_are_what_is_possible_and_changes_something() -> None:
    found = {choice.id: choice for choice in BOX.choices(START, ANN)}
    expected = ["open_it", "fill", "drain", "paint:red", "name_it", "pin:yes", "pin:no", "look_in"]
    assert list(found) == expected
    assert found["paint:red"].label == "Paint it red"
    assert found["paint:red"].args == {"colour": "red"}
    assert found["pin:no"].text == "text"
    painted = {**START, "colour": "red"}
    assert "paint:dark_blue" in {choice.id for choice in BOX.choices(painted, ANN)}


@given(st.lists(st.tuples(st.integers(0, 30), st.text(max_size=40)), max_size=25))
def test_every_choice_is_possible_and_leads_to_a_state_that_fits(steps: list[tuple[int, str]]) -> None:
    state = START
    for pick, text in steps:
        choices = BOX.choices(state, HOST)
        assert len({choice.id for choice in choices}) == len(choices)
        choice = choices[pick % len(choices)]
        args = {**choice.args, choice.text: text} if choice.text else dict(choice.args)
        outcome = BOX.use(state, choice.verb, args, HOST, 0)
        if isinstance(outcome, Refusal):
            assert choice.text
            assert outcome.reason in ("bad_args", "precondition")
            continue
        state = BOX.check(outcome.state)
        assert BOX.check(state) == state
        assert isinstance(BOX.look(state), str)


@given(
    st.dictionaries(st.sampled_from(["colour", "text", "loud", "zzz"]), st.none() | st.integers() | st.text(max_size=5))
)
def test_fuzzed_arguments_are_refused_or_fit(args: dict[str, Any]) -> None:
    for verb in BOX.verbs:
        outcome = BOX.use(START, verb, args, HOST, 0)
        if isinstance(outcome, Outcome):
            assert BOX.check(outcome.state) == outcome.state


@pytest.mark.parametrize("words", ["{actor}", "{notes}", "{0.__class__}", "{text!r}", "%s", "{", "}}", "{text}"])
def test_braces_in_what_people_write_stay_as_they_are(words: str) -> None:
    outcome = must(START, "pin", text=words, loud=False)
    assert outcome.telling == f"Ann pins {words}"
    assert outcome.state["notes"][0]["text"] == f"{words} (no)"
    assert fill("{a}-{b}-{c}", {"a": "{b}", "b": 1}) == "{b}-1-{c}"


def test_names_with_braces_are_names() -> None:
    joker = Actor("player:j", "player", "{colour}")
    assert must(START, "look_in", joker).telling == "{colour} looks in."


def test_fields_may_have_any_name() -> None:
    odd = box(
        state={name: {"type": "boolean"} for name in ("copy", "json", "model_config", "schema", "dict")},
        verbs={"flip": {"label": "Flip", "set": {"copy": True, "model_config": True}, "tells": "{actor} flips."}},
        ticks={},
        looks=[],
    )
    state = odd.initial({"json": True})
    assert state == {"copy": False, "json": True, "model_config": False, "schema": False, "dict": False}
    outcome = odd.use(state, "flip", {}, ANN, 0)
    assert isinstance(outcome, Outcome)
    assert odd.check(outcome.state)["model_config"] is True


def test_the_manifest_describes_the_verbs() -> None:
    verbs = BOX.manifest()["verbs"]
    assert verbs["paint"]["label"] == "Paint it …"
    assert verbs["paint"]["params"]["colour"]["enum"] == ["red", "dark blue"]
    assert verbs["open_it"]["params"] == {}
    assert BOX.manifest()["art"] == "box"


def test_a_spec_survives_json() -> None:
    body = BOX.spec.model_dump(mode="json", by_alias=True, exclude_none=True)
    again = PropSpec.model_validate(body)
    assert again == BOX.spec
    assert YamlProp(again).choices(START, ANN) == BOX.choices(START, ANN)


@pytest.mark.parametrize(
    "bad",
    [
        {"format": 2},
        {"kind": "A Box"},
        {"state": {"x": {"type": "integer", "min": 5, "max": 1}}},
        {"state": {"x": {"type": "integer", "initial": 500}}},
        {"state": {"x": {"type": "choice", "of": []}}},
        {"state": {"x": {"type": "choice", "of": ["a", "A"]}}},
        {"state": {"x": {"type": "choice", "of": ["a"], "initial": "b"}}},
        {"state": {"x": {"type": "text", "max": 2, "initial": "abc"}}},
        {"state": {"x": {"type": "notes", "max": 1, "initial": [{"text": "a"}, {"text": "b"}]}}},
        {"state": {"x": {"type": "list"}}},
        {"state": {"_x": {"type": "boolean"}}},
        {"verbs": {"v": {"label": "V"}}},
        {"verbs": {"v": {"label": "V", "tells": "x", "when": {"open": {}}}}},
        {"verbs": {"v": {"label": "V", "tells": "x", "when": {"open": {"is": None}}}}},
        {"verbs": {"v": {"label": "V", "tells": "x", "set": {"level": {"to": 1, "by": 1}}}}},
        {"verbs": {"v": {"label": "V", "tells": "x", "set": {"level": {}}}}},
        {"verbs": {"v": {"label": "V", "tells": "x", "scene": {"weather": "lava"}}}},
        {"verbs": {"v": {"label": "V", "tells": "x", "after": {"seconds": 0, "do": "shut"}}}},
        {"verbs": {"v": {"label": "V", "tells": "x", "params": {"p": {"type": "notes"}}}}},
    ],
)
def test_specs_that_do_not_fit_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PropSpec.model_validate({**BODY, **bad})
