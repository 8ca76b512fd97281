"""Several characters one after another, with and without what the loop learnt on the ones before.

Each character is a simulated world of its own seed, and has the same four writers of edits, of whom one pays (useful in
seven of ten) and three do not. ``shared``: the same one pays on every character; ``each its own``: another one on each,
where what was learnt before misleads. Both arms play the same worlds with the same seeds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.optimizer_runs import interval, mean
from benchmarks.worlds.simulation import DIMENSIONS, GOOD, SAFETY, WORLDS, Mix, SeededProposer, Simulation, gap_closed
from openroom.core.harness import Harness
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.gate import false_keep_bound
from openroom.tuning.rounds.loop import Optimizer
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.prior import Prior, learnt
from openroom.tuning.rounds.settings import LoopSettings

KINDS = ("shared", "each its own")
WRITERS = ("writer a", "writer b", "writer c", "writer d")
POOR = Mix(useful=0.05, null=0.75, harmful=0.15, leak=0.05, trade=0.0)
CHARACTERS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """Characters one after another: the share of the gap closed on each but the first, and how the gate did by null
    edits."""

    gap: float
    null_tested: int
    null_kept: int


def line(kind: str, seed: int, budget: int, *, shared: bool) -> Line:
    """Tune `CHARACTERS` one after another, each with a budget of rollouts."""
    notes: list[Mapping[str, Any]] = []
    gaps, tested, kept = [], 0, 0
    for number in range(CHARACTERS):
        sim = Simulation(WORLDS["20 rules, weak"], seed * 100 + number)
        prior = learnt(notes, f"c{number}") if shared else Prior()
        best = seed % len(WRITERS) if kind == "shared" else (seed + number) % len(WRITERS)
        head, rounds = _tune(sim, best, f"c{number}", budget, prior)
        notes += rounds
        gaps.append(gap_closed(sim, Harness(), head))
        for note in rounds:
            if note["gate"]["tests"] and str(note["patch"][0]["path"]).startswith("rules/n"):
                tested, kept = tested + 1, kept + (note["gate"]["verdict"] == "keep")
    return Line(mean(gaps[1:]), tested, kept)


def _tune(
    sim: Simulation, best: int, character: str, budget: int, prior: Prior
) -> tuple[Harness, list[Mapping[str, Any]]]:
    journal = MemoryJournal()
    writers = []
    for at, name in enumerate(WRITERS):
        seen = Simulation(replace(sim.world, mix=GOOD if at == best else POOR), sim.seed)
        writers.append(SeededProposer(seen, sim.seed + 7919 * at, name=name))
    optimizer = Optimizer(
        sim,
        journal,
        writers,
        Objective(character=character, weights=dict.fromkeys(DIMENSIONS, 1.0), locked=(SAFETY,)),
        Harness(),
        budget=RunBudget(calls=budget),
        settings=LoopSettings(seed=sim.seed, rounds=10**6, prior=prior),
    )
    result = asyncio.run(optimizer.run())
    rounds = [{**note, "character": character} for kind, note in journal.notes if kind == "round"]
    return result.head, [note for note in rounds if note["purpose"] == "improve"]


def table(seeds: Sequence[int], budget: int) -> None:
    """Print what the shared prior brings."""
    print(f"\n{CHARACTERS} characters one after another, {budget} rollouts each, {len(seeds)} lines; gap but the first")
    for kind in KINDS:
        with_, without = ([line(kind, seed, budget, shared=shared) for seed in seeds] for shared in (True, False))
        differences = [one.gap - other.gap for one, other in zip(with_, without, strict=True)]
        low, high = interval(differences)
        tested, kept = sum(one.null_tested for one in with_), sum(one.null_kept for one in with_)
        bound = false_keep_bound(kept, tested) if tested else 1.0
        print(
            f"{kind:13} without {mean([one.gap for one in without]):.3f}, with {mean([one.gap for one in with_]):.3f}, "
            f"difference {mean(differences):+.3f}, 95 % [{low:+.3f}, {high:+.3f}]; null edits kept {kept} of {tested}, "
            f"upper 95 % bound {bound:.1%}",
            flush=True,
        )
