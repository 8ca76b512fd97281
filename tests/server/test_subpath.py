"""A public URL with a path, behind proxies that take the path off and such that do not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from openroom import Lobby, create_app, mount
from openroom.client import connect
from openroom.errors import SettingsError
from openroom.server.subpath import Subpath, subpath
from tests.server.live import Live, serving, small_settings

PUBLIC = "https://example.org/tea"


class Proxy:
    """What stands in front: it takes ``/tea`` off (and says so) or leaves it, and knows no other address."""

    def __init__(self, app: ASGIApp, strips: bool) -> None:
        self._app, self._strips = app, strips

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            assert scope["path"].startswith("/tea/"), scope["path"]
            if self._strips:
                headers = [*scope["headers"], (b"x-forwarded-prefix", b"/tea")]
                scope = {**scope, "path": scope["path"][4:], "raw_path": scope["raw_path"][4:], "headers": headers}
        await self._app(scope, receive, send)


@asynccontextmanager
async def behind(folder: Path, strips: bool | None, **more: Any) -> AsyncIterator[Live]:
    """The server behind a proxy; ``None`` for past it."""
    app = create_app(small_settings(folder, public_url=PUBLIC, **more))
    async with serving(app if strips is None else Proxy(app, strips)) as port:  # type: ignore[arg-type]
        yield Live(app, port, "" if strips is None else "/tea")


WAYS = pytest.mark.parametrize("strips", [True, False, None], ids=["strips", "leaves", "past it"])


@WAYS
async def test_everything_is_under_the_path(tmp_path: Path, strips: bool | None) -> None:
    async with behind(tmp_path, strips) as server, server.client("operator") as http:
        for path in ("/healthz", "/api/rooms", "/static/openroom.js", "/art/props/lamp"):
            assert (await http.get(path)).status_code == 200, path
            assert (await http.head(path)).status_code == 200, path
        made = (await http.post("/api/tokens", json={"role": "player", "room": "hall"})).json()
        assert made["url"] == f"{PUBLIC}/invite/{made['token']}"
        page = await http.get(f"/invite/{made['token']}")
        assert f'action="/tea/invite/{made["token"]}"' in page.text
        went = await http.post(f"/invite/{made['token']}")
        assert (went.status_code, went.headers["location"]) == (303, "/tea/room/hall")
        assert "secure" in went.headers["set-cookie"].lower()
        assert (await http.get("/openapi.json")).json()["servers"] == [{"url": "/tea"}]
        async with connect(server.url, "hall", name="Ann") as ann:
            await ann.use("lamp", "light")
            assert ann.state["props"]["lamp"]["state"]["lit"] is True


@WAYS
async def test_the_guard_looks_at_what_comes_after_the_path(tmp_path: Path, strips: bool | None) -> None:
    async with behind(tmp_path, strips, allowed_hosts="friend.example") as server, server.client() as http:
        friend = {"Origin": "https://friend.example"}
        assert "access-control-allow-origin" in (await http.get("/api/rooms", headers=friend)).headers
        assert (await http.post("/api/session", headers={"Origin": "https://example.org"})).status_code == 200
        assert (await http.post("/api/session", headers={"Origin": "https://evil.example"})).status_code == 403
        assert (await http.get("/ws/rooms/hall", headers={"Origin": "https://evil.example"})).status_code == 403


async def test_rooms_in_an_application_that_stands_under_a_path(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, public_url=PUBLIC)
    app = FastAPI()
    mount(app, Lobby(scenes=settings.scenes, store="memory:"), settings=settings)
    for strips in (True, False):
        outer = Proxy(app, strips)
        root = {} if strips else {"root_path": "/tea"}
        async with serving(outer, **root) as port, httpx.AsyncClient(trust_env=False) as http:  # type: ignore[arg-type]
            url = f"http://127.0.0.1:{port}{'/tea' if strips else ''}"
            assert (await http.get(f"{url}/rooms/api/rooms")).status_code == 200
            assert (await http.get(f"{url}/rooms/openapi.json")).json()["servers"] == [{"url": "/tea/rooms"}]


@pytest.mark.parametrize(
    ("root", "path", "seen"),
    [
        ("", "/", ("/tea", "/tea/")),
        ("", "/tea", ("/tea", "/tea/")),
        ("", "/tea/", ("/tea", "/tea/")),
        ("", "/tea/room/tea", ("/tea", "/tea/room/tea")),
        ("", "/teapot", ("/tea", "/tea/teapot")),
        ("", "/room/tea", ("/tea", "/tea/room/tea")),
        ("/tea", "/tea/room/x", ("/tea", "/tea/room/x")),
        ("/rooms", "/rooms/api", ("/tea/rooms", "/tea/rooms/api")),
        ("/tea/rooms", "/tea/rooms/api", ("/tea/rooms", "/tea/rooms/api")),
    ],
)
async def test_the_path_stands_there_once(root: str, path: str, seen: tuple[str, str]) -> None:
    came: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        came.append(scope)

    headers = [(b"x-forwarded-prefix", b"/else"), (b"host", b"x")]
    scope = {"type": "http", "path": path, "headers": headers} | ({"root_path": root} if root else {})
    await Subpath(app, "/tea")(scope, None, None)  # type: ignore[arg-type]
    assert (came[0]["root_path"], came[0]["path"]) == seen
    assert came[0]["headers"] == [(b"host", b"x")]


@pytest.mark.parametrize("url", ["https://e.example/tea?x=1", "https://e.example/#tea", "https://e.example/a b", "tea"])
def test_what_is_no_place_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"public-url: expected an address that starts with http"):
        small_settings(tmp_path, public_url=url)


def test_a_path_that_could_be_one_of_ours_is_refused(tmp_path: Path) -> None:
    app = create_app(small_settings(tmp_path))
    ours = {path.split("/")[1] for path in app.openapi()["paths"]}
    for first in {*ours, "ws", "room", "_nicegui", "operator"}:
        with pytest.raises(SettingsError, match=re.escape(f"came one under /{first}")):
            subpath(small_settings(tmp_path, public_url=f"https://e.example/{first}/x"))
    for path in ("", "/", "/tea", "/my/rooms/"):
        assert subpath(small_settings(tmp_path, public_url=f"https://e.example{path}")) == path.rstrip("/")
