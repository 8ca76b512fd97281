"""What a reply is held against: who speaks, who is there, what was said, how the room stands."""

from __future__ import annotations

from dataclasses import dataclass

from openroom.language.sense.things import Seen
from openroom.language.text import normal

Flaw = tuple[str, str]
"""Why, and the words it rests on."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a reply is held against.

    ``name`` is the character's, ``known_as`` what else it is called; ``others`` are the people present, ``visitor``
    is who is answered, ``address`` what the character calls them, ``heard`` their line. ``authored`` are the lines
    that the author wrote for the character (in ``language``), ``persona`` what is said of it, ``facts`` what is
    true of it, ``beside`` those of them that share nothing with the line. ``notes`` are the lines in brackets of
    the prompt, ``hedges`` words that fit after anything, ``acts`` whether something is done with the words,
    ``doing`` what code does as it was asked for, ``sincere`` whether it was asked what it is. ``script`` is what
    the prompt tells of others and of how to answer, ``examples`` are the author's answers to something, ``lately``
    what others said, ``vows`` what it never does, ``unknown`` the topics that it never heard of. ``by_name``: it
    speaks of itself by its name. ``strict``: a small model speaks, and what larger ones may do for a reason is a
    flaw too.
    """

    name: str
    heard: str = ""
    visitor: str = ""
    others: tuple[str, ...] = ()
    address: str = ""
    known_as: str = ""
    language: str = "en"
    persona: str = ""
    facts: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    authored: tuple[str, ...] = ()
    things: tuple[Seen, ...] = ()
    notes: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    acts: bool = False
    doing: str = ""
    sincere: bool = False
    script: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    lately: tuple[str, ...] = ()
    vows: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    strict: bool = False
    by_name: bool = False

    @property
    def own(self) -> tuple[str, ...]:
        """What the character is called: its name, and the first part of a longer one."""
        return tuple(dict.fromkeys((self.name, self.name.split()[0])))

    @property
    def named_like_another(self) -> bool:
        """Whether somebody present is called as the character is."""
        return any(self.is_own(name) for name in self.others)

    def is_own(self, name: str) -> bool:
        """Whether a name is (part of) the character's."""
        return bool(set(normal(name).split()) & set(normal(f"{self.name} {self.known_as}").split()))
