"""The characters' side of a room between turns: each one's talk, kept up with the events it perceives, and its
memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from openroom.cast.turn.mind import Mind
from openroom.cast.turn.prompt import opening
from openroom.cast.turn.talk import Talk
from openroom.core.actor import is_character
from openroom.core.branches import Spans, Tree, within, without
from openroom.core.event import Brought, Erased, Event, Happened, Moved, Said, Used, is_imported, is_played
from openroom.core.persona import mask_at, mask_of, name_at
from openroom.core.view import Visits, perceives, visits_of
from openroom.ports.memory import Memory
from openroom.ports.memory_rows import Witnessed
from openroom.ports.model import Model
from openroom.room.room import Room
from openroom.room.story import read_story

RECALLED_EVENTS = 120
"""How many events of the story a talk is rebuilt from after a restart."""

_BEFORE_FORK = 20
"""So many events before a fork are looked at again: an exchange that one way broke in two is one memory."""
_AT_A_TIME = 100
"""So many events are looked at before others have their turn."""
_LEFT_LATELY = 3
"""Of so many ways that were left last it is made sure, after a restart, that nothing of them is remembered."""


class Minds:
    """The `Mind` of each character that is present."""

    def __init__(self, room: Room, memory: Memory, model: Callable[[], Model]) -> None:
        """``model`` is the one at hand: what a talk holds, and how, is by that."""
        self._room, self._memory, self._model = room, memory, model
        self._parts: dict[str, Mind] = {}
        self._unremembered: list[Event] = []
        self._people: object = None
        self._present: list[str] = []
        self.spoken: list[str] = []
        self._writing = asyncio.Lock()
        self._head = 0
        """The end of the story that memory goes along with."""
        self._gone: list[Moved | Erased] = []
        """What undid or erased something that may still stand in the talks."""

    def __getitem__(self, who: str) -> Mind:
        if who not in self._parts:
            self._parts[who] = Mind(who, Talk(who, self._opening))
            self._parts[who].talk.suit(self._model().info)
        return self._parts[who]

    def _opening(self) -> str:
        return opening(self._room.state, self._room.world)

    async def begin(self) -> None:
        """After a start: the talks from the log. What a crash kept from being remembered, or forgotten, is so now; what
        was remembered already changes nothing."""
        shared = self._room.state.hidden.get("forked", {}).get("until", 0)  # it was remembered where it happened
        self._unremembered = [event for event in _told(await self.rebuild()) if event.seq > shared]
        self._head = self._room.state.head
        tree = Tree.of(self._room.state)
        for head in tree.heads(self._head)[1 : 1 + _LEFT_LATELY]:
            await self._forget(without(tree.path(head), tree.path(self._head)))

    async def rebuild(self) -> list[Event]:
        """Make every talk anew from the log, after an undo or when words were erased; the events it was made from."""
        recent = await self._room.recent(RECALLED_EVENTS)
        before, self._parts = self._parts, {}
        self.spoken = []
        for who in self._room.state.here("character"):
            if who in before and self[who].resume(before[who], self._room.state.head):
                continue
            self[who].talk.hear(recent, self._room.state)
            self[who].talk.trim()
        self._note_speakers(recent)
        return recent

    @property
    def unremembered(self) -> int:
        """How many events wait to be remembered."""
        return len(self._unremembered)

    def hear(self, events: Sequence[Event]) -> bool:
        """Take in durable events; false when they undid or erased something, so that `turn_back` is due."""
        gone = any(isinstance(event, Moved | Erased | Brought) for event in events)
        events = [event for event in events if not is_imported(event)]
        if not gone:
            for who in self.present():
                self[who].hear(events, self._room.state)
        self._note_speakers(events)
        for event in events:
            if isinstance(event, Brought):
                continue  # what came in is heard when the talks are made anew, as far as they hold it
            if isinstance(event, Moved | Erased):
                self._drop(event)
                self._gone = [*self._gone, event]
            elif _is_remembered(event) and self.present():  # else nobody is there to remember it
                self._unremembered = [*self._unremembered, event]
            if not any(isinstance(one, Moved) for one in self._gone):
                self._head = event.seq
        return not gone

    def _drop(self, gone: Moved | Erased) -> None:
        """What was undone or erased before anybody remembered it is not remembered at all."""
        if isinstance(gone, Moved):
            path = Tree.of(self._room.state).path(gone.head)
            self._unremembered = [one for one in self._unremembered if within(path, one.seq)]
        else:
            self._unremembered = [one for one in self._unremembered if one.seq != gone.target]
            for part in self._parts.values():
                part.kept.clear()

    @property
    def behind(self) -> bool:
        """Whether `turn_back` is due still: the store could not be read when it was."""
        return bool(self._gone)

    async def turn_back(self) -> None:
        """Something was undone or erased: the talks are made anew, and it is taken out of memory, after what is being
        remembered just now. What is part of the story again is remembered again. Raises `StoreError`; then it is due
        still."""
        async with self._writing:
            gone = self._gone
            await self.rebuild()
            for target in [event.target for event in gone if isinstance(event, Erased)]:
                await self._memory.forget_event(self._room.id, target)
            if any(isinstance(event, Moved) for event in gone):
                await self._follow()
            self._gone = self._gone[len(gone) :]

    async def _follow(self) -> None:
        """Memory goes along with the story: what is no part of it any more is forgotten, what is again, with a little
        of what came before, is remembered when there is time."""
        state = self._room.state
        tree = Tree.of(state)
        now, before = tree.path(state.head), tree.path(self._head)
        await self._forget(without(before, now))
        entered = without(now, before)
        fork = tree.parent(entered[0][0]) if entered else state.head
        again: list[Event] = await read_story(self._room.store, self._room.id, fork, _BEFORE_FORK)
        for first, last in entered:
            again += await self._room.store.events(self._room.id, after=first - 1, until=last)
        known = {event.seq for event in again}
        self._unremembered = [*_told(again), *(one for one in self._unremembered if one.seq not in known)]
        self._head = state.head

    async def _forget(self, spans: Spans) -> None:
        for first, last in spans:
            await self._memory.forget_range(self._room.id, first - 1, last)

    def present(self) -> list[str]:
        """Which characters are present; looked up again only when something about people has changed."""
        people = self._room.state.people
        if people is not self._people:
            self._people, self._present = people, self._room.state.here("character")
        return self._present

    def trim(self) -> None:
        """Cut every talk that has grown too long, while nobody waits for an answer."""
        for part in self._parts.values():
            part.talk.trim()

    def _note_speakers(self, events: Sequence[Event]) -> None:
        self.spoken = [*self.spoken, *(event.actor for event in events if isinstance(event, Said))][-40:]

    async def remember(self) -> None:
        """Have each character remember what it perceived since the last time, and meanwhile."""
        async with self._writing:
            while events := self._unremembered:
                await self._remember(events)
                done = {
                    event.seq for event in events
                }  # only now: who is cancelled here begins again, which is harmless
                self._unremembered = [event for event in self._unremembered if event.seq not in done]

    async def _remember(self, events: Sequence[Event]) -> None:
        state = self._room.state
        visits = visits_of(state)
        closed = not (self._room.record.open and state.shared["run"].get("open"))
        lines_of: dict[int, Witnessed] = {}
        for number, event in enumerate(events):
            if number % _AT_A_TIME == _AT_A_TIME - 1:
                await asyncio.sleep(0)  # after a jump these may be thousands, and somebody may be waiting
            if not event.erased:
                lines_of[event.seq] = self._line(event, visits, closed)
        for who in state.here("character"):
            lines = [lines_of[event.seq] for event in events if event.seq in lines_of and perceives(who, event, visits)]
            if any(not is_character(line.speaker_id) or line.speaker_id == who for line in lines):
                definition = self._room.world.character(who)
                persona = [fact.text for fact in definition.facts] if definition else []
                await self._memory.witness(who, lines, own_name=state.name(who), persona=persona)

    def _line(self, event: Event, visits: Visits, closed: bool) -> Witnessed:
        state, text = self._room.state, event.text if isinstance(event, Said) else getattr(event, "telling", None) or ""
        return Witnessed(
            room=self._room.id,
            seq=event.seq,
            at=event.at,
            speaker_id=mask_of(state, event),
            speaker_name=name_at(state, event),
            text=text,
            kind=event.kind,
            whisper=event.to is not None,
            to=tuple(mask_at(state, who, event.seq) for who in event.to or ()),
            hearers=tuple(sorted(mask_at(state, who, event.seq) for who in visits if perceives(who, event, visits))),
            closed=closed,
        )


def _told(events: Sequence[Event]) -> list[Event]:
    """What of a story is for the memory: what was said and done here."""
    return [event for event in events if _is_remembered(event)]


def _is_remembered(event: Event) -> bool:
    return isinstance(event, Said | Used | Happened) and not is_imported(event) and not is_played(event)
