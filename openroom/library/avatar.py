"""``avatar.json``: how a character is drawn, in parameters (docs/art.md). The pages draw it; this tells mistakes."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from openroom.core.character import Part

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Species = Literal["person", "bird", "cat", "lamp", "voice"]
SPECIES: tuple[Species, ...] = ("person", "bird", "cat", "lamp", "voice")


class Eyes(Part):
    """``lashes`` darkens the lids."""

    colour: Colour = "#4a3424"
    lashes: bool = False


class Brows(Part):
    """``weight`` is how thick they are."""

    colour: Colour | None = None
    weight: Annotated[float, Field(ge=2, le=9)] = 4.5


class Hair(Part):
    """On the head."""

    style: Literal[
        "short",
        "crop",
        "bob",
        "long",
        "bun",
        "braids",
        "plait",
        "curly",
        "tousled",
        "swept",
        "ponytail",
        "wisps",
        "bald",
    ] = "short"
    colour: Colour | None = None


class Beard(Part):
    """On the chin; ``moustache`` adds one above it."""

    style: Literal["full", "short", "goatee", "moustache"]
    moustache: bool = False
    colour: Colour | None = None


class Hat(Part):
    """What is worn on the head."""

    style: Literal["cap", "peaked", "beret", "top", "scarf", "knit", "straw", "hood"]
    colour: Colour | None = None
    trim: Colour | None = None


class Glasses(Part):
    """In front of the eyes."""

    style: Literal["round", "half"] = "round"
    colour: Colour | None = None


class Clothes(Part):
    """From the neck to the floor."""

    style: Literal["dress", "apron", "coat", "uniform", "sweater", "waistcoat", "robe", "overalls", "cloak"] = "sweater"
    colour: Colour | None = None
    second: Colour | None = None
    trim: Colour | None = None


class Extra(Part):
    """One thing worn or carried."""

    kind: Literal[
        "shawl", "scarf", "bow_tie", "tie", "necklace", "brooch", "satchel", "watch_chain", "towel", "magnifier",
        "headphones", "leaves", "pencil", "goggles",
    ]  # fmt: skip
    colour: Colour | None = None


class Avatar(Part):
    """All of it; everything may be left out."""

    species: Species = "person"
    size: Annotated[float, Field(ge=0.6, le=1.3)] = 1
    skin: Colour | None = None
    face: Literal["oval", "round", "long", "square"] = "oval"
    nose: Literal["small", "round", "long", "hook"] = "small"
    eyes: Eyes = Eyes()
    brows: Brows = Brows()
    lips: Colour | None = None
    age: Annotated[int, Field(ge=0, le=2)] = 0
    freckles: bool = False
    hair: Hair = Hair()
    beard: Beard | None = None
    hat: Hat | None = None
    glasses: Glasses | None = None
    clothes: Clothes = Clothes()
    extras: Annotated[tuple[Extra, ...], Field(max_length=14)] = ()
    earrings: Colour | None = None
    feathers: Colour | None = None
    nape: Colour | None = None
    beak: Colour | None = None
    feet: Colour | None = None
    perch: bool = False
    fur: Colour | None = None
    chest: Colour | None = None
    collar: Colour | None = None
    metal: Colour | None = None
    shade: Colour | None = None
    light: Colour | None = None


def misdrawn(data: bytes) -> list[tuple[str, str, str]]:
    """(key, what was expected, what came) for what is wrong with an ``avatar.json``."""
    try:
        Avatar.model_validate(json.loads(data))
    except ValidationError as error:
        return [
            (".".join(map(str, one["loc"])), _expected(str(one["msg"])), repr(one["input"])[:60])
            for one in error.errors()
        ]
    except (ValueError, RecursionError) as error:
        return [("", "valid JSON", str(error))]
    return []


def _expected(message: str) -> str:
    if message.startswith("Extra inputs"):
        return "one of the keys of docs/art.md"
    return message.removeprefix("Input should be ").replace(
        "String should match pattern '^#[0-9a-fA-F]{6}$'", "#rrggbb"
    )
