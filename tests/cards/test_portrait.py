"""The picture of a card whose character is drawn."""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

import openroom
from openroom.cards.pictures import measure
from openroom.cards.portrait import _unchosen, portrait
from openroom.library.avatar import SPECIES, Avatar, misdrawn
from openroom.library.library import Library
from openroom.lobby.card_export import export_card
from openroom.settings import shipped

LIBRARY = Library([shipped("characters")], [])
CHANCE = Path(openroom.__file__).parent / "gui/web/art/chance.js"
_SCHEMA = Avatar.model_json_schema()["$defs"]


def choices(part: str, key: str = "style") -> list[str]:
    """What avatar.json may say there."""
    return list(_SCHEMA[part]["properties"][key]["enum"])


def drawn(avatar: dict[str, Any], colour: str = "#5a6a8d") -> Image.Image:
    assert misdrawn(json.dumps(avatar).encode()) == []
    data = portrait(avatar, "somebody", colour)
    assert measure(data) == ("png", 512, 768) and len(data) < 300_000
    return Image.open(io.BytesIO(data)).convert("RGB")


def near(image: Image.Image, x: int, y: int, colour: str) -> bool:
    """Whether a pixel is of a colour, but for rounding."""
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 6 for one, other in zip(pixel, bytes.fromhex(colour[1:]), strict=True))


@pytest.mark.parametrize(
    ("part", "key"),
    [(part, key) for part in ("Hair", "Hat", "Beard", "Clothes") for key in choices(part) if key != "bald"]
    + [("Extra", kind) for kind in choices("Extra", "kind")],
)
def test_every_choice_is_seen(part: str, key: str) -> None:
    """Each style stands in the picture in its own colour, or in shades of it: a satchel by its strap."""
    bald = {"hair": {"style": "bald"}, "clothes": {"style": "robe"}}

    def of(colour: str) -> Image.Image:
        if part == "Extra":
            return drawn({**bald, "extras": [{"kind": key, "colour": colour}]})
        return drawn({**bald, part.lower(): {"style": key, "colour": colour}})

    one, other = of("#12e0d0"), of("#d01220")
    box = ImageChops.difference(one, other).getbbox()
    assert box and (box[2] - box[0]) * (box[3] - box[1]) > 300


@pytest.mark.parametrize("species", SPECIES)
def test_every_species_is_drawn_in_its_colours(species: str) -> None:
    own = {"person": "skin", "bird": "feathers", "cat": "fur", "lamp": "shade", "voice": "light"}[species]
    one, other = (drawn({"species": species, own: colour}) for colour in ("#c02040", "#20c040"))
    assert one.tobytes() != other.tobytes()
    assert one.tobytes() == drawn({"species": species, own: "#c02040"}).tobytes(), "the same for ever"


def test_a_face_is_where_faces_are() -> None:
    image = drawn({"skin": "#c08060", "hair": {"style": "bald"}, "eyes": {"colour": "#2040c0"}})
    assert near(image, 256, 260, "#c08060"), "the forehead"
    seen = {colour for _, colour in image.crop((150, 280, 360, 380)).getcolors(1 << 20) or []}
    assert (32, 64, 192) in seen, "eyes"


def test_of_whom_nothing_is_known_is_drawn_by_id() -> None:
    one, other = (portrait({}, id, "#8d6e63") for id in ("ann", "bob"))
    assert one != other and one == portrait({}, "ann", "#8d6e63")


def test_two_of_whom_nothing_is_known_look_different() -> None:
    """Drawn by the numbers of the pages: of forty ids no two have one face, skin, hair and clothes."""
    ids = ["ilse", "shizuku", "yue_cheng_shizuku", *(f"character_{n}" for n in range(37))]
    assert len({json.dumps(_unchosen(id, {}), sort_keys=True) for id in ids}) == len(ids)


@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
def test_the_pages_choose_the_same() -> None:
    ids = ["ilse", "月城", "character_17"]
    module = base64.b64encode(CHANCE.read_bytes()).decode()
    say = f"m => console.log(JSON.stringify({json.dumps(ids)}.map(m.unchosen)))"
    told = f"import('data:text/javascript;base64,{module}').then({say})"
    got = json.loads(subprocess.run(["node", "-e", told], capture_output=True, check=True).stdout)
    for of, id in zip(got, ids, strict=True):
        del of["clothes"]["colour"]  # a card's picture has the colour of its character
        assert of == _unchosen(id, {})


@pytest.mark.parametrize("id", sorted(LIBRARY.characters))
def test_the_shipped_characters_go_out_with_their_portraits(id: str) -> None:
    image = Image.open(io.BytesIO(export_card(LIBRARY, id, "png", 3).data)).convert("RGB")
    assert image.size == (512, 768) and len(image.getcolors(1 << 20) or []) > 200
