"""A lorebook as its author wrote it (``lore.yaml`` beside ``character.yaml`` or ``scene.yaml``), format 1.

An entry is a text that a character knows when it comes up: when one of its keys was found in the newest lines that the
character perceived. What each rule means is tested in ``tests/core/lore`` and told in docs/lore.md.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    field_validator,
    model_serializer,
    model_validator,
)

from openroom.core.lore.match import Key, Matcher
from openroom.core.misplaced import Misplaced

MOST_LINES = 200
"""No entry looks further back than so many lines."""
FOR_GOOD = 1_000_000
"""So many lines are for ever: for ``sticky`` and ``cooldown``."""
MOST_KEPT = 400_000
"""Characters of what a file said besides."""
MOST_GREETINGS = 1000
"""No greeting has a higher number."""
FIRST_OUT = -1_000_000
"""The priority of what is left out before anything else."""

_PATTERN = re.compile(r"/(.+)/([a-z]*)", re.DOTALL)
_FLAGS = frozenset("dgimsuvy")

Turn = Literal["said", "entered", "nudged", "awaited", "autoplay", "noticed"]
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
_Keys = Annotated[tuple[_Key, ...], Field(max_length=500)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_Lines = Annotated[int, Field(ge=0, le=FOR_GOOD)]
_Depth = Annotated[int, Field(ge=0, le=MOST_LINES)]
_Rank = Annotated[int, Field(ge=FIRST_OUT, le=1_000_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def pattern_of(key: str) -> tuple[str, str] | None:
    """Source and flags of a key that is a JavaScript regular expression (``/.../i``); else ``None``."""
    found = _PATTERN.fullmatch(key)
    return (found[1], found[2]) if found and _FLAGS.issuperset(found[2]) else None


class Condition(_Part):
    """What must hold besides a key: of ``any`` one was found, of ``all`` each, of ``not_any`` none, of ``not_all`` not
    every one. An empty list asks for nothing."""

    any: _Keys = ()
    all: _Keys = ()
    not_any: _Keys = ()
    not_all: _Keys = ()

    @model_validator(mode="after")
    def _asks(self) -> Condition:
        if not (self.any or self.all or self.not_any or self.not_all):
            raise ValueError("expected keys under any, all, not_any or not_all, came none")
        return self


class Entry(_Part):
    """One entry. ``keys`` are words, or JavaScript regular expressions between slashes (``/drag(on|ons)/i``).

    ``order``: lower stands higher up. ``priority`` (default: ``order``): the lowest is left out first where there is
    too much. ``position``: before or after what memory brings in, or ``depth``, right before the answer.
    ``scan_depth``, ``case``, ``whole_words``: absent, as the book has it. ``sticky``, ``cooldown`` and ``delay`` count
    lines, ``after_replies`` and ``every`` the character's own replies. ``groups``: of a group one entry at a time;
    ``weight`` is its share of the draw, ``first`` has the highest ``order`` win instead, ``scored`` the most keys.
    ``depth``: so many of the lines that wait for an answer stand below it. ``greetings``: in only where the talk began
    with one of these of the character's greetings (0: ``greeting``, 1: the first of ``greetings``, …; none: any).
    ``turns`` are the kinds of turn it is for (none: any). ``to`` is who may know it, as with secrets.
    """

    id: _Id
    text: str = Field(max_length=20_000)
    keys: _Keys = ()
    when: Annotated[tuple[Condition, ...], Field(max_length=8)] = ()
    enabled: bool = True
    constant: bool = False
    order: _Rank = 100
    priority: _Rank | None = None
    position: Literal["before", "after", "depth"] = "after"
    depth: _Depth = 0
    scan_depth: _Depth | None = None
    case: bool | None = None
    whole_words: bool | None = None
    woken_by_lore: bool = True
    """Whether its keys are looked for in other entries' texts."""
    wakes_lore: bool = True
    """Whether other entries' keys are looked for in its text."""
    only_after_lore: Annotated[int, Field(ge=0, le=10)] = 0
    """In from this round of recursion on, never by lines alone; 0: at once."""
    sticky: _Lines = 0
    cooldown: _Lines = 0
    delay: _Lines = 0
    after_replies: _Lines = 0
    every: _Lines = 0
    probability: Annotated[float, Field(ge=0, le=1)] = 1
    groups: Annotated[tuple[_Name, ...], Field(max_length=8)] = ()
    weight: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    first: bool = False
    scored: bool = False
    characters: Annotated[tuple[_Slug, ...], Field(max_length=100)] = ()
    not_characters: Annotated[tuple[_Slug, ...], Field(max_length=100)] = ()
    greetings: Annotated[tuple[Annotated[int, Field(ge=0, le=MOST_GREETINGS)], ...], Field(max_length=100)] = ()
    turns: tuple[Turn, ...] = ()
    to: Annotated[tuple[_Name, ...], Field(min_length=1, max_length=100)] = ("anyone",)
    any_budget: bool = False
    """In whatever the book's budget says."""
    comment: str = Field(default="", max_length=4000)
    kept: str = Field(default="", max_length=MOST_KEPT, exclude=True)
    """What the file it came from said besides, for the way back (`openroom.cards.lore_kept`); nothing else reads it."""

    @property
    def rank(self) -> int:
        """Its priority."""
        return self.order if self.priority is None else self.priority

    @property
    def is_timed(self) -> bool:
        """Whether what was before counts for it."""
        return bool(self.sticky or self.cooldown)

    @model_serializer(mode="wrap")
    def _as_written(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without what is as ever: a log pins whole books, and one of a thousand entries is long enough."""
        defaults = {name: field.default for name, field in type(self).model_fields.items()}
        return {
            key: value
            for key, value in dump(self).items()
            if value is not None and (key in ("id", "text") or getattr(self, key) != defaults[key])
        }


class Lore(_Part):
    """A book. ``scan_depth``: so many of the newest lines are read (per entry it may be another). ``tokens``: so much
    of it may be in at a time. ``recursion``: whether entries' texts wake other entries, in at most ``rounds`` rounds.
    """

    format: Literal[1]
    name: str = Field(default="", max_length=300)
    description: str = Field(default="", max_length=4000)
    scan_depth: _Depth = 4
    tokens: Annotated[int, Field(ge=0, le=1_000_000)] = 2000
    recursion: bool = False
    rounds: Annotated[int, Field(ge=1, le=10)] = 3
    case: bool = False
    whole_words: bool = True
    entries: Annotated[tuple[Entry, ...], Field(max_length=5000)] = ()
    kept: str = Field(default="", max_length=MOST_KEPT, exclude=True)

    @field_validator("entries")
    @classmethod
    def _each_once(cls, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        first: dict[str, int] = {}
        double = [(at, one.id) for at, one in enumerate(entries) if first.setdefault(one.id, at) != at]
        if double:
            raise Misplaced([((at, "id"), "an id that no other entry has", repr(id)) for at, id in double])
        return entries

    @cached_property
    def is_timed(self) -> bool:
        """Whether it has entries that stay or stay away."""
        return any(entry.is_timed for entry in self.entries)

    @cached_property
    def by_greeting(self) -> bool:
        """Whether it has entries for some of the greetings."""
        return any(entry.greetings for entry in self.entries)

    @cached_property
    def counts(self) -> bool:
        """Whether all that was said counts, and not the newest lines alone."""
        return self.is_timed or any(
            one.delay or one.after_replies or one.every or one.greetings for one in self.entries
        )

    @cached_property
    def depth(self) -> int:
        """The most lines that any entry looks at."""
        return max([self.scan_depth, *(entry.scan_depth or 0 for entry in self.entries)])

    def key(self, entry: Entry, key: str) -> Key:
        """A key as this book has it looked for in ``entry``."""
        pattern = pattern_of(key)
        if pattern is not None:
            return Key(*pattern, pattern=True)
        case = self.case if entry.case is None else entry.case
        whole = self.whole_words if entry.whole_words is None else entry.whole_words
        return Key(key if case else key.casefold(), case=case, whole=whole)

    @cached_property
    def matcher(self) -> Matcher:
        """All keys of all entries, to look for at one go."""
        found: list[Key] = []
        for entry in self.entries:
            lists = [entry.keys, *(keys for one in entry.when for keys in (one.any, one.all, one.not_any, one.not_all))]
            found += [self.key(entry, key) for keys in lists for key in keys]
        return Matcher(found)

    @cached_property
    def woken_by(self) -> dict[Key, tuple[Entry, ...]]:
        """The enabled entries that a key wakes, in the book's order."""
        found: dict[Key, dict[str, Entry]] = {}
        for entry in self.entries:
            for key in entry.keys if entry.enabled else ():
                found.setdefault(self.key(entry, key), {})[entry.id] = entry
        return {key: tuple(entries.values()) for key, entries in found.items()}

    @cached_property
    def constants(self) -> tuple[Entry, ...]:
        """The enabled entries that need no key."""
        return tuple(entry for entry in self.entries if entry.constant and entry.enabled)

    @cached_property
    def places(self) -> dict[str, int]:
        """At which place each entry stands."""
        return {entry.id: at for at, entry in enumerate(self.entries)}

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """The entries."""
        return {entry.id: entry for entry in self.entries}
