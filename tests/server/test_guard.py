from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from openroom.server.guard import Hosts
from tests.server.live import Live, live, small_settings
from tests.server.raw import joined, raw

SECRET = "0123456789abcdef"


def hosts(tmp_path: Path, **settings: Any) -> Hosts:
    return Hosts.of(small_settings(tmp_path, **settings))


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8200", True),
        ("localhost", True),
        ("[::1]:8200", True),
        ("LOCALHOST:1", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("192.168.1.7", False),
        ("", False),
    ],
)
def test_only_this_servers_names_on_loopback(tmp_path: Path, host: str, ours: bool) -> None:
    assert hosts(tmp_path).is_ours(host) is ours


def test_names_from_the_settings(tmp_path: Path) -> None:
    found = hosts(
        tmp_path,
        host="0.0.0.0",
        secret=SECRET,
        allowed_hosts="rooms.local,a.example:81",
        public_url="https://b.example",
    )
    for host in ("rooms.local", "rooms.local:99", "a.example:81", "b.example", "192.168.1.7:8200"):
        assert found.is_ours(host), host
    for host in ("a.example", "evil.example"):
        assert not found.is_ours(host), host
    assert hosts(tmp_path, allowed_hosts="*").is_ours("any.example")


@pytest.mark.parametrize(
    ("origin", "may"),
    [
        ("http://127.0.0.1:8200", True),
        ("http://127.0.0.1:3000", False),
        ("http://localhost:8200", False),
        ("https://evil.example", False),
        ("null", False),
        ("file://", False),
        ("https://friend.example", True),
        ("https://rooms.example", True),
        ("https://rooms.example.evil.example", False),
    ],
)
def test_origins(tmp_path: Path, origin: str, may: bool) -> None:
    found = hosts(tmp_path, allowed_hosts="friend.example", public_url="https://rooms.example")
    assert found.may_ask(origin, "127.0.0.1:8200") is may


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        ("https://rooms.example:8443", "rooms.example:8443", True),
        ("https://rooms.example:8443", "rooms.example", True),
        ("https://Rooms.Example:8443", "127.0.0.1:8200", True),
        ("http://rooms.example:8443", "rooms.example:8443", False),
        ("http://rooms.example", "rooms.example", False),
        ("https://rooms.example", "rooms.example", False),
        ("https://rooms.example:444", "rooms.example:8443", False),
        ("https://friend.example:444", "rooms.example", True),
        ("http://127.0.0.1:8200", "127.0.0.1:8200", True),
        ("http://192.168.1.7:3000", "192.168.1.7:8200", False),
    ],
)
def test_a_page_of_the_public_url_comes_from_its_very_scheme_and_port(
    tmp_path: Path, origin: str, host: str, may: bool
) -> None:
    settings = {"host": "192.168.1.7", "secret": SECRET, "allowed_hosts": "friend.example"}
    found = hosts(tmp_path, public_url="https://rooms.example:8443", **settings)
    assert found.is_ours(host)
    assert found.may_ask(origin, host) is may


@pytest.mark.parametrize("path", ["/_nicegui_ws/socket.io/?EIO=4&transport=polling", "/ws/rooms/hall", "/a/socket.io"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
async def test_what_stands_in_for_a_socket_is_refused_to_other_sites_like_one(
    server: Live, path: str, method: str
) -> None:
    async with server.client() as http:
        answer = await http.request(method, path, headers={"Origin": "http://evil.example"})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
        assert (await http.request(method, path, headers={"Origin": server.url})).status_code != 403


async def test_sockets_of_every_kind_are_counted_by_address(tmp_path: Path) -> None:
    async with live(tmp_path, connections_per_address=1) as server:
        for _ in range(4):
            assert server.app.state.connections.enter("127.0.0.1")
        async with raw(server) as ann:
            assert await ann.closed() == 4429
        with pytest.raises(InvalidStatus, match="403"):
            async with connect(f"{server.ws}/_nicegui_ws/socket.io", proxy=None):
                pass
        server.app.state.connections.leave("127.0.0.1")
        async with joined(server):
            pass


async def test_a_page_of_another_site_gets_no_socket(server: Live) -> None:
    async with raw(server, origin="http://evil.example") as ann:
        assert await ann.closed() == 4403
        assert ann.socket.subprotocol == "openroom.v1", "else a browser hides the code"
    async with raw(server, origin=server.url) as ann:
        await ann.send(type="join", name="Ann")
        assert (await ann.next())["type"] == "hello"
    with pytest.raises(InvalidStatus, match="403"):
        async with connect(f"{server.ws}/_nicegui_ws/socket.io", origin=Origin("http://evil.example"), proxy=None):
            pass


async def test_a_rebound_name_gets_nothing(server: Live) -> None:
    async with server.client() as http:
        answer = await http.get("/api/rooms", headers={"Host": "evil.example"})
        assert (answer.status_code, answer.json()["reason"]) == (403, "refused")
    async with raw(server, additional_headers={"Host": "evil.example"}) as ann:
        assert await ann.closed() == 4403


async def test_unsafe_requests_of_another_site_are_refused_and_reading_is_not(server: Live) -> None:
    async with server.client() as http:
        for method in ("POST", "PUT", "DELETE"):
            answer = await http.request(method, "/api/session", headers={"Origin": "http://evil.example"})
            assert answer.status_code == 403
        assert (await http.post("/api/session", headers={"Origin": server.url})).status_code == 200
        assert (await http.get("/api/rooms", headers={"Origin": "http://evil.example"})).status_code == 200


async def test_every_answer_has_an_id_and_plain_security_headers(server: Live) -> None:
    async with server.client() as http:
        answer = await http.get("/healthz")
    assert len(answer.headers["x-request-id"]) == 12
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_links_that_grant_a_role_are_not_logged(server: Live, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "openroom.http")
    link = await server.site.access.operator_link()
    async with server.client() as http:
        await http.get(f"/operator/{link}")
    assert "/operator/…" in caplog.text
    assert str(link) not in caplog.text


async def test_bodies_have_a_limit_and_say_how_long_they_are(server: Live) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"name": "Ann"}'

    async with server.client() as http:
        huge = await http.post("/api/people/me", content=b'{"name": "' + b"x" * 1_048_576 + b'"}')
        assert (huge.status_code, huge.json()["reason"]) == (413, "too_large")
        assert (await http.post("/api/people/me", content=pieces())).status_code == 411
        assert (await http.post("/api/people/me", json={"name": "Ann"})).status_code == 200
        assert (await http.post("/api/rooms/import", content=b"x" * 1_100_000)).status_code == 403


async def test_requests_for_changes_have_a_rate_and_reading_has_none(tmp_path: Path) -> None:
    async with live(tmp_path, rate_per_second=0.01, rate_burst=3) as server, server.client() as http:
        answers = [(await http.post("/api/session")).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        assert (await http.get("/api/rooms")).status_code == 200


async def test_what_reads_much_has_the_rate_of_changes(tmp_path: Path) -> None:
    paths = ("events", "story", "branches", "writings?prop=lamp", "prompts/3")
    async with live(tmp_path, rate_per_second=0.01, rate_burst=5) as server, server.client("player") as http:
        answers = [(await http.get(f"/api/rooms/hall/{path}")).status_code for path in (*paths, "events")]
        assert answers == [200, 200, 200, 200, 403, 429]
        assert (await http.get("/api/rooms/hall")).status_code == 200


async def test_a_page_of_an_allowed_host_may_read_and_another_may_not(tmp_path: Path) -> None:
    friend = {"Origin": "http://friend.example:3000"}
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    async with live(tmp_path, allowed_hosts="friend.example") as server, server.client() as http:
        for path in ("/api/rooms", "/static/openroom.js", "/api/people/me", "/api/nothing", "/art/props/lamp/no.svg"):
            answer = await http.get(path, headers=friend)
            assert answer.headers["access-control-allow-origin"] == friend["Origin"], path
            assert answer.headers["access-control-allow-credentials"] == "true"
            assert "Origin" in answer.headers["vary"]
            for origin in ("http://evil.example", "null", server.url):
                told = await http.get(path, headers={"Origin": origin})
                assert not [name for name in told.headers if name.startswith("access-control")]
        first = await http.options("/api/session", headers=friend | ask)
        assert first.status_code == 204
        assert "POST" in first.headers["access-control-allow-methods"]
        assert "authorization" in first.headers["access-control-allow-headers"]
        assert (await http.post("/api/session", headers=friend)).headers["access-control-allow-origin"]
        refused = await http.options("/api/session", headers={"Origin": "http://evil.example"} | ask)
        assert "access-control-allow-origin" not in refused.headers


async def test_where_any_host_is_allowed_its_pages_read_without_cookies(tmp_path: Path) -> None:
    async with live(tmp_path, allowed_hosts="*") as server, server.client() as http:
        answer = await http.get("/api/rooms", headers={"Origin": "http://anybody.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/healthz", "/metrics", "/api/rooms", "/static/openroom.js", "/openapi.json", "/art/props/lamp", "/no"]
)
async def test_head_is_answered_as_get_without_the_body(server: Live, path: str) -> None:
    async with server.client() as http:
        told, asked = await http.get(path), await http.head(path)
    assert (asked.status_code, asked.content) == (told.status_code, b"")
    for name in ("content-type", "cache-control", "x-content-type-options"):
        assert asked.headers.get(name) == told.headers.get(name), name


async def test_head_changes_nothing_and_costs_what_get_costs(tmp_path: Path) -> None:
    async with live(tmp_path, rate_per_second=0.01, rate_burst=3) as server, server.client() as http:
        link = await server.site.access.operator_link()
        for _ in range(2):
            assert (await http.head(f"/operator/{link}")).status_code == 200
        assert (await http.head("/api/session")).status_code == (await http.get("/api/session")).status_code
        assert [(await http.head("/api/rooms/hall/export")).status_code for _ in range(4)][-1] == 429
