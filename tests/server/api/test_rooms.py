from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from openroom.core.patch import merge
from openroom.errors import StoreError
from openroom.room import portable
from tests.cards import corpus
from tests.server.live import Live, live
from tests.server.raw import joined
from tests.waiting import until


async def test_who_runs_a_room_gives_it_a_lorebook(server: Live) -> None:
    world = corpus.dumped(corpus.WORLD)
    async with server.client("player", "player:own") as http, server.client("player", "player:pia") as other:
        made = (await http.post("/api/rooms", json={"scene": "hall"})).json()["id"]
        at = f"/api/rooms/{made}/lore"
        assert (await http.get(at)).json() == {"lore": None}
        for ask in (other.get(at), other.put(at, content=world), other.delete(at)):
            assert (await ask).status_code == 403
        put = (await http.put(at, content=world)).json()
        assert [entry["text"] for entry in put["lore"]["entries"]] == ["Seven.", "Old."]
        room = await server.site.lobby.open(made)
        assert room.world.lore is not None and len(room.world.lore.entries) == 2
        own = "format: 1\nentries:\n  - {id: lamp, keys: [lamp], text: It is dark.}\n"
        assert (await http.put(at, content=own)).json()["lore"]["entries"][0]["text"] == "It is dark."
        read = (await http.get(at)).json()["lore"]
        written = room.seq
        assert (await http.put(at, json=read)).json()["lore"] == read, "what was read can be put"
        assert room.seq == written, "and is not written to the log once more"
        for wrong, words in ((b"format: 1\nentries: [{id: 5}]", "lore.yaml"), (b"{}", "a lorebook"), (b"x", "mapping")):
            answer = await http.put(at, content=wrong)
            assert answer.status_code == 422 and words in answer.text, answer.text
        for entries, words in (
            ([{"id": "e", "text": "x", "keys": [f"/a{at}+/" for at in range(51)]}], "50 regular"),
            ([{"id": f"e_{at}", "text": "x" * 10_000} for at in range(31)], "300,000 bytes"),
        ):
            answer = await http.put(at, json={"format": 1, "entries": entries})
            assert answer.status_code == 422 and words in answer.text
        assert (await http.delete(at)).status_code == 204
        assert (await http.get(at)).json() == {"lore": None} and room.world.lore is None


async def test_one_past_at_a_time_comes_into_a_room(server: Live) -> None:
    lines = [{"user_name": "Ann", "character_name": "Mira"}, {"name": "Ann", "is_user": True, "mes": "A heron."}]
    chat = "\n".join(map(json.dumps, lines))
    async with server.client("player", "player:own") as own, server.client("operator", "player:boss") as boss:
        at = f"/api/rooms/{(await own.post('/api/rooms', json={'scene': 'hall'})).json()['id']}"
        done = server.site.costly.begin(f"past of {at.rpartition('/')[2]}")  # somebody's is on its way
        for http in (own, boss, own):
            answer = await http.post(f"{at}/past", content=chat)
            assert (answer.status_code, answer.json()["reason"]) == (409, "busy")
        done()
        assert (await boss.post(f"{at}/past", content=chat)).status_code == 201
        assert (await own.post(f"{at}/past", content=chat)).json()["reason"] == "not_empty"


async def test_rooms_are_listed_made_seen_and_deleted(server: Live) -> None:
    async with server.client("player", "player:ann") as http:
        ids = [room["id"] for room in (await http.get("/api/rooms")).json()["rooms"]]
        assert set(ids) >= {"hall", "tea_room"}
        answer = await http.post("/api/rooms", json={"scene": "hall", "title": "Ann's hall", "open": False})
        made = answer.json()
        assert (answer.status_code, made["scene"], made["title"], made["open"]) == (201, "hall", "Ann's hall", False)
        (mine,) = [room for room in (await http.get("/api/rooms")).json()["rooms"] if room["mine"]]
        assert mine["id"] == made["id"]
        snapshot = (await http.get(f"/api/rooms/{made['id']}")).json()
        assert (snapshot["type"], snapshot["state"]["scene"]["id"]) == ("snapshot", "hall")
    async with server.client("player", "player:bob") as http:
        assert made["id"] not in str((await http.get("/api/rooms")).json())
        there = {id: (await http.get(f"/api/rooms/{id}/door")).json()["there"] for id in ("hall", made["id"], "attic")}
        assert there == {"hall": True, made["id"]: True, "attic": False}
        cards = {id: (await http.get(f"/api/rooms/{id}/card")).json() for id in ("tea_room", made["id"], "attic")}
        assert cards.pop("tea_room")["mine"] is False
        assert cards == {made["id"]: {"there": True}, "attic": {"there": False}}, "what is private is not told"
        assert (await http.delete(f"/api/rooms/{made['id']}")).status_code == 404
        assert (await http.delete("/api/rooms/hall")).status_code == 403
    async with server.client("player", "player:ann") as http:
        assert (await http.get(f"/api/rooms/{made['id']}/card")).json() == {"there": True, "cast": [], **mine}
        assert (await http.delete(f"/api/rooms/{made['id']}")).status_code == 204
        assert (await http.get(f"/api/rooms/{made['id']}")).status_code == 404
        assert (await http.get(f"/api/rooms/{made['id']}/door")).json() == {"there": False}


async def test_the_card_of_a_room_says_what_the_list_says_and_who_its_characters_are(server: Live) -> None:
    async with server.client() as http:
        listed = (await http.get("/api/rooms?language=de")).json()["rooms"]
        (tea,) = [room for room in listed if room["id"] == "tea_room"]
        card = (await http.get("/api/rooms/tea_room/card?language=de")).json()
    assert card.pop("there") is True
    assert [one["id"] for one in card["cast"]] == ["mira", "oskar", "yuki"]
    assert [one["name"] for one in card.pop("cast")] == card["characters"]
    assert card == tea


async def test_a_look_is_seen_by_the_others_and_a_wrong_one_is_refused(server: Live) -> None:
    look = {"skin": "#d9a27a", "hair": "bob", "hair_colour": "#4a3024", "clothes": "coat", "colour": "#3b6b8f"}
    path = "/api/rooms/hall/actions"

    async def enters(http: Any, **given: Any) -> Any:
        return await http.post(path, json={"action": {"do": "enter", "name": "Ann", **given}})

    async with joined(server, "Bob") as bob, server.client("player", "player:ann") as http:
        wrong = await enters(http, look={**look, "hair": "<b>"})
        assert (wrong.status_code, wrong.json()["reason"]) == (422, "malformed")
        assert "look.hair" in wrong.json()["message"] and "'short'" in wrong.json()["message"]
        assert (await enters(http, look=look)).status_code == 200
        entered = (await bob.get("event"))["event"]
        assert entered["patch"]["people"]["player:ann"]["look"] == look
        assert (await enters(http, look=look)).json()["seqs"] == [], "nothing has changed"
        assert (await enters(http)).json()["seqs"] == []
        assert (await enters(http, look={**look, "hair": "bun"})).status_code == 200
        people = (await http.get("/api/rooms/hall")).json()["state"]["people"]
        assert people["player:ann"]["look"]["hair"] == "bun" and people["player:ann"]["here"]


async def test_acting_by_rest_is_acting_through_the_same_door(server: Live) -> None:
    async with joined(server, "Bob") as bob, server.client("player", "player:ann") as http:
        path = "/api/rooms/hall/actions"
        early = await http.post(path, json={"action": {"do": "say", "text": "hello"}})
        assert (early.status_code, early.json()["reason"]) == (409, "not_here")
        came = (await http.post(path, json={"action": {"do": "enter", "name": "Ann"}})).json()
        assert came["seqs"] == [came["seq"]]
        wish = {"action": {"do": "use", "prop": "lamp", "verb": "light"}, "id": "once"}
        first = (await http.post(path, json=wish)).json()
        assert (await http.post(path, json=wish)).json()["seqs"] == first["seqs"]
        entered, used = await bob.get("event"), await bob.get("event")
        assert (entered["event"]["name"], used["event"]["actor"]) == ("Ann", "player:ann")
        events = (await http.get("/api/rooms/hall/events", params={"after": entered["event"]["seq"]})).json()
        assert [event["kind"] for event in events["events"]] == ["used"]
        for body in ("{", "[]", '{"action": {"do": "fly"}}', '{"action": {"do": "tick", "timer": NaN}}', "[" * 100):
            answer = await http.post(path, content=body)
            assert (answer.status_code, answer.json()["reason"], bool(answer.json()["message"])) == (
                422,
                "malformed",
                True,
            )
        large = await http.post(path, content="x" * 20_000)
        assert (large.status_code, large.json()["reason"]) == (413, "too_large")


@pytest.mark.parametrize("after", [{"do": "leave"}, {"do": "enter", "name": "Ann", "watch": True}])
async def test_to_enter_that_is_sent_again_changes_nothing(server: Live, after: dict[str, Any]) -> None:
    async with server.client("player", "player:ann") as http:
        enter = {"action": {"do": "enter", "name": "Ann"}, "id": "in"}
        acts = [enter, {"action": after}, enter]
        first, then, again = [(await http.post("/api/rooms/hall/actions", json=act)).json() for act in acts]
        assert again == {"seqs": first["seqs"], "seq": then["seq"]}
        room = await server.site.lobby.open("hall")
        assert room.state.is_here("player:ann") == (after["do"] == "enter")


async def test_who_polls_can_keep_the_state_up(server: Live) -> None:
    """What one does not perceive comes as a bare seq with its patch: shared state is shared."""
    async with joined(server, "Bob"), server.client("player", "player:ann") as http:
        await http.post("/api/rooms/hall/actions", json={"action": {"do": "enter", "name": "Ann"}})
        bodies = (await http.get("/api/rooms/hall/events", params={"after": 0})).json()["events"]
        state: Any = {}
        for body in bodies:
            state = merge(state, body.get("patch", {}))
        assert "kind" not in bodies[0], "the opening is perceived by nobody"
        assert state == (await http.get("/api/rooms/hall")).json()["state"]


async def test_who_acts_by_rest_leaves_after_the_grace(tmp_path: Path) -> None:
    async with live(tmp_path, grace_seconds=0.2) as server, server.client("player", "player:ann") as http:
        await http.post("/api/rooms/hall/actions", json={"action": {"do": "enter", "name": "Ann"}})
        state = (await server.site.lobby.open("hall")).state
        assert state.is_here("player:ann")
        await until(lambda: not server.site.lobby.running["hall"].state.is_here("player:ann"))


async def test_an_export_holds_what_one_perceived(server: Live) -> None:
    token = server.token(id="player:ann")
    async with joined(server, "Ann", token=token) as ann, joined(server, "Bob") as bob, server.client("operator") as op:
        (bob_id,) = [who for who, p in server.site.lobby.running["hall"].state.people.items() if p["name"] == "Bob"]
        await ann.act("w", do="say", text="whispered words", to=[bob_id])
        await ann.act("s", do="say", text="spoken words")
        async with server.client("player", "player:eve") as eve:
            assert "words" not in (await eve.get("/api/rooms/hall/export")).text
            assert (await eve.get("/api/rooms/hall/export", params={"full": True})).status_code == 403
        async with server.client("player", "player:ann") as mine:
            text = (await mine.get("/api/rooms/hall/export")).text
            assert "whispered words" in text
            assert '"hidden"' not in text
        assert "words" not in (await op.get("/api/rooms/hall/export")).text
        full = (await op.get("/api/rooms/hall/export", params={"full": True})).json()
        assert [event["seq"] for event in full["events"]] == list(range(1, full["seq"] + 1))
        assert "whispered words" in json.dumps(full)
        await bob.act("c", do="say", text="thanks")


async def test_an_export_is_put_together_of_pages_and_is_the_whole(
    server: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joined(server, "Ann", token=server.token(id="player:ann")) as ann, server.client("operator") as op:
        for number in range(7):
            await ann.act(f"s{number}", do="say", text=f"line {number}")
        pages = []
        for size in (1, 3, 500):
            monkeypatch.setattr(portable, "_PAGE", size)
            full = (await op.get("/api/rooms/hall/export", params={"full": True})).json()
            async with server.client("player", "player:ann") as mine:
                pages.append((full, (await mine.get("/api/rooms/hall/export")).json()))
        assert pages[0] == pages[1] == pages[2]
        assert [event["seq"] for event in full["events"]] == list(range(1, full["seq"] + 1))
        async with server.client("player", "player:eve") as eve:
            assert (await eve.get("/api/rooms/hall/export")).json()["events"] == []


async def test_an_export_is_made_one_at_a_time_for_a_person(server: Live) -> None:
    async with server.client("player", "player:ann") as ann, server.client("player", "player:bob") as bob:
        end = server.site.costly.begin("player:ann")
        busy = await ann.get("/api/rooms/hall/export")
        assert (busy.status_code, busy.json()["reason"]) == (409, "busy")
        assert (await bob.get("/api/rooms/hall/export")).status_code == 200
        end()
        for _ in range(2):
            assert (await ann.get("/api/rooms/hall/export")).status_code == 200


async def test_reading_much_has_a_rate(tmp_path: Path) -> None:
    async with live(tmp_path, rate_per_second=0.01, rate_burst=3) as server, server.client("player") as http:
        for path, code in (("export", 200), ("events", 200), ("export", 200), ("events", 429), ("export", 429)):
            assert (await http.get(f"/api/rooms/hall/{path}")).status_code == code
        assert (await http.get("/api/rooms/hall")).status_code == 200


async def test_an_address_starts_only_so_many_rooms(tmp_path: Path) -> None:
    async with live(tmp_path, max_rooms_per_person=2, max_rooms_per_address=3) as server:
        made = []
        for who in ("player:ann", "player:bob"):
            async with server.client("player", who) as http:
                wishes = [http.post("/api/rooms", json={"scene": "hall"}) for _ in range(6)]
                made += [answer.json()["id"] for answer in await asyncio.gather(*wishes) if answer.status_code == 201]
        assert len(made) == 3, "the count and the making are one step"
        async with server.client("player", "player:eve") as http:
            answer = await http.post("/api/rooms", json={"scene": "hall"})
            assert (answer.status_code, answer.json()["reason"]) == (409, "too_many_rooms")
            async with server.client("operator", "player:boss") as boss:
                assert (await boss.delete(f"/api/rooms/{made[0]}")).status_code == 204
                assert (await http.post("/api/rooms", json={"scene": "hall"})).status_code == 201
                assert (await boss.post("/api/rooms", json={"scene": "hall"})).status_code == 201


async def test_a_player_starts_only_so_many_rooms_and_a_spectator_none(server: Live) -> None:
    async with server.client("player", "player:ann") as http:
        codes = [(await http.post("/api/rooms", json={"scene": "hall"})).status_code for _ in range(6)]
        assert codes == [201] * 5 + [409]
    async with server.client("spectator", "player:eve") as http:
        assert (await http.post("/api/rooms", json={"scene": "hall"})).status_code == 403
        assert (await http.post("/api/rooms", json={})).json()["reason"] == "malformed"
    async with server.client() as http:
        assert (await http.post("/api/rooms", json={"scene": "hall"})).status_code == 403
    async with server.client("creator", "player:bea") as http:
        assert (await http.post("/api/rooms", json={"scene": "cellar"})).status_code == 404


async def test_numbers_that_no_seq_can_have_are_malformed(server: Live) -> None:
    async with server.client("player") as ann:
        for after in (10**20, 2**53, -1):
            answer = await ann.get("/api/rooms/hall/events", params={"after": after})
            assert (answer.status_code, answer.json()["reason"]) == (422, "malformed")


async def test_an_import_that_nests_too_deep_makes_no_room(server: Live) -> None:
    async with server.client("operator") as op:
        await op.get("/api/rooms/hall")
        file = (await op.get("/api/rooms/hall/export", params={"full": True})).json()
        deep: Any = 1
        for _ in range(100):
            deep = {"a": deep}
        file["events"][0]["patch"]["deep"] = deep
        answer = await op.post("/api/rooms/import", json={**file, "room": "brought"})
        assert (answer.status_code, answer.json()["reason"]) == (422, "definition")
        assert (await op.get("/api/rooms/brought/door")).json() == {"there": False}


async def test_an_import_that_cannot_be_stored_leaves_nothing(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    async with server.client("operator") as op:
        await op.get("/api/rooms/hall")
        file = (await op.get("/api/rooms/hall/export", params={"full": True})).json()

        async def failing(*_given: object) -> None:
            raise StoreError("Could not write: disk full.")

        with monkeypatch.context() as patched:
            patched.setattr(server.site.lobby.store, "append", failing)
            assert (await op.post("/api/rooms/import", json={**file, "room": "brought"})).status_code == 503
        assert (await op.get("/api/rooms/brought/door")).json() == {"there": False}
        assert (await op.post("/api/rooms/import", json={**file, "room": "brought"})).json()["id"] == "brought"


async def test_nothing_is_kept_of_rooms_that_do_not_exist(server: Live) -> None:
    async with server.client("operator") as op:
        for room in ("nowhere", "n" * 81, "n" * 3000, "no where", "%0a"):
            assert (await op.get(f"/api/rooms/{room}")).status_code == 404
            assert (await op.get(f"/api/rooms/{room}/door")).json() == {"there": False}
        assert "nowhere" not in server.site.lobby._opening
