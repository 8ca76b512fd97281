from __future__ import annotations

import pytest

from openroom.errors import ModelAuthError, ModelRefused
from openroom.models.discovery import ModelSettings
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import Message, ModelRequest, complete
from tests.server.live import Live


async def test_an_operator_tries_the_model_in_force(server: Live) -> None:
    await server.site.lobby.set_model(ScriptedModel([lambda request: "yes"]))
    async with server.client("operator") as http:
        answer = await http.post("/api/model/test")
        assert answer.status_code == 200, answer.text
        assert answer.json()["kind"] == "scripted"
        assert answer.json()["answer"] == "yes"
    async with server.client("player", "player:t2") as http:
        assert (await http.post("/api/model/test")).status_code == 403


async def test_what_is_wrong_with_the_model_is_said(server: Live) -> None:
    await server.site.lobby.set_model(ScriptedModel([lambda request: ModelAuthError("The key is not accepted.")]))
    async with server.client("operator") as http:
        answer = await http.post("/api/model/test")
        assert answer.status_code == 502
        assert answer.json() == {"reason": "wrong_key", "message": "The key is not accepted."}


async def test_only_operators_get_the_words_of_an_endpoint(server: Live) -> None:
    speaker = server.site.speaker
    assert speaker is not None
    refusing = ScriptedModel([lambda request: ModelRefused("It declined.", said="bad prompt: my sister lives in P1")])
    model = speaker._metered(refusing, ModelSettings())
    await server.site.lobby.set_model(model)
    with pytest.raises(ModelRefused):
        await complete(model, ModelRequest((Message("user", "Hello"),)))
    async with server.client("operator") as http:
        told = (await http.get("/api/model")).json()["failure"]
        assert (told["reason"], told["message"], told["said"]) == (
            "declined",
            "It declined.",
            "bad prompt: my sister lives in P1",
        )
        tried = (await http.post("/api/model/test")).json()
        assert tried == {"reason": "declined", "message": "It declined. It says: bad prompt: my sister lives in P1"}
    async with server.client("player", "player:t2") as http:
        assert "failure" not in (await http.get("/api/model")).json()


async def test_only_operators_see_and_set_how_well_it_talks(server: Live) -> None:
    async with server.client("operator") as http:
        wish = {"model": "big", "url": "http://127.0.0.1:9/v1", "level": "fair"}
        assert (await http.put("/api/model", json=wish)).status_code == 200
        told = (await http.get("/api/model")).json()["levels"]
        assert told == [{"name": "big", "kind": "remote", "level": "fair", "from": "hand"}]
        assert (await http.get("/api/settings")).json()["settings"]["model_level"] == "fair"
        assert server.site.lobby.model.info.level == "fair"
        wrong = await http.put("/api/model", json={"level": "superb"})
        assert wrong.status_code == 422, wrong.text
        assert "model_level" in wrong.json()["message"]
        assert server.site.lobby.model.info.level == "fair"
        await http.put("/api/model", json={"level": "auto"})
        told = (await http.get("/api/model")).json()["levels"]
        assert told == [{"name": "big", "kind": "remote", "level": "able", "from": "default"}]
    async with server.client("player", "player:t2") as http:
        assert "levels" not in (await http.get("/api/model")).json()
