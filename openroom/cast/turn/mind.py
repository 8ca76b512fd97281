"""What a character keeps in mind of a room from turn to turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openroom.cast.turn.lore_lines import LoreLines
from openroom.cast.turn.talk import Talk
from openroom.core.character import Character
from openroom.core.completed import Completed, completed
from openroom.core.harness import Harness
from openroom.ports.model import Message


@dataclass(frozen=True, slots=True)
class Between:
    """Memories that only a ``party`` may be reminded of."""

    party: frozenset[str]
    memories: frozenset[str]

    def all_of(self, hearers: Sequence[str]) -> bool:
        """Whether all who hear belong to it."""
        return self.party.issuperset(hearers)


@dataclass(slots=True)
class Mind:
    """A character in a room across turns: its talk, and the stable prompt of the version that plays."""

    who: str
    talk: Talk
    harness: Harness | None = None
    prefix: tuple[Message, ...] = ()
    prefix_key: tuple[Any, ...] = ()
    told: dict[str, str] = field(default_factory=dict)
    """The secrets that stand in the talk, each with the note that it stands in."""
    recalled: set[str] = field(default_factory=set)
    between: dict[str, Between] = field(default_factory=dict)
    """The notes in the talk that are not for everybody."""
    lore: LoreLines = field(init=False)
    """The lines that may bring lore in."""
    language: str = "en"
    """The language spoken last, as far as it could be told; at first that of the prompt."""
    _card: Completed | None = None
    _played: tuple[Completed, Harness, Harness] | None = None

    def __post_init__(self) -> None:
        self.lore = LoreLines(self.who)

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
