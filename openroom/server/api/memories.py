"""REST: what characters remember about oneself, to see, correct and forget; never what they remember of others, nor
what others said when one was not there to hear it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from openroom.core.actor import character_id, is_character
from openroom.core.persona import persona_in, wearer
from openroom.errors import AccessError
from openroom.ports.memory_rows import Remembered
from openroom.server.access import Person
from openroom.server.api.shared import AskedSite, Known
from openroom.server.site import Site

router = APIRouter(prefix="/api/people/me/memories", tags=["people"])


class BetterText(BaseModel):
    """What shall be remembered instead."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=400)


CharacterName = Annotated[str, Query(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]


@router.get("")
async def memories(site: AskedSite, person: Known, character: CharacterName) -> dict[str, Any]:
    """What ``character`` (an id such as ``mira``) remembers about oneself now, newest first."""
    return {"memories": [_body(memory) for memory in await _mine(site, person, character)]}


@router.patch("/{id}")
async def correct(
    site: AskedSite, person: Known, id: str, character: CharacterName, wish: BetterText
) -> dict[str, Any]:
    """Put a better text in its place."""
    memory = await _must_be_mine(site, person, character, id)
    if any(wearer(speaker) != person.id and not is_character(speaker) for speaker in memory.speakers):
        raise AccessError("This holds words of somebody else: it can be forgotten, not changed.")
    changed = await site.lobby.memory.correct(id, wish.text)
    if changed is None:
        raise AccessError("There is no such memory about you.")
    return _body(changed)


@router.delete("/{id}", status_code=204)
async def forget(site: AskedSite, person: Known, id: str, character: CharacterName) -> None:
    """Let it be forgotten; the same is not remembered again."""
    await _must_be_mine(site, person, character, id)
    await site.lobby.memory.forget(id)


async def _mine(site: Site, person: Person, character: str) -> list[Remembered]:
    found = await site.lobby.memory.about(character_id(character), person.id)
    cited = {source.room for one in found for source in one.sources}
    for room in [site.lobby.running[one] for one in cited if one in site.lobby.running]:
        await room.settled()  # what cites erased words goes with them
    found = await site.lobby.memory.about(character_id(character), person.id)
    return [one for one in found if one.valid_to is None and one.was_perceived_by(person.id)]


async def _must_be_mine(site: Site, person: Person, character: str, id: str) -> Remembered:
    found = next((memory for memory in await _mine(site, person, character) if memory.id == id), None)
    if found is None:
        raise AccessError("There is no such memory about you.")
    return found


def _body(memory: Remembered) -> dict[str, Any]:
    persona = {"persona": shown} if (shown := persona_in(memory.subject)) else {}
    return {"id": memory.id, "kind": memory.kind, "text": memory.text, "at": memory.created, **persona}
