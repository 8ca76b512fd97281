"""Moments of rooms' logs at which two versions of a character can answer the same line.

A moment is a line that somebody said aloud in an open room and that the character answered. Everybody who stands in
what the character then had in mind must have consented, and so must who had used a thing of the room before, or
written its note or its book (what they wrote may stand there still, however long ago it was), and who was there and
tells of themselves in their persona. Nothing in it may be private: no whisper, nothing that only some saw, nothing from
behind a closed door.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openroom.cast.minds import RECALLED_EVENTS
from openroom.core.actor import character_id
from openroom.core.event import (
    Configured,
    Defined,
    Entered,
    Event,
    Happened,
    Noted,
    Said,
    Used,
    is_imported,
    is_played,
)
from openroom.core.state import State
from openroom.core.view import perceives, visits_of, was_here
from openroom.language.text import normal
from openroom.lobby.consent import all_consent, needs_asking
from openroom.ports.store import RoomRecord, Store
from openroom.room.kept import stored
from openroom.room.story import read_story

LOOKED_AT = 2000
"""So many of the newest events of a room's story are looked through for moments."""
_WROTE = ("used", "noted", "defined")
_MOST_WROTE = 5_000
"""So many of the newest of these are looked at for who wrote what, where a room's story is longer than is looked
through."""
_ROOMS = 200
_ENOUGH = 300
"""Moments of one character, of which a tasting takes 20 and a few more."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Somebody's line in a room, and what the character had in mind when it came: ``window``, the events that it
    perceived of the story before (oldest first). ``people`` are all persons who stand in there."""

    room: RoomRecord
    line: Said
    window: tuple[Event, ...]
    people: frozenset[str]

    @property
    def cites(self) -> tuple[int, ...]:
        """The events that it rests on."""
        return (*(event.seq for event in self.window), self.line.seq)


@dataclass(frozen=True, slots=True)
class Found:
    """The moments that may be used, and how many lines were answered in open rooms by all."""

    moments: tuple[Moment, ...]
    answered: int


async def find_moments(store: Store, character: str) -> Found:
    """The moments of a character in all open rooms, the rooms touched last first; each line once."""
    found: dict[str, Moment] = {}
    answered = 0
    for room in [one for one in await store.rooms() if one.open][:_ROOMS]:
        state, _ = await stored(store, room.id)
        if not state.shared["run"].get("open") or character_id(character) not in state.people:
            continue
        story = await read_story(store, room.id, state.head, LOOKED_AT)
        before = await wrote_before(store, room.id, story)
        moments, lines = _of_story(room, character, story, state, before)
        answered += lines
        for one in moments:
            if len(found) < _ENOUGH and await all_consent(store, one.people):
                found.setdefault(normal(one.line.text), one)
    return Found(tuple(found.values()), answered)


async def wrote_before(store: Store, room: str, story: Sequence[Event]) -> frozenset[str] | None:
    """Who wrote something that may stand in the room before the part of its ``story`` that is looked through; nothing
    where it was written by too many to tell."""
    if len(story) < LOOKED_AT:
        return frozenset()
    wrote = await store.last(room, _MOST_WROTE, _WROTE)
    if len(wrote) == _MOST_WROTE:
        return None
    return frozenset(one.actor for one in wrote if one.seq < story[0].seq and needs_asking(one.actor))


def _of_story(
    room: RoomRecord, character: str, story: Sequence[Event], state: State, wrote: frozenset[str] | None
) -> tuple[list[Moment], int]:
    """What of a story has nothing private in it, and how many lines the character answered at all."""
    who = character_id(character)
    causes = {(event.cause or "").partition(".")[0] for event in story if event.actor == who}
    found, lines = [], 0
    for at, event in enumerate(story):
        if not isinstance(event, Said) or not needs_asking(event.actor) or event.erased:
            continue
        if event.to is not None or f"t{event.seq}-{character}" not in causes:
            continue
        lines += 1
        if (moment := moment_at(room, who, story, at, state, wrote)) is not None:
            found.append(moment)
    return found, lines


def moment_at(
    room: RoomRecord, who: str, story: Sequence[Event], at: int, state: State, wrote: frozenset[str] | None
) -> Moment | None:
    """The moment of the line at that place of a story, as ``who`` perceived it; none where something in it is
    private or was erased. ``state`` is the room's now, ``wrote`` as `wrote_before` gives it."""
    line, before, visits = story[at], story[max(0, at - RECALLED_EVENTS) : at], visits_of(state)
    if wrote is None or not isinstance(line, Said) or any(map(is_private, [*before, line])):
        return None
    window = tuple(one for one in before if perceives(who, one, visits))
    if any(one.erased for one in (*window, line)):
        return None
    written = [one for one in story[:at] if isinstance(one, Used | Noted | Defined)]
    told = {one for one in visits if was_here(one, line.seq, visits) and _tells_of_themselves(state, one)}
    return Moment(room, line, window, frozenset(_people([*window, *written, line])) | told | wrote)


def _tells_of_themselves(state: State, who: str) -> bool:
    personas = state.people.get(who, {}).get("personas", {}).values()
    return any(persona.get("about") for persona in personas)


def is_private(event: Event) -> bool:
    """Whether not everybody saw it, it came in from elsewhere, somebody spoke in a character's place, or a door was
    opened or closed then."""
    if is_imported(event) or is_played(event):
        return True
    if isinstance(event, Configured):
        return "open" in (event.patch or {}).get("run", {})
    return isinstance(event, Said | Used | Happened) and event.to is not None


def _people(events: Sequence[Event]) -> set[str]:
    named = {event.actor for event in events} | {event.who for event in events if isinstance(event, Entered)}
    return {one for one in named if needs_asking(one)}


async def stands(store: Store, room: str, cites: Sequence[int], people: Iterable[str]) -> bool:
    """Whether a moment may be used still: the room is there and open, nothing that it rests on was erased, and nobody
    has taken their consent back."""
    record = await store.room(room)
    if record is None or not record.open or not await all_consent(store, people):
        return False
    events = await store.events(room, after=min(cites) - 1, until=max(cites))
    return not any(event.erased for event in events if event.seq in set(cites))
