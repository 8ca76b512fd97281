"""The story in the player's hands: other tries, other words, going back, save points; with two people in the room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, say, settled

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]


def last_reply(page: Page) -> str:
    """The words of the character's line that stands last."""
    return page.locator("li.line.speech:not(.own):not(.now) .text").last.inner_text()


def tools(page: Page, text: str):
    """The line that says so, with its tools in reach."""
    line = page.locator("li.line.speech", has_text=text).last
    line.hover()
    line.locator("[data-tools]").click()
    return line


def room_of(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.click('[data-scene="tea_room"]')
    page.get_by_role("button", name="Open the door").click()
    page.wait_for_url("**/room/*")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_another_try_beside_the_first(device: str, server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url, device=device)
    room_of(ann, server)
    enter(ann)
    say(ann, "Mira, what do you dream about?")
    settled(ann)
    first = last_reply(ann)
    tools(ann, first).locator("[data-try]").click()
    settled(ann)
    expect(ann.locator("[data-ways]").last).to_have_text("2/2")
    second = last_reply(ann)
    assert second != first
    ann.locator("[data-way=before]").last.click()
    expect(ann.locator("[data-ways]").last).to_have_text("1/2")
    assert last_reply(ann) == first
    ann.locator(".ways").last.focus()
    ann.keyboard.press("ArrowRight")
    expect(ann.locator("[data-ways]").last).to_have_text("2/2")
    assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_others_see_what_changed_and_who_did_it(server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url)
    room_of(ann, server)
    enter(ann)
    bob = open_page(ann.url)
    enter(bob, "Bob")
    bob.fill(".composer textarea", "I am writing something long")
    say(ann, "Mira, what do you dream about?")
    settled(ann)
    reply = last_reply(ann)
    tools(ann, reply).locator("[data-try]").click()
    expect(bob.locator("[data-reason=turned]")).to_contain_text("asked for another try")
    settled(ann)
    settled(bob)
    expect(bob.locator("[data-ways]").last).to_have_text("2/2")
    expect(bob.locator(".composer textarea")).to_have_value("I am writing something long")
    expect(bob.locator("[data-way=before]").last).to_be_disabled()
    expect(tools(bob, last_reply(bob)).locator("[data-link]")).to_be_visible()
    expect(bob.locator("[data-try]")).to_have_count(0)


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_other_words_and_the_way_back(device: str, server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url, device=device)
    room_of(ann, server)
    enter(ann)
    say(ann, "Mira, I lost an umbrela.")
    settled(ann)
    mine = tools(ann, "I lost an umbrela.")
    mine.locator("[data-edit]").click()
    box = ann.get_by_role("textbox", name="Say it in other words")
    expect(box).to_have_value("Mira, I lost an umbrela.")
    box.fill("Mira, I lost an umbrella.")
    ann.get_by_role("button", name="Say so").click()
    expect(ann.locator("li.own", has_text="umbrella.")).to_be_visible()
    expect(ann.locator("li.own", has_text="umbrela.")).to_have_count(0)
    settled(ann)
    ann.locator("[data-undo]").last.click()
    expect(ann.locator("li.own", has_text="umbrela.")).to_be_visible()
    tools(ann, "I lost an umbrela.").locator("[data-delete]").click()
    expect(ann.locator("li.own")).to_have_count(0)
    ann.locator("[data-undo]").last.click()
    expect(ann.locator("li.own", has_text="umbrela.")).to_be_visible()


def test_a_save_point_and_commands(server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url)
    room_of(ann, server)
    enter(ann)
    say(ann, "Mira, good evening.")
    settled(ann)
    ann.click("[data-people]")
    saves = ann.locator(".saves")
    expect(saves).to_contain_text("None yet.")
    saves.get_by_role("textbox").fill("Before the storm")
    saves.get_by_role("button", name="Save").click()
    expect(saves.locator("[data-save]")).to_contain_text("Before the storm")
    ann.keyboard.press("Escape")
    say(ann, "Mira, a storm is coming.")
    settled(ann)
    ann.click("[data-people]")
    saves.locator("[data-load]").click()
    expect(ann.locator("li.own", has_text="storm is coming")).to_have_count(0)
    expect(saves.locator("[data-save]")).to_contain_text("Before the storm")
    saves.locator("[data-unsave]").click()
    expect(saves).to_contain_text("None yet.")
    ann.keyboard.press("Escape")
    box = ann.locator(".composer textarea")
    box.fill("/retry shorter")
    box.press("Enter")
    settled(ann)
    expect(ann.locator("[data-ways]").last).to_have_text("2/2")
    box.fill("/undo")
    box.press("Enter")
    expect(ann.locator("li.own")).to_have_count(0)


def test_where_nobody_steers_nothing_is_offered(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server()
    ann = open_page(server.url)
    room_of(ann, server)
    enter(ann)
    say(ann, "Mira, good evening.")
    settled(ann)
    ann.click("[data-people]")
    ann.locator("[data-steer]").select_option("nobody")
    ann.keyboard.press("Escape")
    expect(tools(ann, last_reply(ann)).locator("[data-link]")).to_be_visible()
    expect(ann.locator("[data-try]")).to_have_count(0)
    expect(ann.locator("[data-delete]")).to_have_count(0)
