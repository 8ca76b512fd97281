"""REST: the server itself. What rooms can be made of, who speaks, settings, what was spent, health and metrics."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict

from openroom.errors import SettingsError
from openroom.lobby.card_warnings import for_authors
from openroom.ports.ledger import day_start
from openroom.server.api.shared import FOR_OPERATORS, AskedSite, Asker
from openroom.server.api.texts import cast_of, scene_words, words_of
from openroom.server.site import Site
from openroom.server.speaker import Speaker

router = APIRouter(tags=["server"])


class WantedModel(BaseModel):
    """Who shall speak: ``model`` as in OPENROOM_MODEL, the endpoint's ``url`` and ``key``, and ``level`` as in
    OPENROOM_MODEL_LEVEL. Absent: left as it is."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = None
    url: str | None = None
    key: str | None = None
    level: str | None = None


@router.get("/api/characters")
async def characters(site: AskedSite, person: Asker) -> dict[str, Any]:
    """The characters' public cards; creators and operators also get what is wrong with the files, and what
    works all the same (``warnings``)."""
    library = site.lobby.library
    return {"characters": [c.public() for c in library.characters.values()], **await _problems(site, person)}


@router.get("/api/scenes")
async def scenes(site: AskedSite, person: Asker, language: str = "") -> dict[str, Any]:
    """The scenes that rooms can be made from, told in ``language`` where there is a translation; creators and operators
    also get what is wrong with the files, and what works all the same (``warnings``).
    """
    library = site.lobby.library
    cards = [
        {
            "id": scene.id,
            "title": words_of(scene, language, scene.title),
            "line": words_of(scene, language, scene.line),
            "description": words_of(scene, language, scene.description),
            "backdrop": scene.backdrop or scene.id,
            "language": scene.language,
            "time": scene.time,
            "weather": scene.weather,
            "max_players": scene.max_players,
            "characters": cast_of(library, scene),
        }
        for scene in library.scenes.values()
    ]
    return {"scenes": cards, **await _problems(site, person)}


@router.get("/api/scenes/{scene}/words")
async def words(site: AskedSite, scene: str, language: str) -> dict[str, Any]:
    """The texts of a scene, its props and characters in ``language``; what is missing is told as written."""
    return scene_words(site.lobby.library, scene, language)


async def _problems(site: Site, person: Asker) -> dict[str, Any]:
    if person is None or not person.is_at_least("creator"):
        return {}
    found = await asyncio.to_thread(for_authors, site.lobby.library)
    return {
        "problems": [problem.parts() for problem in found if not problem.warning],
        "warnings": [problem.parts() for problem in found if problem.warning],
    }


@router.get("/api/model")
async def model(site: AskedSite, person: Asker) -> dict[str, Any]:
    """Who speaks, how the local model is, and whether lines can be had spoken (``speech``); operators also get the last
    call that failed, in the endpoint's words, and the level of each model and where it is from."""
    if site.speaker is None or person is None or not person.is_at_least("operator"):
        return _model_body(site)
    told = {"failure": site.speaker.failure, "levels": site.speaker.levels.told}
    return {**_model_body(site), **{key: value for key, value in told.items() if value}}


@router.put("/api/model", dependencies=[FOR_OPERATORS])
async def set_model(site: AskedSite, wish: WantedModel) -> dict[str, Any]:
    """Choose who speaks; live at the next turn."""
    names = {"model": "model", "url": "model_url", "key": "model_key", "level": "model_level"}
    await _speaker(site).change({names[key]: value for key, value in wish.model_dump(exclude_unset=True).items()})
    return _model_body(site)


def _model_body(site: Site) -> dict[str, Any]:
    return {**site.lobby.chip(), "why": site.speaker.why if site.speaker else "", "speech": site.speech is not None}


def _speaker(site: Site) -> Speaker:
    if site.speaker is None:
        raise SettingsError("These rooms are part of another application, which chooses the model and the settings.")
    return site.speaker


@router.get("/api/settings", dependencies=[FOR_OPERATORS])
async def settings(site: AskedSite) -> dict[str, Any]:
    """What an operator can change while the server runs; of the key only whether there is one."""
    return {"settings": _speaker(site).settings.shown()}


@router.put("/api/settings", dependencies=[FOR_OPERATORS])
async def change_settings(site: AskedSite, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Change some; ``null`` takes a change back, an empty text sets nothing. A changed model URL drops its key."""
    await _speaker(site).change(body)
    return {"settings": _speaker(site).settings.shown()}


@router.get("/api/ledger", dependencies=[FOR_OPERATORS])
async def ledger(site: AskedSite, room: str | None = None) -> dict[str, Any]:
    """What model calls took today (UTC) and in all, over all rooms or in one, and the budgets in force."""
    store = site.lobby.store
    today = await store.spent(room, day_start(time.time_ns() // 1_000_000))
    whole = await store.spent(room, 0)
    budget = asdict(site.speaker.purse.budget) if site.speaker else {}
    return {
        "today": {**asdict(today), "tokens": today.tokens},
        "all": {**asdict(whole), "tokens": whole.tokens},
        "budget": {key: value for key, value in budget.items() if value is not None},
    }


@router.get("/healthz")
async def health(site: AskedSite) -> dict[str, Any]:
    """Whether the server works: it answers, and its store can be read."""
    await site.lobby.store.get("health")
    return {"ok": True, "rooms": len(site.lobby.running), "connections": site.connections()}


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(site: AskedSite) -> str:
    """Counts for a monitoring system, in the Prometheus text format. Holds no names and no words."""
    lines = [
        f"openroom_rooms {len(site.lobby.running)}",
        f"openroom_connections {site.connections()}",
        f"openroom_events {sum(room.seq for room in site.lobby.running.values())}",
    ]
    lines += [f"openroom_{name}_total {count}" for name, count in sorted(site.counts.items())]
    return "\n".join(lines) + "\n"


@router.api_route("/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
async def unknown(request: Request) -> None:
    """An unknown path under /api is a JSON 404, whatever is mounted behind it."""
    raise HTTPException(404, f"There is nothing at {request.url.path[:200]}.")
