"""The Improve pages: never empty, a first decision soon after Start, and the whole way of a candidate: approved, tried
as a canary, taken back by itself or released, and rolled back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import processes
from tests.browser.finder import ROOT
from tests.browser.server import Server
from tests.browser.steps import enter, fetch, say, settled, until

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]
RECORDED = "recorded%3Amira-local-0"
ROUND = "#round/mira-1/0/improve"
QUESTION = "Mira, what shall I do tonight, all alone?"


def _data(tmp_path: Path, what: str) -> str:
    """A data folder in which one run has ended and one candidate waits."""
    folder = tmp_path / "data"
    command = [sys.executable, "-m", "benchmarks.record_run", "--folder", str(folder), "--rounds", "1"]
    command += ["--only", what, "--out", str(tmp_path / "run.zip")]
    made = processes.run(command, cwd=ROOT)
    assert made.returncode == 0, made.stderr
    return str(folder)


def _operator(open_page: OpenPage, server: Server, path: str, device: str = "desktop", **options: object) -> Page:
    page = open_page(server.operator_url, device=device, **options)
    page.wait_for_url(f"{server.url}/")
    page.goto(f"{server.url}{path}")
    expect(page.locator(".improve")).to_have_attribute("data-state", "ready")
    return page


def _serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def _answer(page: Page, answer: str) -> None:
    page.click(f'[data-answer="{answer}"]')


def _ask(guest: Page) -> None:
    """Somebody asks Mira, in a new room, and waits for her answer."""
    room = fetch(guest, "/api/rooms", "POST", {"scene": "tea_room", "title": "", "open": True})["id"]
    for action in ({"do": "enter", "name": "Bob"}, {"do": "say", "text": QUESTION}):
        fetch(guest, f"/api/rooms/{room}/actions", "POST", {"action": action})

    def answered() -> bool:
        events = fetch(guest, f"/api/rooms/{room}/events")["events"]
        asked = next((one["seq"] for one in events if one.get("text") == QUESTION), None)
        return asked is not None and any(one.get("actor") == "character:mira" and one["seq"] > asked for one in events)

    until(guest, answered)


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_the_recorded_run_can_be_read_by_everybody(
    device: str, scheme: str, start_server: StartServer, open_page: OpenPage
) -> None:
    page = _operator(open_page, start_server(), "/improve", device, color_scheme=scheme)
    expect(page.locator(f'[data-run="{RECORDED.replace("%3A", ":")}"]')).to_contain_text("recorded")
    page.click('[data-act="audit"]')
    expect(page.locator('[data-audit="ok"]')).to_contain_text("as it was written")
    assert _serious(page) == []
    page.click(f'[data-run="{RECORDED.replace("%3A", ":")}"] a')
    expect(page.locator(".improve-chart svg")).to_be_visible()
    expect(page.locator(".improve-chart .gate circle").first).to_be_attached()
    expect(page.locator("h1")).to_be_focused()
    assert _serious(page) == []
    page.click('[data-round="mira-local-0/11/improve"] a')
    page.locator("[data-part]").first.wait_for()
    parts = page.locator("[data-part]").evaluate_all("all => all.map((one) => one.dataset.part)")
    assert parts[0] == "against"
    expect(page.locator('[data-part="diff"] .after')).to_contain_text(["traveller", "2"])
    expect(page.locator("[data-answer]")).to_have_count(0)
    assert _serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.go_back()
    expect(page.locator(".improve-chart svg")).to_be_visible()


def test_players_see_nothing_of_it(server: Server, open_page: OpenPage, expect_errors: Callable[[str], None]) -> None:
    expect_errors(r"status of 403")
    page = open_page(f"{server.url}/improve/mira")
    expect(page.locator(".improve")).to_contain_text("Only operators")
    assert fetch(page, "/api/tuning")["reason"] == "not_allowed"


def test_start_shows_its_first_decision_and_can_be_paused(start_server: StartServer, open_page: OpenPage) -> None:
    page = _operator(open_page, start_server(), "/improve/mira")
    expect(page.locator('[data-part="objective"]')).to_contain_text("Mira is better when")
    assert _serious(page) == []
    page.fill('[name="rounds"]', "200")
    page.click('[data-act="start"]')
    expect(page.locator("[data-run] [data-task]")).to_have_attribute("data-task", "running")
    expect(page.locator("[data-run] li[data-round]").first).to_be_visible()
    page.click('[data-act="pause"]')
    expect(page.locator("[data-run] [data-task]")).to_have_attribute("data-task", "paused")
    page.click('[data-act="resume"]')
    expect(page.locator('[data-act="pause"]')).to_be_visible()
    page.click('[data-act="stop"]')
    expect(page.locator("[data-run-state]")).to_have_attribute("data-run-state", "stopped")


def test_approve_release_and_roll_back(tmp_path: Path, start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(data=_data(tmp_path, "helpful"))
    page = _operator(open_page, server, f"/improve{ROUND}")
    candidate = page.locator("[data-round]")
    expect(candidate).to_have_attribute("data-state", "awaiting_approval")
    _answer(page, "later")
    expect(page.get_by_role("status")).to_contain_text("Put off")
    page.click('[data-try="room"]')
    expect(page.locator('[data-part="try"] a[href*="/room/"]')).to_have_count(1)
    page.click('[data-try="blind"]')
    expect(page.locator('[data-part="try"] a[href*="/room/"]')).to_have_count(2)
    page.click('[data-better="same"]')
    expect(page.locator('[data-part="try"] [role="status"]')).to_contain_text("The candidate was")
    _answer(page, "reject")
    expect(page.locator(".decide button[type=submit]")).to_be_disabled()
    _answer(page, "approve")
    page.select_option('[name="share"]', "0.5")
    page.locator(".decide button[type=submit]").click()
    expect(candidate).to_have_attribute("data-state", "canary")
    expect(page.locator("[data-tasting]")).to_have_attribute("data-tasting", "not_begun")
    expect(page.locator('[data-answer="release"]')).to_have_count(0)
    _answer(page, "override")
    page.fill('[name="override"]', "one line of hers is enough for me")
    page.locator(".decide button[type=submit]").click()
    expect(candidate).to_have_attribute("data-state", "released")
    expect(page.locator(".decisions")).to_contain_text("one line of hers is enough")
    page.goto(f"{server.url}/improve/mira")
    plays = page.locator("[data-character]")
    expect(plays).not_to_have_attribute("data-released", "")
    page.click('[data-act="rollback"]')
    expect(plays).to_have_attribute("data-released", "")
    expect(page.locator('[data-part="plays"]')).to_contain_text("the author's own version")
    assert fetch(page, "/api/tuning/audit")["ok"]


def test_a_canary_that_does_harm_is_taken_back_by_itself(
    tmp_path: Path, start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(data=_data(tmp_path, "two_faced"), rate_per_second="500", rate_burst="2000")
    page = _operator(open_page, server, f"/improve{ROUND}")
    expect(page.locator('[data-part="changes"] .fell')).to_contain_text("staying in character")
    _answer(page, "approve")
    page.select_option('[name="share"]', "0.5")
    page.locator(".decide button[type=submit]").click()
    expect(page.locator("[data-round]")).to_have_attribute("data-state", "canary")

    def gone() -> bool:
        return fetch(page, "/api/tuning/characters/mira")["canary"] is None

    guest = open_page(f"{server.url}/room/tea_room")
    enter(guest, "Ann")
    settled(guest)
    for _ in range(80):
        _ask(page)
        if gone():
            break
    until(page, gone)
    say(guest, "Are you still there?")
    settled(guest)
    page.reload()
    expect(page.locator("[data-round]")).to_have_attribute("data-state", "rolled_back")
    expect(page.locator(".decisions")).to_contain_text("live turns failed")
