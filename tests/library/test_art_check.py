"""Pictures that are never shown, or not as they were drawn, are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openroom.errors import DefinitionError
from openroom.library.avatar import Avatar
from openroom.library.library import Library
from openroom.settings import shipped
from tests.library.worlds import LAMP, make, write

PNG, JPG, WEBP = b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff....", b"RIFF....WEBP"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><!-- <image/> --><path d="M0,0"/></svg>'


def problems(root: Path) -> list[DefinitionError]:
    return Library([root / "characters"], [root / "scenes"]).problems


def drawn(root: Path, path: str, data: bytes) -> list[DefinitionError]:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)
    return problems(root)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("characters/ada/art/portrait.png", PNG),
        ("characters/ada/art/portrait_happy.webp", WEBP),
        ("characters/ada/art/portrait_home-sick.jpeg", JPG),
        ("characters/ada/art/portrait.svg", SVG),
        ("characters/ada/art/avatar.json", b'{"species": "cat", "fur": "#445566"}'),
        ("scenes/hut/art/backdrop.jpg", JPG),
        ("scenes/hut/art/backdrop.svg", SVG),
        ("scenes/_props/art/lamp/prop.png", PNG),
        ("scenes/_props/art/lamp/prop_lit.png", PNG),
        ("scenes/_props/art/lamp/.hidden", b"x"),
    ],
)
def test_what_is_shown_is_fine(tmp_path: Path, path: str, data: bytes) -> None:
    assert drawn(make(tmp_path), path, data) == []


@pytest.mark.parametrize(
    ("path", "data", "words", "warning"),
    [
        ("characters/ada/art/happy.png", PNG, "portrait_<emotion>.png", True),
        ("characters/ada/art/notes.txt", b"x", "nobody sees", True),
        ("characters/ada/art/portrait.gif", b"GIF89a", "nobody sees", True),
        ("scenes/hut/art/backdrop_night.png", PNG, "backdrop.png", True),
        ("scenes/hut/art/hut.png", PNG, "backdrop.png", True),
        ("scenes/_props/art/lamp/lamp.svg", SVG, "prop_<picture>.png", True),
        ("characters/ada/art/portrait.png", b"<html>", "a picture of the kind png", False),
        ("scenes/hut/art/backdrop.webp", PNG, "a picture of the kind webp", False),
        ("scenes/hut/art/backdrop.svg", b"<svg>\n<image href='x'/></svg>", "backdrop.png, came <image>", True),
        ("scenes/hut/art/backdrop.svg", b"<svg>\n<foreignObject/></svg>", "came <foreignObject>", True),
        ("scenes/_props/art/lamp/prop.svg", b"<svg>\n<style>a{}</style></svg>", "came <style>", True),
        ("scenes/hut/art/backdrop.svg", b"no picture", "an SVG picture", False),
        ("characters/ada/art/avatar.json", b"{", "valid JSON", False),
        ("characters/ada/art/avatar.json", b"[" * 100_000, "valid JSON", False),
        ("characters/ada/art/avatar.json", b'{"hair": {"style": "mohawk"}}', "hair.style: expected 'short'", False),
        ("characters/ada/art/avatar.json", b'{"skin": "red"}', "skin: expected #rrggbb, came 'red'", False),
        ("characters/ada/art/avatar.json", b'{"nose_ring": true}', "one of the keys of docs/art.md", False),
        ("characters/ada/art/avatar.json", b'{"species": "dog"}', "'cat', 'lamp' or 'voice', came 'dog'", False),
    ],
)  # fmt: skip
def test_what_is_not_is_told(tmp_path: Path, path: str, data: bytes, words: str, warning: bool) -> None:
    (problem,) = drawn(make(tmp_path), path, data)
    assert problem.file.endswith(path)
    assert words in str(problem)
    assert problem.warning == warning
    assert problem.line == (2 if b"\n<" in data else None)


def test_a_picture_that_is_drawn_later_is_seen_at_the_next_look(tmp_path: Path) -> None:
    root = make(tmp_path)
    library = Library([root / "characters"], [root / "scenes"])
    (root / "characters/ada/art").mkdir()
    (root / "characters/ada/art/happy.png").write_bytes(PNG)
    assert library.reload()
    assert len(library.problems) == 1


@pytest.mark.parametrize(
    ("art", "wrong"),
    [
        ({"prop.svg": b'<svg><g data-look="lit default"/><g data-look="out"/></svg>'}, "lit, out"),
        ({"prop.png": PNG, "prop_lit.png": PNG}, "lit"),
        ({"prop.svg": b'<svg><g data-look="lit"/><g data-look="dark"/></svg>'}, ""),
        ({"prop_lit.png": PNG, "prop_dark.webp": WEBP}, ""),
        ({"prop.svg": SVG}, ""),
        ({}, ""),
    ],
)
def test_a_look_whose_picture_nobody_drew(tmp_path: Path, art: dict[str, bytes], wrong: str) -> None:
    root = make(tmp_path)
    looks = "looks:\n  - {when: {lit: true}, text: lit, picture: lit}\n  - {text: dark, picture: dark}\n"
    write(root / "scenes/_props/lamp.yaml", LAMP.partition("looks:")[0] + looks)
    for name, data in art.items():
        drawn(root, f"scenes/_props/art/lamp/{name}", data)
    found = problems(root)
    assert [(one.key, f"({wrong})" in str(one)) for one in found] == ([("looks[1].picture", True)] if wrong else [])


def test_the_shipped_faces_are_drawn_by_the_parameters_that_are_known() -> None:
    for path in shipped("characters").glob("*/art/avatar.json"):
        Avatar.model_validate(json.loads(path.read_text(encoding="utf-8")))
