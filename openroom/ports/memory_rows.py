"""What a character remembers: pure values, and the port where memory rows are kept.

The event log is the only truth; a memory cites the events it came from. Times are milliseconds since 1970-01-01 UTC.
``owner`` is the participant id of the character that remembers (``character:mira``), ``subject`` the one it is about
(``player:…``, empty: nobody in particular). Both are ids, never display names: whoever types "Ann" does not inherit
Ann's memories. Wherever a person stands (subject, speakers, hearers, party), it is by the mask that the character met
(`openroom.core.persona`): another persona of the same person is somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from openroom.core.persona import wearer

MemoryKind = Literal["fact", "episode", "relation", "reflection"]


@dataclass(frozen=True, slots=True)
class Source:
    """An event that a memory came from, and who spoke in it. ``around``: it only gave the ``context``."""

    room: str
    seq: int
    speaker: str = ""
    around: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """One memory.

    ``importance`` and ``strength`` are 0..1; it holds from ``valid_from`` until ``valid_to`` (absent: still).
    ``slot`` names what a fact is a value of (``name``, ``home``; empty: free). ``private_to`` lists those who were
    party to the whisper it came from, or were there in a room that was not open (empty: it was perceived openly); it
    is recalled only while nobody else is present. ``heard_by`` lists all who perceived it (empty: nobody noted it).
    ``context`` is what was said around it, for searching. ``why`` says why it was recalled.
    """

    id: str
    owner: str
    subject: str
    kind: MemoryKind
    text: str
    importance: float
    created: int
    valid_from: int
    strength: float = 1.0
    valid_to: int | None = None
    sources: tuple[Source, ...] = ()
    superseded_by: str | None = None
    pinned: bool = False
    slot: str = ""
    private_to: tuple[str, ...] = ()
    heard_by: tuple[str, ...] = ()
    context: str = ""
    why: str | None = None

    @property
    def speakers(self) -> frozenset[str]:
        """Whose words and deeds it came from."""
        return frozenset(source.speaker for source in self.sources if source.speaker and not source.around)

    @property
    def corrects(self) -> bool:
        """Whether somebody put it in another's place (`openroom.ports.memory.Memory.correct`)."""
        return self.id.startswith("c")

    def was_perceived_by(self, who: str) -> bool:
        """Whether ``who`` (a participant id) perceived all that it came from. Where nobody noted who did: whether no
        other person's words are in it."""
        party, heard_by = set(map(wearer, self.private_to)), set(map(wearer, self.heard_by))
        if party and who not in party:
            return False
        others = {wearer(speaker) for speaker in self.speakers if speaker.startswith("player:")} - {who}
        return who in heard_by or (not others and (not heard_by or self.kind == "fact"))


STATED_ONCE, STATED_AGAIN = 0.5, 0.1
"""How strong a fact is that was stated once, and how much more each time it is stated again."""


def strengthened(strength: float, by: int = 1) -> float:
    """How strong a fact is that was stated ``by`` times more (or, below 0, fewer times)."""
    return round(min(1.0, max(STATED_ONCE, strength + STATED_AGAIN * by)), 3)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """One line or happening as the owner perceived it. ``to`` lists who a whisper was for (the speaker left out),
    ``hearers`` all who perceived it, in order of id; ``closed``: the room was not open to everybody then.
    """

    room: str
    seq: int
    at: int
    speaker_id: str
    speaker_name: str
    text: str
    kind: str = "said"
    whisper: bool = False
    to: tuple[str, ...] = ()
    hearers: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Recall:
    """What to look for, for a turn of ``owner``.

    ``subjects`` are those it talks with, the one who just spoke first; ``present`` all who are in the room; ``names``
    their display names by id (so that nobody is taken for somebody absent of the same name); ``text`` is what was just
    said. Episodes from events of ``room`` after ``shown_after`` are left out: the prompt shows them anyway. At most
    ``k_facts`` and ``k_episodes`` come back, and one line about how well they know each other.
    """

    owner: str
    subjects: tuple[str, ...]
    present: tuple[str, ...]
    text: str
    now: int
    room: str = ""
    k_facts: int = 6
    k_episodes: int = 3
    names: Mapping[str, str] = field(default_factory=dict)
    shown_after: int | None = None


class MemoryRows(Protocol):
    """Where memories are kept and searched; implemented by `openroom.store`."""

    async def add(self, memories: Sequence[Remembered]) -> None:
        """Write memories in one transaction; one whose id exists is replaced."""
        ...

    async def get(self, id: str) -> Remembered | None:
        """One memory by id."""
        ...

    async def of(
        self,
        owner: str,
        *,
        subject: str | None = None,
        slot: str | None = None,
        kinds: Sequence[MemoryKind] = (),
        all_time: bool = False,
        limit: int = 500,
        masks: bool = False,
    ) -> list[Remembered]:
        """An owner's memories (of these kinds, if any are named), newest first; those no longer valid only with
        ``all_time``. ``masks``: about the subject under each of its masks (`openroom.core.persona`), too."""
        ...

    async def search(self, owner: str, words: Sequence[str], limit: int = 50) -> list[Remembered]:
        """Valid memories that share words with the query, best match first."""
        ...

    async def drop(self, ids: Sequence[str]) -> None:
        """Delete memories, out of the search index too. What they had superseded becomes valid again."""
        ...

    async def citing(self, owner: str, room: str, seq: int) -> list[Remembered]:
        """An owner's memories that came from this event, of all time."""
        ...

    async def share(self, room: str, into: str, numbers: Mapping[int, int]) -> None:
        """Have what came from events of ``room`` come from those of ``into`` as well, a fork of it, where they have
        these ``numbers`` (by the old ones): it stays while either room holds them."""
        ...

    async def uncite(self, room: str, after: int, until: int | None = None, owner: str | None = None) -> int:
        """Events of ``room`` with ``after < seq <= until`` are gone: delete what came from them, and say how many.

        A fact that other events support stays, no longer cites these and is the weaker for it; context taken from them
        is blanked. What another room holds as whole as this one did (`share`) stays: words that are erased in both are
        gone.
        """
        ...

    async def uncite_person(self, person: str) -> int:
        """Delete what is about ``person`` or holds their words, and blank context that does; says how many went. It is
        about a person under whatever mask; of a mask, what is about that one alone."""
        ...

    async def about(self, subject: str) -> list[Remembered]:
        """What anybody remembers about a subject, under whatever mask, of all time, newest first."""
        ...

    async def block(self, owner: str, subject: str, key: str, now: int) -> None:
        """Note that a statement was forgotten and must not be extracted again; ``key`` is a one-way digest of it."""
        ...

    async def blocked(self, owner: str, subject: str) -> set[str]:
        """The keys blocked for an owner and subject."""
        ...
