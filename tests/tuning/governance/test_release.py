"""The release check: a sealed holdout, a counted question, one bit for an answer."""

from __future__ import annotations

import random

import pytest

from openroom.errors import AccessError
from openroom.tuning.governance.release import HoldoutLedger, release_passes, sign_flip_p
from openroom.tuning.rounds.gate import GateError


def test_exact_p_values() -> None:
    rng = random.Random(0)
    assert sign_flip_p([1, 1, 1, 1, 1], rng) == pytest.approx(1 / 32)
    assert sign_flip_p([1, 0, 0, 1, 0], rng) == pytest.approx(1 / 4)
    assert sign_flip_p([1, -1], rng) == pytest.approx(3 / 4)
    assert sign_flip_p([0, 0, 0], rng) == 1.0


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
