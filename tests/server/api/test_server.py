from __future__ import annotations

import importlib.util
import json
import stat
from pathlib import Path

import pytest

from openroom.settings import shipped
from tests.server.live import HALL, Live, live
from tests.server.raw import joined


async def test_scenes_and_characters_show_their_public_side_only(server: Live) -> None:
    async with server.client() as http:
        scenes = {scene["id"]: scene for scene in (await http.get("/api/scenes")).json()["scenes"]}
        characters = (await http.get("/api/characters")).json()
    assert scenes["hall"]["line"] == "A bare hall with a lamp."
    mira = next(card for card in characters["characters"] if card["id"] == "mira")
    assert mira["name"] == "Mira"
    assert not {"persona", "secrets", "facts"} & mira.keys()
    assert "problems" not in characters


async def test_what_authors_wrote_is_told_in_the_reader_s_language(server: Live, tmp_path: Path) -> None:
    path = tmp_path / "scenes" / "hall" / "scene.yaml"
    told = "translations: {de: {The hall: Die Halle, A bare hall with a lamp.: Eine kahle Halle mit Lampe.}}"
    path.write_text(f"{path.read_text(encoding='utf-8')}{told}\n", encoding="utf-8")
    server.site.lobby.library.reload()
    async with server.client() as http:
        for language, title in (("de", "Die Halle"), ("fr", "The hall"), ("", "The hall")):
            for kind in ("scenes", "rooms"):
                found = (await http.get(f"/api/{kind}", params={"language": language})).json()[kind]
                assert title in [one["title"] for one in found]
        words = (await http.get("/api/scenes/hall/words", params={"language": "de-AT"})).json()
        assert words["scene"]["The hall"] == "Die Halle"
        assert words["props"]["lamp"]["texts"]["Light the lamp"] == "Die Lampe anzünden"
        assert words["props"]["lamp"]["verbatim"] == ["actor"]
        assert (await http.get("/api/scenes/attic/words", params={"language": "de"})).status_code == 404


async def test_only_public_texts_are_told_in_another_language(server: Live, tmp_path: Path) -> None:
    nobody = "Nobody may read this."
    told = f"  de: {{{nobody}: Das darf niemand lesen., A bare hall with a lamp.: Eine kahle Halle mit Lampe.}}"
    scene = tmp_path / "scenes" / "hall" / "scene.yaml"
    scene.write_text(f"{scene.read_text(encoding='utf-8')}translations:\n{told}\n", encoding="utf-8")
    source = shipped("characters") / "mira" / "character.yaml"
    card = tmp_path / "characters" / "mira" / "character.yaml"
    card.parent.mkdir()
    text, line = source.read_text(encoding="utf-8"), server.site.lobby.library.characters["mira"].line
    told = f"  it: {{{json.dumps(nobody)}: Segreto, {json.dumps(line)}: Riga}}"
    own = text.replace("translations:\n", f"translations:\n{told}\n", 1)
    assert own != text
    card.write_text(own, encoding="utf-8")
    server.site.lobby.library.reload()
    async with server.client() as http:
        words = (await http.get("/api/scenes/hall/words", params={"language": "de"})).json()
        assert words["scene"] == {"A bare hall with a lamp.": "Eine kahle Halle mit Lampe."}
        tea = (await http.get("/api/scenes/tea_room/words", params={"language": "it"})).json()
        assert tea["characters"]["mira"] == {line: "Riga"}


async def test_creators_see_what_is_wrong_with_the_files(server: Live, tmp_path: Path) -> None:
    (tmp_path / "scenes" / "hall" / "scene.yaml").write_text("format: 1\nid: hall\ntitel: x\n", encoding="utf-8")
    server.site.lobby.library.reload()
    async with server.client("creator") as http:
        problems = (await http.get("/api/scenes")).json()["problems"]
    (wrong,) = [problem for problem in problems if problem["key"] == "titel"]
    assert (wrong["line"], wrong["column"]) == (3, 1)
    assert wrong["file"].endswith("scene.yaml")


async def test_creators_are_told_what_is_hardly_meant_apart(server: Live, tmp_path: Path) -> None:
    path = tmp_path / "scenes" / "hall" / "scene.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}backdrop: nowhere\n", encoding="utf-8")
    server.site.lobby.library.reload()
    for role, told in (("creator", True), ("operator", True), ("player", False)):
        async with server.client(role) as http:
            found = (await http.get("/api/scenes")).json()
        assert [one["key"] for one in found.get("warnings", ())] == (["backdrop"] if told else [])
        assert found.get("problems", []) == []


async def test_a_scene_with_a_broken_file_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "own" / "hall" / "scene.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(HALL, encoding="utf-8")
    async with live(tmp_path, scenes=(tmp_path / "own",)) as server, server.client() as http:
        before = (await http.get("/api/rooms")).json()
        assert [room["title"] for room in before["rooms"]] == ["The hall"]
    path.write_text("format: 1\nid: [\n", encoding="utf-8")
    async with live(tmp_path, scenes=(tmp_path / "own",)) as server, server.client("player") as http:
        assert (await http.get("/api/rooms")).json() == before
        assert (await http.get("/api/rooms/hall")).status_code == 200
        assert len(server.site.lobby.library.problems) == 1


async def test_the_model_and_its_settings(server: Live) -> None:
    async with server.client() as http:
        model = (await http.get("/api/model")).json()
        assert (model["kind"], model["why"]) == ("understudy", "The understudy speaks: the settings ask for it.")
        assert (await http.put("/api/model", json={"model": "x"})).status_code == 403
        assert (await http.get("/api/ledger")).status_code == 403
    async with server.client("operator") as http, joined(server) as ann:
        wish = {"model": "small", "url": "http://127.0.0.1:9/v1", "key": "sk-very-private"}
        answer = await http.put("/api/model", json=wish)
        assert (answer.json()["name"], answer.json()["kind"]) == ("small", "remote")
        assert (await ann.get("signal", signal="model"))["model"]["name"] == "small"
        shown = await http.get("/api/settings")
        assert shown.json()["settings"]["model_key_set"] is True
        assert "sk-very-private" not in shown.text
        kept = server.site.settings.data / "operator.json"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        await http.put("/api/settings", json={"model_url": "http://127.0.0.1:8/v1"})
        assert (await http.get("/api/settings")).json()["settings"]["model_key_set"] is False
        bad = await http.put("/api/settings", json={"model": "nonsense", "model_url": ""})
        assert (bad.status_code, bad.json()["reason"]) == (422, "settings")
        assert (await http.get("/api/model")).json()["name"] == "small"
        for body in ({"colour": 1}, {"budget_tokens_per_day": "many"}, {"budget_tokens_per_day": -1}):
            assert (await http.put("/api/settings", json=body)).status_code == 422


async def test_what_an_operator_set_outlives_a_restart(tmp_path: Path) -> None:
    async with live(tmp_path) as server, server.client("operator") as http:
        await http.put("/api/settings", json={"budget_tokens_per_day": 1234})
    async with live(tmp_path) as server, server.client("operator") as http:
        assert (await http.get("/api/settings")).json()["settings"]["budget_tokens_per_day"] == 1234
        await http.put("/api/settings", json={"budget_tokens_per_day": None})
        assert (await http.get("/api/settings")).json()["settings"]["budget_tokens_per_day"] == 2_000_000


async def test_the_ledger_sums_up(server: Live) -> None:
    async with server.client("operator") as http:
        body = (await http.get("/api/ledger")).json()
    assert body["today"]["tokens"] == body["all"]["tokens"] == 0


async def test_health_and_metrics(server: Live) -> None:
    async with joined(server), server.client() as http:
        assert (await http.get("/healthz")).json() == {"ok": True, "rooms": 1, "connections": 1}
        lines = (await http.get("/metrics")).text.splitlines()
    assert "openroom_connections 1" in lines
    assert "openroom_connections_total 1" in lines


async def test_an_unknown_api_path_is_a_json_404_and_the_schema_is_local(server: Live) -> None:
    async with server.client() as http:
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = await http.request(method, "/api/nope")
            assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
        assert (await http.get("/docs")).status_code == 404
        schema = (await http.get("/openapi.json")).json()
    assert {"/api/rooms", "/api/rooms/{room}/actions", "/api/session", "/api/settings"} <= schema["paths"].keys()


async def test_without_the_local_engine_the_server_starts_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "xllamacpp" else found(name))
    async with live(tmp_path, model="local") as server, server.client() as http:
        model = (await http.get("/api/model")).json()
        assert (model["kind"], model["status"]["state"]) == ("understudy", "failed")
        assert "install openroom[local]" in model["status"]["text"]
        async with joined(server, "Ann", "tea_room") as ann:
            await ann.send(type="act", id="a", action={"do": "say", "text": "Good evening, Mira."})
            answered: set[str] = set()
            while not any(who.startswith("character:") for who in answered):
                event = (await ann.get("event"))["event"]
                answered |= {event["actor"]} if event.get("kind") == "said" else set()
