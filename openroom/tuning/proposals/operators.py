"""Operators: where edits come from. Each is a `Proposer`; a bandit learns which pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from openroom.core.harness import Harness
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.edits import Edit, label
from openroom.tuning.rounds.arena import Cost, Played
from openroom.tuning.rounds.prior import Prior, kind_of


@dataclass(frozen=True, slots=True)
class Situation:
    """What a proposer may see: the harness, the weak dimension, train transcripts and the notes of earlier rounds.

    ``seed`` is for this proposal alone, ``number`` counts the run's proposals from 0; nothing of gate, holdout, traps
    or report is in here. ``weakness`` is the mean loss (0..1) of each dimension on train. ``prior`` says what kinds of
    edits were kept on other characters. ``played`` is the harness as it is played, where that is more than it holds
    (what a plain card lacks is made beside it, `openroom.core.completed`).
    """

    harness: Harness
    dimension: str
    seed: int
    number: int = 0
    failures: Sequence[Played] = ()
    passing: Sequence[Played] = ()
    notes: Sequence[str] = ()
    weakness: Mapping[str, float] = field(default_factory=dict)
    prior: Prior = field(default_factory=Prior)
    played: Harness | None = None

    @property
    def shown(self) -> Harness:
        """The harness as the model sees it: what is there already is looked for here, so that no edit asks for what is
        done anyway, or takes away unseen what was made."""
        return self.played or self.harness


@dataclass(frozen=True, slots=True)
class Proposal:
    """A typed edit with its hypothesis, the operator's name, and the proposer's output as it came (empty for code).
    ``mends``: the kinds of flaw that it is for; ``aims``: train cases that failed of them, those first that failed of
    little else."""

    edit: Edit
    hypothesis: Hypothesis
    operator: str
    raw: str = ""
    aims: tuple[str, ...] = ()
    mends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An operator's answer: a proposal or none (``reason`` says why), its output as it came, and what it spent.
    ``beside``: proposals for the same dimension that are tried together with it, as one candidate under one test."""

    proposal: Proposal | None = None
    beside: tuple[Proposal, ...] = ()
    raw: str = ""
    reason: str = ""
    calls: int = 0
    usd: float = 0.0


def speaks_against(notes: Sequence[str], edit: Edit) -> bool:
    """Whether notes say that this very edit was tried in pairs and did not help, or twice passed no case that had
    failed before (once may be bad luck).
    """
    own = [note for note in notes if note.startswith(f"{label(edit)} for ")]  # not what came of it together with others
    return any("did not help" in note for note in own) or sum("passed no failed case" in note for note in own) > 1


def likeliest_first(edits: Sequence[Edit], prior: Prior) -> list[Edit]:
    """The edits whose kind was kept oftener on other characters first; of one kind, or where nothing is known, in the
    order in which they came."""
    return sorted(edits, key=lambda edit: -prior.expected(kind_of(edit)))


def tried_with_others(notes: Sequence[str], edit: Edit) -> bool:
    """Whether notes say that this very edit was tried as one of several for a dimension."""
    return any(note.startswith(f"{label(edit)} with others for ") for note in notes)


class Proposer(Protocol):
    """Proposes one edit. Async, since some ask a model; ``name`` is stable and goes into records and the bandit."""

    @property
    def name(self) -> str:
        """The operator's name."""
        ...

    @property
    def cost(self) -> Cost:
        """The most that one question may spend; ``Cost(0, 0.0)`` for operators that are code alone."""
        ...

    async def propose(self, context: Situation) -> Answer:
        """An edit for the context's dimension, if this operator has one to offer."""
        ...
