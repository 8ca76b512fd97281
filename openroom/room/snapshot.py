"""What a snapshot of a room says to one participant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from openroom.core.actor import Actor
from openroom.core.event import Moved
from openroom.core.view import sights, visits_of
from openroom.room.ways import ways_shown

if TYPE_CHECKING:
    from openroom.room.room import Room

Log = Sequence[Mapping[str, Any]]


def snapshot_of(room: Room, who: str, log: Log, moved: Moved | None) -> dict[str, Any]:
    """The ``snapshot`` message for ``who``, who perceived ``log``; ``moved`` is how the story came to where it is."""
    state = room.state
    return {
        "type": "snapshot",
        "room": room.id,
        "epoch": room.epoch,
        "seq": room.seq,
        "title": room.record.title,
        "state": {**state.shared, "people": _people_in(room, log, who)},
        "manifest": room.manifest,
        "log": log,
        "options": [option.public() for option in room.options(Actor(who, "player"))],
        "looks": sights(state, room.world),
        "turns": room.turns if state.is_here(who) else [],
        "model": dict(room.cast.chip()),
        "head": state.head,
        **ways_shown(who, log, state, moved),
        **({"note": state.note} if state.note and who == room.owner else {}),
    }


def _people_in(room: Room, log: Log, viewer: str) -> dict[str, Any]:
    """Who is in a snapshot: those present, and those named in what it tells. Who looks from outside sees all whom
    the room knows."""
    people = room.state.people
    if viewer not in visits_of(room.state):
        return dict(people)
    named = {viewer, *(who for body in log for who in (body["actor"], *body.get("to", ())))}
    return {
        who: person
        for who, person in people.items()
        if person.get("here") or person["kind"] in ("character", "game") or who in named
    }
