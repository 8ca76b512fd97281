"""The harness: the tunable part of a character, as one immutable value.

A character's prompt comes from two places. Its *definition* (name, facts, secrets, persona as the author wrote it) is
never touched by tuning. Its *harness* (this module) holds everything that tuning may change: extra prompt sections,
rules, example exchanges, the order of the parts, the wording of the verb menu, sampling, guards and memory settings.

How a turn uses it:

- ``order`` names the parts of the stable prompt, top to bottom: ids of ``sections``, and the two words ``rules`` and
  ``examples`` for the lists. A list that ``order`` leaves out is not in the prompt.
- ``rules`` without ``after`` belong to the stable prompt. A rule with ``after`` (a trigger rule) enters the small
  view at the end of the prompt in the turn that follows an event its `Trigger` matches; the stable prompt stays
  byte-identical.
- ``menu`` replaces the label of a verb in the list of what the character can do.
- ``sampling`` fields that are absent leave the model's default.
- ``guards`` and ``memory`` are read by the turn; see their docstrings.

A version is a harness under its ``digest`` (sha256 over canonical JSON). Mappings inside are never mutated: a change
is a new harness, made by `openroom.tuning.edits.apply_edit`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    field_validator,
    model_validator,
)

from openroom.errors import OpenroomError

ID_PATTERN: Final = r"^[a-z][a-z0-9_]{0,39}$"
RULES: Final = "rules"
EXAMPLES: Final = "examples"
LISTS: Final = (RULES, EXAMPLES)

#: Bounds inside which sampling may be tuned: name -> (lowest, highest).
SAMPLING_BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "temperature": (0.0, 1.5),
    "top_p": (0.1, 1.0),
    "frequency_penalty": (0.0, 1.5),
    "presence_penalty": (0.0, 1.5),
}

PartId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
#: One line of prose: no line breaks or other control characters.
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")
]
OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
SectionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
ExampleText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


class HarnessError(OpenroomError):
    """A harness or an edit of one does not fit; the message says what was expected and what came."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Trigger(_Part):
    """When a trigger rule applies: after an event of ``kind`` (an event type or verb id, such as ``said`` or
    ``light``).

    ``words``, if any, narrow it: one of them must occur in what was said, as a whole word, case ignored.
    """

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
    words: tuple[Line, ...] = ()

    def matches(self, kind: str, text: str = "") -> bool:
        """Whether an event of ``kind`` with the spoken ``text`` sets the rule off."""
        if kind != self.kind:
            return False
        return not self.words or any(_whole_word(word, text) for word in self.words)


class Rule(_Part):
    """One rule in plain words. ``locked`` rules (safety) can be neither edited, moved nor dropped by tuning."""

    id: PartId
    text: Line
    after: Trigger | None = None
    locked: StrictBool = False


class Example(_Part):
    """One exchange that shows how the character answers: ``heard`` was said to it, it answers ``say``.

    ``emotion`` and ``do`` (a choice id of the menu) are empty when the example shows none.
    """

    id: PartId
    heard: ExampleText
    say: ExampleText
    emotion: OptionalLine = ""
    do: OptionalLine = ""


class HarnessSampling(_Part):
    """Sampling inside `SAMPLING_BOUNDS`; an absent field leaves the model's default."""

    temperature: float | None = Field(default=None, ge=0.0, le=1.5)
    top_p: float | None = Field(default=None, ge=0.1, le=1.0)
    frequency_penalty: float | None = Field(default=None, ge=0.0, le=1.5)
    presence_penalty: float | None = Field(default=None, ge=0.0, le=1.5)

    @field_validator("*")
    @classmethod
    def _four_decimals(cls, value: float | None) -> float | None:
        return None if value is None else round(value, 4)


class Guards(_Part):
    """Deterministic guards of a turn.

    ``loop_detection``: a reply that repeats a recent one counts as failed. ``max_sentences``: a reply is cut after so
    many (0: no limit). ``repair_attempts``: model calls that may mend a failed reply (0 or 1). ``reminder``: one line
    at the very end of the prompt (empty: none). ``banned_words``: a reply with one of them, as a whole word, counts
    as failed. ``facts_at_hand``: so many of the card's facts that a line asks about stand once more right before the
    answer (absent: none, as in versions from before it existed, whose bytes stay what they are).
    """

    loop_detection: StrictBool = True
    max_sentences: Annotated[StrictInt, Field(ge=0, le=12)] = 0
    repair_attempts: Annotated[StrictInt, Field(ge=0, le=1)] = 1
    reminder: OptionalLine = ""
    banned_words: Annotated[tuple[Line, ...], Field(max_length=60)] = ()
    facts_at_hand: Annotated[StrictInt, Field(ge=0, le=3)] | None = None


class MemorySettings(_Part):
    """How much a turn recalls: at most so many facts, episodes and pieces of lore enter the prompt."""

    recall_facts: Annotated[StrictInt, Field(ge=0, le=20)] = 6
    recall_episodes: Annotated[StrictInt, Field(ge=0, le=10)] = 3
    recall_lore: Annotated[StrictInt, Field(ge=0, le=10)] = 3


class Harness(_Part):
    """The tunable part of a character; see the module's docstring.

    Invariants, checked on construction: ids are unique; locked rules stand before all others; ``order`` has no double
    and names every section, and may name ``rules`` and ``examples``; where there are locked rules it names ``rules``.
    """

    format: Annotated[StrictInt, Field(ge=1, le=1)] = 1
    sections: dict[PartId, SectionText] = Field(default_factory=dict)
    locked_sections: tuple[PartId, ...] = ()
    rules: Annotated[tuple[Rule, ...], Field(max_length=80)] = ()
    examples: Annotated[tuple[Example, ...], Field(max_length=24)] = ()
    order: tuple[PartId, ...] = LISTS
    menu: dict[PartId, Line] = Field(default_factory=dict)
    sampling: HarnessSampling = HarnessSampling()
    guards: Guards = Guards()
    memory: MemorySettings = MemorySettings()

    @model_validator(mode="after")
    def _invariants(self) -> Self:
        _unique("rule ids", [rule.id for rule in self.rules])
        _unique("example ids", [example.id for example in self.examples])
        locked = [rule.locked for rule in self.rules]
        if locked != sorted(locked, reverse=True):
            raise ValueError("expected locked rules before all others")
        self._check_order(any(locked))
        return self

    def _check_order(self, locked_rules: bool) -> None:
        _unique("order", list(self.order))
        clash = [name for name in LISTS if name in self.sections]
        if clash:
            raise ValueError(f"expected section ids other than {LISTS}, came {clash}")
        unknown = [part for part in self.order if part not in self.sections and part not in LISTS]
        if unknown:
            raise ValueError(f"expected order to name sections, 'rules' or 'examples', came {unknown}")
        missing = [part for part in (*self.sections, *([RULES] if locked_rules else [])) if part not in self.order]
        if missing:
            raise ValueError(f"expected every section, and the locked rules, in order, missing {missing}")
        strangers = [part for part in self.locked_sections if part not in self.sections]
        if strangers:
            raise ValueError(f"expected locked_sections to exist, came {strangers}")

    @cached_property
    def digest(self) -> str:
        """sha256 (hex) over `canonical_json`; the id of this version."""
        return hashlib.sha256(self.canonical_json()).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:  # noqa: ARG002
        """A copy with fields replaced, checked like any other harness (pydantic's own copy checks nothing)."""
        return type(self).model_validate({**self.model_dump(), **(update or {})})

    def canonical_json(self) -> bytes:
        """The bytes a version is stored as: sorted keys, no spaces, UTF-8, absent values left out, no NaN."""
        return canonical(self.model_dump(mode="json", exclude_none=True))

    @cached_property
    def prompt_digest(self) -> str:
        """sha256 (hex) over what stands in the stable prompt: versions that share it share a prompt cache. Triggered
        rules, sampling, guards and memory come later, or not at all."""
        parts = self.model_dump(mode="json", include={"sections", "examples", "order", "menu"}, exclude_none=True)
        return digest_of(canonical({**parts, "rules": [rule.text for rule in self.standing_rules()]}))

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id, if there is one."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def example(self, example_id: str) -> Example | None:
        """The example of that id, if there is one."""
        return next((example for example in self.examples if example.id == example_id), None)

    def standing_rules(self) -> tuple[Rule, ...]:
        """Rules of the stable prompt (those without a trigger), in order."""
        return tuple(rule for rule in self.rules if rule.after is None)

    def triggered_rules(self, kind: str, text: str = "") -> tuple[Rule, ...]:
        """Trigger rules that an event of ``kind`` with the spoken ``text`` sets off, in order."""
        return tuple(rule for rule in self.rules if rule.after is not None and rule.after.matches(kind, text))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of the harness as (path, text), for size and for checks. Paths are those of
        `openroom.tuning.edits`.
        """
        yield from ((f"sections/{key}", text) for key, text in self.sections.items())
        yield from ((f"rules/{rule.id}", rule.text) for rule in self.rules)
        for example in self.examples:
            yield f"examples/{example.id}", f"{example.heard}\n{example.say}"
        yield from ((f"menu/{verb}", text) for verb, text in self.menu.items())
        if self.guards.reminder:
            yield "guards/reminder", self.guards.reminder

    def prompt_tokens(self) -> int:
        """Rough prompt tokens this harness costs each turn (four characters a token); the gate's measure of
        complexity.
        """
        return sum(len(text) + 3 for _, text in self.texts()) // 4


def canonical(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8. Raises ValueError on NaN and infinities, TypeError on odd
    types.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def digest_of(data: bytes) -> str:
    """sha256, hex."""
    return hashlib.sha256(data).hexdigest()


def load_harness(data: bytes | str) -> Harness:
    """Read a harness from JSON. Raises pydantic's ValidationError when it does not fit."""
    return Harness.model_validate_json(data)


def _unique(what: str, ids: list[str]) -> None:
    doubles = sorted({item for item in ids if ids.count(item) > 1})
    if doubles:
        raise ValueError(f"expected {what} without doubles, came {doubles} more than once")


def _whole_word(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", text.casefold()) is not None
