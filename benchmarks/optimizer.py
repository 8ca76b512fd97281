"""This loop against the real gepa package, in simulated worlds where the truth is known.

    python -m benchmarks.optimizer [--seeds 1,2,...] [--budgets 500,1000,3000] [--quick] [--folder build/optimizer]
                                   [--json FILE] [--prior]

Both sides get the same seeded proposer, the same cases and the same number of rollouts. Rows are cached in the folder
by (world, seed, budget, optimiser, digest of the code), so a run that was stopped goes on where it was.

``--prior`` tunes several characters one after another instead, with and without what the loop learnt on the ones
before (`benchmarks.optimizer_prior`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.optimizer_prior import table
from benchmarks.optimizer_runs import DEFAULT, NULL_WORLD, OPENROOM, TUNED, Cache, Row, interval, mean
from benchmarks.worlds.simulation import WORLDS
from openroom.tuning.rounds.gate import false_keep_bound

SEEDS = tuple(range(9001, 9021))
BUDGETS = (500, 1000, 3000)
OPTIMIZERS = (DEFAULT, TUNED, OPENROOM)
AIM = 0.03


def main() -> int:
    """Run, print the tables, and return 0 when nothing that must hold was broken."""
    arguments = _arguments()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    budgets = [int(budget) for budget in arguments.budgets.split(",")]
    if arguments.quick:
        seeds, budgets = seeds[:3], [500]
    if arguments.prior:
        for budget in budgets:
            table(seeds, budget)
        return 0
    cache = Cache(Path(arguments.folder) / "rows.jsonl")
    rows: list[Row] = []
    for budget in budgets:
        part = [cache.row(world, seed, budget, name) for world in WORLDS for seed in seeds for name in OPTIMIZERS]
        rows += part
        _print_budget(part, budget, len(seeds))
    nulls = _nulls(cache, seeds)
    _print_nulls(nulls)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps([asdict(row) for row in (*rows, *nulls)], indent=1))
    return _verdict(rows, nulls)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default=",".join(str(seed) for seed in SEEDS))
    parser.add_argument("--budgets", default=",".join(str(budget) for budget in BUDGETS))
    parser.add_argument("--quick", action="store_true", help="three seeds and 500 rollouts")
    parser.add_argument("--folder", default="build/optimizer")
    parser.add_argument("--json", default="")
    parser.add_argument("--prior", action="store_true", help="what is learnt on one character, tried on the next")
    return parser.parse_args()


def _pick(rows: Sequence[Row], world: str, optimizer: str) -> list[Row]:
    return [row for row in rows if row.world == world and row.optimizer == optimizer]


def _print_budget(rows: Sequence[Row], budget: int, seeds: int) -> None:
    print(f"\n{budget} rollouts, {seeds} seeds")
    print(
        f"{'world':28} {'optimiser':13} {'gap':>6} {'to 25/50/75 % (runs that got there)':>36} {'null kept':>10} "
        f"{'rep-true':>8} {'breaches':>8} {'s/run':>6}"
    )
    for world in WORLDS:
        for name in OPTIMIZERS:
            part = _pick(rows, world, name)
            tested, kept = sum(row.null_tested for row in part), sum(row.null_kept for row in part)
            print(
                f"{world:28} {name:13} {mean([row.gap for row in part]):6.3f} {_steps(part):>36} {kept:>4}/{tested:<5} "
                f"{mean([row.reported - row.true for row in part]):+8.3f} {sum(row.breach for row in part):>8} "
                f"{mean([row.seconds for row in part]):6.2f}"
            )
        low, high = _lead(rows, world)
        lead = mean(_differences(rows, world))
        word = "ahead" if low > 0 and lead >= AIM else "LOSES" if high < 0 else "not clearly ahead"
        print(f"{'':28} openroom - gepa tuned {lead:+.3f}, 95 % [{low:+.3f}, {high:+.3f}]: {word}")


def _steps(rows: Sequence[Row]) -> str:
    parts = []
    for reached in ([row.to_25 for row in rows], [row.to_50 for row in rows], [row.to_75 for row in rows]):
        there = sorted(calls for calls in reached if calls >= 0)
        parts.append(f"{there[len(there) // 2]} ({len(there)})" if there else "-")
    return " / ".join(parts)


def _differences(rows: Sequence[Row], world: str) -> list[float]:
    theirs = {row.seed: row.gap for row in _pick(rows, world, TUNED)}
    return [row.gap - theirs[row.seed] for row in _pick(rows, world, OPENROOM)]


def _lead(rows: Sequence[Row], world: str) -> tuple[float, float]:
    return interval(_differences(rows, world))


def _nulls(cache: Cache, seeds: Sequence[int]) -> list[Row]:
    """Runs in a world in which nothing helps, until 300 null edits and more have stood before the gate."""
    rows: list[Row] = []
    for seed in seeds:
        rows += [cache.row(NULL_WORLD, seed, 1000, name) for name in OPTIMIZERS]
    extra = max(seeds) + 1
    while sum(row.null_tested for row in rows if row.optimizer == OPENROOM) < 300:
        rows.append(cache.row(NULL_WORLD, extra, 1000, OPENROOM))
        extra += 1
    return rows


def _print_nulls(rows: Sequence[Row]) -> None:
    print(f"\n{NULL_WORLD}, 1000 rollouts")
    for name in OPTIMIZERS:
        part = [row for row in rows if row.optimizer == name]
        tested, kept = sum(row.null_tested for row in part), sum(row.null_kept for row in part)
        bound = false_keep_bound(kept, tested) if tested else 1.0
        rate = kept / max(tested, 1)
        print(f"{name:13} keeps {kept:4} of {tested:5} null edits ({rate:.1%}), upper 95 % bound {bound:.1%}")


def _verdict(rows: Sequence[Row], nulls: Sequence[Row]) -> int:
    ours = [row for row in (*rows, *nulls) if row.optimizer == OPENROOM]
    tested, kept = sum(row.null_tested for row in ours), sum(row.null_kept for row in ours)
    bound = false_keep_bound(kept, tested)
    breaches = sum(row.breach for row in ours)
    over = sum(row.spent > row.budget for row in ours)
    behind = sorted({(row.budget, row.world) for row in rows if not _ahead(rows, row.budget, row.world)})
    print(f"\nMust: false keeps over all worlds {kept} of {tested}, upper 95 % bound {bound:.1%} (at most 5 %)")
    print(f"Must: guard breaches {breaches} (none); runs over budget {over} (none)")
    print(
        f"Aim: ahead of tuned gepa by {AIM} with the 95 % interval above 0: "
        + ("in every world and budget" if not behind else f"not in {behind}")
    )
    return int(bound > 0.05 or breaches > 0 or over > 0)


def _ahead(rows: Sequence[Row], budget: int, world: str) -> bool:
    part = [row for row in rows if row.budget == budget]
    return mean(_differences(part, world)) >= AIM and _lead(part, world)[0] > 0


if __name__ == "__main__":
    raise SystemExit(main())
