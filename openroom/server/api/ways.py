"""REST: the ways that a room's story took. Its branches, its save points, and a fork of it into a room of one's own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from openroom.core.action import Id, Load, Name, Save, Seq, Unsave
from openroom.core.event import save_id
from openroom.errors import AccessError
from openroom.room.branch_list import branches_of
from openroom.room.slots import done
from openroom.server.api.shared import AskedSite, Known, room_for
from openroom.server.limits import address_of

router = APIRouter(prefix="/api/rooms", tags=["rooms"])


class NewSave(BaseModel):
    """A name for the moment that the story has come to."""

    model_config = ConfigDict(extra="forbid")

    name: Name


class NewFork(BaseModel):
    """A fork after event ``seq``; without a ``title`` it has the room's."""

    model_config = ConfigDict(extra="forbid")

    seq: Seq
    title: Name | Annotated[str, Field(max_length=0)] = ""


@router.get("/{room}/branches")
async def branches(site: AskedSite, person: Known, room: str, everything: bool = False) -> dict[str, Any]:
    """The branches of which one perceived a line, or that have a name, the newest first: ``branch`` (its first
    event), ``head`` (where to go to go on with it), ``after``, ``current``, ``name`` and who gave it (``by``), and its
    last line (``who``, ``text``, ``at``). With ``everything`` also those taken off the list (``off``)."""
    found = await room_for(site, room, person)
    return {"branches": [asdict(one) for one in await branches_of(found, person.id, everything=everything)]}


@router.get("/{room}/saves")
async def saves(site: AskedSite, person: Known, room: str) -> dict[str, Any]:
    """The room's save points, the newest first: ``id``, ``name``, ``by``, ``at`` and ``head``."""
    found = await room_for(site, room, person)
    known = found.state.shared.get("saves", {})
    bodies = [{"id": id, **one} for id, one in known.items()]
    return {"saves": sorted(bodies, key=lambda one: -one["at"])}


@router.post("/{room}/saves", status_code=201)
async def save(site: AskedSite, person: Known, room: str, wish: NewSave) -> dict[str, Any]:
    """Name the moment that the story has come to: its ``id``."""
    found = await room_for(site, room, person)
    receipt = await done(found, Save(name=wish.name), site.actor(found, person))
    return {"id": save_id(receipt.seqs[0]), "seq": found.seq}


@router.post("/{room}/saves/{id}/load")
async def load(site: AskedSite, person: Known, room: str, id: Id) -> dict[str, Any]:
    """Go on from a save point."""
    found = await room_for(site, room, person)
    receipt = await done(found, Load(id=id), site.actor(found, person))
    return {"seqs": list(receipt.seqs), "seq": found.seq}


@router.delete("/{room}/saves/{id}", status_code=204)
async def unsave(site: AskedSite, person: Known, room: str, id: Id) -> None:
    """Take a save point's name off; the story stays as it is."""
    found = await room_for(site, room, person)
    await done(found, Unsave(id=id), site.actor(found, person))


@router.post("/{room}/fork", status_code=201)
async def fork(site: AskedSite, person: Known, room: str, request: Request, wish: NewFork) -> dict[str, Any]:
    """A private room of one's own that begins as this one was after event ``seq``, one at a time: all of its story up
    to there for who runs the room, else what one perceived. Spectators can't."""
    found = await room_for(site, room, person)
    if person.role == "spectator":
        raise AccessError("Spectators watch; they start no rooms.")
    end = site.costly.begin(person.id)
    try:
        made = await site.fork_room(person, address_of(request.scope), found, wish.seq, wish.title)
    finally:
        end()
    return {"id": made.id, "scene": made.record.scene, "title": made.record.title, "open": False}
