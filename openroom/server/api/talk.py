"""REST: a room's talk as a file to take along, and one from elsewhere as a room's past."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from openroom.errors import AccessError, RefusedError
from openroom.room.past import bring_past
from openroom.room.past_file import MOST_BYTES, read_chat
from openroom.room.talk_file import MEDIA, SUFFIX, Heading, TalkFormat, written
from openroom.room.told import Told
from openroom.server.api.shared import AskedSite, Known, bounded_body, room_for
from openroom.server.api.texts import words_of
from openroom.server.limits import Streamed

router = APIRouter(prefix="/api/rooms", tags=["rooms"])

_HALF_A_DAY = 14 * 60


@router.get("/{room}/talk", response_class=Response)
async def take_talk(
    site: AskedSite,
    person: Known,
    room: str,
    form: Annotated[TalkFormat, Query(alias="format")] = "jsonl",
    zone: Annotated[int, Query(ge=-_HALF_A_DAY, le=_HALF_A_DAY)] = 0,
    language: str = "",
    full: bool = False,
) -> Streamed:
    """What one perceived of the story as it is now, as a file: ``jsonl``, which SillyTavern reads as a chat, or
    ``markdown`` (times in a clock that is ``zone`` minutes ahead of UTC). One at a time for a person. ``full``: all of
    it, whispers too, for operators."""
    found = await room_for(site, room, person)
    if full and person.role != "operator":
        raise AccessError("This needs the role operator.")
    await found.settled()
    state, scene = found.state, found.world.scene
    told = await Told.of(site.lobby.store, found.id, state, None if full else person.id)
    title = found.record.title or words_of(scene, language, scene.title)
    heading = Heading.of(told, state, title, words_of(scene, language, scene.line), found.record.created)
    name = f"{found.id}-{datetime.now(UTC):%Y-%m-%d}.{SUFFIX[form]}"
    return Streamed(written(told, heading, form, zone), site.costly.begin(person.id), (MEDIA[form], name))


@router.post("/{room}/past", status_code=201)
async def bring_talk(site: AskedSite, person: Known, room: str, request: Request) -> dict[str, Any]:
    """Make a talk from elsewhere the past of a room in which nothing was said yet: the body is a chat of SillyTavern
    (JSONL, at most 20,000 messages and 20 MB). Its owner or an operator may, one at a time; the owner
    perceives it. ``speakers``: who each name
    is here; ``lost``: how much was left out. 409 ``not_empty`` where somebody has spoken."""
    found = await room_for(site, room, person)
    if not site.actor(found, person).may_run_room:
        raise AccessError("Only the room's owner or an operator may do that.")
    end = site.costly.begin(person.id)
    try:
        done = site.costly.begin(f"past of {found.id}")  # two at a time would both find it empty
    except RefusedError:
        end()
        raise
    try:
        chat = await asyncio.to_thread(read_chat, await bounded_body(request, MOST_BYTES))
        return asdict(await bring_past(found, chat, found.owner or person.id))
    finally:
        done()
        end()
