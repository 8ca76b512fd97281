"""Two browsers and one Python client in one room: the same shared state and seq after each action, and exactly the gap
for the one who drops out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

from openroom.client import Member, connect
from tests.browser.server import Server
from tests.waiting import PATIENCE, wait_until

_JOIN = """async (name) => {
  const { connect } = await import("/static/openroom.js");
  window.events = [];
  window.me = connect({ url: location.origin, room: "tea_room", name });
  window.me.on("event", (event) => window.events.push([event.seq, event.text ?? null]));
  await window.me.joined;
}"""
_KNOWN = "() => ({ seq: window.me.seq, state: window.me.state })"


class InAThread:
    """A member through the Python client, on a loop of its own: the browser has the test's."""

    def __init__(self, url: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.context = connect(url, "tea_room", name="Cleo")
        self.member: Member = self.run(self.context.__aenter__())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def known(self) -> dict[str, Any]:
        return {"seq": self.member.seq, "state": self.member.state}

    def close(self) -> None:
        self.run(self.context.__aexit__(None, None, None))
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()


@contextmanager
def python_member(url: str) -> Iterator[InAThread]:
    member = InAThread(url)
    try:
        yield member
    finally:
        member.close()


def same(*known: Callable[[], dict[str, Any]]) -> int:
    """Wait until all know the same seq; then they know the same state too, and the seq comes back."""
    found: list[dict[str, Any]] = []

    def agree() -> bool:
        found[:] = [ask() for ask in known]
        return len({one["seq"] for one in found}) == 1

    wait_until(agree)
    assert all(one["state"] == found[0]["state"] for one in found)
    return int(found[0]["seq"])


def test_three_members_know_the_same_and_one_resumes_with_exactly_the_gap(
    start_server: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    server = start_server()
    ann, bob = (open_page(f"{server.url}/static/openroom.js") for _ in range(2))
    ann.evaluate(_JOIN, "Ann")
    bob.evaluate(_JOIN, "Bob")
    with python_member(server.url) as cleo:
        known = (lambda: ann.evaluate(_KNOWN), lambda: bob.evaluate(_KNOWN), cleo.known)
        before = same(*known)
        steps: list[Callable[[], Any]] = [
            lambda: ann.evaluate("() => window.me.use('lamp', 'light')"),
            lambda: bob.evaluate("() => window.me.say('A good light.')"),
            lambda: cleo.run(cleo.member.use("record_player", "play")),
            lambda: cleo.run(cleo.member.say("And a good tune.")),
            lambda: ann.evaluate("() => window.me.use('lamp', 'put_out')"),
        ]
        for step in steps:
            step()
            after = same(*known)
            assert after > before
            before = after
        bob.evaluate("() => { window.events.length = 0; window.me.socket.close(4000); }")
        for number in range(6):
            ann.evaluate("(n) => window.me.say(`missed ${n}`)", number)
        after = same(*known)
        gap = bob.evaluate("() => window.events")
        assert [seq for seq, _ in gap] == list(range(before + 1, after + 1)), "each once, in order, none missing"
        assert [text for _, text in gap if str(text).startswith("missed")] == [f"missed {n}" for n in range(6)]
        for page in (ann, bob):
            page.evaluate("() => window.me.close()")
