"""Pictures of a card, out in every form and in again: as many as there were, the face among them, or told."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from openroom.cards.read import read_card
from openroom.cards.write import FORMATS, SPECS, write
from openroom.library.library import Library
from openroom.lobby.cards import import_card
from tests.cards import corpus

NOBODY = Library([], [])
TARGETS = [(format, spec) for format in FORMATS for spec in SPECS]
_OTHER = "#882299"


def parked(**more: Any) -> dict[str, Any]:
    """A V2 card whose assets wait in its extensions, as ours do."""
    return corpus.v2(extensions={"openroom/v3": more, "own": 1})


def asset(type: str, name: str, colour: str = _OTHER, uri: str = "") -> dict[str, str]:
    inline = f"data:image/png;base64,{base64.b64encode(corpus.picture(colour=colour)).decode()}"
    return {"type": type, "uri": uri or inline, "name": name, "ext": "png"}


def chunks(spec: int) -> bytes:
    """A PNG whose assets are chunks of it: its face is one of them, not the picture itself."""
    assets = [asset("icon", "main", uri="__asset:0"), asset("emotion", "happy", uri="__asset:1")]
    told = parked(assets=assets) if spec == 2 else corpus.v3(assets=assets)
    front = corpus.text("chara" if spec == 2 else "ccv3", corpus.coded(told))
    for at, colour in enumerate((_OTHER, "#22aa33")):
        front += corpus.text(f"chara-ext-asset_:{at}", base64.b64encode(corpus.picture(colour=colour)))
    return corpus.with_chunks(front)


def own_icon(spec: int) -> bytes:
    """A PNG that names itself as its icon, beside another one."""
    assets = [asset("icon", "main", uri="ccdefault:"), asset("icon", "second", _OTHER)]
    told = parked(assets=assets) if spec == 2 else corpus.v3(assets=assets)
    return corpus.with_chunks(corpus.text("chara" if spec == 2 else "ccv3", corpus.coded(told)))


def sources() -> Iterator[tuple[str, bytes]]:
    for spec in (1, 2, 3):
        for kind in ("json", "png", "apng", "charx", "jpeg", "webp"):
            yield f"{kind}-v{spec}", corpus.GOOD[f"{kind}-v{spec}"][0]
    yield "charx-assets-v3", corpus.charx()
    yield "charx-assets-v2", corpus.charx(parked(assets=corpus.ASSETS))
    for spec in (2, 3):
        yield f"png-chunks-v{spec}", chunks(spec)
        yield f"png-own-icon-v{spec}", own_icon(spec)
    inline = [asset("icon", "odd", _OTHER), asset("emotion", "sad", "#2233aa")]
    yield "png-inline-v3", corpus.with_chunks(corpus.text("ccv3", corpus.coded(corpus.v3(assets=inline))))
    yield "json-inline-v2", corpus.dumped(parked(assets=inline))
    odd = corpus.coded(corpus.v2(extensions="none", character_book=None))
    yield "png-odd-extensions-v2", corpus.with_chunks(corpus.text("chara", odd))


SOURCES = dict(sources())


def shown(data: bytes, folder: Path) -> dict[str, tuple[int, int, int]]:
    """The pictures of the character that comes of a card, each with its colour: they are of one colour each."""
    art = import_card(data, folder, NOBODY, again=True).folder / "art"
    found = {path.stem: Image.open(io.BytesIO(path.read_bytes())).convert("RGB") for path in art.glob("*")}
    return {name: one.getpixel((0, 0)) for name, one in sorted(found.items())}


def alike(one: tuple[int, int, int] | None, other: tuple[int, int, int] | None) -> bool:
    """As far as a JPEG or WebP keeps a colour."""
    return one is other or (
        one is not None and other is not None and all(abs(a - b) < 9 for a, b in zip(one, other, strict=True))
    )


@pytest.mark.parametrize("name", SOURCES)
def test_as_many_pictures_come_back_as_went_out_or_it_is_told(name: str, tmp_path: Path) -> None:
    card = read_card(SOURCES[name])
    before = shown(SOURCES[name], tmp_path)
    for format, spec in TARGETS:
        written = write(card, format, spec, edits={"tags": ["edited"]}, picture=corpus.picture(colour="#ffffff"))
        after = shown(written.data, tmp_path)
        lost = {what for what in before if not alike(before[what], after.get(what))}
        told = {fate.what for fate in written.report.dropped}
        assert lost <= ({"portrait"} if "the picture" in told else set()), (format, spec, before, after)
        new = after.keys() - before.keys()
        given = [fate for fate in written.report.converted if fate.why.endswith("one was given to it")]
        assert new == ({"portrait"} if given else set()), (format, spec)
        if lost:
            assert format == "json" or "extensions" in name, "every other form holds a picture"
        elif "portrait" in before:
            assert "the picture" not in told or format == "json", (format, spec)


@pytest.mark.parametrize("name", ["png-v2", "png-v3", "webp-v1", "png-chunks-v2", "png-own-icon-v2"])
@pytest.mark.parametrize("spec", SPECS)
def test_each_file_of_a_new_charx_is_named_by_an_asset(name: str, spec: int) -> None:
    again = read_card(write(read_card(SOURCES[name]), "charx", spec, edits={"tags": ["edited"]}).data)
    assert again.packed is not None
    files = {f"zip:{one}" for one in again.packed.names if one.startswith("assets/")}
    assert files and files == {again.stored(ref) for ref in again.fields.assets} - {"data:"}
