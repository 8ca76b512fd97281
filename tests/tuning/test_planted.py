"""Planted-bad candidates are tried like others and never change the head."""

from __future__ import annotations

from benchmarks.worlds.planted import catch_rate, plant
from benchmarks.worlds.simulation import DIMENSIONS, SAFETY, WORLDS, Simulation
from openroom.core.harness import Harness
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.audit.record import RoundRecord
from openroom.tuning.edits import AddRule, DropRule
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.loop import Optimizer
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.settings import LoopSettings


async def _tried(edits: list[AddRule | DropRule]) -> tuple[Harness, list[RoundRecord]]:
    journal = MemoryJournal()
    optimizer = Optimizer(
        Simulation(WORLDS["10 rules, good"], 3),
        journal,
        [],
        Objective(character="sim", weights=dict.fromkeys(DIMENSIONS, 1.0), locked=(SAFETY,)),
        Harness(),
        budget=RunBudget(calls=2000),
        settings=LoopSettings(seed=3, rounds=len(edits)),
        suggested=plant(list(edits), "d2"),
    )
    result = await optimizer.run()
    return result.head, [RoundRecord.model_validate(note) for kind, note in journal.notes if kind == "round"]


async def test_bad_candidates_are_caught() -> None:
    bad = [AddRule(id=f"h{number}", text="Harms.") for number in range(5)]
    head, records = await _tried([*bad, DropRule(id="nobody")])
    rate = catch_rate(records)
    assert (rate.tried, rate.caught, rate.missed) == (6, 6, ())
    assert rate.by["static"] == 1
    assert rate.by["gate"] == 5
    assert rate.bound < 0.5
    assert head == Harness()


async def test_one_that_would_pass_is_a_miss_and_still_changes_nothing() -> None:
    head, records = await _tried([AddRule(id="u2", text="Always, in every reply: habit 2.")])
    rate = catch_rate(records)
    assert rate.tried == 1
    assert rate.caught == 0
    assert records[0].states[-1] == "quarantined"
    assert head == Harness()
    assert rate.missed == (records[0].round_id,)
