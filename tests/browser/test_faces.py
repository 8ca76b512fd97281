"""Visitors have faces: chosen at the door, seen by the others."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, fetch, same_seq, say, settled

OpenPage = Callable[..., Page]

COLOURS = (
    """(selector) => [...document.querySelectorAll(selector + ' [fill]')].map((part) => part.getAttribute('fill'))"""
)


def _drawn(page: Page, selector: str) -> list[str]:
    """The colours of a drawing, part by part: two drawings that look the same have the same."""
    expect(page.locator(f"{selector} .avatar")).to_be_visible()
    found: list[str] = page.evaluate(COLOURS, selector)
    assert len(found) > 8
    return found


def _me(page: Page) -> str:
    return str(fetch(page, "/api/people/me")["id"])


def test_who_chooses_nothing_has_a_face_and_the_others_see_the_same(server: Server, open_page: OpenPage) -> None:
    bob, ann = (open_page(f"{server.url}/room/tea_room") for _ in range(2))
    enter(bob, "Bob")
    mine = _drawn(ann, "[data-look-face]")
    enter(ann)
    guest = f'.guest[data-who="{_me(ann)}"]'
    assert set(_drawn(bob, guest)) <= set(mine), "only the mood differs"
    assert _drawn(bob, guest) == _drawn(ann, guest)
    assert _drawn(bob, guest) != _drawn(bob, f'.guest[data-who="{_me(bob)}"]')


def test_a_chosen_look_is_seen_by_the_others_and_kept(server: Server, open_page: OpenPage) -> None:
    bob, ann = (open_page(f"{server.url}/room/tea_room") for _ in range(2))
    enter(bob, "Bob")
    ann.click("[data-look-change]")
    ann.locator('[data-part="colour"] button').nth(2).click()
    expect(ann.locator('[data-part="colour"] button').nth(2)).to_have_attribute("aria-pressed", "true")
    ann.locator('[data-part="hat"]').get_by_role("button", name="Hat: the next one").click()
    expect(ann.locator('[data-part="hat"] output')).to_have_text("1 / 8")
    enter(ann)
    who = _me(ann)
    seen = fetch(bob, "/api/rooms/tea_room")["state"]["people"][who]["look"]
    assert (seen["colour"], seen["hat"]) == ("#4f7a5b", "cap")
    settled(ann)
    say(ann, "Good evening, everybody")
    settled(ann)
    same_seq(ann, bob)
    shown = _drawn(bob, f'.guest[data-who="{who}"]')
    assert "#4f7a5b" in shown
    line = bob.locator("li[data-kind=said]", has_text="Good evening, everybody")
    assert "#4f7a5b" in line.evaluate("(line) => decodeURIComponent(line.querySelector('.face').innerHTML)")
    bob.click("[data-people]")
    assert _drawn(bob, f'[data-person="{who}"]') == shown
    again = ann.context.new_page()  # another visit, in the same browser
    again.goto(f"{server.url}/room/greenhouse")
    assert "#4f7a5b" in _drawn(again, "[data-look-face]")
    again.close()


def test_a_spoilt_look_keeps_nobody_out(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    page.evaluate("""() => localStorage.setItem("openroom.look", '{"hair": "<b>", "skin": "red"}')""")
    page.reload()
    _drawn(page, "[data-look-face]")
    enter(page)
    assert "look" not in fetch(page, "/api/rooms/tea_room")["state"]["people"][_me(page)]


def test_a_look_is_chosen_on_a_phone(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room", "phone")
    before = _drawn(page, "[data-look-face]")
    page.click("[data-look-change]")
    for place in page.locator(".look button").all():
        box = place.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 24
    page.locator('[data-part="skin"] button[aria-pressed=false]').first.click()
    assert _drawn(page, "[data-look-face]") != before
    enter(page)
    expect(page.locator(f'.guest[data-who="{_me(page)}"] .avatar')).to_be_visible()
