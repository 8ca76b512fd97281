"""Planted-bad candidates: an operator seeds edits that must not pass, and sees how many are caught.

They go through the loop like any proposal (operator ``planted``), but one that passes is quarantined and never
changes the head.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openroom.tuning.audit.record import Hypothesis, RoundRecord
from openroom.tuning.edits import Edit
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.gate import false_keep_bound

PLANTED = "planted"


@dataclass(frozen=True, slots=True)
class CatchRate:
    """How many planted candidates were tried and caught, by what, and the ids of the rounds that let one pass."""

    tried: int
    caught: int
    by: dict[str, int]
    missed: tuple[str, ...]

    @property
    def bound(self) -> float:
        """One-sided upper 95 % bound of the share that gets through; 1 when none was tried."""
        return false_keep_bound(self.tried - self.caught, self.tried) if self.tried else 1.0


def plant(edits: Sequence[Edit], dimension: str) -> list[Proposal]:
    """Proposals to give to `Optimizer` as ``suggested``. ``dimension`` is where they pretend to help."""
    hypothesis = Hypothesis(dimension=dimension, expected_delta=0.2, why="planted by an operator; must not pass")
    return [Proposal(edit, hypothesis, PLANTED) for edit in edits]


def catch_rate(records: Iterable[RoundRecord]) -> CatchRate:
    """The catch rate over the rounds on planted candidates."""
    planted = [record for record in records if record.purpose == PLANTED]
    missed = tuple(record.round_id for record in planted if record.states[-1] == "quarantined")
    by: dict[str, int] = {}
    for record in planted:
        if record.round_id not in missed:
            stage = caught_by(record)
            by[stage] = by.get(stage, 0) + 1
    return CatchRate(len(planted), len(planted) - len(missed), by, missed)


def caught_by(record: RoundRecord) -> str:
    """Which stage turned a candidate down: ``static``, ``screen``, ``gate`` or ``guards``."""
    if any(not row.ok for row in record.static_checks):
        return "static"
    if record.gate.guards:
        return "guards"
    return "gate" if record.gate.tests else "screen"
