"""Phones, screen readers, dark and light, motion: the room is for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, fetch, prop, say, settled, still, use

OpenPage = Callable[..., Page]

_SERIOUS = {"serious", "critical"}


def _violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for one in found
        if one["impact"] in _SERIOUS
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_axe_finds_nothing_serious(scheme: str, device: str, server: Server, open_page: OpenPage) -> None:
    page = open_page(server.url, device=device, color_scheme=scheme)
    expect(page.locator('[data-room="tea_room"]')).to_be_visible()
    assert _violations(page) == []
    page.goto(f"{server.url}/room/tea_room")
    expect(page.locator(".entrance")).to_be_visible()
    assert _violations(page) == []
    enter(page)
    say(page, "Good evening, Mira")
    settled(page)
    assert _violations(page) == []
    use(page, "notice_board", "pin")
    page.fill(".writing textarea", "Back at ten")
    page.click(".writing button[type=submit]")
    expect(page.locator(".pages li").first).to_be_visible()
    assert _violations(page) == []
    page.locator(".pages li .words").first.click()
    expect(page.locator(".pages .erase-sure")).to_be_visible()
    assert _violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.click("[data-people]")
    assert _violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_settings(scheme: str, server: Server, open_page: OpenPage) -> None:
    page = open_page(server.url, color_scheme=scheme)
    page.goto(f"{server.url}/settings")
    expect(page.locator("[data-role]")).not_to_have_attribute("data-role", "")
    assert _violations(page) == []


def test_a_phone_shows_everybody_and_nothing_is_cut_off(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room", device="phone")
    enter(page)
    say(page, "Good evening, Mira")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for name in ("mira", "oskar", "yuki"):
        face = page.locator(f".cast [data-who='character:{name}'] .head")
        box = face.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    strip = page.locator(".strip")
    expect(strip).to_contain_text("Mira")
    words = strip.bounding_box()
    faces = [page.locator(".cast .eyes").nth(n).bounding_box() for n in range(3)]
    assert words is not None
    assert all(face is not None and face["y"] >= words["y"] + words["height"] for face in faces), "speech covers a face"
    page.tap('[data-tray="lamp"]')
    panel = page.locator(".prop-panel").bounding_box()
    assert panel is not None
    assert panel["y"] + panel["height"] <= 845
    page.locator(".prop-panel .verbs button").first.tap()
    expect(prop(page, "lamp")).not_to_have_attribute("data-look", "dark")


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_nothing_on_a_phone_is_wider_than_the_phone(language: str, server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/?lang={language}", device="phone")
    expect(page.locator('[data-room="tea_room"]')).to_be_visible()
    outside = """[...document.querySelectorAll('a, button, input, select, textarea, .panel, .chip')].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width && !one.closest('.tray, .suggestions') && (box.left < -1 || box.right > innerWidth + 1);
    }).map((one) => one.outerHTML.slice(0, 120))"""
    assert page.evaluate(outside) == []
    page.click('[data-scene="greenhouse"]')
    expect(page.locator("form.entrance")).to_be_visible()
    assert page.evaluate(outside) == []
    page.goto(f"{server.url}/settings?lang={language}")
    expect(page.locator("[data-role]")).not_to_have_attribute("data-role", "")
    assert page.evaluate(outside) == []
    page.goto(f"{server.url}/room/tea_room?lang={language}")
    expect(page.locator(".entrance")).to_be_visible()
    assert page.evaluate(outside) == []
    enter(page)
    settled(page)
    page.click("[data-people]")
    assert page.evaluate(outside.replace("a, button", ".people-panel *, .room-head *, a, button")) == []


def _bubbles_stay(page: Page) -> None:
    """Stop the page's clock, by which what was said fades away."""
    page.clock.set_fixed_time(datetime.now(UTC))


def test_bubbles_never_cover_each_other(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    _bubbles_stay(page)
    enter(page)
    settled(page)
    for name in ("Mira", "Oskar", "Yuki"):
        say(page, f"{name}, tell me what you think of the weather and of the clocks here")
        settled(page)
    still(page, ".bubble")
    shown = "[...document.querySelectorAll('.bubble')].filter((b) => getComputedStyle(b).opacity > 0)"
    boxes = page.evaluate(f"{shown}.map((b) => b.getBoundingClientRect().toJSON())")
    assert len(boxes) >= 2
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            apart = (
                one["right"] <= other["left"]
                or other["right"] <= one["left"]
                or one["bottom"] <= other["top"]
                or other["bottom"] <= one["top"]
            )
            assert apart, (one, other)


_COVERED = """() => {
  const rect = (element) => element.getBoundingClientRect();
  const drawn = (svg) => {
    const { x, y, width, height } = svg.getBBox(), { a, d, e, f } = svg.getScreenCTM();
    return new DOMRect(x * a + e, y * d + f, width * a, height * d);
  };
  const shared = (one, other) => Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left))
    * Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));
  const all = (selector) => [...document.querySelectorAll(selector)];
  const id = (one) => one.querySelector('button').dataset.prop;
  const things = all('.thing').map((one) => [id(one), drawn(one.querySelector('svg'))]);
  const heads = all('.cast .head').map((one) => [one.closest('button').dataset.who, rect(one)]);
  return all('.bubble').filter((one) => getComputedStyle(one).opacity > 0).flatMap((bubble) =>
    [...things, ...heads].map(([id, box]) =>
      [bubble.dataset.who, id, shared(rect(bubble), box) / (box.width * box.height)]));
}"""
"""[who speaks, id of a thing or character, how much of it the bubble covers] for each pair."""


@pytest.mark.parametrize("width", [1280, 1000])
@pytest.mark.parametrize("scene", ["tea_room", "greenhouse", "radio_room"])
def test_bubbles_keep_clear_of_faces_and_things(scene: str, width: int, server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/{scene}")
    _bubbles_stay(page)
    page.set_viewport_size({"width": width, "height": 800})
    enter(page)
    settled(page)
    say(page, "Good evening to everybody in here, what a night this is.")
    settled(page)
    still(page, ".bubble")
    found = page.evaluate(_COVERED)
    speakers = {who for who, _, _ in found}
    assert any(who.startswith("player:") for who in speakers)
    assert any(who.startswith("character:") for who in speakers)
    assert [one for one in found if one[1].startswith("character:") and one[2] > 0.02] == []
    assert [one for one in found if one[2] > 0.34] == [], "most of each thing is seen"
    assert [one for one in found if one[0].startswith("player:") and one[2] > 0.2] == [], "there is room for a visitor"


def test_things_behind_a_bubble_can_be_clicked(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    enter(page)
    say(page, "Good evening")
    assert page.evaluate("getComputedStyle(document.querySelector('.bubbles')).pointerEvents") == "none"


def test_finished_sentences_are_announced_once(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    page.add_init_script(
        """window.heard = []; addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
          const text = document.querySelector("[data-announcer]")?.textContent ?? "";
          if (text && text !== window.heard.at(-1)) window.heard.push(text);
        }).observe(document.body, { subtree: true, childList: true, characterData: true }));"""
    )
    page.reload()
    enter(page)
    settled(page)
    say(page, "Oskar, do you play chess?")
    settled(page)
    line = page.locator("li[data-kind='said']:not(.own) .text").last.inner_text()
    heard = [text.removeprefix("Oskar: ") for text in page.evaluate("window.heard")]
    together = " ".join(heard)
    assert together.count(line) + sum(text in line for text in heard) >= 1
    assert together.count(line) <= 1
    assert page.locator(".talk-box").get_attribute("aria-live") == "off"


def test_reduced_motion_stops_every_animation(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    enter(page)
    assert page.evaluate("document.getAnimations().length") == 0


def test_motion_is_of_transform_and_opacity_only(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    page.emulate_media(reduced_motion="no-preference")
    enter(page)
    moved = page.evaluate(
        """[...new Set(document.getAnimations().flatMap((a) => a.effect.getKeyframes().flatMap(Object.keys)))]
        .filter((key) => !["offset", "computedOffset", "easing", "composite"].includes(key))"""
    )
    assert moved
    assert set(moved) <= {"transform", "opacity"}


def test_a_long_visit_has_a_quiet_reminder_that_one_sets(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/settings")
    page.select_option("select[name=reminder]", "30")
    page.clock.install()
    page.goto(f"{server.url}/room/tea_room")
    enter(page)
    page.clock.fast_forward(25 * 60_000)
    expect(page.locator("[data-reason=long_visit]")).to_have_count(0)
    page.clock.fast_forward(7 * 60_000)
    expect(page.locator("[data-reason=long_visit]")).to_contain_text("You have been here for 30 minutes.")


def test_every_interface_language_comes_up(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.url)
    for language in ("de", "es", "zh", "ja", "en"):
        page.goto(f"{server.url}/room/tea_room?lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        text = page.locator(".entrance").inner_text()
        assert "entrance." not in text


def test_all_art_of_the_shipped_scenes_is_there(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.url)
    expect(page.locator('[data-room="tea_room"]')).to_be_visible()
    fetch(page, "/api/session", "POST")
    missing = []
    for scene in ("tea_room", "greenhouse", "radio_room"):
        room = fetch(page, f"/api/rooms/{scene}")
        paths = [f"/art/scenes/{room['manifest']['scene']['backdrop']}/backdrop.svg"]
        paths += [f"/art/props/{one['art']}/prop.svg" for one in room["manifest"]["props"].values()]
        paths += [f"/art/characters/{one['art']}/avatar.json" for one in room["manifest"]["characters"].values()]
        missing += [path for path in paths if page.request.get(server.url + path).status != 200]
    assert missing == []


def test_every_look_of_a_thing_has_its_picture(server: Server, open_page: OpenPage) -> None:
    """What a YAML prop may look like is drawn: each `picture` of its looks is a group of its SVG."""
    from ruamel.yaml import YAML

    from tests.browser.finder import ROOT

    undrawn = []
    for path in [*ROOT.glob("scenes/_props/*.yaml"), *ROOT.glob("scenes/*/props/*.yaml")]:
        definition = YAML(typ="safe").load(path)
        art = ROOT / "scenes" / "_props" / "art" / (definition.get("art") or definition["kind"]) / "prop.svg"
        drawn = {word for part in art.read_text().split('data-look="')[1:] for word in part.split('"')[0].split()}
        undrawn += [
            f"{definition['kind']}: {look['picture']}" for look in definition["looks"] if look["picture"] not in drawn
        ]
    assert undrawn == []
