"""A card that was read: all it said, the file it came from, and what was odd about both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from openroom.cards import base64text, png
from openroom.cards.fields import AssetRef, Fields
from openroom.cards.limits import MAX_ASSET
from openroom.cards.lore_forms import Lorebook, of_card
from openroom.cards.notes import Note
from openroom.cards.packed import Packed
from openroom.cards.png import Chunk, Png
from openroom.errors import CardError

Container = Literal["json", "png", "apng", "charx", "jpeg", "webp"]
"""The kind of file: ``jpeg`` is one with a CharX behind it."""
SUFFIXES: dict[Container, str] = {
    "json": "json", "png": "png", "apng": "png", "charx": "charx", "jpeg": "jpeg", "webp": "webp",
}  # fmt: skip
_EMBEDDED = ("embeded://", "embedded://")  # the first is the specification's own spelling
_PNG_ASSET = "__asset:"


@dataclass(frozen=True)
class Card:
    """``raw`` is its JSON as it came, unknown keys and all; ``spec`` is 1, 2 or 3, as its content says (a newer one
    counts as 3). ``text`` is the JSON's own bytes."""

    raw: Mapping[str, Any]
    text: bytes
    spec: int
    version: str
    container: Container
    original: bytes
    fields: Fields
    notes: tuple[Note, ...]
    png: Png | None = None
    packed: Packed | None = None

    @property
    def data(self) -> Mapping[str, Any]:
        """Where its fields stand: of V1 the card itself."""
        return self.raw if self.spec == 1 else self.raw["data"]

    @property
    def suffix(self) -> str:
        """How its file's name ends."""
        return SUFFIXES[self.container]

    @cached_property
    def digest(self) -> str:
        """sha256 (hex) of its file."""
        return hashlib.sha256(self.original).hexdigest()

    @cached_property
    def book(self) -> Lorebook | None:
        """Its own lorebook, if it has one."""
        return of_card(self.data.get("character_book"))

    def stored(self, ref: AssetRef) -> str:
        """Where the bytes of an asset are: ``zip:<name>``, ``chunk:<path>``, ``data:`` in its own URI, ``picture`` (the
        card's file itself), or empty: nowhere here. Nothing is ever fetched."""
        for scheme in _EMBEDDED:
            if self.packed is not None and ref.uri.startswith(scheme):
                name = ref.uri.removeprefix(scheme)
                return f"zip:{name}" if name in self.packed.names else ""
        if self.png is not None and ref.uri.startswith(_PNG_ASSET):
            path = ref.uri.removeprefix(_PNG_ASSET)
            return f"chunk:{path}" if path in self._chunks else ""
        if ref.uri.startswith("data:"):
            return "data:"
        if ref.uri == "ccdefault:" and ref.type == "icon" and self.is_picture:
            return "picture"
        return ""

    def asset(self, ref: AssetRef) -> bytes | None:
        """The bytes of an asset; ``None`` where the card does not bring them along. Raises `CardError`."""
        place, _, name = self.stored(ref).partition(":")
        if place == "zip" and self.packed is not None:
            return self.packed.read(name)
        if place == "chunk" and self.png is not None:
            text = png.asset_text(self.png, self._chunks[name])
            return base64text.decode(text, f"the asset {ref.name!r}", MAX_ASSET)
        if place == "data":
            head, _, inline = ref.uri.partition(",")
            if not head.endswith(";base64"):
                raise CardError(f"the asset {ref.name!r} in base64", came="another form of data:")
            return base64text.decode(inline.encode("ascii", "replace"), f"the asset {ref.name!r}", MAX_ASSET)
        return self.picture if place == "picture" else None

    @property
    def is_picture(self) -> bool:
        """Whether the file itself is, or has in front, a picture."""
        return self.png is not None or self.container in ("jpeg", "webp")

    @cached_property
    def _chunks(self) -> Mapping[str, Chunk]:
        return png.assets(self.png) if self.png is not None else {}

    @cached_property
    def picture(self) -> bytes | None:
        """The picture that the file itself is, without the card: of a PNG with all its chunks but those of cards."""
        if self.png is not None:
            return png.rewritten(self.png, ())
        if self.packed is not None and self.container == "jpeg":
            return self.original[: self.packed.front]
        return self.original if self.container == "webp" else None
