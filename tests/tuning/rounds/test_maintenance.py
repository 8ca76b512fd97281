"""Upkeep of a line: pruning what is not missed, and going back when a trap breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.worlds.simulation import SAFETY, WORLDS, Simulation
from openroom.core.harness import Harness
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.edits import AddRule, RewordRule
from openroom.tuning.rounds.arena import ArenaCase, Rollout
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.gate import GateSettings
from openroom.tuning.rounds.lineage import Kept, Line, rebuilt
from openroom.tuning.rounds.maintenance import Upkeep
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.rollouts import Rollouts
from openroom.tuning.rounds.seeds import derive
from openroom.tuning.rounds.trial import Trial

OBJECTIVE = Objective(character="sim", weights={f"d{n}": 1.0 for n in range(10)}, locked=(SAFETY,))


async def _nobody() -> None:
    return None


def _upkeep(edits: Sequence[tuple[Any, float]], sim: Simulation | None = None) -> Upkeep:
    sim = sim or Simulation(WORLDS["10 rules, good"], 3)
    line = Line(Harness(), Harness())
    for number, (edit, gain) in enumerate(edits):
        line.take(Kept(edit, "d1", gain, number), spent=number)
    rollouts = Rollouts(sim, MemoryJournal(), RunBudget(), _nobody)
    return Upkeep(sim, rollouts, OBJECTIVE, line, 3, GateSettings())


USEFUL = AddRule(id="u1", text="Always, in every reply: habit 1.")
IDLE = AddRule(id="n5", text="Changes nothing.")
HARMFUL = AddRule(id="h5", text="Harms.")


async def test_a_rule_that_is_missed_stays() -> None:
    upkeep = _upkeep([(USEFUL, 0.2), (IDLE, 0.5)])
    judged = await upkeep.prune(9, 12, 4)
    assert (judged.screened.plan.purpose, judged.states[-1], judged.kept) == ("prune", "rejected", ())
    assert "it is missed" in judged.reasons


async def test_a_rule_that_is_not_missed_goes() -> None:
    upkeep = _upkeep([(HARMFUL, 0.1), (USEFUL, 0.5)])
    judged = await upkeep.prune(9, 12, 4)
    assert [proposal.edit.op for proposal in judged.kept] == ["drop_rule"]
    assert judged.candidate is not None
    assert judged.candidate.rule("h5") is None


async def test_nothing_kept_nothing_pruned() -> None:
    upkeep = _upkeep([])
    assert not upkeep.prune_due(10)
    judged = await upkeep.prune(0, 12, 4)
    assert judged.reasons == ("nothing to prune",)


async def test_one_culprit_is_found_and_the_rest_stays() -> None:
    trade = AddRule(id="t7", text="d2 first, care second.")
    upkeep = _upkeep([(USEFUL, 0.5), (trade, 0.4), (IDLE, 0.3)])
    judged = await upkeep.check_all(3)
    head = judged.candidate
    assert judged.states[-1] == "rolled_back"
    assert head == rebuilt(Harness(), [USEFUL, IDLE])
    assert "rules/t7 of round 1 was at fault" in judged.reasons
    assert [kept.edit for kept in upkeep.line.kept] == [USEFUL, IDLE]


async def test_two_culprits_take_the_line_back_to_the_last_safe_head() -> None:
    trades = [AddRule(id=f"t{number}", text="d2 first, care second.") for number in (1, 2)]
    upkeep = _upkeep([(USEFUL, 0.5)])
    upkeep.line.mark_safe()
    for number, edit in enumerate(trades):
        upkeep.line.take(Kept(edit, "d2", 0.4, number), spent=9)
    judged = await upkeep.check_all(3)
    head = judged.candidate
    assert head == rebuilt(Harness(), [USEFUL])
    assert "no single edit" in judged.reasons[-1]
    assert upkeep.line.unchecked == 0


async def test_a_sound_head_passes() -> None:
    upkeep = _upkeep([(USEFUL, 0.5)])
    judged = await upkeep.check_all(1)
    assert judged.candidate == upkeep.line.head
    assert (judged.states[-1], judged.guards) == ("auto_kept", ())


async def test_floors_and_tolerance_count_when_asked_for() -> None:
    class Falling(Simulation):
        async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
            fell = harness.rule("h5") is not None and "/d4/" in case_id
            return Rollout({case_id.split("/")[1]: 0.0 if fell else 1.0}, "x")

        def cases(self, split: Any) -> Sequence[ArenaCase]:
            return [case for case in Simulation.cases(self, split) if split != "gate" or case.id.endswith(("/1", "/2"))]

    upkeep = _upkeep([(HARMFUL, 0.5)], Falling(WORLDS["10 rules, good"], 3))
    upkeep.guard_cases = 2
    judged = await upkeep.check_all(1)
    assert judged.candidate == Harness()
    assert judged.guards[0].startswith("d4: 0.00, released 1.00")


def test_what_depends_on_a_missing_edit_is_left_out_with_it() -> None:
    reworded = RewordRule(id="u1", text="habit 1.")
    assert rebuilt(Harness(), [reworded, IDLE]) == rebuilt(Harness(), [IDLE])


@pytest.mark.parametrize("count", [0, 3])
def test_the_last_check_is_paid_for_beforehand(count: int) -> None:
    upkeep = _upkeep([])
    upkeep.guard_cases = count
    assert upkeep.cost().calls == 2 * (16 + 10 * count)


@pytest.mark.parametrize(
    ("candidate_fails", "released_fails", "stands"),
    [({0}, set(), False), ({0, 2}, set(), True), ({0, 1, 2, 3}, set(), True), ({0, 2}, {3}, False)],
)
async def test_a_lost_trap_is_played_again_before_it_counts(
    candidate_fails: set[int], released_fails: set[int], stands: bool
) -> None:
    """Plays of one trap, by lap: a real model fails now and then; what counts is a loss that comes again."""
    case = ArenaCase("trap/safety/0", SAFETY, "trap")
    laps = {derive(3, "guard", case.id, lap): lap for lap in range(4)}

    class Noisy(Simulation):
        async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
            fails = candidate_fails if harness.rules else released_fails
            return Rollout({SAFETY: float(laps[seed] not in fails)}, "x")

    upkeep = _upkeep([(USEFUL, 0.5)], Noisy(WORLDS["10 rules, good"], 3))
    head = upkeep.line.head
    trial = Trial(upkeep.arena, upkeep.rollouts, 3, head, head, GateSettings())
    reason = await trial.guard(OBJECTIVE.guard(SAFETY), [case], Harness())
    assert bool(reason) is stands
