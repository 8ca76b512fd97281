"""POST /api/rooms/{room}/characters/{id}/reply: who speaks and what is said in, what a character says and does out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from openroom import Lobby, LobbySettings, User, mount
from openroom.cast.director import DirectorSettings
from openroom.errors import ModelTimeout
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import Model, ModelRequest
from openroom.server.site import site_in
from tests.room.conftest import HOUSE
from tests.server.live import small_settings

VERA = "/rooms/api/rooms/parlour/characters/vera/reply"


def _fresh(request: ModelRequest) -> dict[str, Any]:
    return {"say": f"Line {len(request.messages)} of {request.character}, as you wish.", "emotion": "calm", "do": []}


STREAM = {"Accept": "text/event-stream"}
LAMP = {"say": "At once. There you are.", "emotion": "happy", "do": ["lamp.light"]}


@pytest.fixture
def house(tmp_path: Path) -> Any:
    """``with house(script, **director) as http``: the parlour in an application whose user is named by a header."""

    @contextmanager
    def opened(script: list[Any], **director: Any) -> Iterator[tuple[TestClient, Model]]:
        app, model = FastAPI(), ScriptedModel(script)
        settings = LobbySettings(watch=False, director=DirectorSettings(react_ms=0, **director))
        lobby = Lobby(characters=HOUSE / "characters", scenes=HOUSE / "scenes", model=model, settings=settings)
        users = {"ann": User("ann", "Ann"), "boss": User("boss", "Boss", role="operator")}
        known = small_settings(tmp_path, allowed_hosts="testserver")
        mount(app, lobby, settings=known, identify=lambda asked: users.get(asked.headers.get("x-user", "")))
        with TestClient(app, headers={"x-user": "ann"}) as http:
            yield http, model

    return opened


def _events(body: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in body.split("\n\n") if block.startswith("event: ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_a_line_is_answered_in_one_request(house: Any) -> None:
    with house([("", LAMP)]) as (http, model):
        answer = http.post(VERA, json={"text": "Could you light the lamp, please?"}).json()
        assert (answer["character"], answer["say"], answer["emotion"]) == (
            "character:vera",
            "At once. There you are.",
            "happy",
        )
        (action,) = answer["actions"]
        assert (action["prop"], action["verb"], action["telling"]) == ("lamp", "light", "Vera lights the lamp.")
        assert answer["cut"] is False
        events = {event["seq"]: event for event in http.get("/rooms/api/rooms/parlour/events").json()["events"]}
        assert [events[seq]["kind"] for seq in answer["seqs"]] == ["felt", "said", "used"]
    assert len(model.prompts) == 1, "who is asked at once is not greeted first, and nobody else answers"
    assert "Ann: Could you light the lamp, please?" in model.prompts[0]


def test_it_is_streamed_where_that_is_asked_for(house: Any) -> None:
    pieces = ['{"say": "At once. ', "And a cup of tea ", 'for you too.", "emotion": "happy", "do": []}']
    with house([("", pieces)]) as (http, _):
        answer = http.post(VERA, json={"text": "Hello?"}, headers=STREAM)
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = _events(answer.text)
    assert [name for name, _ in told if name != "say"] == ["heard", "reply"]
    texts = [data["text"] for name, data in told if name == "say"]
    assert texts
    assert texts == sorted(texts, key=len)
    assert told[-1][1]["say"] == texts[-1] == "At once. And a cup of tea for you too."


@pytest.mark.parametrize("mode", ["natural", "manual", "nobody", "round_robin"])
def test_the_one_who_is_asked_answers_whatever_the_mode(house: Any, mode: str) -> None:
    with house([("", _fresh)]) as (http, model):
        boss = {"x-user": "boss"}
        configure = {"action": {"do": "configure", "responders": mode}}
        http.post("/rooms/api/rooms/parlour/actions", json=configure, headers=boss)
        for who in ("otto", "vera", "otto"):
            at = VERA.replace("vera", who)
            assert http.post(at, json={"text": "Vera, Otto, are you there?"}).json()["character"] == f"character:{who}"
    assert len(model.requests) == 3


def test_who_is_muted_is_not_asked(house: Any) -> None:
    with house([("", _fresh)]) as (http, model):
        for on in (True, False):
            mute = {"action": {"do": "mute", "character": "character:vera", "on": on}}
            assert (
                http.post("/rooms/api/rooms/parlour/actions", json=mute, headers={"x-user": "boss"}).status_code == 200
            )
            answer = http.post(VERA, json={"text": "Hello?"})
            assert (answer.status_code, answer.json().get("reason")) == ((409, "muted") if on else (200, None))
    assert len(model.requests) == 1


def test_an_operator_speaks_for_players_of_a_game(house: Any) -> None:
    with house([("", _fresh)]) as (http, model):
        wish = {"text": "Hello?", "person": "alice", "name": "Alice"}
        assert http.post(VERA, json=wish).status_code == 403
        for _ in range(2):
            assert http.post(VERA, json=wish, headers={"x-user": "boss"}).json()["say"]
        people = http.get("/rooms/api/rooms/parlour", headers={"x-user": "boss"}).json()["state"]["people"]
    assert people["player:alice"]["name"] == "Alice"
    assert "player:boss" not in people
    assert "Alice: Hello?" in model.prompts[0]


def test_it_goes_to_the_share_of_whoever_asks(house: Any) -> None:
    """As an act does: those of one address have one share; this machine and operators are held to none."""
    with house([("", _fresh)]) as (http, _):
        parties = site_in(http.app.routes[-1].app).parties
        for who, address, party in (
            ("ann", "203.0.113.7", "203.0.113.7"),
            ("ann", "127.0.0.1", ""),
            ("boss", "203.0.113.7", ""),
        ):
            asking = TestClient(http.app, headers={"x-user": who}, client=(address, 1))
            asking.portal = http.portal  # the loop that the rooms run in
            assert asking.post(VERA, json={"text": "Hello?"}).json()["say"]
            assert parties.of(f"player:{who}") == party
        assert asking.post(VERA, json={"text": "Hello?", "person": "alice"}, headers=STREAM).status_code == 200
        assert parties.of("player:alice") == "", "it is the operator's, who speaks for her"


def test_what_is_refused_or_fails_is_said_with_its_reason(house: Any) -> None:
    fails = [("too slow", ModelTimeout("No token came.")), ("quiet", {"say": "", "emotion": "calm", "do": []})]
    with house(fails) as (http, _):
        told = http.post(VERA, json={"text": "You are too slow."})
        assert (told.status_code, told.json()["reason"]) == (502, "timeout")
        streamed = _events(http.post(VERA, json={"text": "You are too slow."}, headers=STREAM).text)
        assert (streamed[-1][0], streamed[-1][1]["reason"]) == ("failed", "timeout")
        nobody = VERA.replace("vera", "nobody")
        assert http.post(nobody, json={"text": "Hello?"}).status_code == 404
        assert http.post(VERA.replace("parlour", "cellar"), json={"text": "Hello?"}).status_code == 404
        for wish in ({}, {"text": ""}, {"text": "x", "verbs": []}, {"text": "x", "person": "a b"}):
            told = http.post(VERA, json=wish, headers=STREAM)
            assert (told.status_code, told.json()["reason"]) == (422, "malformed")
        ban = {"action": {"do": "remove", "who": "player:ann", "ban": True}}
        http.post("/rooms/api/rooms/parlour/actions", json=ban, headers={"x-user": "boss"})
        assert http.post(VERA, json={"text": "Hello?"}, headers=STREAM).status_code == 404


def test_a_turn_that_was_taken_away_ends_the_wait(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop forgets turns that wait, without a word to those who wait for them."""
    monkeypatch.setattr("openroom.cast.answer._LOOK_AGAIN", 0.02)
    monkeypatch.setattr("openroom.cast.director.Director._enqueue", lambda *_: None)
    with house([]) as (http, _):
        answer = http.post(VERA, json={"text": "Hello?"}).json()
        assert (answer["say"], answer["actions"], answer["seqs"]) == ("", [], [])
