"""The prompt of a reply, on the page: an operator reads all of it, the room's owner and a creator what is theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.endpoint import endpoint
from tests.browser.finder import ROOT
from tests.browser.server import Server
from tests.browser.steps import enter, fetch, replies, say, settled, tools

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]


def prompt_of_last(page: Page) -> Locator:
    """Open the prompt of the reply that stands last."""
    tool = tools(replies(page).last).locator("[data-prompt]")
    tool.focus()
    tool.press("Enter")
    panel = page.locator("[data-prompt-panel]")
    expect(panel.locator("[data-call]").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return panel


def shot(page: Page, name: str) -> None:
    folder = ROOT / ".test-results"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"prompt-{name}.png")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_an_operator_reads_all_and_owner_and_creator_what_is_theirs(
    device: str, start_server: StartServer, open_page: OpenPage
) -> None:
    with endpoint("quick") as service:
        server = start_server(model="a-model", model_url=service.url, model_key="not-a-real-key")
        ann = open_page(server.url, device=device)
        ann.click('[data-scene="tea_room"]')
        ann.get_by_role("button", name="Open the door").click()
        ann.wait_for_url("**/room/*")
        enter(ann)
        room = ann.url.rpartition("/")[2]
        bob = open_page(ann.url, device=device)
        enter(bob, "Bob")
        expect(bob.locator("[data-prompt]")).to_have_count(0)
        fetch(ann, f"/api/rooms/{room}/actions", "POST", {"action": {"do": "leave"}})
        expect(bob.locator("li[data-kind=left]", has_text="Ann")).to_be_visible()
        say(bob, "Mira, I hid a lantern in the clock.")
        settled(bob)

        ann.goto(bob.url)
        enter(ann)
        service.reply = {"say": "You missed a good deal of rain. Tea?", "emotion": "calm"}
        say(ann, "Mira, what did I miss?")
        expect(replies(ann).last).to_contain_text("good deal of rain")
        settled(ann)
        panel = prompt_of_last(ann)
        theirs = panel.locator("[data-part=line][data-hidden=not_yours]").first
        expect(theirs).to_contain_text("not yours (")
        expect(panel).not_to_contain_text("lantern")
        mine = panel.locator("details[data-part=line]", has_text="what did I miss?").last
        mine.locator("summary").click()
        expect(mine.locator(".whole")).to_have_text("Ann: Mira, what did I miss?")
        mine.scroll_into_view_if_needed()
        shot(ann, f"owner-{device}")
        mine.locator(".why button").click()
        expect(ann.locator("li.line.marked")).to_contain_text("what did I miss?")
        expect(panel).to_have_count(1 if device == "desktop" else 0)

        boss = open_page(server.operator_url, device=device)
        boss.goto(bob.url)
        enter(boss, "Boss")
        settled(boss)
        before = replies(boss).count()
        service.reply = {"say": "Look as long as you like. The clocks do.", "emotion": "calm"}
        say(boss, "Mira, may I have a look?")
        expect(replies(boss)).not_to_have_count(before)
        settled(boss)
        panel = prompt_of_last(boss)
        expect(panel).to_contain_text("audit log")
        expect(panel.locator("[data-part=line] .start", has_text="lantern")).to_have_count(1)
        expect(panel.locator("[data-hidden]")).to_have_count(0)
        panel.locator("[data-part=persona] summary").click()
        expect(panel.locator("[data-part=persona] .whole")).to_contain_text("You are Mira")
        shot(boss, f"operator-{device}")
        boss.keyboard.press("Escape")
        expect(panel).to_have_count(0)

        made = fetch(boss, "/api/tokens", "POST", {"role": "creator"})
        assert fetch(bob, "/api/redeem", "POST", {"token": made["token"]})["role"] == "creator"
        bob.reload()
        expect(bob.locator(".room")).to_have_attribute("data-ready", "yes")
        panel = prompt_of_last(bob)
        expect(panel.locator("[data-part=persona]")).to_have_attribute("data-hidden", "not_yours")
        expect(panel.locator("[data-part=line] .start", has_text="lantern")).to_have_count(1)  # he said it himself
        shot(bob, f"creator-{device}")
