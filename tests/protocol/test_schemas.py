from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from openroom.protocol.schemas import schemas, text
from tests.server.live import Live
from tests.server.raw import joined, raw

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "protocol"


def validator(name: str) -> Draft202012Validator:
    schema = schemas()[f"{name}.schema.json"]
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_files_are_current() -> None:
    for name, schema in schemas().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text(schema), (
            "run: python -m openroom.protocol.schemas docs/protocol"
        )
    assert {path.name for path in FOLDER.iterdir()} == set(schemas())


def test_nothing_of_the_servers_own_side_is_promised() -> None:
    assert '"hidden"' not in text(schemas()["server.schema.json"])
    assert '"hidden"' not in text(schemas()["event.schema.json"])


@pytest.mark.parametrize(
    "message",
    [
        {"type": "join", "name": "Ann"},
        {"type": "join", "name": "Ann", "epoch": "e", "last_seq": 3, "token": "t", "watch": True},
        {"type": "act", "id": "c-1", "action": {"do": "say", "text": "Hello", "to": ["player:1"]}},
        {"type": "act", "id": "c-1", "action": {"do": "use", "prop": "lamp", "verb": "turn", "args": {"glow": "low"}}},
        {"type": "typing", "on": False},
        {"type": "stop"},
        {"type": "options"},
        {"type": "options", "prop": "lamp"},
        {"type": "resync"},
        {"type": "ping", "t": 1.5},
    ],
)
def test_what_a_client_may_send_fits(message: dict[str, Any]) -> None:
    validator("client").validate(message)
    with pytest.raises(ValidationError):
        validator("client").validate({**message, "type": "nope"})


def _is_reply(event: dict[str, Any]) -> bool:
    return event.get("kind") == "said" and event["actor"] == "character:mira"


async def test_everything_the_server_sends_fits(server: Live) -> None:
    """A session with a whisper, a refusal, a prop, a character's turn, options, another try, names, a resync and a
    kick."""
    log: list[dict[str, Any]] = []
    async with joined(server, "Boss", "tea_room", token=server.token("operator", "player:boss")) as boss:
        async with joined(server, "Ann", "tea_room", token=server.token(id="player:ann")) as ann:
            await boss.act("a", do="say", text="Good evening, Mira!")
            await boss.act("b", do="say", text="psst", to=["player:ann"])
            await boss.act("c", do="say", text="psst", to=["character:mira"])
            await boss.act("d", do="use", prop="lamp", verb="light")
            await boss.act("e", do="use", prop="lamp", verb="light")
            await ann.send(type="options")
            await ann.get("options")
            await ann.send(type="ping", t=1)
            await ann.send(type="nonsense")
            await ann.get("error")
            await ann.send(type="resync")
            await ann.get("snapshot")
            await boss.send(type="typing", on=True)
            while not (said := [m["event"] for m in ann.log if m["type"] == "event" and _is_reply(m["event"])]):
                await ann.next()
            await boss.act("s", do="save", name="Before")
            await boss.act("n", do="branch", name="Here")
            await boss.act("m", do="configure", steer="everybody")
            await boss.act("r", do="retry", seq=said[0]["seq"], wish="shorter")
            while not any(m["type"] == "event" and m["event"].get("alternative_of") for m in boss.log):
                await boss.next()
            await boss.send(type="resync")
            while not any(m["type"] == "snapshot" and m.get("wishes") for m in boss.log):
                await boss.next()
            await boss.act("k", do="remove", who="player:ann")
            await ann.closed()
            log += ann.log
        log += boss.log
    async with raw(server, "cellar") as nobody:
        await nobody.send(type="join", name="Ann")
        await nobody.closed()
        log += nobody.log
    check = validator("server")
    for message in log:
        assert not list(check.iter_errors(message)), message
    shared = validator("state")
    for message in log:
        if message["type"] == "snapshot":
            shared.validate(message["state"])
    assert {"saves", "branches"} <= {key for m in log if m["type"] == "snapshot" for key in m["state"]}
    kinds = {message["type"] for message in log}
    assert kinds >= {"hello", "snapshot", "event", "signal", "done", "refused", "options", "pong", "error", "bye"}
    assert {"turn", "typing"} <= {message["signal"] for message in log if message["type"] == "signal"}
    bare = [m for m in log if m["type"] == "event" and "kind" not in m["event"]]
    assert bare
    events = validator("event")
    for message in log:
        if message["type"] == "event" and "kind" in message["event"]:
            events.validate(message["event"])


def test_the_page_names_every_message_and_code() -> None:
    page = (FOLDER.parent / "protocol.md").read_text(encoding="utf-8")
    for name in ("client", "server"):
        for definition in schemas()[f"{name}.schema.json"]["$defs"].values():
            word = definition.get("properties", {}).get("type", {}).get("const")
            assert word is None or f"`{word}`" in page or f'"type":"{word}"' in page, word
    for code in (1012, 4400, 4401, 4403, 4404, 4408, 4413, 4429, 4499):
        assert str(code) in page


def test_the_page_names_every_path(server: Live) -> None:
    page = (FOLDER.parent / "protocol.md").read_text(encoding="utf-8")
    for path in server.app.openapi()["paths"]:
        assert path in page, path
    assert json.dumps(sorted(server.app.openapi()["paths"]))


async def test_what_a_snapshot_holds_fits(server: Live) -> None:
    async with joined(server, "Ann", "tea_room") as ann:
        snapshot = next(message for message in ann.log if message["type"] == "snapshot")
    for name in ("state", "manifest"):
        validator(name).validate(snapshot[name])
        with pytest.raises(ValidationError):
            validator(name).validate({})
    assert snapshot["state"]["people"][ann.log[0]["you"]]["kind"] == "player"
