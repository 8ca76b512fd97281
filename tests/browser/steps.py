"""What a visitor does, in words, for the browser tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.waiting import PATIENCE


def until(page: Page, true: Callable[[], Any]) -> Any:
    """Wait until something is so, and give what it was. Meanwhile the page's events come in."""
    deadline = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < deadline, f"it did not come about in {PATIENCE:.0f} s"
        page.wait_for_timeout(20)
    return found


def still(page: Page, selector: str) -> None:
    """Wait until what a selector finds stands still: some looks in a row, frames apart, see it at the same places."""
    seen: list[Any] = []

    def same() -> bool:
        seen.append(page.evaluate(_PLACES, selector))
        return len(seen) >= 4 and all(one == seen[-1] for one in seen[-4:])

    until(page, same)


_PLACES = """async (selector) => {
  for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
  const all = [...document.querySelectorAll(selector)];
  return all.map((one) => [JSON.stringify(one.getBoundingClientRect()), getComputedStyle(one).opacity]);
}"""


def enter(page: Page, name: str = "Ann") -> None:
    """Through the door, until the room is there."""
    page.fill("#entrance-name", name)
    page.click(".entrance button[type=submit]")
    expect(page.locator(".room")).to_have_attribute("data-ready", "yes")
    expect(page.locator(".veil")).to_have_count(0)


def hear_toasts(page: Page) -> None:
    """From now on keep the reasons of the page's toasts, which go after some seconds, for `toast_heard`."""
    page.evaluate(_TOASTS)


def toast_heard(page: Page, reason: str) -> None:
    """Wait until a toast of this reason has been shown since `hear_toasts`, whether or not it still is."""
    until(page, lambda: reason in page.evaluate("window.toasts"))


_TOASTS = """() => {
  window.toasts = [];
  const look = () => document.querySelectorAll(".toast").forEach((one) => window.toasts.push(one.dataset.reason));
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""


def say(page: Page, text: str) -> None:
    """Say a line and see it in the talk."""
    page.fill(".composer textarea", text)
    page.keyboard.press("Enter")
    expect(page.locator(".line.own:not(.waiting) .text", has_text=text)).to_be_visible()


def answered(page: Page, text: str) -> None:
    """Say a line, and wait until a character has answered it and nobody speaks any more."""
    say(page, text)
    own = page.locator(".line.own:not(.waiting)", has_text=text).last
    expect(
        own.locator("xpath=following-sibling::li[@data-kind='said'][not(contains(@class, 'own'))]").first
    ).to_be_visible()
    settled(page)


def tools(line: Locator) -> Locator:
    """What can be done with a line, opened."""
    line.hover()
    line.locator("[data-tools]").click()
    return line.locator(".line-tools")


def replies(page: Page) -> Locator:
    """Lines that characters have said."""
    return page.locator('li[data-kind="said"]:not(.own)', has=page.locator(".avatar"))


def settled(page: Page) -> None:
    """Nobody is thinking or speaking."""
    expect(page.locator("li[data-turn]")).to_have_count(0)
    expect(page.locator("[data-stop]")).to_have_count(0)


def seq(page: Page) -> int:
    """The last event this page knows."""
    return int(page.locator(".room").get_attribute("data-seq") or 0)


def same_seq(*pages: Page) -> int:
    """Wait until all pages know the same last event."""
    known: list[int] = []

    def same() -> bool:
        known[:] = [seq(page) for page in pages]
        return len(set(known)) == 1

    until(pages[0], same)
    return known[0]


def prop(page: Page, id: str) -> Locator:
    """A thing on the stage."""
    return page.locator(f'[data-prop="{id}"]')


def use(page: Page, id: str, option: str) -> None:
    """Choose one of a thing's verbs."""
    if page.locator(f'[data-panel="{id}"]').count() == 0:
        tray = page.locator(f'[data-tray="{id}"]')
        (tray if tray.is_visible() else prop(page, id)).click()
    page.click(f'[data-option="{id}.{option}"]')


def fetch(page: Page, path: str, method: str = "GET", body: Any = None) -> Any:
    """Ask the API with the page's own cookie."""
    return page.evaluate(
        """async ([path, method, body]) => {
          const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" },
            body: body === null ? undefined : JSON.stringify(body) });
          const text = await answer.text();
          return text ? JSON.parse(text) : null;
        }""",
        [path, method, body],
    )
