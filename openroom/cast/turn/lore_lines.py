"""What lore needs of a room's story: the lines that a character perceived, how many there were, and which timed effects
run. All of it is read from the log, so a restart, a replay and a rewind agree.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from openroom.cast.turn.greeting import which
from openroom.cast.turn.talk import party_to
from openroom.core.character import Character
from openroom.core.event import Event, Said
from openroom.core.lore.book import MOST_LINES, Lore
from openroom.core.lore.judge import judge
from openroom.core.lore.match import Key
from openroom.core.lore.moment import Line, Lit, Moment, Timer, Verdict
from openroom.core.lore.timers import wound
from openroom.core.state import State
from openroom.core.view import Visits, perceives, visits_of
from openroom.ports.patterns import Allowance, Patterns
from openroom.room.room import Room

_FIRST_LOOK = 200
"""So many events are read at first; more where they hold too few lines."""
_AT_A_TIME = 50
"""After so many replies that are judged, others get their turn."""
_TEXTS_KEPT = 2_000


@dataclass(slots=True)
class Shelf:
    """A book, with what it knows of one character's evening."""

    book: Lore
    timers: Mapping[str, Timer] = field(default_factory=dict)
    found: dict[str, frozenset[Key]] = field(default_factory=dict)
    """By text: the patterns that it holds."""
    unsought: dict[str, tuple[Key, ...]] = field(default_factory=dict)
    """By text: the patterns that there was no time for; they are looked for first at the next turn."""

    async def judge(self, moment: Moment, patterns: Patterns | None, scans: Allowance) -> Verdict:
        """What is in at a moment. Texts are looked through for patterns as far as that is not known, and as far as
        ``scans`` allow."""
        if len(self.found) > _TEXTS_KEPT:
            self.found.clear()
            self.unsought.clear()
        await self._make_up(moment, patterns, scans)
        while True:
            verdict = judge(self.book, replace(moment, timers=self.timers, found=self.found))
            if not verdict.unread:
                return verdict
            await self._scan(self.book.matcher.patterns, verdict.unread, patterns, scans)

    async def _make_up(self, moment: Moment, patterns: Patterns | None, scans: Allowance) -> None:
        """Look for what there was no time for, in the lines that still count."""
        texts = {line.text for line in moment.lines if line.text in self.unsought}
        if texts and scans.left > 0:
            late = dict.fromkeys(key for text in texts for key in self.unsought.pop(text))
            await self._scan(tuple(late), texts, patterns, scans)

    async def _scan(
        self, keys: Sequence[Key], texts: Collection[str], patterns: Patterns | None, scans: Allowance
    ) -> None:
        found = await patterns.scan(keys, texts, scans) if patterns is not None else {}
        self.found |= {text: self.found.get(text, frozenset()) | found.get(text, frozenset()) for text in texts}
        if missed := tuple(key for key in keys if key in scans.missed):
            self.unsought |= dict.fromkeys(texts, missed)


class LoreLines:
    """The lines that ``who`` perceived, kept up with the room's story."""

    def __init__(self, who: str) -> None:
        self.who = who
        self._begin({})

    def _begin(self, shelves: dict[str, Shelf]) -> None:
        """With other books, before anything is read."""
        self.shelves = shelves
        """The books that are open to it, by whose they are (``character``, ``scene``, ``room``), in that order."""
        self._lines: deque[Line] = deque(maxlen=MOST_LINES)
        self._count = self._replies = 0
        self._greeting: int | None = None
        """The number of the greeting that it said last."""
        self._read = 0
        """The seq up to which the story was read."""

    def moment(self, character: str, turn: str = "", hearers: Sequence[str] | None = None) -> Moment:
        """Now, as books are asked: by the lines that may come up before ``hearers`` (``None``: before anybody). What
        was whispered among others brings nothing in."""
        lines = tuple(line for line in self._lines if _may_come_up(line, hearers))
        return Moment(lines, self._count, self._replies, character, turn, self._greeting)

    async def catch_up(
        self, room: Room, books: Mapping[str, Lore], patterns: Patterns | None, scans: Allowance
    ) -> None:
        """Read what has happened since the last time. Other books than then are read with all that was said before."""
        known = {whose: shelf.book for whose, shelf in self.shelves.items()}
        if known.keys() != books.keys() or any(known[whose] is not book for whose, book in books.items()):
            self._begin({whose: Shelf(book) for whose, book in books.items()})
        upto, visits = room.seq, visits_of(room.state)
        definition = room.world.character(self.who)
        for event in await self._news(room, visits):
            if event.seq > self._read and isinstance(event, Said) and not event.erased:
                await self._take(event, room.state, definition, patterns, scans)
        self._read = max(self._read, upto)

    async def _news(self, room: Room, visits: Visits) -> Sequence[Event]:
        """What was not read yet; at first as much as the books look at."""
        if self._read:
            return await room.recent(room.seq, since=self._read + 1)
        if any(shelf.book.counts for shelf in self.shelves.values()):
            return await room.recent(room.seq)
        depth, count = max(shelf.book.depth for shelf in self.shelves.values()), _FIRST_LOOK
        while True:
            events = await room.recent(count)
            lines = sum(isinstance(event, Said) and perceives(self.who, event, visits) for event in events)
            if lines >= depth or len(events) < count:
                return events
            count *= 4

    async def _take(
        self, event: Said, state: State, definition: Character | None, patterns: Patterns | None, scans: Allowance
    ) -> None:
        if not perceives(self.who, event, visits_of(state)):
            return
        own = event.actor == self.who
        if own:
            await self._wind(patterns, scans)
            self._replies += 1
            said = which(definition, event.text) if definition is not None and self._by_greeting else None
            self._greeting = self._greeting if said is None else said
            if not self._replies % _AT_A_TIME:
                await asyncio.sleep(0)
        self._lines.append(Line(event.seq, event.at, event.text, own, party_to(event, state)))
        self._count += 1

    @property
    def _by_greeting(self) -> bool:
        """Whether it matters with which greeting the talk began."""
        return any(shelf.book.by_greeting for shelf in self.shelves.values())

    async def _wind(self, patterns: Patterns | None, scans: Allowance) -> None:
        """The character replied: what was in then, by what was said aloud, stays, or stays away from then on."""
        for shelf in self.shelves.values():
            if shelf.book.is_timed:
                verdict = await shelf.judge(self.moment(self.who.partition(":")[2]), patterns, scans)
                shelf.timers = wound(shelf.timers, verdict, self._count)


def _may_come_up(line: Line, hearers: Sequence[str] | None) -> bool:
    return line.between is None or (hearers is not None and line.between.issuperset(hearers))


def woken_by(shelf: Shelf, moment: Moment, lit: Sequence[Lit]) -> dict[int, tuple[int, ...]]:
    """Which lines brought entries in, by the ids of the objects: the newest with a key, what was said aloud before what
    was whispered. Who was woken by another's text rests on all lines that woke any."""
    book, lines = shelf.book, moment.lines[-shelf.book.depth :] if shelf.book.depth else ()
    said = sorted(lines, key=lambda line: (line.between is not None, -line.seq))
    keys = [(line.seq, book.matcher.hits(line.text) | shelf.found.get(line.text, frozenset())) for line in said]
    found: dict[int, tuple[int, ...]] = {}
    for one in lit:
        wanted = {book.key(one.entry, key) for key in _keys_of(one)}
        seqs = (next((seq for seq, held in keys if key in held), 0) for key in wanted)
        found[id(one.entry)] = tuple(sorted({seq for seq in seqs if seq}))
    every = tuple(sorted({seq for seqs in found.values() for seq in seqs}))
    by_lore = {id(one.entry) for one in lit if one.why == "key" and not found[id(one.entry)]}
    return {id: every if id in by_lore else seqs for id, seqs in found.items()}


def _keys_of(one: Lit) -> Sequence[str]:
    """What lines were asked for so that an entry is in."""
    if one.why == "constant":
        return ()
    also = [key for condition in one.entry.when for key in (*condition.any, *condition.all)]
    return [*((one.key,) if one.key else one.entry.keys), *also]
