from __future__ import annotations

import asyncio

import httpx

from tests.server.live import Live
from tests.server.raw import raw
from tests.waiting import rung, until


async def _told(server: Live, http: httpx.AsyncClient, line: str) -> list[dict[str, str]]:
    """Say a line in the tea room; what Mira then remembers about who said it."""
    cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    async with raw(server, "tea_room", additional_headers={"Cookie": cookies}) as ann:
        await ann.send(type="join", name="Ann")
        await ann.send(type="act", id="a-1", action={"do": "say", "text": line})

        async def remembered() -> list[dict[str, str]]:
            answer = await http.get("/api/people/me/memories", params={"character": "mira"})
            return list(answer.json()["memories"])

        return list(await until(remembered))


async def test_one_sees_corrects_and_forgets_what_is_remembered_of_oneself(server: Live) -> None:
    async with server.client() as http:
        await http.post("/api/session")
        memories = await _told(server, http, "Mira, I live in Lisbon.")
        one = next(memory for memory in memories if memory["kind"] == "fact")
        assert "Lisbon" in one["text"]
        path = f"/api/people/me/memories/{one['id']}?character=mira"
        better = await http.patch(path, json={"text": "Ann lives in Porto."})
        assert better.json()["text"] == "Ann lives in Porto."
        left = (await http.get("/api/people/me/memories?character=mira")).json()["memories"]
        assert not any("Lisbon" in memory["text"] for memory in left if memory["kind"] == "fact")
        for memory in left:
            gone = await http.delete(f"/api/people/me/memories/{memory['id']}?character=mira")
            assert gone.status_code in (204, 403)  # 403: it went with one that was forgotten before
        assert (await http.get("/api/people/me/memories?character=mira")).json()["memories"] == []


async def test_nobody_touches_what_is_remembered_of_somebody_else(server: Live) -> None:
    async with server.client() as ann, server.client() as bob:
        await ann.post("/api/session")
        await bob.post("/api/session")
        memories = await _told(server, ann, "Mira, I live in Lisbon.")
        assert memories
        assert (await bob.get("/api/people/me/memories?character=mira")).json()["memories"] == []
        path = f"/api/people/me/memories/{memories[0]['id']}?character=mira"
        assert (await bob.delete(path)).status_code == 403
        assert (await bob.patch(path, json={"text": "nonsense"})).status_code == 403
        assert (await ann.get("/api/people/me/memories?character=../mira")).status_code == 422


async def test_what_cites_a_line_just_erased_is_not_shown(server: Live) -> None:
    lobby = server.site.lobby
    async with server.client() as http:
        await http.post("/api/session")
        assert await _told(server, http, "Mira, I live in Lisbon.")
        (line,) = [one for one in await lobby.store.last("tea_room", 50, ("said",)) if "Lisbon" in str(one)][:1]
        erase, go = lobby.store.erase, asyncio.Event()

        async def held(room: str, seq: int) -> None:
            await go.wait()
            await erase(room, seq)

        lobby.store.erase = held  # type: ignore[method-assign]
        body = {"action": {"do": "erase", "seq": line.seq}}
        assert (await http.post("/api/rooms/tea_room/actions", json=body)).status_code == 200
        asked = asyncio.create_task(http.get("/api/people/me/memories?character=mira"))
        await rung(0.05)
        go.set()
        assert "Lisbon" not in (await asked).text
