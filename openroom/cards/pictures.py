"""Pictures of cards: how large one says it is, a copy that is safe to show, and a PNG to write a card into.

Pillow decodes; it never gets more pixels than `MAX_PIXELS`, nor the texts and profiles of a PNG. It takes
time: never on the event loop.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable
from typing import Literal

from PIL import Image

from openroom.cards import png, webp
from openroom.cards.limits import MAX_ASSET, MAX_DRAWN, MAX_PIXELS
from openroom.errors import CardError

Kind = Literal["png", "jpeg", "webp", "gif"]
SHOWN_SIZE = 1024
"""A display copy is at most so wide and so high."""
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    MemoryError,
    struct.error,
)
"""What Pillow raises for bytes that are no picture."""
_SIZED = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""Markers of a JPEG's frame headers (ITU T.81, table B.1)."""
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def measure(data: bytes) -> tuple[Kind, int, int]:
    """The kind of a picture, and the width and height it says it has, without decoding it. Raises `CardError`."""
    try:
        if data.startswith(png.SIGNATURE):
            return ("png", *png.parse(data)[0].size)
        if data.startswith(b"\xff\xd8\xff"):
            return ("jpeg", *_jpeg_size(data))
        if webp.is_webp(data):
            return ("webp", *_webp_size(data))
        if data.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack_from("<HH", data, 6)
            return "gif", width, height
    except struct.error:
        raise CardError("a whole picture", came="a part of one") from None
    raise CardError("a picture (PNG, JPEG, WebP or GIF)", came="another kind of file")


def display_copy(data: bytes, most: int = SHOWN_SIZE) -> bytes:
    """The picture (of an animation its first frame) as a WebP of at most ``most`` pixels a side, drawn anew: nothing of
    the file but its pixels is in it. Raises `CardError`."""
    picture = _opened(data, most)
    picture.thumbnail((most, most))
    return _saved(picture, "WEBP", quality=85)


class Copies:
    """Display copies of one card's pictures. What is at one place, or occurs again, is drawn once, and all of them
    together have at most `MAX_DRAWN` pixels."""

    def __init__(self) -> None:
        self._left = MAX_DRAWN
        self._known: dict[str | bytes, bytes | CardError | None] = {}

    def at(self, place: str, content: Callable[[], bytes | None]) -> bytes | None:
        """As `display_copy` of what is at ``place``; none where nothing is. Raises `CardError`, again each time."""
        return self._once(place, lambda: self._copy(content()))

    def _copy(self, data: bytes | None) -> bytes | None:
        return None if data is None else self._once(hashlib.sha256(data).digest(), lambda: self._drawn(data))

    def _once(self, key: str | bytes, make: Callable[[], bytes | None]) -> bytes | None:
        if key not in self._known:
            try:
                self._known[key] = make()
            except CardError as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, CardError):
            raise known
        return known

    def _drawn(self, data: bytes) -> bytes:
        _, width, height = measure(data)
        if self._left < width * height <= MAX_PIXELS:
            raise CardError(f"pictures of at most {MAX_DRAWN:,} pixels in all", came="more")
        self._left -= min(width * height, MAX_PIXELS)  # of a broken one too: it was tried
        return display_copy(data)


def as_png(data: bytes) -> bytes:
    """A JPEG, WebP or GIF as a PNG of the same size; a PNG stays as it is. Raises `CardError`."""
    return data if measure(data)[0] == "png" else _saved(_opened(data), "PNG")


def _opened(data: bytes, wanted: int = 0) -> Image.Image:
    if len(data) > MAX_ASSET:
        raise CardError(f"a picture of at most {MAX_ASSET:,} bytes", came=f"{len(data):,}")
    kind, width, height = measure(data)
    if not width * height:
        raise CardError("a picture with a width and a height", came=f"{width} x {height}")
    if width * height > MAX_PIXELS:
        raise CardError(f"a picture of at most {MAX_PIXELS:,} pixels", came=f"{width} x {height}")
    if kind == "png":
        data = png.bare(png.parse(data)[0])
    try:
        picture = Image.open(io.BytesIO(data), formats=[kind.upper()])
        if picture.width * picture.height > MAX_PIXELS:
            raise CardError(f"a picture of at most {MAX_PIXELS:,} pixels", came=f"{picture.width} x {picture.height}")
        if wanted:
            picture.draft("RGB", (wanted, wanted))
        picture.load()
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        bare: Image.Image = picture if picture.mode == mode else picture.convert(mode)
    except _BROKEN as error:
        raise CardError("a picture that can be drawn", came="a broken one") from error
    bare.info.clear()
    return bare


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _SIZED:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    raise CardError("a JPEG that says its size", came="none")


def _webp_size(data: bytes) -> tuple[int, int]:
    """From the first chunk (WebP container specification)."""
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise CardError("a WebP that says its size", came="none")
