"""REST: looking for words in what one perceived of a room's talk, or of all rooms one was in, and reading there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query

from openroom.core.admission import is_open_to
from openroom.core.event import Event, words_in
from openroom.core.state import State
from openroom.core.view import seen
from openroom.language.finding import LONGEST_QUERY, excerpt, needles
from openroom.ports.store import RoomRecord
from openroom.room.kept import stored
from openroom.room.told import Told, is_settled
from openroom.room.ways import ways_shown
from openroom.server.access import Person
from openroom.server.api.shared import AskedSite, Known, room_for
from openroom.server.api.texts import words_of
from openroom.server.site import Site

router = APIRouter(prefix="/api", tags=["search"])

_MOST = 50
_MOST_ROOMS = 100
"""In so many rooms, those that were used last, one looks at a time."""
_MOST_READ = 150

Query_ = Annotated[str, Query(alias="q", max_length=LONGEST_QUERY)]
Limit = Annotated[int, Query(ge=1, le=_MOST)]
Seq = Annotated[int, Query(ge=1, le=2**53 - 1)]


@router.get("/rooms/{room}/search")
async def search_room(
    site: AskedSite, person: Known, room: str, query: Query_, before: Seq = 2**53 - 1, limit: Limit = 20
) -> dict[str, Any]:
    """Lines and happenings that hold all words of ``q``, newest first, of those that one perceived and that are part
    of the story now. ``marks`` are the places in ``text``, an excerpt, in characters. ``too_short``: it takes two
    letters, or one of Chinese or Japanese."""
    found = await room_for(site, room, person)
    await found.settled()
    wanted = needles(query)
    if not wanted:
        return _answer([], more=False, too_short=True)
    told = await Told.of(site.lobby.store, found.id, found.state, person.id)
    hits, more = await told.find(wanted, before, limit)
    return _answer([_hit(told, event, wanted) for event in hits], more=more)


@router.get("/search")
async def search_rooms(
    site: AskedSite, person: Known, query: Query_, language: str = "", limit: Limit = 20
) -> dict[str, Any]:
    """The same over the rooms that one has been in and may see, those first in which something was said last; each hit
    names its ``room``, with its ``title``."""
    wanted = needles(query)
    if not wanted:
        return _answer([], more=False, too_short=True)
    hits: list[dict[str, Any]] = []
    more = False
    for record in await _rooms_of(site, person):
        if not await site.lobby.store.find(record.id, wanted, 2**53 - 1, limit=1):
            continue  # how a room stands is read where there is something to find
        state = await _state_of(site, record, person)
        if state is None:
            continue
        told = await Told.of(site.lobby.store, record.id, state, person.id)
        here, others = await told.find(wanted, 2**53 - 1, limit)
        scene = site.lobby.library.scenes.get(record.scene)
        title = words_of(scene, language, record.title or (scene.title if scene else record.id))
        hits += [{"room": record.id, "title": title, **_hit(told, event, wanted)} for event in here]
        more = more or others
    hits.sort(key=lambda hit: -hit["at"])
    return _answer(hits[:limit], more=more or len(hits) > limit)


@router.get("/rooms/{room}/story")
async def read_story(
    site: AskedSite,
    person: Known,
    room: str,
    around: Seq | None = None,
    before: Seq | None = None,
    after: Seq | None = None,
    limit: Annotated[int, Query(ge=1, le=_MOST_READ)] = 60,
) -> dict[str, Any]:
    """A part of the story as one perceived it, oldest first: ``limit`` lines ``before`` an event (where none is named,
    the newest) or ``after`` it, or so many on both sides ``around`` it; then ``there`` says whether it is one of them.
    ``names`` are those of who speaks, ``ways`` the lines that stand in for each other, as in a snapshot."""
    found = await room_for(site, room, person)
    await found.settled()
    told = await Told.of(site.lobby.store, found.id, found.state, person.id)
    middle = around or before or after or found.seq + 1
    events: list[Event] = []
    there = earlier = later = False
    if after is None:
        events, earlier = await told.before(middle, limit)
    if around is not None:
        target = await site.lobby.store.events(found.id, after=around - 1, until=around)
        there = bool(target) and told.is_line(target[0])
        events += target if there else []
    if before is None and (around or after):
        newer, later = await told.after(middle, limit)
        events += newer
    names = {who: told.names[who] for event in events for who in (event.actor, *(event.to or ())) if who in told.names}
    return {
        "events": [_line(event) for event in events],
        "ways": ways_shown(person.id, [{"seq": event.seq} for event in events], found.state, None).get("ways", {}),
        "names": names,
        "there": there,
        "earlier": earlier,
        "later": later,
    }


async def _rooms_of(site: Site, person: Person) -> list[RoomRecord]:
    """Rooms that somebody has been in, the last used first."""
    been = set(await site.lobby.store.rooms_of(person.id))
    return [record for record in await site.lobby.store.rooms() if record.id in been][:_MOST_ROOMS]


async def _state_of(site: Site, record: RoomRecord, person: Person) -> State | None:
    """How a room stands, which need not be open for that; none where one may not see it, or what was erased there is
    still in the store."""
    room = site.lobby.running.get(record.id)
    if room is not None and not room.closed:
        await room.settled()
        return room.state if site.may_see(room, person) else None
    state, _ = await stored(site.lobby.store, record.id)
    if not is_open_to(state, site.actor_in(record.id, record.owner, state, person), private=not record.open):
        return None
    return state if await is_settled(site.lobby.store, record.id) else None


def _hit(told: Told, event: Event, wanted: Sequence[str]) -> dict[str, Any]:
    text = words_in(event)
    part, start, marks = excerpt(text, wanted)
    body: dict[str, Any] = {"seq": event.seq, "at": event.at, "kind": event.kind, "who": event.actor}
    body |= {"name": told.name_in(event) if event.actor in told.names else "", "text": part, "marks": marks}
    return body | {"whisper": event.to is not None, "from": start, "of": len(text)}


def _line(event: Event) -> dict[str, Any]:
    """A line to read: what it changed in the room is of no use to who reads back."""
    body = seen(event)
    body.pop("patch", None)
    return body


def _answer(hits: list[dict[str, Any]], *, more: bool, too_short: bool = False) -> dict[str, Any]:
    return {"hits": hits, "more": more, "too_short": too_short}
