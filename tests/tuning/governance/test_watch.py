"""A worsened live version is found within a dozen turns; a healthy one is left alone."""

from __future__ import annotations

import math
import random

import pytest

from benchmarks.planted_regression import canaries
from openroom.tuning.governance.watch import Watch


def _turns_to_alarm(rate: float, rng: random.Random, most: int) -> int:
    watch = Watch(usual=0.1)
    for turn in range(1, most + 1):
        watch = watch.after(rng.random() < rate)
        if watch.worse:
            return turn
    return most + 1


def test_at_most_one_false_alarm_in_500_healthy_turns() -> None:
    rng = random.Random(1)
    alarms = sum(_turns_to_alarm(0.1, rng, 500) <= 500 for _ in range(200))
    assert alarms / 200 <= 0.05


@pytest.mark.parametrize(("rate", "turns"), [(1.0, 6), (0.8, 15), (0.5, 40)])
def test_a_regression_is_found_soon(rate: float, turns: int) -> None:
    rng = random.Random(2)
    seen = sorted(_turns_to_alarm(rate, rng, 500) for _ in range(101))
    assert seen[50] <= turns


def test_a_long_healthy_past_hides_nothing() -> None:
    watch = Watch(usual=0.1)
    for _ in range(1000):
        watch = watch.after(False)
    for _ in range(8):
        watch = watch.after(True)
    assert watch.worse
    assert (watch.seen, watch.failed) == (1008, 8)


def test_a_bad_start_raises_the_share_for_a_while() -> None:
    watch = Watch.canary()
    assert watch.share(0.2) == 0.2
    assert watch.after(True).share(0.2) == 0.5
    assert watch.after(True).share(0.5) == 0.5
    assert watch.after(True).after(False).after(False).share(0.2) == 0.2
    late = watch
    for _ in range(12):
        late = late.after(False)
    assert late.after(True).share(0.2) == 0.2, "what fails after its start plays on in its usual share"


def test_a_bad_canary_in_a_fifth_of_the_turns_is_found_twice_as_soon() -> None:
    before, now = (canaries(0.9, 400, raised=raised) for raised in (False, True))
    assert now.taken == 1.0
    assert now.middle <= 15
    assert now.middle * 2 < before.middle


@pytest.mark.parametrize("rate", [0.15, 0.2])
def test_a_null_canary_is_taken_back_no_oftener_than_with_a_fixed_share(rate: float) -> None:
    """Within twice the standard error of the difference; `benchmarks.planted_regression` counts more of them."""
    before, now = (canaries(rate, 1000, raised=raised) for raised in (False, True))
    chance = 2.0 * math.sqrt(2.0 * before.taken * (1.0 - before.taken) / 1000)
    assert now.taken <= before.taken + chance
    assert now.own <= before.own * 1.05
