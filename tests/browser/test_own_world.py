"""A world in a folder of its own: what nobody drew, pictures of one's own, and what creators are told."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, prop, say, settled, use

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]

_SCENE = """\
format: 1
id: shelf
title: The shelf
line: Odd company.
description: A shelf.
characters:
  - {id: mauzi, place: {x: 20, y: 10}}
  - {id: paul, place: {x: 75, y: 90}}
props:
  - {id: crate, kind: crate, place: {x: 47, y: 95}}
  - {id: photo, kind: photo, place: {x: 40, y: 50}}
  - {id: drawing, kind: drawing, place: {x: 56, y: 50}}
  - {id: samovar, kind: samovar, place: {x: 36, y: 95}}
  - {id: player, kind: record_player, place: {x: 58, y: 80}}
"""
_PROP = """\
format: 1
kind: {kind}
name: The {kind}
line: A thing.
state: {{lit: {{type: boolean}}}}
verbs:
  light: {{label: Light it, when: {{lit: false}}, else: It is lit., set: {{lit: true}}, tells: "{{actor}} lights it."}}
looks:
  - {{when: {{lit: true}}, text: lit, picture: lit}}
  - {{text: dark, picture: dark}}
"""
_CARD = """\
format: 1
id: {id}
name: {name}
line: Lives here.
persona: You live here.
greeting: "*yawns* Well, {{{{user}}}}? <b>2*3*4</b>"
examples:
  - {{heard: Good boy, say: Prrt!, emotion: happy}}
"""


def _png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x40\x80\xc0" * width) * height
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


@pytest.fixture
def shelf(tmp_path: Path, start_server: StartServer) -> Server:
    """A server over a folder of one's own."""
    texts = {
        "scenes/shelf/scene.yaml": _SCENE,
        **{f"scenes/_props/{kind}.yaml": _PROP.format(kind=kind) for kind in ("crate", "photo", "drawing")},
        "characters/mauzi/character.yaml": _CARD.format(id="mauzi", name="Mauzi"),
        "characters/mauzi/art/avatar.json": json.dumps({"species": "cat"}),
        "characters/paul/character.yaml": _CARD.format(id="paul", name="Paul"),
        "scenes/_props/art/drawing/prop.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
        '<rect class="ink" width="40" height="20" fill="#335577"/></svg>',
    }
    pictures = {
        "characters/paul/art/portrait.png": _png(40, 60),
        "characters/paul/art/portrait_happy.png": _png(40, 60),
        "scenes/shelf/art/backdrop.png": _png(32, 20),
        "scenes/_props/art/photo/prop.png": _png(30, 20),
        "scenes/_props/art/photo/prop_lit.png": _png(30, 20),
    }
    for name, body in {**{name: text.encode() for name, text in texts.items()}, **pictures}.items():
        (tmp_path / "world" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "world" / name).write_bytes(body)
    world = tmp_path / "world"
    return start_server(characters=str(world / "characters"), scenes=str(world / "scenes"))


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_everything_can_be_seen_and_clicked_whoever_drew_it(shelf: Server, open_page: OpenPage, device: str) -> None:
    page = open_page(f"{shelf.url}/room/shelf", device=device)
    enter(page)
    settled(page)
    for thing in ("crate", "photo", "drawing", "samovar", "player"):
        picture = prop(page, thing).locator(".picture :is(svg, img)")
        expect(picture).to_be_visible()
        box = picture.bounding_box()
        assert box and min(box["width"], box["height"]) > 12, (thing, box)
        prop(page, thing).click()
        expect(page.locator(f'[data-panel="{thing}"]')).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(f'[data-panel="{thing}"]')).to_have_count(0)
    expect(page.locator(".backdrop img")).to_have_attribute("src", "/art/scenes/shelf/backdrop.png")


def test_a_picture_goes_with_the_look_and_a_portrait_with_the_emotion(shelf: Server, open_page: OpenPage) -> None:
    page = open_page(f"{shelf.url}/room/shelf")
    enter(page)
    settled(page)
    expect(prop(page, "photo").locator("img")).to_have_attribute("src", "/art/props/photo/prop.png")
    use(page, "photo", "light")
    expect(prop(page, "photo").locator("img")).to_have_attribute("src", "/art/props/photo/prop_lit.png")
    page.keyboard.press("Escape")
    paul = page.locator('[data-who="character:paul"] image.now')
    expect(paul).to_have_attribute("href", "/art/characters/paul/portrait.png")
    say(page, "Paul, good boy!")
    expect(paul).to_have_attribute("href", "/art/characters/paul/portrait_happy.png")
    head, stage = (
        page.locator('[data-who="character:mauzi"] .head').bounding_box(),
        page.locator(".stage").bounding_box(),
    )
    assert head and stage and head["y"] >= stage["y"], "nobody's head is cut off"


def test_an_aside_is_in_italics_and_everything_else_is_text(shelf: Server, open_page: OpenPage) -> None:
    page = open_page(f"{shelf.url}/room/shelf")
    enter(page, "Ann <i>")
    line = page.locator("li[data-kind='said'] .text").first
    expect(line).to_have_text("yawns Well, Ann <i>? <b>2*3*4</b>")
    expect(line.locator("em")).to_have_text("yawns")
    expect(line.locator("b, i")).to_have_count(0)
    expect(page.locator(".bubble-text em").first).to_have_text("yawns")


def test_a_creator_sees_what_is_wrong_with_the_files(shelf: Server, open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "world/scenes/_props/crate.yaml").write_text("format: 1\nkind: [\n", encoding="utf-8")
    (tmp_path / "world/characters/paul/art/happy.png").write_bytes(_png(2, 2))
    operator = open_page(shelf.operator_url)
    operator.get_by_role("button").first.click()
    made = operator.request.post(f"{shelf.url}/api/tokens", data={"role": "creator", "note": "Cleo"})
    assert made.ok, made.text()
    creator = open_page(made.json()["url"])
    creator.get_by_role("button").first.click()
    creator.goto(shelf.url)
    notes = creator.locator(".mistakes")
    expect(notes).to_have_count(2)
    expect(notes.first).to_contain_text("1 mistake")
    notes.first.locator("summary").click()
    expect(notes.first.locator("li")).to_contain_text("crate.yaml:3:1")
    expect(open_page(shelf.url).locator(".mistakes")).to_have_count(0)
