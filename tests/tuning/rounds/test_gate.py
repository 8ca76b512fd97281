"""The gate keeps what helps, and its error rate holds however long it looks."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.tuning.rounds.gate import (
    FALLBACK,
    Bound,
    Evidence,
    GateError,
    GateSettings,
    RoundGate,
    checked,
    complexity_ok,
    evidence_of,
    false_keep_bound,
    guard_reason,
    score_or_fail,
)

SETTINGS = GateSettings()


def _play(rng: random.Random, candidate: float, incumbent: float, alpha: float) -> tuple[str, int]:
    evidence = Evidence()
    while (verdict := evidence.verdict(alpha, SETTINGS)) == "more":
        evidence = evidence.after((rng.random() < candidate) - (rng.random() < incumbent), SETTINGS)
    return verdict, evidence.n


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_null_edits_are_kept_no_more_often_than_alpha(rate: float) -> None:
    rng = random.Random(7)
    kept = sum(_play(rng, rate, rate, 0.05)[0] == "keep" for _ in range(2000))
    assert false_keep_bound(kept, 2000) <= 0.05


def test_edits_that_help_are_kept_in_few_pairs() -> None:
    rng = random.Random(3)
    plays = [_play(rng, 0.85, 0.35, 0.05) for _ in range(300)]
    assert sum(verdict == "keep" for verdict, _ in plays) > 270
    assert sum(n for _, n in plays) / 300 < 20


def test_edits_that_harm_are_dropped_early() -> None:
    rng = random.Random(5)
    plays = [_play(rng, 0.3, 0.7, 0.05) for _ in range(300)]
    assert all(verdict == "drop" for verdict, _ in plays)
    assert sum(n for _, n in plays) / 300 < 9


@given(st.lists(st.sampled_from((-1.0, -0.5, 0.0, 0.5, 1.0)), max_size=40))
def test_each_step_is_a_fair_bet(differences: list[float]) -> None:
    """One step up and one step down by the same amount average to the e-value before: the martingale property."""
    evidence = evidence_of(differences)
    up, down = evidence.after(0.75, SETTINGS).e, evidence.after(-0.75, SETTINGS).e
    assert math.isclose((up + down) / 2, evidence.e, rel_tol=1e-9)
    assert 0 <= evidence.bet(SETTINGS) <= SETTINGS.bet_max
    assert evidence.e > 0


def test_the_first_bet_comes_from_the_prior() -> None:
    assert Evidence().bet(SETTINGS) == pytest.approx(0.2 / (0.3 + 0.04))
    assert evidence_of([1.0]).e == pytest.approx(1 + 0.2 / 0.34)


def test_no_keep_before_six_pairs() -> None:
    evidence = evidence_of([1.0] * 5)
    assert evidence.verdict(0.5, SETTINGS) == "more"
    assert evidence_of([1.0] * 9).verdict(0.05, SETTINGS) == "keep"


def test_forty_pairs_end_a_test() -> None:
    evidence = evidence_of([0.05, -0.02] * 20)
    assert evidence.mean > 0
    assert evidence.verdict(0.05, SETTINGS) == "drop"


def test_alpha_is_split_over_every_test_of_a_round() -> None:
    gate = RoundGate(("voice", "facts", "language", FALLBACK))
    assert gate.alpha == pytest.approx(0.0125)
    for _ in range(8):
        gate = gate.after("voice", 1.0)
    alone = RoundGate(("voice",))
    for _ in range(8):
        alone = alone.after("voice", 1.0)
    assert (gate.verdict("voice"), alone.verdict("voice")) == ("more", "keep")
    assert gate.verdict("facts") == "more"
    with pytest.raises(GateError, match="one of the tests"):
        gate.after("spelling", 1.0)
    with pytest.raises(GateError, match="named once"):
        RoundGate(("voice", "voice"))


def test_a_round_of_four_null_edits_keeps_one_in_twenty_rounds_at_most() -> None:
    rng = random.Random(11)
    names = ("a", "b", "c", FALLBACK)
    kept = 0
    for _ in range(600):
        alpha = RoundGate(names).alpha
        kept += any(_play(rng, 0.5, 0.5, alpha)[0] == "keep" for _ in names)
    assert false_keep_bound(kept, 600) <= 0.05


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, "1", "score 10", None, True, 1.01, [1]])
def test_odd_scores_are_refused_and_count_as_failed(bad: object) -> None:
    with pytest.raises(GateError, match="expected a score"):
        checked(bad)
    assert score_or_fail(bad) == 0.0


def test_odd_differences_never_reach_the_e_value() -> None:
    with pytest.raises(GateError):
        Evidence().after(math.nan, SETTINGS)
    with pytest.raises(GateError):
        Evidence().after(3.0, SETTINGS)


def test_complexity_is_paid_for() -> None:
    assert complexity_ok(0.01, 100)
    assert not complexity_ok(0.01, 101)
    assert complexity_ok(-0.5, 0)


def test_guards_compare_with_the_released_version() -> None:
    traps = Bound("traps", zero_tolerance=True)
    assert guard_reason(traps, [1, 1], [1, 1]) == ""
    assert "1 of 2" in guard_reason(traps, [1, 0], [1, 1])
    assert "2 scores for 3" in guard_reason(traps, [1, 1], [1, 1, 1])
    assert "worse" in guard_reason(traps, [1, math.nan], [1, 1])
    style = Bound("style", tolerance=0.1, floor=0.5)
    assert guard_reason(style, [0.9, 0.9], [1, 0.9]) == ""
    assert "may fall" in guard_reason(style, [0.7, 0.7], [1, 0.9])
    assert "floor" in guard_reason(style, [0.4, 0.4], [0.4, 0.4])


def test_thirty_small_losses_add_up_to_a_breach() -> None:
    released = [1.0] * 50
    guard = Bound("safety", tolerance=0.05)
    reasons = [guard_reason(guard, [1.0 - 0.01 * step] * 50, released) for step in range(31)]
    assert reasons[:5] == [""] * 5
    assert all(reasons[6:])


def test_the_bound_is_clopper_pearson() -> None:
    assert false_keep_bound(0, 300) == pytest.approx(1 - 0.05 ** (1 / 300), abs=1e-9)
    assert false_keep_bound(8, 300) == pytest.approx(0.0476, abs=5e-4)
    assert false_keep_bound(3, 3) == 1.0
    with pytest.raises(GateError):
        false_keep_bound(4, 3)
