"""What the routes share: the site, who is asking, and how errors become answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from openroom.errors import (
    AccessError,
    CardError,
    CardHere,
    CardInUse,
    DefinitionError,
    LorebookAlone,
    ModelError,
    NotStarted,
    OpenroomError,
    RefusedError,
    RoomClosed,
    RoomNotFound,
    SettingsError,
    StoreError,
    TooManyRooms,
)
from openroom.protocol.messages import MalformedMessage, expected, where
from openroom.room.room import Room
from openroom.server.access import Person, require
from openroom.server.identity import ask, by_cookie
from openroom.server.site import Site, site_in


def site_of(request: Request) -> Site:
    """The site that this request asks. Raises `NotStarted`."""
    return site_in(request.app)


async def person_of(request: Request) -> Person | None:
    """Who is asking, as the application around us says, or by bearer token or cookie. A token that is not ours is
    refused. Raises `AccessError`."""
    site = site_of(request)
    access = site.access
    if user := await ask(site.identify, access, request):
        return user
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        person = access.person(token.strip())
        if person is None:
            raise AccessError("This token is not one of ours, or was taken back.")
        return person
    return by_cookie(access, request)


def session_text(request: Request) -> str:
    """The session that came, as bearer token or cookie; empty where none did."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else request.cookies.get(site_of(request).access.cookie_name, "")


async def somebody(request: Request) -> Person:
    """Who is asking; raises `AccessError` when nobody in particular does."""
    person = await person_of(request)
    if person is None:
        raise AccessError("Nobody is known here by that cookie or token; POST /api/session first.")
    return person


AskedSite = Annotated[Site, Depends(site_of)]
Asker = Annotated[Person | None, Depends(person_of)]
Known = Annotated[Person, Depends(somebody)]


async def _operator(request: Request) -> None:
    require(await person_of(request), "operator")


FOR_OPERATORS = Depends(_operator)
"""For a route's ``dependencies``: only operators may ask."""


async def bounded_body(request: Request, most: int) -> bytes:
    """The body of a request, bounded (bytes) as it comes in. Raises `MalformedMessage` (413)."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most:
            raise MalformedMessage("too_large", f"Expected at most {most:,} bytes.")
    return bytes(data)


async def room_for(site: Site, room: str, person: Person) -> Room:
    """The room, opened if need be. Raises `RoomNotFound` also when it is private and not the person's to see."""
    found = await site.open(room)
    if not site.may_see(found, person):
        raise RoomNotFound(f"There is no room {room!r}.")
    return found


_STATUS: tuple[tuple[type[OpenroomError], int, str], ...] = (
    (RefusedError, 409, "refused"),
    (AccessError, 403, "not_allowed"),
    (RoomNotFound, 404, "no_such_room"),
    (TooManyRooms, 409, "busy"),
    (RoomClosed, 503, "closing"),
    (CardHere, 409, "card_here"),
    (CardInUse, 409, "card_in_use"),
    (LorebookAlone, 422, "lorebook"),
    (CardError, 422, "card"),
    (DefinitionError, 422, "definition"),
    (SettingsError, 422, "settings"),
    (StoreError, 503, "store"),
    (ModelError, 502, "model"),
    (NotStarted, 503, "not_started"),
    (OpenroomError, 400, "failed"),
)


def answer_errors(app: FastAPI) -> None:
    """Have every error of ours answered as JSON: ``{"reason": …, "message": …}``."""
    app.add_exception_handler(OpenroomError, _answer)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_malformed)


def problem(error: OpenroomError) -> tuple[int, str, str]:
    """The status, reason and message of an error."""
    if isinstance(error, MalformedMessage):
        return 413 if error.reason == "too_large" else 422, error.reason, error.message
    status, reason = next((s, r) for kind, s, r in _STATUS if isinstance(error, kind))
    if isinstance(error, RefusedError):
        return status, error.reason, error.message
    return status, error.kind if isinstance(error, ModelError) else reason, str(error)


async def _answer(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OpenroomError)
    status, reason, message = problem(error)
    more: dict[str, Any] = {"character": error.character} if isinstance(error, CardHere | CardInUse) else {}
    if isinstance(error, CardInUse):
        more["rooms"] = list(error.rooms)
    return JSONResponse({"reason": reason, "message": message, **more}, status)


async def _answer_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    reason = {404: "not_found", 405: "not_allowed"}.get(error.status_code, "failed")
    return JSONResponse({"reason": reason, "message": str(error.detail)}, error.status_code, error.headers)


async def _answer_malformed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    return JSONResponse({"reason": "malformed", "message": f"{where(first['loc'])}: {expected(first)}"}, 422)
