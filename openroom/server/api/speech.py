"""REST: the sound of what a character said, from the operator's speech service, for who heard it said.

No open text-to-speech: what is spoken is a piece of a line that a character said and that the asker perceived.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from openroom.core.actor import definition_id, is_character
from openroom.core.event import Said
from openroom.core.view import perceives, visits_of
from openroom.errors import RefusedError
from openroom.language.aloud import is_piece_of, spoken
from openroom.room.room import Room
from openroom.server.access import Person
from openroom.server.api.shared import AskedSite, Known, room_for
from openroom.server.site import Site

router = APIRouter(tags=["rooms"])

_HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


class WantedSpeech(BaseModel):
    """Which line of a room (``seq`` of its event), and the piece of it to speak: its own words, as they stand there;
    stage notes, marks and blanks may be left out."""

    model_config = ConfigDict(extra="forbid")

    room: Annotated[str, Field(max_length=80)]
    seq: Annotated[int, Field(ge=1, le=2**53 - 1)]
    text: Annotated[str, Field(min_length=1, max_length=400)]


@router.post(
    "/api/speech",
    response_class=Response,
    responses={200: {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def speech(site: AskedSite, person: Known, request: Request, wish: WantedSpeech) -> Response:
    """The sound of a piece of what a character said, where the operator named a speech service (``speech`` in
    ``GET /api/model``). 404 for what the asker did not hear a character say, 409 where no service is named, 502 when it
    fails or its budget is used up."""
    if site.speech is None:
        raise RefusedError("no_speech", "No speech service is named on this server.")
    site.saw(person, request.scope)
    room = await room_for(site, wish.room, person)
    event = await _heard(site, room, person, wish.seq)
    text = spoken(wish.text)
    if event is None or not is_piece_of(text, event.text):
        raise HTTPException(404, "No character said that, or not to you.")
    card = room.world.characters.get(definition_id(event.actor))
    sound = card.voice.sound if card is not None else None
    wished, rate = (sound.voices, sound.rate) if sound is not None else ((), 1.0)
    found = await site.speech.say(text, wished, rate, site.parties.of(person.id))
    return Response(found.data, media_type=found.type, headers=_HEADERS)


async def _heard(site: Site, room: Room, person: Person, seq: int) -> Said | None:
    """The line of a character that this event is, if the person perceived it and it was not erased."""
    await room.settled()
    rows = await site.lobby.store.events(room.id, after=seq - 1, limit=1)
    event = rows[0] if rows and rows[0].seq == seq else None
    if not isinstance(event, Said) or event.erased or not is_character(event.actor):
        return None
    return event if perceives(person.id, event, visits_of(room.state)) else None
