"""The lobby, rooms of one's own, settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, fetch, say, settled

OpenPage = Callable[..., Page]


def test_cards_tell_who_is_in_and_what_was_said(server: Server, open_page: OpenPage) -> None:
    ann = open_page(f"{server.url}/room/greenhouse")
    enter(ann)
    settled(ann)
    say(ann, "What smells so good?")
    settled(ann)
    bob = open_page(server.url)
    card = bob.locator('[data-room="greenhouse"]')
    expect(card).to_contain_text("The Rooftop Greenhouse")
    expect(card).to_contain_text("Inside: Ann")
    expect(card.locator(".last b")).not_to_be_empty()
    card.locator("a").click()
    bob.wait_for_url("**/room/greenhouse")


def test_start_a_private_room_and_delete_it(server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url)
    ann.click('[data-scene="tea_room"]')
    ann.fill("#own-name", "Ann's corner")
    ann.get_by_label("Open to everybody").uncheck()
    ann.get_by_role("button", name="Open the door").click()
    ann.wait_for_url("**/room/*")
    enter(ann)
    expect(ann.locator(".room-title")).to_have_text("Ann's corner")
    stranger = open_page(server.url)
    expect(stranger.locator('[data-room="tea_room"]')).to_be_visible()
    expect(stranger.locator(".card", has_text="Ann's corner")).to_have_count(0)
    ann.goto(server.url)
    card = ann.locator(".card", has_text="Ann's corner")
    expect(card).to_contain_text("private")
    card.get_by_role("button", name="Delete").click()
    card.get_by_role("button", name="Delete for good?").click()
    expect(card).to_have_count(0)


def test_the_owner_runs_the_room(server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url)
    ann.click('[data-scene="radio_room"]')
    ann.get_by_role("button", name="Open the door").click()
    ann.wait_for_url("**/room/*")
    enter(ann)
    bob = open_page(ann.url)
    enter(bob, "Bob")
    expect(bob.locator("[data-people]")).to_have_text("4")
    bob.click("[data-people]")
    expect(bob.locator(".people-panel")).to_be_visible()
    expect(bob.locator("[data-mode]")).to_have_count(0)
    ann.click("[data-people]")
    ann.get_by_label("Who answers").select_option("nobody")
    ann.get_by_role("button", name="Show the door").click()
    ann.get_by_role("button", name="Sure?").click()
    expect(bob.locator("[data-ending='kicked']")).to_contain_text("You were shown the door")
    bob.get_by_role("button", name="Come in again").click()
    expect(bob.locator(".room")).to_have_attribute("data-state", "open")
    ann.get_by_role("button", name="Ban").click()
    ann.get_by_role("button", name="Sure?").click()
    expect(bob.locator("[data-ending='banned']")).to_contain_text("This door stays shut")
    ann.get_by_role("button", name="Begin again").click()
    ann.get_by_role("button", name="Begin again: the talk").click()
    expect(ann.locator("li[data-kind='moved']")).to_have_text("The room begins again.")


PLAY = """\
format: 1
id: play
title: A play
line: Three acts.
description: An empty stage.
stages:
  - {id: dusk, title: The lamps are lit, text: Somebody lights the lamps.}
  - {id: the_letter, text: A letter is pushed under the door.}
  - {id: dawn, title: Morning, text: It is morning.}
translations:
  de: {The lamps are lit: Die Lampen brennen, Morning: Der Morgen, It is morning.: Es ist Morgen.}
"""


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_the_owner_moves_the_story_on_and_all_see_where_it_is(
    device: str,
    start_server: Callable[..., Server],
    open_page: OpenPage,
    tmp_path: Path,
    expect_errors: Callable[[str], None],
) -> None:
    expect_errors("status of 404")  # this scene has no art
    (tmp_path / "scenes" / "play").mkdir(parents=True)
    (tmp_path / "scenes" / "play" / "scene.yaml").write_text(PLAY, encoding="utf-8")
    server = start_server(scenes=str(tmp_path / "scenes"))
    ann = open_page(server.url, device=device)
    ann.click('[data-scene="play"]')
    ann.get_by_role("button", name="Open the door").click()
    ann.wait_for_url("**/room/*")
    enter(ann)
    bob = open_page(f"{ann.url}?lang=de", device=device)
    enter(bob, "Bob")
    expect(ann.locator("[data-story=dusk]")).to_have_text("Story: The lamps are lit")
    expect(bob.locator("[data-story=dusk]")).to_have_text("Geschichte: Die Lampen brennen")
    bob.click("[data-people]")
    expect(bob.locator(".people-panel")).to_be_visible()
    expect(bob.locator("[data-stages], [data-next-stage]")).to_have_count(0)
    bob.keyboard.press("Escape")
    ann.click("[data-people]")
    ann.get_by_role("button", name="On to “the letter”").click()
    for page in (ann, bob):
        expect(page.locator("[data-story=the_letter]")).to_be_visible()
        expect(page.locator("li[data-kind=happened]").last).to_have_text("A letter is pushed under the door.")
    ann.locator("[data-stages]").select_option("Morning")
    expect(bob.locator("[data-story=dawn]")).to_have_text("Geschichte: Der Morgen")
    expect(bob.locator("li[data-kind=happened]").last).to_have_text("Es ist Morgen.")
    expect(ann.locator("[data-next-stage]")).to_have_count(0)


def test_a_person_sets_name_language_and_theme(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/settings")
    page.fill("[name=name]", "Ann of the Hill")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_role("status").first).to_have_text("Saved.")
    assert fetch(page, "/api/people/me")["name"] == "Ann of the Hill"
    page.select_option("[name=theme]", "dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.select_option("[name=language]", "ja")
    expect(page.locator("h1")).to_have_text("設定")
    page.goto(f"{server.url}/room/tea_room")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("#entrance-name")).to_have_value("Ann of the Hill")
    expect(page.get_by_role("button", name="入る", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_browser_s_language_is_taken(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.url)
    html = page.request.get(server.url, headers={"Accept-Language": "es-MX,es;q=0.9"}).text()
    assert 'document.documentElement.lang = "es"' in html
    page.goto(f"{server.url}/?lang=es")
    expect(page.locator("h1")).to_have_text("Salas donde alguien está en casa")


def test_an_operator_sets_the_model_and_never_sees_the_key(
    server: Server, open_page: OpenPage, expect_errors: Callable[[str], None]
) -> None:
    expect_errors("status of 502")
    page = open_page(server.operator_url)
    page.wait_for_url(f"{server.url}/")
    expect(page.locator(".lobby-note")).to_contain_text("No language model is in use")
    page.goto(f"{server.url}/settings")
    expect(page.locator(".settings")).to_have_attribute("data-role", "operator")
    model = page.locator('[data-part="model"]')
    model.locator("[name=model]").fill("a-model")
    model.locator("[name=url]").fill("http://127.0.0.1:9/v1")
    model.locator("[name=key]").fill("not-a-real-key")
    model.get_by_role("button", name="Save and use").click()
    expect(page.locator("[data-model=remote]")).to_contain_text("a-model")
    page.reload()
    expect(model.locator("[name=key]")).to_have_value("")
    expect(model.locator("[name=key]")).to_have_attribute("placeholder", "one is set")
    assert "not-a-real-key" not in page.content()
    model.get_by_role("button", name="Try the connection").click()
    expect(model.get_by_role("alert")).to_contain_text("could not be reached")
    model.locator("[name=model]").fill("understudy")
    model.locator("[name=url]").fill("")
    model.get_by_role("button", name="Save and use").click()
    expect(page.locator("[data-model=understudy]")).to_be_visible()
    expect(model.get_by_role("button", name="Try the connection")).to_have_count(0)


def test_an_operator_invites_and_takes_back(
    server: Server, open_page: OpenPage, start_server: Callable[..., Server]
) -> None:
    own = start_server()
    page = open_page(own.operator_url)
    page.wait_for_url(f"{own.url}/")
    page.goto(f"{own.url}/settings")
    part = page.locator('[data-part="tokens"]')
    part.locator("[name=note]").fill("for Bob")
    part.get_by_role("button", name="Make a link").click()
    expect(part.locator(".made")).to_contain_text("/invite/")
    row = part.locator(".people li", has_text="for Bob")
    row.get_by_role("button", name="Take back").click()
    expect(row).to_have_count(0)


def test_settings_are_for_operators_only(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/settings")
    expect(page.locator(".page-main")).to_contain_text("are set by an operator")
    expect(page.locator("[data-part]")).to_have_count(0)
