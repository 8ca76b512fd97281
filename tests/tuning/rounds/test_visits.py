"""Visits: what fades is thrown away, what lasts is kept, and null edits are kept no more often than before."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.worlds.simulation import NULL, WORLDS, Mix, Simulation
from openroom.core.harness import Harness
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.audit.record import GateRow, RoundRecord, Split
from openroom.tuning.edits import AddRule
from openroom.tuning.rounds.arena import ArenaCase, Cost
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.gate import Evidence, GateSettings, false_keep_bound
from openroom.tuning.rounds.loop import Optimizer
from openroom.tuning.rounds.rollouts import Rollouts
from openroom.tuning.rounds.settings import LoopSettings
from openroom.tuning.rounds.trial import Trial
from openroom.tuning.rounds.visits import VISITS, Lasting, Span, in_words
from tests.tuning.worlds import OBJECTIVE, Fixed, optimizer_of, rounds_of

SETTINGS = GateSettings()
SEED = 6
MIXED = replace(
    WORLDS["20 rules, weak"], mix=Mix(useful=0.35, null=0.2, harmful=0.0, leak=0.0, trade=0.0, fading=0.45), visits=3
)


# the rule -----------------------------------------------------------------------------------------------------------


def _visit(rng: random.Random, chance: float) -> float:
    """The share followed of four things, in a visit whose chance differs from others."""
    logit = math.log(chance / (1 - chance)) + rng.gauss(0, 0.7)
    return sum(rng.random() < 1 / (1 + math.exp(-logit)) for _ in range(4)) / 4


def _judge(rng: random.Random, short: tuple[float, float], late: tuple[float, float]) -> tuple[bool, str]:
    """Whether short plays would keep an edit that moves the chance so, and what visits say then."""
    evidence, seen = Evidence(), list[float]()
    while (verdict := evidence.verdict(0.05, SETTINGS)) == "more":
        seen.append((rng.random() < short[1]) - (rng.random() < short[0]))
        evidence = evidence.after(seen[-1], SETTINGS)
    if verdict == "drop":
        return False, ""
    lasting = Lasting({"length": seen})
    while lasting.verdict == "more":
        lasting = lasting.after({"length": _visit(rng, late[1]) - _visit(rng, late[0])})
    assert 2 <= len(lasting.visits) <= VISITS
    return True, lasting.verdict


def _stays(short: tuple[float, float], late: tuple[float, float], tries: int = 500) -> tuple[int, int]:
    """(kept by short plays, and by visits too)."""
    rng = random.Random(17)
    found = [_judge(rng, short, late) for _ in range(tries)]
    return sum(kept for kept, _ in found), sum(verdict == "lasts" for _, verdict in found)


def test_what_lasts_is_kept_and_what_fades_is_not() -> None:
    kept, stays = _stays((0.3, 0.8), (0.3, 0.8))
    assert stays / kept > 0.75
    kept, stays = _stays((0.3, 0.8), (0.3, 0.3))
    assert stays / kept < 0.15
    kept, stays = _stays((0.01, 0.42), (0.01, 0.01))  # the form of address that was followed 0 times
    assert kept > 400
    assert stays / kept < 0.02


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_null_edits_are_kept_less_often_than_by_short_plays_alone(rate: float) -> None:
    before, after = _stays((rate, rate), (rate, rate), tries=1000)
    assert false_keep_bound(before, 1000) <= 0.05
    assert after <= before
    assert false_keep_bound(after, 1000) <= 0.02


def test_a_null_edit_that_visits_alone_favour_is_kept_no_more_often() -> None:
    """Whatever visits show: they keep nothing that short plays would not."""
    before, after = _stays((0.5, 0.5), (0.05, 0.95), tries=1000)
    assert after <= before
    assert false_keep_bound(after, 1000) <= 0.05


def test_half_of_the_effect_is_enough_and_less_is_not() -> None:
    short = {"address": [1.0, 0.0] * 6}
    half, less = Lasting(short), Lasting(short)
    for _ in range(VISITS):
        half, less = half.after({"address": 0.25}), less.after({"address": 0.2})
    assert (half.verdict, less.verdict) == ("lasts", "fades")


def test_too_few_visits_and_unclear_ones_ask_for_more() -> None:
    lasting = Lasting({"address": [1.0, 0.0] * 6})
    assert lasting.verdict == lasting.after({"address": 1.0}).verdict == "more"
    unclear = lasting.after({"address": 1.0}).after({"address": -0.25})
    assert unclear.verdict == "more"
    assert unclear.after({"address": 1.0}).after({"address": 0.5}).verdict == "lasts"
    assert replace(unclear, most=2).verdict == "lasts"  # at the last pair the mean decides: .375 of .5


def test_an_edit_that_tells_two_things_is_judged_for_each() -> None:
    """Length lasts and carries the mean; the form of address, which surely helped in short plays, is never said."""
    short = {"length": [1.0] * 12, "address": [1.0] * 6}
    lasting = Lasting(short)
    for _ in range(3):
        lasting = lasting.after({"length": 1.0, "address": 0.0})
    assert Span.of(lasting.effects).mean >= lasting.needed
    assert (lasting.verdict, lasting.faded) == ("fades", ("address",))
    row = lasting.row("voice")
    assert row.by == {"address": (1.0, 0.0), "length": (1.0, 1.0)}
    assert "it fades; address +1.00, then +0.00; length" in in_words(row)


def test_what_is_asked_for_counts_as_it_did_in_short_pairs() -> None:
    lasting = Lasting({"length": [1.0] * 3, "address": [0.0] * 9, "register": [1.0]})
    lasting = lasting.after({"length": 1.0, "address": 0.0, "secrets": -1.0})
    assert lasting.effects == (0.25,)
    assert lasting.needed == 0.125  # what no visit asks for is left out of the short effect too


def test_the_interval_is_students() -> None:
    span = Span.of([0.0, 1.0])
    assert (span.mean, round(span.low, 3), round(span.high, 3)) == (0.5, -1.039, 2.039)
    assert Span.of([0.4]) == Span(0.4, -1.0, 1.0)


# in the loop --------------------------------------------------------------------------------------------------------


def _sorts(record: RoundRecord) -> str:
    return record.patch[0].path.removeprefix("rules/")[0]


async def test_the_loop_throws_away_what_fades_and_keeps_what_lasts() -> None:
    kept: dict[int, dict[str, int]] = {}
    for visits in (0, VISITS):
        seen = kept.setdefault(visits, {"u": 0, "f": 0, "n": 0})
        for seed in range(2):
            journal = MemoryJournal()
            result = await optimizer_of(MIXED, journal, calls=1500, seed=seed, visits=visits).run()
            assert result.spent_calls <= 1500
            for one in result.kept:
                assert isinstance(one.edit, AddRule)
                seen[one.edit.id[0]] += 1
    assert kept[0]["f"] >= 5, kept
    assert kept[VISITS]["f"] <= kept[0]["f"] / 4, kept
    assert kept[VISITS]["u"] >= 0.6 * kept[0]["u"], kept


async def _one(edit: AddRule, **settings: Any) -> tuple[RoundRecord, int]:
    """The first round of a run that has this edit to try, and the calls it has spent."""
    journal, sim = MemoryJournal(), Simulation(MIXED, SEED)
    how = LoopSettings(seed=SEED, rounds=1, screen=0, **settings)
    budget = RunBudget(calls=5000)
    result = await Optimizer(sim, journal, [Fixed([edit])], OBJECTIVE, Harness(), budget=budget, settings=how).run()
    return rounds_of(journal)[0], result.spent_calls


def _rule_of(dimension: str) -> int:
    """The rule that most gate cases of the dimension need."""
    sim = Simulation(MIXED, SEED)
    needed = [rule for case in sim.cases("gate") if case.dimension == dimension for rule in sim.need(case.id).rules]
    return max(set(needed), key=needed.count)


async def test_a_round_says_what_visits_showed_and_what_they_cost() -> None:
    first, _ = await _one(AddRule(id="n1", text="Nothing."))
    rule = _rule_of(first.hypotheses[0].dimension)
    lasts, _ = await _one(AddRule(id=f"u{rule}", text=f"Always, in every reply: habit {rule}."))
    fades, _ = await _one(AddRule(id=f"f{rule}", text=f"Always, in every reply: habit {rule}."))
    assert (lasts.gate.verdict, fades.gate.verdict) == ("keep", "drop")
    assert lasts.gate.visits and fades.gate.visits
    assert (lasts.gate.visits[0].verdict, fades.gate.visits[0].verdict) == ("lasts", "fades")
    assert "helped in short plays and faded in visits" in fades.self_criticism
    assert any(" late in " in reason and "it fades" in reason for reason in fades.gate.reasons)
    long = [row for row in fades.rollouts if row.split == "visit"]
    assert len(long) == 2 * len(fades.gate.visits[0].effects)
    assert sum(row.calls for row in long) == 12 * len(long)
    assert fades.budget.spent_calls == sum(row.calls for row in fades.rollouts)


async def test_without_visits_the_same_edit_stays_and_the_record_has_none() -> None:
    first, _ = await _one(AddRule(id="n1", text="Nothing."))
    rule = _rule_of(first.hypotheses[0].dimension)
    record, _ = await _one(AddRule(id=f"f{rule}", text=f"Always, in every reply: habit {rule}."), visits=0)
    assert record.gate.verdict == "keep"
    assert record.gate.visits is None
    assert b"visits" not in record.canonical_json()


def test_evidence_that_was_approved_before_there_were_visits_keeps_its_digest() -> None:
    old = RoundRecord(round_id="r/0/improve", number=0, parent_version="a", gate=GateRow(verdict="keep"))
    assert old.evidence_digest == "0be7c296decc730204527b54df8eeef6883b657f76d6344b1a8acc7bc5a44455"


async def test_null_edits_are_kept_one_time_in_twenty_at_most_with_visits() -> None:
    """A small A/A, as in `tests.tuning.rounds.test_loop`, in a world that has visits."""
    world = replace(WORLDS["20 rules, weak"], mix=NULL, visits=3)
    kept = tested = 0
    for seed in range(3):
        journal = MemoryJournal()
        result = await optimizer_of(world, journal, calls=2500, seed=seed).run()
        tested += sum(bool(record.gate.tests) for record in rounds_of(journal))
        kept += len(result.kept)
    assert tested >= 100
    assert false_keep_bound(kept, tested) <= 0.05


async def test_a_budget_that_ends_before_the_visits_keeps_nothing() -> None:
    first, _ = await _one(AddRule(id="n1", text="Nothing."))
    rule = _rule_of(first.hypotheses[0].dimension)
    journal, sim = MemoryJournal(), Simulation(MIXED, SEED)
    edit = AddRule(id=f"u{rule}", text=f"Always, in every reply: habit {rule}.")
    how = LoopSettings(seed=SEED, rounds=1, screen=0)
    budget = RunBudget(calls=110)
    result = await Optimizer(sim, journal, [Fixed([edit])], OBJECTIVE, Harness(), budget=budget, settings=how).run()
    record = rounds_of(journal)[0]
    assert (result.status, result.kept, record.gate.verdict) == ("budget spent", (), "drop")
    assert "the budget ended before visits showed whether it lasts" in record.gate.reasons[-1]
    assert result.spent_calls <= 110


class _Priced(Simulation):
    """Another arena: its visits ask for something that no short case asks for."""

    def cases(self, split: Split) -> Sequence[ArenaCase]:
        found = super().cases(split)
        return [replace(one, asks=("other",)) for one in found] if split == "visit" else found

    def cost(self, case_id: str) -> Cost:
        assert not case_id.startswith("visit/")
        return super().cost(case_id)


async def test_visits_that_ask_for_something_else_are_not_played() -> None:
    sim, journal, budget = _Priced(MIXED, SEED), MemoryJournal(), RunBudget(calls=5000)
    rollouts = Rollouts(sim, journal, budget, _nobody)
    rule = _rule_of("d0")
    better = Harness.model_validate({"rules": [{"id": f"u{rule}", "text": f"Always, in every reply: habit {rule}."}]})
    trial = Trial(sim, rollouts, SEED, Harness(), better, SETTINGS)
    await trial.gate(["d0"])
    assert await trial.visit("d0", VISITS) is None


async def _nobody() -> None:
    return None


def test_visits_lie_in_a_split_of_their_own() -> None:
    sim = Simulation(MIXED, SEED)
    assert not {case.id for case in sim.cases("visit")} & {case.id for case in sim.cases("gate")}
    assert all(isinstance(case, ArenaCase) and case.split == "visit" for case in sim.cases("visit"))
    assert Simulation(WORLDS["20 rules, weak"], 5).cases("visit") == ()
