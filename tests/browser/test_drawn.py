"""The parts that portraits on cards are drawn from are those of the pages."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.drawn import PARTS, parts, text


def test_the_parts_are_the_pages_own(browser: Browser) -> None:
    page = browser.new_page()
    made = text(parts(page))
    page.close()
    assert made == PARTS.read_text(encoding="utf-8"), (
        "python -m tests.browser.drawn > openroom/cards/portrait_parts.json"
    )
