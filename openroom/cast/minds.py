"""The characters' side of a room between turns: each one's talk, kept up with the events it perceives, and its
memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from openroom.cast.turn.mind import Mind
from openroom.cast.turn.talk import Talk
from openroom.core.actor import is_character
from openroom.core.event import Erased, Event, Happened, Moved, Said, Used
from openroom.core.view import Visits, looks, perceives, visits_of
from openroom.language.text import framed
from openroom.ports.memory import Memory
from openroom.ports.memory_rows import Witnessed
from openroom.room.room import Room

RECALLED_EVENTS = 120
"""How many events of the story a talk is rebuilt from after a restart."""

_MOST_OF_PATH = 1000


class Minds:
    """The `Mind` of each character that is present."""

    def __init__(self, room: Room, memory: Memory) -> None:
        self._room, self._memory = room, memory
        self._parts: dict[str, Mind] = {}
        self._unremembered: list[Event] = []
        self._people: object = None
        self._present: list[str] = []
        self.spoken: list[str] = []
        self._writing = asyncio.Lock()
        self._path: set[int] = set()
        """The events of the story that is being told, as far back as they were looked at."""
        self._gone: list[Moved | Erased] = []
        """What undid or erased something that may still stand in the talks."""

    def __getitem__(self, who: str) -> Mind:
        if who not in self._parts:
            self._parts[who] = Mind(who, Talk(who, self._opening))
        return self._parts[who]

    def _opening(self) -> str:
        scene = self._room.state.shared["scene"]
        return (
            f"({scene['time'].capitalize()}, {scene['weather']}. "
            f"{framed(' '.join(looks(self._room.state, self._room.world)))})"
        )

    async def begin(self) -> None:
        """After a start: the talks from the log. What a crash kept from being remembered is remembered now; what was
        remembered already changes nothing."""
        self._unremembered = [event for event in await self.rebuild() if isinstance(event, Said | Used | Happened)]

    async def rebuild(self) -> list[Event]:
        """Make every talk anew from the log, after an undo or when words were erased; the events it was made from."""
        recent = await self._room.recent(RECALLED_EVENTS)
        self._path = {event.seq for event in recent}
        self._parts.clear()
        self.spoken = []
        for who in self._room.state.here("character"):
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
        gone = any(isinstance(event, Moved | Erased) for event in events)
        if not gone:
            for who in self.present():
                self[who].talk.hear(events, self._room.state)
        self._note_speakers(events)
        for event in events:
            if isinstance(event, Moved | Erased):
                self._drop(event)
                self._gone = [*self._gone, event]
            elif isinstance(event, Said | Used | Happened) and self.present():  # else nobody is there to remember it
                self._unremembered = [*self._unremembered, event]
        path = self._path | {event.seq for event in events}
        self._path = path if len(path) <= _MOST_OF_PATH else set(sorted(path)[-RECALLED_EVENTS:])
        return not gone

    def _drop(self, gone: Moved | Erased) -> None:
        """What was undone or erased before anybody remembered it is not remembered at all."""
        if isinstance(gone, Moved):
            self._unremembered = [one for one in self._unremembered if one.seq <= gone.head]
        else:
            self._unremembered = [one for one in self._unremembered if one.seq != gone.target]

    @property
    def behind(self) -> bool:
        """Whether `turn_back` is due still: the store could not be read when it was."""
        return bool(self._gone)

    async def turn_back(self) -> None:
        """Something was undone or erased: the talks are made anew, and what was undone is taken out of memory, after
        what is being remembered just now. What is part of the story again is remembered again. Raises `StoreError`;
        then it is due still."""
        async with self._writing:
            gone, before = self._gone, self._path
            story = await self.rebuild()
            moved = [event for event in gone if isinstance(event, Moved)]
            for event in moved:
                await self._memory.forget_range(self._room.id, event.head, event.seq)
            if moved:
                known = [event for event in story if min(before) < event.seq <= moved[-1].head]
                await self._take_up([event for event in known if event.seq not in before])
            self._gone = self._gone[len(gone) :]

    async def _take_up(self, branch: Sequence[Event]) -> None:
        """A branch that had been left is the story again: what was told instead of it is no longer."""
        if branch:
            fork = branch[0].seq - 1 if branch[0].parent is None else branch[0].parent
            await self._memory.forget_range(self._room.id, fork, branch[0].seq - 1)
            news = [event for event in branch if isinstance(event, Said | Used | Happened)]
            self._unremembered = [*news, *self._unremembered]

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
        """Have each character remember what it perceived since the last time."""
        async with self._writing:
            events = self._unremembered
            await self._remember(events)
            done = {event.seq for event in events}  # only now: who is cancelled here begins again, which is harmless
            self._unremembered = [event for event in self._unremembered if event.seq not in done]

    async def _remember(self, events: Sequence[Event]) -> None:
        state = self._room.state
        visits = visits_of(state)
        closed = not (self._room.record.open and state.shared["run"].get("open"))
        lines_of = {event.seq: self._line(event, visits, closed) for event in events if not event.erased}
        for who in state.here("character"):
            lines = [lines_of[event.seq] for event in events if event.seq in lines_of and perceives(who, event, visits)]
            if any(not is_character(line.speaker_id) for line in lines):
                definition = self._room.world.character(who)
                persona = [fact.text for fact in definition.facts] if definition else []
                await self._memory.witness(who, lines, own_name=state.name(who), persona=persona)

    def _line(self, event: Event, visits: Visits, closed: bool) -> Witnessed:
        text = event.text if isinstance(event, Said) else getattr(event, "telling", None) or ""
        return Witnessed(
            room=self._room.id,
            seq=event.seq,
            at=event.at,
            speaker_id=event.actor,
            speaker_name=self._room.state.name(event.actor),
            text=text,
            kind=event.kind,
            whisper=event.to is not None,
            to=tuple(event.to or ()),
            hearers=tuple(sorted(who for who in visits if perceives(who, event, visits))),
            closed=closed,
        )
