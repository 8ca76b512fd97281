"""What can be done with a line is in reach, says what it is, and covers no words; on desktop and phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.finder import ROOT
from tests.browser.server import Server
from tests.browser.steps import answered, enter, settled, tools

OpenPage = Callable[..., Page]

_COVERED = """() => {
  const words = [...document.querySelectorAll(".talk .text, .talk .who > *")].flatMap((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return [...range.getClientRects()].filter((box) => box.width && box.height);
  });
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return [...document.querySelectorAll(".line-more .icon, .line-tools")].filter((tool) =>
    words.some((box) => meet(tool.getBoundingClientRect(), box))).map((tool) => tool.closest(".line").innerText);
}"""
_PAST = """(one) => {
  const box = one.closest(".talk-box");
  box.scrollTop += one.getBoundingClientRect().bottom - box.getBoundingClientRect().top + 10;
}"""
_MORE = ".line-more"


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_the_tools_of_a_line_cover_no_words(device: str, server: Server, open_page: OpenPage) -> None:
    ann = open_page(f"{server.url}/room/tea_room", device=device)
    enter(ann, f"Ann {device}")
    settled(ann)
    answered(ann, "Mira, good evening to you and to all who wait here for a train that left hours ago, as they all do.")
    answered(ann, "Mira, what do you dream about?")
    ann.fill(".composer textarea", "/me *sits down*")
    ann.keyboard.press("Enter")
    expect(ann.locator(".line.own", has_text="sits down")).to_be_visible()
    answered(ann, "Oskar, do you play chess?")
    answered(ann, "Mira, and now? " + "And now? " * 10 + "Tell me.")
    assert ann.evaluate(_COVERED) == []
    number = ann.locator("li.speech:not(.own):not(.now)").last.get_attribute("data-seq")
    reply = ann.locator(f'li[data-seq="{number}"]')
    shown = tools(reply)
    expect(shown.get_by_role("button", name="Another try", exact=True)).to_be_visible()
    for button in shown.get_by_role("button").all():
        assert (button.inner_text().strip(), button.locator("svg").count()) != ("", 0)
    expect(shown).to_be_in_viewport(ratio=0.99)
    assert ann.evaluate(_COVERED) == []
    assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")
    folder = ROOT / ".test-results"
    folder.mkdir(exist_ok=True)
    ann.screenshot(path=folder / f"line-tools-{device}.png")
    more = reply.locator(_MORE)
    expect(more).to_have_attribute("aria-expanded", "true")
    shown.get_by_role("button").first.focus()
    ann.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(more).to_be_focused()
    expect(more).to_have_css("opacity", "1")
    ann.locator(".talk-box").evaluate("(box) => { box.scrollTop = 0 }")
    expect(ann.locator(".to-end")).to_be_visible()
    early = tools(ann.locator("li.speech.own").nth(1))
    expect(early).to_be_in_viewport()
    expect(ann.locator(".to-end")).to_have_count(0)  # it covers none of them
    early.evaluate(_PAST)
    expect(early).not_to_be_in_viewport()
    expect(ann.locator(".to-end")).to_be_visible()
    opens_once(ann, reply.locator(_MORE), reply.locator(".line-tools"))
    title = ann.locator(".room-title")
    assert title.evaluate("(one) => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight + 1")
    expect(title).to_have_attribute("title", "The Tea Room at Midnight")


def opens_once(page: Page, more: Locator, shown: Locator) -> None:
    """The list of the last line moves what is under the pointer; nothing there is chosen by a second click."""
    page.locator(".to-end").click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    more.dblclick()
    expect(shown).to_be_in_viewport(ratio=0.99)
    expect(page.locator(".toast, [data-erase], .rewrite, [data-turn]")).to_have_count(0)
    page.keyboard.press("Escape")
    if shown.count():
        shown.get_by_role("button").first.focus()
        page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
