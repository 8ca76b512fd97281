"""The prompt of a reply as it is kept: what was sent, part by part, what it cost, and what came of it.

It is made when a turn has ended (`openroom.cast.prompts`), kept by the store and read by who looks after a room. What
is erased goes from it, wherever it stands (`KeptPrompt.without`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from typing import Literal

MOST_KEPT = 2000
"""So many prompts are kept of a room; the oldest go first."""

STANDING = frozenset(["look", "told", "repair"])
"""Kinds of parts that tell how the room stood, or quote another: whatever somebody wrote may stand in them."""

ERASED, FORGOTTEN = "erased", "forgotten"
"""Why a part has no text any more."""

Seqs = tuple[int, ...]

ChoiceKind = Literal[
    "greeting",
    "answer",
    "example",
    "doing",
    "admission",
    "recalled",
    "fact",
    "puzzled",
    "fallback",
    "go",
    "house",
    "none",
]
"""Whose line it is: a ``greeting``, the ``answer`` of a fact or the line of an ``example`` whose question is most like
what was said, what goes with a deed (``doing``), the ``admission`` that it is software, what somebody told before
(``recalled``), a ``fact``, that it cannot know (``puzzled``), what fits where nothing answers (``fallback``), a go
without words, or words of the house's, where the author has none; ``none``: no line of the author's surely answers."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The author's line that was played: ``line`` as it was written, ``asked`` the question that it is an answer to."""

    kind: ChoiceKind
    line: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A part of a message (`openroom.ports.prompt.PromptPart`), as it was sent."""

    kind: str
    text: str
    name: str = ""
    why: str = ""
    rests_on: Seqs = ()
    elsewhere: tuple[tuple[str, int], ...] = ()
    known_to: tuple[str, ...] = ()
    of: tuple[str, ...] = ()

    @property
    def memories(self) -> frozenset[str]:
        """The ids of what was remembered in it."""
        named = self.name.split(",") if self.kind == "memory" and self.name else ()
        return frozenset(id for id in named if not id.startswith("relation:"))

    @property
    def gone(self) -> str:
        """Why it has no text any more; empty where it has all it had."""
        return self.why if self.why in (ERASED, FORGOTTEN) and not self.text and not self.name else ""


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message as it was sent."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[KeptPart, ...]


@dataclass(frozen=True, slots=True)
class KeptCall:
    """One call. Where the understudy ``played``, which reads no prompt, there are no messages: ``rests_on`` are the
    events that it played from. ``counted`` are tokens by name (absent: it was stopped, or played), ``estimated``
    where we counted them. ``dropped`` is what guards found in sentences that nobody saw."""

    purpose: str
    model: str
    model_kind: str
    sampling: dict[str, float]
    messages: tuple[KeptMessage, ...] = ()
    rests_on: Seqs = ()
    counted: dict[str, int] | None = None
    estimated: bool = False
    usd: float | None = None
    dropped: tuple[str, ...] = ()
    choice: Choice | None = None

    @property
    def played(self) -> bool:
        """Whether the understudy answered."""
        return self.model_kind == "understudy"

    def events(self) -> Iterator[int]:
        """The events of this room that it rests on."""
        yield from self.rests_on
        yield from (seq for message in self.messages for part in message.parts for seq in part.rests_on)


@dataclass(frozen=True, slots=True)
class KeptLore:
    """What became of an entry of a lorebook (`openroom.cast.turn.lore.LoreUse`)."""

    book: str
    entry: str
    is_in: bool
    why: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class KeptPrompt:
    """What came of a turn, and what was asked for it. ``seqs`` are the events of the reply; ``hearers`` who was to hear
    it (ids); ``at`` is ms; ``greeting`` the author's greeting, where it was said as it stands and nothing was asked."""

    turn: str
    character: str
    at: int
    seqs: Seqs
    why: str
    by: str
    hearers: tuple[str, ...]
    version: str
    calls: tuple[KeptCall, ...]
    lore: tuple[KeptLore, ...] = ()
    greeting: Choice | None = None

    def parts(self) -> Iterator[KeptPart]:
        """All parts of all calls."""
        return (part for call in self.calls for message in call.messages for part in message.parts)

    def events(self) -> frozenset[int]:
        """The events of this room that it rests on, its own reply's too."""
        return frozenset(self.seqs).union(*(call.events() for call in self.calls))

    def memories(self) -> frozenset[str]:
        """The ids of what was remembered in it."""
        return frozenset[str]().union(*(part.memories for part in self.parts()))

    def without(
        self, seqs: Set[int] = frozenset(), memories: Set[str] = frozenset(), kinds: Set[str] = frozenset()
    ) -> KeptPrompt:
        """The prompt without the text of what rests on these events, holds one of these memories, or is of these
        kinds, and without the author's line that answered one of these events, or was one."""

        def left(part: KeptPart) -> KeptPart:
            erased = part.kind in kinds or not seqs.isdisjoint(part.rests_on)
            forgotten = not memories.isdisjoint(part.memories)
            return replace(part, text="", name="", why=ERASED if erased else FORGOTTEN) if erased or forgotten else part

        def line(choice: Choice | None, of: Iterable[int]) -> Choice | None:
            return (
                Choice(choice.kind) if choice and not (seqs.isdisjoint(of) and seqs.isdisjoint(self.seqs)) else choice
            )

        def without(call: KeptCall) -> KeptCall:
            messages = tuple(replace(one, parts=tuple(map(left, one.parts))) for one in call.messages)
            return replace(call, messages=messages, choice=line(call.choice, call.events()))

        return replace(self, calls=tuple(map(without, self.calls)), greeting=line(self.greeting, ()))
