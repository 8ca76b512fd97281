"""A worsened live version is found within a dozen turns; a healthy one is left alone."""

from __future__ import annotations

import random

import pytest

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
