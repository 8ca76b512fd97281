from __future__ import annotations

from openroom.errors import ModelAuthError
from openroom.models.scripted import ScriptedModel
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
