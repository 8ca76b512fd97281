"""REST: a person's own characters, whom they may be in a room."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from openroom.core.persona import Persona, mask
from openroom.lobby.wardrobe import PersonaWish
from openroom.server.api.shared import AskedSite, Known

router = APIRouter(prefix="/api/people/me/personas", tags=["people"])


@router.get("")
async def personas(site: AskedSite, person: Known) -> dict[str, Any]:
    """One's personas, the oldest first."""
    return {"personas": [_body(one) for one in (await site.wardrobes.of(person.id)).personas]}


@router.post("", status_code=201)
async def new_persona(site: AskedSite, person: Known, wish: PersonaWish) -> dict[str, Any]:
    """Make one."""
    return _body(await (await site.wardrobes.of(person.id)).add(wish))


@router.put("/{id}")
async def change_persona(site: AskedSite, person: Known, id: str, wish: PersonaWish) -> dict[str, Any]:
    """Make it another. Who is in a room as it stays there as they came in."""
    return _body(await (await site.wardrobes.of(person.id)).change(id, wish))


@router.delete("/{id}", status_code=204)
async def delete_persona(site: AskedSite, person: Known, id: str, forget: bool = False) -> None:
    """Delete it; with ``forget`` characters forget whom they met as it, and what it told them."""
    await (await site.wardrobes.of(person.id)).remove(id)
    if forget:
        await site.lobby.memory.forget_person(mask(person.id, id))


def _body(persona: Persona) -> dict[str, Any]:
    return persona.model_dump(mode="json", exclude_none=True)
