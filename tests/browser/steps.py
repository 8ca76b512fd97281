"""What a visitor does, in words, for the browser tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect


def enter(page: Page, name: str = "Ann") -> None:
    """Through the door, until the room is there."""
    page.fill("#entrance-name", name)
    page.click(".entrance button[type=submit]")
    expect(page.locator(".room")).to_have_attribute("data-ready", "yes")
    expect(page.locator(".veil")).to_have_count(0)


def say(page: Page, text: str) -> None:
    """Say a line and see it in the talk."""
    page.fill(".composer textarea", text)
    page.keyboard.press("Enter")
    expect(page.locator(".line.own:not(.waiting) .text", has_text=text)).to_be_visible()


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
    for _ in range(200):
        known = {seq(page) for page in pages}
        if len(known) == 1:
            return known.pop()
        pages[0].wait_for_timeout(25)
    raise AssertionError(f"the pages stay at {[seq(page) for page in pages]}")


def until(page: Page, true: Callable[[], bool]) -> None:
    """Wait until something is so that no page shows."""
    for _ in range(600):
        if true():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it did not come to be so")


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
