"""The blind tasting in Improve: nothing to taste, then 20 pairs by keys or thumbs, and the candidate is released."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from openroom.tuning.audit.tastings import PAIRS
from tests.browser.server import Server
from tests.browser.steps import fetch, until
from tests.browser.test_improve import ROUND, OpenPage, StartServer, _data, _operator, _serious

TASTE = ROUND.replace("#round", "#taste")
HERS = "Sit, traveller. The night does not ask where to."
"""What the candidate says where the released version has another line."""
ASKED = [
    f"{first}hat shall I do tonight{last}?"
    for first in ("W", "Mira, w", "Tell me, w", "Oh, w", "Well, w")
    for last in (", all alone", ", all alone, Mira", " when I am all alone", "", " alone")
]


def _talk(page: Page) -> None:
    """Somebody who has consented asks Mira all of it, in rooms of their own, and is answered."""
    for lines in (ASKED[:9], ASKED[9:18], ASKED[18:]):
        room = fetch(page, "/api/rooms", "POST", {"scene": "tea_room", "title": "", "open": True})["id"]
        fetch(page, f"/api/rooms/{room}/actions", "POST", {"action": {"do": "enter", "name": "Ann"}})
        for line in lines:
            said = fetch(page, f"/api/rooms/{room}/actions", "POST", {"action": {"do": "say", "text": line}})
            cause = f"t{said['seqs'][0]}-mira"

            def answered(room: str = room, cause: str = cause) -> bool:
                events = fetch(page, f"/api/rooms/{room}/events")["events"]
                return any(str(one.get("cause", "")).startswith(cause) for one in events)

            until(page, answered)


def _side_of_hers(page: Page) -> str:
    """On which side the candidate's line stands: what a person would prefer here."""
    left = page.locator('[data-side="left"]').inner_text()
    return "left" if HERS in left else "right"


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_twenty_pairs_release_a_candidate(
    device: str, scheme: str, tmp_path: Path, start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(data=_data(tmp_path, "helpful"), rate_per_second="500", rate_burst="5000")
    page = _operator(open_page, server, f"/improve{TASTE}", device, color_scheme=scheme)
    taste = page.locator("[data-taste]")
    expect(taste).to_have_attribute("data-taste", "nothing")
    expect(page.get_by_role("status")).to_contain_text("nothing to taste yet")
    assert _serious(page) == []
    page.screenshot(path=str(tmp_path / "nothing.png"), full_page=True)
    guest = open_page(f"{server.url}/settings")
    guest.check('[name="consent"]')
    expect(guest.get_by_role("status")).to_contain_text("Saved")
    guest.reload()
    expect(guest.locator('[name="consent"]')).to_be_checked()
    guest.screenshot(path=str(tmp_path / "consent.png"), full_page=True)
    _talk(guest)
    page.click('[data-act="again"]')
    expect(taste).to_have_attribute("data-taste", "pair")
    assert _serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=str(tmp_path / "pair.png"), full_page=True)
    _judge_all(page, device)
    expect(taste).to_have_attribute("data-taste", "passed")
    expect(page.locator("[data-result]")).to_contain_text(f"of {PAIRS - 1} pairs that one side won")
    expect(page.locator('[data-count="both_bad"]')).to_have_text("1")
    assert _serious(page) == []
    page.screenshot(path=str(tmp_path / "passed.png"), full_page=True)
    page.get_by_role("link", name="Back to the round").click()
    expect(page.locator('[data-part="sign"]')).to_contain_text("Passed")
    expect(page.locator("[data-tasting]")).to_have_attribute("data-tasting", "passed")
    page.click('[data-answer="approve"]')
    page.select_option('[name="share"]', "0")
    page.locator(".decide button[type=submit]").click()
    page.click('[data-answer="release"]')
    expect(page.locator("[data-round]")).to_have_attribute("data-state", "released")
    expect(page.locator(".decisions")).to_contain_text("blind tasting: passed")
    page.screenshot(path=str(tmp_path / "round.png"), full_page=True)
    page.goto(f"{server.url}/improve{TASTE}")
    page.reload()
    expect(taste).to_have_attribute("data-taste", "none")
    assert fetch(page, "/api/tuning/audit")["ok"]


def _judge_all(page: Page, device: str) -> None:
    """The first pair is bad on both sides, in the others the candidate is better."""
    taste = page.locator("[data-taste]")
    keys = {"left": "ArrowLeft", "right": "ArrowRight", "bad": "ArrowDown"}
    for number in range(PAIRS):
        expect(taste).to_have_attribute("data-judged", str(number))
        expect(taste).to_have_attribute("data-taste", "pair")
        expect(page.locator(".tasting h2")).to_contain_text(f"Pair {number + 1} of {PAIRS}")
        pick = "bad" if number == 0 else _side_of_hers(page)
        if device == "phone":
            page.locator(f'[data-pick="{pick}"]').tap()
        else:
            page.keyboard.press(keys[pick])


def test_a_round_that_brought_no_candidate_has_no_tasting(
    tmp_path: Path, start_server: StartServer, open_page: OpenPage, expect_errors: Callable[[str], None]
) -> None:
    expect_errors(r"status of 404")
    server: Server = start_server(data=_data(tmp_path, "helpful"))
    page = open_page(server.operator_url)
    page.wait_for_url(f"{server.url}/")
    page.goto(f"{server.url}/improve#taste/mira-1/99/improve")
    expect(page.locator(".improve")).to_have_attribute("data-state", "trouble")
    expect(page.get_by_role("alert")).to_be_visible()
