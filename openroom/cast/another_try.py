"""Another try at a line: on which occasion the character spoke, and what it has said there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openroom.cast.turn.context import Occasion
from openroom.core.actor import is_character
from openroom.core.branches import alternatives
from openroom.core.event import Entered, Event, Moved, Nudged, Said, Used, called_for
from openroom.room.room import Room

_NEAR = 60


async def occasion_again(room: Room, moved: Moved, occasion_of: Callable[[Event], Occasion]) -> Occasion | None:
    """The occasion of the line that ``moved`` wants told anew, with what not to say; ``None`` where nothing calls for
    it. Raises `StoreError`."""
    target = await room.event(moved.of or 0)
    if not isinstance(target, Said):
        return None
    calls = await _called_for(room, target)
    group = alternatives(room.state).get(target.seq, (target.seq,))
    tried = [await room.event(seq) for seq in group]
    avoid = tuple(one.text for one in tried if isinstance(one, Said) and one.text)
    first = occasion_of(calls) if calls else Occasion("nudged", moved.seq, moved.actor)
    whisper = target.to is not None
    again = replace(first, may_pass=False, person=moved.actor, whisper=whisper)
    by = first.by if not whisper or first.by in (target.to or ()) else (target.to or [first.by])[0]
    return replace(again, by=by, again=moved.seq, avoid=avoid, wish=moved.wish or "")


async def _called_for(room: Room, target: Said) -> Event | None:
    """The event that a character's line answers: by the name of its turn, else whatever a person did last before."""
    named, _ = called_for(target.cause)
    if named:
        event = await room.event(named)
        if isinstance(event, Said | Used | Entered | Nudged):
            return event
    before = [event for event in await room.recent(_NEAR) if event.seq < target.seq]
    persons = (event for event in reversed(before) if not is_character(event.actor) and event.actor != "system")
    return next((event for event in persons if isinstance(event, Said | Used | Entered | Nudged)), None)
