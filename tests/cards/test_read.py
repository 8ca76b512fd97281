from __future__ import annotations

from pathlib import Path

import pytest

from openroom.cards.lore_forms import Lorebook
from openroom.cards.read import read, read_card
from openroom.cards.write import write
from openroom.errors import CardError
from openroom.library.library import Library
from openroom.lobby.cards import import_card
from tests.cards import corpus


@pytest.mark.parametrize("name", corpus.EVERY)
def test_every_kind_of_file_with_every_oddity_is_read(name: str) -> None:
    data, spec, codes = corpus.EVERY[name]
    card = read_card(data)
    assert card.spec == spec
    assert codes <= {note.code for note in card.notes}
    assert card.original == data
    if name.split(" in ")[0] not in ("missing", "types", "half-character"):
        assert (card.fields.name, card.fields.personality) == ("Runa", "dry, patient")


def test_a_plain_card_of_each_version_has_nothing_odd() -> None:
    full = {**corpus.v3(), "data": {key: value for key, value in corpus.v3().items() if key != "data"}}
    assert full
    for card in (corpus.V1, corpus.v2(character_book=None), corpus.v3(character_book=None)):
        notes = [note for note in read_card(corpus.dumped(card)).notes if note.code not in ("foreign",)]
        assert notes == []


def test_what_the_newer_chunk_says_counts_and_what_differs_is_told() -> None:
    card = read_card(corpus.GOOD["contradiction"][0])
    assert card.fields.first_mes == "Another."
    (note,) = [note for note in card.notes if note.code == "contradiction"]
    assert note.text.endswith("ccv3 counts: first_mes.")


def test_data_counts_and_not_the_fields_beside_it() -> None:
    card = read_card(corpus.GOOD["foreign"][0])
    assert card.fields.name == "Runa"
    told = {note.code: note.text for note in card.notes}
    assert "fav" in told["foreign"] and told["mirror"].endswith("name.")


def test_dates_in_milliseconds_and_texts_are_dates() -> None:
    fields = read_card(corpus.GOOD["dates"][0]).fields
    assert (fields.created, fields.modified) == (1_700_000_000, 1_700_000_000)


def test_wrong_types_lose_nothing_else() -> None:
    fields = read_card(corpus.GOOD["types"][0]).fields
    assert (fields.name, fields.alternate_greetings, fields.tags, fields.mes_example) == ("7", ("One.",), ("a",), "")
    assert fields.first_mes == corpus.V1["first_mes"]


def test_assets_are_found_where_they_are_and_never_fetched() -> None:
    card = read_card(corpus.charx())
    icon, happy, smug, sea = card.fields.assets
    assert card.asset(icon) == corpus.files()["assets/icon/images/main.png"]
    assert card.asset(happy) == corpus.files()["assets/emotion/images/1.png"]
    assert card.asset(smug) == corpus.SVG
    assert (card.stored(sea), card.asset(sea)) == ("", None)


@pytest.mark.parametrize("name", corpus.HOSTILE)
def test_hostile_files_are_refused_with_a_reason(name: str) -> None:
    data, words = corpus.HOSTILE[name]
    with pytest.raises(CardError) as told:
        read(data)
    assert words in str(told.value)


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openroom.cards.read.MAX_TOTAL", 10)
    with pytest.raises(CardError, match="at most 10 bytes"):
        read(corpus.dumped(corpus.V1))


def test_what_a_zip_holds_in_all_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openroom.cards.packed.MAX_TOTAL", 2000)
    with pytest.raises(CardError, match="at most 2,000 bytes"):
        read(corpus.charx())


def test_lorebooks_by_themselves() -> None:
    card_form, wrapped, world = (
        read(corpus.dumped(book)) for book in (corpus.BOOK, {"spec": "lorebook_v3", "data": corpus.BOOK}, corpus.WORLD)
    )
    assert isinstance(card_form, Lorebook) and isinstance(wrapped, Lorebook) and isinstance(world, Lorebook)
    assert (card_form.form, wrapped.form, world.form) == ("card", "lorebook_v3", "world")
    assert card_form.read == wrapped.read and card_form.name == wrapped.name == "Coast"
    lamp, reef = card_form.read.lore["entries"]
    assert (lamp["keys"], lamp["text"], lamp["depth"]) == (["lamp", "light"], "The lamp was lit in 1871.", 4)
    assert (reef["enabled"], reef["order"]) == (False, 1)
    assert {note.code for note in card_form.notes} == {note.code for note in wrapped.notes} == {"no_extensions"}
    seven, old = world.read.lore["entries"]
    assert (seven["keys"], seven["when"], seven["enabled"]) == (["/re+f/i"], [{"any": ["ship"]}], False)
    assert (seven["order"], old["constant"], world.notes) == (7, True, ())
    with pytest.raises(CardError, match="a lorebook by itself"):
        read_card(corpus.dumped(corpus.WORLD))


def test_the_book_of_a_card_is_read_and_kept() -> None:
    book = read_card(corpus.dumped(corpus.v2())).book
    assert book is not None and book.raw == corpus.BOOK and len(book.entries) == 2


def test_what_only_the_older_chunk_holds_is_taken_from_it_and_told(tmp_path: Path) -> None:
    new = corpus.v3(extensions={"mine": 1, "own": 3}, character_book=None, first_mes="Another.")
    old = corpus.v2(x_only="kept", extensions={"mine": 1, "own": 4, "deep": {"kept": 1}})
    old["fav"], old["name"] = True, "Somebody"
    data = corpus.with_chunks(corpus.text("ccv3", corpus.coded(new)) + corpus.text("chara", corpus.coded(old)))
    card = read_card(data)
    told = {note.code: note.text for note in card.notes}
    assert told["contradiction"].endswith("ccv3 counts: first_mes, extensions.own.")
    assert told["joined"].endswith("taken from it: character_book, x_only, fav, extensions.deep.")
    assert card.fields.first_mes == "Another." and "name" not in card.raw
    assert write(card, "png", 3).data == data, "unedited: its own bytes"
    for chunks in (read_card(write(card, "png", spec, edits={"scenario": "Calm."}).data) for spec in (2, 3)):
        assert len(chunks.data["character_book"]["entries"]) == 2 and chunks.raw["fav"] is True
        assert chunks.data["x_only"] == "kept"
        extensions = {key: value for key, value in chunks.data["extensions"].items() if key != "openroom/v3"}
        assert extensions == {"mine": 1, "own": 3, "deep": {"kept": 1}}
    done = import_card(data, tmp_path, Library([], []))
    assert (done.folder / "lore.yaml").is_file()
    book = corpus.v3(character_book={"entries": []})
    other = corpus.with_chunks(
        corpus.text("ccv3", corpus.coded(book)) + corpus.text("chara", corpus.coded(corpus.v2()))
    )
    (note,) = [note for note in read_card(other).notes if note.code == "contradiction"]
    assert note.text.endswith("ccv3 counts: character_book.")
