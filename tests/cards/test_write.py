from __future__ import annotations

import copy
import io
import json
import zipfile
from typing import Any

import pytest
from PIL import Image

from openroom.cards import base64text, png
from openroom.cards.card import Card
from openroom.cards.pictures import display_copy, measure
from openroom.cards.read import read_card
from openroom.cards.write import FORMATS, Format, write
from openroom.errors import CardError
from tests.cards import corpus

TARGETS = [(format, spec) for format in FORMATS for spec in (2, 3)]


def _chunks(data: bytes) -> dict[str, list[Any]]:
    parsed, _ = png.parse(data)
    found: dict[str, list[Any]] = {}
    for chunk in parsed.chunks:
        if (keyword := parsed.keyword(chunk)) in ("chara", "ccv3"):
            text = parsed.content(chunk).partition(b"\0")[2]
            found.setdefault(keyword, []).append(json.loads(base64text.decode(text, "a card", 10**7)))
    return found


def _same(one: Card, other: Card) -> None:
    """Everything that was said in one is said in the other, in its own place or in the place it waits in."""
    fields = vars_of(one)
    assert vars_of(other) | {"assets": ()} == fields | {"assets": ()}
    book, kept = one.data.get("character_book"), other.data.get("character_book")
    for mine, its in zip(book["entries"], kept["entries"], strict=True) if isinstance(book, dict) else ():
        assert its | mine == its


def vars_of(card: Card) -> dict[str, Any]:
    fields = {name: getattr(card.fields, name) for name in type(card.fields).__dataclass_fields__}
    fields["extensions"] = {key: value for key, value in fields["extensions"].items() if key != "openroom/v3"}
    return fields


_OWN: dict[str, Format] = {"json": "json", "png": "png", "apng": "png", "charx": "charx", "jpeg": "charx"}
"""The format of a kind of file; WebP goes out as another."""


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target[0]}-v{target[1]}")
@pytest.mark.parametrize("name", corpus.EVERY)
def test_every_card_goes_out_in_every_form_with_nothing_lost(name: str, target: tuple[Format, int]) -> None:
    card = read_card(corpus.EVERY[name][0])
    format, spec = target
    written = write(card, format, spec, picture=corpus.picture())
    again = read_card(written.data)
    if _OWN.get(card.container) == format and card.spec == spec:
        assert written.data == card.original
        return
    assert again.spec == spec
    _same(card, again)
    top = {key: value for key, value in card.raw.items() if key not in {"spec", "spec_version", "data", *card.data}}
    assert {key: again.raw.get(key) for key in top} == top
    back = read_card(write(again, format, 3, edits={"tags": [*again.fields.tags, "x"]}).data)
    assert back.fields.tags == (*card.fields.tags, "x")
    assert back.fields.group_only_greetings == card.fields.group_only_greetings
    assert back.fields.notes_by_language == card.fields.notes_by_language


_THIRD = [name for name in corpus.GOOD if name.endswith("-v3")]


@pytest.mark.parametrize("name", [*_THIRD, "both", "contradiction"])
def test_an_edit_changes_what_was_edited_alone(name: str) -> None:
    card = read_card(corpus.GOOD[name][0])
    written = write(card, _OWN.get(card.container, "png"), 3, edits={"first_mes": "Changed."})
    expected = copy.deepcopy(dict(card.raw))
    expected["data"]["first_mes"] = "Changed."
    assert read_card(written.data).raw == expected
    assert "first_mes" in [fate.what for fate in written.report.converted]


_PICTURES = ["png-behind-v3", "png-after-v3", "png-private-v3", "apng-v3", "both", "twice", "png-itxt-z-v3"]


@pytest.mark.parametrize("name", _PICTURES)
def test_of_a_picture_only_the_chunks_of_cards_are_rewritten(name: str) -> None:
    data = corpus.GOOD[name][0]
    written = write(read_card(data), "png", 3, edits={"first_mes": "Changed."}).data
    found = _chunks(written)
    assert {keyword: len(cards) for keyword, cards in found.items()} == {"chara": 1, "ccv3": 1}
    assert (found["chara"][0]["spec"], found["ccv3"][0]["spec"]) == ("chara_card_v2", "chara_card_v3")
    assert "nickname" not in found["chara"][0]["data"]
    assert found["chara"][0]["data"]["first_mes"] == found["ccv3"][0]["data"]["first_mes"] == "Changed."
    old, new = (png.parse(one)[0] for one in (data, written))
    rest = [[p.content(c) for c in p.chunks if p.keyword(c).lower() not in ("chara", "ccv3")] for p in (old, new)]
    assert rest[0] == rest[1]
    assert Image.open(io.BytesIO(written)).tobytes() == Image.open(io.BytesIO(data)).tobytes()
    for_v2 = write(read_card(data), "png", 2, edits={"first_mes": "Changed."}).data
    assert set(_chunks(for_v2)) == {"chara"}


def test_fields_for_old_readers_follow_an_edit() -> None:
    card = read_card(corpus.GOOD["foreign"][0])
    raw = read_card(write(card, "json", 2, edits={"name": "New", "scenario": "Calm."}).data).raw
    assert (raw["name"], raw["data"]["name"], raw["fav"], raw["talkativeness"]) == ("New", "New", True, "0.5")


def test_files_of_a_charx_stay_and_assets_go_along() -> None:
    card = read_card(corpus.charx())
    changed = write(card, "charx", 3, edits={"first_mes": "x"})
    with zipfile.ZipFile(io.BytesIO(changed.data)) as opened:
        assert {name: opened.read(name) for name in opened.namelist() if name != "card.json"} == corpus.files()
    picture = write(card, "png", 3)
    assert [fate.what for fate in picture.report.dropped] == ["file module.own"]
    for again in map(read_card, (picture.data, write(card, "json", 3).data, write(card, "json", 2).data)):
        icon, happy, smug, sea = again.fields.assets
        assert again.asset(icon) == corpus.files()["assets/icon/images/main.png"]
        assert (again.asset(happy), again.asset(smug)) == (corpus.files()["assets/emotion/images/1.png"], corpus.SVG)
        assert sea.uri == "https://far.invalid/sea.png"
    older = read_card(write(card, "png", 2).data)
    back = read_card(write(older, "charx", 3).data)
    assert [back.asset(ref) for ref in back.fields.assets if ref.type == "emotion"] == [
        corpus.files()["assets/emotion/images/1.png"],
        corpus.SVG,
    ]


def test_the_picture_in_front_of_a_zip_stays() -> None:
    data = corpus.GOOD["jpeg-v3"][0]
    written = write(read_card(data), "charx", 3, edits={"first_mes": "x"})
    assert written.suffix == "jpeg" and written.data.startswith(corpus.picture("JPEG"))
    assert read_card(written.data).fields.first_mes == "x"
    drawn = write(read_card(data), "png", 3)
    assert measure(drawn.data) == ("png", 32, 48)
    assert ("the picture", "drawn again as a PNG") in [(one.what, one.why) for one in drawn.report.converted]


def test_what_a_target_cannot_hold_is_told() -> None:
    card = read_card(corpus.GOOD["png-v3"][0])
    told = write(card, "json", 2).report
    assert [fate.what for fate in told.dropped] == ["the picture"]
    converted = {fate.what: fate.why for fate in told.converted}
    assert {"nickname", "group_only_greetings", "source", "lorebook decorators", "version"} <= converted.keys()
    with pytest.raises(CardError, match="a picture to write the card into"):
        write(read_card(corpus.dumped(corpus.V1)), "png", 3)


def test_a_display_copy_has_the_pixels_alone() -> None:
    data = corpus.with_chunks(corpus.text("chara", b"secret") + corpus.packed_text("Comment", b"x" * 2_000_000))
    shown = display_copy(data, 16)
    assert b"secret" not in shown and measure(shown) == ("webp", 11, 16)
    for kind in ("JPEG", "WEBP", "GIF"):
        assert measure(corpus.picture(kind)) == (kind.lower(), 32, 48)
        assert measure(display_copy(corpus.picture(kind)))[0] == "webp"
    assert measure(display_copy(corpus.apng()))[1:] == (20, 20)


def test_pictures_that_lie_or_are_none_are_refused_before_they_are_decoded() -> None:
    large = bytearray(corpus.picture())
    large[16:24] = b"\x00\x00\xff\xff" * 2
    short = bytearray(corpus.picture())
    short[16:24] = b"\x00\x00\x10\x00" * 2
    for data, words in (
        (bytes(large), "pixels"),
        (bytes(short), "drawn"),
        (corpus.SVG, "another kind"),
        (corpus.picture("JPEG")[:30], "size"),
        (corpus.picture("WEBP")[:20], "a part of one"),
        (b"GIF89a", "a part of one"),
    ):
        with pytest.raises(CardError, match=words):
            display_copy(data)


def test_an_asset_that_is_named_without_end_costs_no_more_than_a_file_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openroom.cards.write.MAX_TOTAL", 100_000)
    icon = {"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}
    card = read_card(corpus.with_chunks(corpus.text("ccv3", corpus.coded(corpus.v3(assets=[icon] * 200)))))
    formats: tuple[Format, ...] = ("json", "charx")
    for format in formats:
        with pytest.raises(CardError, match="100,000 bytes in all"):
            write(card, format, 3)
