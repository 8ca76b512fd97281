"""What one round gathers, and the record made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openroom.core.harness import Harness, HarnessError
from openroom.tuning.audit.blobs import digest_of
from openroom.tuning.audit.record import (
    BudgetRow,
    CheckRow,
    FailureCited,
    PatchRow,
    Purpose,
    RollbackRow,
    RoundRecord,
)
from openroom.tuning.edits import Edit, Tier, apply_edit, apply_edits, inverse, path_of, tier_of, value_at
from openroom.tuning.proposals.operators import Proposal, label
from openroom.tuning.rounds.arena import Played
from openroom.tuning.rounds.gate import RoundGate
from openroom.tuning.rounds.seeds import derive
from openroom.tuning.rounds.trial import Trial, gate_row

#: States a round can end in with the head changed.
CHANGING = ("auto_kept", "awaiting_approval")


@dataclass(slots=True)
class Attempt:
    """A round in the making. ``operators`` were asked, ``asked`` are their proposals, ``proposals`` those still in
    play, ``kept`` those that passed the gate and all guards. ``stacked``: some were tried before and are tried again.
    """

    number: int
    purpose: Purpose = "improve"
    asked: list[Proposal] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    stacked: bool = False
    failures: list[Played] = field(default_factory=list)
    checks: list[CheckRow] = field(default_factory=list)
    states: list[str] = field(default_factory=lambda: ["draft"])
    reasons: list[str] = field(default_factory=list)
    guards: list[str] = field(default_factory=list)
    trial: Trial | None = None
    gate: RoundGate | None = None
    kept: list[Proposal] = field(default_factory=list)
    candidate: Harness | None = None
    outputs: list[str] = field(default_factory=list)
    budget: BudgetRow = field(default_factory=BudgetRow)

    def reject(self, reason: str = "") -> None:
        """End the round without a keep."""
        self.kept.clear()
        if reason:
            self.reasons.append(reason)
        if self.states[-1] != "rejected":
            self.states.append("rejected")

    def tier(self, head: Harness) -> Tier:
        """The highest tier among the edits in play."""
        return max((tier_of(head, proposal.edit) for proposal in self.kept or self.asked), default=Tier.T0)


def record_of(
    attempt: Attempt, head: Harness, *, run: str, run_seed: int, character: str, digests: Mapping[str, str]
) -> RoundRecord:
    """The record of a round on ``head``, before it takes effect."""
    trial, candidate = attempt.trial, attempt.candidate
    edits = [proposal.edit for proposal in attempt.kept or attempt.proposals or attempt.asked]
    changed = attempt.states[-1] in CHANGING and candidate is not None
    dimension = attempt.proposals[0].hypothesis.dimension if attempt.proposals else ""
    return RoundRecord(
        round_id=f"{run}/{attempt.number}/{attempt.purpose}",
        number=attempt.number,
        character=character,
        purpose=attempt.purpose,
        parent_version=head.digest,
        candidate_version=candidate.digest if candidate else "",
        kept_version=candidate.digest if changed and candidate else "",
        tier=attempt.tier(head),
        digests=dict(digests),
        seeds={"run": run_seed, "round": derive(run_seed, attempt.number)},
        operator=", ".join(dict.fromkeys([proposal.operator for proposal in attempt.asked] or attempt.operators)),
        proposer_outputs=tuple(attempt.outputs),
        failures=tuple(_cited(played) for played in attempt.failures),
        hypotheses=tuple(proposal.hypothesis for proposal in attempt.asked),
        patch=patch_of(head, edits),
        static_checks=tuple(attempt.checks),
        budget=attempt.budget,
        rollouts=tuple(trial.rows) if trial else (),
        gate=gate_row(
            attempt.gate,
            gain=trial.mean(dimension) if trial else 0.0,
            tokens=candidate.prompt_tokens() - head.prompt_tokens() if candidate else 0,
            guards=attempt.guards,
            reasons=attempt.reasons,
            kept=bool(attempt.kept),
        ),
        states=tuple(attempt.states),
        rollback=rollback_of(head, edits if attempt.kept else []),
        self_criticism=_criticism(attempt),
    )


def patch_of(head: Harness, edits: Sequence[Edit]) -> tuple[PatchRow, ...]:
    """The edits as (op, path, before, after); one that does not fit has neither before nor after."""
    rows = []
    for edit in edits:
        path = path_of(edit)
        try:
            after = apply_edit(head, edit)
        except HarnessError:
            rows.append(PatchRow(op=edit.op, path=path))
            continue
        rows.append(PatchRow(op=edit.op, path=path, before=value_at(head, path), after=value_at(after, path)))
        head = after
    return tuple(rows)


def rollback_of(head: Harness, edits: Sequence[Edit]) -> RollbackRow:
    """The inverse edits in the order to apply them, and whether they gave the same bytes when tried just now."""
    undo: list[Edit] = []
    harness = head
    for edit in edits:
        undo.insert(0, inverse(harness, edit))
        harness = apply_edit(harness, edit)
    back = apply_edits(harness, undo)
    rows = tuple(edit.model_dump(mode="json", exclude_none=True) for edit in undo)
    return RollbackRow(inverse=rows, tested=bool(undo) and back.canonical_json() == head.canonical_json())


def outcome_of(attempt: Attempt, proposal: Proposal) -> str:
    """One sentence about what came of a proposal: the note that later rounds read."""
    dimension = proposal.hypothesis.dimension
    pairs = attempt.gate.evidence(dimension).n if attempt.gate and dimension in attempt.gate.names else 0
    mean = attempt.trial.mean(dimension) if attempt.trial else 0.0
    if proposal in attempt.kept:
        came = "was kept"
    elif attempt.guards:
        came = "broke a guard"
    elif pairs and mean <= 0:
        came = "did not help"
    elif "static_ok" in attempt.states and "screened" not in attempt.states:
        came = "passed no failed case"
    else:
        came = "was not settled"
    several = " with others" if sum(one.hypothesis.dimension == dimension for one in attempt.proposals) > 1 else ""
    return f"{label(proposal.edit)}{several} for {dimension} {came}; mean change {mean:+.2f} in {pairs} pairs."


def _criticism(attempt: Attempt) -> str:
    return " ".join(outcome_of(attempt, proposal) for proposal in attempt.proposals)


def _cited(played: Played) -> FailureCited:
    transcript = digest_of(played.transcript.encode()) if played.transcript else ""
    return FailureCited(case=played.case, dimension=played.dimension, flaws=played.flaws, transcript=transcript)
