"""Props of an author's own, without a line of Python: what people see of them, do with them, and do not learn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, fetch, prop, same_seq

OpenPage = Callable[..., Page]

_SAFE = """\
format: 1
kind: safe
name: Safe
line: A grey steel safe with two dials.
state:
  left: {type: integer, max: 8}
  right: {type: integer, max: 8}
  open: {type: boolean}
  inside: {type: choice, of: [a bundle of letters, nothing], hidden: true}
verbs:
  turn_left:
    label: Turn the left dial to {number}
    params: {number: {type: integer, max: 8}}
    set: {left: "{number}"}
    tells: "{actor} turns the left dial."
  turn_right:
    label: Turn the right dial to {number}
    params: {number: {type: integer, max: 8}}
    set: {right: "{number}"}
    tells: "{actor} turns the right dial."
  pull:
    label: Pull the handle
    when: {open: false, left: 2, right: 1}
    else: {when: {open: false}, tells: "{actor} pulls the handle in vain."}
    set: {open: true}
    tells: The door swings open.
  look_in:
    label: Look in
    when: {open: true}
    else: It is shut.
    tells: "In it lies {inside}."
    tells_to: actor
looks:
  - {when: {open: true}, text: wide open, picture: open}
  - {text: "shut, the dials at {left}-{right}", picture: shut}
translations:
  de:
    "shut, the dials at {left}-{right}": "zu, die Scheiben auf {left}-{right}"
    Turn the left dial to {number}: Die linke Scheibe auf {number} drehen
"""
_PSALTER = """\
format: 1
kind: psalter
name: Psalter
line: A great book with wide margins.
state:
  margin: {type: notes, max: 9}
  page: {type: choice, of: [first, second, third, fourth, fifth, sixth]}
verbs:
  write:
    label: Write in the margin
    params: {text: {type: text, max: 120}}
    set: {margin: {append: "{text}"}}
    tells: "{actor} writes in the margin."
  turn:
    label: Turn to the {page} page
    params: {page: {type: choice, of: [first, second, third, fourth, fifth, sixth]}}
    set: {page: "{page}"}
    tells: "{actor} turns to the {page} page."
"""
_SCENE = """\
format: 1
id: cell
title: The cell
line: A safe and a book.
description: A cell. Nobody lives here.
props:
  - {id: safe, kind: safe, place: {x: 20, y: 60}}
  - {id: psalter, kind: psalter, place: {x: 70, y: 60}}
"""
_ART = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


@pytest.fixture
def cell(tmp_path: Path, start_server: Callable[..., Server]) -> Server:
    """A server with a cell in which a safe and a psalter stand."""
    files = {
        "cell/scene.yaml": _SCENE,
        "cell/art/backdrop.svg": _ART,
        "_props/safe.yaml": _SAFE,
        "_props/psalter.yaml": _PSALTER,
        "_props/art/safe/prop.svg": _ART,
        "_props/art/psalter/prop.svg": _ART,
    }
    for name, text in files.items():
        (tmp_path / "scenes" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "scenes" / name).write_text(text, encoding="utf-8")
    return start_server(scenes=str(tmp_path / "scenes"))


def dial(page: Page, side: str, number: int) -> None:
    """Turn a dial of the safe, step by step."""
    control = page.locator(f'[data-verb="safe.turn_{side}"]')
    for _ in range(number):
        control.get_by_role("button", name="More").click()
    control.locator(".do").click()
    expect(control.locator(".do")).to_be_disabled()
    expect(control.locator("select")).to_have_value(str(number))


def test_a_safe_is_opened_by_its_dials_and_keeps_what_it_holds(cell: Server, open_page: OpenPage) -> None:
    ann, ben = open_page(f"{cell.url}/room/cell"), open_page(f"{cell.url}/room/cell")
    enter(ann)
    enter(ben, "Ben")
    prop(ann, "safe").click()
    panel = ann.locator('[data-panel="safe"]')
    expect(panel.locator(".verbs > button")).to_have_text(["Pull the handle"])
    expect(panel.locator(".verb-control")).to_have_count(2)
    expect(panel.locator(".sight")).to_have_text("shut, the dials at 0-0")
    expect(prop(ann, "safe")).to_have_attribute("aria-label", "Safe: shut, the dials at 0-0")
    ann.click('[data-option="safe.pull"]')
    expect(ben.locator(".line.telling").last).to_have_text("Ann pulls the handle in vain.")
    dial(ann, "left", 2)
    dial(ann, "right", 1)
    expect(panel.locator(".sight")).to_have_text("shut, the dials at 2-1")
    expect(panel.locator(".verbs > button")).to_have_text(["Pull the handle"])
    ann.click('[data-option="safe.pull"]')
    expect(panel.locator(".sight")).to_have_text("wide open")
    ann.click('[data-option="safe.look_in"]')
    told = ann.locator(".line.telling").last
    expect(told).to_contain_text("In it lies a bundle of letters.")
    expect(told).to_contain_text("only you")
    seq = same_seq(ann, ben)
    expect(ben.locator(".line.telling").last).to_have_text("The door swings open.")
    snapshot = fetch(ben, "/api/rooms/cell")
    polled = fetch(ben, f"/api/rooms/cell/events?after={seq - 1}")
    assert snapshot["seq"] == seq
    assert "bundle of letters" not in str([snapshot["state"], snapshot["log"], polled, snapshot["looks"]])
    assert polled["events"] == [{"seq": seq}]


def test_notes_on_a_thing_are_read_and_many_choices_are_one_list(cell: Server, open_page: OpenPage) -> None:
    page = open_page(f"{cell.url}/room/cell", device="phone")
    enter(page)
    page.locator('[data-tray="psalter"]').click()
    panel = page.locator('[data-panel="psalter"]')
    expect(panel).to_contain_text("Nothing is written here yet.")
    page.click('[data-option="psalter.write"]')
    page.fill(".writing textarea", "Rain again.")
    page.click(".writing .primary")
    expect(panel.locator(".entry-text")).to_have_text("Rain again.")
    expect(panel.locator(".entry-by")).to_have_text("Ann")
    control = panel.locator('[data-verb="psalter.turn"]')
    control.locator("select").select_option("fourth")
    control.locator(".do").click()
    expect(page.locator(".line.telling").last).to_have_text("Ann turns to the fourth page.")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_looks_and_labels_are_in_the_readers_language(cell: Server, open_page: OpenPage) -> None:
    page = open_page(f"{cell.url}/room/cell?lang=de")
    enter(page)
    prop(page, "safe").click()
    panel = page.locator('[data-panel="safe"]')
    expect(panel.locator(".sight")).to_have_text("zu, die Scheiben auf 0-0")
    expect(panel.locator(".verb-label").first).to_have_text("Die linke Scheibe auf … drehen")
