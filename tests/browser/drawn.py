"""The parts that the pages draw characters from, as data for `openroom.cards.portrait`: they are made from the pages'
own modules, so that a portrait on a card is of whoever stands on the stage.

    python -m tests.browser.drawn > openroom/cards/portrait_parts.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, sync_playwright

from tests.browser.finder import ROOT, find_or_install

ART = ROOT / "openroom/gui/web/art"
PARTS = ROOT / "openroom/cards/portrait_parts.json"
_ORIGIN = "http://127.0.0.1:9"
_STUBS = {
    "/vue.js": "export const h = (tag, attributes, children = []) => [tag, attributes, children];",
    "/art/colour.js": """
        export const safeColour = (value, fallback) => value ?? fallback;
        export const shade = (colour, by) => `${colour}${by < 0 ? "" : "+"}${by}`;""",
    "/": """<script type="importmap">{"imports": {"vue": "/vue.js"}}</script>""",
}
"""What stands in for vue and for colours: elements stay lists, and a colour keeps the name of what it is that of."""
_READ = Path(__file__).with_suffix(".js")


def parts(page: Page) -> dict[str, Any]:
    """All parts, by kind and style: elements of SVG with names in the place of colours."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(_ORIGIN)
        body = _STUBS.get(path) or (ART / Path(path).name).read_text(encoding="utf-8")
        route.fulfill(body=body, content_type="text/html" if path == "/" else "text/javascript")

    page.route("**/*", answer)
    page.goto(f"{_ORIGIN}/")
    found: dict[str, Any] = page.evaluate(_READ.read_text(encoding="utf-8").partition("\n")[2])
    return found


def text(found: dict[str, Any]) -> str:
    """As the file has it."""
    return json.dumps(found, separators=(",", ":"), sort_keys=True) + "\n"


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=["--no-sandbox"])
        sys.stdout.write(text(parts(browser.new_page())))
