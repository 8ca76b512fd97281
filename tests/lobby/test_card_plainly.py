"""What comes of a card is told plainly and truly: what is cut, where a background and a second book go, what a wrong
file is; and no half text goes out."""

from __future__ import annotations

import json
import struct
import threading
import zlib
from pathlib import Path

import pytest

from openroom.cards.pictures import display_copy
from openroom.cards.read import read
from openroom.core.macros import read_name
from openroom.errors import CardError
from openroom.library.library import Library
from openroom.lobby import card_export, cards
from openroom.lobby.card_export import export_card
from openroom.lobby.card_lore import attach
from openroom.lobby.card_room import make_room
from openroom.lobby.cards import import_card
from tests.cards import corpus

PYTHON = ("Expecting", "Extra data", "sys.", "Error", "column", "digits)", "codec", "truncated", "char ")
CHAT = b'{"user_name":"a","character_name":"b","chat_metadata":{}}\n{"name":"a","mes":"hi"}\n'
WRONG = {
    "utf-16": (corpus.dumped(corpus.V1).decode().encode("utf-16-le"), "UTF-16 without a mark"),
    "broken": (b'{"name": "A",\n "description": }', "in line 2 at character 17"),
    "behind": (b'{"name": "A"}\n{"name": "B"}', "goes on behind its end, in line 2"),
    "chat": (CHAT, "openroom room past ROOM FILE"),
    "one line of a chat": (CHAT.split(b"\n")[0], "openroom room past ROOM FILE"),
    "preset": (b'{"temperature": 1, "prompts": []}', "JSON without any of its keys"),
    "zip": (b"PK\x03\x04" + b"x" * 60 + b"PK\x05\x06" + b"\0" * 18, "zip"),
    "notes": (b"Just some words.", "another kind of file"),
    "cut": (corpus.picture()[:60], "cut off before its card"),
}


def _library(folder: Path) -> Library:
    return Library((folder / "characters",), (folder / "scenes",))


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_told_in_plain_words(name: str) -> None:
    data, words = WRONG[name]
    with pytest.raises(CardError) as told:
        read(data)
    assert words in str(told.value)
    assert not [word for word in PYTHON if word in str(told.value).replace("at character ", "")]


def test_a_picture_without_a_size_and_one_that_is_broken() -> None:
    head = struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    whole = corpus.picture()
    empty = whole[:8] + chunk + whole[33:]
    with pytest.raises(CardError, match="a picture with a width and a height, came 0 x 0"):
        display_copy(empty)
    with pytest.raises(CardError, match=r"a picture that can be drawn, came a broken one$"):
        display_copy(corpus.picture("JPEG")[:-200])


def test_a_name_that_is_cut_is_told_and_one_that_holds_itself_is_words(tmp_path: Path) -> None:
    long = import_card(corpus.dumped(corpus.v2(name="Ab " * 2_000)), tmp_path, _library(tmp_path))
    (said,) = (one.why for one in long.report.converted if one.what == "name")
    assert said.startswith("the first ") and not [one for one in long.report.kept if one.what == "name"]
    one = import_card(corpus.dumped(corpus.v2(name="{{char}}")), tmp_path, _library(tmp_path))
    assert one.name == "the character"
    assert read_name("{{CHAR}} of {{user}}", "x") == "the character of the visitor"


def test_the_report_names_the_background(tmp_path: Path) -> None:
    done = import_card(corpus.charx(corpus.v3(assets=corpus.ASSETS)), tmp_path, _library(tmp_path))
    names = [one.what for one in done.report.converted if "background" in one.what]
    assert names == (["the background"] if cards.background(done.card) else [])
    picture = {"type": "background", "uri": "ccdefault:", "name": "main", "ext": "png"}
    inside = {"type": "background", "uri": "embeded://assets/b.png", "name": "main", "ext": "png"}
    card = corpus.zipped(
        {"card.json": corpus.dumped(corpus.v3(assets=[picture, inside])), "assets/b.png": corpus.picture()}
    )
    done = import_card(card, tmp_path, _library(tmp_path))
    assert [one.what for one in done.report.converted if "background" in one.what] == ["the background main"]


def test_a_second_book_is_told_where_it_can_go(tmp_path: Path) -> None:
    done = import_card(corpus.dumped(corpus.v3()), tmp_path, _library(tmp_path))
    book = json.dumps(corpus.WORLD).encode()
    with pytest.raises(CardError, match="Make it a room"):
        attach(book, f"character:{done.id}", tmp_path, _library(tmp_path))
    scene = make_room(tmp_path, _library(tmp_path), done.id)
    with pytest.raises(CardError, match=f"Give this one to the scene: --to scene:{scene}"):
        attach(book, f"character:{done.id}", tmp_path, _library(tmp_path))
    attach(book, f"scene:{scene}", tmp_path, _library(tmp_path))
    for to in (f"character:{done.id}", f"scene:{scene}"):
        with pytest.raises(CardError, match="Copy its entries into the file, or give it to a room"):
            attach(book, to, tmp_path, _library(tmp_path))


def test_a_file_that_is_being_written_goes_out_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = import_card(corpus.dumped(corpus.v3()), tmp_path, _library(tmp_path))
    file, library = done.folder / "character.yaml", _library(tmp_path)
    whole = file.read_text("utf-8")
    file.write_text("")  # as an editor that begins anew
    writing = threading.Timer(0.02, lambda: file.write_text(whole, encoding="utf-8"))
    looks: list[float] = []
    monkeypatch.setattr(card_export.time, "sleep", lambda seconds: (looks.append(seconds), writing.run())[0])
    assert export_card(library, done.id, "json", 3).data == (done.folder / "card" / "original.json").read_bytes()
    assert looks

    def grow(_seconds: float) -> None:
        file.write_text(f"{file.read_text('utf-8')}\n", encoding="utf-8")

    monkeypatch.setattr(card_export.time, "sleep", grow)
    grow(0)
    with pytest.raises(CardError, match="a file that nobody is writing"):
        export_card(library, done.id, "json", 3)
