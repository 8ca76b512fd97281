"""/openapi.json says what really comes: the answers, the errors, and the body of an action."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from openroom import create_app
from openroom.server.bodies import ANSWERS
from tests.cards import corpus
from tests.server.live import Live, small_settings


@pytest.fixture
def described(tmp_path: Path) -> dict[str, Any]:
    return create_app(small_settings(tmp_path)).openapi()


def test_it_holds_together(described: dict[str, Any]) -> None:
    text = json.dumps(described)
    assert set(re.findall(r"#/components/schemas/([^\"]+)", text)) <= set(described["components"]["schemas"])
    assert "HTTPValidationError" not in text
    missing = {(method, path) for method, path in ANSWERS if method not in described["paths"].get(path, {})}
    assert not missing
    jsonschema.Draft202012Validator.check_schema({"$defs": described["components"]["schemas"]})


def test_an_action_has_its_body_and_each_route_its_errors(described: dict[str, Any]) -> None:
    act = described["paths"]["/api/rooms/{room}/actions"]["post"]
    body = act["requestBody"]["content"]["application/json"]["schema"]
    _valid(described, body, {"action": {"do": "use", "prop": "lamp", "verb": "light"}, "id": "c-1"})
    for wrong in ({"action": {"do": "fly"}}, {"action": {"do": "leave"}, "id": "my act 1"}, {}):
        with pytest.raises(jsonschema.ValidationError):
            _valid(described, body, wrong)
    for operations in described["paths"].values():
        for operation in operations.values():
            _valid(described, _schema(operation["responses"]["default"]), {"reason": "x", "message": "x"})
            assert "422" not in operation["responses"]
    reply = described["paths"]["/api/rooms/{room}/characters/{character}/reply"]["post"]
    assert {"application/json", "text/event-stream"} == set(reply["responses"]["200"]["content"])


async def test_what_comes_is_what_is_described(server: Live) -> None:
    seen = []

    async def ask(method: str, path: str, status: int = 200, **more: Any) -> Any:
        answer = await http.request(method, path, **more)
        assert answer.status_code == status, answer.text
        template = next(known for kind, known in ANSWERS if kind == method and _fits(known, path))
        seen.append((method, template))
        responses = described["paths"][template][method]["responses"]
        _valid(described, _schema(responses[str(status)]), answer.json())
        return answer.json()

    async with server.client("operator", "player:boss") as http:
        described = (await http.get("/openapi.json")).json()
        for path in ("rooms", "rooms/cellar/door", "people/me", "tokens", "characters", "scenes", "model"):
            await ask("get", f"/api/{path}")
        await ask("get", "/healthz")
        await ask("post", "/api/session")
        await ask("post", "/api/people/me", json={"name": "Boss"})
        token = await ask("post", "/api/tokens", 201, json={"role": "player", "uses": 1})
        await ask("post", "/api/redeem", json={"token": token["token"]})
        mine = (await ask("post", "/api/rooms", 201, json={"scene": "tea_room"}))["id"]
        room = f"/api/rooms/{mine}"
        await ask("post", f"{room}/actions", json={"action": {"do": "enter", "name": "Boss"}})
        write = {"do": "use", "prop": "notices", "verb": "post", "args": {"text": "Hello"}}
        await http.post(f"{room}/actions", json={"action": write})
        await ask("post", f"{room}/characters/mira/reply", json={"text": "My name is Boss. Light the lamp, please."})
        events = (await http.get(f"{room}/events")).json()["events"]
        said = [one["seq"] for one in events if one.get("kind") == "said" and one["actor"] == "character:mira"]
        await ask("get", f"{room}/prompts/{said[-1]}")
        await ask("post", f"{room}/invites", 201, json={})
        await ask("put", f"{room}/lore", content=corpus.dumped(corpus.WORLD))
        for path in ("/lore", "", "/card", "/events", "/export", "/invites", "/suggestions", "/writings?prop=notices"):
            await ask("get", f"{room}{path}")
        for path in (f"{room}/search?q=lamp", "/api/search?q=lamp", "/api/search?q=l", f"{room}/story?around=3"):
            await ask("get", path)
        fresh = (await ask("post", "/api/rooms", 201, json={"scene": "tea_room"}))["id"]
        await ask("post", f"/api/rooms/{fresh}/past", 201, content=b'{"name": "Zoe", "mes": "Hello"}')
        full = (await http.get(f"{room}/export", params={"full": True})).json()
        await ask("post", "/api/rooms/import", 201, json=full)
        await ask("get", "/api/people/me/memories?character=mira")
        persona = await ask("post", "/api/people/me/personas", 201, json={"name": "Captain Vale", "about": "A sailor."})
        await ask("put", f"/api/people/me/personas/{persona['id']}", json={"name": "Admiral Vale", "is_me": True})
        await ask("get", "/api/people/me/personas")
        await ask("post", "/api/cards", 201, content=corpus.dumped(corpus.v3()))
        await ask("get", "/api/cards/mira/report?format=json&spec=2")
        await ask("get", "/api/cards/mira/draft")
        await ask("get", "/api/cards")
        await ask("post", "/api/cards/mira/room", 201)
        await ask("get", "/api/cards/ru/import")
        await ask("delete", "/api/cards/ru")
        await ask("post", "/api/cards/ru/restore")
    patched = {("patch", "/api/people/me/memories/{id}"), ("put", "/api/model")}
    assert set(ANSWERS) - set(seen) == patched, "answered by the same functions as those above"


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path.partition("?")[0]) is not None


def _schema(response: dict[str, Any]) -> Any:
    return response["content"]["application/json"]["schema"]


def _valid(described: dict[str, Any], schema: Any, body: Any) -> None:
    jsonschema.validate(body, {**schema, "components": described["components"]})
