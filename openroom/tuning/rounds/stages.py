"""What a round is on its way: what is to be tried, what of it may be tried, and what came of it.

Each stage of the loop hands on a value of its own; `openroom.tuning.rounds.attempt` makes the record of the last one.
What a stage could not finish because the budget is spent comes as far as it got, with the error in ``stopped``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.tuning.audit.record import CheckRow, Purpose, TestRow, VisitRow
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.arena import Played
from openroom.tuning.rounds.gate import RoundGate
from openroom.tuning.rounds.trial import Trial

Stopped = BudgetExceeded | None


@dataclass(frozen=True, slots=True)
class Planned:
    """What a round is to try. ``operators`` were asked and gave ``asked`` (``outputs``: blobs of what they wrote), with
    these ``failures`` before them; ``stacked``: some were tried before and are tried again;
    ``prior``: what was expected of their kinds and operators by other characters."""

    number: int
    purpose: Purpose = "improve"
    asked: tuple[Proposal, ...] = ()
    operators: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    failures: tuple[Played, ...] = ()
    stacked: bool = False
    prior: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    stopped: Stopped = None


@dataclass(frozen=True, slots=True)
class Screened:
    """What may be tried: ``proposals`` passed the static checks, ``refused`` did not. With a ``trial``, and the state
    ``screened``, they may go before the gate."""

    plan: Planned
    proposals: tuple[Proposal, ...] = ()
    refused: tuple[Proposal, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    trial: Trial | None = None
    states: tuple[str, ...] = ("draft",)
    reasons: tuple[str, ...] = ()
    stopped: Stopped = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of it: ``kept`` passed the gate and all guards, and ``candidate`` holds them. ``retagged``: to be tried
    alone, in rounds of their own."""

    screened: Screened
    candidate: Harness | None = None
    gate: RoundGate | None = None
    tests: tuple[TestRow, ...] = ()
    kept: tuple[Proposal, ...] = ()
    visits: tuple[VisitRow, ...] = ()
    guards: tuple[str, ...] = ()
    states: tuple[str, ...] = ("draft",)
    reasons: tuple[str, ...] = ()
    retagged: tuple[Proposal, ...] = ()
    stopped: Stopped = None

    @property
    def faded(self) -> tuple[str, ...]:
        """Dimensions in which visits did not show what short plays had."""
        return tuple(row.name for row in self.visits if row.verdict == "fades")

    def rejected(self, reason: str = "", stopped: Stopped = None) -> Judged:
        """The end of the round without a keep."""
        states = self.states if self.states[-1] == "rejected" else (*self.states, "rejected")
        reasons = (*self.reasons, reason) if reason else self.reasons
        return replace(self, kept=(), states=states, reasons=reasons, stopped=stopped)
