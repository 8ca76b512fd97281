"""The record of a round: everything that was asked, tried, measured and decided, in one value for the audit log."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_serializer, model_validator

from openroom.core.harness import canonical, digest_of

Split = Literal["train", "gate", "visit", "holdout", "trap", "report"]
Arm = Literal["candidate", "incumbent", "released"]
Purpose = Literal["improve", "prune", "release", "rebuild", "sibling", "planted"]
"""What a round is for. ``sibling`` (an edit as another character has it) stands in logs of before alone: what is kept
on one is tried first on others by its kind (`openroom.tuning.rounds.prior`), in their own words.
"""
Score = Annotated[float, Field(ge=0.0, le=1.0)]

#: Who may see what of a split; goes into each record as it is.
VISIBILITY: dict[str, str] = {
    "train": "the proposer reads transcripts, scores and flaws",
    "gate": "verdicts and scores, no texts",
    "holdout": "sealed; pass or fail only, counted",
    "trap": "pass or fail of safety and locked behaviour",
    "report": "frozen before the loop, played once outside it",
}


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_WRITTEN = re.compile(r"(?P<kind>\w+) \((?P<dimension>\w+)\): (?P<why>.+)|(?P<own>[^:]+): (?P<said>.+)", re.DOTALL)


class Flaw(_Row):
    """What a check found wrong with a play: its ``kind``, ``why``, and the ``dimension`` in which it counts where that
    is not the case's own (a language case whose answer was too long as well).

    The log writes it as one line, ``kind: why`` or ``kind (dimension): why``, and so it is read again.
    """

    kind: str
    why: str = ""
    dimension: str = ""

    @classmethod
    def read(cls, line: str) -> Flaw:
        """The flaw of a line in a log."""
        found = _WRITTEN.fullmatch(line)
        if found is None:
            return cls(kind=line)
        if found["kind"]:
            return cls(kind=found["kind"], why=found["why"], dimension=found["dimension"])
        return cls(kind=found["own"], why=found["said"])

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return dict(cls.read(value)) if isinstance(value, str) else value

    @model_serializer
    def _write(self) -> str:
        return str(self)

    def __str__(self) -> str:
        head = f"{self.kind} ({self.dimension})" if self.dimension else self.kind
        return f"{head}: {self.why}" if self.why else head

    def at_home(self) -> Flaw:
        """The same, told in the dimension in which it counts."""
        return Flaw(kind=self.kind, why=self.why)


class FailureCited(_Row):
    """A train case that failed, why, and the digest of its transcript."""

    case: str
    dimension: str
    flaws: tuple[Flaw, ...] = ()
    transcript: str = ""


class Hypothesis(_Row):
    """What the edit is to do: raise ``dimension`` by ``expected_delta`` (0..1), and why."""

    dimension: str
    expected_delta: float = 0.0
    why: str = ""


class PatchRow(_Row):
    """One change: ``before`` or ``after`` is absent where there was, or will be, nothing."""

    op: str
    path: str
    before: Any = None
    after: Any = None


class CheckRow(_Row):
    """A static check's outcome; ``reason`` says why it failed."""

    check: str
    ok: bool
    reason: str = ""


class RolloutRow(_Row):
    """One play of a case by one arm. ``transcript`` is the digest of a blob; texts of all splits but train are stored,
    not shown.
    """

    case: str
    split: Split
    seed: int
    arm: Arm
    harness: str
    scores: dict[str, Score]
    flaws: tuple[Flaw, ...] = ()
    transcript: str = ""
    calls: Annotated[int, Field(ge=0)] = 1
    usd: Annotated[float, Field(ge=0.0)] = 0.0

    @property
    def by_dimension(self) -> dict[str, float]:
        """The scores without those of what a case asks for itself, whose names have a dot."""
        return {name: score for name, score in self.scores.items() if "." not in name}


class TestRow(_Row):
    """One test of the gate: the e-value after each pair, and the verdict at its share of alpha."""

    __test__ = False  # not a test for pytest to collect

    name: str
    path: tuple[float, ...]
    mean: float
    alpha: float
    verdict: Literal["keep", "drop", "more"]


class VisitRow(_Row):
    """What visits said of an edit that short plays would keep (`openroom.tuning.rounds.visits`): ``effects`` is the
    difference in the last third of each pair of visits, ``low`` and ``high`` the 80 % interval of their ``mean``,
    ``short`` the effect in short plays and ``needed`` what of it had to be there. ``by`` has (short, visit) for each
    thing that was asked for."""

    name: str
    effects: tuple[float, ...]
    mean: float
    low: float
    high: float
    short: float
    needed: float
    by: dict[str, tuple[float, float]] = Field(default_factory=dict)
    verdict: Literal["lasts", "fades", "more"]


class GateRow(_Row):
    """All that the gate looked at. ``guards`` holds the reasons of broken guards; ``gain`` and ``tokens`` the
    complexity rule; ``visits`` is absent where none was played.
    """

    tests: tuple[TestRow, ...] = ()
    guards: tuple[str, ...] = ()
    gain: float = 0.0
    tokens: int = 0
    verdict: Literal["keep", "drop", "none"] = "none"
    reasons: tuple[str, ...] = ()
    visits: tuple[VisitRow, ...] | None = None


class BudgetRow(_Row):
    """Calls and US dollars reserved before, and spent after."""

    reserved_calls: int = 0
    spent_calls: int = 0
    reserved_usd: float = 0.0
    spent_usd: float = 0.0


class RollbackRow(_Row):
    """How to take the round back: the inverse edits in the order to apply them, and whether they gave the same bytes
    when tried.
    """

    inverse: tuple[dict[str, Any], ...] = ()
    tested: bool = False


class RoundRecord(_Row):
    """One round. ``round_id`` is ``<run>/<number>``; versions and blobs are named by digest; ``states`` lists the
    states passed.
    """

    round_id: str
    number: Annotated[int, Field(ge=0)]
    character: str = ""
    purpose: Purpose = "improve"
    parent_version: str
    candidate_version: str = ""
    kept_version: str = ""
    tier: Annotated[int, Field(ge=0, le=3)] = 0
    digests: dict[str, str] = Field(default_factory=dict)
    visibility: dict[str, str] = Field(default_factory=lambda: dict(VISIBILITY))
    seeds: dict[str, int] = Field(default_factory=dict)
    operator: str = ""
    proposer_outputs: tuple[str, ...] = ()
    failures: tuple[FailureCited, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    patch: tuple[PatchRow, ...] = ()
    static_checks: tuple[CheckRow, ...] = ()
    budget: BudgetRow = BudgetRow()
    rollouts: tuple[RolloutRow, ...] = ()
    gate: GateRow = GateRow()
    states: tuple[str, ...] = ()
    rollback: RollbackRow = RollbackRow()
    self_criticism: str = ""
    prior: dict[str, float] | None = None
    """By kind of edit and operator, the share (0..1) that other characters let expect; absent where none told."""

    def canonical_json(self) -> bytes:
        """The bytes that are hashed and stored."""
        return canonical(self.model_dump(mode="json", exclude_none=True))

    @property
    def patch_digest(self) -> str:
        """sha256 of the patch alone: what an approval is bound to."""
        return digest_of(canonical([row.model_dump(mode="json", exclude_none=True) for row in self.patch]))

    @property
    def evidence_digest(self) -> str:
        """sha256 of rollouts and gate: the evidence that an approval has seen."""
        rollouts = [row.model_dump(mode="json") for row in self.rollouts]
        gate = self.gate.model_dump(mode="json", exclude={"visits"} if self.gate.visits is None else None)
        return digest_of(canonical({"rollouts": rollouts, "gate": gate}))

    def blobs(self) -> tuple[str, ...]:
        """Digests of every blob that the record refers to."""
        named = [*self.proposer_outputs, *(row.transcript for row in self.rollouts)]
        named += [failure.transcript for failure in self.failures]
        named += [self.parent_version, self.candidate_version]
        return tuple(sorted({digest for digest in named if digest}))
