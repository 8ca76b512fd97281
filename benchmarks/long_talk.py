"""A talk of 20,000 lines beside a fresh one: `python -m benchmarks.long_talk [--lines 20000] [--rounds 9]`.

A room is made long in the store (`tests.long_room`); then one headless Chromium opens it and a fresh room by turns, and
scrolls it and a short one of 60 lines by turns, at 60 px a frame: 400 frames up in the long one, which draws and
fetches older lines on the way, and up and down in the short one. Printed are medians of the rounds: how long a room
takes to open (from the navigation until its newest line is drawn), how many lines stand in the document at most, the
95th percentile of the time between two frames, and what joining and reading on cost at the server. Ends with 1 where
a goal is missed. Server and browser share the machine with whatever else runs: only what was measured in the same run
is compared.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import orjson
from playwright.sync_api import Page, sync_playwright

from benchmarks.rooms_dialects import connect, frames
from benchmarks.rooms_load import percentile
from benchmarks.rooms_table import Row, ratio, table
from benchmarks.rooms_wire import masked
from tests.browser.conftest import _DEVICES, _FLAGS
from tests.browser.finder import find_or_install
from tests.browser.server import Server
from tests.browser.steps import enter, fetch, settled
from tests.long_room import lengthen

SHORT = 60
FRAMES = 400
PX = 60
JOINS = 20
OPENS_MOST, DRAWN_MOST, FRAMES_MOST = 1.3, 300, 1.2

_OPENED = """() => {
  const look = () => {
    if (document.querySelector('.room[data-ready="yes"] .lines > li')) window.openedAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
_SCROLL = """([frames, px, around]) => new Promise((done) => {
  const box = document.querySelector(".talk-box");
  const lines = document.querySelector(".lines");
  const at = [];
  let by = -px;
  let most = 0;
  const tick = (now) => {
    at.push(now);
    most = Math.max(most, lines.childElementCount);
    if (at.length > frames) return done([at, most]);
    if (around && box.scrollTop <= 0) by = px;
    else if (around && box.scrollTop + box.clientHeight >= box.scrollHeight - 1) by = -px;
    box.scrollTop += by;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})"""


@dataclass
class Found:
    """What the rounds of one room found: ms to open, p95 of the time between two frames, most lines drawn."""

    opens: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    drawn: int = 0


def open_room(page: Page, server: Server, room: str, found: Found) -> None:
    """Go there, and note how long it took until the newest line was drawn."""
    page.goto(f"{server.url}/room/{room}")
    page.wait_for_function("window.openedAt > 0")
    found.opens.append(page.evaluate("window.openedAt"))
    found.drawn = max(found.drawn, page.locator(".lines > li").count())


def scroll(page: Page, found: Found, *, around: bool) -> None:
    """Scroll the talk, and note how its frames came."""
    page.wait_for_timeout(600)  # the stage has come to rest
    at, most = page.evaluate(_SCROLL, [FRAMES, PX, around])
    found.p95.append(percentile([after - before for before, after in itertools.pairwise(at)], 95))
    found.drawn = max(found.drawn, most)


def prepare(page: Page, server: Server, lines: int) -> dict[str, str]:
    """Three rooms of one person: a long one, a short one and a fresh one, by name."""
    page.goto(server.operator_url)
    page.goto(f"{server.url}/room/tea_room")
    enter(page)
    me = fetch(page, "/api/people/me")["id"]
    rooms: dict[str, str] = {}
    for name in ("fresh", "short", "long"):
        rooms[name] = fetch(page, "/api/rooms", "POST", {"scene": "tea_room", "title": name})["id"]
        page.goto(f"{server.url}/room/{rooms[name]}")
        enter(page)
        settled(page)
        fetch(
            page, f"/api/rooms/{rooms[name]}/actions", "POST", {"action": {"do": "configure", "responders": "nobody"}}
        )
    page.goto("about:blank")
    server.stop()
    for name, count in (("short", SHORT), ("long", lines)):
        lengthen(server.folder / "data", rooms[name], me, "character:mira", count)
    server.start()
    return rooms


def browse(page: Page, server: Server, rooms: dict[str, str], rounds: int) -> dict[str, Found]:
    """Open and scroll by turns; the first of each is not counted."""
    page.add_init_script(f"({_OPENED})()")
    found = {name: Found() for name in rooms}
    for number in range(-1, rounds):
        counted = found if number >= 0 else {name: Found() for name in rooms}
        for name in ("long", "fresh") if number % 2 else ("fresh", "long"):
            open_room(page, server, rooms[name], counted[name])
        for name in ("short", "long") if number % 2 else ("long", "short"):
            open_room(page, server, rooms[name], counted[name])
            scroll(page, counted[name], around=name == "short")
    return found


def timed(what: Callable[[], object]) -> float:
    """Milliseconds that it takes."""
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000


def join(server: Server, room: str, cookie: str) -> None:
    """Come in as that person, up to the snapshot, and hang up."""
    link, rest = connect(server, f"/ws/rooms/{room}", "openroom.v1", cookie=cookie)  # type: ignore[arg-type]
    link.sendall(masked(orjson.dumps({"type": "join", "name": "Ann"})))
    frames(link, rest).until(lambda payload: payload.startswith(b'{"type":"snapshot"'))
    link.close()


def read(server: Server, room: str, asked: str, cookie: str) -> None:
    """Read a part of a room's story."""
    request = urllib.request.Request(f"{server.url}/api/rooms/{room}/{asked}", headers={"Cookie": cookie})
    urllib.request.urlopen(request).read()


def costs(server: Server, rooms: dict[str, str], cookie: str) -> list[Row]:
    """What a long talk costs at the server."""
    joins: dict[str, list[float]] = {"fresh": [], "long": []}
    for _ in range(JOINS):
        for name, times in joins.items():
            times.append(timed(partial(join, server, rooms[name], cookie)))
    earlier = [timed(lambda: read(server, rooms["long"], "story?before=10000&limit=100", cookie)) for _ in range(JOINS)]
    search = [timed(lambda: read(server, rooms["long"], "search?q=line+77", cookie)) for _ in range(JOINS)]
    fresh, long = statistics.median(joins["fresh"]), statistics.median(joins["long"])
    return [
        Row("long", "joining, to the snapshot", long, want="most", unit="ms", note=f"fresh: {fresh:.1f} ms"),
        Row("long", "100 earlier lines", statistics.median(earlier), want="most", unit="ms"),
        Row("long", "a search", statistics.median(search), want="most", unit="ms"),
    ]


def rows(found: dict[str, Found]) -> list[Row]:
    """The goals."""
    long, short, fresh = found["long"], found["short"], found["fresh"]
    opens = long.opens[::2] if len(long.opens) > len(fresh.opens) else long.opens
    note = f"{statistics.median(opens):.0f} ms and {statistics.median(fresh.opens):.0f} ms"
    drawn = f"{statistics.median(long.p95):.1f} ms and {statistics.median(short.p95):.1f} ms"
    return [
        Row("long", "opens, against a fresh room", ratio(opens, fresh.opens), OPENS_MOST, "most", note=note),
        Row("long", "lines in the document", long.drawn, DRAWN_MOST, "most", unit=""),
        Row("long", "p95 frame, against a short room", ratio(long.p95, short.p95), FRAMES_MOST, "most", note=drawn),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), rate_per_second="2000", rate_burst="4000")
        server.start()
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=_FLAGS)
        try:
            context = browser.new_context(reduced_motion="reduce", locale="en-GB", **_DEVICES["desktop"])
            page = context.new_page()
            rooms = prepare(page, server, given.lines)
            found = browse(page, server, rooms, given.rounds)
            page.goto("about:blank")
            cookie = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
            measured = rows(found) + costs(server, rooms, cookie)
        finally:
            browser.close()
            server.stop()
    print(table(measured))
    sys.exit(any(row.reached is False for row in measured))


if __name__ == "__main__":
    main()
