"""What a character on a card was given here goes along where no field of a card tells it, and comes in again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openroom.cards.beside import _MOST
from openroom.cards.notes import Report
from openroom.cards.read import read_card
from openroom.cards.write import FORMATS, Format, Written, write
from openroom.core.character import Character
from openroom.library.document import parse_document
from openroom.library.library import Library
from openroom.library.writing import definition_text
from openroom.lobby.card_export import export_card
from openroom.lobby.cards import Imported, import_card
from tests.cards import corpus

NOBODY = Library([], [])
GIVEN: dict[str, Any] = {
    "line": "Keeps the lamp.",
    "appearance": "Tall, {{pick:red,blue}} coat.",
    "body": "none",
    "language": "de",
    "pronouns": "she",
    "voice": {"register": "terse", "length": "long", "banned": ["indeed"], "sound": {"pitch": 1.5, "voices": ["A"]}},
    "facts": [{"id": "lamp", "text": "The lamp burns peat.", "ask": ["What burns?"], "answer": ["peat"]}],
    "knowledge": {"period": "then", "until": 1871, "unknown": ["radio"]},
    "secrets": [{"id": "debt", "text": "She owes the harbour.", "to": ["visitor"], "after_turns": 3}],
    "boundaries": ["No names of ships."],
    "goals": ["Keep it lit."],
    "relationships": {"visitor": {"kind": "stranger", "affinity": 0.25}},
    "emotions": {"default": "wry", "can": ["wry", "calm"]},
    "greet": "anew",
    "repertoire": [{"heard": ["Peat?", "What burns?"], "say": "Peat, {{user}}.", "emotion": "wry"}],
    "condensed": {"of": "0123456789abcdef", "by": "wordy", "keep": [[5, 9], [0, 4]]},
    "turns": {"talkativeness": 0.125},
    "sampling": {"temperature": 0.3},
    "memory": {"recall_lore": 3},
    "colour": "#102030",
    "translations": {"de": {"Keeps the lamp.": "Hütet das Licht."}},
}
"""Of each key that no field tells, what somebody may write there."""
IN_FIELDS = {"format", "id", "name", "persona", "greeting", "greetings", "examples", "rules", "guards", "art", "lore"}


def brought(folder: Path, data: bytes) -> Imported:
    return import_card(data, folder, NOBODY)


def values_of(done: Imported) -> dict[str, Any]:
    return dict(parse_document((done.folder / "character.yaml").read_bytes(), "character.yaml").value)


def edited(done: Imported, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """A character after an edit of its file."""
    values = values_of(done)
    change(values)
    (done.folder / "character.yaml").write_bytes(definition_text(values, "Edited."))
    return values


def out(done: Imported, format: Format = "json", spec: int = 3) -> Written:
    return export_card(Library([done.folder.parent], []), done.id, format, spec)


def lost(written: Written) -> list[str]:
    """What is told as lost, but for the picture and the files that JSON and PNG do not hold."""
    return [one.what for one in written.report.dropped if not one.what.startswith(("the picture", "file ", "asset "))]


def test_every_key_has_its_way_out() -> None:
    """A key that a definition gets one day stands here, or in a field of a card."""
    assert {*GIVEN} | IN_FIELDS == {*Character.model_fields}


@pytest.mark.parametrize("name", ["json-v1", "both", "charx-assets", "jpeg-v2", "missing"])
def test_out_and_in_again_is_the_same_character(name: str, tmp_path: Path) -> None:
    done = brought(tmp_path / "a", corpus.GOOD[name][0])

    def change(values: dict[str, Any]) -> None:
        values |= copy.deepcopy(GIVEN)
        values["examples"] = [{"heard": "Tea?", "say": "Always.", "emotion": "wry", "do": "light_lamp"}]
        values["guards"] = {"reminder": "Go.", "max_sentences": 2, "banned_words": ["vessel"]}
        values["rules"] = ["One.", "Two.", "Three."]

    values = edited(done, change)
    for format, spec in zip(FORMATS, (2, 3, 2), strict=True):
        written = out(done, format, spec)
        assert lost(written) == []
        again = brought(tmp_path / f"{format}{spec}", written.data)
        assert {**values_of(again), "id": done.id} == values
        assert not [one for one in again.report.dropped if one.what in values]
        assert "repertoire" in {one.what for one in again.report.kept}
        assert out(again, format, spec).data == written.data, "unedited"


@pytest.mark.parametrize("key", GIVEN)
def test_each_key_alone_goes_along_and_is_told(key: str, tmp_path: Path) -> None:
    data = corpus.dumped(corpus.v3())
    done = brought(tmp_path / "a", data)
    more = {"line": GIVEN["line"]} if key == "translations" else {}
    more |= {"emotions": GIVEN["emotions"]} if key == "repertoire" else {}
    plain = values_of(done)
    values = edited(done, lambda v: v.update({key: GIVEN[key], **more}))
    written = out(done)
    assert lost(written) == []
    told = {one.what: one.why for one in written.report.converted}
    assert told[key].removesuffix(": its secrets too") == "it goes along under extensions, openroom"
    card, source = read_card(written.data), read_card(data)
    assert {name for name in card.data if card.data[name] != source.data[name]} == {"extensions"}
    theirs = {name: card.fields.extensions[name] for name in card.fields.extensions if name != "openroom"}
    assert theirs == source.fields.extensions, "what other programs put there stays"
    again = brought(tmp_path / "b", written.data)
    assert {**values_of(again), "id": done.id} == values
    edited(done, lambda v: (v.clear(), v.update(plain)))
    assert out(done).data == data, "taken back"


def test_what_came_along_is_edited_and_taken_out_elsewhere(tmp_path: Path) -> None:
    first = brought(tmp_path / "a", corpus.dumped(corpus.v3(system_prompt="", post_history_instructions="")))
    edited(first, lambda v: v.update(copy.deepcopy(GIVEN), rules=["One.", "Two."]))
    second = brought(tmp_path / "b", out(first).data)

    def change(values: dict[str, Any]) -> None:
        values["repertoire"][0]["say"] = "Coal."
        values["rules"][1] = "Zwei."
        values["persona"] = values["persona"].replace("lighthouse", "tower")
        values.pop("secrets")
        values.pop("turns")

    values = edited(second, change)
    written = out(second)
    assert lost(written) == []
    card = read_card(written.data)
    assert card.fields.system_prompt == "{{original}}\nOne.\nZwei.", "other programs read it too"
    assert "tower" in card.fields.description
    assert "She owes" not in written.data.decode()
    third = brought(tmp_path / "c", written.data)
    assert {**values_of(third), "id": second.id} == values
    bare = edited(third, lambda v: [v.pop(key, None) for key in GIVEN if key not in ("line", "language", "voice")])
    assert {**values_of(brought(tmp_path / "d", out(third).data)), "id": third.id} == bare


def test_what_another_program_edited_counts_and_the_rest_comes_along(tmp_path: Path) -> None:
    done = brought(tmp_path / "a", corpus.dumped(corpus.v3()))
    smiling = [{"heard": "Tea?", "say": "Always.", "emotion": "happy"}]
    values = edited(done, lambda v: v.update(facts=GIVEN["facts"], examples=smiling))
    written = out(done)
    assert values_of(brought(tmp_path / "b", written.data))["examples"] == smiling
    elsewhere = write(read_card(written.data), "json", 3, edits={"first_mes": "Another hello."})
    again = brought(tmp_path / "c", elsewhere.data)
    now = values_of(again)
    assert (now["greeting"], now["facts"]) == ("Another hello.", values["facts"])
    assert now["examples"] == [{"heard": "Tea?", "say": "Always."}], "its feeling was that of the card of then"
    assert "examples" in {one.what for one in again.report.dropped}


def test_a_talkativeness_goes_back_where_it_came_from(tmp_path: Path) -> None:
    for said, told in ((0.5, 0.25), ("0.5", "0.25")):
        card = corpus.dumped(corpus.v3(extensions={"talkativeness": said, "other": 1}))
        done = brought(tmp_path / type(said).__name__, card)
        edited(done, lambda v: v.update(turns={"talkativeness": 0.25}))
        written = out(done)
        assert read_card(written.data).data["extensions"] == {"talkativeness": told, "other": 1}
        assert lost(written) == []


HOSTILE: dict[str, Any] = {
    "own is a list": {"own": [1]},
    "no object": 5,
    "a key that is none": {"own": {"facts": [], "evil": 1, "__class__": {}}},
    "an id": {"own": {"id": "mira", "art": "../../etc", "lore": {"format": 1, "entries": []}, "format": 9}},
    "a field that is not vouched for": {"own": {"persona": "I am root.", "guards": {"reminder": "Obey."}}},
    "a wrong digest": {"texts": {"persona": "I am root."}, "texts_of": "0" * 64},
    "no digest": {"texts": {"persona": "I am root."}, "texts_of": [1]},
    "too much": {"own": {"line": "x" * _MOST}},
    "a name that is taken out": {"texts": {"name": None}, "own": {"line": None}},
    "of a wrong type": {"own": {"guards": "x", "voice": [], "emotions": {"can": []}, "sampling": {"temperature": 99}}},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_none_of_ours_is_left_out(name: str, tmp_path: Path) -> None:
    card = corpus.v3(extensions={"openroom": {"beside": HOSTILE[name]}})
    plain = values_of(brought(tmp_path / "plain", corpus.dumped(corpus.v3(extensions={}))))
    done = brought(tmp_path / "a", corpus.dumped(card))
    assert values_of(done) == plain | ({"facts": []} if name == "a key that is none" else {})
    assert out(done).data == corpus.dumped(card), "and goes out as it came"
    edited(done, lambda v: v.update(greeting="Changed."))
    assert lost(out(done)) == []


def test_of_what_came_along_all_that_fits_counts(tmp_path: Path) -> None:
    own = {"facts": GIVEN["facts"], "colour": "red", "repertoire": GIVEN["repertoire"], "emotions": GIVEN["emotions"]}
    done = brought(tmp_path, corpus.dumped(corpus.v3(extensions={"openroom": {"beside": {"own": own}}})))
    values = values_of(done)
    assert (values["facts"], values["repertoire"]) == (own["facts"], own["repertoire"]) and "colour" not in values
    assert [one.what for one in done.report.dropped if "does not fit" in one.why] == ["colour"]


def test_what_is_not_understood_stays_on_the_card(tmp_path: Path) -> None:
    own = {"facts": GIVEN["facts"], "newer": {"x": 1}, "colour": "red"}
    card = corpus.v3(extensions={"openroom": {"beside": {"own": own}}})
    done = brought(tmp_path, corpus.dumped(card))
    edited(done, lambda v: v.update(greeting="Changed.", pronouns="she"))
    kept = read_card(out(done).data).fields.extensions["openroom"]["beside"]["own"]
    assert kept == {**own, "pronouns": "she"}
    edited(done, lambda v: v.update(colour="#102030"))
    kept = read_card(out(done).data).fields.extensions["openroom"]["beside"]["own"]
    assert kept == {**own, "pronouns": "she", "colour": "#102030"}


def test_where_nothing_can_be_put_it_is_told(tmp_path: Path) -> None:
    card = corpus.v3()
    card["data"]["extensions"] = ["a list"]
    done = brought(tmp_path, corpus.dumped(card))
    edited(done, lambda v: v.update(facts=GIVEN["facts"]))
    written = out(done)
    assert lost(written) == ["facts"]
    assert json.loads(written.data)["data"]["extensions"] == ["a list"]
    assert isinstance(written.report, Report)
