"""Writing a card: the original's bytes where nothing changes, else as little as can be.

    written = write(card, "png", 3, edits={"first_mes": "Hello."})
    written.data, written.report

The table of what which target can hold is in docs/cards.md.
"""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from openroom.cards import jsontext, packed, png
from openroom.cards.card import SUFFIXES, Card
from openroom.cards.convert import converted, edited
from openroom.cards.fields import PARKED, V2_LISTS, V2_TEXTS, AssetRef
from openroom.cards.limits import MAX_CARD, MAX_TOTAL
from openroom.cards.notes import Report
from openroom.errors import CardError

Format = Literal["png", "json", "charx"]
FORMATS: tuple[Format, ...] = ("png", "json", "charx")
SPECS = (2, 3)
TYPES: dict[str, str] = {
    "png": "image/png", "json": "application/json", "charx": "application/zip", "jpeg": "image/jpeg",
}  # fmt: skip
_SAME: dict[str, Format] = {"json": "json", "png": "png", "apng": "png", "charx": "charx", "jpeg": "charx"}
"""The format that a kind of file is of: a JPEG with a CharX behind it is a CharX."""
_FOLDERS = {
    "images": ("png", "apng", "jpg", "jpeg", "webp", "gif", "avif", "svg"),
    "audio": ("mp3", "ogg", "wav", "flac", "opus", "m4a"),
    "video": ("mp4", "webm", "mkv"),
}
"""Where V3 wants an asset to lie in a CharX, by how its name ends."""
_MOST_INLINE = 6_000_000
"""So many bytes of assets go into a JSON; in base64 they stay under the size of a card."""


@dataclass(frozen=True, slots=True)
class Written:
    """A card's file, how its name should end, and what became of each part."""

    data: bytes
    suffix: str
    report: Report

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return TYPES[self.suffix]


def write(
    card: Card,
    format: Format,
    spec: int,
    *,
    edits: Mapping[str, Any] | None = None,
    picture: bytes | None = None,
    new: bool = False,
) -> Written:
    """The card as a file. ``edits`` are fields of its data by key. ``picture`` is a PNG to write it into where the card
    has none of its own. ``new``: it was only just made, and has no original. Raises `CardError` where the
    target cannot hold it at all."""
    if format not in FORMATS or spec not in SPECS:
        raise CardError(f"a format of {', '.join(FORMATS)} and a spec of 2 or 3", came=f"{format}, {spec}")
    changes = {key: value for key, value in (edits or {}).items() if card.data.get(key) != value}
    if not new and not changes and _SAME.get(card.container) == format and card.spec == spec:
        report = Report(notes=list(card.notes))
        report.keep("the whole file", "nothing was edited: its own bytes")
        return Written(card.original, card.suffix, report)
    return _Writing(card, spec, changes).to(format, picture)


class _Writing:
    """One card on its way into one file."""

    def __init__(self, card: Card, spec: int, edits: Mapping[str, Any]) -> None:
        self._card, self._spec = card, spec
        self.report = Report(notes=list(card.notes))
        raw, at = edited(card, edits, self.report), card.spec
        if at < spec:  # upwards first, so that what waits in extensions is there when files are moved
            raw, at = converted(raw, at, spec, self.report), spec
        self._raw, self._at = raw, at
        self._left = MAX_TOTAL
        self._data: dict[str, Any] = raw["data"]
        self._keep()

    def to(self, format: Format, picture: bytes | None) -> Written:
        """The file."""
        if format == "png":
            return Written(self._png(picture), SUFFIXES["png"], self.report)
        if format == "charx":
            return self._charx()
        return Written(self._json(), SUFFIXES["json"], self.report)

    def _keep(self) -> None:
        touched = {one.what for one in self.report.converted}
        for key in (*V2_TEXTS, *V2_LISTS, "character_book", "extensions"):
            if self._data.get(key) and key not in touched:
                self.report.keep(key)
        foreign = [note.text for note in self._card.notes if note.code == "foreign"]
        for text in foreign:
            self.report.keep("foreign keys", text)

    def _final(self) -> dict[str, Any]:
        return converted(self._raw, self._at, self._spec, self.report)

    def _text(self, value: Mapping[str, Any]) -> bytes:
        text = jsontext.dump(value, self._card.text)
        if len(text) > MAX_CARD:
            raise CardError(f"a card of at most {MAX_CARD:,} bytes", came=f"{len(text):,}")
        return text

    def _assets(self) -> Iterator[tuple[dict[str, Any], AssetRef]]:
        """The asset entries of the card being written, and what they name."""
        waiting = self._data.get("extensions")
        waiting = waiting.get(PARKED) if isinstance(waiting, dict) else None
        places = (self._data, waiting if isinstance(waiting, dict) else {})
        lists = [place["assets"] for place in places if isinstance(place.get("assets"), list)]
        for entry in (one for listed in lists for one in listed):
            if isinstance(entry, dict):
                yield entry, AssetRef(*(str(entry.get(key) or "") for key in ("type", "uri", "name", "ext")))

    def _content(self, ref: AssetRef) -> bytes | None:
        """The bytes of an asset; none, and told, where they are broken. All of them together are bounded, however often
        one is named. Raises `CardError`."""
        try:
            content = self._card.asset(ref) or b""
        except CardError as error:
            self.report.drop(f"asset {ref.name}", f"it is broken: {error}")
            content = None
        self._left -= max(len(content or b""), 1000)
        if self._left < 0:
            raise CardError(f"assets of at most {MAX_TOTAL:,} bytes in all", came="more")
        return content

    # JSON -----------------------------------------------------------------------------------------------------------

    def _json(self) -> bytes:
        left = _MOST_INLINE
        named = set()
        for entry, ref in self._assets():
            place = self._card.stored(ref)
            named.add(place)
            if not place or place == "data:":
                continue
            if (content := self._content(ref)) is None:
                continue
            if len(content) > left:
                self.report.drop(f"asset {ref.name}", f"JSON holds at most {_MOST_INLINE:,} bytes of assets")
                continue
            left -= len(content)
            kind = ref.ext if ref.ext.isalnum() else "octet-stream"
            entry["uri"] = f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
            self.report.convert(f"asset {ref.name}", "it went into the JSON as a data: address")
        if self._card.is_picture and "picture" not in named:
            self.report.drop("the picture", "JSON has no picture")
        self._drop_unnamed(named, "JSON has no files")
        return self._text(self._final())

    def _drop_unnamed(self, named: set[str], why: str) -> None:
        """Files of a zip that no asset names."""
        if self._card.packed is not None:
            for name in self._card.packed.names:
                if name != packed.CARD and f"zip:{name}" not in named:
                    self.report.drop(f"file {name}", why)

    # PNG ------------------------------------------------------------------------------------------------------------

    def _png(self, picture: bytes | None) -> bytes:
        base = self._base(picture)
        chunks = self._card.container not in ("png", "apng")
        assets: list[tuple[str, bytes]] = []
        named = set()
        for entry, ref in self._assets() if chunks else ():
            place = self._card.stored(ref)
            named.add(place)
            if not place.startswith("zip:") or (content := self._content(ref)) is None:
                continue
            path = str(len(assets))
            assets.append((f"{png.ASSET}:{path}", base64.b64encode(content)))
            entry["uri"] = f"__asset:{path}"
            self.report.convert(f"asset {ref.name}", "it went into a chunk of the PNG")
        self._drop_unnamed(named, "a PNG holds only what an asset names")
        final = self._final()
        parsed = png.parse(base)[0]
        texts = [*self._card_texts(final), *assets]
        return png.rewritten(parsed, texts)

    def _card_texts(self, final: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        """``chara`` with a true V2 always, ``ccv3`` beside it for V3."""
        old = final
        if self._spec == 3:
            old = converted(copy.deepcopy(final), 3, 2, Report(), park=False)
        yield "chara", base64.b64encode(self._text(old))
        if self._spec == 3:
            yield "ccv3", base64.b64encode(self._text(final))

    def _base(self, given: bytes | None) -> bytes:
        """The PNG that the card is written into."""
        from openroom.cards.pictures import as_png  # noqa: PLC0415  (Pillow is loaded only where a picture is redrawn)

        if self._card.png is not None:
            return self._card.original
        own = self._card.picture
        if own is not None and (drawn := self._drawn("the picture", own)) is not None:
            return drawn
        icon = self.main_icon()
        if icon is not None and self._card.stored(icon) != "picture" and (data := self._content(icon)) is not None:
            own = data
            if (drawn := self._drawn(f"asset {icon.name}", data)) is not None:
                return drawn
        if given is None:
            raise CardError("a picture to write the card into", came="a card without one" if own is None else "none")
        if own is None:
            self.report.convert("the picture", "the card has none of its own; one was given to it")
        return as_png(given)

    def _drawn(self, what: str, data: bytes) -> bytes | None:
        """A picture of the card as a PNG; none, and told, where it is broken."""
        from openroom.cards.pictures import as_png  # noqa: PLC0415  (as above)

        try:
            drawn = as_png(data)
        except CardError as error:
            self.report.drop(what, f"it is broken: {error}; another picture stands in for it")
            return None
        if drawn is not data:
            self.report.convert(what, "drawn again as a PNG")
        return drawn

    def main_icon(self) -> AssetRef | None:
        """The icon that stands for the card, if its bytes are here and it is no drawing (SVG)."""
        icons = [ref for _, ref in self._assets() if ref.type == "icon" and self._card.stored(ref)]
        icons = [ref for ref in icons if ref.ext.lower() != "svg"]
        return next((ref for ref in icons if ref.name == "main"), icons[0] if icons else None)

    # CharX ----------------------------------------------------------------------------------------------------------

    def _charx(self) -> Written:
        if self._card.packed is not None:
            data = packed.rewritten(self._card.packed, self._text(self._final()))
            return Written(data, self._card.suffix, self.report)
        files: dict[str, Callable[[], bytes]] = {}
        icons = [self._card.stored(ref) for _, ref in self._assets() if ref.type == "icon"]
        for entry, ref in self._assets():
            place = self._card.stored(ref)
            if place and place != "data:":
                self._file(files, entry, ref)
        if self._card.is_picture and "picture" not in icons:
            self._add_picture(files, "picture" if any(icons) else "main")
        final = self._text(self._final())
        return Written(packed.made(_listed(final, files)), SUFFIXES["charx"], self.report)

    def _file(self, files: dict[str, Callable[[], bytes]], entry: dict[str, Any], ref: AssetRef) -> None:
        ext = ref.ext.lower() if ref.ext.isalnum() and len(ref.ext) < 9 else "bin"
        kind = next((folder for folder, ends in _FOLDERS.items() if ext in ends), "other")
        type_ = ref.type if ref.type in ("icon", "background", "emotion", "user_icon") else "other"
        name = f"assets/{type_}/{kind}/{len(files)}.{ext}"
        if self._content(ref) is None:
            return
        files[name] = lambda: self._card.asset(ref) or b""
        entry["uri"] = f"embeded://{name}"
        self.report.convert(f"asset {ref.name}", "it went into a file of the CharX")

    def _add_picture(self, files: dict[str, Callable[[], bytes]], called: str) -> None:
        """The card's own picture: V3 takes it for the ``main`` icon where the card has no icon. A file that no asset
        names is found by nobody."""
        place = self._asset_place()
        if place is None:
            self.report.drop("the picture", "nothing could name it: the card's extensions are no object")
            return
        ext = "png" if self._card.png is not None else self._card.suffix
        name = f"assets/icon/images/{called}.{ext}"
        files[name] = lambda: self._card.picture or b""
        listed = place["assets"] if isinstance(place.get("assets"), list) else []
        icon = {"type": "icon", "uri": f"embeded://{name}", "name": called, "ext": ext}
        place["assets"] = [icon, *listed] if called == "main" else [*listed, icon]
        self.report.convert("the picture", "it went into a file of the CharX")

    def _asset_place(self) -> dict[str, Any] | None:
        """Where a reader of the card being written looks for its assets: V2 has no place for them, so they wait in
        extensions. ``None`` where these are no object."""
        extensions = self._data.setdefault("extensions", {})
        if isinstance(self._data.get("assets"), list) or self._at == 3:
            return self._data if self._spec == 3 or isinstance(extensions, dict) else None
        waiting = extensions.setdefault(PARKED, {}) if isinstance(extensions, dict) else None
        return waiting if isinstance(waiting, dict) else None


def _listed(card: bytes, files: Mapping[str, Callable[[], bytes]]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    yield packed.CARD, lambda: card
    yield from files.items()
