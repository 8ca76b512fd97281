"""Prices, sums and budgets."""

from __future__ import annotations

import pytest

from openroom.ports.ledger import DAY_MS, Budget, Call, Price, Spent, day_start


def test_a_price_is_per_million_and_cached_tokens_may_be_cheaper() -> None:
    assert Price(3.0, 15.0).usd(1_000_000, 400_000, 100_000) == pytest.approx(4.5)
    assert Price(3.0, 15.0, cached=0.3).usd(1_000_000, 400_000, 100_000) == pytest.approx(1.8 + 0.12 + 1.5)


def test_more_cached_than_prompt_is_not_a_refund() -> None:
    assert Price(3.0, 15.0, cached=0.0).usd(100, 500, 0) == 0.0


def test_a_negative_price_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Price(prompt=-1)


def test_spent_adds_calls_up() -> None:
    call = Call("a", 1, "tea", "mira", "turn", "m", "remote", 90, 50, 10, False, None, None, 9, "ok")
    total = Spent().plus(call).plus(call)
    assert (total.calls, total.tokens, total.cached, total.usd) == (2, 200, 100, 0.0)
    assert call.tokens == 100


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(), None),
        (Budget(tokens_per_day=1100, tokens_per_room=200, calls_per_day=11, usd_per_day=1.1, usd_per_room=0.2), None),
        (Budget(tokens_per_day=1099), "1,099 tokens"),
        (Budget(tokens_per_room=199), "this room's budget"),
        (Budget(calls_per_day=10), "10 model calls"),
        (Budget(usd_per_day=1.05), r"$1.05"),
        (Budget(usd_per_room=0.15), "this room's budget"),
        (Budget(tokens_per_day=0), "0 tokens"),
    ],
)
def test_a_budget_says_why_it_objects(budget: Budget, words: str | None) -> None:
    objection = budget.objection(Spent(10, 900, 0, 100, 1.0), Spent(1, 90, 0, 10, 0.1), 100, 0.1)
    assert (objection is None) if words is None else (objection is not None and words in objection)


def test_without_a_price_only_tokens_and_calls_are_limited() -> None:
    assert Budget(usd_per_day=0.0).objection(Spent(), Spent(), 10, None) is None


def test_a_day_is_a_utc_day() -> None:
    assert day_start(5 * DAY_MS + 1) == 5 * DAY_MS == day_start(5 * DAY_MS)
