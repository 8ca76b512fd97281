"""What of a room's story somebody perceived, wherever in the log it lies: found by its words, or read page by page.

`openroom.core.view` decides what is perceived; only what is part of the story now is there at all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from openroom.core.actor import is_character
from openroom.core.branches import Spans, Tree, alternatives, within
from openroom.core.event import Entered, Erased, Event, Happened, Rolled, Said, words_in
from openroom.core.persona import name_at
from openroom.core.state import State
from openroom.core.view import Visits, WholeStory, perceives, visits_of
from openroom.ports.store import Store

_PAGE = 250
_MARGIN = 40
"""So many events more than the lines that are asked for are read at a time: not each is a line, or was perceived."""
_ALL = 2**31 - 1
_TELLING = ("entered", "left", "brought")
"""Kinds that tell who was in the room when."""
_LINES = frozenset(("said", "used", "happened", "entered", "left", "brought", "rolled"))
"""Kinds of events that a talk consists of."""
_LOOKED_AT = 50
"""So many of the newest erasures are looked at."""


@dataclass(frozen=True, slots=True)
class Told:
    """A room's story as ``who`` perceived it; without ``who`` all of it. ``names`` are those of participants, also of
    such as the room has forgotten."""

    store: Store
    room: str
    who: str | None
    spans: Spans
    visits: Visits
    names: Mapping[str, str]
    state: State

    @classmethod
    async def of(cls, store: Store, room: str, state: State, who: str | None) -> Told:
        """Of a room as it stands after ``state``."""
        told = [event for event in await store.last(room, _ALL, _TELLING) if event.seq <= state.seq]
        whole = WholeStory(who or "")
        for event in told:
            whole.follow(event)
        of_now = visits_of(state).get(who or "", {})
        visits = {who or "": {**whole.visits.get(who or "", {}), **of_now}}
        names = {event.who: event.name for event in told if isinstance(event, Entered)}
        names |= {one: person["name"] for one, person in state.people.items()}
        return cls(store, room, who, Tree.of(state).path(state.head), visits, names, state)

    def name_in(self, event: Event) -> str:
        """What whoever acted was called then."""
        known = event.actor in self.state.people
        return name_at(self.state, event) if known else self.names.get(event.actor, event.actor)

    def words_in(self, event: Event) -> str:
        """What an event says or tells; of a throw of dice what fell. Empty where that is nothing."""
        if isinstance(event, Rolled):
            return f"{self.name_in(event)} · {event.dice}: {event.total}"
        return words_in(event)

    def holds(self, event: Event) -> bool:
        """Whether an event is part of the story, and was perceived."""
        return within(self.spans, event.seq) and self._perceived(event)

    def is_line(self, event: Event) -> bool:
        """Whether it is one of the lines that one reads."""
        return self.holds(event) and _is_line(event)

    async def find(self, wanted: Sequence[str], before: int, limit: int) -> tuple[list[Event], bool]:
        """The newest lines before event ``before`` that hold all `needles`, newest first, and whether there are
        more."""
        found: list[Event] = []
        while len(found) <= limit:
            page = await self.store.find(self.room, wanted, before, self._since - 1, _PAGE)
            found += [event for event in page if not event.erased and self.holds(event)]
            if len(page) < _PAGE:
                break
            before = page[-1].seq
        return found[:limit], len(found) > limit

    async def before(self, seq: int, limit: int) -> tuple[list[Event], bool]:
        """The newest lines before event ``seq``, oldest first, and whether there are earlier ones."""
        found: list[Event] = []
        async for page in self._back(seq - 1, min(limit + _MARGIN, _PAGE)):
            found += reversed(page)
            if len(found) > limit:
                break
        return found[:limit][::-1], len(found) > limit

    async def after(self, seq: int, limit: int) -> tuple[list[Event], bool]:
        """The oldest lines after event ``seq``, and whether there are later ones."""
        found: list[Event] = []
        async for page in self.pages(seq, min(limit + _MARGIN, _PAGE)):
            found += page
            if len(found) > limit:
                break
        return found[:limit], len(found) > limit

    async def pages(self, after: int = 0, size: int = _PAGE) -> AsyncIterator[list[Event]]:
        """All lines after an event, oldest first, page by page: ``size`` events are read at a time."""
        for first, last in self.spans:
            low = max(first, after + 1, self._since)
            while low <= last:
                high = min(last, low + size - 1)
                yield await self._read(low, high)
                low, size = high + 1, min(2 * size, _PAGE)

    async def tries(self, events: Sequence[Event]) -> dict[int, list[Said]]:
        """The lines of characters that stand in for each other, by that of ``events`` which is in the story: those that
        were perceived and not erased, in the order they were told. Lines with no other are left out."""
        groups, found = alternatives(self.state), dict[int, list[Said]]()
        for event in (one for one in events if isinstance(one, Said) and is_character(one.actor)):
            group = [one for seq in groups.get(event.seq, ()) for one in await self._at(seq) if isinstance(one, Said)]
            if len(group) > 1:
                found[event.seq] = group
        return found

    async def _at(self, seq: int) -> list[Event]:
        events = await self.store.events(self.room, after=seq - 1, until=seq)
        return [event for event in events if not event.erased and self._perceived(event)]

    async def _back(self, high: int, size: int) -> AsyncIterator[list[Event]]:
        for first, last in reversed(self.spans):
            top, bottom = min(last, high), max(first, self._since)
            while top >= bottom:
                low = max(bottom, top - size + 1)
                yield await self._read(low, top)
                top, size = low - 1, min(2 * size, _PAGE)

    async def _read(self, low: int, high: int) -> list[Event]:
        events = await self.store.events(self.room, after=low - 1, until=high)
        return [event for event in events if self._perceived(event) and _is_line(event)]

    def _perceived(self, event: Event) -> bool:
        return self.who is None or perceives(self.who, event, self.visits)

    @property
    def _since(self) -> int:
        """What was before, one has not perceived."""
        if self.who is None:
            return 1
        return min((int(start) for start in self.visits.get(self.who, {})), default=_ALL)


def _is_line(event: Event) -> bool:
    return event.kind in _LINES and (not isinstance(event, Happened) or bool(event.telling))


async def is_settled(store: Store, room: str) -> bool:
    """Whether what was erased in a room that is not open has left the store; a crash may have kept it from that."""
    for erased in await store.last(room, _LOOKED_AT, ("erased",)):
        if isinstance(erased, Erased):
            target = await store.events(room, after=erased.target - 1, until=erased.target)
            if target and not target[0].erased:
                return False
    return True
