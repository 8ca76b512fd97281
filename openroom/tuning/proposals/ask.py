"""Asking an operator for a proposal: through the journal and the budget when it costs something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openroom.core.harness import HarnessError
from openroom.errors import ModelError, ModelRateLimited, ModelUnreachable
from openroom.tuning.audit.journal import Body, Journal
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.edits import parse_edit
from openroom.tuning.proposals.operators import Answer, Proposal, Proposer, Situation
from openroom.tuning.rounds.arena import Cost
from openroom.tuning.rounds.budget import RunBudget


@dataclass(frozen=True, slots=True)
class Asked:
    """The proposals to be tried together, the operator's own one last (none: ``reason`` says why), and the digests of
    the blobs that hold the operator's output as it came."""

    proposals: tuple[Proposal, ...]
    blobs: tuple[str, ...] = ()
    reason: str = ""


async def ask(proposer: Proposer, context: Situation, journal: Journal, budget: RunBudget) -> Asked:
    """One question to one operator. It is asked once and its answer recorded, also when it is code alone: so that a
    later version of that code still replays the run. Raises `BudgetExceeded`, `ModelUnreachable`, `ModelRateLimited`.
    """
    with budget.spending(proposer.cost) as bill:
        body = await _recorded(proposer, context, journal)
        bill.spent = Cost(int(body["calls"]), float(body["usd"]))
    raw = (await journal.read(body["raw"])).decode() if body["raw"] else ""
    *beside, own = [
        _proposal(one, proposer.name, raw if one is body else "") for one in (*body.get("beside", ()), body)
    ]
    found = tuple(one for one in (*beside, own) if one is not None) if own is not None else ()
    return Asked(found, (body["raw"],) if raw else (), str(body["reason"]))


async def _recorded(proposer: Proposer, context: Situation, journal: Journal) -> Body:
    async def effect() -> tuple[Body, Sequence[str]]:
        try:
            answer = await proposer.propose(context)
        except (ModelUnreachable, ModelRateLimited):
            raise
        except ModelError as error:
            answer = Answer(reason=str(error), calls=proposer.cost.calls, usd=proposer.cost.usd)
        raw = await journal.keep(answer.raw.encode()) if answer.raw else ""
        return _body(answer, raw), [raw] if raw else []

    key = {"operator": proposer.name, "number": context.number, "harness": context.harness.digest}
    return await journal.step("proposal", key, effect)


def _body(answer: Answer, raw: str) -> Body:
    body: dict[str, Any] = {"calls": answer.calls, "usd": answer.usd, "raw": raw, "reason": answer.reason}
    if answer.proposal is not None:
        body |= {**_written(answer.proposal), "beside": [_written(one) for one in answer.beside]}
    return body


def _written(proposal: Proposal) -> Body:
    return {
        "edit": proposal.edit.model_dump(mode="json", exclude_none=True),
        "hypothesis": proposal.hypothesis.model_dump(mode="json"),
        "aims": list(proposal.aims),
        "mends": list(proposal.mends),
    }


def _proposal(body: Body, operator: str, raw: str) -> Proposal | None:
    if "edit" not in body:
        return None
    try:
        edit = parse_edit(body["edit"])
    except HarnessError:
        return None
    aims, mends = (tuple(map(str, body.get(key, ()))) for key in ("aims", "mends"))  # an older run has neither
    return Proposal(edit, Hypothesis.model_validate(body["hypothesis"]), operator, raw, aims, mends)
