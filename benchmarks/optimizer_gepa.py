"""The real `gepa` package in the simulated world: same proposer, same cases, same budget of rollouts."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gepa
from gepa.core.adapter import EvaluationBatch

from benchmarks.worlds.simulation import SeededProposer, Simulation
from openroom.core.harness import Harness, HarnessError, load_harness
from openroom.tuning.edits import apply_edit
from openroom.tuning.rounds.arena import ArenaCase
from openroom.tuning.rounds.seeds import derive


@dataclass(frozen=True, slots=True)
class GepaSettings:
    """What was tuned. ``minibatch`` train cases a proposal, ``valset`` cases (as many of each dimension as fit)."""

    minibatch: int = 3
    valset: int = 60
    selection: str = "pareto"


@dataclass(frozen=True, slots=True)
class GepaRun:
    """What gepa gave back: its best harness, the score it reports for it, and what it accepted of what kind."""

    best: Harness
    reported: float
    accepted: tuple[str, ...]
    tried: tuple[str, ...]
    curve: tuple[tuple[int, Harness], ...]
    spent: int


class SimulationAdapter:
    """gepa's adapter: a candidate is one text, the canonical JSON of a harness."""

    def __init__(self, sim: Simulation, proposer: SeededProposer) -> None:
        self._sim, self._proposer, self._draws = sim, proposer, 0
        self.read: dict[str, Harness] = {}
        self.kind: dict[str, str] = {}

    def evaluate(
        self, batch: list[ArenaCase], candidate: dict[str, str], capture_traces: bool = False
    ) -> EvaluationBatch[dict[str, Any], dict[str, Any]]:
        """Play each case once, with a fresh seed."""
        harness = self.harness(candidate)
        rows: list[dict[str, Any]] = []
        for case in batch:
            self._draws += 1
            rollout = self._sim.draw(harness, case.id, derive(self._sim.seed, "gepa", self._draws))
            rows.append({"case": case.id, "score": float(str(rollout.scores[case.dimension]))})
        scores = [row["score"] for row in rows]
        return EvaluationBatch(outputs=rows, scores=scores, trajectories=rows if capture_traces else None)

    def make_reflective_dataset(
        self,
        candidate: dict[str, str],  # noqa: ARG002 - gepa names its arguments
        eval_batch: EvaluationBatch[dict[str, Any], dict[str, Any]],
        components_to_update: list[str],
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The failures of the minibatch."""
        failing = [row for row in eval_batch.trajectories or [] if row["score"] < 1.0]
        return dict.fromkeys(components_to_update, failing)

    def propose_new_texts(
        self,
        candidate: dict[str, str],
        reflective_dataset: Mapping[str, Sequence[Mapping[str, Any]]],
        components_to_update: list[str],
    ) -> dict[str, str]:
        """One edit by the seeded proposer, applied."""
        harness = self.harness(candidate)
        failing = [row["case"] for rows in reflective_dataset.values() for row in rows]
        drawn = self._proposer.draw(harness, failing)
        with contextlib.suppress(HarnessError):  # a double of a rule that is already there changes nothing
            harness = apply_edit(harness, drawn.edit)
        text = harness.canonical_json().decode()
        self.kind.setdefault(text, drawn.kind)
        return dict.fromkeys(components_to_update, text)

    def harness(self, candidate: Mapping[str, str]) -> Harness:
        """The candidate as a harness."""
        text = candidate["harness"]
        if text not in self.read:
            self.read[text] = load_harness(text)
        return self.read[text]


class _Silent:
    def log(self, message: str) -> None:
        """Say nothing."""


def run_gepa(sim: Simulation, seed: int, budget: int, settings: GepaSettings) -> GepaRun:
    """One run of `gepa.optimize` with at most ``budget`` rollouts."""
    adapter = SimulationAdapter(sim, SeededProposer(sim, seed))
    start = Harness()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        result = gepa.optimize(
            seed_candidate={"harness": start.canonical_json().decode()},
            trainset=list(sim.cases("train")),
            valset=list(sim.cases("gate"))[: settings.valset],
            adapter=adapter,
            candidate_selection_strategy=settings.selection,
            reflection_minibatch_size=settings.minibatch,
            max_metric_calls=budget,
            logger=_Silent(),
            seed=seed,
            raise_on_exception=True,
        )
    texts = [candidate["harness"] for candidate in result.candidates]
    scores = result.val_aggregate_scores
    curve: list[tuple[int, Harness]] = []
    for index, calls in enumerate(result.discovery_eval_counts):
        best = max(range(index + 1), key=lambda i: scores[i])
        curve.append((int(calls), adapter.read.get(texts[best]) or load_harness(texts[best])))
    best = result.best_idx
    return GepaRun(
        best=load_harness(json.dumps(json.loads(texts[best]))),
        reported=float(scores[best]),
        accepted=tuple(adapter.kind.get(text, "") for text in texts[1:]),
        tried=tuple(adapter.kind.values()),
        curve=tuple(curve),
        spent=sim.played,
    )
