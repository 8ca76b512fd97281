"""What a character keeps in mind of a room from turn to turn."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openroom.cast.turn.lore_lines import LoreLines
from openroom.cast.turn.talk import Talk
from openroom.core.character import Character
from openroom.core.completed import Completed, completed
from openroom.core.event import Event
from openroom.core.harness import Harness
from openroom.core.state import State
from openroom.ports.model import Message

_KEPT = 8
"""A mind is kept as it was at so many of its last answers."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A mind when it was about to answer: another try goes on from there, and a prefix cache finds what it has read."""

    talk: Talk
    told: dict[str, str]
    recalled: set[str]
    language: str
    note: str
    noted: bool = False
    """Whether what is noted for the answer stands in the talk: not where the author's words were the answer."""


@dataclass(slots=True)
class Mind:
    """A character in a room across turns: its talk, and the stable prompt of the version that plays."""

    who: str
    talk: Talk
    harness: Harness | None = None
    prefix: tuple[Message, ...] = ()
    prefix_key: tuple[Any, ...] = ()
    opening: str = ""
    """How a talk begins in a room where nothing has happened yet."""
    told: dict[str, str] = field(default_factory=dict)
    """The secrets that stand in the talk, each with the note that it stands in."""
    recalled: set[str] = field(default_factory=set)
    forgotten: int = 0
    """How much had been forgotten when it was last looked whether the talk holds any of that."""
    note: str = ""
    """The line that holds the room's note, as it stands in the talk."""
    lore: LoreLines = field(init=False)
    """The lines that may bring lore in."""
    language: str = "en"
    """The language spoken last, as far as it could be told; at first that of the prompt."""
    kept: OrderedDict[int, Kept] = field(default_factory=OrderedDict)
    """By the end of the story then: the mind as it was about to answer."""
    resumed: Kept | None = None
    """What it was taken back to, while nothing has happened since."""
    _card: Completed | None = None
    _played: tuple[Completed, Harness, Harness] | None = None

    def __post_init__(self) -> None:
        self.lore = LoreLines(self.who)

    def hear(self, events: Sequence[Event], state: State) -> None:
        """Take in durable events."""
        self.resumed = None
        self.talk.hear(events, state)

    def keep(self, head: int, *, noted: bool = False) -> None:
        """Remember how it stands, about to answer what the story up to ``head`` has told."""
        self.kept[head] = Kept(self.talk.copy(), dict(self.told), set(self.recalled), self.language, self.note, noted)
        while len(self.kept) > _KEPT:
            self.kept.popitem(last=False)

    def resume(self, before: Mind, head: int) -> bool:
        """Go on from where ``before`` was about to answer at ``head``; whether it was."""
        self.kept = before.kept
        kept = self.kept.get(head)
        if kept is None:
            return False
        self.talk, self.told, self.recalled = kept.talk.copy(), dict(kept.told), set(kept.recalled)
        self.language, self.note, self.resumed = kept.language, kept.note, kept
        return True

    def card(self, definition: Character) -> Completed:
        """The definition with what was made for it; made anew only when it is another."""
        if self._card is None or self._card.of is not definition:
            self._card = completed(definition)
        return self._card

    def played(self, card: Completed, version: Harness) -> Harness:
        """A version as it is played, with what was made for the card."""
        if self._played is None or self._played[0] is not card or self._played[1] is not version:
            self._played = (card, version, card.harness(version))
        return self._played[2]
