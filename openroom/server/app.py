"""The server as an ASGI application: `create_app` makes one of its own, `mount` puts rooms into somebody else's.

No NiceGUI is imported here: the pages are installed by name, last, and only where they are wanted.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from starlette.routing import WebSocketRoute

from openroom.cast.director import DirectorSettings
from openroom.errors import SettingsError
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.discovery import ModelSettings
from openroom.ports.extras import optional
from openroom.ports.ledger import Price
from openroom.room.clock import system_clock
from openroom.room.room import RoomSettings
from openroom.server import assets
from openroom.server.access import Access, load_secret
from openroom.server.api import (
    cards,
    consent,
    memories,
    model,
    people,
    personas,
    prompts,
    replies,
    rooms,
    search,
    server,
    speech,
    suggestions,
    talk,
    tasting,
    tuning,
    ways,
    weights,
    writings,
)
from openroom.server.api.shared import answer_errors
from openroom.server.guard import Guard, Hosts
from openroom.server.identity import Identify
from openroom.server.installer import Installer
from openroom.server.limits import Addresses, Rates
from openroom.server.openapi import Api
from openroom.server.operator_settings import FILE, OperatorSettings
from openroom.server.site import Site
from openroom.server.socket.socket import RoomSocket
from openroom.server.speaker import Speaker
from openroom.server.subpath import Subpath, subpath
from openroom.settings import Settings
from openroom.tuning.live.governor import Governor
from openroom.tuning.live.runner import Tuner
from openroom.tuning.live.tasting import Tables

_GUI = "openroom.gui.pages"
_OF_EVERY_KIND = 4
"""Connections of every kind that an address may hold, for each into a room: a page has a socket of its own, and a
browser asks over six at a time."""
_Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


def create_app(settings: Settings, *, gui: bool = False) -> FastAPI:
    """A whole server. With ``gui`` its pages too (once in a process, which is NiceGUI's limit).

    Starting it (its lifespan) opens the store, chooses the model and watches the files of characters and scenes;
    ``app.state.site`` is then the `Site`. Raises `SettingsError`.
    """
    with suppress(OSError):  # a folder that cannot be made is told of by whoever wants to write there
        for shelf in ("characters", "scenes"):
            (settings.author_folder / shelf).mkdir(parents=True, exist_ok=True)
    lobby = Lobby(
        characters=settings.character_folders,
        scenes=settings.scene_folders,
        store=settings.store_url,
        settings=lobby_settings(settings),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with running(app):
                yield
        except Exception as failure:  # whatever it is, `serve` says it in a sentence; it goes on from here
            app.state.failure = failure
            raise

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        operator = OperatorSettings(settings, settings.data.expanduser() / FILE)
        async with lobby:
            app.state.site = site = await _site(settings, lobby)
            site.speaker = Speaker(lobby, operator, settings.data.expanduser(), system_clock)
            site.speaker.purse.party_of = site.parties.of
            site.installer = Installer(site.speaker, settings.data.expanduser())
            site.governor = Governor(_tuner(settings, lobby, operator), counts_as=site.access.counts_as)
            site.tables = Tables(site.governor)
            try:
                await site.speaker.start()
                await site.governor.start()
                yield
            finally:
                await site.installer.close()
                await site.tables.close()
                await site.governor.close()
                await site.speaker.close()
                site.close()
                del app.state.site

    app = _bare_app(settings, lifespan, Hosts.of(settings))
    _install(app)
    if gui:
        _install_gui(app, settings.public_path)
    return app


def mount(
    app: FastAPI,
    lobby: Lobby,
    prefix: str = "/rooms",
    *,
    gui: bool = False,
    settings: Settings | None = None,
    identify: Identify | None = None,
) -> None:
    """Put rooms into another application, under ``prefix``: REST, WebSocket and, with ``gui``, the pages.

    Its own routes are not touched. The lobby is started and closed with the application. ``settings`` give hosts,
    limits (also those on rooms and players that the lobby leaves open) and the secret that sessions are signed with
    (default: as `Settings.load` finds them). ``identify`` says who asks, as your application knows its users (a `User`;
    one whose role is operator runs all rooms); whom it does not know is somebody by our own cookie. Raises ValueError
    for a prefix that is not a path.
    """
    prefix = prefix.rstrip("/")
    if not prefix.startswith("/"):
        raise ValueError(f"expected a prefix such as /rooms, came {prefix!r}")
    settings = settings or Settings.load()
    lobby.settings = lobby.settings.bounded(settings.max_rooms, settings.max_players_per_room)
    inner = _bare_app(settings, None, Hosts.of(settings))
    _install(inner)
    if gui:
        _install_gui(inner, settings.public_path + prefix)
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(starting: Any) -> AsyncIterator[Any]:
        async with lobby:
            inner.state.site = site = await _site(settings, lobby, prefix, identify)
            try:
                async with inner.router.lifespan_context(inner), outer(starting) as state:
                    yield state
            finally:
                site.close()
                del inner.state.site

    app.router.lifespan_context = lifespan
    app.mount(prefix, inner)


def lobby_settings(settings: Settings) -> LobbySettings:
    """The lobby's part of the settings."""
    director = DirectorSettings(
        autoplay=settings.autoplay,
        autoplay_turns=settings.autoplay_turns,
        autoplay_ms=round(settings.autoplay_seconds * 1000),
        patience_ms=round(settings.patience_seconds * 1000),
    )
    return LobbySettings(
        idle_ms=round(settings.room_idle_seconds * 1000),
        max_rooms=settings.max_rooms,
        data=settings.data.expanduser(),
        room=RoomSettings(grace_ms=round(settings.grace_seconds * 1000), max_players=settings.max_players_per_room),
        director=director,
    )


def _tuner(settings: Settings, lobby: Lobby, operator: OperatorSettings) -> Tuner:
    def price() -> Price | None:
        return ModelSettings.of(operator.in_force).price

    return Tuner(lobby, settings.data.expanduser(), price=price, key=load_secret(settings))


async def _site(settings: Settings, lobby: Lobby, prefix: str = "", identify: Identify | None = None) -> Site:
    access = Access(lobby.store, load_secret(settings), system_clock)
    await access.load()
    return Site(settings, lobby, access, settings.public_path + prefix, identify)


def _bare_app(settings: Settings, lifespan: _Lifespan | None, hosts: Hosts) -> FastAPI:
    """An application without pages that load from elsewhere: the schema is at /openapi.json, and nothing renders it."""
    app = Api(title="openroom", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.connections = Addresses(_OF_EVERY_KIND * settings.connections_per_address)
    rates = Rates(settings.rate_per_second, settings.rate_burst)
    app.add_middleware(Guard, hosts=hosts, rates=rates, connections=app.state.connections)
    if path := subpath(settings):
        app.add_middleware(Subpath, path=path)
    app.state.settings = settings
    answer_errors(app)
    return app


def _install(app: FastAPI) -> None:
    app.router.routes.append(WebSocketRoute("/ws/rooms/{room}", RoomSocket()))
    asked = (
        rooms,
        search,
        talk,
        ways,
        cards,
        replies,
        writings,
        suggestions,
        memories,
        prompts,
        people,
        personas,
        consent,
        model,
        weights,
        tuning,
        tasting,
        speech,
    )
    for part in (*asked, server, assets):
        app.include_router(part.router)


def _install_gui(app: FastAPI, prefix: str = "") -> None:
    """The pages, last: they answer everything that is left. Raises `SettingsError` where the extra `web` is missing or
    cannot be loaded."""
    nicegui, reason = optional("nicegui")
    if nicegui is None:
        raise SettingsError(
            f"The pages need NiceGUI, which {reason}: pip install 'openroom[web]'. Without pages: --no-gui."
        )
    importlib.import_module(_GUI).install(app, prefix)
