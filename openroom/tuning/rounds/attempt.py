"""The record of a round: made of what it was judged to be, and written down before it takes effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openroom.core.harness import Harness, HarnessError, digest_of
from openroom.tuning.audit.journal import Journal
from openroom.tuning.audit.record import BudgetRow, FailureCited, GateRow, PatchRow, RollbackRow, RoundRecord
from openroom.tuning.edits import Edit, Tier, apply_edit, apply_edits, inverse, label, path_of, tier_of, value_at
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.arena import Played
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.seeds import derive
from openroom.tuning.rounds.stages import Judged

#: States a round can end in with the head changed.
CHANGING = ("auto_kept", "awaiting_approval")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A round in the log: its record, the hash of the entry, and what came of each proposal in play."""

    record: RoundRecord
    hash: str
    outcomes: tuple[str, ...]


class Recorder:
    """Writes the rounds of a run."""

    def __init__(self, journal: Journal, budget: RunBudget, objective: Objective, run: str, seed: int) -> None:
        self.journal, self.budget, self.objective, self.run, self.seed = journal, budget, objective, run, seed
        self._stored: set[str] = set()

    def so_far(self) -> BudgetRow:
        """What is reserved and spent by now."""
        budget = self.budget
        return BudgetRow(
            reserved_calls=budget.reserved_calls,
            spent_calls=budget.spent_calls,
            reserved_usd=budget.reserved_usd,
            spent_usd=budget.spent_usd,
        )

    async def write(
        self, judged: Judged, head: Harness, world: Mapping[str, str], before: BudgetRow, base: Harness | None = None
    ) -> Recorded:
        """Record a round of the ``head`` (made from ``base``, if that is another). ``before``: what was spent then."""
        now = self.so_far()
        spent = BudgetRow(
            reserved_calls=now.reserved_calls - before.reserved_calls,
            spent_calls=now.spent_calls - before.spent_calls,
            reserved_usd=round(now.reserved_usd - before.reserved_usd, 9),
            spent_usd=round(now.spent_usd - before.spent_usd, 9),
        )
        outcomes = tuple(outcome_of(judged, proposal) for proposal in judged.screened.proposals)
        record = record_of(
            judged,
            base or head,
            outcomes,
            run=self.run,
            seed=self.seed,
            character=self.objective.character,
            digests={**world, "objective": self.objective.digest},
            budget=spent,
        )
        blobs, body = record.blobs(), record.model_dump(mode="json", exclude_none=True)
        for version in filter(None, (head, judged.candidate)):
            if version.digest not in self._stored:
                self._stored.add(await self.journal.keep(version.canonical_json()))
        entry = await self.journal.note("round", body, blobs, actor=record.operator or "loop")
        return Recorded(record, entry, outcomes)


def record_of(
    judged: Judged,
    head: Harness,
    outcomes: Sequence[str],
    *,
    run: str,
    seed: int,
    character: str,
    digests: Mapping[str, str],
    budget: BudgetRow,
) -> RoundRecord:
    """The record of a round on ``head``, before it takes effect."""
    screened, candidate = judged.screened, judged.candidate
    plan, trial = screened.plan, screened.trial
    edits = [proposal.edit for proposal in judged.kept or screened.proposals or plan.asked]
    changed = judged.states[-1] in CHANGING and candidate is not None
    return RoundRecord(
        round_id=f"{run}/{plan.number}/{plan.purpose}",
        number=plan.number,
        character=character,
        purpose=plan.purpose,
        parent_version=head.digest,
        candidate_version=candidate.digest if candidate else "",
        kept_version=candidate.digest if changed and candidate else "",
        tier=tier(judged, head),
        digests=dict(digests),
        seeds={"run": seed, "round": derive(seed, plan.number)},
        operator=", ".join(dict.fromkeys([proposal.operator for proposal in plan.asked] or plan.operators)),
        proposer_outputs=plan.outputs,
        failures=tuple(_cited(played) for played in plan.failures),
        hypotheses=tuple(proposal.hypothesis for proposal in plan.asked),
        patch=patch_of(head, edits),
        static_checks=screened.checks,
        budget=budget,
        rollouts=tuple(trial.rows) if trial else (),
        gate=_gate_row(judged, candidate.prompt_tokens() - head.prompt_tokens() if candidate else 0),
        states=judged.states,
        rollback=rollback_of(head, edits if judged.kept else []),
        self_criticism=" ".join(outcomes),
        prior=dict(plan.prior) or None,
    )


def tier(judged: Judged, head: Harness) -> Tier:
    """The highest tier among the edits in play."""
    edits = [proposal.edit for proposal in judged.kept or judged.screened.plan.asked]
    return max((tier_of(head, edit) for edit in edits), default=Tier.T0)


def _gate_row(judged: Judged, tokens: int) -> GateRow:
    proposals, trial = judged.screened.proposals, judged.screened.trial
    gain = trial.means.get(proposals[0].hypothesis.dimension, 0.0) if trial and proposals else 0.0
    return GateRow(
        tests=judged.tests,
        guards=judged.guards,
        visits=judged.visits or None,
        gain=round(gain, 6),
        tokens=tokens,
        verdict="keep" if judged.kept else "drop",
        reasons=judged.reasons,
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


def outcome_of(judged: Judged, proposal: Proposal) -> str:
    """One sentence about what came of a proposal: the note that later rounds read."""
    dimension, screened = proposal.hypothesis.dimension, judged.screened
    pairs = next((len(test.path) for test in judged.tests if test.name == dimension), 0)
    mean = screened.trial.means.get(dimension, 0.0) if screened.trial else 0.0
    if proposal in judged.kept:
        came = "was kept"
    elif judged.guards:
        came = "broke a guard"
    elif dimension in judged.faded:
        came = "helped in short plays and faded in visits"
    elif pairs and mean <= 0:
        came = "did not help"
    elif "static_ok" in judged.states and "screened" not in judged.states:
        came = "passed no failed case"
    else:
        came = "was not settled"
    several = " with others" if sum(one.hypothesis.dimension == dimension for one in screened.proposals) > 1 else ""
    return f"{label(proposal.edit)}{several} for {dimension} {came}; mean change {mean:+.2f} in {pairs} pairs."


def _cited(played: Played) -> FailureCited:
    transcript = digest_of(played.transcript.encode()) if played.transcript else ""
    return FailureCited(case=played.case, dimension=played.dimension, flaws=played.flaws, transcript=transcript)
