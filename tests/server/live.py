"""A real server in the test's own event loop: uvicorn on a free loopback port, a small scene, the understudy."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from openroom.server.access import Person
from openroom.server.app import create_app
from openroom.server.site import Site
from openroom.settings import Settings, shipped
from tests.waiting import PATIENCE

HALL = """\
format: 1
id: hall
title: The hall
line: A bare hall with a lamp.
description: A bare hall. Nobody lives here.
props:
  - {id: lamp, kind: lamp}
"""


class _Quiet(uvicorn.Server):
    """Takes no signals: they are the test runner's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Live:
    """A running server. `fast` chooses the sending path; `person` makes tokens of any role."""

    def __init__(self, app: FastAPI, port: int, prefix: str = "") -> None:
        self.app, self.port = app, port
        self.url = f"http://127.0.0.1:{port}{prefix}"
        self.ws = f"ws://127.0.0.1:{port}{prefix}"

    @property
    def site(self) -> Site:
        return self.app.state.site

    def token(self, role: Any = "player", id: str = "player:t1", **more: Any) -> str:
        """A signed session."""
        return self.site.access.session(Person(id, role, **more))

    def client(self, role: Any = None, id: str = "player:t1") -> httpx.AsyncClient:
        """An HTTP client, as somebody of that role (none: nobody)."""
        headers = {"Authorization": f"Bearer {self.token(role, id)}"} if role else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False, verify=False, timeout=PATIENCE)


def small_settings(folder: Path, **more: Any) -> Settings:
    """Settings with the hall as a scene, everything under ``folder``."""
    scene = folder / "scenes" / "hall" / "scene.yaml"
    scene.parent.mkdir(parents=True, exist_ok=True)
    scene.write_text(HALL, encoding="utf-8")
    (folder / "characters").mkdir(exist_ok=True)
    given: dict[str, Any] = {
        "data": folder / "data",
        "characters": (folder / "characters", shipped("characters")),
        "scenes": (folder / "scenes", shipped("scenes")),
        "model": "understudy",
        "discover": False,
        "port": 0,
    }
    return Settings.load(**given | more)


@contextlib.asynccontextmanager
async def serving(app: FastAPI, port: int = 0, **config: Any) -> AsyncIterator[int]:
    """Run an application on that port (0: a free one); the port."""
    listening = socket.create_server(("127.0.0.1", port))
    listening.setblocking(False)
    given: dict[str, Any] = {
        "ws": "websockets-sansio",
        "ws_per_message_deflate": False,
        "ws_max_size": 4 * 1_048_576,
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "timeout_graceful_shutdown": 3,
        "ws_ping_interval": None,  # a loop that server and test share may be held up for longer than a ping waits
    }
    server = _Quiet(uvicorn.Config(app, **given | config))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not task.done():
        await asyncio.sleep(0.005)
    if task.done():
        task.result()
    try:
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def live(
    folder: Path, *, uvicorn_config: dict[str, Any] | None = None, bind: int = 0, **more: Any
) -> AsyncIterator[Live]:
    """A server with the small settings and ``more``, on the port ``bind`` (0: a free one)."""
    app = create_app(small_settings(folder, **more))
    async with serving(app, bind, **uvicorn_config or {}) as port:
        yield Live(app, port)
