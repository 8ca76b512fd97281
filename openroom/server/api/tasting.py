"""REST: blind tastings, for operators: two versions answer the same line, unnamed, and a person picks the better."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from openroom.errors import AccessError, SettingsError
from openroom.server.api.shared import FOR_OPERATORS, AskedSite, Known
from openroom.tuning.audit.tastings import Pick
from openroom.tuning.live.tasting import Tables
from openroom.tuning.tasting.chosen import chosen_in_rooms
from openroom.tuning.tasting.kept import preferences

router = APIRouter(prefix="/api/tuning", tags=["tuning"], dependencies=[FOR_OPERATORS])


class WantedPick(BaseModel):
    """Which of the two answers of a pair is better; ``bad``: neither."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=0, le=2**31)
    pick: Pick


def _tables(site: AskedSite) -> Tables:
    if site.tables is None:
        raise SettingsError("These rooms are part of another application; tuning needs a server of its own.")
    return site.tables


Asked = Annotated[Tables, Depends(_tables)]
_PATH = "/rounds/{run}/{number}/{purpose}/tasting"


def _round(run: str, number: int, purpose: str) -> str:
    return f"{run}/{number}/{purpose}"


@router.get(_PATH)
async def tasting(tables: Asked, person: Known, run: str, number: int, purpose: str) -> dict[str, Any]:
    """How the tasting of a round's candidate stands: the pair to be judged now, what it waits for, or its result."""
    try:
        return await tables.look(_round(run, number, purpose), person.id)
    except AccessError as error:
        raise HTTPException(404, str(error)) from None


@router.post(_PATH)
async def begin(tables: Asked, person: Known, run: str, number: int, purpose: str) -> dict[str, Any]:
    """Begin the tasting, or go on with it where something was in its way."""
    name = _round(run, number, purpose)
    await tables.begin(name, person.id)
    return await tables.look(name, person.id)


@router.post(f"{_PATH}/pick")
async def pick(tables: Asked, person: Known, run: str, number: int, purpose: str, wish: WantedPick) -> dict[str, Any]:
    """Say which answer is better, or that both are bad; the next pair, or the result."""
    name = _round(run, number, purpose)
    await tables.pick(name, wish.number, wish.pick, person.id)
    return await tables.look(name, person.id)


@router.get("/characters/{character}/preferences")
async def tasted(site: AskedSite, character: str) -> dict[str, Any]:
    """What was chosen and what was left in the tastings of a character, and among its replies in open rooms, for
    training data: by the consent of all who stand there."""
    lobby = site.lobby
    found = await preferences(lobby.store, character)
    found += await chosen_in_rooms(lobby.library, lobby.store, lobby.model.info, character)
    return {"preferences": [asdict(one) for one in found]}
