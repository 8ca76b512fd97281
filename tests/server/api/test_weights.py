"""Local models over REST: what there is, fetching one from a hub (a fake one), and what may go wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from openroom.models.local import catalogue
from openroom.models.local.machine import Machine
from openroom.server import installer
from openroom.server.site import site_in
from tests.models.local.fake_hub import FakeHub, hub
from tests.server.live import Live, live
from tests.waiting import until

BODY = b"GGUF" + bytes(range(250)) * 40
URL = "/api/model/weights"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(installer, "this_machine", lambda tokens, threads: Machine(8_000_000_000, 2, tokens))
    with hub() as one:
        yield one


@pytest.fixture
async def server(tmp_path: Path, service: FakeHub) -> AsyncIterator[Live]:
    async with live(tmp_path, hub=service.url) as running:
        yield running


async def ended(http: httpx.AsyncClient, server: Live) -> dict[str, Any]:
    """What the page is told once it is over."""
    at_work = server.site.installer
    assert at_work is not None
    await until(lambda: not at_work.busy)
    return (await http.get(URL)).json()


def of(body: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in body["weights"] if one["name"] == name)


async def test_what_there_is_and_what_fits(server: Live, service: FakeHub) -> None:
    async with server.client("operator") as http:
        body = (await http.get(URL)).json()
    assert body["machine"] == {"cores": 2, "memory": 8_000_000_000}
    assert body["hub"] == service.url.removeprefix("http://")
    assert body["installing"] is None
    assert [one["name"] for one in body["weights"]][:2] == list(catalogue.CATALOGUE)
    best = of(body, "hub:qwen2.5-1.5b")
    assert (best["licence"], best["fit"], best["best"], best["installed"]) == ("Apache-2.0", "well", True, False)
    assert of(body, "hub:granite-4.1-8b")["fit"] == "no"
    assert not [one for one in body["weights"] if one["in_use"]], "the understudy speaks"
    assert service.asked == [], "looking at the page asks no hub"


async def test_one_is_fetched_and_speaks(server: Live, service: FakeHub) -> None:
    name = service.put("who/Tiny-GGUF", "tiny.gguf", BODY, licence="mit")
    async with server.client("operator") as http:
        begun = await http.post(URL, json={"name": f" {name} "})
        assert begun.status_code == 202
        assert begun.json()["installing"]["name"] == name
        body = await ended(http, server)
        assert (body["installing"]["state"], body["installing"]["done"]) == ("done", len(BODY))
        one = of(body, name)
        assert (one["installed"], one["in_use"], one["licence"], one["size"]) == (True, True, "mit", len(BODY))
        assert (await http.get("/api/settings")).json()["settings"]["model"] == name
        assert "status" in (await http.get("/api/model")).json(), "the local model is on its way"
        asked = len(service.asked)
        await http.put("/api/model", json={"model": "understudy"})
        await http.post(URL, json={"name": name})
        assert (await ended(http, server))["installing"]["state"] == "done"
        assert len(service.asked) == asked, "it was here already"


async def test_progress_is_told_and_one_can_be_stopped(server: Live, service: FakeHub) -> None:
    body = BODY + bytes(5_000_000)
    name = service.put("who/Tiny-GGUF", "tiny.gguf", body)
    service.go_on.clear()
    at_work = server.site.installer
    assert at_work is not None
    async with server.client("operator") as http:
        await http.post(URL, json={"name": name})
        await until(lambda: at_work.latest is not None and at_work.latest.done > 1_000_000)
        told = (await http.get(URL)).json()["installing"]
        assert (told["state"], told["total"]) == ("fetching", len(body))
        busy = await http.post(URL, json={"name": name})
        assert (busy.status_code, busy.json()["reason"]) == (409, "busy")
        assert (await http.delete(URL)).json()["installing"] is None
        assert not at_work.busy
        assert (await http.get("/api/settings")).json()["settings"]["model"] == "understudy"
        service.go_on.set()
        await http.post(URL, json={"name": name})
        assert (await ended(http, server))["installing"]["state"] == "done"
    assert service.downloads()[-1].get("range"), "it went on where it was"


async def test_what_goes_wrong_is_said_and_changes_nothing(server: Live, service: FakeHub) -> None:
    name = service.put("who/Tiny-GGUF", "tiny.gguf", BODY)
    async with server.client("operator") as http:
        for wish, reason, words in (
            ("hub:who/Tiny-GGUF/other.gguf", "no_such_model", "it has tiny.gguf"),
            ("hub:who/Nothing/tiny.gguf", "no_such_model", "has no who/Nothing"),
        ):
            assert (await http.post(URL, json={"name": wish})).status_code == 202
            told = (await ended(http, server))["installing"]
            assert (told["state"], told["reason"]) == ("failed", reason)
            assert words in told["text"]
        service.says = {"sha256": "0" * 64}
        await http.post(URL, json={"name": name})
        assert (await ended(http, server))["installing"]["reason"] == "digest"
        service.status = 503
        await http.post(URL, json={"name": name})
        assert (await ended(http, server))["installing"]["reason"] == "no_network"
        assert (await http.get("/api/settings")).json()["settings"]["model"] == "understudy"


@pytest.mark.parametrize("name", ["hub:../../x/y.gguf", "/etc/passwd", "/tmp/own.gguf", "own.gguf", "gpt", ""])
async def test_what_is_no_name_is_refused(name: str, server: Live, service: FakeHub) -> None:
    async with server.client("operator") as http:
        answer = await http.post(URL, json={"name": name})
        assert (answer.status_code, answer.json()["reason"]) == (422, "settings")
        assert (await http.get(URL)).json()["installing"] is None
    assert service.asked == []


async def test_it_is_for_operators_only(server: Live, service: FakeHub) -> None:
    for role in ("spectator", "player", "creator"):
        async with server.client(role, f"{role}:t2") as http:
            assert (await http.get(URL)).status_code == 403
            assert (await http.post(URL, json={"name": "qwen2.5-coder-0.5b"})).status_code == 403
            assert (await http.delete(URL)).status_code == 403
    assert service.asked == []


async def test_a_server_that_stops_gives_up_what_it_fetches(tmp_path: Path, service: FakeHub) -> None:
    name = service.put("who/Tiny-GGUF", "tiny.gguf", BODY)
    service.go_on.clear()
    async with live(tmp_path, hub=service.url) as server:
        at_work = site_in(server.app).installer
        assert at_work is not None
        async with server.client("operator") as http:
            await http.post(URL, json={"name": name})
        await until(lambda: bool(service.downloads()))
    assert not at_work.busy
