"""REST: a person's consent that what they say aloud may help to make characters better."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from openroom.lobby.consent import gives_consent, set_consent
from openroom.server.api.shared import AskedSite, Known
from openroom.tuning.tasting.kept import forget_person

router = APIRouter(prefix="/api/people/me/consent", tags=["people"])


class Consent(BaseModel):
    """Whether what one says aloud in open rooms may help to make characters better."""

    model_config = ConfigDict(extra="forbid")

    given: bool


@router.get("")
async def consent(site: AskedSite, person: Known) -> dict[str, bool]:
    """Whether one has consented."""
    return {"given": await gives_consent(site.lobby.store, person.id)}


@router.put("")
async def say_consent(site: AskedSite, person: Known, wish: Consent) -> dict[str, bool]:
    """Consent, or take it back: then what was kept of one's words for tastings and training goes."""
    await set_consent(site.lobby.store, person.id, wish.given)
    if not wish.given:
        await forget_person(site.lobby.store, person.id)
    return {"given": wish.given}
