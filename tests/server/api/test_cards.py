from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from openroom.library.library import Library
from openroom.settings import shipped
from tests.cards import corpus
from tests.server.live import Live
from tests.waiting import until


async def _known(http: Any, id: str) -> bool:
    return any(one["id"] == id for one in (await http.get("/api/characters")).json()["characters"])


async def test_a_creator_brings_a_card_in_and_takes_it_out(server: Live) -> None:
    data = corpus.GOOD["png-v3"][0]
    async with server.client("creator", "player:cleo") as http:
        answer = await http.post("/api/cards", content=data)
        made = answer.json()
        assert (answer.status_code, made["id"], made["name"]) == (201, "ru", "Ru")
        assert "persona" in str(made["report"]["converted"])

        async def there() -> bool:
            return await _known(http, "ru")

        await until(there)
        assert (await http.get("/art/characters/ru/portrait.webp")).headers["content-type"] == "image/webp"
        out = await http.get("/api/cards/ru?format=png&spec=3")
        assert (out.content, out.headers["content-type"]) == (data, "image/png")
        assert "sandbox" in out.headers["content-security-policy"]
        assert out.headers["content-disposition"] == 'attachment; filename="ru.png"'
        told = (await http.get("/api/cards/ru/report?format=json&spec=2")).json()
        assert [one["what"] for one in told["dropped"]] == ["the picture"]
        assert (await http.get("/api/cards/nobody")).status_code == 404
        assert (await http.get("/api/cards/ru?format=exe")).status_code == 422


async def test_others_may_do_neither(server: Live) -> None:
    for role in ("spectator", "player"):
        async with server.client(role, "player:pia") as http:
            assert (await http.post("/api/cards", content=b"x")).status_code == 403
            assert (await http.get("/api/cards/mira")).status_code == 403
            assert (await http.get("/api/cards/mira/report")).status_code == 403
    async with server.client() as http:
        assert (await http.post("/api/cards", content=b"x")).status_code == 403


async def test_what_is_no_card_is_refused_with_its_reason(server: Live) -> None:
    async with server.client("creator", "player:cleo") as http:
        link = corpus.HOSTILE["link"][0]
        for data, words in ((b"hello", "another kind of file"), (b"", "nothing"), (link, "a link")):
            answer = await http.post("/api/cards", content=data)
            assert (answer.status_code, answer.json()["reason"]) == (422, "card")
            assert words in answer.json()["message"]


async def test_a_file_is_bounded_while_it_comes_in(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openroom.server.api.cards.MAX_TOTAL", 2_000_000)
    async with server.client("creator", "player:cleo") as http:
        answer = await http.post("/api/cards", content=bytes(2_000_001))
        assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")
        assert (await http.post("/api/cards", content=bytes(1_500_000))).status_code == 422, "above the usual bound"


async def test_one_card_at_a_time_for_a_person(server: Live) -> None:
    async with server.client("creator", "player:cleo") as http:
        end = server.site.costly.begin("player:cleo")
        refused = await asyncio.gather(http.post("/api/cards", content=b"{}"), http.get("/api/cards/mira"))
        assert [(one.status_code, one.json()["reason"]) for one in refused] == [(409, "busy")] * 2
        end()
        assert (await http.post("/api/cards", content=b"{}")).status_code == 422


async def test_where_nobody_would_read_it_nothing_is_brought_in(server: Live, tmp_path: Path) -> None:
    server.site.lobby.library = Library([shipped("characters")], [shipped("scenes")])
    async with server.client("creator", "player:cleo") as http:
        answer = await http.post("/api/cards", content=corpus.dumped(corpus.V1))
        assert (answer.status_code, answer.json()["reason"]) == (422, "settings")
    assert not any((tmp_path / "data_author/characters").iterdir())
