"""The small JavaScript client in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page

from openroom.settings import shipped
from tests.browser.server import Server

_PLAY = """async () => {
  const { connect } = await import("/static/openroom.js");
  const ann = connect({ url: location.origin, room: "tea_room", name: "Ann" });
  const bob = connect({ url: location.origin, room: "tea_room", name: "Bob" });
  await Promise.all([ann.joined, bob.joined]);
  const lit = ann.state.props.lamp.state.lit;
  await ann.use("lamp", lit ? "put_out" : "light");
  bob.socket.close(4000);
  await ann.say("Is anybody there?");
  const thrown = new Promise((resolve) => ann.on("event", (event) => event.kind === "rolled" && resolve(event)));
  await ann.roll("2d6+1");
  const { eyes, total } = await thrown;
  const refused = [];
  for (const asked of [ann.note("Mine."), ann.mute("character:mira"), ann.nudge("character:ghost"), ann.roll("six")]) {
    refused.push(await asked.catch((why) => why.reason));
  }
  for (let tries = 0; tries < 6000 && (bob.seq !== ann.seq || !bob.ready); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const result = {
    turned: ann.state.props.lamp.state.lit !== lit,
    same: JSON.stringify(ann.state) === JSON.stringify(bob.state),
    seqs: [ann.seq, bob.seq],
    sum: eyes[0] + eyes[1] + 1 === total,
    refused,
  };
  ann.close();
  bob.close();
  return result;
}"""


def test_two_members_share_the_room_and_one_comes_back(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/static/openroom.js")
    result = page.evaluate(_PLAY)
    assert result["turned"]
    assert result["same"]
    assert result["seqs"][0] == result["seqs"][1]
    assert result["sum"]
    assert result["refused"] == ["not_allowed", "not_allowed", "unknown_target", "bad_args"]


_REFUSED = """async (url) => {
  const { connect } = await import("/openroom.js");
  const me = connect({ url, room: "tea_room", name: "Ann" });
  const why = await me.joined.catch((refused) => refused.reason);
  return [why, me.status.state, me.status.message];
}"""


class _Files(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()


@pytest.fixture
def other_site() -> Iterator[str]:
    """A server of somebody else's on another port, which has a copy of the client."""
    handler = partial(_Files, directory=str(shipped("static")))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_address[1]}"
        site.shutdown()


def test_a_page_of_another_site_is_told_and_stops(
    server: Server, other_site: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{other_site}/openroom.js")
    why, state, message = page.evaluate(_REFUSED, server.url)
    assert (why, state) == ("refused", "ended")
    assert "is another site" in message
