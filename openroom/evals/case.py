"""Cases: what is played, and what is looked at afterwards. Format 1 of ``cases.yaml`` and of the shared library.

A case is a short script in a real room: visitors come, say and do things, and `CheckSpec`s look at what the character
answered. A template is a case with placeholders, played once for each fact, limit, secret or form of address of a
card and for each of its paraphrases (`openroom.evals.expand`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from openroom.core.harness import canonical

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
CaseId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_./-]{0,119}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Split = Literal["train", "gate", "visit", "holdout", "trap", "report"]
VISIT = (12, 20)
"""The fewest and the most lines of a visit."""
Item = Literal["none", "fact", "unknown", "until", "secret", "address", "never_address", "boundary", "prop", "deed"]

DIMENSIONS = (
    "facts",
    "knowledge",
    "voice",
    "language",
    "in_character",
    "disclosure",
    "speaking_for_visitor",
    "secrets",
    "memory",
    "emotion",
    "action",
    "repetition",
    "drift",
    "attachment",
    "sense",
)
"""What can be measured of a character; a third-party check may add its own."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class CheckSpec(BaseModel):
    """A check by name. ``of`` names the steps (their ``as``) whose replies it looks at; none: all replies.
    ``dimension`` is where it counts (absent: the check's own). All other keys are the check's parameters."""

    model_config = ConfigDict(extra="allow", frozen=True)

    check: Slug
    of: tuple[Slug, ...] = ()
    dimension: Slug | None = None
    weight: float = Field(default=1.0, gt=0, le=100)

    @model_validator(mode="before")
    @classmethod
    def _one_step(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and isinstance(raw.get("of"), str):
            return {**raw, "of": [raw["of"]]}
        return raw

    @property
    def given(self) -> dict[str, Any]:
        """The check's own parameters as they were written."""
        return dict(self.model_extra or {})


class Visitor(_Part):
    """Somebody who takes part. ``waits``: comes in only at a step ``enter``."""

    id: Slug
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)] = "Ann"
    waits: bool = False


class Step(_Part):
    """One thing that happens: exactly one of ``say``, ``use`` (a choice id such as ``lamp.light``), ``enter``,
    ``leave`` (a visitor), ``wait`` (seconds), ``nudge``, ``talk`` (so many lines of a visitor played by a model, who
    wants ``goal``) and ``small_talk`` (so many lines of chat from the data files). ``whisper`` says a line to the
    character alone. ``as`` names the step for checks."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True)

    by: Slug | None = None
    say: Text | None = None
    whisper: bool = False
    to: Slug | None = None
    use: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.\S{1,80}$")] | None = None
    write: str = Field(default="", max_length=300)
    if_possible: bool = False
    """A use that is left out when the room does not allow it now."""
    enter: Slug | None = None
    leave: Slug | None = None
    wait: float | None = Field(default=None, gt=0, le=86_400)
    nudge: bool = False
    talk: int | None = Field(default=None, ge=1, le=60)
    goal: str = Field(default="", max_length=300)
    small_talk: int | None = Field(default=None, ge=1, le=60)
    named: Slug | None = Field(default=None, alias="as")

    @model_validator(mode="after")
    def _one_thing(self) -> Step:
        kinds = [key for key in ("say", "use", "enter", "leave", "wait", "talk", "small_talk") if getattr(self, key)]
        kinds += ["nudge"] if self.nudge else []
        if len(kinds) != 1:
            raise ValueError(
                f"expected one of say, use, enter, leave, wait, nudge, talk, small_talk, came {kinds or 'none'}"
            )
        if self.whisper and not self.say:
            raise ValueError("expected a whisper to say something, came no say")
        return self

    @property
    def lines(self) -> int:
        """How many lines of a visitor the step stands for."""
        return self.talk or self.small_talk or int(bool(self.say))


class _Script(_Part):
    dimension: Slug
    cluster: Slug
    split: Split | None = None
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    scene: Slug | None = None
    company: tuple[Slug, ...] = ()
    """Other characters who are in the room."""
    visitors: Annotated[tuple[Visitor, ...], Field(min_length=1, max_length=6)] = (Visitor(id="ann"),)
    greet: bool = False
    standing: bool = True
    """Whether the library's standing checks look at it too."""
    slow: bool = False
    """Too long for tuning: played by ``openroom eval`` and in the report only."""
    visit: bool = False
    """A visit of 12 to 20 lines. Each check names the lines it looks at, no standing one does, and the score is the
    share followed in the last third (`openroom.evals.result.visit_scores`). It is dealt into the split ``visit``,
    unless it names another."""
    weight: float = Field(default=1.0, gt=0, le=100)
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=120)]
    checks: tuple[CheckSpec, ...] = ()

    @model_validator(mode="after")
    def _known_people(self) -> _Script:
        people = {visitor.id for visitor in self.visitors}
        steps = {step.named for step in self.steps if step.named}
        for number, step in enumerate(self.steps):
            for who in (step.by, step.enter, step.leave):
                if who is not None and who not in people:
                    raise ValueError(f"expected steps[{number}] to name one of {sorted(people)}, came {who!r}")
        for number, check in enumerate(self.checks):
            strangers = sorted(set(check.of) - steps)
            if strangers:
                raise ValueError(f"expected checks[{number}].of to name steps ({sorted(steps)}), came {strangers}")
        return self

    @model_validator(mode="after")
    def _whole_visit(self) -> _Script:
        if not self.visit:
            return self
        if not VISIT[0] <= self.said <= VISIT[1]:
            raise ValueError(f"expected a visit of {VISIT[0]} to {VISIT[1]} lines, came {self.said}")
        for number, check in enumerate(self.checks):
            if not check.of:
                raise ValueError(f"expected checks[{number}].of to name lines of the visit, came none")
        if not any(self.at(check.of) >= self.last_third for check in self.checks):
            raise ValueError(f"expected a check of lines from {self.last_third} on, came none")
        return self

    @property
    def said(self) -> int:
        """How many lines visitors say."""
        return sum(step.lines for step in self.steps)

    @property
    def last_third(self) -> int:
        """The line (from 1) with which the last third begins."""
        return self.said - self.said // 3 + 1

    def at(self, names: Sequence[str]) -> int:
        """The line (from 1) with which the first of these steps begins; 0 where none of them is a line."""
        said = 0
        for step in self.steps:
            if step.lines and step.named in names:
                return said + 1
            said += step.lines
        return 0


class Case(_Script):
    """One case. ``split`` is a hint (absent: dealt out by cluster), ``template`` the template it comes from."""

    id: CaseId
    template: str = ""

    @property
    def digest(self) -> str:
        """sha256 of all that is played and looked at."""
        left_out = {"split"} if self.visit else {"split", "visit"}  # what was frozen before there were visits holds
        body = self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=left_out)
        return hashlib.sha256(canonical(body)).hexdigest()

    @property
    def calls(self) -> int:
        """The most model calls that playing it may take: a reply and a repair for each line."""
        lines = sum(step.lines + (step.talk or 0) + int(step.nudge) for step in self.steps)
        arrivals = len(self.visitors) if self.greet else 0
        return 2 * (lines + arrivals) * (1 + len(self.company))


class Template(_Script):
    """A case for each ``each`` of the card and each paraphrase. Texts may hold ``{...}`` placeholders, among them
    ``{line}``: one of ``lines``, or of the paraphrase list ``paraphrases``. ``pick`` bounds the paraphrases taken for
    one item (dealt out evenly), ``needs`` names what of the card must be there."""

    id: Slug
    each: Item = "none"
    lines: tuple[Text, ...] = ()
    paraphrases: Slug | None = None
    pick: int | None = Field(default=None, ge=1, le=50)
    needs: tuple[Slug, ...] = ()


class DeedProbe(_Part):
    """How one asks for a deed of a prop kind. ``verbs`` are the choices that do it (without the prop's id), ``first``
    what must have been done before (by the visitor), ``state`` what holds of the prop afterwards. ``report`` are
    ways of asking kept for the report."""

    kind: Slug
    verbs: Annotated[tuple[str, ...], Field(min_length=1)]
    asks: Annotated[tuple[Text, ...], Field(min_length=1)]
    report: Annotated[tuple[Text, ...], Field(min_length=1)]
    first: tuple[str, ...] = ()
    wait: float = Field(default=0, ge=0)
    state: dict[str, Any] = {}


class Anachronism(_Part):
    """Something that came into the world in ``year``: a planted line, and words that show knowledge of it."""

    year: int
    line: Text
    words: tuple[str, ...] = ()
    topic: str = ""


class CaseFile(_Part):
    """``cases.yaml`` or ``report.yaml`` beside a character, or a file of the shared library."""

    format: Literal[1]
    deeds: tuple[DeedProbe, ...] = ()
    anachronisms: tuple[Anachronism, ...] = ()
    cases: tuple[Case, ...] = ()
    templates: tuple[Template, ...] = ()
    standing: tuple[CheckSpec, ...] = ()
    paraphrases: dict[Slug, Annotated[tuple[Text, ...], Field(min_length=1)]] = {}
