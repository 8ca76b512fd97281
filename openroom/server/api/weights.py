"""REST: the local models there are to choose from, and fetching one, for operators only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from openroom.errors import SettingsError
from openroom.server.api.shared import FOR_OPERATORS, AskedSite
from openroom.server.installer import Installer
from openroom.server.site import Site

router = APIRouter(tags=["server"], dependencies=[FOR_OPERATORS])


class WantedWeights(BaseModel):
    """``name`` as `openroom model list` has it, or ``hub:OWNER/REPOSITORY/FILE.gguf``."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=400)


@router.get("/api/model/weights")
async def weights(site: AskedSite) -> dict[str, Any]:
    """Local models that are here or known, what fits this machine, and how far the one is that was asked for last."""
    return await _installer(site).shown()


@router.post("/api/model/weights", status_code=202)
async def install(site: AskedSite, wish: WantedWeights) -> dict[str, Any]:
    """Fetch a model's weights and let it speak once they are here; ask again with GET how far it is."""
    _installer(site).begin(wish.name.strip())
    return await _installer(site).shown()


@router.delete("/api/model/weights")
async def stop(site: AskedSite) -> dict[str, Any]:
    """Give up what is being fetched; what has arrived is kept for the next time."""
    await _installer(site).stop()
    return await _installer(site).shown()


def _installer(site: Site) -> Installer:
    if site.installer is None:
        raise SettingsError("These rooms are part of another application, which chooses the model and the settings.")
    return site.installer
