"""REST: who wrote what on a thing, so that it can be erased: a page or a note does not say which event it came from."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from openroom.core.event import Used
from openroom.core.redact import strike_of
from openroom.core.view import perceives, visits_of
from openroom.server.api.shared import AskedSite, Known, room_for

router = APIRouter(prefix="/api/rooms", tags=["rooms"])

_LOOKED_AT = 5000
"""So many of the newest uses of things are looked through."""


@router.get("/{room}/writings")
async def writings(
    site: AskedSite, person: Known, room: str, prop: Annotated[str, Query(max_length=80)]
) -> dict[str, Any]:
    """What was written on a thing and is not erased, newest first: the event's ``seq``, ``at`` and ``by`` (the writer),
    the ``words``, and the other arguments (``about``). One's own; for who runs the room, everybody's, but for what was
    told to others alone."""
    found = await room_for(site, room, person)
    runs = site.actor(found, person).may_run_room
    rules, visits = found.world.props.get(prop), visits_of(found.state)
    await found.settled()
    used = await site.lobby.store.last(found.id, _LOOKED_AT, ("used",))
    bodies = []
    for event in reversed(used):
        if not isinstance(event, Used) or event.prop != prop or event.erased:
            continue
        if event.actor != person.id and not (runs and (event.to is None or perceives(person.id, event, visits))):
            continue
        if strike := strike_of(event, rules):
            about = {name: value for name, value in (event.args or {}).items() if value not in strike.words}
            bodies.append(
                {"seq": event.seq, "at": event.at, "by": event.actor, "words": list(strike.words), "about": about}
            )
    return {"writings": bodies}
