from __future__ import annotations

from tests.server.live import Live


async def _act(http, room, action):
    answer = await http.post(f"/api/rooms/{room}/actions", json={"action": action})
    assert answer.status_code == 200, answer.text
    return answer.json()["seqs"]


async def test_save_points_branches_and_a_fork(server: Live) -> None:
    async with server.client("player", "player:ann") as ann, server.client("player", "player:ben") as ben:
        room = (await ann.post("/api/rooms", json={"scene": "hall", "title": "Ours"})).json()["id"]
        at = f"/api/rooms/{room}"
        for http, name in ((ann, "Ann"), (ben, "Ben")):
            await _act(http, room, {"do": "enter", "name": name})
        (one,) = await _act(ann, room, {"do": "say", "text": "One."})
        saved = (await ann.post(f"{at}/saves", json={"name": "Then"})).json()["id"]
        (two,) = await _act(ann, room, {"do": "say", "text": "Two."})
        assert [(s["id"], s["name"]) for s in (await ben.get(f"{at}/saves")).json()["saves"]] == [(saved, "Then")]
        assert (await ben.delete(f"{at}/saves/{saved}")).status_code == 409
        loaded = await ann.post(f"{at}/saves/{saved}/load")
        assert loaded.status_code == 200, loaded.text
        assert (await ann.post(f"{at}/saves/nothing/load")).json()["reason"] == "unknown_target"
        await _act(ann, room, {"do": "branch", "name": "Plan B"})
        await _act(ann, room, {"do": "say", "text": "Another."})
        listed = (await ben.get(f"{at}/branches")).json()["branches"]
        assert [(b["name"], b["number"], b["text"], b["current"]) for b in listed] == [
            ("Plan B", 2, "Another.", True),
            ("", 1, "Two.", False),
        ]
        await _act(ann, room, {"do": "branch", "of": 1, "listed": False})
        assert len((await ben.get(f"{at}/branches")).json()["branches"]) == 1
        assert len((await ben.get(f"{at}/branches?everything=true")).json()["branches"]) == 2
        made = await ben.post(f"{at}/fork", json={"seq": two})
        assert made.status_code == 201, made.text
        fork = made.json()
        assert (fork["title"], fork["open"]) == ("Ours", False)
        assert (await ann.get(f"/api/rooms/{fork['id']}")).status_code == 404
        story = (await ben.get(f"/api/rooms/{fork['id']}/story")).json()["events"]
        assert [event["text"] for event in story if event["kind"] == "said"] == ["One.", "Two."]
        for wrong, status in (({"seq": 10_000}, 409), ({"seq": 0}, 422), ({"seq": one, "title": " "}, 422)):
            assert (await ben.post(f"{at}/fork", json=wrong)).status_code == status, wrong
        assert (await ann.delete(f"{at}/saves/{saved}")).status_code == 204
    async with server.client("spectator", "player:eve") as eve:
        assert (await eve.post(f"{at}/fork", json={"seq": one})).status_code == 403
