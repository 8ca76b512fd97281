"""The talk of a room goes out and comes in by commands, with and without a running server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from openroom.core.action import Enter, Say
from openroom.core.actor import Actor
from openroom.lobby.lobby import Lobby, LobbySettings
from tests.cli.test_commands import run
from tests.server.live import Live, live

ANN = Actor("player:ann", "player", "Ann")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENROOM_DATA", str(tmp_path / "data"))


def _a_room(data: Path) -> str:
    """A new room of Ann's, and one in which she has spoken and whispered."""

    async def made() -> str:
        settings = LobbySettings(watch=False, data=data)
        async with Lobby(store=f"sqlite:///{data / 'openroom.db'}", settings=settings) as lobby:
            room = await lobby.open("tea_room")
            await room.submit(ANN, Enter(name="Ann"))
            await room.submit(ANN, Say(text="A heron!"))
            await room.submit(ANN, Say(text="Between us", to=["character:mira"]))
            return (await lobby.create("tea_room", ANN)).id

    return asyncio.run(made())


def test_without_a_server(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    new = _a_room(tmp_path / "data")
    run("room", "export", "tea_room", "--format", "sillytavern", "--out", "tea.jsonl")
    head, *lines = [json.loads(line) for line in Path("tea.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (head["user_name"], head["character_name"]) == ("Ann", "Mira")
    assert [line["mes"] for line in lines if line["is_user"]] == ["A heron!", "Between us"]
    assert "expected a new file" in run(
        "room", "export", "tea_room", "--format", "markdown", "--out", "tea.jsonl", code=1
    )
    markdown = run("room", "export", "tea_room", "--format", "markdown")
    assert markdown.startswith("# The Tea Room at Midnight") and "A heron!" in markdown
    told = run("room", "past", new, "tea.jsonl")
    assert f"{new}: {len(lines)} lines came in" in told and "past:user-" in told
    again = run("room", "export", new, "--format", "sillytavern")
    assert [json.loads(line) for line in again.splitlines()][1:] == lines
    assert "Something was said" in run("room", "past", new, "tea.jsonl", code=1)
    Path("broken.jsonl").write_text('{"name": "Ann", "mes": 5}', encoding="utf-8")
    assert "line 1: mes: expected the text of a message, came 5" in run("room", "past", new, "broken.jsonl", code=1)
    assert "There is no room" in run("room", "export", "nowhere", "--format", "markdown", code=1)


async def test_by_rest_who_may_and_what_does_not_fit(tmp_path: Path) -> None:
    async with live(tmp_path / "served") as server:
        own, other = server.client("player", "player:own"), server.client("player", "player:oth")
        async with own, other:
            made = (await own.post("/api/rooms", json={"scene": "hall"})).json()["id"]
            one = json.dumps({"name": "Zoe", "is_user": False, "mes": "Hello <b>there</b>"}).encode()
            assert (await other.post(f"/api/rooms/{made}/past", content=one)).status_code == 403
            for wrong in (b"", b"x", b"{}", b'{"mes": "a"}'):
                answer = await own.post(f"/api/rooms/{made}/past", content=wrong)
                assert answer.status_code == 422 and answer.json()["reason"] == "definition", wrong
            answer = await own.post(f"/api/rooms/{made}/past", content=b"\n".join([one] * 600))
            assert answer.status_code == 201 and answer.json()["lines"] == 600
            assert answer.json()["speakers"] == {"Zoe": "past:cast-1"}
            assert (await own.post(f"/api/rooms/{made}/past", content=one)).json()["reason"] == "not_empty"
            big = b" " * (21 * 1024 * 1024)
            assert (await own.post(f"/api/rooms/{made}/past", content=big)).status_code == 413
            await _goes_out(server, made)
            found = await own.get(f"/api/rooms/{made}/search", params={"q": "hello", "limit": 3})
            assert [hit["name"] for hit in found.json()["hits"]] == ["Zoe"] * 3
            assert (await other.get(f"/api/rooms/{made}/search", params={"q": "hello"})).json()["hits"] == []


async def _goes_out(server: Live, room: str) -> None:
    async with server.client("player", "player:own") as own, server.client("player", "player:oth") as other:
        for form, suffix in (("jsonl", "jsonl"), ("markdown", "md")):
            answer = await own.get(f"/api/rooms/{room}/talk", params={"format": form})
            disposition = answer.headers["content-disposition"]
            assert disposition.startswith(f'attachment; filename="{room}-') and disposition.endswith(f'.{suffix}"')
            assert answer.text.count("there") == (1200 if form == "jsonl" else 600), "of a character its one swipe, too"
            assert "there" not in (await other.get(f"/api/rooms/{room}/talk", params={"format": form})).text
        assert (await own.get(f"/api/rooms/{room}/talk", params={"full": True})).status_code == 403
        assert (await own.get(f"/api/rooms/{room}/talk", params={"format": "html"})).status_code == 422
    async with server.client("operator", "player:boss") as boss:
        whole = await boss.get(f"/api/rooms/{room}/talk", params={"full": True})
        assert whole.text.count('"mes":"Hello <b>there') == 600
