from __future__ import annotations

from openroom.protocol.closing import CLOSE_REFUSED
from tests.server.live import Live
from tests.server.raw import raw


async def test_a_session_is_a_cookie_that_scripts_cannot_read(server: Live) -> None:
    async with server.client() as http:
        assert (await http.get("/api/people/me")).status_code == 403
        answer = await http.post("/api/session")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        me = (await http.get("/api/people/me")).json()
        assert me == answer.json()
        assert (me["role"], me["id"][:7]) == ("player", "player:")
        assert (await http.post("/api/session")).json()["id"] == me["id"]
        named = (await http.post("/api/people/me", json={"name": " Ann "})).json()
        assert (named["id"], named["name"]) == (me["id"], "Ann")
        assert (await http.post("/api/people/me", json={"name": "\x00"})).status_code == 403
        await http.delete("/api/session")
        assert (await http.get("/api/people/me")).status_code == 403


async def test_the_cookie_serves_the_socket_too_and_is_not_repeated_there(server: Live) -> None:
    async with server.client() as http:
        me = (await http.post("/api/session")).json()
        cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    async with raw(server, additional_headers={"Cookie": cookies}) as ann:
        await ann.send(type="join", name="Ann")
        hello = await ann.next()
    assert hello["you"] == me["id"]
    assert "token" not in hello


async def test_the_operator_link_works_once(server: Live) -> None:
    link = f"/operator/{await server.site.access.operator_link()}"
    async with server.client() as http, server.client() as late:
        page = await http.get(link)
        assert (page.status_code, '<form method="post"' in page.text) == (200, True)
        assert (await http.get("/api/settings")).status_code == 403, "looking at the page redeems nothing"
        answer = await http.post(link)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert (await http.get("/api/people/me")).json()["role"] == "operator"
        assert (await http.get("/api/settings")).status_code == 200
        assert (await http.get(link)).status_code == 303
        assert (await late.get(link)).status_code == 410
        assert (await late.post(link)).status_code == 410
        assert (await late.get("/operator/forged")).status_code == 404


async def test_an_invite_redeems_itself_under_no_name(server: Live) -> None:
    access = server.site.access
    async with server.client() as http:
        for role, room, itself in (("operator", "", True), ("creator", "", False), ("player", "hall", False)):
            text = access.grant(await access.hand_out(role, room=room, uses=1))
            for kind in ("operator", "invite"):
                page = (await http.get(f"/{kind}/{text}")).text
                assert ("submit()" in page) is (itself and kind == "operator")


async def test_who_signs_out_is_known_by_that_session_no_more(server: Live) -> None:
    async with server.client() as http, server.client() as other:
        me = (await http.post("/api/session")).json()["id"]
        cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        other.headers["Cookie"] = cookies
        text = cookies.partition("=")[2]
        assert (await other.get("/api/people/me")).json()["id"] == me
        assert (await http.delete("/api/session")).status_code == 204
        assert (await other.get("/api/people/me")).status_code == 403
        async with server.client() as bearer:
            bearer.headers["Authorization"] = f"Bearer {text}"
            assert (await bearer.get("/api/people/me")).status_code == 403
            assert (await bearer.delete("/api/session")).status_code == 204, "signing out twice is no error"


async def test_tokens_are_handed_out_listed_and_taken_back(server: Live) -> None:
    async with server.client("operator") as http:
        made = (await http.post("/api/tokens", json={"role": "creator", "note": "Bea"})).json()
        listed = (await http.get("/api/tokens")).json()["tokens"]
        assert [token["id"] for token in listed] == [made["id"]]
        assert made["token"] not in str(listed)
        bearer = {"Authorization": f"Bearer {made['token']}"}
        assert (await http.get("/api/people/me", headers=bearer)).json()["role"] == "creator"
        assert (await http.delete(f"/api/tokens/{made['id']}")).status_code == 204
        assert (await http.get("/api/people/me", headers=bearer)).status_code == 403
    async with server.client("creator") as http:
        for method, path in (("GET", "/api/tokens"), ("POST", "/api/tokens"), ("DELETE", "/api/tokens/x")):
            answer = await http.request(method, path, json={"role": "operator"})
            assert (answer.status_code, answer.json()["reason"]) == (403, "not_allowed")


async def test_an_invite_leads_into_its_room(server: Live) -> None:
    async with server.client("player", "player:own") as http:
        room = (await http.post("/api/rooms", json={"scene": "hall", "open": False})).json()["id"]
        url = (await http.post(f"/api/rooms/{room}/invites", json={"uses": 1})).json()["url"]
    async with server.client() as http:
        await http.post("/api/session")
        assert (await http.get(f"/api/rooms/{room}")).status_code == 404
        assert "Come in" in (await http.get(url)).text
        answer = await http.post(url)
        assert answer.headers["location"] == f"/room/{room}"
        assert (await http.get(f"/api/rooms/{room}")).status_code == 200
    async with server.client() as http:
        token = url.rpartition("/")[2]
        assert (await http.post("/api/redeem", json={"token": token})).status_code == 403


async def test_an_invite_is_taken_back_alone_or_with_those_who_came_by_it(server: Live) -> None:
    async with server.client("player", "player:own") as own, server.client() as ann, server.client() as eve:
        await ann.post("/api/session")
        before = "; ".join(f"{name}={value}" for name, value in ann.cookies.items())
        room = (await own.post("/api/rooms", json={"scene": "hall", "open": False})).json()["id"]
        invite = (await own.post(f"/api/rooms/{room}/invites", json={})).json()
        for http in (ann, eve):
            await http.post("/api/redeem", json={"token": invite["token"]})
        cookies = "; ".join(f"{name}={value}" for name, value in ann.cookies.items())
        async with raw(server, room, additional_headers={"Cookie": cookies}) as socket:
            await socket.send(type="join", name="Ann")
            await socket.get("snapshot")
            path = f"/api/rooms/{room}/invites/{invite['id']}"
            assert (await eve.delete(path)).status_code == 403, "a guest takes nothing back"
            assert (await own.delete(path)).status_code == 204
            assert (await own.delete(path)).status_code == 403
            assert (await eve.get(f"/api/rooms/{room}")).status_code == 200, "who came by it stays"
            async with server.client() as late:
                assert (await late.post("/api/redeem", json={"token": invite["token"]})).status_code == 403
            assert (await own.delete(path, params={"guests": True})).status_code == 204
            assert (await socket.get("bye"))["reason"] == "kicked"
        async with server.client() as older, raw(server, room, additional_headers={"Cookie": before}) as socket:
            older.headers["Cookie"] = before
            assert (await older.get(f"/api/rooms/{room}")).status_code == 404, "nor by a session from before the invite"
            await socket.send(type="join", name="Ann")
            assert await socket.closed() == CLOSE_REFUSED
        for http in (ann, eve):
            assert (await http.get(f"/api/rooms/{room}")).status_code == 404
            await http.post("/api/people/me", json={"name": "Somebody"})
            assert (await http.get(f"/api/rooms/{room}")).status_code == 404
        other = (await own.post(f"/api/rooms/{room}/invites", json={})).json()
        await ann.post("/api/redeem", json={"token": other["token"]})
        assert (await ann.get(f"/api/rooms/{room}")).status_code == 200


async def test_who_came_by_another_invite_too_stays(server: Live) -> None:
    async with server.client("player", "player:own") as own, server.client() as ann:
        room = (await own.post("/api/rooms", json={"scene": "hall", "open": False})).json()["id"]
        older, newer = [(await own.post(f"/api/rooms/{room}/invites", json={})).json() for _ in range(2)]
        for invite in (older, newer):
            await ann.post("/api/redeem", json={"token": invite["token"]})
        cookies = "; ".join(f"{name}={value}" for name, value in ann.cookies.items())
        async with raw(server, room, additional_headers={"Cookie": cookies}) as socket:
            await socket.send(type="join", name="Ann")
            await socket.get("snapshot")
            for invite, status in ((newer, 200), (older, 404)):
                path = f"/api/rooms/{room}/invites/{invite['id']}"
                assert (await own.delete(path, params={"guests": True})).status_code == 204
                assert (await ann.get(f"/api/rooms/{room}")).status_code == status
                if status == 200:
                    await socket.send(type="ping", t=1)
                    assert await socket.get("pong"), "the connection stays too"
            assert (await socket.get("bye"))["reason"] == "kicked"


async def test_a_role_that_is_taken_back_is_gone_from_open_connections(server: Live) -> None:
    record = await server.site.access.hand_out("operator", uses=1)
    boss = await server.site.access.redeem(server.site.access.grant(record), None)
    async with raw(server) as socket:
        await socket.send(type="join", name="Boss", token=server.site.access.session(boss))
        hello = await socket.get("hello")
        assert hello["role"] == "operator"
        assert await server.site.take_back(record.id)
        assert (await socket.get("bye"))["reason"] == "closing"
    async with raw(server) as socket:
        await socket.send(type="join", name="Boss", token=hello["token"])
        assert (await socket.get("hello"))["role"] == "player"


async def test_only_the_owner_invites(server: Live) -> None:
    async with server.client("player", "player:eve") as http:
        assert (await http.post("/api/rooms/hall/invites", json={})).status_code == 403
