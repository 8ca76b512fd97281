"""Looking for words in the talk, going to a line and back, and a link that opens at a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, fetch, hear_toasts, say, settled, toast_heard, tools, until

OpenPage = Callable[..., Page]


@pytest.fixture
def quick(start_server: Callable[..., Server]) -> Server:
    return start_server(rate_per_second="2000", rate_burst="4000")


def told(page: Page, room: str, *texts: str, **more: Any) -> list[int]:
    """Lines that this person says without typing them; their seqs."""
    script = """async ([room, texts, more]) => {
      const seqs = [];
      for (const text of texts) {
        const body = JSON.stringify({ action: { do: "say", text, ...more } });
        const headers = { "Content-Type": "application/json" };
        const answer = await fetch(`/api/rooms/${room}/actions`, { method: "POST", headers, body });
        seqs.push(...(await answer.json()).seqs);
      }
      return seqs;
    }"""
    found: list[int] = page.evaluate(script, [room, list(texts), more])
    return found


def quiet(page: Page, room: str) -> None:
    """Nobody answers."""
    settled(page)
    action = {"action": {"do": "configure", "responders": "nobody"}}
    assert "seq" in fetch(page, f"/api/rooms/{room}/actions", "POST", action)


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_one_finds_a_line_of_long_ago_goes_there_and_comes_back(
    quick: Server, open_page: OpenPage, device: str
) -> None:
    ann = open_page(quick.operator_url, device=device)
    ann.goto(f"{quick.url}/room/tea_room")
    enter(ann)
    quiet(ann, "tea_room")
    bob = open_page(f"{quick.url}/room/tea_room", device=device)
    enter(bob, "Bob")
    told(bob, "tea_room", "The lamp of Zanzibar, for Mira alone", to=["character:mira"])
    bob.goto(f"{quick.url}/healthz")  # a page that draws nothing of the many lines
    (target,) = told(ann, "tea_room", "The <b>Zánzibar</b> lamp, said once")
    told(ann, "tea_room", *(f"Line {number} about nothing" for number in range(330)))
    ann.reload()
    expect(ann.locator(".room")).to_have_attribute("data-ready", "yes")
    expect(ann.locator(f'[data-seq="{target}"]')).to_have_count(0)
    if device == "desktop":
        ann.keyboard.press("Control+k")
    else:
        ann.click("[data-search-button]")
    field = ann.locator(".search-panel input")
    expect(field).to_be_focused()
    field.type("z")
    expect(ann.locator("[data-search=short]")).to_be_visible()
    field.fill("qqqq")
    expect(ann.locator("[data-search=none]")).to_be_visible()
    field.fill("LAMP zanzibar")
    hit = ann.locator(f'[data-hit="{target}"]')
    expect(hit).to_contain_text("The <b>Zánzibar</b> lamp")
    assert hit.locator("mark").all_inner_texts() == ["Zánzibar", "lamp"]
    expect(ann.locator("[data-hit]")).to_have_count(1)
    theirs = fetch(bob, "/api/rooms/tea_room/search?q=lamp+zanzibar")["hits"]
    assert [hit["whisper"] for hit in theirs] == [False, True]  # what he whispered is his to find
    hit.locator("button").click()
    line = ann.locator(f'[data-seq="{target}"]')
    expect(line).to_be_in_viewport()
    expect(line).to_be_focused()
    told(ann, "tea_room", "Said meanwhile")
    expect(line).to_have_count(1)
    ann.click("[data-back]")
    expect(ann.locator("[data-past]")).to_have_count(0)
    expect(ann.locator(".line", has_text="Said meanwhile")).to_be_in_viewport()
    expect(ann.locator("[data-back]")).to_have_count(0)


def test_a_line_that_is_there_is_marked_and_one_s_place_is_kept(quick: Server, open_page: OpenPage) -> None:
    ann = open_page(quick.operator_url)
    ann.goto(f"{quick.url}/room/tea_room")
    enter(ann)
    quiet(ann, "tea_room")
    (target,) = told(ann, "tea_room", "An anchor for the eye")
    told(ann, "tea_room", *(f"Line {number} about nothing" for number in range(60)))
    last = ann.locator(".line", has_text="Line 59 about")
    expect(last).to_be_in_viewport()
    ann.click("[data-search-button]")
    ann.fill(".search-panel input", "anchor")
    ann.keyboard.press("Enter")
    expect(ann.locator(".hit")).to_have_count(1)
    ann.keyboard.press("ArrowDown")
    ann.keyboard.press("Enter")
    line = ann.locator(f'.line.marked[data-seq="{target}"]')
    expect(line).to_be_in_viewport()
    expect(ann.locator("[data-past]")).to_have_count(0)
    expect(ann.locator(".search-panel")).to_be_visible()
    ann.keyboard.press("Escape")
    expect(ann.locator(".search-panel")).to_have_count(0)
    expect(line).to_be_in_viewport()
    ann.click("[data-back]")
    expect(last).to_be_in_viewport()
    expect(ann.locator(".line.marked")).to_have_count(0)


def test_a_link_opens_at_its_line_for_who_heard_it(quick: Server, open_page: OpenPage) -> None:
    ann = open_page(quick.operator_url)
    ann.goto(f"{quick.url}/room/tea_room")
    enter(ann)
    quiet(ann, "tea_room")
    (target,) = told(ann, "tea_room", "Only who was here knows this")
    told(ann, "tea_room", *(f"Line {number}" for number in range(250)))
    say(ann, "The newest line")
    ann.context.grant_permissions(["clipboard-read", "clipboard-write"])
    newest = ann.locator(".line.own", has_text="The newest line")
    tools(newest).locator("[data-link]").click()
    until(ann, lambda: "?at=" in ann.evaluate("navigator.clipboard.readText()"))
    link = ann.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{quick.url}/room/tea_room?at=")
    ann.goto(link)
    expect(ann.locator(".line.marked", has_text="The newest line")).to_be_in_viewport()
    ann.goto(f"{quick.url}/room/tea_room?at={target}")
    expect(ann.locator(f'.line.marked[data-seq="{target}"]')).to_be_in_viewport()
    ben = open_page(f"{quick.url}/room/tea_room?at={target}", device="phone")
    hear_toasts(ben)
    enter(ben, "Ben")
    toast_heard(ben, "not_there")
    expect(ben.locator("body")).not_to_contain_text("Only who was here")
    ben.click("[data-search-button]")
    ben.fill(".search-panel input", "knows this")
    expect(ben.locator("[data-search=none]")).to_be_visible()
    ben.goto(f"{quick.url}/room/tea_room?at=<script>")
    expect(ben.locator(".room")).to_have_attribute("data-ready", "yes")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_the_lobby_looks_through_all_rooms_one_was_in(quick: Server, open_page: OpenPage, device: str) -> None:
    ann = open_page(quick.url, device=device)
    expect(ann.locator(".lobby")).to_have_attribute("data-state", "ready")
    mine = fetch(ann, "/api/rooms", "POST", {"scene": "tea_room", "title": "Ann's corner", "open": False})["id"]
    for room in (mine, "tea_room"):
        fetch(ann, f"/api/rooms/{room}/actions", "POST", {"action": {"do": "enter", "name": "Ann"}})
        told(ann, room, "我想喝茶，然后去灯塔", f"A heron in {room}")
    ann.reload()
    ann.click("[data-search-button]")
    ann.fill(".search-panel input", "灯塔")
    expect(ann.locator(".hit")).to_have_count(2)
    ann.fill(".search-panel input", "heron")
    hit = ann.locator(".hit", has_text="Ann's corner")
    expect(hit).to_contain_text(f"A heron in {mine}")
    ann.keyboard.press("Escape")
    expect(ann.locator(".search-panel")).to_have_count(0)
    ann.keyboard.press("Control+k")
    expect(ann.locator(".hit")).to_have_count(2)
    hit.click()
    ann.wait_for_url(f"**/room/{mine}?at=*")
    enter(ann)
    expect(ann.locator(".line.marked")).to_contain_text("A heron in")


def test_offline_is_said_and_what_one_typed_stays(
    server: Server, open_page: OpenPage, expect_errors: Callable[[str], None]
) -> None:
    expect_errors("ERR_FAILED|ERR_INTERNET_DISCONNECTED")
    ann = open_page(f"{server.url}/room/tea_room")
    enter(ann)
    ann.route("**/search?*", lambda route: route.abort())
    ann.click("[data-search-button]")
    ann.fill(".search-panel input", "anything")
    expect(ann.locator("[data-search=offline]")).to_be_visible()
    ann.unroute("**/search?*")
    ann.click(".told-of button")
    expect(ann.locator("[data-search=none]")).to_be_visible()
    expect(ann.locator(".search-panel input")).to_have_value("anything")
