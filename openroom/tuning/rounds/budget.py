"""A hard budget in model calls and US dollars: what is not reserved is not spent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from openroom.errors import BudgetExceeded
from openroom.tuning.rounds.arena import Cost


@dataclass(slots=True)
class Bill:
    """What an effect has really ``spent``: all that was reserved, until it is known."""

    spent: Cost


@dataclass(slots=True)
class RunBudget:
    """``calls`` and ``usd`` are limits (infinite by default). `reserve` before an effect, `settle` after it.

    ``reserved_*`` add up every reservation ever made, ``spent_*`` what really went.
    """

    calls: float = math.inf
    usd: float = math.inf
    spent_calls: int = 0
    spent_usd: float = 0.0
    held_calls: int = 0
    held_usd: float = 0.0
    reserved_calls: int = 0
    reserved_usd: float = 0.0

    def reserve(self, cost: Cost) -> None:
        """Set the cost aside. Raises `BudgetExceeded`, and sets nothing aside, when it does not fit any more."""
        if self.spent_calls + self.held_calls + cost.calls > self.calls:
            raise BudgetExceeded(f"expected at most {self.calls:g} calls, {self.spent_calls} are spent")
        if self.spent_usd + self.held_usd + cost.usd > self.usd:
            raise BudgetExceeded(f"expected at most {self.usd:.2f} USD, {self.spent_usd:.2f} are spent")
        self.held_calls += cost.calls
        self.held_usd += cost.usd
        self.reserved_calls += cost.calls
        self.reserved_usd += cost.usd

    @contextmanager
    def spending(self, cost: Cost) -> Iterator[Bill]:
        """Reserve a cost for an effect, and settle what the bill says afterwards. Raises `BudgetExceeded`."""
        self.reserve(cost)
        bill = Bill(cost)
        try:
            yield bill
        finally:
            self.settle(cost, bill.spent)

    def settle(self, reserved: Cost, spent: Cost) -> None:
        """Turn a reservation into what was really spent. More than reserved counts in full, so the next one may not
        fit.
        """
        self.held_calls -= reserved.calls
        self.held_usd -= reserved.usd
        self.spent_calls += spent.calls
        self.spent_usd += spent.usd

    def left_calls(self) -> float:
        """Calls that may still be reserved."""
        return self.calls - self.spent_calls - self.held_calls
