"""Search over REST: what one perceived, in one room and in all of one's own, and reading around a line."""

from __future__ import annotations

from typing import Any

import httpx

from tests.server.live import Live


async def act(http: httpx.AsyncClient, room: str, **action: Any) -> int:
    answer = await http.post(f"/api/rooms/{room}/actions", json={"action": action})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["seq"])


async def texts(http: httpx.AsyncClient, path: str, **query: Any) -> list[str]:
    answer = await http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [hit["text"] for hit in answer.json()["hits"]]


async def test_one_finds_what_one_perceived_and_nothing_tells_of_more(server: Live) -> None:
    ann, ben, eve = (server.client("player", f"player:{name}") for name in ("ann", "ben", "eve"))
    async with ann, ben, eve:
        for http, name in ((ann, "Ann"), (ben, "Ben")):
            await act(http, "hall", do="enter", name=name)
        await act(ann, "hall", do="say", text="The lamp is lit")
        await act(ann, "hall", do="say", text="A lamp for Ben only", to=["player:ben"])
        gone = await act(ben, "hall", do="say", text="Forget this lamp")
        await act(ben, "hall", do="erase", seq=gone)
        await act(eve, "hall", do="enter", name="Eve")
        await act(ben, "hall", do="say", text="Lámp, said with an accent")
        at = "/api/rooms/hall/search"
        assert await texts(ben, at, q="LAMP") == ["Lámp, said with an accent", "A lamp for Ben only", "The lamp is lit"]
        assert await texts(ben, at, q="lit lamp") == ["The lamp is lit"]
        assert await texts(eve, at, q="lamp") == ["Lámp, said with an accent"]
        nothing = {"hits": [], "more": False, "too_short": False}
        assert (
            (await eve.get(at, params={"q": "only"})).json()
            == nothing
            == (await eve.get(at, params={"q": "zz"})).json()
        )
        assert (await ben.get(at, params={"q": "forget"})).json() == nothing
        hit = (await ben.get(at, params={"q": "only", "limit": 1})).json()["hits"][0]
        assert hit | {"seq": 0, "at": 0} == {
            "seq": 0, "at": 0, "kind": "said", "who": "player:ann", "name": "Ann", "text": "A lamp for Ben only",
            "marks": [[15, 19]], "whisper": True, "from": 0, "of": 19,
        }  # fmt: skip
        newest = (await ben.get(at, params={"q": "lamp", "limit": 1})).json()
        assert newest["more"] and len(newest["hits"]) == 1
        assert len(await texts(ben, at, q="lamp", before=newest["hits"][0]["seq"])) == 2


async def test_what_was_wound_back_is_not_found(server: Live) -> None:
    async with server.client("operator", "player:boss") as http:
        start = await act(http, "hall", do="enter", name="Boss")
        await act(http, "hall", do="say", text="This lamp never was")
        await act(http, "hall", do="rewind", to=start)
        await act(http, "hall", do="say", text="This lamp is")
        assert await texts(http, "/api/rooms/hall/search", q="lamp") == ["This lamp is"]


async def test_too_short_or_too_odd(server: Live) -> None:
    async with server.client("player", "player:ann") as http:
        await act(http, "hall", do="enter", name="Ann")
        await act(http, "hall", do="say", text="我喜欢喝茶")
        for query in ("", "a", "?!", "'\"*"):
            answer = await http.get("/api/rooms/hall/search", params={"q": query})
            assert answer.json() == {"hits": [], "more": False, "too_short": True}, query
        assert await texts(http, "/api/rooms/hall/search", q="茶") == ["我喜欢喝茶"]
        for query in ("%%", "x" * 201, "lamp OR (tea)", '"; DROP TABLE events'):
            assert (await http.get("/api/rooms/hall/search", params={"q": query})).status_code in (200, 422)
        assert (await http.get("/api/rooms/hall/search", params={"q": "tea", "limit": 0})).status_code == 422
        assert (await http.get("/api/rooms/nowhere/search", params={"q": "tea"})).status_code == 404


async def test_over_the_rooms_that_one_was_in_and_may_see(server: Live) -> None:
    ann, ben = (server.client("player", f"player:{name}") for name in ("ann", "ben"))
    async with ann, ben:
        own = (await ann.post("/api/rooms", json={"scene": "hall", "title": "Ann's", "open": False})).json()["id"]
        shut = (await ben.post("/api/rooms", json={"scene": "hall", "title": "Ben's", "open": True})).json()["id"]
        for room in ("hall", own, shut):
            await act(ann, room, do="enter", name="Ann")
            await act(ann, room, do="say", text=f"A lamp in {room}")
        await act(ben, "hall", do="enter", name="Ben")
        await act(ben, "hall", do="say", text="My lamp")
        hits = (await ann.get("/api/search", params={"q": "lamp"})).json()["hits"]
        assert [(hit["room"], hit["title"]) for hit in hits] == [
            ("hall", "The hall"), (shut, "Ben's"), (own, "Ann's"), ("hall", "The hall"),
        ]  # fmt: skip
        assert await texts(ben, "/api/search", q="lamp") == ["My lamp"]
        await server.site.lobby._close_room(server.site.lobby.running[own])
        assert f"A lamp in {own}" in await texts(ann, "/api/search", q="lamp"), "a room need not be open"
        await act(ben, shut, do="enter", name="Ben")
        await act(ben, shut, do="remove", who="player:ann", ban=True)
        assert not any(
            hit["room"] == shut for hit in (await ann.get("/api/search", params={"q": "lamp"})).json()["hits"]
        )
        await ann.delete(f"/api/rooms/{own}")
        assert {hit["room"] for hit in (await ann.get("/api/search", params={"q": "lamp"})).json()["hits"]} == {"hall"}
        cut = (await ann.get("/api/search", params={"q": "lamp", "limit": 1})).json()
        assert cut["more"] and len(cut["hits"]) == 1
        assert (await ann.get("/api/search", params={"q": "l"})).json()["too_short"]


async def test_one_reads_around_a_line(server: Live) -> None:
    ann, eve = (server.client("player", f"player:{name}") for name in ("ann", "eve"))
    async with ann, eve:
        await act(ann, "hall", do="enter", name="Ann")
        seqs = [await act(ann, "hall", do="say", text=f"Line {number}") for number in range(10)]
        await act(eve, "hall", do="enter", name="Eve")
        at = "/api/rooms/hall/story"
        part = (await ann.get(at, params={"around": seqs[5], "limit": 2})).json()
        assert [event["text"] for event in part["events"]] == [f"Line {number}" for number in (3, 4, 5, 6, 7)]
        assert (part["there"], part["earlier"], part["later"], part["names"]) == (
            True,
            True,
            True,
            {"player:ann": "Ann"},
        )
        assert all("patch" not in event for event in part["events"])
        part = (await ann.get(at, params={"before": seqs[2]})).json()
        assert [event.get("text") for event in part["events"]] == [None, "Line 0", "Line 1"] and not part["earlier"]
        part = (await ann.get(at, params={"after": seqs[8]})).json()
        assert [event["kind"] for event in part["events"]] == ["said", "entered"] and not part["later"]
        assert [event["kind"] for event in (await ann.get(at, params={"limit": 1})).json()["events"]] == ["entered"]
        part = (await eve.get(at, params={"around": seqs[5]})).json()
        assert not part["there"] and not part["earlier"] and [event["kind"] for event in part["events"]] == ["entered"]
        assert (await ann.get(at, params={"around": 10**6})).json()["there"] is False
