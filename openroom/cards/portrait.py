"""A portrait of a character that is drawn by its parameters (``avatar.json``), as the picture of its card.

The parts are the pages' own, as data (tests/browser/drawn.py makes them); here they get colours and become pixels.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 512, 768
"""Of the picture, in pixels; cards are usually 2:3."""
_FINE = 3
"""So many times larger it is drawn, so that edges are smooth."""
_LEFT, _SIDE = 10.0, 220.0
"""What of the figures' plane is seen: from here, so wide."""
_TOP = {"person": -30.0, "voice": 60.0}
"""Where the picture begins: a person from the hair to the hands; others stand lower and are seen whole."""
_TOP_OF_OTHERS = 124.0
_EDGE = 176
"""What Pillow's radial gradient has at the middle of its sides; it goes on to its corners."""
_STEPS = 18
"""Straight pieces of which a curve is made."""

_Point = tuple[float, float]
_Element = tuple[str, dict[str, Any]]
_COLOUR = re.compile(r"(#[0-9a-f]{3}(?:[0-9a-f]{3})?|[a-z_]+)((?:[+-][0-9.]+)*)", re.IGNORECASE)
_TOKEN = re.compile(r"([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+))")
_TURNED = re.compile(r"(translate|rotate|scale)\(([^)]*)\)")

# What is taken where avatar.json does not say: as the pages do (openroom/gui/web/art/avatar.js).
_SKINS = ("#f0c9a8", "#d9a27a", "#a8714c", "#f5d9c3", "#7d5138")
_HAIRS = ("#3a2a24", "#6b4a2f", "#b5763a", "#8a8580", "#241f2e")
_HAIR_STYLES = ("short", "bob", "tousled", "curly", "bun")
# What is drawn of whom nothing is chosen: as openroom/gui/web/art/chance.js has it, in the order of its picks.
_UNCHOSEN: Mapping[str, Sequence[str]] = {
    "skin": ("#f7dcc6", "#f0c9a8", "#d9a27a", "#b9835a", "#8f5d3c", "#5f3b28"),
    "face": ("oval", "round", "long", "square"),
    "nose": ("small", "round", "long"),
    "eyes.colour": ("#4a3424", "#5b7a4a", "#3f6a8a", "#7a5a2f", "#2f2a33"),
    "hair.style": ("short", "crop", "bob", "long", "bun", "curly", "tousled", "swept", "ponytail", "braids"),
    "hair.colour": ("#241f2e", "#4a3024", "#8a5a34", "#c9964f", "#a8482f", "#8a8580"),
    "clothes.style": ("sweater", "coat", "waistcoat", "dress", "overalls"),
}
_OF_A_HEAD = ("species", "skin", "face", "hair", "nose", "eyes")
_OTHERS: Mapping[str, Mapping[str, str]] = {
    "bird": {"feathers": "#2b2f42", "nape": "#9aa3b8", "beak": "#3a3a44", "feet": "#4a4650", "eyes": "#e8eef0"},
    "cat": {"fur": "#8a6a4f", "chest": "#efe2d0", "eyes": "#7fa64a"},
    "lamp": {"metal": "#8a6a34", "shade": "#c9895a", "light": "#ffdf94", "eyes": "#4a3424"},
    "voice": {"light": "#7d8fe0", "eyes": "#4a3424"},
}


def portrait(avatar: Mapping[str, Any], seed: str, colour: str) -> bytes:
    """A PNG of 512 by 768 pixels: the character of these parameters (those of ``avatar.json``; what is missing follows
    from ``seed``, its id, as on the pages) in front of a ground in its ``colour`` (``#rrggbb``)."""
    image = _ground(_rgb(colour))
    if seed and not any(avatar.get(part) for part in _OF_A_HEAD):
        avatar = _unchosen(seed, avatar)
    species = str(avatar.get("species", "person"))
    if species in _OTHERS:
        parts = _other(species, avatar)
    else:
        species, parts = "person", _person(avatar, seed, colour)
    top = _TOP.get(species, _TOP_OF_OTHERS)
    for (tag, attributes), colours in parts:
        _draw(image, tag, attributes, colours, top)
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _unchosen(seed: str, avatar: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with those of a head of which nobody has chosen anything."""
    numbers, made = _numbers(seed), dict[str, Any]()
    for key, choices in _UNCHOSEN.items():
        part, _, of = key.partition(".")
        value = choices[next(numbers) % len(choices)]
        made[part] = {**made.get(part, {}), of: value} if of else value
    worn = avatar.get("clothes")
    return {**made, **avatar, "clothes": {**made["clothes"], **(worn if isinstance(worn, Mapping) else {})}}


def _numbers(seed: str) -> Iterator[int]:
    """A run of numbers that an id begins (FNV-1a, then xorshift), the same as the pages'."""
    state, whole = 2166136261, 0xFFFFFFFF
    for letter in seed:
        state = (state ^ ord(letter)) * 16777619 & whole
    state = state or 1
    while True:
        state ^= state << 13 & whole
        state ^= state >> 17
        state ^= state << 5 & whole
        yield state


@cache
def _parts() -> dict[str, Any]:
    text = resources.files("openroom.cards").joinpath("portrait_parts.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


_Parts = Iterator[tuple[_Element, Mapping[str, str]]]


def _other(species: str, avatar: Mapping[str, Any]) -> _Parts:
    own = {key: str(avatar.get(key) or usual) for key, usual in _OTHERS[species].items() if key != "eyes"}
    own["eyes"] = str(_of(avatar, "eyes", "colour") or _OTHERS[species]["eyes"])
    if species == "bird" and avatar.get("perch"):
        yield from ((one, own) for one in _parts()["perch"])
    yield from ((one, own) for one in _parts()["species"][species])
    if species == "cat" and avatar.get("collar"):
        yield from ((one, own | {"collar": str(avatar["collar"])}) for one in _parts()["collar"])


def _person(avatar: Mapping[str, Any], seed: str, colour: str) -> _Parts:
    """Every part of a person, the farthest first, in the order in which the pages draw them."""
    number, parts = _number(seed), _parts()
    own = _colours_of(avatar, number, colour)
    hair = parts["hair"][_of(avatar, "hair", "style") or _HAIR_STYLES[number % 5]]
    face = avatar.get("face") or ("oval", "round")[number % 2]
    clothes = parts["clothes"][_of(avatar, "clothes", "style") or "sweater"]
    extras = [
        (parts["extras"][one["kind"]], own | {"extra": one.get("colour") or "#c98a2b"}) for one in _extras(avatar)
    ]
    head = parts["head"]
    yield from ((one, own) for one in (*head["neck"], *clothes))
    yield from ((one, tinted) for extra, tinted in extras for one in extra["below"])
    layers = [hair["back"], head["ears"]]
    if avatar.get("earrings"):
        layers.append(parts["earrings"])
    layers += [parts["faces"][face], parts["beards"].get(_of(avatar, "beard", "style"), []), head["cheeks"]]
    layers += [parts["freckles"] if avatar.get("freckles") else [], parts["ages"][int(avatar.get("age") or 0)]]
    layers += [head["eyes"], parts["lashes"] if _of(avatar, "eyes", "lashes") else []]
    layers += [parts["noses"][avatar.get("nose") or "small"], head["mouth"]]
    if _of(avatar, "beard", "style") == "moustache" or _of(avatar, "beard", "moustache"):
        layers.append(parts["moustache"])
    layers += [parts["glasses"].get(_of(avatar, "glasses", "style") or "round", []) if avatar.get("glasses") else []]
    layers += [hair["front"], parts["hats"].get(_of(avatar, "hat", "style"), []), head["brows"]]
    yield from ((one, own) for layer in layers for one in layer)
    yield from ((one, tinted) for extra, tinted in extras for one in extra["above"])


def _colours_of(avatar: Mapping[str, Any], number: int, colour: str) -> dict[str, str]:
    """The colour behind each name that stands in the parts; shades of one are named by it."""
    hair = _of(avatar, "hair", "colour") or _HAIRS[number % 5]
    return {
        "skin": avatar.get("skin") or _SKINS[number % 5],
        "hair": hair,
        "brows": _of(avatar, "brows", "colour") or _hex(_shaded(_rgb(hair), -0.2)),
        "eyes": _of(avatar, "eyes", "colour") or "#4a3424",
        "lips": avatar.get("lips") or "#7a2f33",
        "main": _of(avatar, "clothes", "colour") or colour,
        "second": _of(avatar, "clothes", "second") or "#f3e6cf",
        "trim": _of(avatar, "clothes", "trim") or "#d9a441",
        "beard": _of(avatar, "beard", "colour") or hair,
        "hat": _of(avatar, "hat", "colour") or "#4a3458",
        "hat_trim": _of(avatar, "hat", "trim") or "#d9a441",
        "glasses": _of(avatar, "glasses", "colour") or "#4a3424",
        "earrings": avatar.get("earrings") or "#d9a441",
    }


def _of(avatar: Mapping[str, Any], part: str, key: str) -> Any:
    inner = avatar.get(part)
    return inner.get(key) if isinstance(inner, Mapping) else None


def _extras(avatar: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in avatar.get("extras") or () if one.get("kind") in _parts()["extras"]]


def _number(seed: str) -> int:
    """What nobody has chosen is varied by this, as on the pages."""
    number = 7
    for unit in memoryview(seed.encode("utf-16-le", "surrogatepass")).cast("H"):
        number = (number * 31 + unit) % 997
    return number


# Drawing --------------------------------------------------------------------------------------------------------------


def _ground(colour: tuple[int, int, int]) -> Image.Image:
    """A wall in the colour, lighter around the head."""
    size = (WIDTH * _FINE, HEIGHT * _FINE)
    fall = Image.linear_gradient("L").resize(size)
    image = Image.composite(
        Image.new("RGB", size, _shaded(colour, -0.3)), Image.new("RGB", size, _shaded(colour, 0.35)), fall
    )
    glow = Image.radial_gradient("L").resize((int(size[0] * 1.5), int(size[0] * 1.5)))
    light = glow.point([round(max(0, 1 - at / _EDGE) * 140) for at in range(256)])
    image.paste(_shaded(colour, 0.72), (-int(size[0] * 0.25), -int(size[0] * 0.28)), light)
    return image


def _draw(image: Image.Image, tag: str, attributes: Mapping[str, Any], colours: Mapping[str, str], top: float) -> None:
    """Draw an element on the picture."""
    lines = [[_placed(point, attributes, top) for point in line] for line in _outline(tag, attributes)]
    opacity = 255 * float(attributes.get("opacity", 1))
    fill = attributes.get("fill", "none" if "stroke" in attributes else "#000")
    if fill != "none":
        shade = round(opacity * float(attributes.get("fill-opacity", 1)))
        _paint(image, lines, _colour(fill, colours), shade)
    if attributes.get("stroke", "none") != "none":
        width = float(attributes.get("stroke-width", 1)) * WIDTH * _FINE / _SIDE
        _paint(image, lines, _colour(attributes["stroke"], colours), round(opacity), width)


def _paint(
    image: Image.Image, lines: Sequence[Sequence[_Point]], colour: tuple[int, int, int], shade: int, width: float = 0
) -> None:
    """Areas, or with a ``width`` lines with round ends and corners; ``shade`` is how dense they are, up to 255."""
    half = width / 2
    xs, ys = ([point[axis] for line in lines for point in line] for axis in (0, 1))
    left, upper = (max(0, math.floor(min(one) - half)) for one in (xs, ys))
    right, lower = (min(most, math.ceil(max(one) + half) + 1) for one, most in zip((xs, ys), image.size, strict=True))
    if right <= left or lower <= upper:
        return
    mask = Image.new("L", (right - left, lower - upper))
    pen = ImageDraw.Draw(mask)
    for line in lines:
        near = [(x - left, y - upper) for x, y in line]
        if not width and len(near) > 2:
            pen.polygon(near, fill=shade)
        elif width:
            pen.line(near, fill=shade, width=max(1, round(width)))
            for x, y in near:
                pen.ellipse([x - half, y - half, x + half, y + half], fill=shade)
    image.paste(colour, (left, upper), mask)


def _placed(point: _Point, attributes: Mapping[str, Any], top: float) -> _Point:
    """Where a point of an element is in the picture."""
    x, y = point
    for kind, told in reversed(_TURNED.findall(str(attributes.get("transform", "")))):
        values = [float(one) for one in re.split(r"[ ,]+", told.strip())]
        if kind == "translate":
            x, y = x + values[0], y + (values[1] if len(values) > 1 else 0)
        elif kind == "scale":
            x, y = x * values[0], y * values[-1]
        else:
            turn = math.radians(values[0])
            x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
    scale = WIDTH * _FINE / _SIDE
    return (x - _LEFT) * scale, (y - top) * scale


def _outline(tag: str, attributes: Mapping[str, Any]) -> list[list[_Point]]:
    """The lines of an element, before it is placed."""
    if tag == "path":
        return list(_Path(str(attributes["d"])).lines())
    if tag == "rect":
        x, y, w, h = (float(attributes[key]) for key in ("x", "y", "width", "height"))
        r = min(float(attributes.get("rx", 0)), w / 2, h / 2)
        corners = [(x + w - r, y + r, -90), (x + w - r, y + h - r, 0), (x + r, y + h - r, 90), (x + r, y + r, 180)]
        return [[one for cx, cy, start in corners for one in _arc(cx, cy, r, r, start, 90)]]
    rx, ry = (float(attributes.get(key, attributes.get("r", 0))) for key in ("rx", "ry"))
    return [_arc(float(attributes["cx"]), float(attributes["cy"]), rx, ry, 0, 360)]


def _arc(cx: float, cy: float, rx: float, ry: float, start: float, sweep: float) -> list[_Point]:
    count = max(4, round(sweep / 6))
    turns = [math.radians(start + sweep * at / count) for at in range(count + 1)]
    return [(cx + rx * math.cos(turn), cy + ry * math.sin(turn)) for turn in turns]


class _Path:
    """The ``d`` of a path, as far as ours go: M, L, V, H, C, Q, T and Z, absolute and relative."""

    def __init__(self, d: str) -> None:
        self._tokens = [letter or float(number) for letter, number in _TOKEN.findall(d)]
        self._at: _Point = (0.0, 0.0)
        self._handle: _Point | None = None

    def lines(self) -> Iterator[list[_Point]]:
        line: list[_Point] = []
        command, at = "M", 0
        while at < len(self._tokens):
            if isinstance(token := self._tokens[at], str):
                command, at = token, at + 1
            if command in "Zz":
                line.append(line[0])
                self._at = line[0]
                continue
            count = {"M": 2, "L": 2, "T": 2, "H": 1, "V": 1, "C": 6, "Q": 4}[command.upper()]
            values = [float(one) for one in self._tokens[at : at + count]]
            at += count
            if command in "Mm":
                if line:
                    yield line
                line = [self._to(command, values)[0]]
                self._at, command = line[0], "l" if command == "m" else "L"
            else:
                line += self._curve(command, values)
        if line:
            yield line

    def _to(self, command: str, values: Sequence[float]) -> list[_Point]:
        x, y = self._at if command.islower() else (0.0, 0.0)
        if command in "Hh":
            return [(x + values[0], self._at[1])]
        if command in "Vv":
            return [(self._at[0], y + values[0])]
        return [(x + values[at], y + values[at + 1]) for at in range(0, len(values), 2)]

    def _curve(self, command: str, values: Sequence[float]) -> list[_Point]:
        points = self._to(command, values)
        if command in "Tt":
            (ax, ay), (hx, hy) = self._at, self._handle or self._at
            points = [(2 * ax - hx, 2 * ay - hy), *points]
        start, self._at = self._at, points[-1]
        self._handle = points[0] if command in "QqTt" else None
        if len(points) == 1:
            return points
        return [_between([start, *points], at / _STEPS) for at in range(1, _STEPS + 1)]


def _between(points: Sequence[_Point], share: float) -> _Point:
    """A point on a curve of Bézier (de Casteljau)."""
    while len(points) > 1:
        pairs = pairwise(points)
        points = [(ax + (bx - ax) * share, ay + (by - ay) * share) for (ax, ay), (bx, by) in pairs]
    return points[0]


# Colours --------------------------------------------------------------------------------------------------------------


def _colour(name: str, colours: Mapping[str, str]) -> tuple[int, int, int]:
    """``main-0.24`` -> the main colour, darker by 24 %; ``#fff`` as it is."""
    found = _COLOUR.fullmatch(name)
    if found is None:
        raise ValueError(f"expected a colour of the parts, came {name!r}")
    rgb = _rgb(found[1] if found[1].startswith("#") else colours[found[1]])
    for by in re.findall(r"[+-][0-9.]+", found[2]):
        rgb = _shaded(rgb, float(by))
    return rgb


def _rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(one * 2 for one in digits)
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def _hex(rgb: tuple[int, int, int]) -> str:
    return "#" + bytes(rgb).hex()


def _shaded(rgb: tuple[int, int, int], by: float) -> tuple[int, int, int]:
    """Mixed with black (below 0) or white."""
    target = 0 if by < 0 else 255
    red, green, blue = (round(value + (target - value) * abs(by)) for value in rgb)
    return red, green, blue
