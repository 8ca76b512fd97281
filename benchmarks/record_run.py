"""Records a short run without a language model: real rooms, the understudy, a planted fault, and the whole log.

    python -m benchmarks.record_run [--folder build/recorded] [--out build/recorded.zip]

Mira starts from the author's version. Three proposals made by hand are tried first: a planted bad one, which has to be
refused, one that changes nothing here, and one that helps; then the operators that need no model go on by themselves.
Nothing is edited afterwards: the zip is what ``openroom audit export`` writes.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from benchmarks.worlds.planted import PLANTED
from openroom.core.harness import Example
from openroom.evals.caseset import CaseSet, load_cases
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.understudy.understudy import Understudy
from openroom.settings import shipped
from openroom.tuning.audit.bundle import export
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.audit.run_log import RunPlan, heads_of, log_folder, open_chain
from openroom.tuning.edits import AddExample, AddRule
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.run import RunOutcome, RunParts, default_objective, tune

CHARACTER = "mira"
BY_HAND = "a person"
QUESTION = "What shall I do tonight, all alone?"


def helpful() -> Proposal:
    """An example line that shows how she gives advice."""
    line = Example(
        id="advice",
        heard=QUESTION,
        say="Sit, traveller. The night does not ask where to.",
    )
    why = "asked for advice, she does not say traveller"
    return Proposal(AddExample(example=line), Hypothesis(dimension="voice", expected_delta=0.3, why=why), BY_HAND)


def two_faced() -> Proposal:
    """One that helps where it is measured and hurts elsewhere: it brings stage directions along. The pairs of its own
    gate see that, so it is kept only under an objective that lets dimensions fall."""
    good = helpful()
    line = Example(id="advice", heard=QUESTION, say="(smiles slowly) Sit, traveller. The night is long.")
    return Proposal(AddExample(example=line), good.hypothesis, BY_HAND)


def proposals() -> list[Proposal]:
    """A bad one, one that does nothing, and the one that helps."""
    bad = Example(id="bad", heard="Good evening, and what is your name?", say="*sighs* Never mind my name, darling.")
    bad_why = "planted by an operator; must not pass"
    idle_why = "she might speak more slowly, and so more like herself"
    return [
        Proposal(AddExample(example=bad), Hypothesis(dimension="voice", expected_delta=0.2, why=bad_why), PLANTED),
        Proposal(
            AddRule(id="no_hurry", text="Take your time with every guest."),
            Hypothesis(dimension="voice", expected_delta=0.1, why=idle_why),
            BY_HAND,
        ),
        helpful(),
    ]


async def record(
    data: Path,
    *,
    rounds: int = 12,
    calls: int = 1500,
    suggested: Sequence[Proposal] = (),
    seed: int = 0,
    tolerance: float | None = None,
    mode: Literal["suggest", "auto"] = "suggest",
) -> RunOutcome:
    """A run in ``data``; ``suggested`` are tried first. ``tolerance``: how far dimensions may fall (default: as the
    default objective says)."""
    library = Library([shipped("characters")], [shipped("scenes")])
    cases = _without_visits(load_cases(library, CHARACTER))
    evaluator = Evaluator(Troupe(library, Understudy()), cases)
    start = library.characters[CHARACTER].harness()
    plan = RunPlan(CHARACTER, rounds=rounds, calls=calls, mode=mode, seed=seed, reflect=False)
    objective = default_objective(CHARACTER, cases)
    if tolerance is not None:
        objective = objective.model_copy(update={"tolerance": tolerance})
    with open_chain(data, time.time) as chain:
        parts = RunParts(evaluator, data, start, suggested=suggested)
        return await tune(plan, parts, objective, chain)


def _without_visits(cases: CaseSet) -> CaseSet:
    """The understudy says each of its author's lines once in a visit, so no example lasts in one; what is recorded here
    is the way of an edit from the gate to its release."""
    kept = {name: case for name, case in cases.cases.items() if not case.visit}
    return replace(cases, cases=kept, splits={name: split for name, split in cases.splits.items() if name in kept})


def main() -> None:
    """Record and pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("build/recorded"))
    parser.add_argument("--out", type=Path, default=Path("build/recorded.zip"))
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--only", choices=["helpful", "two_faced"], help="try just this one first")
    given = parser.parse_args()
    first = {"helpful": [helpful()], "two_faced": [two_faced()], None: proposals()}[given.only]
    tolerance = 1.0 if given.only == "two_faced" else None
    outcome = asyncio.run(record(given.folder, rounds=given.rounds, suggested=first, tolerance=tolerance))
    result = outcome.result
    print(f"{outcome.name}: {result.rounds} rounds, {len(result.kept)} kept, {result.spent_calls} calls")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    print(given.out, export(log_folder(given.folder), heads_of(given.folder), given.out))


if __name__ == "__main__":
    main()
