from __future__ import annotations

import contextlib
import json
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from openroom.cards.card import Card
from openroom.cards.character import definition
from openroom.cards.lorebook import Lorebook
from openroom.cards.notes import Report
from openroom.cards.pictures import display_copy, measure
from openroom.cards.read import read, read_card
from openroom.cards.write import FORMATS, write
from openroom.errors import CardError
from tests.cards import corpus


@pytest.mark.parametrize("name", corpus.GOOD)
def test_every_kind_of_file_with_every_oddity_is_read(name: str) -> None:
    data, spec, codes = corpus.GOOD[name]
    card = read_card(data)
    assert card.spec == spec
    assert codes <= {note.code for note in card.notes}
    assert card.original == data
    if name not in ("missing", "types", "half-character"):
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
    assert card_form.entries == wrapped.entries
    lamp, reef = card_form.entries
    assert (lamp.keys, lamp.use_regex, lamp.enabled, lamp.position) == (("lamp", "light"), True, True, "")
    assert (lamp.raw["extensions"], reef.enabled, reef.insertion_order) == ({"position": 1}, False, 1)
    assert {note.code for note in card_form.notes} == {"no_extensions"}
    seven, old = world.entries
    assert (seven.keys, seven.secondary_keys, seven.enabled) == (("/re+f/i",), ("ship",), False)
    assert (seven.use_regex, seven.insertion_order, seven.position) == (True, 7, "after_char")
    assert (old.id, old.selective, old.constant, old.case_sensitive, old.use_regex) == ("1", True, True, None, False)
    assert world.body()["entries"][0]["content"] == "Seven."
    with pytest.raises(CardError, match="a lorebook by itself"):
        read_card(corpus.dumped(corpus.WORLD))


def test_the_book_of_a_card_is_read_and_kept() -> None:
    book = read_card(corpus.dumped(corpus.v2())).book
    assert book is not None and book.raw == corpus.BOOK and len(book.entries) == 2


_SEEDS = [data for name, (data, _, _) in corpus.GOOD.items() if len(data) < 100_000]
_BITS = [
    b"",
    b"\0",
    b"\xff" * 4,
    b"PK\x05\x06",
    b"PK\x01\x02",
    b"IEND",
    b"zTXt",
    b"chara\0",
    b'{"data":',
    b"[[",
    b"\\ud800",
]


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(seed=some.sampled_from(_SEEDS), chance=some.integers(0, 2**32), count=some.integers(1, 12))
def test_changed_bytes_give_a_card_or_a_clear_error(seed: bytes, chance: int, count: int) -> None:
    dice, data = random.Random(chance), bytearray(seed)
    for _ in range(count):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(4):
            case 0:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del data[at : at + dice.randrange(1, 200)]
            case 2:
                data[at:at] = dice.choice(_BITS)
            case _:
                data[at : at + 4] = dice.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"])
        if not data:
            break
    _is_read_or_refused(bytes(data))


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(
    head=some.sampled_from([b"", b"PK\x03\x04", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n", b"{"]),
    rest=some.binary(max_size=300),
)
def test_any_bytes_give_a_card_or_a_clear_error(head: bytes, rest: bytes) -> None:
    _is_read_or_refused(head + rest)


def _is_read_or_refused(data: bytes) -> None:
    began = time.process_time()
    try:
        found = read(data)
    except CardError as error:
        assert str(error).startswith("expected ")
    else:
        if isinstance(found, Card):
            for ref in found.fields.assets:
                try:
                    found.asset(ref)
                except CardError as error:
                    assert "expected" in str(error)
            assert found.book is None or found.book.body()
    assert time.process_time() - began < 20


_ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_KEYS = sorted({*corpus.v3()["data"], "assets", "x"})
_BOOK_KEYS = ["entries", "keys", "key", "content", "extensions", "position", "order", "disable", "uid", "id", "data"]


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(changes=some.dictionaries(some.sampled_from(_KEYS), _ANYTHING, max_size=6), flat=some.booleans())
def test_any_value_in_any_field_is_borne(changes: dict[str, object], flat: bool) -> None:
    data = {**corpus.v3()["data"], **changes}
    value = {**data, "data": None} if flat else {**corpus.v3(), "data": data}
    try:
        card = read_card(json.dumps(value).encode())
    except CardError as error:
        assert "without any of its keys" in str(error)
        return
    for spec in (2, 3):
        for format in FORMATS:
            again = read_card(write(card, format, spec, picture=corpus.picture()).data)
            assert again.spec == spec
            assert again.fields.name == card.fields.name
    definition(card, "somebody", Report())


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    entry=some.dictionaries(some.sampled_from(_BOOK_KEYS), _ANYTHING, max_size=6), world=some.booleans(), more=_ANYTHING
)
def test_any_value_in_a_lorebook_is_borne(entry: dict[str, object], world: bool, more: object) -> None:
    entries = {"0": entry, "1": more} if world else [entry, more]
    book = read(json.dumps({"entries": entries, "scan_depth": more}).encode())
    assert isinstance(book, Lorebook) and 1 <= len(book.entries) <= 2
    json.dumps(book.body())


_PICTURES = [corpus.picture(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")] + [corpus.apng()]


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(seed=some.sampled_from(_PICTURES), chance=some.integers(0, 2**32), count=some.integers(1, 6))
def test_changed_pictures_are_drawn_or_refused(seed: bytes, chance: int, count: int) -> None:
    dice, data = random.Random(chance), bytearray(seed)
    for _ in range(count):
        data[dice.randrange(len(data))] = dice.randrange(256)
    with contextlib.suppress(CardError):
        assert measure(display_copy(bytes(data), 64))[0] == "webp"
