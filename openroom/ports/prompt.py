"""What a prompt is made of: its parts, each with why it is there and which events it rests on.

A prompt is its parts and nothing else (`openroom.ports.model.Message.of`): who looks at one and who proves that nothing
stands in it that must not (`tests/proof`) read what the model reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

PartKind = Literal[
    "persona", "voice", "facts", "limits", "people", "place", "section", "rule", "things", "contract", "example",
    "look", "line", "event", "own",
    "memory", "visitor", "secret", "lore", "fact", "note", "wish", "asked", "told", "unknown", "greet",
    "language", "occasion", "reminder", "waiting", "refused", "repair", "next", "go_on", "other",
]  # fmt: skip
"""What a part is. Of the card and the version: ``persona`` to ``example``. Of the talk: how the room ``look``ed, a
``line``, another ``event``, an ``own`` reply. Notes: what it remembers (``memory``), whom a
``visitor`` shows here, a ``secret`` that may come out,
``lore``, a ``fact`` at hand, the room's ``note``, a ``wish`` for another try, what was ``asked`` for or ``told`` of
before, an ``unknown`` word, whom to ``greet``, the ``language``, the ``occasion``, a ``reminder``, a line ``waiting``
for its answer, what was ``refused``, a ``repair``, the beginning of a ``next`` line, ``go_on``. ``other`` is what
nobody named: no prompt may hold it."""

AUTHORS: frozenset[str] = frozenset(
    [
        "persona",
        "voice",
        "facts",
        "limits",
        "people",
        "section",
        "rule",
        "example",
        "secret",
        "lore",
        "fact",
        "reminder",
        "refused",
        "repair",
        "other",
    ]
)
"""What rests on the card, a book or a version, which no visitor reads."""

Party = frozenset[str]
"""Who may hear what was confided: all who whispered it or were whispered to, by mask (`openroom.core.persona`)."""


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A piece of a message, of one or more lines.

    ``name`` says which of its kind it is (a rule's, an entry's or a memory's id; of several, with commas), ``why`` for
    what reason it is in, in words of a program (``key: lamp``). ``rests_on`` are the events of this room that it came
    from or that brought it in, ``elsewhere`` those of other rooms (room, seq). Before others than its ``party`` it is
    left out (``None``: it is nobody's secret); then ``bare`` stands in its place, where there is one. ``known_to`` are
    those who perceived all that a memory came from, ``of`` whom it is about.
    """

    kind: PartKind
    text: str
    name: str = ""
    why: str = ""
    rests_on: tuple[int, ...] = ()
    elsewhere: tuple[tuple[str, int], ...] = ()
    party: Party | None = None
    bare: PromptPart | None = None
    known_to: frozenset[str] = frozenset()
    of: tuple[str, ...] = ()

    def may_be_heard_by(self, hearers: Iterable[str]) -> bool:
        """Whether nothing in it was kept from any of them."""
        return self.party is None or self.party.issuperset(hearers)


def joined(parts: Iterable[PromptPart]) -> str:
    """The text of a message."""
    return "\n".join(part.text for part in parts)


def common(parties: Iterable[Party | None]) -> Party | None:
    """Who is of all these parties; ``None`` where nothing was kept from anybody."""
    kept = [party for party in parties if party is not None]
    return frozenset.intersection(*kept) if kept else None
