"""The release check: a sealed holdout, a counted question, one bit for an answer."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from openroom.errors import AccessError
from openroom.tuning.governance.exam import HoldoutLedger, release_passes, sign_flip_p
from openroom.tuning.rounds.gate import GateError


def test_exact_p_values() -> None:
    rng = random.Random(0)
    assert sign_flip_p([1, 1, 1, 1, 1], rng) == pytest.approx(1 / 32)
    assert sign_flip_p([1, 0, 0, 1, 0], rng) == pytest.approx(1 / 4)
    assert sign_flip_p([1, -1], rng) == pytest.approx(3 / 4)
    assert sign_flip_p([0, 0, 0], rng) == 1.0


def test_few_sizes_are_exact_however_many_there_are() -> None:
    for differences in ([0.5, 0.5, -0.5, 0.25, -1, 0.25, 0.5], [1, -1, 0.1, 0.2, 0.3], [-0.4, -0.4, 0.3]):
        flips = [
            [sign * abs(d) for sign, d in zip(signs, differences, strict=True)]
            for signs in itertools.product((1, -1), repeat=len(differences))
        ]
        reached = sum(math.fsum(flip) >= math.fsum(differences) - 1e-12 for flip in flips)
        assert sign_flip_p(differences, random.Random(0)) == reached / len(flips)
    upper = sum(math.comb(100, heads) for heads in range(60, 101))
    assert sign_flip_p([1] * 60 + [-1] * 40, random.Random(0)) == pytest.approx(upper / 2**100)


def test_many_sizes_are_drawn_and_agree_with_the_exact_answer() -> None:
    differences = [0.1 + 0.01 * n for n in range(15)] + [-0.2 - 0.01 * n for n in range(6)]
    p = sign_flip_p(differences, random.Random(0))
    assert p * 4001 == pytest.approx(round(p * 4001))
    flips = 2 ** len(differences)
    sums = {0: 1}
    for d in differences:
        size = round(abs(d) * 100)
        turned: dict[int, int] = {}
        for total, ways in sums.items():
            for sign in (size, -size):
                turned[total + sign] = turned.get(total + sign, 0) + ways
        sums = turned
    exact = sum(ways for total, ways in sums.items() if total >= round(sum(differences) * 100)) / flips
    assert p == pytest.approx(exact, abs=0.02)


def test_no_gain_passes_one_time_in_twenty_at_most() -> None:
    rng = random.Random(4)
    trials = 300
    passed = 0
    for _ in range(trials):
        differences = [(rng.random() < 0.6) - (rng.random() < 0.6) for _ in range(30)]
        passed += release_passes(differences, random.Random(1))
    assert passed / trials <= 0.08


def test_a_real_gain_passes() -> None:
    rng = random.Random(2)
    differences = [(rng.random() < 0.9) - (rng.random() < 0.4) for _ in range(40)]
    assert release_passes(differences, rng)
    assert not release_passes([-d for d in differences], rng)


def test_odd_differences_are_refused() -> None:
    with pytest.raises(GateError):
        sign_flip_p([float("nan")], random.Random(0))


def test_the_ledger_counts_and_refuses() -> None:
    ledger = HoldoutLedger(limit=2).allow("a")
    with pytest.raises(AccessError, match="again"):
        ledger.allow("a")
    ledger = ledger.allow("b")
    with pytest.raises(AccessError, match="used up"):
        ledger.allow("c")
    assert ledger.asked == ("a", "b")
