"""Judging: the gate's pairs, what they say of each proposal, and visits and guards of what is to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.tuning.edits import apply_edit
from openroom.tuning.rounds.gate import FALLBACK, GateSettings, complexity_ok
from openroom.tuning.rounds.maintenance import Upkeep
from openroom.tuning.rounds.stages import Judged, Screened
from openroom.tuning.rounds.trial import Trial
from openroom.tuning.rounds.visits import in_words

_NOTHING = "no failure to work on, or no operator had a proposal"


@dataclass(slots=True)
class Judging:
    """``traps``: trap cases after each keep; ``visits``: pairs of visits at most (0: none)."""

    upkeep: Upkeep
    gate: GateSettings
    weights: Mapping[str, float]
    traps: int
    visits: int = 0

    async def judge(self, screened: Screened, head: Harness) -> Judged:
        """What came of what was screened; nothing is kept of what did not pass the screen."""
        trial, stopped = screened.trial, screened.plan.stopped or screened.stopped
        judged = Judged(screened, trial.candidate if trial else None, states=screened.states, reasons=screened.reasons)
        if trial is None or stopped or screened.states[-1] != "screened":
            nothing = "" if screened.plan.asked or stopped else _NOTHING
            return judged.rejected(str(stopped or nothing), stopped)
        dimensions = list(dict.fromkeys(proposal.hypothesis.dimension for proposal in screened.proposals))
        try:
            gate = await trial.gate(dimensions)
        except BudgetExceeded as error:
            return judged.rejected(str(error), error)
        kept, reasons = [], list(judged.reasons)
        for proposal in screened.proposals:
            if gate.verdict(proposal.hypothesis.dimension) == "keep":
                grown = apply_edit(head, proposal.edit).prompt_tokens() - head.prompt_tokens()
                gain = gate.evidence(proposal.hypothesis.dimension).mean
                if complexity_ok(gain, grown, self.gate):
                    kept.append(proposal)
                else:
                    reasons.append(f"complexity: {grown} tokens for a gain of {gain:.3f}")
        judged = replace(judged, gate=gate, tests=gate.rows(), kept=tuple(kept), reasons=tuple(reasons))
        judged = replace(judged, states=(*judged.states, "gated"))
        if kept:
            judged = await self._visited(judged, trial)
            if judged.stopped or not judged.kept:
                return judged.rejected(stopped=judged.stopped)
            return await self.upkeep.guard_keep(judged, trial, self.traps)
        bundle_helps = FALLBACK in gate.names and gate.verdict(FALLBACK) == "keep"
        return (self._retagged(judged, trial) if bundle_helps else judged).rejected()

    async def _visited(self, judged: Judged, trial: Trial) -> Judged:
        """What is left of the kept when visits have shown what lasts."""
        for dimension in dict.fromkeys(one.hypothesis.dimension for one in judged.kept) if self.visits else ():
            try:
                lasting = await trial.visit(dimension, self.visits)
            except BudgetExceeded as error:
                reason = f"{dimension}: the budget ended before visits showed whether it lasts; {error}"
                return replace(judged, reasons=(*judged.reasons, reason), kept=(), stopped=error)
            if lasting is None:
                continue
            row = lasting.row(dimension)
            judged = replace(judged, visits=(*judged.visits, row), reasons=(*judged.reasons, in_words(row)))
        kept = tuple(one for one in judged.kept if one.hypothesis.dimension not in judged.faded)
        return replace(judged, kept=kept)

    def _retagged(self, judged: Judged, trial: Trial) -> Judged:
        """The bundle helps, but not where its tags say: try each edit alone, where the bundle gained most, in a round
        of its own with fresh pairs."""
        means = {name: trial.means[name] for name in self.weights if name in trial.means}
        best = max(means, key=lambda name: means[name])
        alone = tuple(
            replace(one, hypothesis=one.hypothesis.model_copy(update={"dimension": best}), aims=(), mends=())
            for one in judged.screened.proposals
        )
        reason = f"the bundle helps {best}, not what its tags say: each edit is tried there alone"
        return replace(judged, retagged=alone, reasons=(*judged.reasons, reason))
