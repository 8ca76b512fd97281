"""A loop over the simulated world, and arenas and operators that do one known thing, for the tests of the loop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from benchmarks.worlds.simulation import DIMENSIONS, SAFETY, WORLDS, SeededProposer, Simulation, World
from openroom.core.harness import Harness
from openroom.tuning.audit.journal import Journal, MemoryJournal
from openroom.tuning.audit.record import Hypothesis, RoundRecord
from openroom.tuning.proposals.operators import Answer, Proposal, Situation
from openroom.tuning.rounds.arena import Cost, Rollout
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.loop import Optimizer
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.settings import LoopSettings

WORLD = WORLDS["10 rules, good"]
OBJECTIVE = Objective(character="sim", weights=dict.fromkeys(DIMENSIONS, 1.0), locked=(SAFETY,))


def optimizer_of(
    world: World, journal: Journal, *, calls: int = 100_000, seed: int = 3, sim: Any = None, **settings: Any
) -> Optimizer:
    sim = sim or Simulation(world, seed)
    proposer = SeededProposer(Simulation(world, seed), seed)
    chosen = LoopSettings(**{"seed": seed, "rounds": 10**6, **settings})
    return Optimizer(sim, journal, [proposer], OBJECTIVE, Harness(), budget=RunBudget(calls=calls), settings=chosen)


def rounds_of(journal: MemoryJournal) -> list[RoundRecord]:
    return [RoundRecord.model_validate(note) for kind, note in journal.notes if kind == "round"]


@dataclass
class Fixed:
    """An operator that proposes from a list, one for each dimension asked."""

    edits: list[Any]
    name: str = "fixed"
    cost: Cost = field(default_factory=lambda: Cost(0, 0.0))

    async def propose(self, context: Situation) -> Answer:
        if not self.edits:
            return Answer(reason="none left")
        edit = self.edits.pop(0)
        return Answer(Proposal(edit, Hypothesis(dimension=context.dimension), self.name))


class OneHelps(Simulation):
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
