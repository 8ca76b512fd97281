"""Words are taken back in the browser: one's own, anybody's for who runs the room; and invitations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, prop, same_seq, say, settled, tools, use

OpenPage = Callable[..., Page]


@pytest.fixture
def pair(server: Server, open_page: OpenPage) -> tuple[Page, Page]:
    """Ann, in a room of her own where nobody answers, and Bob, who visits her on a phone."""
    ann = _own_room(server, open_page)
    bob = open_page(ann.url, device="phone")
    enter(bob, "Bob")
    ann.click("[data-people]")
    ann.get_by_label("Who answers").select_option("nobody")
    ann.keyboard.press("Escape")
    settled(ann)
    return ann, bob


def _own_room(server: Server, open_page: OpenPage, is_open: bool = True) -> Page:
    page = open_page(server.url)
    page.click('[data-scene="tea_room"]')
    page.get_by_label("Open to everybody").set_checked(is_open)
    page.get_by_role("button", name="Open the door").click()
    page.wait_for_url("**/room/*")
    enter(page)
    return page


def _line(page: Page, text: str) -> Locator:
    return page.locator(".line:not(.now)", has_text=text)


def _ask(place: Locator) -> None:
    tools(place).get_by_role("button", name="Erase", exact=True).click()


def _reloaded(page: Page) -> None:
    page.reload()
    expect(page.locator(".room")).to_have_attribute("data-ready", "yes")


def _no_empty_line(page: Page) -> None:
    texts = page.locator(".line .text").all_inner_texts()
    assert texts
    assert [number for number, text in enumerate(texts) if not text.strip()] == [], texts


def test_one_s_own_line_is_erased_after_a_question(pair: tuple[Page, Page]) -> None:
    ann, bob = pair
    say(bob, "Forget that I said this")
    say(ann, "And this is Ann's")
    expect(_line(bob, "And this is Ann's")).to_be_visible()
    of_ann = tools(_line(bob, "And this is Ann's"))
    expect(of_ann.get_by_role("button", name="Copy a link to this line")).to_be_visible()
    expect(of_ann.get_by_role("button", name="Erase")).to_have_count(0)
    _ask(_line(bob, "Forget that I said this"))
    expect(bob.locator(".erase-sure")).to_contain_text("It cannot be undone.")
    expect(bob.locator('[data-erase="no"]')).to_be_focused()
    bob.keyboard.press("Escape")
    expect(bob.locator(".erase-sure")).to_have_count(0)
    expect(_line(bob, "Forget that I said this").locator("[data-tools]")).to_be_focused()
    expect(_line(ann, "Forget that I said this")).to_be_visible()
    _ask(_line(bob, "Forget that I said this"))
    bob.click('[data-erase="yes"]')
    for page in (bob, ann):
        expect(page.locator(".line .gone").last).to_have_text("These words were erased.")
        expect(_line(page, "Forget that I said this")).to_have_count(0)
        expect(page.locator(".bubble", has_text="Forget that I said this")).to_have_count(0)


def test_who_runs_the_room_erases_what_others_said_and_wrote(pair: tuple[Page, Page]) -> None:
    ann, bob = pair
    say(bob, "Something unkind")
    _write(bob, "diary", "write", "An unkind page")
    _write(bob, "notice_board", "pin", "An unkind note")
    bob.keyboard.press("Escape")
    expect(_line(ann, "An unkind note")).to_be_visible()
    for text in ("Something unkind", "An unkind note"):
        _ask(_line(ann, text))
        ann.click('[data-erase="yes"]')
        for page in (ann, bob):
            expect(_line(page, text)).to_have_count(0)
    expect(prop(bob, "notice_board")).to_have_attribute("data-look", "empty")
    bob.click('[data-tray="diary"]')
    expect(bob.locator(".pages li")).to_contain_text("An unkind page")
    prop(ann, "diary").click()
    page_of_bob = ann.locator(".pages li", has_text="An unkind page")
    page_of_bob.get_by_role("button", name="Erase", exact=True).click()
    ann.click('[data-erase="yes"]')
    for page in (ann, bob):
        expect(page.locator(".pages li")).to_have_count(0)
        expect(page.locator(".pages .hint")).to_be_visible()
    same_seq(ann, bob)
    for page in (ann, bob):
        _reloaded(page)
        expect(page.locator("li[data-kind=used] .gone")).to_have_count(2)
        _no_empty_line(page)


def test_a_page_that_was_changed_goes_with_all_its_wordings(pair: tuple[Page, Page]) -> None:
    ann, bob = pair
    _write(bob, "diary", "write", "The first wording")
    _write(bob, "diary", "edit:e1", "The second wording")
    expect(bob.locator(".pages li")).to_contain_text("The second wording")
    bob.locator(".pages li").get_by_role("button", name="Erase", exact=True).click()
    bob.click('[data-erase="yes"]')
    expect(bob.locator(".pages li")).to_have_count(0)
    same_seq(ann, bob)
    _reloaded(ann)
    expect(ann.locator("li[data-kind=used] .gone")).to_have_count(2)


def test_an_invitation_is_taken_back_with_those_who_came_by_it(server: Server, open_page: OpenPage) -> None:
    ann = _own_room(server, open_page, is_open=False)
    ann.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ann.click("[data-people]")
    expect(ann.locator("[data-invite-id]")).to_have_count(0)
    for number in (1, 2):
        ann.click("[data-invite]")
        expect(ann.locator("[data-invite-id]")).to_have_count(number)
    bob = open_page(ann.evaluate("navigator.clipboard.readText()"))
    bob.get_by_role("button", name="Come in").click()
    bob.wait_for_url("**/room/*")
    enter(bob, "Bob")
    ann.keyboard.press("Escape")
    ann.click("[data-people]")
    expect(ann.locator("[data-invite-id] small")).to_have_text(["1 came by it", "0 came by it"])
    other = ann.locator("[data-invite-id]").last
    other.get_by_role("button", name="Take back").click()
    other.get_by_role("button", name="Take back").click()
    expect(ann.locator("[data-invite-id]")).to_have_count(1)
    expect(bob.locator(".room")).to_have_attribute("data-state", "open")
    mine = ann.locator("[data-invite-id]")
    mine.get_by_role("button", name="Take back").click()
    mine.get_by_label("Also show out those who came by it").check()
    mine.get_by_role("button", name="Take back").click()
    expect(ann.locator("[data-invite-id]")).to_have_count(0)
    expect(bob.locator("[data-ending='kicked']")).to_be_visible()


def _write(page: Page, thing: str, option: str, text: str) -> None:
    use(page, thing, option)
    page.fill(".writing textarea", text)
    page.click(".writing button[type=submit]")
    expect(page.locator(".writing")).to_have_count(0)
