"""Characters that have pictures, on the stage: framed or cut out, with an emotion's own picture or with signs."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, say, settled, still

OpenPage = Callable[..., Page]
_SCENE = """\
format: 1
id: gallery
title: The gallery
line: Painted and drawn.
description: A gallery.
characters:
  - {id: framed, place: {x: 22, y: 93}}
  - {id: cutout, place: {x: 50, y: 93}}
  - {id: drawn, place: {x: 80, y: 93}}
"""
_CARD = """\
format: 1
id: {id}
name: {name}
line: Hangs here.
persona: You hang here.
greeting: Hello.
emotions: {{default: calm, can: [calm, happy, sad, joyful]}}
examples:
  - {{heard: Good news, say: "Splendid!", emotion: joyful}}
  - {{heard: Bad news, say: "Oh no.", emotion: sad}}
"""


def picture(colour: str, *, clear: bool = False, size: tuple[int, int] = (200, 300)) -> bytes:
    """A picture of one colour; a ``clear`` one has that in its middle alone."""
    image = Image.new("RGBA", size, (0, 0, 0, 0) if clear else colour)
    ImageDraw.Draw(image).ellipse([40, 40, size[0] - 40, size[1]], fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def gallery(tmp_path: Path, start_server: Callable[..., Server]) -> Server:
    """A server over three characters, of whom two have pictures."""
    files = {"scenes/gallery/scene.yaml": _SCENE.encode(), "scenes/gallery/art/backdrop.jpg": _photo((2600, 1600))}
    for id in ("framed", "cutout", "drawn"):
        files[f"characters/{id}/character.yaml"] = _CARD.format(id=id, name=id.title()).encode()
    files["characters/framed/art/portrait.png"] = picture("#884455")
    files["characters/cutout/art/portrait.png"] = picture("#446688", clear=True)
    files["characters/cutout/art/portrait_happy.png"] = picture("#66aa44", clear=True)
    for name, body in files.items():
        path = tmp_path / "world" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    world = tmp_path / "world"
    return start_server(characters=str(world / "characters"), scenes=str(world / "scenes"))


def _photo(size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    image = Image.new("RGB", size, "#335566")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_picture_stands_framed_or_cut_out(gallery: Server, open_page: OpenPage, device: str) -> None:
    page = open_page(f"{gallery.url}/room/gallery", device=device)
    enter(page)
    settled(page)
    framed, cutout = (page.locator(f'.actor [data-who="character:{id}"]') for id in ("framed", "cutout"))
    expect(framed.locator(".frame")).to_have_count(1)
    expect(framed.locator(".easel")).to_have_count(1)
    expect(cutout.locator(".frame, .easel")).to_have_count(0)
    stage = page.locator(".stage").bounding_box()
    for figure in (framed, cutout):
        box = figure.locator("image.now").bounding_box()
        assert box and stage and box["y"] >= stage["y"] and box["width"] > 40
    assert framed.evaluate("(one) => getComputedStyle(one.querySelector('.body')).animationName") == "none"
    framed.locator("image.now").click(position={"x": 20, "y": 20})
    expect(page.locator('[data-card="character:framed"] .portrait image')).to_be_visible()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_no_visitor_hides_a_name(gallery: Server, open_page: OpenPage, device: str) -> None:
    page = open_page(f"{gallery.url}/room/gallery", device=device)
    enter(page)
    for name in ("Bob", "Cleo", "Dan"):
        enter(open_page(f"{gallery.url}/room/gallery"), name)
        settled(page)
        still(page, ".plates .nameplate, .guest")
        for id in ("framed", "cutout", "drawn"):
            plate = page.locator(f'[data-name-of="character:{id}"]')
            expect(plate).to_have_text(id.title())
            assert plate.evaluate(_ON_TOP), f"{id} is hidden where {name} has come"
        others = [one.bounding_box() for one in page.locator(".guest .nameplate").all()]
        for plate in page.locator(".plates .nameplate").all():
            box = plate.bounding_box()
            assert box and not any(other and _meet(box, other) for other in others)
    page.locator('[data-name-of="character:drawn"]').click()
    expect(page.locator('[data-card="character:drawn"]')).to_be_visible()


_ON_TOP = """(plate) => {
  const { left, top, width, height } = plate.getBoundingClientRect();
  return [0.1, 0.5, 0.9].every((at) => plate.contains(document.elementFromPoint(left + width * at, top + height / 2)));
}"""


def _meet(one: Any, other: Any) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def test_an_emotion_has_a_picture_or_a_sign(gallery: Server, open_page: OpenPage) -> None:
    page = open_page(f"{gallery.url}/room/gallery")
    enter(page)
    settled(page)
    framed, cutout = (page.locator(f'.actor [data-who="character:{id}"]') for id in ("framed", "cutout"))
    say(page, "Cutout, good news!")
    settled(page)
    expect(cutout.locator("image.now")).to_have_attribute("href", "/art/characters/cutout/portrait_happy.png")
    expect(cutout.locator(".sign")).to_have_count(0)
    say(page, "Framed, bad news!")
    settled(page)
    expect(framed.locator("svg")).to_have_attribute("data-mood", "sad")
    expect(framed.locator("image.now")).to_have_attribute("href", "/art/characters/framed/portrait.png")
    expect(framed.locator(".sign")).to_have_count(1)


def test_a_photograph_behind_the_stage_is_a_copy(gallery: Server, open_page: OpenPage) -> None:
    page = open_page(f"{gallery.url}/room/gallery")
    enter(page)
    backdrop = page.locator(".backdrop img")
    expect(backdrop).to_be_visible()
    assert backdrop.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") <= 1920
    served = page.request.get(f"{gallery.url}/art/scenes/gallery/backdrop.jpg")
    assert served.headers["content-type"] == "image/webp" and b"taken at home" not in served.body()
