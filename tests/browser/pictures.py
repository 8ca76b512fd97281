"""Take the pictures of the README anew, from a real server: `python -m tests.browser.pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import _DEVICES, _FLAGS
from tests.browser.finder import ROOT, find_or_install
from tests.browser.server import Server
from tests.browser.steps import enter, prop, say, settled, use

_FOLDER = ROOT / "docs" / "img"


def main() -> None:
    """One evening in three rooms, with two visitors."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.start()
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=_FLAGS)
        try:
            _evening(browser, server)
        finally:
            browser.close()
            server.stop()


def _evening(browser: Browser, server: Server) -> None:
    ann = _page(browser, f"{server.url}/room/tea_room")
    _take(ann, "door")
    enter(ann, "Ann")
    settled(ann)
    bob = _page(browser, f"{server.url}/room/tea_room", color_scheme="dark")
    enter(bob, "Bob")
    settled(bob)
    use(ann, "lamp", "light")
    ann.keyboard.press("Escape")
    say(bob, "Good evening, Oskar. Shall we play a game?")
    settled(bob)
    say(ann, "Mira, I'd love something hot.")
    settled(ann)
    ann.wait_for_timeout(600)
    _take(ann, "room")
    prop(bob, "chess").click()
    bob.click('[data-option^="chess.take"]')
    bob.wait_for_timeout(900)
    settled(bob)
    bob.click('[data-square="e7"]')
    bob.click('[data-square="e5"]')
    bob.wait_for_timeout(900)
    settled(bob)
    _take(bob, "chess-dark")
    garden = _page(browser, f"{server.url}/room/greenhouse", device="phone")
    enter(garden, "Cleo")
    settled(garden)
    say(garden, "Pim, where is the key?")
    settled(garden)
    garden.wait_for_timeout(400)
    _take(garden, "greenhouse-phone")
    radio = _page(browser, f"{server.url}/room/radio_room")
    enter(radio, "Dan")
    settled(radio)
    say(radio, "Tobias, will the storm pass?")
    settled(radio)
    radio.wait_for_timeout(400)
    _take(radio, "radio-room")
    lobby = _page(browser, server.url)
    lobby.wait_for_selector('[data-room="tea_room"] .last b')
    lobby.wait_for_timeout(500)
    _take(lobby, "lobby")


def _page(browser: Browser, url: str, device: str = "desktop", **options: Any) -> Page:
    context = browser.new_context(reduced_motion="reduce", locale="en-GB", **_DEVICES[device], **options)
    page = context.new_page()
    page.goto(url)
    page.wait_for_timeout(700)
    return page


def _take(page: Page, name: str) -> None:
    page.screenshot(path=_FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
