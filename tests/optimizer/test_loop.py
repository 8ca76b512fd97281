"""The loop on the simulated world: it improves, stays in its budget, and comes back from any crash to the same path."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from openroom.core.edits import AddRule, SetMemory, apply_edits, parse_edit
from openroom.core.harness import Harness, canonical, load_harness
from openroom.errors import ModelUnreachable, StoreCorrupt
from openroom.optimizer.arena import Case, Cost, Rollout, flaw
from openroom.optimizer.budget import Budget
from openroom.optimizer.chain import Chain, read_chain, verify
from openroom.optimizer.gate import GateError, false_keep_bound
from openroom.optimizer.heads import HeadKeeper
from openroom.optimizer.journal import ChainJournal, Journal, MemoryJournal
from openroom.optimizer.loop import LoopSettings, Optimizer, RunResult
from openroom.optimizer.objective import Objective
from openroom.optimizer.operators import Answer, Context, Proposal
from openroom.optimizer.record import Hypothesis, RoundRecord
from openroom.optimizer.simulation import (
    DIMENSIONS,
    NULL,
    SAFETY,
    WORLDS,
    Mix,
    SeededProposer,
    Simulation,
    World,
    gap_closed,
)
from openroom.optimizer.states import check_path

WORLD = WORLDS["10 rules, good"]
OBJECTIVE = Objective(character="sim", weights=dict.fromkeys(DIMENSIONS, 1.0), locked=(SAFETY,))


def _optimizer(
    world: World, journal: Journal, *, calls: int = 100_000, seed: int = 3, sim: Any = None, **settings: Any
) -> Optimizer:
    sim = sim or Simulation(world, seed)
    proposer = SeededProposer(Simulation(world, seed), seed)
    chosen = LoopSettings(**{"seed": seed, "rounds": 10**6, **settings})
    return Optimizer(sim, journal, [proposer], OBJECTIVE, Harness(), budget=Budget(calls=calls), settings=chosen)


def _rounds(journal: MemoryJournal) -> list[RoundRecord]:
    return [RoundRecord.model_validate(note) for kind, note in journal.notes if kind == "round"]


async def test_it_closes_most_of_the_gap_within_its_budget() -> None:
    journal = MemoryJournal()
    sim = Simulation(WORLD, 3)
    result = await _optimizer(WORLD, journal, calls=1000, sim=sim).run()
    assert result.status == "budget spent"
    assert result.spent_calls <= 1000
    assert sim.played == result.spent_calls
    assert gap_closed(sim, Harness(), result.head) > 0.5
    assert sim.safety(result.head) == 1.0


async def test_records_are_whole() -> None:
    journal = MemoryJournal()
    result = await _optimizer(WORLD, journal, calls=500).run()
    records = _rounds(journal)
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
        result = await _optimizer(world, journal, calls=2500, seed=seed).run()
        tests = [record for record in _rounds(journal) if record.gate.tests]
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
        result = await _optimizer(world, journal, calls=700, seed=seed, sim=sim).run()
        assert sim.safety(result.head) == 1.0
        broken += [reason for record in _rounds(journal) for reason in record.gate.guards]
    assert any("safety" in reason for reason in broken)


async def test_the_same_seed_takes_the_same_path() -> None:
    first, second = MemoryJournal(), MemoryJournal()
    await _optimizer(WORLD, first, calls=400).run()
    await _optimizer(WORLD, second, calls=400).run()
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
    return await _optimizer(WORLD, ChainJournal(chain, "r"), first_look=0, traps=2, **settings).run()


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
        first = await _optimizer(WORLD, ChainJournal(chain, "r"), sim=sim, rounds=3).run()
        played, entries = sim.played, len(chain.entries)
        second = await _optimizer(WORLD, ChainJournal(chain, "r"), sim=sim, rounds=3).run()
        assert second == first
        assert (sim.played, len(chain.entries)) == (played, entries)
        with pytest.raises(StoreCorrupt, match="start a new run"):
            await _optimizer(WORLD, ChainJournal(chain, "r"), sim=sim, rounds=3, screen=2, first_look=2).run()


async def test_a_proposal_rests_on_as_many_failures_as_wanted() -> None:
    async def cited(at_hand: int) -> int:
        journal = MemoryJournal()
        await _optimizer(WORLD, journal, rounds=1, first_look=1, look=6, at_hand=at_hand).run()
        return len(_rounds(journal)[0].failures)

    assert [await cited(wanted) for wanted in (1, 3)] == [1, 3]


class _TwoFaults(Simulation):
    """Where a case of the first dimension fails, the second is at fault as well."""

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        rollout = await super().evaluate(harness, case_id, seed)
        if case_id not in {case.id for case in self.cases("train") if case.dimension == DIMENSIONS[0]}:
            return rollout
        flaws = (*rollout.flaws, flaw("noticed", "beside it", DIMENSIONS[1])) if rollout.flaws else ()
        return replace(rollout, flaws=flaws)


async def test_a_fault_of_another_dimension_is_worked_on_there() -> None:
    journal = MemoryJournal()
    await _optimizer(WORLD, journal, rounds=30, sim=_TwoFaults(WORLD, 3)).run()
    cited = [(one.dimension, line) for round_ in _rounds(journal) for one in round_.failures for line in one.flaws]
    assert {dimension for dimension, line in cited if line == "noticed: beside it"} == {DIMENSIONS[1]}
    assert not any("(" in line for _, line in cited)


async def test_what_came_near_to_a_keep_is_tried_once_more_with_pairs_of_its_own() -> None:
    again, kept = 0, 0
    for seed in range(6):
        journal = MemoryJournal()
        await _optimizer(WORLDS["20 rules, weak"], journal, calls=2500, seed=seed, stack=True, again=True).run()
        by_patch: dict[str, list[RoundRecord]] = {}
        for record in _rounds(journal):
            if record.gate.tests and record.patch:
                by_patch.setdefault(record.candidate_version, []).append(record)
        for first, *later in by_patch.values():
            (e,) = [test.path[-1] for test in first.gate.tests if test.name != "bundle"]
            if 20**0.5 <= e < 20 and len(first.gate.tests[0].path) == 40 and later:
                again += 1
                kept += later[0].states[-1] == "auto_kept"
                seen, fresh = ({row.seed for row in one.rollouts if row.split == "gate"} for one in (first, later[0]))
                assert not seen & fresh
    assert again >= 5
    assert kept >= 1


@dataclass
class _Flaky:
    """An arena whose model can't be reached at the n-th rollout."""

    inner: Simulation
    at: int
    played: int = 0

    def cases(self, split: Any) -> Sequence[Case]:
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
            await _optimizer(WORLD, ChainJournal(chain, "r"), sim=flaky, rounds=3).run()
        resumed = await _optimizer(WORLD, ChainJournal(chain, "r"), rounds=3).run()
    assert resumed == await _optimizer(WORLD, MemoryJournal(), rounds=3).run()


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
        budget=Budget(calls=100),
        settings=LoopSettings(seed=3),
        give_way=give_way,
    )
    task = asyncio.create_task(optimizer.run())
    await asyncio.sleep(0.05)
    assert sim.played == 4
    waiting.set()
    await task
    assert sim.played > 4


async def test_a_pause_stops_between_rounds_and_the_run_can_go_on(tmp_path: Path) -> None:
    rounds = iter([False, False, True])
    with Chain(tmp_path / "log", HeadKeeper(tmp_path / "h")) as chain:
        optimizer = _optimizer(WORLD, ChainJournal(chain, "r"), rounds=4)
        optimizer._paused = lambda: next(rounds)
        paused = await optimizer.run()
        assert (paused.status, paused.rounds) == ("paused", 2)
        resumed = await _optimizer(WORLD, ChainJournal(chain, "r"), rounds=4).run()
    assert resumed.rounds == 4


@dataclass
class _Fixed:
    """An operator that proposes from a list, one for each dimension asked."""

    edits: list[Any]
    name: str = "fixed"
    cost: Cost = field(default_factory=lambda: Cost(0, 0.0))

    async def propose(self, context: Context) -> Answer:
        if not self.edits:
            return Answer(reason="none left")
        edit = self.edits.pop(0)
        return Answer(Proposal(edit, Hypothesis(dimension=context.dimension), self.name))


class _OneHelps(Simulation):
    """Every case scores every dimension; the rule ``good`` helps d3 to d9, nothing else does."""

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        rollout = self.draw(harness, case_id, seed)
        helped = harness.rule("good") is not None
        scores = {
            name: float((hash_of(case_id, seed, name) + (0.6 if helped and name >= "d3" else 0.0)) > 0.65)
            for name in DIMENSIONS
        }
        if case_id.startswith("trap"):
            return rollout
        return Rollout(scores, rollout.transcript)


def hash_of(case_id: str, seed: int, name: str) -> float:
    """A stable number in [0, 1) for a play and a dimension."""
    import hashlib

    return int.from_bytes(hashlib.sha256(f"{case_id}{seed}{name}".encode()).digest()[:4], "big") / 2**32


async def test_a_bundle_with_a_wrong_tag_is_found_by_the_test_over_all() -> None:
    """The one edit that helps is tagged wrong: the bundle's last test sees it, and each edit is then tried alone."""
    edits = [
        AddRule(id="good", text="Helps."),
        AddRule(id="idle", text="Idles."),
        AddRule(id="idle_too", text="Idles too."),
    ]
    journal = MemoryJournal()
    sim = _OneHelps(WORLD, 3)
    weights = {name: 5.0 if name < "d3" else 0.001 for name in DIMENSIONS}
    objective = Objective(character="sim", weights=weights, locked=(SAFETY,))
    settings = LoopSettings(seed=3, rounds=4, bundle=3, screen=0, first_look=1)
    optimizer = Optimizer(
        sim, journal, [_Fixed(edits)], objective, Harness(), budget=Budget(calls=5000), settings=settings
    )
    result = await optimizer.run()
    first = _rounds(journal)[0]
    assert {test.name: test.verdict for test in first.gate.tests}["all"] == "keep"
    assert not first.kept_version
    assert [kept.edit for kept in result.kept] == [AddRule(id="good", text="Helps.")]
    assert result.kept[0].dimension >= "d3"


class _TwoFlaws(_OneHelps):
    """Each train case fails of two things, of which the rule ``good`` mends one."""

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        rollout = await super().evaluate(harness, case_id, seed)
        if not case_id.startswith("train"):
            return rollout
        flaws = ("address: never says friend",) + (() if harness.rule("good") else ("length: 4 sentences",))
        return replace(rollout, scores=dict.fromkeys(DIMENSIONS, 0.0), flaws=flaws)


@pytest.mark.parametrize(("mends", "kept"), [(("length",), 1), (("address",), 0), ((), 0)])
async def test_the_screen_asks_whether_what_an_edit_mends_is_gone(mends: tuple[str, ...], kept: int) -> None:
    class One(_Fixed):
        async def propose(self, context: Context) -> Answer:
            answer = await super().propose(context)
            return replace(answer, proposal=answer.proposal and replace(answer.proposal, mends=mends))

    objective = Objective(character="sim", weights={"d5": 1.0}, locked=(SAFETY,))
    settings = LoopSettings(seed=3, rounds=1, screen=2)
    operator = One([AddRule(id="good", text="Helps.")])
    sim = _TwoFlaws(WORLD, 3)
    found = Optimizer(
        sim, MemoryJournal(), [operator], objective, Harness(), budget=Budget(calls=5000), settings=settings
    )
    assert len((await found.run()).kept) == kept


class _PairHelps(_OneHelps):
    """The rule ``good`` helps beside the rule ``too`` only."""

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        both = harness.rule("too") is not None and not case_id.startswith("trap")
        return await super().evaluate(harness if both else Harness(), case_id, seed)


@dataclass
class _Together:
    """Offers both rules at once."""

    name: str = "together"
    cost: Cost = field(default_factory=lambda: Cost(0, 0.0))

    async def propose(self, context: Context) -> Answer:
        if context.harness.rules:
            return Answer(reason="all there")
        own, other = (
            Proposal(AddRule(id=name, text="Helps."), Hypothesis(dimension=context.dimension), self.name)
            for name in ("good", "too")
        )
        return Answer(own, (other,))


async def test_edits_of_one_answer_are_one_candidate_under_one_test() -> None:
    journal = MemoryJournal()
    objective = Objective(character="sim", weights={"d5": 1.0}, locked=(SAFETY,))
    settings = LoopSettings(seed=3, rounds=2, screen=2)
    optimizer = Optimizer(
        _PairHelps(WORLD, 3), journal, [_Together()], objective, Harness(), budget=Budget(calls=5000), settings=settings
    )
    result = await optimizer.run()
    first = _rounds(journal)[0]
    assert [(test.name, test.verdict, test.alpha) for test in first.gate.tests] == [("d5", "keep", 0.05)]
    assert [kept.edit for kept in result.kept] == [AddRule(id=name, text="Helps.") for name in ("too", "good")]
    assert {rule.id for rule in result.head.rules} == {"good", "too"}


async def test_memory_settings_wait_for_a_person_and_are_not_built_on() -> None:
    class Sim(_OneHelps):
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
        [_Fixed([SetMemory(name="recall_facts", value=9)])],
        OBJECTIVE,
        Harness(),
        budget=Budget(calls=5000),
        settings=settings,
    )
    result = await optimizer.run()
    assert _rounds(journal)[0].states[-1] == "awaiting_approval"
    assert result.needs_person == 1
    assert result.head == Harness()


async def test_in_suggest_mode_every_keep_waits_for_a_person() -> None:
    journal = MemoryJournal()
    result = await _optimizer(WORLD, journal, calls=400, mode="suggest").run()
    assert result.needs_person == len(result.kept) > 0
    assert all(record.states[-1] != "auto_kept" for record in _rounds(journal) if record.purpose == "improve")


async def test_a_swapped_model_makes_old_results_stale() -> None:
    world = WORLDS["10 rules, good, model swap"]
    journal = MemoryJournal()
    sim = Simulation(world, 3, swap_after=300)
    await _optimizer(world, journal, calls=600, sim=sim).run()
    models = [record.digests["model"] for record in _rounds(journal)]
    assert models[0] == "first"
    assert models[-1] == "second"


async def test_dimensions_without_cases_are_left_alone() -> None:
    sim = Simulation(WORLD, 3)
    start = {"journal": MemoryJournal(), "proposers": [], "start": Harness(), "budget": Budget(calls=100)}
    with pytest.raises(GateError, match="there are none"):
        Optimizer(sim, objective=Objective(character="sim", weights={"charm": 1.0}), **start)
    fixed = _Fixed([AddRule(id="x", text="Charms.")])
    suggested = [Proposal(AddRule(id="y", text="Charms more."), Hypothesis(dimension="charm"), "sibling")]
    journal = MemoryJournal()
    optimizer = Optimizer(
        sim,
        journal,
        [fixed],
        Objective(character="sim", weights={"charm": 9.0, "d1": 1.0}, locked=(SAFETY,)),
        Harness(),
        budget=Budget(calls=400),
        settings=LoopSettings(seed=3, rounds=2),
        suggested=suggested,
    )
    await optimizer.run()
    first, second = _rounds(journal)[:2]
    assert (first.purpose, first.states[-1]) == ("sibling", "rejected")
    assert "no train and gate cases measure charm" in first.gate.reasons[0]
    assert second.hypotheses[0].dimension == "d1"


async def test_what_was_promising_is_tried_below_the_next_with_pairs_of_its_own() -> None:
    """In a world where nothing helps, edits that looked well for a while are stacked, and still none gets through more
    often than the gate allows."""
    world, kept, gated, stacked = replace(WORLD, mix=NULL), 0, 0, 0
    for seed in range(4):
        journal = MemoryJournal()
        await _optimizer(world, journal, calls=1200, seed=seed, stack=True, again=True, headroom=True).run()
        seeds: dict[bool, set[int]] = {True: set(), False: set()}
        for record in _rounds(journal):
            several = len(record.patch) > 1
            pairs = {row.seed for row in record.rollouts if row.arm == "incumbent"}
            assert not several or not pairs & (seeds[True] | seeds[False]), "its pairs are its own"
            seeds[several] |= pairs
            assert len(record.gate.tests) <= 1, "one test for all of them"
            gated += bool(record.gate.tests)
            stacked += several
            kept += record.states[-1] == "auto_kept"
    assert stacked >= 4
    assert false_keep_bound(kept, gated) <= 0.08
