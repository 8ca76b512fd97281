"""REST: rooms. What a socket does can be done here too, one request at a time; for games and for commands."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openroom.cards.notes import plain
from openroom.core.action import ACTION, Enter, Name, Say
from openroom.core.view import WholeStory, as_seen, visits_of
from openroom.errors import AccessError
from openroom.lobby.card_lore import room_book
from openroom.lobby.room_card import RoomCard
from openroom.protocol.messages import CauseId, MalformedMessage, explain, read_json
from openroom.room.answers import accepted
from openroom.room.clock import system_clock
from openroom.room.portable import exported, import_room, read_file
from openroom.room.room import Room
from openroom.server.access import Person
from openroom.server.api.shared import FOR_OPERATORS, AskedSite, Asker, Known, room_for
from openroom.server.api.texts import cast_of, words_of
from openroom.server.limits import Streamed, address_of
from openroom.server.site import Entering, Site

router = APIRouter(prefix="/api/rooms", tags=["rooms"])


class NewRoom(BaseModel):
    """A room to be made from a scene; one that is not ``open`` is private to its owner and whom they invite."""

    model_config = ConfigDict(extra="forbid")

    scene: str = Field(min_length=1, max_length=80)
    title: Name | Annotated[str, Field(max_length=0)] = ""
    open: bool = True


class WantedAction(BaseModel):
    """An action; ``id`` makes sending it again harmless."""

    model_config = ConfigDict(extra="forbid")

    action: dict[str, Any]
    id: CauseId | None = None


class NewInvite(BaseModel):
    """An invite into a room; ``uses`` 0 is any number."""

    model_config = ConfigDict(extra="forbid")

    uses: int = Field(default=0, ge=0, le=1000)
    hours: float | None = Field(default=None, gt=0, le=24 * 366)


@router.get("")
async def list_rooms(site: AskedSite, person: Asker, language: str = "") -> dict[str, Any]:
    """Open rooms and one's own private ones, standing rooms first; the scenes' own words are told in ``language`` where
    there is a translation.
    """
    cards = await site.lobby.rooms(person.actor() if person else None)
    return {"rooms": [_card_body(site, card, person, language) for card in cards]}


@router.post("", status_code=201)
async def create_room(site: AskedSite, person: Known, request: Request, wish: NewRoom) -> dict[str, Any]:
    """Start a room of one's own. Spectators can't."""
    if person.role == "spectator":
        raise AccessError("Spectators watch; they start no rooms.")
    room = await site.start_room(person, address_of(request.scope), wish.scene, wish.title, wish.open)
    return {"id": room.id, "scene": wish.scene, "title": room.record.title, "open": wish.open}


@router.post("/import", status_code=201, dependencies=[FOR_OPERATORS])
async def import_(site: AskedSite, request: Request) -> dict[str, Any]:
    """Bring in a full export. It keeps its id where that is free."""
    record = await import_room(site.lobby.store, read_file(await request.body()), system_clock())
    return {"id": record.id, "scene": record.scene, "title": record.title, "open": record.open}


@router.get("/{room}")
async def get_room(site: AskedSite, person: Known, room: str) -> dict[str, Any]:
    """The room as one perceives it: the body of the ``snapshot`` message."""
    return await (await room_for(site, room, person)).snapshot(person.id)


@router.get("/{room}/door")
async def get_door(site: AskedSite, room: str) -> dict[str, bool]:
    """``there``: whether there is a room at this address. Who may come in is said when one joins."""
    return {"there": await site.lobby.has(room)}


@router.get("/{room}/card")
async def get_card(site: AskedSite, person: Asker, room: str, language: str = "") -> dict[str, Any]:
    """``there``: whether there is a room at this address; of one that `list_rooms` would list its card too, with the
    ``cast`` (id and name of each character), and ``gone`` where its scene is not in the library, nor a broken file of
    it.
    """
    card = await site.lobby.card(room, person.actor() if person else None)
    if card is None:
        return {"there": await site.lobby.has(room)}
    library = site.lobby.library
    cast = cast_of(library, library.scenes.get(card.scene))
    gone = {"gone": True} if not card.backdrop and not library.is_broken(card.scene) else {}
    return {"there": True, **_card_body(site, card, person, language), "cast": cast, **gone}


@router.post("/{room}/actions")
async def act(site: AskedSite, person: Known, room: str, request: Request) -> dict[str, Any]:
    """Ask for an action; 409 with reason and message when it is refused. Enter first, as on the socket."""
    wish = await _wanted(site, request)
    site.saw(person, request.scope)
    action = _checked(wish.action)
    found = await room_for(site, room, person)
    if isinstance(action, Enter):
        entering = Entering(action.name, action.watch, action.language, action.look, action.persona)
        answer = await site.enter(found, person, entering, cause=wish.id)
    else:
        actor = await site.cast(site.actor(found, person), action.persona if isinstance(action, Say) else None)
        answer = await found.submit(actor, action, cause=wish.id)
    done = accepted(answer)
    site.touch(found, person)
    return {"seqs": list(done.seqs), "seq": found.seq}


@router.get("/{room}/events")
async def events(
    site: AskedSite, person: Known, room: str, after: Annotated[int, Query(ge=0, le=2**53 - 1)] = 0, limit: int = 500
) -> Response:
    """Events after a seq as one perceives them, those one does not as a bare seq with its patch; for programs that
    poll.
    """
    found = await room_for(site, room, person)
    await found.settled()
    rows = await site.lobby.store.events(found.id, after=after, limit=min(max(limit, 1), 2000))
    head, visits = {"epoch": found.epoch, "seq": found.seq}, visits_of(found.state)

    def written() -> bytes:
        return orjson.dumps({**head, "events": [as_seen(person.id, event, visits) for event in rows]})

    return Response(await asyncio.to_thread(written), media_type="application/json")


@router.delete("/{room}", status_code=204)
async def delete_room(site: AskedSite, person: Known, room: str) -> None:
    """Delete a room with its log. Its owner or an operator may."""
    found = await room_for(site, room, person)
    _must_run(site, found, person)
    await site.lobby.delete(found.id)


@router.get("/{room}/export")
async def export(site: AskedSite, person: Known, room: str, full: bool = False) -> Streamed:
    """The room's log as one perceived it, one at a time for a person. ``full``: all of it, whispers too, for an
    operator who moves a room.
    """
    found = await room_for(site, room, person)
    if full and person.role != "operator":
        raise AccessError("This needs the role operator.")
    await found.settled()
    pieces = exported(site.lobby.store, found.record, found.seq, None if full else WholeStory(person.id))
    return Streamed(pieces, site.costly.begin(person.id))


@router.get("/{room}/lore")
async def lore(site: AskedSite, person: Known, room: str) -> dict[str, Any]:
    """The room's own lorebook, as a lore.yaml says it; ``null`` where it has none. Its owner or an operator may."""
    found = await room_for(site, room, person)
    _must_run(site, found, person)
    return {"lore": _lore_body(found)}


@router.put("/{room}/lore")
async def put_lore(site: AskedSite, person: Known, room: str, request: Request) -> dict[str, Any]:
    """Give the room a lorebook of its own, from the next turn on: the body is a lore.yaml, the same as JSON, a card's
    book, a ``lorebook_v3`` or world info. Its owner or an operator may, one at a time. It is written to the log, which
    pins what the room runs with; the one that is there already is not written again."""
    found = await room_for(site, room, person)
    _must_run(site, found, person)
    end = site.costly.begin(person.id)
    try:
        book, notes = await asyncio.to_thread(room_book, await request.body())
        if book != found.world.lore:
            await _define_lore(found, book.model_dump(mode="json"))
    finally:
        end()
    return {"lore": _lore_body(found), "notes": [plain(note) for note in notes]}


@router.delete("/{room}/lore", status_code=204)
async def drop_lore(site: AskedSite, person: Known, room: str) -> None:
    """Take the room's own lorebook away. Its owner or an operator may."""
    found = await room_for(site, room, person)
    _must_run(site, found, person)
    if found.world.lore is not None:
        await _define_lore(found, {})


def _lore_body(room: Room) -> dict[str, Any] | None:
    book = room.world.lore
    return None if book is None else book.model_dump(mode="json")


async def _define_lore(room: Room, definition: dict[str, Any]) -> None:
    accepted(await room.define("lore", "room", definition))


@router.post("/{room}/invites", status_code=201)
async def invite(
    site: AskedSite, person: Known, room: str, request: Request, wish: Annotated[NewInvite, Body()]
) -> dict[str, Any]:
    """A link that lets others into this room. Its owner or an operator may."""
    found = await room_for(site, room, person)
    _must_run(site, found, person)
    seconds = None if wish.hours is None else int(wish.hours * 3600)
    note = f"invite by {person.id}"
    record = await site.access.hand_out(
        "player", room=found.id, note=note, uses=wish.uses, seconds=seconds, giver=person.id
    )
    token = site.access.grant(record)
    return {"id": record.id, "token": token, "url": f"{site.address(request)}/invite/{token}"}


@router.get("/{room}/invites")
async def invites(site: AskedSite, person: Known, room: str) -> dict[str, Any]:
    """The invites into this room that were not taken back, newest first, without the links; ``used`` counts who came.
    Its owner or an operator may."""
    found = await room_for(site, room, person)
    _must_run(site, found, person)
    records = [one for one in site.access.records() if one.room == found.id and one.revoked is None]
    records.sort(key=lambda one: -one.created)
    fields = ("id", "created", "expires", "uses", "used")
    return {"invites": [{name: getattr(one, name) for name in fields} for one in records]}


@router.delete("/{room}/invites/{id}", status_code=204)
async def take_invite_back(site: AskedSite, person: Known, room: str, id: str, guests: bool = False) -> None:
    """Take an invite into this room back: nobody else comes in by it; with ``guests`` those who did lose the room too.
    Its owner or an operator may."""
    found = await room_for(site, room, person)
    _must_run(site, found, person)
    mine = any(record.id == id and record.room == found.id for record in site.access.records())
    if not mine or not await site.take_back(id, guests=guests):
        raise AccessError(f"There is no invite {id[:40]!r} into this room, or it was taken back already.")


def _card_body(site: Site, card: RoomCard, person: Person | None, language: str) -> dict[str, Any]:
    scene = site.lobby.library.scenes.get(card.scene)
    told = {"title": words_of(scene, language, card.title), "line": words_of(scene, language, card.line)}
    return {**asdict(card), **told, "mine": person is not None and card.owner == person.id}


def _must_run(site: Site, room: Room, person: Person) -> None:
    if not site.actor(room, person).may_run_room:
        raise AccessError("Only the room's owner or an operator may do that.")


async def _wanted(site: Site, request: Request) -> WantedAction:
    try:
        return WantedAction.model_validate(read_json(await request.body(), site.settings.max_message_bytes))
    except ValidationError as error:
        raise MalformedMessage("malformed", explain(error)) from None


def _checked(body: dict[str, Any]) -> Any:
    try:
        return ACTION.validate_python(body)
    except ValidationError as error:
        raise MalformedMessage("malformed", f"action: {explain(error)}") from None
