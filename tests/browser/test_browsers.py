"""What some browsers do and the one of the tests does not: they forbid storage, or send keys in another order."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, prop, say, use

OpenPage = Callable[..., Page]

_BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
  configurable: true, get() { throw new DOMException("Access is denied for this document.", "SecurityError"); } });"""
_FULL = """Storage.prototype.setItem = () => { throw new DOMException("The quota is used.", "QuotaExceededError"); };"""


@pytest.mark.parametrize(("storage", "room"), [(_BLOCKED, "greenhouse"), (_FULL, "tea_room")], ids=["blocked", "full"])
def test_all_works_where_a_browser_keeps_nothing(storage: str, room: str, server: Server, open_page: OpenPage) -> None:
    """In a room each: a record that plays already is not put on."""
    page = open_page("about:blank")
    page.add_init_script(storage)
    for place in ("/settings", "/improve", "/"):
        page.goto(server.url + place)
        expect(page.locator("h1").first).to_be_visible()
    page.goto(f"{server.url}/room/{room}")
    enter(page)
    say(page, "Good evening")
    prop(page, "record_player").click()
    page.click('[data-option="record_player.play"]')
    expect(page.locator(".room")).to_have_attribute("data-heard", re.compile(r"\d{10,}"))
    page.locator(".volume input").fill("30")
    expect(page.locator(".volume input")).to_have_value("30")


_CONVERSION = """(box, [key, safari]) => {
  box.focus();
  const press = () => box.dispatchEvent(new KeyboardEvent("keydown",
    { key, keyCode: 229, isComposing: !safari, bubbles: true, cancelable: true }));
  const end = () => box.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: box.value }));
  box.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  for (const step of safari ? [end, press] : [press, end]) step();
}"""


@pytest.mark.parametrize("safari", [True, False], ids=["safari", "others"])
def test_keys_that_end_a_conversion_do_nothing_else(safari: bool, server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    enter(page)
    box = page.locator(".composer textarea")
    box.fill("こんばんは")
    box.evaluate(_CONVERSION, ["Enter", safari])
    expect(box).to_have_value("こんばんは")
    box.press("Enter")
    expect(box).to_have_value("")
    use(page, "notice_board", "pin")
    page.fill(".writing textarea", "また明日")
    page.locator(".writing textarea").evaluate(_CONVERSION, ["Escape", safari])
    expect(page.locator(".writing textarea")).to_have_value("また明日")
    page.locator(".writing textarea").press("Escape")
    expect(page.locator(".writing")).to_have_count(0)


def test_head_of_a_page(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.url)
    for place in ("/", "/room/tea_room", "/settings"):
        told = page.request.head(server.url + place)
        assert (told.status, told.headers["content-type"], told.body()) == (200, "text/html; charset=utf-8", b"")
