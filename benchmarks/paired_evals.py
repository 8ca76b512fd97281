"""The same report cases of all shipped characters by two builds on the local model: is any dimension lower?

    python -m benchmarks.paired_evals play OUT.json [--each 1] [--seeds 0 1] [--data FOLDER]   # in each build
    python -m benchmarks.paired_evals compare BEFORE.json AFTER.json                           # the table

Played are the first ``--each`` report cases of each dimension (no slow ones), with each seed; goes on where it was.
Differences are paired by case and seed; intervals by bootstrap over the cases of a dimension.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import random
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from openroom.evals.case import Case
from openroom.evals.caseset import CaseSet, load_cases
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import weights_folder
from openroom.settings import shipped

CAST = ("amparo", "edda", "mira", "oskar", "pim", "tobias", "yuki")
_DRAWS = 4000


def wanted(cases: CaseSet, each: int) -> list[Case]:
    """The first report cases of each dimension."""
    found: dict[str, list[Case]] = {}
    for case in cases.of("report"):
        if not case.slow and len(found.setdefault(case.dimension, [])) < each:
            found[case.dimension].append(case)
    return [case for group in found.values() for case in group]


async def play(out: Path, each: int, seeds: Sequence[int], data: Path) -> None:
    """Play what has not been played; what is done is kept after each case."""
    library = Library([shipped("characters")], [shipped("scenes")])
    done: dict[str, Any] = json.loads(out.read_text("utf-8")) if out.exists() else {}
    model = LocalModel(folder=weights_folder(data))
    # Builds from before sense was a dimension like the others looked at it only when told to.
    extra = {"observing": True} if "observing" in inspect.signature(Evaluator).parameters else {}
    try:
        await model.wait_ready(600)
        for who in CAST:
            cases = load_cases(library, who)
            for seed in seeds:
                due = [case for case in wanted(cases, each) if f"{who}/{case.id}/{seed}" not in done]
                evaluator = Evaluator(Troupe(library, model), cases, parallel=2, **extra)
                for result in await evaluator.run(due, evaluator.harness(), [seed]) if due else ():
                    checks = {one.check: one.passed for one in result.checks if one.dimension == "sense"}
                    body = {"dimension": result.dimension, "scores": dict(result.scores), "sense": checks}
                    done[f"{who}/{result.case}/{seed}"] = body | {"transcript": result.transcript}
                out.write_text(json.dumps(done, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
                print(who, seed, len(done), flush=True)
    finally:
        await model.aclose()


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """A row for each dimension, in which each case that both played counts once for each seed."""
    both = sorted(before.keys() & after.keys())
    dimensions = sorted({name for key in both for name in before[key]["scores"]})
    rows = ["| dimension | cases | before | after | difference [95 %] |", "|---|---|---|---|---|"]
    for name in dimensions:
        pairs = [
            (key, float(before[key]["scores"][name]), float(after[key]["scores"][name]))
            for key in both
            if name in before[key]["scores"] and name in after[key]["scores"]
        ]
        by_case: dict[str, list[float]] = {}
        for key, one, other in pairs:
            by_case.setdefault(key.rpartition("/")[0], []).append(other - one)
        differences = [statistics.mean(found) for found in by_case.values()]
        low, high = _interval(differences)
        was, now = (statistics.mean(pair[at] for pair in pairs) for at in (1, 2))
        mean = statistics.mean(differences)
        rows.append(f"| {name} | {len(differences)} | {was:.3f} | {now:.3f} | {mean:+.3f} [{low:+.3f}, {high:+.3f}] |")
    return "\n".join(rows)


def _interval(values: Sequence[float]) -> tuple[float, float]:
    draw = random.Random(0)
    means = sorted(statistics.mean(draw.choices(values, k=len(values))) for _ in range(_DRAWS))
    return means[int(0.025 * _DRAWS)], means[int(0.975 * _DRAWS) - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    tasks = parser.add_subparsers(dest="task", required=True)
    playing = tasks.add_parser("play", help="play the cases with this build; goes on where it was")
    playing.add_argument("out", type=Path)
    playing.add_argument("--each", type=int, default=1)
    playing.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    playing.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    comparing = tasks.add_parser("compare", help="the table")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    asked = parser.parse_args()
    if asked.task == "play":
        asyncio.run(play(asked.out, asked.each, asked.seeds, asked.data))
    else:
        print(compare(*(json.loads(one.read_text("utf-8")) for one in (asked.before, asked.after))))


if __name__ == "__main__":
    main()
