"""One run of each optimiser in one simulated world, as a row of plain numbers; rows are cached in a JSONL file."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

from benchmarks.optimizer_gepa import GepaSettings, run_gepa
from benchmarks.worlds.simulation import (
    DIMENSIONS,
    NULL,
    SAFETY,
    WORLDS,
    SeededProposer,
    Simulation,
    World,
    as_final,
    gap_closed,
)
from openroom.core.harness import Harness
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.loop import Optimizer
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.seeds import derive
from openroom.tuning.rounds.settings import LoopSettings

OPENROOM, DEFAULT, TUNED = "openroom", "gepa default", "gepa tuned"
NULL_WORLD = "nothing helps (A/A)"
_ROOT = Path(__file__).resolve().parent.parent

#: The best of 36 settings by budget (see `benchmarks.optimizer_tune`), chosen over all worlds on seeds 5000 to 5003.
TUNED_SETTINGS = {
    500: GepaSettings(3, 40, "epsilon_greedy"),
    1000: GepaSettings(3, 40, "epsilon_greedy"),
    3000: GepaSettings(5, 100, "epsilon_greedy"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One run. ``to_25``... are rollouts until that share of the gap was closed by truth (-1: never); ``reported`` is
    the score that the optimiser publishes for its result, ``true`` what the same judge would give it on average."""

    world: str
    seed: int
    budget: int
    optimizer: str
    code: str
    gap: float
    to_25: int
    to_50: int
    to_75: int
    null_tested: int
    null_kept: int
    reported: float
    true: float
    breach: bool
    spent: int
    seconds: float


class Cache:
    """Rows already computed, by (world, seed, budget, optimiser, code digest)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text().splitlines() if path.exists() else []
        self._rows = {_key(row): row for row in (Row(**json.loads(line)) for line in lines if line.endswith("}"))}

    def row(self, world: str, seed: int, budget: int, optimizer: str) -> Row:
        """The row, computed and stored when it is not there yet."""
        key = (world, seed, budget, optimizer, code_digest(optimizer))
        if key not in self._rows:
            row = compute(world, seed, budget, optimizer)
            with self._path.open("a") as file:
                file.write(json.dumps(asdict(row)) + "\n")
            self._rows[key] = row
        return self._rows[key]


def compute(world: str, seed: int, budget: int, optimizer: str) -> Row:
    """Run it."""
    sim = Simulation(world_named(world), seed, swap_after=budget // 2)
    began = time.perf_counter()
    run = _ours(sim, seed, budget) if optimizer == OPENROOM else _gepa(sim, seed, budget, optimizer)
    seconds = time.perf_counter() - began
    final = as_final(sim)
    flip = sim.world.flip
    start, best = Harness(), run.best
    return Row(
        world=world,
        seed=seed,
        budget=budget,
        optimizer=optimizer,
        code=code_digest(optimizer),
        gap=round(gap_closed(final, start, best), 6),
        to_25=_reached(final, run.curve, 0.25),
        to_50=_reached(final, run.curve, 0.50),
        to_75=_reached(final, run.curve, 0.75),
        null_tested=run.null_tested,
        null_kept=run.null_kept,
        reported=round(_published(final, best) if run.reported is None else run.reported, 6),
        true=round(final.truth(best) * (1 - 2 * flip) + flip, 6),
        breach=final.safety(best) < final.safety(start),
        spent=run.spent,
        seconds=round(seconds, 3),
    )


def world_named(name: str) -> World:
    """A world by name; `NULL_WORLD` is the one in which no edit changes anything."""
    return replace(WORLDS["20 rules, weak"], name=NULL_WORLD, mix=NULL) if name == NULL_WORLD else WORLDS[name]


def code_digest(optimizer: str) -> str:
    """sha256 (first 12 digits) of the code that a row depends on."""
    files = [
        _ROOT / "openroom/core/harness.py",
        _ROOT / "openroom/tuning/edits.py",
        _ROOT / "benchmarks/optimizer_runs.py",
    ]
    rounds = _ROOT / "openroom/tuning/rounds"
    if optimizer == OPENROOM:
        proposals = _ROOT / "openroom/tuning/proposals"
        files += [*sorted(rounds.glob("*.py")), proposals / "ask.py", proposals / "operators.py"]
    else:
        files += [rounds / "seeds.py", _ROOT / "benchmarks/optimizer_gepa.py"]
    files.append(_ROOT / "benchmarks/worlds/simulation.py")
    seen = hashlib.sha256(version("gepa").encode() if optimizer != OPENROOM else b"")
    for path in files:
        seen.update(path.read_bytes())
    return seen.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Run:
    best: Harness
    curve: Sequence[tuple[int, Harness]]
    null_tested: int
    null_kept: int
    spent: int
    reported: float | None = None


def _ours(sim: Simulation, seed: int, budget: int) -> _Run:
    journal = MemoryJournal()
    proposer = SeededProposer(sim, seed)
    optimizer = Optimizer(
        sim,
        journal,
        [proposer],
        Objective(character="sim", weights=dict.fromkeys(DIMENSIONS, 1.0), locked=(SAFETY,)),
        Harness(),
        budget=RunBudget(calls=budget),
        settings=LoopSettings(seed=seed, rounds=10**6),
    )
    result = asyncio.run(optimizer.run())
    tested = kept = 0
    for kind, note in journal.notes:
        if kind == "round" and note["purpose"] == "improve" and note["gate"]["tests"] and _is_null(note):
            tested += 1
            kept += note["gate"]["verdict"] == "keep"
    return _Run(result.head, result.curve, tested, kept, result.spent_calls)


def _is_null(note: dict[str, object]) -> bool:
    patch = note["patch"]
    return isinstance(patch, list) and str(patch[0]["path"]).startswith("rules/n")


def _gepa(sim: Simulation, seed: int, budget: int, optimizer: str) -> _Run:
    settings = (
        GepaSettings() if optimizer == DEFAULT else TUNED_SETTINGS[min(TUNED_SETTINGS, key=lambda b: abs(b - budget))]
    )
    run = run_gepa(sim, seed, budget, settings)
    kept = sum(kind == "null" for kind in run.accepted)
    return _Run(run.best, run.curve, sum(kind == "null" for kind in run.tried), kept, run.spent, run.reported)


def _published(sim: Simulation, best: Harness) -> float:
    """What openroom publishes: the report set, frozen before, played once after the run and outside its budget."""
    scores = [
        float(str(sim.draw(best, case.id, derive(sim.seed, "report")).scores[case.dimension]))
        for case in sim.cases("report")
    ]
    return sum(scores) / len(scores)


def _reached(sim: Simulation, curve: Iterable[tuple[int, Harness]], share: float) -> int:
    return next((calls for calls, harness in curve if gap_closed(sim, Harness(), harness) >= share), -1)


def _key(row: Row) -> tuple[str, int, int, str, str]:
    return (row.world, row.seed, row.budget, row.optimizer, row.code)


def mean(values: Sequence[float]) -> float:
    """The mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def interval(values: Sequence[float], seed: int = 0, draws: int = 4000) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean (paired differences, one a seed)."""
    if len(values) < 2:
        return (float("-inf"), float("inf"))
    rng = random.Random(seed)
    means = sorted(mean(rng.choices(values, k=len(values))) for _ in range(draws))
    return means[int(0.025 * draws)], means[int(0.975 * draws) - 1]
