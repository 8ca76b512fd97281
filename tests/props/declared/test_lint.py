"""The linter of prop definitions: names that lead nowhere, and what can never happen."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from openroom.props.declared.lint import lint
from openroom.props.declared.spec import PropSpec
from tests.core.worlds import CUP, KETTLE
from tests.props.declared.test_in_vain import SAFE
from tests.props.declared.test_prop import BODY


def flaws(body: dict[str, Any], **changes: Any) -> list[tuple[str, bool]]:
    """(where, fatal) of each flaw of ``body`` with values at dotted paths changed."""
    body = copy.deepcopy(body)
    for path, value in changes.items():
        *way, last = path.split("__")
        inner: Any = body
        for part in way:
            inner = inner[int(part)] if isinstance(inner, list) else inner.setdefault(part, {})
        inner[last] = value
    return [(".".join(map(str, flaw.loc)), flaw.fatal) for flaw in lint(PropSpec.model_validate(body))]


def test_good_props_have_no_flaws() -> None:
    for body in (CUP, KETTLE, BODY):
        assert flaws(body) == []


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("verbs__fill__set", {"lvl": "+1"}, "verbs.fill.set.lvl"),
        ("verbs__fill__when", {"lvl": 1}, "verbs.fill.when.lvl"),
        ("verbs__fill__when", {"level": 9}, "verbs.fill.when.level"),
        ("verbs__fill__when", {"colour": "green"}, "verbs.fill.when.colour"),
        ("verbs__fill__when", {"open": {"min": 1}}, "verbs.fill.when.open"),
        ("verbs__fill__when", {"notes": "x"}, "verbs.fill.when.notes"),
        ("verbs__fill__set", {"level": 9}, "verbs.fill.set.level"),
        ("verbs__fill__set", {"open": "+1"}, "verbs.fill.set.open"),
        ("verbs__fill__set", {"colour": "green"}, "verbs.fill.set.colour"),
        ("verbs__fill__set", {"notes": "x"}, "verbs.fill.set.notes"),
        ("verbs__fill__set", {"open": {"clear": True}}, "verbs.fill.set.open"),
        ("verbs__fill__set", {"open": "{colour}"}, "verbs.fill.set.open"),
        ("verbs__fill__set", {"colour": "deep {colour}"}, "verbs.fill.set.colour"),
        ("verbs__paint__params__colour__of", ["red", "pink"], "verbs.paint.set.colour"),
        ("verbs__fill__tells", "{owner} fills it.", "verbs.fill.tells"),
        ("verbs__fill__else", "No, {owner}.", "verbs.fill.else"),
        ("verbs__fill__label", "Fill {level}", "verbs.fill.label"),
        ("verbs__fill__after", {"seconds": 1, "do": "explode"}, "verbs.fill.after.do"),
        ("verbs__fill__cancel", ["explode"], "verbs.fill.cancel.0"),
        ("ticks__shut__tells", "{actor} shuts it.", "ticks.shut.tells"),
        ("looks__0__text", "{owner}", "looks.0.text"),
        ("looks__0__when", {"lid": True}, "looks.0.when.lid"),
        ("verbs__name_it__params__more", {"type": "text"}, "verbs.name_it.params.more"),
        ("verbs__paint__params__actor", {"type": "boolean"}, "verbs.paint.params.actor"),
        ("verbs__fill__when", {"or": [{"open": True}, {"lvl": 1}]}, "verbs.fill.when.or.1.lvl"),
        ("verbs__fill__when", {"not": {"or": [{"level": 9}]}}, "verbs.fill.when.not.or.0.level"),
        ("verbs__fill__else", {"tells": "No, {owner}."}, "verbs.fill.else.tells"),
        ("verbs__fill__else", {"tells": "No.", "set": {"lvl": "+1"}}, "verbs.fill.else.set.lvl"),
        ("verbs__fill__else", {"tells": "No.", "when": {"lid": True}}, "verbs.fill.else.when.lid"),
        ("verbs__fill__else", {"tells": "No.", "tells_to": "owner"}, "verbs.fill.else.tells_to"),
        ("verbs__fill__tells_to", ["actor", "mira"], "verbs.fill.tells_to"),
        ("ticks__shut__tells_to", "actor", "ticks.shut.tells_to"),
        ("state__or", {"type": "boolean"}, "state.or"),
    ],
)
def test_names_that_lead_nowhere_are_fatal(path: str, value: Any, where: str) -> None:
    assert (where, True) in flaws(BODY, **{path: value})


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("verbs__open_it__when", {"open": True}, "verbs.open_it"),  # nothing else opens it
        ("verbs__open_it__after__do", ["glow"], "ticks.shut"),  # nobody starts it
        ("verbs__open_it__else", "", "verbs.open_it.else"),
        ("looks__1__when", {}, "looks.2"),
        ("verbs__fill__params", {"n": {"type": "integer", "max": 1000}}, "verbs.fill.params.n"),
        ("verbs__look_in__else", {"tells": "Too dark."}, "verbs.look_in.else"),  # nothing is in its way
        ("verbs__open_it__else", {"when": {"open": False}, "tells": "It sticks."}, "verbs.open_it.else"),
        ("verbs__wipe__when", {"not": {"or": [{"open": True}, {"open": False}]}}, "verbs.wipe"),
    ],
)
def test_what_can_never_happen_is_a_warning(path: str, value: Any, where: str) -> None:
    assert (where, False) in flaws(BODY, **{path: value})


def test_a_verb_for_few_counts_as_reachable() -> None:
    assert flaws(CUP, verbs__grab__who=["character:mira"]) == []
    assert flaws(CUP, verbs__grab__who=["operator"]) == []


def test_what_only_a_try_in_vain_leads_to_can_be_reached() -> None:
    assert flaws(SAFE) == []
    locked = {"label": "Give up", "when": {"tries": 2}, "else": "Not yet.", "set": {"tries": 0}, "tells": "x"}
    assert flaws(SAFE, verbs__give_up=locked) == []
    assert ("verbs.give_up", False) in flaws(SAFE, verbs__give_up=locked, verbs__pull__else="Shut.")


def test_a_verb_with_many_combinations_leads_everywhere() -> None:
    dials = {name: {"type": "integer", "max": 9} for name in ("a", "b")}
    dial = {"label": "Dial {a}{b}", "params": dials, "set": {"a": "{a}", "b": "{b}"}, "tells": "Click."}
    pull = {"label": "Pull", "when": {"a": 9, "b": 9}, "else": {"tells": "No."}, "tells": "Open."}
    body = {**CUP, "state": dials, "verbs": {"dial": dial, "pull": pull}}
    assert flaws(body) == []
    assert flaws(
        {**body, "verbs": {**body["verbs"], "pull": {**pull, "when": {"a": 9, "not": {"b": {"min": 0}}}}}}
    ) == [("verbs.pull", False)]


def test_many_states_are_not_tried_for_ever() -> None:
    many = {f"n{number}": {"type": "integer", "max": 9} for number in range(6)}
    verbs = {f"add_{name}": {"label": "Add", "set": {name: "+1"}, "else": "Full.", "tells": "x"} for name in many}
    never = {"label": "Never", "when": {"n0": 9, "n1": 9, "n2": 9}, "else": "No.", "tells": "x"}
    body = {**CUP, "state": many, "verbs": {**verbs, "never": never}}
    assert flaws(body) == []
