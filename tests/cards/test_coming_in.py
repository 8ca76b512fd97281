"""A card that comes in: once, whoever else brings it; drawn within bounds; called by what one can read."""

from __future__ import annotations

import base64
import io
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock
from PIL import Image

from openroom.cards import pictures
from openroom.cards.character import NAMELESS
from openroom.core.macros import MOST_DEPTH, Values, expand, unknown_in
from openroom.errors import CardError, CardHere, DefinitionError
from openroom.library import writing
from openroom.library.check import check
from openroom.library.library import Library
from openroom.library.writing import id_for
from openroom.lobby.card_export import export_card
from openroom.lobby.cards import Imported, import_card
from tests.cards import corpus

NOBODY = Library([], [])


def brought(folder: Path, card: dict[str, Any], **more: Any) -> Imported:
    return import_card(corpus.dumped(card), folder, NOBODY, **more)


# once -----------------------------------------------------------------------------------------------------------------


def bring(folder: Path, told: Callable[[str], None]) -> None:
    """As each of several would. They share nothing but the folder, so processes do as threads do."""
    try:
        told(brought(folder, corpus.v3()).id)
    except CardHere as error:
        told(error.character)


def test_of_many_who_bring_one_card_at_once_one_makes_it(tmp_path: Path) -> None:
    told: list[str] = []
    many = [threading.Thread(target=bring, args=(tmp_path, told.append)) for _ in range(6)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert told == ["ru"] * len(many)
    assert [path.name for path in (tmp_path / "characters").iterdir()] == ["ru"]


def test_who_writes_into_a_folder_is_waited_for_and_not_for_ever(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(writing, "_PATIENCE", 0.05)
    with FileLock(tmp_path / writing._LOCK), pytest.raises(DefinitionError, match="an author folder that is free"):
        brought(tmp_path, corpus.v3())
    assert brought(tmp_path, corpus.v3()).id == "ru"
    (tmp_path / "file").write_text("")
    with pytest.raises(DefinitionError, match="an author folder that can be written to"):
        brought(tmp_path / "file", corpus.v3())


# within bounds --------------------------------------------------------------------------------------------------------


def flat(size: tuple[int, int], colour: str = "#123456") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def many_faced(uris: list[str]) -> dict[str, Any]:
    refs = [{"type": "emotion", "uri": uri, "name": f"e{at}", "ext": "png"} for at, uri in enumerate(uris)]
    return corpus.v3(assets=[*refs, {"type": "icon", "uri": uris[0], "name": "main", "ext": "png"}])


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the pictures that are decoded."""
    sizes: list[int] = []
    copy = pictures.display_copy

    def counted(data: bytes) -> bytes:
        sizes.append(len(data))
        return copy(data)

    monkeypatch.setattr(pictures, "display_copy", counted)
    return sizes


def test_a_picture_of_many_names_is_drawn_once(drawn: list[int], tmp_path: Path) -> None:
    data = corpus.zipped({"card.json": corpus.dumped(many_faced(["embeded://a.png"] * 30)), "a.png": flat((40, 40))}, 0)
    done = import_card(data, tmp_path / "zip", NOBODY)
    assert len(drawn) == 1 and len(list((done.folder / "art").iterdir())) == 31
    inline = base64.b64encode(flat((40, 40))).decode()
    uris = [f"data:image/{kind};base64,{inline}" for kind in ("png", "x-png", "webp")]
    brought(tmp_path / "inline", many_faced(uris))
    assert len(drawn) == 2, "the same bytes at three places"
    broken = ["data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()] * 20
    assert (
        len([one for one in brought(tmp_path / "broken", many_faced(broken)).report.dropped if one != "portrait"]) >= 20
    )


def test_all_pictures_of_a_card_have_so_many_pixels(drawn: list[int], tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(pictures, "MAX_DRAWN", 5000)
    faces = {f"{at}.png": flat((40, 40), f"#1234{at:02x}") for at in range(6)}
    card = corpus.dumped(many_faced([f"embeded://{name}" for name in faces]))
    done = import_card(corpus.zipped({"card.json": card, **faces}), tmp_path, NOBODY)
    assert len(drawn) == 3
    told = [fate.why for fate in done.report.dropped if fate.what.startswith("emotion")]
    assert len(told) == 3 and all("at most 5,000 pixels in all" in why for why in told)
    with pytest.raises(CardError, match="at most 40,000,000 pixels"):
        pictures.Copies().at("large", lambda: b"GIF89a" + b"\xff\xff" * 2)


# called by what one can read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "nickname", "shown", "id"),
    [
        ("\u202eevil\u202c", "", "evil", "evil"),
        ("\ufeff", "", "Her File", "her_file"),
        ("Runa", "\u200b\u2066\u2069", "Runa", "runa"),
        ("Ze\u00adro\u200bwidth", "", "Zerowidth", "zerowidth"),
        ("\u0301\u0308", "\u3164", "Her File", "her_file"),
        ("", "", "Her File", "her_file"),
        ("👩\u200d🚒", "", "👩\u200d🚒", "card_0bbf8a9c"),
        ("Visitor", "", "Visitor", "c_visitor"),
        ("ANYONE", "", "ANYONE", "c_anyone"),
        ("Two\nlines", "", "Two lines", "two_lines"),
    ],
)
def test_a_name_is_what_one_can_read(name: str, nickname: str, shown: str, id: str, tmp_path: Path) -> None:
    done = brought(tmp_path, corpus.v3(name=name, nickname=nickname), called="Her File")
    one = Library([tmp_path / "characters"], []).characters[done.id]
    assert (one.name, done.name) == (shown, shown)
    assert any(fate.why == f"{NAMELESS}: {shown}" for fate in done.report.converted) == (shown == "Her File")
    assert done.id == (id if not id.startswith("card_") else id_for(name))
    assert not [problem for problem in check([done.folder]) if not problem.warning]
    raw = export_card(Library([tmp_path / "characters"], []), done.id, "json", 3)
    assert raw.data == done.card.original, "what was not edited is as it came"
    odd = name if nickname == "" else nickname
    assert any(note.code == "unseen" for note in done.report.notes) == (odd not in ("", shown, "Two\nlines"))


def test_a_card_without_any_name_is_a_character(tmp_path: Path) -> None:
    done = brought(tmp_path, corpus.v3(name="\u2063", nickname="", creator="\u202dsome\u2069body"))
    assert (done.id, done.name) == ("character", "Character")
    assert [fate.why for fate in done.report.converted if fate.what == "name"] == [f"{NAMELESS}: Character"]
    assert "name" not in [fate.what for fate in done.report.kept]
    assert yaml.safe_load((done.folder / "character.yaml").read_text("utf-8"))["line"].endswith("by somebody.")


@pytest.mark.parametrize(
    ("more", "reminder", "told"),
    [
        ({}, "Ada is tired.", "the reminder at the end of each prompt"),
        ({"post_history_instructions": "Be kind."}, "Be kind.", "kept, not played: the reminder is"),
        ({"note": {"role": "user"}}, "", "kept, not played: it is somebody's line"),
        ({"note": {"prompt": "A sentence of it. " * 30}}, "", "kept, not played: it is longer than"),
        ({"note": {"prompt": "  "}}, "", ""),
    ],
)
def test_a_note_near_the_end_of_the_prompt_is_the_reminder_or_told_as_unplayed(
    more: dict[str, Any], reminder: str, told: str, tmp_path: Path
) -> None:
    note = {"prompt": "Ada is\ntired.", "depth": 4, "role": "system", **more.pop("note", {})}
    fields = {"post_history_instructions": "", **more, "extensions": {"depth_prompt": note, "talkativeness": "0.25"}}
    done = brought(tmp_path, corpus.v2(**fields))
    library = Library([tmp_path / "characters"], [])
    one = library.characters[done.id]
    assert (one.guards.reminder, one.turns.talkativeness) == (reminder, 0.25)
    found = {fate.what: fate.why for fate in (*done.report.kept, *done.report.converted)}
    assert found.get("extensions.depth_prompt", "").startswith(told) and bool(told) == (
        "extensions.depth_prompt" in found
    )
    assert found["extensions.talkativeness"] == "turns.talkativeness: 0.25"
    assert export_card(library, done.id, "json", 2).data == done.card.original


@pytest.mark.parametrize("said", ["often", -1, 2, 10**400, [1], "nan", True, ""])
def test_a_talkativeness_that_is_none_is_kept(said: object, tmp_path: Path) -> None:
    done = brought(tmp_path, corpus.v2(extensions={"talkativeness": said}))
    assert Library([tmp_path / "characters"], []).characters[done.id].turns.talkativeness == 0.6
    told = [fate.why for fate in done.report.kept if fate.what == "extensions.talkativeness"]
    assert told == (["kept, not played: it is no number from 0 to 1"] if said not in (True, "") else [])


def test_another_openrooms_card_has_a_name_that_one_can_read_too(tmp_path: Path) -> None:
    plain = brought(tmp_path / "plain", corpus.v3(name="Ru", nickname=""))
    values = yaml.safe_load((plain.folder / "character.yaml").read_text("utf-8")) | {"name": "\u202eRu"}
    shape = {
        key: plain.card.data[key] for key in ("description", "mes_example", "creator_notes", "alternate_greetings")
    }
    text = values["persona"] = "A keeper."
    values |= {"examples": [], "greetings": [], "greeting": "Hello.", "line": "A line."}
    shape = {"description": text, "mes_example": "", "creator_notes": "A line.", "alternate_greetings": []}
    card = corpus.v3(name="\u202eRu", nickname="", first_mes="Hello.", **shape)
    card["data"]["extensions"]["openroom"] = {"definition": values}
    done = brought(tmp_path / "own", card)
    assert done.name == "Ru" and "the whole definition" in {fate.what for fate in done.report.kept}


def test_ids_that_mean_somebody_else_are_warned_of(tmp_path: Path) -> None:
    done = brought(tmp_path, corpus.v3(name="Anyone", nickname=""))
    there = tmp_path / "characters" / "anyone"
    done.folder.rename(there)
    file = there / "character.yaml"
    file.write_text(file.read_text("utf-8").replace("id: c_anyone", "id: anyone"), "utf-8")
    told = [problem for problem in check([there]) if problem.key == "id"]
    assert [problem.warning for problem in told] == [True] and "nobody else" in str(told[0])


# macros ---------------------------------------------------------------------------------------------------------------


def macros_told(done: Imported) -> list[str]:
    return [note.text for note in done.report.notes if note.code == "macro"]


def test_macros_that_stay_are_told_when_a_card_comes_in(tmp_path: Path) -> None:
    said = {
        "first_mes": "{{unknown:x}} hi, {{user}}",
        "description": "{{setvar::a::b}} {{char}} {{time}} {{unknown:x}}",
    }
    told = macros_told(brought(tmp_path, corpus.v3(**said, system_prompt="{{original}} Be kind.")))
    assert len(told) == 3
    assert "{{unknown:x}}" in told[2] or "{{unknown:x}}" in told[0]
    assert [text for text in told if "{{setvar::a::b}}" in text and text.endswith("(persona).")]
    assert [text for text in told if "{{unknown:x}}" in text and "persona, greeting" in text]
    many = " ".join(f"{{{{m{'x' * at}}}}}" for at in range(25))
    told = macros_told(brought(tmp_path, corpus.v3(first_mes=many)))
    assert len(told) == 21 and told[-1] == "5 more macros are not known here."
    assert macros_told(brought(tmp_path, corpus.v3(first_mes="{{random:a,b}} {{time}} {{char}}"))) == []


@pytest.mark.parametrize("depth", [MOST_DEPTH, MOST_DEPTH + 1, 30, 2000])
def test_a_macro_too_deep_in_others_stays_whole_and_is_told(depth: int, tmp_path: Path) -> None:
    deep = "{{random:" * depth + "z, y" + "}}" * depth
    left = unknown_in(f"A {deep} B")
    assert (left == ()) == (depth <= MOST_DEPTH)
    shown = expand(f"A {deep} B", Values(seed="s")).text
    if depth > MOST_DEPTH:
        inner = "{{random:" * (depth - MOST_DEPTH) + "z, y" + "}}" * (depth - MOST_DEPTH)
        assert left == (inner,) and shown == f"A {inner} B", "what is too deep is not cut at its commas"
    if depth == 30:
        done = brought(tmp_path, corpus.v3(first_mes=deep))
        assert len(macros_told(done)) == 1 and "too deep" in macros_told(done)[0]
        assert any("a macro that is known here" in str(one) for one in check([done.folder]))


def test_macros_behind_one_that_is_too_deep_are_read() -> None:
    deep = "{{random:" * 20 + "z" + "}}" * 20
    values = Values(char="C", user="U", seed="s")
    assert expand(f"{deep}{{{{char}}}} <user> {{{{// gone}}}}", values).text.endswith("}}C U ")
    never = "{{random:" * 20 + "{{char}}"
    assert expand(never, values).text.startswith("{{random:" * 20)


def test_what_a_model_with_little_room_does_not_read_is_told(tmp_path: Path) -> None:
    def told(description: str, folder: str) -> list[str]:
        done = brought(tmp_path / folder, corpus.v3(description=description))
        return [one.why for one in done.report.converted if one.what == "persona" and "4,096" in one.why]

    assert told("She keeps the light. " * 20, "short") == []
    sentences = [f"It rained for {at} days on the island, and the boat stayed in." for at in range(100)]
    (why,) = told(f"{' '.join(sentences)} Respond with two paragraphs.", "long")
    assert "sentences, one with more room more; chosen by code; left out there: “" in why and " more" in why[-12:]
    kept, whole = re.findall(r"reads (\d+) of its (\d+)", why)[0]
    assert 20 < int(kept) < int(whole) and int(whole) > 100
