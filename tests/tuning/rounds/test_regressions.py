"""Falls in dimensions beside the edit's own: chance is told from loss, with few cases and few calls."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.audit.record import Split
from openroom.tuning.edits import AddRule
from openroom.tuning.rounds.arena import ArenaCase, Cost, Rollout
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.gate import GateSettings
from openroom.tuning.rounds.lineage import Kept, Line
from openroom.tuning.rounds.maintenance import Upkeep, affordable
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.regressions import Fall, fell_beside
from openroom.tuning.rounds.rollouts import Rollouts
from openroom.tuning.rounds.seeds import derive

NAMES = tuple(f"d{number}" for number in range(11))
EDIT = AddRule(id="edit", text="An edit.")


class Dice:
    """An arena of chances: of 11 dimensions and four cases each, before the edit and with it."""

    def __init__(self, before: Mapping[str, float], after: Mapping[str, float], seed: int) -> None:
        self.chances, self.seed, self.played = (before, after), seed, 0

    def cases(self, split: Split) -> Sequence[ArenaCase]:
        if split == "trap":
            return []
        return [
            ArenaCase(f"{split}/{name}/{number}", name, split, f"c{number}") for name in NAMES for number in range(4)
        ]

    def digests(self) -> Mapping[str, str]:
        return {}

    def cost(self, case_id: str) -> Cost:
        return Cost(2)

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        self.played += 1
        dimension = case_id.split("/")[1]
        rng = random.Random(derive(self.seed, harness.digest, case_id, seed))
        return Rollout({dimension: float(rng.random() < self.chances[bool(harness.rules)][dimension])}, "x")


async def _nobody() -> None:
    return None


def upkeep(dice: Dice, objective: Objective | None = None, calls: float = 10_000) -> Upkeep:
    objective = objective or Objective(character="vera", weights=dict.fromkeys(NAMES, 1.0))
    line = Line(Harness(), Harness())
    line.take(Kept(EDIT, "d0", 0.3, 0), spent=0)
    rollouts = Rollouts(dice, MemoryJournal(), RunBudget(calls), _nobody)
    return Upkeep(dice, rollouts, objective, line, dice.seed, GateSettings(), guard_cases=2)


async def share_taken_back(after: Mapping[str, float], checks: int, usual: float = 0.85) -> tuple[float, float]:
    """The share of checks that take the edit back, and the plays of a check."""
    taken = played = 0
    for seed in range(checks):
        dice = Dice(dict.fromkeys(NAMES, usual), {**dict.fromkeys(NAMES, usual), **after}, seed)
        taken += (await upkeep(dice).check_all(0)).candidate == Harness()
        played += dice.played
    return taken / checks, played / checks


async def test_a_version_that_changed_nothing_is_seldom_taken_back_and_checked_cheaply() -> None:
    share, plays = await share_taken_back({}, 250)
    assert share <= 0.05
    assert plays < 75  # 44 at first sight


async def test_a_lost_dimension_is_found_with_two_cases() -> None:
    share, _ = await share_taken_back({"d7": 0.1}, 100)
    assert share >= 0.8


async def test_small_falls_everywhere_add_up() -> None:
    share, _ = await share_taken_back(dict.fromkeys(NAMES, 0.55), 100)
    assert share >= 0.5


@pytest.mark.parametrize(("falls", "verdict"), [([1.0] * 4, "stands"), ([1.0, -1.0, 0.0], "gone"), ([1.0] * 2, "more")])
def test_a_suspicion_stands_when_it_comes_again(falls: list[float], verdict: str) -> None:
    fall = Fall(0.1)
    for one in falls:
        assert fall.verdict == "more"
        fall = fall.after(one)
    assert fall.verdict == verdict


def test_what_the_gate_measures_beside_its_tests_counts() -> None:
    differences = {
        "d0": [1.0] * 8,
        "d1": [-1.0, 0.0, -1.0, -1.0, 0.0, -1.0],
        "d2": [-1.0, 1.0, 0.0],
        "d3": [-0.05] * 40,
    }
    assert fell_beside(differences, ["d0"], 0.1) == ["d1: fell by 0.67 in 6 pairs of the gate"]
    assert fell_beside(differences, ["d1"], 0.1) == []


@pytest.mark.parametrize(("calls", "stays"), [(48, True), (56, False)])
async def test_a_fall_that_can_not_be_played_again_is_written_down(calls: int, stays: bool) -> None:
    """44 calls are the first look. With next to nothing beyond it the version stays, and the record says what was not
    looked into; three plays more by each side decide."""
    dice = Dice(dict.fromkeys(NAMES, 1.0), {**dict.fromkeys(NAMES, 1.0), "d7": 0.0}, 1)
    judged = await upkeep(dice, calls=calls).check_all(0)
    assert (judged.candidate != Harness()) is stays
    noted = [reason for reason in judged.reasons if reason.startswith("d7: 0.00, released 1.00")]
    assert bool(noted) is stays
    assert all(reason.endswith("the budget ended before that was played again") for reason in noted)


async def test_a_budget_below_the_first_look_is_refused() -> None:
    dice = Dice(dict.fromkeys(NAMES, 1.0), dict.fromkeys(NAMES, 1.0), 1)
    assert upkeep(dice).cost().calls == 2 * 2 * 22
    with pytest.raises(BudgetExceeded):
        await upkeep(dice, calls=43).check_all(0)


async def test_a_floor_counts_when_more_plays_are_below_it_too() -> None:
    objective = Objective(character="vera", weights=dict.fromkeys(NAMES, 1.0), floors={"d3": 0.5}, tolerance=1.0)
    low = Dice(dict.fromkeys(NAMES, 1.0), {**dict.fromkeys(NAMES, 1.0), "d3": 0.1}, 2)
    judged = await upkeep(low, objective).check_all(0)
    assert judged.candidate == Harness()
    assert "below the floor" in judged.guards[0]


def test_a_small_budget_is_not_eaten_by_its_own_check() -> None:
    dice: Any = Dice(dict.fromkeys(NAMES, 1.0), dict.fromkeys(NAMES, 1.0), 1)
    objective = Objective(character="vera", weights=dict.fromkeys(NAMES, 1.0))
    assert [affordable(dice, objective, 0, calls) for calls in (100, 150, 263, 264, 1000)] == [0, 1, 1, 2, 2]
