"""Rooms in somebody else's application, as its own tests drive it: Starlette's TestClient, without a server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from openroom import Lobby, mount
from tests.server.live import small_settings

ROOM = "/rooms/ws/rooms/hall"


@pytest.fixture
def game(tmp_path: Path) -> FastAPI:
    """An application of a module, as it is used by many tests."""
    app = FastAPI()
    settings = small_settings(tmp_path, allowed_hosts="testserver")
    mount(app, Lobby(scenes=settings.scenes, store="memory:"), settings=settings)
    return app


def _play(http: TestClient) -> None:
    assert "hall" in {room["id"] for room in http.get("/rooms/api/rooms").json()["rooms"]}
    with http.websocket_connect(ROOM, subprotocols=["openroom.v1"]) as me:
        me.send_json({"type": "join", "name": "Ann"})
        assert [me.receive_json()["type"] for _ in range(2)] == ["hello", "snapshot"]
        me.send_json({"type": "act", "id": "c-1", "action": {"do": "say", "text": "Hello"}})
        assert [me.receive_json()["type"] for _ in range(2)] == ["event", "done"]


def test_one_application_is_tested_as_often_as_one_likes(game: FastAPI) -> None:
    for _ in range(3):
        with TestClient(game) as http:
            _play(http)


def test_a_socket_of_a_test_hears_why_it_was_closed(game: FastAPI) -> None:
    with TestClient(game) as http, http.websocket_connect("/rooms/ws/rooms/cellar") as me:
        me.send_json({"type": "join", "name": "Ann"})
        assert me.receive_json()["reason"] == "no_such_room"
        with pytest.raises(WebSocketDisconnect) as ended:
            me.receive_json()
        assert ended.value.code == 4404


@pytest.mark.parametrize("around", [lambda app: app, lambda app: _outer(app)], ids=["no lifespan", "sub-application"])
def test_rooms_that_were_not_started_say_so_in_a_sentence(game: FastAPI, around: Callable[[FastAPI], FastAPI]) -> None:
    app = around(game)
    at = "/sub" if app is not game else ""
    http = TestClient(app)
    for path in ("/rooms/api/rooms", "/rooms/healthz", "/rooms/art/props/lamp/prop.svg"):
        answer = http.get(f"{at}{path}")
        assert (answer.status_code, answer.json()["reason"]) == (503, "not_started")
        assert "with TestClient(app) as http" in answer.json()["message"]
    with pytest.raises(WebSocketDenialResponse) as told, http.websocket_connect(f"{at}{ROOM}"):
        pass
    assert told.value.json()["reason"] == "not_started"


def test_a_sub_application_is_started_by_the_outer_one(game: FastAPI) -> None:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with game.router.lifespan_context(game):
            yield

    with TestClient(_outer(game, lifespan=lifespan)) as http:
        assert http.get("/sub/rooms/api/rooms").status_code == 200


def _outer(app: FastAPI, **more: object) -> FastAPI:
    outer = FastAPI(**more)  # type: ignore[arg-type]
    outer.mount("/sub", app)
    return outer
