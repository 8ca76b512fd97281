"""What is wrong with pictures: files that are never shown, or not as they were drawn, and names of missing art."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from openroom.core.character import Character
from openroom.core.scene import Scene
from openroom.errors import DefinitionError
from openroom.library.avatar import misdrawn
from openroom.library.document import Document
from openroom.library.face import FACE, misplaced
from openroom.library.files import FileEntry, shown_path
from openroom.library.folders import Folders
from openroom.props.declared.spec import PropSpec
from openroom.settings import shipped

KINDS = ("svg", "webp", "png", "jpg", "jpeg")
"""How files of pictures end; of several the first is shown."""
_PICTURE = re.compile(rf"(?P<base>[a-z]+)(?:_(?P<word>[A-Za-z0-9_-]+))?\.(?P<kind>{'|'.join(KINDS)})")
_BEGINS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}
_MOST = 2_000_000
_TAG = re.compile(r"<([A-Za-z][\w.-]*)(?=[\s/>])")
_DRAWN = frozenset(
    {
        "svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "defs", "linearGradient",
        "radialGradient", "stop", "clipPath", "mask", "title", "desc", "use", "text", "tspan", "pattern", "metadata",
    }
)  # fmt: skip
"""The tags of an SVG that the pages keep (gui/web/art/picture.js), and one that nobody sees."""


def art_problems(folders: Folders, entries: Iterable[FileEntry]) -> Iterator[DefinitionError]:
    """Everything wrong with the pictures in authors' folders, and with what definitions say of pictures."""
    for folder in folders.art():
        base = (
            "portrait"
            if folder.parent.parent in folders.of_characters
            else "backdrop"
            if folder.name == "art"
            else "prop"
        )
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and path.name[0] != ".":
                yield from _file_problems(path, base)
    for entry in entries:
        if entry.document is not None:
            yield from _named(folders, entry.value, entry.document)


def _file_problems(path: Path, base: str) -> Iterator[DefinitionError]:
    shown = shown_path(path)
    if base == "portrait" and path.name == "avatar.json":
        for key, expected, came in misdrawn(_read(path)):
            yield DefinitionError(expected, came=came, file=shown, key=key)
        return
    if base == "portrait" and path.name == FACE:
        for key, expected, came in misplaced(_read(path)):
            yield DefinitionError(expected, came=came, file=shown, key=key)
        return
    found = _PICTURE.fullmatch(path.name)
    if found is None or found["base"] != base or (base == "backdrop" and found["word"]):
        more = {"portrait": "portrait_<emotion>.png, avatar.json, face.json", "prop": "prop_<picture>.png"}.get(
            base, f"{base}.svg"
        )
        expected = f"a name that is shown ({base}.png, {more})"
        yield DefinitionError(expected, came=f"{path.name!r}, which nobody sees", file=shown, warning=True)
    elif found["kind"] == "svg":
        yield from _svg_problems(path, shown, base)
    elif not _read(path, 16).startswith(_BEGINS[found["kind"]]):
        yield DefinitionError(f"a picture of the kind {found['kind']}", came="other bytes", file=shown)


def _svg_problems(path: Path, shown: str, base: str) -> Iterator[DefinitionError]:
    text = _without_comments(_read(path).decode("utf-8", "replace"))
    if "<svg" not in text:
        yield DefinitionError("an SVG picture", came="no <svg>", file=shown)
    for tag in sorted({found for found in _TAG.findall(text) if found not in _DRAWN}):
        line = text[: text.index(f"<{tag}")].count("\n") + 1
        cure = f"; put a photograph beside it as {base}.png" if tag == "image" else ""
        came = f"<{tag}>, which is left out"
        yield DefinitionError(f"shapes, gradients and text{cure}", came=came, file=shown, line=line, warning=True)


def _without_comments(text: str) -> str:
    """With their line breaks, so that lines keep their numbers."""
    head, *rest = text.split("<!--")
    parts = [part.partition("-->") for part in rest]
    return head + "".join("\n" * comment.count("\n") + after for comment, _, after in parts)


def _named(folders: Folders, value: object, document: Document) -> Iterator[DefinitionError]:
    """What a definition says of pictures that are not there."""
    if isinstance(value, Character) and value.art:
        places = [folder / value.art / "art" for folder in (*folders.of_characters, shipped("characters"))]
        yield from _missing(document, "art", value.art, places)
    elif isinstance(value, Scene) and value.backdrop:
        places = [folder / value.backdrop / "art" for folder in (*folders.of_scenes, shipped("scenes"))]
        yield from _missing(document, "backdrop", value.backdrop, places)
    elif isinstance(value, PropSpec):
        places = [
            folder / "_props" / "art" / (value.art or value.kind) for folder in (*folders.of_scenes, shipped("scenes"))
        ]
        if value.art:
            yield from _missing(document, "art", value.art, places)
        yield from _unpictured(document, value, places)


def _missing(document: Document, key: str, name: str, places: Sequence[Path]) -> Iterator[DefinitionError]:
    if not any(place.is_dir() for place in places):
        expected = f"the name of an art folder ({shown_path(places[0])} is not there)"
        yield document.error((key,), expected, came=repr(name), warning=True)


def _unpictured(document: Document, spec: PropSpec, places: Sequence[Path]) -> Iterator[DefinitionError]:
    """Looks whose picture is none of those that are drawn."""
    place = next((place for place in places if place.is_dir()), None)
    drawn = _pictures(place) if place else set()
    for index, look in enumerate(spec.looks):
        if drawn and look.picture and look.picture not in drawn:
            expected = f"a picture that is drawn ({', '.join(sorted(drawn))})"
            yield document.error(("looks", index, "picture"), expected, came=repr(look.picture), warning=True)


def _pictures(place: Path) -> set[str]:
    """The layers of a thing's SVG and its further pictures, by name; empty where it has one picture only."""
    svg = _read(place / "prop.svg").decode("utf-8", "replace")
    layers = {word for words in re.findall(r'data-look="([^"]*)"', svg) for word in words.split()}
    files = {
        found["word"] for path in place.glob("prop_*") if (found := _PICTURE.fullmatch(path.name)) and found["word"]
    }
    return (layers | files) - {"default"}


def _read(path: Path, most: int = _MOST) -> bytes:
    try:
        stat = path.stat()
    except OSError:
        return b""
    return _bytes(path, stat.st_mtime_ns, most)


@lru_cache(maxsize=128)
def _bytes(path: Path, _written: int, most: int) -> bytes:
    """The beginning of a file, read again when it was written again."""
    try:
        with path.open("rb") as stream:
            return stream.read(most)
    except OSError:
        return b""
