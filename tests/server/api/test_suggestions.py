from __future__ import annotations

from tests.server.live import Live
from tests.server.raw import joined


async def test_who_is_in_the_room_is_told_what_they_might_say(server: Live) -> None:
    path = "/api/rooms/tea_room/suggestions?language=de"
    async with server.client("player", "player:ann") as http:
        assert (await http.get(path)).json() == {"suggestions": []}, "not in the room yet"
        await http.post("/api/rooms/tea_room/actions", json={"action": {"do": "enter", "name": "Ann"}})
        found = (await http.get(path)).json()["suggestions"]
        assert len(found) == 3
        assert {one["about"] for one in found} == {"scene", "card"}
        (asked,) = [one for one in found if one["about"] == "card"]
        assert asked["to"].startswith("character:")
        await http.post("/api/rooms/tea_room/actions", json={"action": {"do": "say", "text": asked["text"]}})
        assert asked["text"] not in [one["text"] for one in (await http.get(path)).json()["suggestions"]]
        english = (await http.get("/api/rooms/tea_room/suggestions")).json()["suggestions"]
        assert len(english) == 3 and not {one["text"] for one in english} & {one["text"] for one in found}


async def test_it_answers_like_the_room_itself(server: Live) -> None:
    async with joined(server, "Bob"), server.client("player", "player:ann") as http:
        assert (await http.get("/api/rooms/attic/suggestions")).status_code == 404
        assert (await http.get(f"/api/rooms/hall/suggestions?language={'x' * 30}")).status_code == 422
