"""The loop on the real local model: `python -m benchmarks.optimizer_local CHARACTER ... [--calls 1000] [--gepa]`.

For each character: its frozen report cases are played by the card as it stands, then `openroom optimize` works in mode
auto within the calls, then the report cases are played once more by what it kept. With --gepa the real `gepa` gets the
same train and gate cases, the same model and as many calls as the loop spent; it rewrites one section of the prompt,
which it reads and writes as a whole, and its best candidate plays the same report cases.

One play of a case says little: the same version played twice differs in one case of six. --plays 3 plays each with
three seeds, in all arms alike.

The training never sees a report case, and the report cases may not have changed since `openroom eval CHARACTER
--freeze`. Every step is kept in the data folder: the command goes on where it was stopped. Takes hours on two cores.
Prints the table and writes docs/results/local-CHARACTER.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.optimizer_local_gepa import run_gepa
from benchmarks.strata import stratified
from openroom.cli.tuning import quietly, read_cases, speaking
from openroom.core.harness import Harness, load_harness
from openroom.errors import SettingsError
from openroom.evals.cache import PlayCache
from openroom.evals.evaluator import Evaluator
from openroom.evals.freeze import check_frozen, report_digest
from openroom.evals.player import Troupe
from openroom.evals.report import Report, as_markdown
from openroom.settings import Settings
from openroom.tuning.audit.run_log import RunPlan, ended, open_chain
from openroom.tuning.run import RunParts, default_objective, tune


def dimension_means(rows: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Mean score of each dimension, of rows (dimension, score)."""
    found: dict[str, list[float]] = {}
    for dimension, score in rows:
        found.setdefault(dimension, []).append(score)
    return {name: statistics.fmean(scores) for name, scores in sorted(found.items())}


def case_means(report: dict[str, Any]) -> dict[tuple[str, str], float]:
    """Mean score of each case over its plays, by (dimension, case)."""
    found: dict[tuple[str, str], list[float]] = {}
    for row in report["results"]:
        found.setdefault((row["dimension"], row["case"]), []).append(row["score"])
    return {key: statistics.fmean(scores) for key, scores in found.items()}


def paired(before: dict[str, Any], after: dict[str, Any]) -> tuple[float, float, float]:
    """Gain of the mean over dimensions, with the ends of its one-sided 95 % intervals (low, high).

    Bootstrap over the cases of each dimension, both arms of a case drawn together, its plays as their mean (Efron and
    Tibshirani 1993).
    """
    old, new = case_means(before), case_means(after)
    gains: dict[str, list[float]] = {}
    for (dimension, case), score in new.items():
        gains.setdefault(dimension, []).append(score - old[dimension, case])
    return stratified(gains, 0.05)


def kept_rounds(notes: Sequence[Any]) -> list[dict[str, Any]]:
    """The rounds whose edits the head holds, of a run's notes: their patch, and what each test of the gate saw,
    and visits."""
    rounds = [note["note"] for note in notes if note["kind"] == "round"]
    return [
        {
            "round": one["round_id"],
            "patch": {row["path"]: row.get("after") for row in one["patch"]},
            "tests": {
                test["name"]: {"pairs": len(test["path"]), "mean": test["mean"]} for test in one["gate"]["tests"]
            },
            "visits": {row["name"]: row for row in one["gate"].get("visits", ())},
        }
        for one in rounds
        if one["states"][-1] == "auto_kept" and one["purpose"] != "release"
    ]


class Bench:
    """One character's measurement; each step is kept in ``folder``. A report case is played with ``plays`` seeds."""

    def __init__(self, evaluator: Evaluator, folder: Path, calls: int, seed: int, plays: int = 1) -> None:
        self.evaluator, self.folder, self.calls, self.seed, self.plays = evaluator, folder, calls, seed, plays
        self.name = evaluator.character
        folder.mkdir(parents=True, exist_ok=True)

    async def whole(self, with_gepa: bool) -> dict[str, Any]:
        """Everything; what is printed and written."""
        before = await self.report("before", self.evaluator.harness())
        head, run = await self.optimized()
        after = await self.report("after", head)
        rows = {"card": before, "openroom": after}
        spent = {"openroom": run}
        if with_gepa:
            best, of_gepa = await self.gepa(run["calls"])
            rows["gepa"], spent["gepa"] = await self.report("gepa", best), of_gepa
        return {"character": self.name, "arms": {name: self._arm(before, one) for name, one in rows.items()}} | {
            "report_digest": report_digest(self.evaluator.cases),
            "model": before["model"],
            "seed": self.seed,
            "plays": self.plays,
            "spent": spent,
            "prompt_tokens": {"card": self.evaluator.harness().prompt_tokens(), "openroom": head.prompt_tokens()},
        }

    def _arm(self, before: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
        gain, low, high = paired(before, one)
        dims = dimension_means([(row["dimension"], row["score"]) for row in one["results"]])
        kept = {key: one[key] for key in ("harness", "mean", "total", "adherence")}
        return kept | {"gain": gain, "low": low, "high": high, "dimensions": dims}

    async def report(self, name: str, harness: Harness) -> dict[str, Any]:
        """The report cases, played with each of the seeds."""
        path = self.folder / (f"{name}.json" if self.plays == 1 else f"{name}_{self.plays}.json")
        if not path.is_file():
            cases = sorted(self.evaluator.cases.of("report"), key=lambda case: case.id)
            seeds = range(self.seed, self.seed + self.plays)
            results = await self.evaluator.run([case for case in cases if not case.slow], harness, seeds)
            info, evalset = self.evaluator.troupe.model.info, self.evaluator.cases.digest
            report = Report(self.name, info, "benchmark", self.seed, harness.digest, evalset, tuple(results))
            path.with_suffix(".md").write_text(as_markdown(report) + "\n", encoding="utf-8")
            path.write_text(json.dumps(report.dump(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found["harness"] != harness.digest:
            raise SettingsError(f"{path} was made with version {found['harness'][:12]}, expected {harness.digest[:12]}")
        print(f"{self.name} {name}: mean {found['mean']:.3f}", flush=True)
        return found

    async def optimized(self) -> tuple[Harness, dict[str, Any]]:
        """What the loop made of the card, and what it spent."""
        name = f"{self.name}-local-{self.seed}"
        plan = RunPlan(self.name, rounds=1000, calls=self.calls, mode="auto", seed=self.seed, name=name)
        with open_chain(self.folder) as chain:
            if ended(chain.entries, name) is None:
                parts = RunParts(self.evaluator, self.folder, self.evaluator.harness())
                await tune(plan, parts, default_objective(self.name, self.evaluator.cases), chain)
            last = ended(chain.entries, name)
            if last is None:
                raise SettingsError(f"expected run {name} to have ended; start the command again")
            kept = kept_rounds([entry.body for entry in chain.entries if entry.kind == "note" and entry.run == name])
            head = load_harness(chain.blobs.get(str(last.body["head"])))
        return head, {"calls": last.body["spent"]["calls"], "rounds": last.body["rounds"], "kept": kept}

    async def gepa(self, calls: int) -> tuple[Harness, dict[str, Any]]:
        """What gepa made of the card with so many calls, and what it spent."""
        path = self.folder / "gepa_best.json"
        if not path.is_file():
            best, spent = await run_gepa(self.evaluator, calls, self.seed, self.folder / "gepa_run")
            path.write_text(json.dumps({"best": json.loads(best.canonical_json()), "spent": spent}), encoding="utf-8")
        found = json.loads(path.read_text(encoding="utf-8"))
        return load_harness(json.dumps(found["best"])), found["spent"]


def table(found: dict[str, Any]) -> str:
    """The result, to read."""
    lines = [f"{found['character']}, {found['model']['name']}"]
    for name, arm in found["arms"].items():
        to_go = 1 - found["arms"]["card"]["mean"]
        gap = arm["gain"] / to_go if to_go else 0.0
        lines.append(
            f"  {name:<9} mean {arm['mean']:.3f}  gain {arm['gain']:+.3f} [{arm['low']:+.3f}, {arm['high']:+.3f}]"
            f"  gap closed {gap:+.0%}  cases {arm['total']['passed']}/{arm['total']['total']}"
            f"  checks followed {arm['adherence']['passed']}/{arm['adherence']['total']}"
        )
        lines.append("            " + "  ".join(f"{dim} {score:.2f}" for dim, score in arm["dimensions"].items()))
    lines += [f"  {name} spent: {json.dumps(spent)}" for name, spent in found["spent"].items()]
    return "\n".join(lines)


async def _measure(settings: Settings, character: str, given: argparse.Namespace) -> dict[str, Any]:
    library, cases = read_cases(settings, character)
    folder = library.folder(character)
    if folder is None or not (folder / "report.lock.json").is_file():
        raise SettingsError(f"expected frozen report cases: openroom eval {character} --freeze")
    if changed := check_frozen(cases, folder):
        raise SettingsError(f"expected report cases as frozen: {'; '.join(changed)}")
    data = given.data / character
    async with speaking(settings) as speaker:
        troupe = Troupe(library, speaker.model, price=speaker.price)
        evaluator = Evaluator(troupe, cases, cache=PlayCache(data / "cache"), parallel=given.parallel)
        return await Bench(evaluator, data, given.calls, given.seed, given.plays).whole(given.gepa)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("characters", nargs="+")
    parser.add_argument("--model", default="local")
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plays", type=int, default=1, help="how often each report case is played, each with a seed")
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--gepa", action="store_true", help="gepa beside it, with as many calls")
    parser.add_argument("--data", type=Path, default=Path("build/optimizer_local"))
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    given = parser.parse_args()
    quietly()
    settings = Settings.load(None, model=given.model)
    for character in given.characters:
        found = asyncio.run(_measure(settings, character, given))
        print(table(found), flush=True)
        given.out.mkdir(parents=True, exist_ok=True)
        out = given.out / f"local-{character}.json"
        out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
