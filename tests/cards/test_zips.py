"""Zips as bytes: their list of files is bounded before it is read, and what was not edited stays as it was."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from openroom.cards import directory
from openroom.cards.read import read_card
from openroom.cards.write import FORMATS, write
from openroom.errors import CardError
from tests.cards import corpus

CARD = corpus.dumped(corpus.v3(assets=corpus.ASSETS))


def streamed() -> bytes:
    """A zip written without going back: the sizes stand behind each file."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {"first": b"1" * 50, "card.json": CARD, **corpus.files()}.items():
            new.writestr(name, content)
    return pipe.getvalue()


def large() -> bytes:
    """A zip in ZIP64 throughout, as some programs always write it."""
    plain = corpus.zipped({"card.json": CARD, **corpus.files()}, zipfile.ZIP_STORED)
    found, extra, records = directory.directory(plain), 28, b""
    for record in directory._records(plain, found):
        packed, unpacked, name = struct.unpack_from("<LLH", record, 20)
        at = struct.unpack_from("<L", record, 42)[0]
        head = bytearray(record[:46])
        struct.pack_into("<LLHH", head, 20, 0xFFFFFFFF, 0xFFFFFFFF, name, extra)
        struct.pack_into("<L", head, 42, 0xFFFFFFFF)
        records += bytes(head) + record[46:] + struct.pack("<HHQQQ", 1, 24, unpacked, packed, at)
    count, end64 = len(corpus.files()) + 1, found.start + len(records)
    ends = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(records), found.start)
    ends += struct.pack("<4sLQL", b"PK\6\7", 0, end64, 1)
    full = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return plain[: found.start] + records + ends + full


def odd() -> bytes:
    """A zip with a folder, extras, comments, a name in UTF-8, and bytes between two files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        new.writestr("assets/", b"")
        new.writestr("é.bin", b"1")
        new.writestr("card.json", CARD)
        buffer.write(b"between")
        new.start_dir = buffer.tell()  # where zipfile goes on
        info = zipfile.ZipInfo("x.bin", (1999, 12, 31, 23, 58, 0))
        info.extra, info.comment, info.external_attr = (
            struct.pack("<HH4s", 0x7777, 4, b"abcd"),
            b"of a file",
            0o640 << 16,
        )
        new.writestr(info, b"2")
        for name, content in corpus.files().items():
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
        new.comment = b"of all"
    return buffer.getvalue()


def broken() -> bytes:
    """A zip of which one file does not fit its checksum."""
    data = bytearray(odd())
    data[_content_at(bytes(data), "x.bin")] ^= 1
    return bytes(data)


def _content_at(data: bytes, name: str) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        at = opened.getinfo(name).header_offset
    return at + 30 + sum(struct.unpack_from("<HH", data, at + 26))


def members(data: bytes) -> dict[str, tuple[object, ...]]:
    """All that a zip says of each file but the card, and the bytes it is packed in."""
    found: dict[str, tuple[object, ...]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for info in opened.infolist():
            at = _content_at(data, info.filename)
            told = (info.date_time, info.compress_type, info.comment, info.external_attr, info.CRC, info.file_size)
            extra = b"" if info.extra[:2] == b"\1\0" else info.extra
            found[info.filename] = (*told, extra, data[at : at + info.compress_size])
        found[""] = (opened.comment,)
    del found["card.json"]
    return found


@pytest.mark.parametrize("front", [b"", corpus.picture("JPEG")], ids=["alone", "behind a picture"])
@pytest.mark.parametrize("tail", [b"", b"\xff\xd9" * 50_000], ids=["to the end", "with a tail"])
@pytest.mark.parametrize("make", [corpus.charx, streamed, large, odd, broken])
def test_an_edit_changes_the_card_and_not_another_byte(front: bytes, tail: bytes, make: Callable[[], bytes]) -> None:
    data = front + make() + tail
    card = read_card(data)
    written = write(card, "charx", 3, edits={"first_mes": "Changed. " * 500}).data
    assert read_card(written).fields.first_mes == "Changed. " * 500
    assert written.startswith(front) and written.endswith(tail)
    assert members(written[: len(written) - len(tail)]) == members(data[: len(data) - len(tail)])
    assert (b"between" in data) == (make in (odd, broken)) and written.count(b"between") == data.count(b"between")
    if make is not broken:
        assert zipfile.ZipFile(io.BytesIO(written[: len(written) - len(tail)])).testzip() is None
        for mine, its in zip(read_card(written).fields.assets, card.fields.assets, strict=True):
            assert read_card(written).asset(mine) == card.asset(its)
    back = write(read_card(written), "charx", 3, edits={"first_mes": card.fields.first_mes}).data
    assert read_card(back).data == card.data


def test_a_file_of_a_wrong_checksum_is_left_out_where_it_must_be_unpacked() -> None:
    named = [{"type": "x-own", "uri": "embeded://x.bin", "name": "own", "ext": "bin"}, *corpus.ASSETS]
    data = corpus.zipped({"card.json": corpus.dumped(corpus.v3(assets=named)), "x.bin": b"whole", **corpus.files()}, 0)
    at = _content_at(data, "x.bin")
    card = read_card(data[:at] + b"W" + data[at + 1 :])
    for format in FORMATS[:2]:
        written = write(card, format, 3, edits={"first_mes": "x"})
        told = {fate.what: fate.why for fate in written.report.dropped}
        assert "it is broken" in told["asset own"] and "asset main" not in told
        again = read_card(written.data)
        assert again.asset(again.fields.assets[1]) == corpus.files()["assets/icon/images/main.png"]
    assert "asset own" not in {fate.what for fate in write(card, "charx", 3, edits={"name": "x"}).report.dropped}
    inline = [{"type": "x-own", "uri": "data:audio/mpeg;base64,%%%", "name": "own", "ext": "mp3"}]
    for format in FORMATS:
        written = write(read_card(corpus.dumped(corpus.v3(assets=inline))), format, 3, picture=corpus.picture())
        assert read_card(written.data).fields.assets[-1].name == "own"
    written = write(read_card(_with_asset(b"%%%")), "charx", 3)
    assert [fate.what for fate in written.report.dropped] == ["asset own"]


def _with_asset(content: bytes) -> bytes:
    asset = {"type": "x-own", "uri": "__asset:0", "name": "own", "ext": "bin"}
    card = corpus.text("ccv3", corpus.coded(corpus.v3(assets=[asset])))
    return corpus.with_chunks(card + corpus.text("chara-ext-asset_:0", content))


def test_a_card_whose_picture_is_broken_goes_out_on_another() -> None:
    jpeg = b"\xff\xd8\xff" + b"j" * 50
    card = read_card(jpeg + corpus.zipped({"card.json": corpus.dumped(corpus.v3())}))
    written = write(card, "png", 3, edits={"first_mes": "x"}, picture=corpus.picture(size=(7, 9)))
    assert b"IHDR\0\0\0\7\0\0\0\x09" in written.data
    assert "it is broken" in {fate.what: fate.why for fate in written.report.dropped}["the picture"]
    assert write(card, "charx", 3, edits={"first_mes": "x"}).data.startswith(jpeg)
    with pytest.raises(CardError, match="a picture to write the card into"):
        write(card, "png", 3)
    iconed = jpeg + corpus.zipped({"card.json": CARD, **corpus.files()})
    assert b"IHDR\0\0\0\x20\0\0\0\x30" in write(read_card(iconed), "png", 3, picture=corpus.picture(size=(7, 9))).data


def test_files_are_counted_and_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end may say anything: what is listed counts, before it is read."""
    data = bytearray(corpus.zipped({"card.json": CARD, **{f"f{at}": b"" for at in range(40)}}))
    struct.pack_into("<HH", data, data.rindex(b"PK\5\6") + 8, 1, 1)
    for limit, most, match in (("MAX_FILES", 40, "at most 40 files"), ("MAX_DIRECTORY", 500, "at most 500 bytes")):
        with monkeypatch.context() as patched:
            patched.setattr(directory, limit, most)
            patched.setattr(zipfile.ZipFile, "__init__", _never)
            with pytest.raises(CardError, match=match):
                read_card(bytes(data))
    assert read_card(bytes(data)).fields.name == "Runa"
    monkeypatch.setattr(directory, "MAX_DIRECTORY", 200)
    with pytest.raises(CardError, match="at most 200 bytes"):
        read_card(large())


def _never(*_: object) -> None:
    raise AssertionError


def test_ends_that_contradict_each_other_are_refused() -> None:
    data = large()
    end = data.rindex(b"PK\6\6")
    another = data[:end] + data[end : end + 56] + data[end:]
    with pytest.raises(CardError, match="one end"):
        read_card(another)
    with pytest.raises(CardError, match="one end"):
        read_card(data[:end] + b"XX" + data[end + 2 :])
    for size in range(1, 30):
        with pytest.raises(CardError):
            read_card(b"PK" + data[-size:])


def test_files_that_lie_in_each_other_are_not_written_anew() -> None:
    data = bytearray(corpus.zipped({"card.json": CARD, "other": b"1"}, zipfile.ZIP_STORED))
    struct.pack_into("<L", data, data.rindex(b"PK\1\2") + 42, 40)
    card = read_card(bytes(data))
    with pytest.raises(CardError, match="lie in each other"):
        write(card, "charx", 3, edits={"first_mes": "x"})
