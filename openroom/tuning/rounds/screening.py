"""Screening: what code can refuse is refused, and what is left is looked at on a few train cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from openroom.core.harness import Harness, HarnessError
from openroom.errors import BudgetExceeded
from openroom.tuning.audit.record import CheckRow
from openroom.tuning.edits import Edit, Tier, apply_edits, path_of, tier_of
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.arena import Arena
from openroom.tuning.rounds.gate import GateSettings
from openroom.tuning.rounds.rollouts import Rollouts
from openroom.tuning.rounds.stages import Planned, Screened
from openroom.tuning.rounds.trial import Trial

StaticCheck = Callable[[Harness, Edit], Sequence[CheckRow]]


@dataclass(slots=True)
class Screening:
    """``weights`` names the dimensions that train and gate cases measure; ``cases`` train cases are played, of which
    ``need`` must pass."""

    arena: Arena
    rollouts: Rollouts
    seed: int
    gate: GateSettings
    check: StaticCheck
    weights: Mapping[str, float]
    cases: int
    need: int

    async def screen(self, plan: Planned, head: Harness) -> Screened:
        """What of the plan may go before the gate."""
        if plan.stopped:
            return Screened(plan, reasons=plan.reasons)
        found = self._checked(plan, head)
        if not found.proposals:
            return found
        candidate = apply_edits(head, [proposal.edit for proposal in found.proposals])
        pairs = plan.number + 1 if plan.stacked else 0
        trial = Trial(self.arena, self.rollouts, self.seed, head, candidate, self.gate, pairs=pairs)
        found = replace(found, trial=trial)
        try:
            if self.cases and len(found.proposals) == 1 and plan.failures:
                passed = await trial.screen(found.proposals[0], plan.failures, plan.number, self.cases, self.need)
            else:
                passed = True
        except BudgetExceeded as error:
            return replace(found, stopped=error)
        if not passed:
            return replace(found, reasons=(*found.reasons, "screen: too few train cases pass"))
        return replace(found, states=(*found.states, "screened"))

    def _checked(self, plan: Planned, head: Harness) -> Screened:
        good: list[Proposal] = []
        refused: list[Proposal] = []
        checks: list[CheckRow] = []
        reasons = list(plan.reasons)
        for proposal in plan.asked:
            rows = self._rows(proposal, [other.edit for other in good], head)
            checks += rows
            bad = next((row for row in rows if not row.ok), None)
            if bad is None:
                good.append(proposal)
                continue
            reasons.append(f"{proposal.operator}: {bad.check}: {bad.reason}")
            refused.append(proposal)
        states = ("draft", "static_ok") if good else ("draft",)
        return Screened(plan, tuple(good), tuple(refused), tuple(checks), states=states, reasons=tuple(reasons))

    def _rows(self, proposal: Proposal, others: list[Edit], head: Harness) -> list[CheckRow]:
        rows = list(self.check(head, proposal.edit))
        if proposal.hypothesis.dimension not in self.weights:
            reason = f"no train and gate cases measure {proposal.hypothesis.dimension}"
            rows.append(CheckRow(check="dimension", ok=False, reason=reason))
        if tier_of(head, proposal.edit) is Tier.T3:
            rows.append(CheckRow(check="tier", ok=False, reason=f"{path_of(proposal.edit)} is not proposable"))
        try:
            apply_edits(head, [*others, proposal.edit])
        except HarnessError as error:
            rows.append(CheckRow(check="applies", ok=False, reason=str(error)))
        return rows or [CheckRow(check="applies", ok=True)]
