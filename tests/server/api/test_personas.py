from __future__ import annotations

import httpx

from openroom.client.member import connect
from openroom.core.persona import MOST_PERSONAS
from tests.server.live import Live
from tests.server.raw import raw
from tests.waiting import until

VALE = {"name": "Captain Vale", "about": "Sailed round the Horn.", "is_me": False}
LOOK = {"skin": "#ffffff", "hair": "bald", "hair_colour": "#000000", "clothes": "coat", "colour": "#123456"}


async def _made(http: httpx.AsyncClient, **more: object) -> str:
    answer = await http.post("/api/people/me/personas", json={**VALE, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _cookies(http: httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in http.cookies.items())


async def test_one_makes_changes_and_deletes_ones_own_and_nobody_elses(server: Live) -> None:
    async with server.client() as ann, server.client() as bob:
        await ann.post("/api/session")
        await bob.post("/api/session")
        id = await _made(ann, look=LOOK)
        path = f"/api/people/me/personas/{id}"
        assert (await ann.get("/api/people/me/personas")).json() == {"personas": [{"id": id, **VALE, "look": LOOK}]}
        assert (await bob.get("/api/people/me/personas")).json() == {"personas": []}
        assert (await bob.put(path, json=VALE)).status_code == 403
        assert (await bob.delete(path)).status_code == 403
        changed = await ann.put(path, json={"name": "Admiral Vale"})
        assert changed.json() == {"id": id, "name": "Admiral Vale", "about": "", "is_me": False}
        assert (await ann.put(path, json={"name": "x", "about": "y" * 401})).status_code == 422
        assert (await ann.put(path, json={"name": "\u202evil"})).status_code == 422
        assert (await ann.delete(path)).status_code == 204
        assert (await ann.delete(path)).status_code == 403
        for _ in range(MOST_PERSONAS):
            await _made(ann)
        refused = await ann.post("/api/people/me/personas", json=VALE)
        assert (refused.status_code, refused.json()["reason"]) == (409, "too_many")


async def test_one_comes_in_as_a_persona_and_what_is_remembered_says_as_whom(server: Live) -> None:
    async with server.client() as http:
        await http.post("/api/session")
        id = await _made(http)
        async with raw(server, "tea_room", additional_headers={"Cookie": _cookies(http)}) as ann:
            await ann.send(type="join", name="Ann", persona=id)
            snapshot = await ann.get("snapshot")
            you = next(who for who, one in snapshot["state"]["people"].items() if one.get("persona"))
            person = snapshot["state"]["people"][you]
            assert person["name"] == "Captain Vale"
            assert person["personas"] == {id: {"name": "Captain Vale", "about": "Sailed round the Horn."}}
            assert (await ann.act("a-1", do="say", text="Mira, I live in Genoa."))["type"] == "done"

            async def remembered() -> list[dict[str, str]]:
                answer = await http.get("/api/people/me/memories", params={"character": "mira"})
                return [one for one in answer.json()["memories"] if one["kind"] == "fact"]

            (fact,) = await until(remembered)
            assert fact["persona"] == id
            assert fact["text"] == "Captain Vale lives in Genoa."
            # A persona made meanwhile speaks at once; one of nobody's does not.
            other = await _made(http, name="Lady Ash")
            assert (await ann.act("a-2", do="say", text="I am she.", persona=other))["type"] == "done"
            assert (await ann.act("a-3", do="say", text="Hm.", persona="pnobody"))["reason"] == "unknown_persona"
            assert (await ann.act("a-4", do="say", text="Hm.", play="character:mira"))["reason"] == "not_allowed"
        gone = await http.delete(f"/api/people/me/personas/{id}?forget=true")
        assert gone.status_code == 204
        left = (await http.get("/api/people/me/memories?character=mira")).json()["memories"]
        assert not any(one.get("persona") == id for one in left)


async def test_a_persona_that_is_there_no_more_opens_no_door(server: Live) -> None:
    async with server.client() as http:
        await http.post("/api/session")
        async with raw(server, "tea_room", additional_headers={"Cookie": _cookies(http)}) as ann:
            await ann.send(type="join", name="Ann", persona="pgone")
            assert (await ann.get("error"))["reason"] == "unknown_persona"
        answer = await http.post(
            "/api/rooms/tea_room/actions", json={"action": {"do": "enter", "name": "Ann", "persona": "pgone"}}
        )
        assert answer.json()["reason"] == "unknown_persona"


async def test_the_client_comes_in_as_a_persona_and_lets_another_speak(server: Live) -> None:
    async with server.client() as http:
        session = (await http.post("/api/session")).json()
        vale, ash = await _made(http), await _made(http, name="Lady Ash")
        token = next(iter(http.cookies.values()))
        async with connect(server.url, "tea_room", name="Ann", persona=vale, token=token) as ann:
            assert ann.you == session["id"]
            assert ann.state["people"][ann.you]["name"] == "Captain Vale"
            (seq,) = await ann.say("I am she.", persona=ash)
            assert ann.state["people"][ann.you]["personas"][ash]["name"] == "Lady Ash"
            assert seq > 0
        async with connect(server.url, "tea_room", name="Ann", persona="self", token=token) as ann:
            assert ann.state["people"][ann.you]["name"] == "Ann"
            assert "persona" not in ann.state["people"][ann.you]
