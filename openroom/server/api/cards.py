"""REST: cards that come in and go out. For creators and operators: a card holds a character's secrets."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from openroom.cards.limits import MAX_TOTAL
from openroom.cards.notes import plain
from openroom.cards.write import Format, Written
from openroom.errors import CardError, RoomNotFound, SettingsError
from openroom.lobby.cards import export_card, import_card
from openroom.protocol.messages import MalformedMessage
from openroom.server.access import Person, require
from openroom.server.api.shared import AskedSite, person_of

router = APIRouter(prefix="/api/cards", tags=["cards"])


async def _maker(request: Request) -> Person:
    return require(await person_of(request), "creator")


Maker = Annotated[Person, Depends(_maker)]
_SPECS: dict[str, int] = {"2": 2, "3": 3}
Spec = Annotated[Literal["2", "3"], Query(description="The version of the card.")]
Kind = Annotated[Format, Query(description="The kind of file.")]


@router.post("", status_code=201)
async def bring_in(site: AskedSite, person: Maker, request: Request) -> dict[str, Any]:
    """Make a character of a card; the body is the file itself. Creators and operators, one card at a time. It can be
    played as soon as a scene names it."""
    end = site.costly.begin(person.id)
    try:
        folder, library = site.settings.author_folder, site.lobby.library
        if folder / "characters" not in library.folders[0]:
            raise SettingsError(
                "These rooms are another application's, and its library does not read the author folder."
            )
        data = await _body(request)
        done = await asyncio.to_thread(import_card, data, folder, library)
    finally:
        end()
    name = done.card.fields.nickname or done.card.fields.name
    return {"id": done.id, "name": plain(name), "digest": done.card.digest, "report": done.report.body()}


@router.get("/{character}", response_class=Response)
async def take_out(site: AskedSite, person: Maker, character: str, format: Kind = "png", spec: Spec = "3") -> Response:
    """A character as a card's file. Creators and operators."""
    written = await _written(site, person, character, format, spec)
    headers = {
        "Content-Disposition": f'attachment; filename="{character}.{written.suffix}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(written.data, media_type=written.media_type, headers=headers)


@router.get("/{character}/report")
async def tell(
    site: AskedSite, person: Maker, character: str, format: Kind = "png", spec: Spec = "3"
) -> dict[str, Any]:
    """What such a file would keep, convert and drop."""
    return (await _written(site, person, character, format, spec)).report.body()


async def _written(site: AskedSite, person: Person, character: str, format: Format, spec: str) -> Written:
    if character not in site.lobby.library.characters:
        raise RoomNotFound(f"There is no character {character[:60]!r}.")
    end = site.costly.begin(person.id)
    try:
        return await asyncio.to_thread(export_card, site.lobby.library, character, format, _SPECS[spec])
    finally:
        end()


async def _body(request: Request) -> bytes:
    """The file, bounded as it comes in. Raises `MalformedMessage` (413)."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MAX_TOTAL:
            raise MalformedMessage("too_large", f"Expected at most {MAX_TOTAL:,} bytes.")
    if not data:
        raise CardError("a card's file as the body", came="nothing")
    return bytes(data)
