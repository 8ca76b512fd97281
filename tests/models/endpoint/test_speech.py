from __future__ import annotations

import pytest

from openroom.errors import BudgetExceeded
from openroom.models.endpoint.speech import Limits, SpeechService


def test_a_day_and_a_share_of_it() -> None:
    limits = Limits(100, 0.25)
    limits.take(0, 25, "house")
    with pytest.raises(BudgetExceeded, match="share of today's budget of 25 characters"):
        limits.take(0, 1, "house")
    limits.take(0, 75, "")  # an operator's
    with pytest.raises(BudgetExceeded, match="today's budget of 100 characters"):
        limits.take(0, 1, "")
    limits.take(1, 25, "house")


def test_what_was_not_taken_comes_back_but_not_into_another_day() -> None:
    limits = Limits(10, 1)
    back = limits.take(0, 10, "house")
    back()
    back = limits.take(0, 10, "house")
    limits.take(1, 10, "house")
    back()
    with pytest.raises(BudgetExceeded):
        limits.take(1, 1, "house")


def test_no_limit() -> None:
    limits = Limits(0, 0.25)
    limits.take(0, 10**9, "house")
    limits.take(0, 10**9, "house")


def test_the_first_wished_voice_that_may_be_used() -> None:
    service = SpeechService("http://127.0.0.1:1/v1", "", "m", ("alloy", "Nova", "kate"))
    assert service.voice_of(["Serena", "KATE", "nova"]) == "kate"
    assert service.voice_of(["Serena"]) == service.voice_of([]) == "alloy"
