"""A server under a path of somebody's host, behind a proxy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import processes
from tests.browser.proxy import Proxy, proxy
from tests.browser.server import Server
from tests.browser.steps import enter, prop, replies, say, settled

OpenPage = Callable[..., Page]


@pytest.fixture(params=[True, False], ids=["strips", "leaves"])
def front(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    with proxy("/tea", request.param) as found:
        yield found


def test_all_of_it_stands_under_the_path(
    front: Proxy, start_server: Callable[..., Server], open_page: OpenPage, expect_errors: Callable[[str], None]
) -> None:
    expect_errors("status of 404")  # of the page that is not there
    server = start_server(public_url=front.url)
    front.upstream = server.port
    assert server.url == front.url
    ann = open_page(server.operator_url)
    expect(ann).to_have_url(f"{front.url}/")
    ann.locator('[data-room="tea_room"] a, a[data-room="tea_room"]').first.click()
    enter(ann)
    say(ann, "Good evening, Mira")
    settled(ann)
    expect(replies(ann).first).to_be_visible()
    box = prop(ann, "lamp").locator("svg, img").first.bounding_box()
    assert box is not None and box["height"] > 10, "the pictures are there"
    made = ann.request.post(f"{front.url}/api/rooms/tea_room/invites", data={}).json()
    assert made["url"].startswith(f"{front.url}/invite/")
    bob = open_page(made["url"], device="phone")
    bob.click("button")
    expect(bob).to_have_url(f"{front.url}/room/tea_room")
    enter(bob, "Bob")
    say(bob, "Hello from the phone")
    expect(ann.locator(".line .text", has_text="Hello from the phone")).to_be_visible()
    for place in ("/settings", "/improve", "/no/such/page"):
        ann.goto(front.url + place)
        expect(ann.locator("h1").first).to_be_visible()
    ann.locator("a.primary").click()
    expect(ann).to_have_url(f"{front.url}/")
    assert front.strays == []


def test_commands_go_past_the_proxy(front: Proxy, start_server: Callable[..., Server]) -> None:
    server = start_server(public_url=front.url)  # nobody stands at the proxy
    done = processes.run(
        [sys.executable, "-m", "openroom", "room", "list", "--data", str(server.folder / "data")],
        cwd=server.folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("OPENROOM_")},
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0 and "tea_room" in done.stdout, done.stdout
