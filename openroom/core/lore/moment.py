"""What entries are judged by, and what comes of it: values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openroom.core.lore.book import Entry
from openroom.core.lore.match import Key

Found = Mapping[str, frozenset[Key]]
"""By text: the patterns that were found in it. A text that is missing was not scanned yet."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that the character perceived: what was said, by itself too (``own``). ``between``: who was party to it,
    where it was whispered."""

    seq: int
    at: int
    text: str
    own: bool = False
    between: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """Until which number of lines an entry stays in, and until which it can't come back."""

    sticky: int = 0
    cooldown: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """When a book is asked. ``lines`` are the newest, oldest first; ``count`` is how many there were in all, and
    ``replies`` how many of them the character's own. ``turn`` is the kind of turn (empty: not known, so any).
    ``greeting`` is the number of the greeting that it said last, with which this talk began; ``None``: not known, so
    any."""

    lines: Sequence[Line]
    count: int
    replies: int = 0
    character: str = ""
    turn: str = ""
    greeting: int | None = None
    timers: Mapping[str, Timer] = field(default_factory=dict)
    found: Found = field(default_factory=dict)

    @property
    def seed(self) -> str:
        """What chance falls by: the newest line, as the log has it."""
        return f"{self.lines[-1].seq}:{self.lines[-1].at}" if self.lines else ""


@dataclass(frozen=True, slots=True)
class Lit:
    """An entry that is in: ``why`` is ``constant``, ``sticky`` or ``key``, and ``key`` the one that was found;
    ``score`` is how many of its keys were."""

    entry: Entry
    why: str
    key: str = ""
    score: int = 0


@dataclass(frozen=True, slots=True)
class Unlit:
    """An entry whose key was found and that is not in: ``why`` names the rule that kept it out."""

    entry: Entry
    why: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is in, in the book's order, and what was kept out. ``unread`` are texts in which patterns are still to be
    looked for: with these in `Moment.found` the book is asked again."""

    lit: tuple[Lit, ...] = ()
    unlit: tuple[Unlit, ...] = ()
    unread: frozenset[str] = frozenset()
