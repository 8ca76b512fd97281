"""Somebody thinks for long: the page offers the author's lines, on desktop and phone, in every language."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.endpoint import Endpoint, endpoint
from tests.browser.finder import ROOT
from tests.browser.server import Server
from tests.browser.steps import enter, replies, say, settled, until

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]
WORDS = ROOT / "openroom" / "gui" / "web" / "shared" / "i18n"


def _server(start_server: StartServer, service: Endpoint) -> Server:
    return start_server(model="a-model", model_url=service.url, model_key="not-a-real-key", patience_seconds="0.2")


def _box(element: Locator) -> dict[str, float]:
    box = element.bounding_box()
    assert box is not None
    return dict(box)


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_the_authors_lines_answer_where_the_model_is_slow(
    device: str, start_server: StartServer, open_page: OpenPage
) -> None:
    with endpoint("silent") as service:
        server = _server(start_server, service)
        ann = open_page(f"{server.url}/room/tea_room", device=device)
        enter(ann)
        settled(ann)
        before = replies(ann).count()
        say(ann, "Mira, when will it stop raining?")
        choice = ann.locator("[data-slow]")
        expect(choice).to_contain_text("The answer is taking long.")
        expect(ann.locator("[data-announcer]")).to_contain_text("The answer is taking long.")
        folder = ROOT / ".test-results"
        folder.mkdir(exist_ok=True)
        ann.screenshot(path=folder / f"slow-choice-{device}.png")
        for button in choice.get_by_role("button").all():
            box = _box(button)
            assert box["height"] >= 44
            width, height = ann.evaluate("[innerWidth, innerHeight]")
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height, "in sight without scrolling"
        bob = open_page(f"{server.url}/room/tea_room")
        enter(bob, "Bob")
        expect(bob.locator("li[data-turn]")).to_be_visible()
        expect(bob.locator("[data-slow]")).to_have_count(0)
        ann.locator("[data-recite]").press("Enter")
        expect(replies(ann)).not_to_have_count(before)
        settled(ann)
        expect(choice).to_have_count(0)
        expect(ann.locator(".line.failed")).to_have_count(0)
        until(ann, service.left.is_set)  # the model's call is given up
        slow_lines_of_the_same_visit(ann)


def slow_lines_of_the_same_visit(ann: Page) -> None:
    """Each has its choice, and who has to wait says so; what is chosen for the room is not asked again."""
    choice = ann.locator("[data-slow]")
    say(ann, "Mira, what is in the pot?")
    choice.locator("[data-wait]").press("Enter")
    expect(choice).to_have_count(0)
    say(ann, "Oskar, and what do you say?")
    listens = ann.locator("li[data-phase=waiting]")
    expect(listens).to_contain_text("Oskar")
    expect(listens).to_contain_text("listening · answers after Mira")
    ann.screenshot(path=ROOT / ".test-results" / f"waiting-{ann.viewport_size['width']}.png")
    ann.locator("li[data-phase=thinking]").get_by_role("button", name="Stop").click()
    settled(ann)
    say(ann, "Mira, and the kettle?")
    choice.locator("[data-recite-always]").press("Enter")
    settled(ann)
    said = replies(ann).count()
    say(ann, "Mira, who comes here?")
    expect(replies(ann)).not_to_have_count(said)
    settled(ann)
    expect(choice).to_have_count(0)


def test_what_was_chosen_for_the_room_is_undone(start_server: StartServer, open_page: OpenPage) -> None:
    with endpoint("silent") as service:
        server = start_server(model="a-model", model_url=service.url, model_key="not-a-real-key", patience_seconds="3")
        ann = open_page(f"{server.url}/room/tea_room")
        enter(ann)
        settled(ann)
        ann.evaluate("localStorage.setItem('openroom.slow.tea_room', 'recite')")
        say(ann, "Mira, when will it stop raining?")
        ann.locator("[data-slow-kept] [data-ask-me]").click()
        expect(ann.locator("[data-slow]")).to_be_visible()
        ann.reload()
        expect(ann.locator("[data-slow]")).to_be_visible()


def test_who_waits_is_left_alone_and_gets_the_models_words(start_server: StartServer, open_page: OpenPage) -> None:
    with endpoint("silent") as service:
        server = _server(start_server, service)
        ann = open_page(f"{server.url}/room/tea_room")
        enter(ann)
        settled(ann)
        say(ann, "Mira, when will it stop raining?")
        ann.locator("[data-wait]").press("Enter")
        expect(ann.locator("[data-slow]")).to_have_count(0)
        expect(ann.locator("li[data-turn]")).to_contain_text("thinking")
        assert not service.left.is_set()
        service.go.set()
        expect(replies(ann).filter(has_text="The rain will stop by ten.")).to_be_visible()


@pytest.mark.parametrize("language", ["de", "es", "ja", "zh"])
def test_the_choice_is_offered_in_every_language(language: str, start_server: StartServer, open_page: OpenPage) -> None:
    words = json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8"))
    with endpoint("silent") as service:
        server = _server(start_server, service)
        ann = open_page(f"{server.url}/room/tea_room?lang={language}", device="phone")
        enter(ann)
        settled(ann)
        say(ann, "Mira, when will it stop raining?")
        choice = ann.locator("[data-slow]")
        for key in ("talk.slow", "talk.recite", "talk.wait"):
            expect(choice).to_contain_text(words[key])
        assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")
