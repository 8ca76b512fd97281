"""A talk of a thousand lines: few are drawn, older ones come as one scrolls up, and what one reads stays there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, fetch, seq, settled, until
from tests.long_room import lengthen

OpenPage = Callable[..., Page]
LINES = 1000
MOST = 300


def drawn(page: Page) -> int:
    """How many lines are in the document."""
    return page.locator(".lines > li").count()


def scroll(page: Page, by: int) -> None:
    """Move the talk by so many pixels, as a wheel does, and let the page answer."""
    page.evaluate(
        """async (by) => {
          document.querySelector(".talk-box").scrollBy(0, by);
          for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
        }""",
        by,
    )


def reads(page: Page) -> tuple[int, float]:
    """Which line one reads, and how far below the top of the talk it stands."""
    found = page.evaluate(
        """() => {
          const top = document.querySelector(".talk-box").getBoundingClientRect().top;
          const below = (one) => one.getBoundingClientRect().bottom > top + 1;
          const line = [...document.querySelectorAll("[data-seq].line")].find(below);
          return [Number(line.dataset.seq), line.getBoundingClientRect().top - top];
        }"""
    )
    return found[0], found[1]


def said(page: Page, text: str) -> int:
    """Have this person say something without a key touched; its seq."""
    action = {"action": {"do": "say", "text": text}}
    return int(fetch(page, "/api/rooms/tea_room/actions", "POST", action)["seqs"][0])


def long_room(page: Page, server: Server) -> list[int]:
    """A room in which this person heard all of a long talk; the page is in it again."""
    page.goto(f"{server.url}/room/tea_room")
    enter(page)
    settled(page)
    assert "seq" in fetch(
        page, "/api/rooms/tea_room/actions", "POST", {"action": {"do": "configure", "responders": "nobody"}}
    )
    me = fetch(page, "/api/people/me")["id"]
    server.stop()
    seqs = lengthen(server.folder / "data", "tea_room", me, "character:mira", LINES)
    server.start()
    page.goto(f"{server.url}/room/tea_room")
    expect(page.locator(".room")).to_have_attribute("data-ready", "yes")
    expect(page.locator(f'li[data-seq="{seqs[-1]}"]')).to_be_in_viewport()
    return seqs


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_long_talk(
    start_server: Callable[..., Server], open_page: OpenPage, expect_errors: Callable[[str], None], device: str
) -> None:
    expect_errors("WebSocket|ERR_CONNECTION_REFUSED|Failed to load")  # while the server is away
    server = start_server()
    ann = open_page(server.operator_url, device=device)
    seqs = long_room(ann, server)
    assert drawn(ann) <= MOST

    _reads_back_beyond_what_came_along(ann, seqs)
    _stays_where_one_reads(ann)
    ann.click(".to-end")
    expect(ann.locator(".line", has_text="Said meanwhile")).to_be_in_viewport()
    expect(ann.locator(".to-end")).to_have_count(0)

    _a_link_to_an_old_line(ann, server, seqs)


def _reads_back_beyond_what_came_along(page: Page, seqs: list[int]) -> None:
    wanted = seqs[-320]
    most = 0

    def up() -> bool:
        nonlocal most
        before = reads(page)
        scroll(page, -900)
        most = max(most, drawn(page))
        now = reads(page)
        assert now[0] <= before[0], "one who scrolls up never reads a later line"
        return now[0] <= wanted

    until(page, up)
    assert most <= MOST
    expect(page.locator(f'li[data-seq="{seqs[-1]}"]')).to_have_count(0)
    shown = page.evaluate("[...document.querySelectorAll('.lines [data-seq]')].map((one) => Number(one.dataset.seq))")
    assert shown == list(range(shown[0], shown[-1] + 1)), "no line is missing, none stands twice"


def _stays_where_one_reads(page: Page) -> None:
    before = reads(page)
    newest = said(page, "Said meanwhile")
    until(page, lambda: seq(page) >= newest)
    assert reads(page) == pytest.approx(before, abs=1)
    expect(page.locator(".to-end")).to_be_visible()


def _a_link_to_an_old_line(page: Page, server: Server, seqs: list[int]) -> None:
    page.goto(f"{server.url}/room/tea_room?at={seqs[20]}")
    line = page.locator(f'.line.marked[data-seq="{seqs[20]}"]')
    expect(line).to_be_in_viewport()
    expect(line).to_be_focused()
    expect(page.locator("[data-past]")).to_be_visible()

    def down() -> bool:
        scroll(page, 900)
        assert drawn(page) <= MOST
        return bool(reads(page)[0] >= seqs[260])

    until(page, down)
    expect(line).to_have_count(0)
    expect(page.locator(".talk-box")).to_be_focused()  # the line is gone; whoever reads by keys is in the talk still
    page.click("[data-back]")
    expect(page.locator(".line", has_text="Said meanwhile")).to_be_in_viewport()
    expect(page.locator("[data-past]")).to_have_count(0)
