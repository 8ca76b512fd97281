"""Who speaks, as whom: two people, one with a persona made at the door, and a character that the room's owner plays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, settled
from tests.browser.test_commands import act, fits, give, offered

OpenPage = Callable[..., Page]


def at_the_door(page: Page) -> None:
    """Make Captain Vale, and come in as him."""
    page.click("[data-persona-new]")
    fits(page)
    page.fill("[name=persona_name]", "Captain Vale")
    page.fill("[name=persona_about]", "An old <i>sailor</i>, twice round the Horn.")
    page.click("[data-look-other]")
    page.screenshot(path=f".test-results/personas-form-{page.viewport_size['width']}.png")
    page.click("[data-persona-save]")
    expect(page.locator(".persona[aria-pressed=true] b")).to_have_text("Captain Vale")
    expect(page.locator("#entrance-name")).to_have_count(0)
    fits(page)
    page.screenshot(path=f".test-results/personas-door-{page.viewport_size['width']}.png")
    page.click(".entrance form > .row button[type=submit]")
    expect(page.locator(".room")).to_have_attribute("data-ready", "yes")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_persona_at_the_door_and_a_character_that_is_played(
    server: Server, open_page: OpenPage, expect_errors: Callable[[str], None], device: str
) -> None:
    expect_errors("ERR_FAILED")  # a list of personas that does not come
    ann = open_page(server.url, device=device)
    ann.click('[data-scene="tea_room"]')
    ann.get_by_role("button", name="Open the door").click()
    ann.wait_for_url("**/room/*")
    enter(ann)
    settled(ann)
    assert act(ann, {"do": "configure", "responders": "manual"})

    bob = open_page(ann.url, device=device)
    at_the_door(bob)
    expect(ann.locator("li[data-kind=entered]").last).to_contain_text("Captain Vale")
    give(bob, "Ahoy.")
    line = ann.locator("li[data-kind=said]", has_text="Ahoy.")
    expect(line.locator(".who b")).to_have_text("Captain Vale")
    ann.click("[data-people]")
    expect(ann.locator("[data-persona-about]")).to_have_text("An old <i>sailor</i>, twice round the Horn.")
    fits(ann)
    ann.screenshot(path=f".test-results/personas-people-{ann.viewport_size['width']}.png")
    ann.keyboard.press("Escape")

    # The owner plays a character: all see who.
    box = ann.locator(".composer textarea")
    box.focus()
    ann.keyboard.type("/as m")
    assert offered(ann) == ["/as Mira"]
    ann.keyboard.press("Tab")
    expect(box).to_have_value("/as Mira ")
    ann.keyboard.type("Somebody knocks.")
    ann.keyboard.press("Enter")
    for page, name in ((ann, "played by you"), (bob, "played by Ann")):
        played = page.locator("li[data-kind=said]", has_text="Somebody knocks.")
        expect(played.locator(".who b")).to_have_text("Mira")
        expect(played.locator("[data-played]")).to_have_text(name)
        expect(played.get_by_role("button", name="Good")).to_have_count(0)
        expect(played.locator(".face :is(svg, img)").first).to_be_visible()
    give(bob, "/as Mira I am not she.")
    expect(bob.get_by_role("alert")).to_contain_text("Nobody called “Mira” can be meant.")
    bob.fill(".composer textarea", "")
    give_as_oneself(bob, ann)


def give_as_oneself(bob: Page, ann: Page) -> None:
    """Leave the persona at the door, and let it say a line from there."""
    address = bob.url
    bob.evaluate("sessionStorage.clear()")
    bob.route("**/api/people/me/personas", lambda route: route.abort())
    bob.goto(address)
    bob.click("[data-persona=self]")  # the list does not come, and what was chosen stays chosen until one does this
    expect(bob.locator("#entrance-name")).to_be_visible()
    bob.unroute("**/api/people/me/personas")
    bob.evaluate("sessionStorage.clear()")
    bob.goto(address)
    bob.click("[data-persona=self]")
    enter(bob, "Bob")
    expect(ann.locator("li[data-kind=entered]").last).to_contain_text("Bob")
    expect(ann.locator("li[data-kind=said]", has_text="Ahoy.").locator(".who b")).to_have_text("Captain Vale")
    give(bob, "/as Captain Vale Land in sight!")
    lent = ann.locator("li[data-kind=said]", has_text="Land in sight!")
    expect(lent.locator(".who b")).to_have_text("Captain Vale")
    expect(lent.locator(".face :is(svg, img)").first).to_be_visible()
    expect(bob.locator("li[data-kind=said]", has_text="Land in sight!").locator("[data-as]")).to_have_text(
        "as Captain Vale"
    )
    give(bob, "And I am Bob.")
    expect(ann.locator("li[data-kind=said]", has_text="And I am Bob.").locator(".who b")).to_have_text("Bob")
    for number, page in enumerate((ann, bob)):
        page.screenshot(path=f".test-results/personas-talk-{number}-{page.viewport_size['width']}.png")


def test_personas_are_looked_after_in_the_settings(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/settings", device="phone")
    page.click("[data-personas] [data-persona-new]")
    page.fill("[name=persona_name]", "Lady Ash")
    page.click("[data-persona-save]")
    page.click("[data-personas] .persona")
    page.fill("[name=persona_about]", "Never seen by day.")
    page.check("[name=persona_is_me]")
    fits(page)
    page.locator("[data-personas]").scroll_into_view_if_needed()
    page.screenshot(path=".test-results/personas-settings.png", full_page=True)
    page.click("[data-persona-save]")
    expect(page.locator(".persona small")).to_have_text("Never seen by day.")
    page.reload()
    page.click("[data-personas] .persona")
    expect(page.locator("[name=persona_is_me]")).to_be_checked()
    page.click("[data-persona-delete]")
    page.check("[name=persona_forget]")
    page.click("[data-persona-gone]")
    expect(page.locator("[data-personas] .persona")).to_have_count(0)
