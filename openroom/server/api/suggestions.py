"""REST: what one might say next in a room (`openroom.core.suggestions`)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from openroom.core.suggestions import Reader, suggestions
from openroom.core.translation import translated
from openroom.library.library import Library
from openroom.room.room import Room
from openroom.server.api.shared import AskedSite, Known, room_for

router = APIRouter(prefix="/api/rooms", tags=["rooms"])

_STORY = 200
"""So many of the newest events are looked at for what was said and what happened."""


@router.get("/{room}/suggestions")
async def suggest(
    site: AskedSite, person: Known, room: str, language: Annotated[str, Query(max_length=20)] = ""
) -> dict[str, Any]:
    """At most three lines that one might say now, in ``language`` (the scene's own by default), each with what it is
    ``about`` and perhaps whom it is said ``to``. None for who watches or is not in the room."""
    found = await room_for(site, room, person)
    actor = site.actor(found, person)
    story = await found.recent(_STORY) if found.state.is_here(actor.id) else []
    reader = reader_of(site.lobby.library, found, language)
    lines = suggestions(found.state, found.world, actor, story, reader)
    return {"suggestions": [line.public() for line in lines]}


def reader_of(library: Library, room: Room, language: str) -> Reader:
    """What the room's definitions read in a language, as the author's files tell it now: a log pins no translations."""
    scene = library.scenes.get(room.world.scene.id, room.world.scene)
    code = (language or scene.language).partition("-")[0].lower()
    cast = {id: library.characters.get(id, card) for id, card in room.world.characters.items()}
    return Reader(
        code,
        translated(scene.translations, language or scene.language),
        {id: translated(card.translations, language or card.language) for id, card in cast.items()},
        {prop: translated(rules.translations, language) for prop, rules in room.world.props.items()},
    )
