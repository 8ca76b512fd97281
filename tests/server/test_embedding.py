"""Rooms in somebody else's application, as its own tests drive it: Starlette's TestClient, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from openroom import Lobby, User, mount
from openroom.errors import AccessError
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


USERS = {"alice": User("alice", "Alice"), "boss": User("u-1", "The boss", role="operator"), "odd": User("odd", "\n")}


def _known(asked: HTTPConnection) -> User | None:
    if asked.cookies.get("game") == "banned":
        raise AccessError("You are banned from the game.")
    return USERS.get(asked.cookies.get("game", ""))


async def _known_later(asked: HTTPConnection) -> User | None:
    await asyncio.sleep(0)
    return _known(asked)


def _as(game: FastAPI, user: str) -> TestClient:
    return TestClient(game, cookies={"game": user})


@pytest.fixture(params=[_known, _known_later], ids=["plain", "coroutine"])
def game_with_users(request: pytest.FixtureRequest, tmp_path: Path) -> FastAPI:
    """An application that knows its users by a cookie of its own."""
    app = FastAPI()
    settings = small_settings(tmp_path, allowed_hosts="testserver")
    mount(app, Lobby(scenes=settings.scenes, store="memory:"), settings=settings, identify=request.param)
    return app


def test_a_user_of_the_application_is_the_same_person_everywhere(game_with_users: FastAPI) -> None:
    with _as(game_with_users, "alice") as http:
        assert http.get("/rooms/api/people/me").json() == {
            "id": "player:alice",
            "role": "player",
            "name": "Alice",
            "rooms": [],
        }
        with http.websocket_connect(ROOM) as me:
            me.send_json({"type": "join"})
            hello = me.receive_json()
            assert (hello["you"], hello["name"]) == ("player:alice", "Alice")
            assert "token" not in hello, "the application says who she is, at each connection"
        assert http.post("/rooms/api/session").json()["id"] == "player:alice"
        assert http.post("/rooms/api/people/me", json={"name": "The boss"}).status_code == 403
        assert list(http.cookies) == ["game"], "no session of ours outlives hers"
        assert http.get("/rooms/api/tokens").status_code == 403
        bearer = {"Authorization": "Bearer of-the-game"}
        assert http.get("/rooms/api/people/me", headers=bearer).json()["id"] == "player:alice"


def test_whom_the_application_does_not_know_is_somebody_new(game_with_users: FastAPI) -> None:
    with TestClient(game_with_users) as http:
        assert http.get("/rooms/api/people/me").status_code == 403
        anonymous = http.post("/rooms/api/session").json()
        assert http.get("/rooms/api/people/me").json() == anonymous
        http.cookies.set("game", "alice")
        assert http.get("/rooms/api/people/me").json()["id"] == "player:alice"
        http.cookies.delete("game")
        assert http.get("/rooms/api/people/me").json() == anonymous
        http.cookies.set("game", "odd")
        assert http.get("/rooms/api/people/me").json()["name"] == ""
        http.cookies.set("game", "banned")
        assert http.get("/rooms/api/people/me").json()["message"] == "You are banned from the game."
        with http.websocket_connect(ROOM) as me:
            me.send_json({"type": "join", "name": "Ann"})
            assert me.receive_json()["reason"] == "not_known"


def test_an_operator_of_the_application_runs_its_rooms_while_it_runs(game_with_users: FastAPI) -> None:
    with _as(game_with_users, "boss") as http, http.websocket_connect(ROOM) as me:
        me.send_json({"type": "join"})
        assert me.receive_json()["role"] == "operator"
        assert http.post("/rooms/api/tokens", json={"role": "player"}).status_code == 201
        configure = {"action": {"do": "configure", "responders": "manual"}}
        assert http.post("/rooms/api/rooms/hall/actions", json=configure).status_code == 200


def test_a_user_invited_into_a_private_room_is_let_in_by_their_id(game_with_users: FastAPI) -> None:
    with TestClient(game_with_users) as http:
        http.cookies.set("game", "boss")
        mine = http.post("/rooms/api/rooms", json={"scene": "hall", "open": False}).json()["id"]
        invite = http.post(f"/rooms/api/rooms/{mine}/invites", json={}).json()["token"]
        http.cookies.set("game", "alice")
        assert http.get(f"/rooms/api/rooms/{mine}").status_code == 404
        assert http.post("/rooms/api/redeem", json={"token": invite}).json()["rooms"] == [mine]
        assert http.get(f"/rooms/api/rooms/{mine}").status_code == 200


@pytest.mark.parametrize("id", ["", "alice@game.example", "x" * 74, "command-line", "a b"])
def test_an_id_that_cannot_be_one_is_refused(id: str) -> None:
    with pytest.raises(ValueError, match="expected a user id"):
        User(id)
