"""REST: one line to one character, and its reply, whole or streamed; for games that ask and do not listen."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from openroom.cast.answer import Answer, Progress, answers
from openroom.core.action import Enter, LanguageCode, Line, Name, Say
from openroom.core.actor import character_id
from openroom.errors import OpenroomError
from openroom.room.room import Room
from openroom.server.access import Person, require
from openroom.server.api.shared import AskedSite, Known, problem, room_for
from openroom.server.identity import User
from openroom.server.site import Site

router = APIRouter(prefix="/api/rooms", tags=["rooms"])

_STREAM = "text/event-stream"
_NO_BUFFER = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class WantedReply(BaseModel):
    """A line to a character: what is said, and who says it. ``person`` is an id of your own for somebody else whom an
    operator speaks for (``alice``: they are ``player:alice``, and remembered as such); ``language`` is the one they
    read."""

    model_config = ConfigDict(extra="forbid")

    text: Line
    name: Name | Annotated[str, Field(max_length=0)] = ""
    person: Annotated[str, Field(pattern=r"^[A-Za-z0-9_:.\-]{1,73}$")] | None = None
    language: LanguageCode | None = None


@router.post(
    "/{room}/characters/{character}/reply",
    response_model=None,
    responses={200: {"content": {_STREAM: {"schema": {"type": "string"}}}}},
)
async def reply(
    site: AskedSite, person: Known, room: str, character: str, request: Request, wish: WantedReply
) -> dict[str, Any] | StreamingResponse:
    """Say something to one character (an id such as ``mira``) and wait for its reply. Who is not there comes in first.

    With ``Accept: text/event-stream`` it is streamed: ``heard``, then ``say`` with all of the text so far, as often as
    there is more, then ``reply`` with the whole, or ``failed``.
    """
    speaker = _speaker(site, person, wish)
    site.saw(person, request.scope, speaks_for=speaker.id)
    found = await room_for(site, room, person)
    who = character_id(character)
    if not found.state.is_here(who):
        raise HTTPException(404, f"There is no character {character[:80]!r} in this room.")
    pieces = _pieces(site, found, speaker, who, wish)
    if _STREAM in request.headers.get("accept", ""):
        first = await anext(pieces)  # what is refused has a status of its own
        return StreamingResponse(_streamed(first, pieces), media_type=_STREAM, headers=_NO_BUFFER)
    async with aclosing(pieces):
        return [asdict(piece) async for piece in pieces if isinstance(piece, Answer)][-1]


def _speaker(site: Site, person: Person, wish: WantedReply) -> Person:
    if wish.person is None:
        return person
    require(person, "operator")
    return site.access.with_rooms(Person(User(wish.person).participant, name=wish.name))


async def _pieces(
    site: Site, room: Room, speaker: Person, who: str, wish: WantedReply
) -> AsyncGenerator[Progress | Answer, None]:
    actor = site.actor(room, speaker)
    known = room.state.people.get(speaker.id, {})
    enter = None
    if not known.get("here"):
        name = wish.name or known.get("name") or speaker.name or "Guest"
        enter = Enter(name=name, watch=speaker.role == "spectator", language=wish.language)
    told = answers(site.lobby.directors[room.id], actor, who, Say(text=wish.text), enter=enter)
    async with aclosing(told):
        async for piece in told:
            yield piece


async def _streamed(
    first: Progress | Answer, rest: AsyncGenerator[Progress | Answer, None]
) -> AsyncGenerator[bytes, None]:
    shown = ""
    yield _event("heard", {"seq": first.heard} if isinstance(first, Progress) else {})
    try:
        async for piece in rest:
            if isinstance(piece, Answer):
                yield _event("reply", asdict(piece))
            elif piece.text == shown:
                yield b": it takes a while\n\n"
            else:
                shown = piece.text
                yield _event("say", {"text": shown})
    except OpenroomError as error:
        _, reason, message = problem(error)
        yield _event("failed", {"reason": reason, "message": message})


def _event(name: str, body: Mapping[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(body))
