"""What a character keeps in mind of a room from turn to turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openroom.cast.turn.lore_lines import LoreLines
from openroom.cast.turn.talk import Talk
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

    def __post_init__(self) -> None:
        self.lore = LoreLines(self.who)
