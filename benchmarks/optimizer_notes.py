"""Self-criticism on against off, on the simulated model: does it pay to remember what was tried and not kept?

    python -m benchmarks.optimizer_notes [--seeds 20] [--budget 1000] [--ideas 4]

The proposer has a few ideas only for each dimension and kind, so it comes back to old ones. With notes it reads what
was not kept and thinks again (up to three times); without, it can't. Notes can mislead as well: an edit that helps
but was dropped by chance, or was tagged wrong, is not offered again while the note lasts.
"""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass, field

from benchmarks.optimizer_runs import interval, mean
from benchmarks.worlds.simulation import DIMENSIONS, SAFETY, WORLDS, SeededProposer, Simulation, gap_closed
from openroom.core.harness import Harness
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.edits import Edit, path_of
from openroom.tuning.proposals.operators import Answer, Proposal, Situation, speaks_against
from openroom.tuning.rounds.arena import Cost
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.loop import Optimizer
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.settings import LoopSettings

_THOUGHTS = 4


@dataclass
class FewIdeas:
    """A seeded proposer whose edits that do not help are drawn from ``ideas`` a dimension, and that reads its notes."""

    inner: SeededProposer
    ideas: int
    name: str = "seeded"
    cost: Cost = field(default_factory=lambda: Cost(0, 0.0))

    async def propose(self, context: Situation) -> Answer:
        """The first idea that the notes do not speak against; the last one if they speak against all."""
        failing = [played.case for played in context.failures]
        for thought in range(_THOUGHTS):
            drawn = self.inner.draw(context.harness, failing, index=context.number * _THOUGHTS + thought)
            edit = self._one_of_few(drawn.edit, drawn.dimension)
            if not speaks_against(context.notes, edit):
                break
        return Answer(Proposal(edit, Hypothesis(dimension=drawn.dimension, expected_delta=0.2), self.name))

    def _one_of_few(self, edit: Edit, dimension: str) -> Edit:
        kind, _, rest = path_of(edit).partition("/")
        if kind != "rules" or rest[0] not in "nhlt" or not rest[1:].isdigit():
            return edit
        number = int(rest[1:]) % self.ideas + 1000 * DIMENSIONS.index(dimension)
        return edit.model_copy(update={"id": f"{rest[0]}{number}"})


def gap(world: str, seed: int, budget: int, ideas: int, remember: bool) -> float:
    """Gap closed by one run."""
    sim = Simulation(WORLDS[world], seed)
    optimizer = Optimizer(
        sim,
        MemoryJournal(),
        [FewIdeas(SeededProposer(sim, seed), ideas)],
        Objective(character="sim", weights=dict.fromkeys(DIMENSIONS, 1.0), locked=(SAFETY,)),
        Harness(),
        budget=RunBudget(calls=budget),
        settings=LoopSettings(seed=seed, rounds=10**6, remember=remember),
    )
    return gap_closed(sim, Harness(), asyncio.run(optimizer.run()).head)


def main() -> None:
    """Print a row for each world."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--budget", type=int, default=1000)
    parser.add_argument("--ideas", type=int, default=4)
    arguments = parser.parse_args()
    seeds = range(9001, 9001 + arguments.seeds)
    for world in [name for name in WORLDS if "swap" not in name]:
        on = [gap(world, seed, arguments.budget, arguments.ideas, True) for seed in seeds]
        off = [gap(world, seed, arguments.budget, arguments.ideas, False) for seed in seeds]
        differences = [a - b for a, b in zip(on, off, strict=True)]
        low, high = interval(differences)
        print(
            f"{world:28} on {mean(on):.3f} off {mean(off):.3f} {mean(differences):+.3f} [{low:+.3f}, {high:+.3f}]",
            flush=True,
        )


if __name__ == "__main__":
    main()
