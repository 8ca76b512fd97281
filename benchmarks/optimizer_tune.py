"""How gepa was tuned: 36 settings in every world, on seeds that no table uses; the best by budget are `TUNED_SETTINGS`.

python -m benchmarks.optimizer_tune [BUDGET ...]
"""

from __future__ import annotations

import itertools
import sys

from benchmarks.optimizer_gepa import GepaSettings, run_gepa
from benchmarks.optimizer_runs import mean
from benchmarks.worlds.simulation import WORLDS, Simulation, as_final, gap_closed
from openroom.core.harness import Harness

SEEDS = range(5000, 5004)


def score(settings: GepaSettings, budget: int) -> float:
    """Mean gap closed over all worlds and tuning seeds."""
    gaps = []
    for world, seed in itertools.product(WORLDS.values(), SEEDS):
        sim = Simulation(world, seed, swap_after=budget // 2)
        best = run_gepa(sim, seed, budget, settings).best
        gaps.append(gap_closed(as_final(sim), Harness(), best))
    return mean(gaps)


def main() -> None:
    """Print the eight best settings of each budget."""
    for budget in [int(word) for word in sys.argv[1:]] or [500, 1000, 3000]:
        grid = itertools.product((3, 5, 8), (20, 40, 60, 100), ("pareto", "current_best", "epsilon_greedy"))
        scored = sorted(((score(GepaSettings(*one), budget), one) for one in grid), reverse=True)
        print(budget, *(f"{one} {gap:.3f}" for gap, one in scored[:8]), sep="\n  ")


if __name__ == "__main__":
    main()
