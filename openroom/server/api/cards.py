"""REST: cards that come in and go out. For creators and operators: a card holds a character's secrets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from openroom.cards.card import Card
from openroom.cards.condensing import CODE, choose, may_choose
from openroom.cards.draft import draft
from openroom.cards.limits import MAX_TOTAL
from openroom.cards.notes import plain
from openroom.cards.released import Released
from openroom.cards.write import Format, Written
from openroom.errors import CardError, RoomNotFound, SettingsError
from openroom.library.face import Face
from openroom.lobby.card_export import export_card
from openroom.lobby.card_lore import attach
from openroom.lobby.card_originals import came_on_a_card, import_of
from openroom.lobby.card_removal import Removed, playing, remove, restore
from openroom.lobby.card_room import make_room, room_of, set_face
from openroom.lobby.cards import import_card, long_one, put_in_force, told_card
from openroom.room.clock import moment
from openroom.server.access import Person, require
from openroom.server.api.shared import AskedSite, bounded_body, person_of
from openroom.server.site import Site

router = APIRouter(prefix="/api/cards", tags=["cards"])


async def _maker(request: Request) -> Person:
    return require(await person_of(request), "creator")


Maker = Annotated[Person, Depends(_maker)]
_SPECS: dict[str, int] = {"2": 2, "3": 3}
Spec = Annotated[Literal["2", "3"], Query(description="The version of the card.")]
Whose = Annotated[str, Query(max_length=80, description="Whose a lorebook will be: character:ID or scene:ID.")]
Called = Annotated[str, Query(description="What a card without a name is called: its file's name.")]
_CALLED = 200
"""Characters of a file's name that are looked at: one of 255 is no mistake."""
Again = Annotated[bool, Query(description="Make one more of a card that came in before.")]
Kind = Annotated[Format, Query(description="The kind of file.")]


@router.get("", dependencies=[Depends(_maker)])
async def shelf(site: AskedSite) -> dict[str, Any]:
    """All characters as those see them who make some: id, name, line, the ``room`` that each has to itself (a scene's
    id, or empty), whether it came on a ``card``, and whether it is ``ours``: in the author folder."""
    return {"characters": await asyncio.to_thread(_shelf, site)}


def _shelf(site: Site) -> list[dict[str, Any]]:
    library, ours = site.lobby.library, site.settings.author_folder / "characters"
    folders = {id: library.folder(id) for id in library.characters}
    return [
        {
            "id": one.id,
            "name": one.name,
            "line": one.line,
            "art": one.art or one.id,
            "room": room_of(library, one.id),
            "card": (place := folders[one.id]) is not None and came_on_a_card(place),
            "ours": place is not None and place.parent == ours,
        }
        for one in library.characters.values()
    ]


@router.post("", status_code=201)
async def bring_in(
    site: AskedSite, person: Maker, request: Request, to: Whose = "", again: Again = False, called: Called = ""
) -> dict[str, Any]:
    """Make a character of a card; the body is the file itself. Creators and operators, one card at a time. It can be
    played in a room of its own (`/api/cards/{character}/room`), and in every scene that names it. ``version`` is the
    digest of the version that a card of ours brought, which is in force; empty: none. With ``to`` the file is a
    lorebook by itself, which that one gets. A file on which a character came before is answered with 409,
    ``card_here`` and who that is; ``again`` makes one more. A card without a name that one can read is ``called`` so,
    else Character, and the report says it. Of a persona that is too long for a small model, the model that speaks here
    chooses once what goes first, unless it is small itself or the understudy: then, and where it does not answer within
    a minute, code chooses; the report says who did. Operators are told the
    ``folder`` on the server in which it stands now."""
    end = site.costly.begin(person.id)
    try:
        folder = _author_folder(site)
        data = await _body(request)
        if to:
            given = await asyncio.to_thread(attach, data, to, folder, site.lobby.library)
            await site.lobby.refresh()
            return given.body()
        library, against = site.lobby.library, may_choose(site.lobby.model.info)
        choice = replace(CODE, why=f"{CODE.why}: {against}") if against else CODE
        if not against:
            async with site.drawing:
                long = await asyncio.to_thread(long_one, data, folder, library, again=again, called=called[:_CALLED])
            if long is not None:
                choice = await choose(site.lobby.model, long, person=person.id)
        async with site.drawing:
            make = partial(import_card, again=again, called=called[:_CALLED], choice=choice)
            done = await asyncio.to_thread(make, data, folder, library)
        version = await put_in_force(site.lobby.store, done, site.lobby.clock(), person.id)
    finally:
        end()
    await site.lobby.refresh()
    body = _came(person, done.id, done.name, done.card, done.folder)
    return {**body, "version": version, "report": done.report.body()}


def _came(person: Person, id: str, name: str, card: Card, folder: Path) -> dict[str, Any]:
    """Who came on a card, and what it says; operators are told the folder."""
    told = {key: value for key, value in told_card(card).items() if key not in ("kind", "digest", "notes")}
    body = {"id": id, "name": plain(name), "digest": card.digest, "version": "", "card": told}
    return body | _where(person, folder)


def _where(person: Person, folder: Path) -> dict[str, str]:
    return {"folder": str(folder)} if person.is_at_least("operator") else {}


@router.get("/{character}/import")
async def told_again(site: AskedSite, person: Maker, character: str) -> dict[str, Any]:
    """What was told when a character came in on its card, as `bring_in` told it: what was on the card, and what became
    of each part."""
    _must_be_known(site, character)
    library = site.lobby.library
    card, report = await asyncio.to_thread(import_of, library, character)
    one, folder = library.characters[character], library.folder(character) or Path()
    return {**_came(person, one.id, one.name, card, folder), "report": report}


@router.delete("/{character}")
async def take_away(site: AskedSite, person: Maker, character: str) -> dict[str, Any]:
    """A character of the author folder goes into the bin beside that folder, with the room that was made for it
    (``scenes``). Refused with 409, ``card_in_use`` and their titles (``rooms``) while people are with it in rooms, or
    other scenes name it. Operators are told the ``folder`` in which it lies now."""
    end = site.costly.begin(person.id)
    try:
        async with site.furnishing:
            lobby = site.lobby
            at = f"{moment(lobby.clock()):%Y%m%dT%H%M%S}"
            played = playing(lobby.running, character)
            gone = await asyncio.to_thread(remove, _author_folder(site), lobby.library, character, at, played)
            if lobby.library.kept_art is not None:
                await asyncio.to_thread(lobby.library.kept_art.forget, character)
            for scene in gone.scenes:
                await lobby.close_unplayed(scene)
            await lobby.refresh()
    finally:
        end()
    return _moved(person, gone)


@router.post("/{character}/restore")
async def put_back(site: AskedSite, person: Maker, character: str) -> dict[str, Any]:
    """Take a character out of the bin again, as it was removed last."""
    end = site.costly.begin(person.id)
    try:
        async with site.furnishing:
            back = await asyncio.to_thread(restore, _author_folder(site), character)
            await site.lobby.refresh()
    finally:
        end()
    return _moved(person, back)


def _moved(person: Person, moved: Removed) -> dict[str, Any]:
    return {"id": moved.character, "scenes": list(moved.scenes), **_where(person, moved.folder)}


@router.post("/{character}/room", status_code=201)
async def give_room(site: AskedSite, person: Maker, character: str) -> dict[str, Any]:
    """``room``: the id of the standing room that a character has to itself; where there is none, a scene is made for it
    in the author folder, which everybody then finds in the lobby."""
    _must_be_known(site, character)
    end = site.costly.begin(person.id)
    try:
        async with site.furnishing:  # who asks second for the same room finds the first one's
            room = await asyncio.to_thread(make_room, _author_folder(site), site.lobby.library, character)
            await site.lobby.refresh()
    finally:
        end()
    return {"room": room}


@router.put("/{character}/face", status_code=204, dependencies=[Depends(_maker)])
async def choose_face(site: AskedSite, character: str, face: Face) -> None:
    """Which square of the character's pictures small round frames show, in shares of the picture. Only of characters
    in the author folder."""
    _must_be_known(site, character)
    await asyncio.to_thread(set_face, _author_folder(site), site.lobby.library, character, face)


def _author_folder(site: Site) -> Path:
    """Where cards go. Raises `SettingsError` where the library does not read it."""
    folder, (characters, scenes) = site.settings.author_folder, site.lobby.library.folders
    if folder / "characters" not in characters or folder / "scenes" not in scenes:
        raise SettingsError("These rooms are another application's, and its library does not read the author folder.")
    return folder


def _must_be_known(site: Site, character: str) -> None:
    if character not in site.lobby.library.characters:
        raise RoomNotFound(f"There is no character {character[:60]!r}.")


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


@router.get("/{character}/draft")
async def drafted(site: AskedSite, person: Maker, character: str) -> dict[str, Any]:
    """What a character's prose says as facts, limits, voice, boundaries and secrets, each with the words it rests on:
    ``card`` and ``cases`` are YAML to read, copy and edit, ``found`` is how many items are in it. Nothing is written,
    and no model is asked."""
    _must_be_known(site, character)
    one = site.lobby.library.characters[character]
    end = site.costly.begin(person.id)
    try:
        made = await asyncio.to_thread(draft, one.name, {"persona": one.persona})
    finally:
        end()
    return {"card": made.card_yaml(), "cases": made.cases_yaml(), "found": len(made.items)}


async def _written(site: AskedSite, person: Person, character: str, format: Format, spec: str) -> Written:
    _must_be_known(site, character)
    end = site.costly.begin(person.id)
    try:
        released = await _in_force(site, character)
        return await asyncio.to_thread(export_card, site.lobby.library, character, format, _SPECS[spec], released)
    finally:
        end()


async def _in_force(site: Site, character: str) -> Released | None:
    """The version that rooms play, and its evidence; none: the author's own."""
    card = site.lobby.library.characters[character]
    harness = await site.lobby.harness_of(card)
    if harness.digest == card.harness().digest:
        return None
    governor = site.governor
    evidence = await governor.ask(lambda desk: desk.evidence(character, harness.digest)) if governor else ""
    return Released(harness, evidence)


async def _body(request: Request) -> bytes:
    """The file. Raises `MalformedMessage` (413), and `CardError` for none."""
    data = await bounded_body(request, MAX_TOTAL)
    if not data:
        raise CardError("a card's file as the body", came="nothing")
    return data
