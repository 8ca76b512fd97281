"""What was kept on other characters orders what is tried on the next, and decides nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.optimizer_prior import line
from openroom.tuning.edits import AddRule, SetGuard, SetSampling
from openroom.tuning.proposals.operators import likeliest_first
from openroom.tuning.rounds.bandit import Bandit
from openroom.tuning.rounds.prior import Prior, by, kind_of, learnt


def rounds(character: str, op: str, path: str, kept: int, tried: int, **more: Any) -> list[dict[str, Any]]:
    """Rounds that tried one kind of edit."""
    return [
        {
            "character": character,
            "purpose": "improve",
            "operator": "templates",
            "patch": [{"op": op, "path": path}],
            "gate": {"tests": [{}], "verdict": "keep" if n < kept else "drop"},
            **more,
        }
        for n in range(tried)
    ]


def test_each_setting_is_a_kind_and_the_words_of_a_rule_are_none() -> None:
    assert kind_of(AddRule(id="a", text="One.")) == kind_of(AddRule(id="b", text="Two.")) == "add_rule"
    assert kind_of(SetGuard(name="reminder", value="One.")) == "set_guard reminder"
    assert kind_of(SetSampling(name="top_p", value=0.5)) == "set_sampling top_p"


def test_one_characters_luck_does_not_rule() -> None:
    """Thirty keeps on one character count no more than once; three characters that agree count more."""
    lucky = learnt(rounds("ann", "set_guard", "guards/reminder", 30, 30), "mira")
    many = [note for who in "abc" for note in rounds(who, "set_guard", "guards/reminder", 3, 3)]
    key = "set_guard reminder"
    assert 0.15 < lucky.expected(key) < 0.6 < learnt(many, "mira").expected(key)
    against = [note for who in "abc" for note in rounds(who, "set_guard", "guards/reminder", 0, 3)]
    mixed = learnt([*rounds("ann", "set_guard", "guards/reminder", 30, 30), *against], "mira")
    assert mixed.expected(key) < 0.4
    assert sum(lucky.rounds(key)) < 2.0 < sum(learnt(many, "mira").rounds(key)) <= 6.0


def test_what_the_gate_did_not_measure_and_the_character_itself_teach_nothing() -> None:
    own = rounds("mira", "add_rule", "rules/x", 3, 3)
    planted = rounds("ann", "add_rule", "rules/x", 3, 3, purpose="planted")
    unmeasured = rounds("ann", "add_rule", "rules/x", 0, 3, gate={"tests": [], "verdict": "drop"})
    prior = learnt([*own, *planted, *unmeasured], "mira")
    assert prior == Prior()
    assert prior.words("add_rule") == "" and prior.rounds("add_rule") == (0.0, 0.0)


def test_it_is_told_in_plain_words_and_survives_the_log() -> None:
    notes = [*rounds("ann", "add_rule", "rules/x", 1, 2), *rounds("ben", "add_rule", "rules/y", 1, 3)]
    prior = learnt(notes, "mira")
    assert prior.words("add_rule") == "such edits were kept 2 of 5 times on 2 other characters"
    assert learnt(rounds("ann", "add_rule", "rules/x", 1, 2), "mira").words("add_rule").endswith("1 other character")
    assert Prior.of_body(json.loads(json.dumps(prior.body()))) == prior


def test_it_orders_edits_and_begins_the_bandits_arms() -> None:
    edits = [AddRule(id="a", text="One."), SetGuard(name="reminder", value="Two."), AddRule(id="b", text="Three.")]
    many = [note for who in "abc" for note in rounds(who, "set_guard", "guards/reminder", 3, 3)]
    assert likeliest_first(edits, Prior()) == edits
    assert likeliest_first(edits, learnt(many, "mira")) == [edits[1], edits[0], edits[2]]
    prior = learnt(many, "mira")
    arms = Bandit.over(("templates", "other"), prior={"templates": prior.rounds(by("templates"))}).arms
    assert arms[0].paid > arms[0].missed and (arms[1].paid, arms[1].missed) == (0.0, 0.0)


@pytest.mark.parametrize("shared", [True, False])
def test_a_line_of_characters_is_the_same_each_time(shared: bool) -> None:
    assert line("shared", 3, 60, shared=shared) == line("shared", 3, 60, shared=shared)
