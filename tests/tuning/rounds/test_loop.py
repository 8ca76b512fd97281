"""The loop on the simulated world: it improves, stays in its budget, and comes back from any crash to the same path."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.worlds.simulation import DIMENSIONS, NULL, SAFETY, WORLDS, Mix, SeededProposer, Simulation, gap_closed
from openroom.core.harness import Harness, canonical, load_harness
from openroom.errors import ModelUnreachable, StoreCorrupt
from openroom.tuning.audit.chain import Chain, read_chain, verify
from openroom.tuning.audit.journal import ChainJournal, MemoryJournal
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.edits import AddRule, SetMemory, apply_edits, parse_edit
from openroom.tuning.governance.states import check_path
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.arena import ArenaCase, Cost, Rollout
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.gate import GateError, false_keep_bound
from openroom.tuning.rounds.loop import Optimizer, RunResult
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.settings import LoopSettings
from tests.tuning.worlds import OBJECTIVE, WORLD, Fixed, OneHelps, optimizer_of, rounds_of
from tests.waiting import until


async def test_it_closes_most_of_the_gap_within_its_budget() -> None:
    journal = MemoryJournal()
    sim = Simulation(WORLD, 3)
    result = await optimizer_of(WORLD, journal, calls=1000, sim=sim).run()
    assert result.status == "budget spent"
    assert result.spent_calls <= 1000
    assert sim.played == result.spent_calls
    assert gap_closed(sim, Harness(), result.head) > 0.5
    assert sim.safety(result.head) == 1.0


async def test_records_are_whole() -> None:
    journal = MemoryJournal()
    result = await optimizer_of(WORLD, journal, calls=500).run()
    records = rounds_of(journal)
    assert sum(record.budget.spent_calls for record in records) <= result.spent_calls <= 500
    for record in records:
        assert check_path(record.states) == ""
        assert all(row.transcript for row in record.rollouts)
        assert record.digests["objective"] == OBJECTIVE.digest
    kept = [record for record in records if record.kept_version and record.purpose == "improve"]
    assert kept
    for record in kept:
        assert record.rollback.tested
        new = load_harness(await journal.read(record.kept_version))
        back = apply_edits(new, [parse_edit(edit) for edit in record.rollback.inverse])
        assert back.digest == record.parent_version


async def test_null_edits_are_kept_one_time_in_twenty_at_most() -> None:
    """A small A/A: a world in which nothing helps."""
    world = replace(WORLDS["20 rules, weak"], mix=NULL)
    kept = tested = 0
    for seed in range(3):
        journal = MemoryJournal()
        result = await optimizer_of(world, journal, calls=2500, seed=seed).run()
        tests = [record for record in rounds_of(journal) if record.gate.tests]
        tested += len(tests)
        kept += len(result.kept)
    assert tested >= 100
    assert false_keep_bound(kept, tested) <= 0.08


async def test_edits_that_trade_safety_never_stay() -> None:
    world = replace(WORLD, mix=Mix(useful=0.3, null=0.0, harmful=0.0, leak=0.0, trade=0.7))
    broken: list[str] = []
    for seed in range(6):
        journal = MemoryJournal()
        sim = Simulation(world, seed)
        result = await optimizer_of(world, journal, calls=700, seed=seed, sim=sim).run()
        assert sim.safety(result.head) == 1.0
        broken += [reason for record in rounds_of(journal) for reason in record.gate.guards]
    assert any("safety" in reason for reason in broken)


async def test_the_same_seed_takes_the_same_path() -> None:
    first, second = MemoryJournal(), MemoryJournal()
    await optimizer_of(WORLD, first, calls=400).run()
    await optimizer_of(WORLD, second, calls=400).run()
    assert canonical(first.notes) == canonical(second.notes)


class _Crash(BaseException):
    """A kill at a chosen write."""


@dataclass
class _Fragile(Chain):
    """A chain that dies before or after its n-th append."""

    def __init__(self, folder: Path, heads: HeadKeeper, at: int, after: bool) -> None:
        super().__init__(folder, heads)
        self._left, self._after = at, after

    def append(self, *args: Any, **named: Any) -> Any:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise _Crash
        entry = super().append(*args, **named)
        if self._left == 0:
            raise _Crash
        return entry


def _notes(folder: Path) -> list[bytes]:
    return [canonical(entry.body) for entry in read_chain(folder) if entry.kind == "note"]


async def _run_logged(folder: Path, chain: Chain, **settings: Any) -> RunResult:
    return await optimizer_of(WORLD, ChainJournal(chain, "r"), first_look=0, traps=2, **settings).run()


async def test_a_crash_at_any_write_changes_nothing(tmp_path: Path) -> None:
    with Chain(tmp_path / "whole", HeadKeeper(tmp_path / "h")) as chain:
        expected = await _run_logged(tmp_path / "whole", chain, rounds=2)
        writes = len(chain.entries)
    assert writes > 20
    for at in range(1, writes + 1, 3):
        folder, heads = tmp_path / f"log{at}", HeadKeeper(tmp_path / f"heads{at}")
        fragile = _Fragile(folder, heads, at, after=at % 2 == 0)
        with pytest.raises(_Crash):
            await _run_logged(folder, fragile, rounds=2)
        fragile.close()
        with Chain(folder, heads) as chain:
            result = await _run_logged(folder, chain, rounds=2)
        assert result == expected
        assert _notes(folder) == _notes(tmp_path / "whole")
        reserved = [canonical(entry.body) for entry in read_chain(folder) if entry.kind == "reserve"]
        assert len(reserved) == len(set(reserved))
        assert verify(folder, heads).ok


async def test_replay_from_the_records_plays_nothing(tmp_path: Path) -> None:
    sim = Simulation(WORLD, 3)
    with Chain(tmp_path / "log", HeadKeeper(tmp_path / "h")) as chain:
        first = await optimizer_of(WORLD, ChainJournal(chain, "r"), sim=sim, rounds=3).run()
        played, entries = sim.played, len(chain.entries)
        second = await optimizer_of(WORLD, ChainJournal(chain, "r"), sim=sim, rounds=3).run()
        assert second == first
        assert (sim.played, len(chain.entries)) == (played, entries)
        with pytest.raises(StoreCorrupt, match="start a new run"):
            await optimizer_of(WORLD, ChainJournal(chain, "r"), sim=sim, rounds=3, screen=2, first_look=2).run()


@dataclass
class _Flaky:
    """An arena whose model can't be reached at the n-th rollout."""

    inner: Simulation
    at: int
    played: int = 0

    def cases(self, split: Any) -> Sequence[ArenaCase]:
        return self.inner.cases(split)

    def digests(self) -> Any:
        return self.inner.digests()

    def cost(self, case_id: str) -> Cost:
        return self.inner.cost(case_id)

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        self.played += 1
        if self.played == self.at:
            raise ModelUnreachable("no connection")
        return await self.inner.evaluate(harness, case_id, seed)


async def test_an_unreachable_model_interrupts_and_the_run_goes_on_later(tmp_path: Path) -> None:
    with Chain(tmp_path / "log", HeadKeeper(tmp_path / "h")) as chain:
        with pytest.raises(ModelUnreachable):
            flaky = _Flaky(Simulation(WORLD, 3), 30)
            await optimizer_of(WORLD, ChainJournal(chain, "r"), sim=flaky, rounds=3).run()
        resumed = await optimizer_of(WORLD, ChainJournal(chain, "r"), rounds=3).run()
    assert resumed == await optimizer_of(WORLD, MemoryJournal(), rounds=3).run()


async def test_a_visitor_comes_first() -> None:
    waiting = asyncio.Event()
    asked = 0

    async def give_way() -> None:
        nonlocal asked
        asked += 1
        if asked == 5:
            await waiting.wait()

    sim = Simulation(WORLD, 3)
    optimizer = Optimizer(
        sim,
        MemoryJournal(),
        [SeededProposer(sim, 3)],
        OBJECTIVE,
        Harness(),
        budget=RunBudget(calls=100),
        settings=LoopSettings(seed=3),
        give_way=give_way,
    )
    task = asyncio.create_task(optimizer.run())
    await until(lambda: asked == 5)
    assert sim.played == 4
    waiting.set()
    await task
    assert sim.played > 4


async def test_a_pause_stops_between_rounds_and_the_run_can_go_on(tmp_path: Path) -> None:
    rounds = iter([False, False, True])
    with Chain(tmp_path / "log", HeadKeeper(tmp_path / "h")) as chain:
        optimizer = optimizer_of(WORLD, ChainJournal(chain, "r"), rounds=4)
        optimizer._paused = lambda: next(rounds)
        paused = await optimizer.run()
        assert (paused.status, paused.rounds) == ("paused", 2)
        resumed = await optimizer_of(WORLD, ChainJournal(chain, "r"), rounds=4).run()
    assert resumed.rounds == 4


async def test_memory_settings_wait_for_a_person_and_are_not_built_on() -> None:
    class Sim(OneHelps):
        async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
            rollout = await super().evaluate(harness, case_id, seed)
            if harness.memory.recall_facts == 9 and not case_id.startswith("trap"):
                return Rollout(dict.fromkeys(DIMENSIONS, 1.0), rollout.transcript)
            return rollout

    journal = MemoryJournal()
    settings = LoopSettings(seed=3, rounds=1, screen=0)
    optimizer = Optimizer(
        Sim(WORLD, 3),
        journal,
        [Fixed([SetMemory(name="recall_facts", value=9)])],
        OBJECTIVE,
        Harness(),
        budget=RunBudget(calls=5000),
        settings=settings,
    )
    result = await optimizer.run()
    assert rounds_of(journal)[0].states[-1] == "awaiting_approval"
    assert result.needs_person == 1
    assert result.head == Harness()


async def test_in_suggest_mode_every_keep_waits_for_a_person() -> None:
    journal = MemoryJournal()
    result = await optimizer_of(WORLD, journal, calls=400, mode="suggest").run()
    assert result.needs_person == len(result.kept) > 0
    assert all(record.states[-1] != "auto_kept" for record in rounds_of(journal) if record.purpose == "improve")


async def test_a_swapped_model_makes_old_results_stale() -> None:
    world = WORLDS["10 rules, good, model swap"]
    journal = MemoryJournal()
    sim = Simulation(world, 3, swap_after=300)
    await optimizer_of(world, journal, calls=600, sim=sim).run()
    models = [record.digests["model"] for record in rounds_of(journal)]
    assert models[0] == "first"
    assert models[-1] == "second"


async def test_dimensions_without_cases_are_left_alone() -> None:
    sim = Simulation(WORLD, 3)
    start = {"journal": MemoryJournal(), "proposers": [], "start": Harness(), "budget": RunBudget(calls=100)}
    with pytest.raises(GateError, match="there are none"):
        Optimizer(sim, objective=Objective(character="sim", weights={"charm": 1.0}), **start)
    fixed = Fixed([AddRule(id="x", text="Charms.")])
    suggested = [Proposal(AddRule(id="y", text="Charms more."), Hypothesis(dimension="charm"), "player:ann")]
    journal = MemoryJournal()
    optimizer = Optimizer(
        sim,
        journal,
        [fixed],
        Objective(character="sim", weights={"charm": 9.0, "d1": 1.0}, locked=(SAFETY,)),
        Harness(),
        budget=RunBudget(calls=400),
        settings=LoopSettings(seed=3, rounds=2),
        suggested=suggested,
    )
    await optimizer.run()
    first, second = rounds_of(journal)[:2]
    assert (first.purpose, first.states[-1]) == ("improve", "rejected")
    assert "no train and gate cases measure charm" in first.gate.reasons[0]
    assert second.hypotheses[0].dimension == "d1"
