"""Fuzz tests of each reader: whatever the bytes and values, a card comes of them or a clear error, in bounded time."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from openroom.cards.card import Card
from openroom.cards.character import definition
from openroom.cards.lore_forms import Lorebook
from openroom.cards.notes import Report
from openroom.cards.pictures import display_copy, measure
from openroom.cards.read import read, read_card
from openroom.cards.write import FORMATS, write
from openroom.core.lore.book import Lore
from openroom.errors import CardError, DefinitionError
from openroom.library.bounds import LORE
from openroom.library.document import parse_document
from openroom.library.files import load_lore
from openroom.lobby.card_lore import room_book
from tests.cards import corpus

_LORE_YAML = b"""\
# A book.
format: 1
scan_depth: 4
entries:
  - id: lamp
    keys: [lamp, "/la+mp/i"]
    text: |
      The lamp was bought
      in Odessa.
    when: [{any: [oil], not_any: [dream]}]
    to: [vera]
  - {id: reef, text: "Seven ships: \\u0041.", keys: [reef], probability: 0.5, position: depth, depth: 2}
"""


def _in_png(card: bytes) -> bytes:
    return corpus.with_chunks(corpus.text("ccv3", base64.b64encode(card)))


READERS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "png": (corpus.dumped(corpus.v3()), _in_png),
    "png-packed": (corpus.dumped(corpus.v2()), lambda card: corpus.with_chunks(corpus.packed_text("chara", card))),
    "apng": (corpus.dumped(corpus.v3()), lambda card: corpus.apng(corpus.text("ccv3", base64.b64encode(card)))),
    "json": (corpus.dumped(corpus.v3()), bytes),
    "v1": (corpus.dumped(corpus.V1), bytes),
    "charx": (corpus.dumped(corpus.v3(assets=corpus.ASSETS)), lambda card: _zip(card)),
    "jpeg": (corpus.dumped(corpus.v2()), lambda card: corpus.picture("JPEG") + _zip(card)),
    "webp": (corpus.dumped(corpus.v2()), corpus.webp),
    "world info": (corpus.dumped(corpus.WORLD), bytes),
    "lorebook": (corpus.dumped({"spec": "lorebook_v3", "data": corpus.BOOK}), bytes),
}
"""By reader: a text, and the file that is made of it."""


def _zip(card: bytes) -> bytes:
    return corpus.zipped({"card.json": card, **corpus.files()})


_BITS = [
    b"", b"\0", b"\xff" * 4, b"PK\x05\x06", b"PK\x01\x02", b"IEND", b"zTXt", b"chara\0", b'{"data":', b"[[", b"\\ud800",
    b": ", b"\n- ", b"&a ", b"*a", b"!!python/object:os.system ", b"\t", b"|2\n", b"1e999", b"---\n",
]  # fmt: skip
_CHANGES = {"chance": some.integers(0, 2**32), "count": some.integers(1, 12)}
_settled = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


def _changed(seed: bytes, chance: int, count: int) -> bytes:
    """The bytes with some of them changed, gone, or more between."""
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
    return bytes(data)


@pytest.mark.parametrize("name", READERS)
@_settled
@given(**_CHANGES, inside=some.booleans())
def test_changed_bytes_give_a_card_or_a_clear_error(name: str, chance: int, count: int, inside: bool) -> None:
    """Changed in the file, or in the text inside of a file that is whole."""
    text, made = READERS[name]
    _is_read_or_refused(made(_changed(text, chance, count)) if inside else _changed(made(text), chance, count))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(name=some.sampled_from([name for name, (data, _, _) in corpus.GOOD.items() if len(data) < 100_000]), **_CHANGES)
def test_changed_oddities_give_a_card_or_a_clear_error(name: str, chance: int, count: int) -> None:
    _is_read_or_refused(_changed(corpus.GOOD[name][0], chance, count))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(**_CHANGES)
def test_a_changed_lore_yaml_is_read_or_told(chance: int, count: int) -> None:
    data = _changed(_LORE_YAML, chance, count)
    began = time.process_time()
    try:
        value, problems = load_lore(parse_document(data, LORE), "")
        assert (value is None) <= bool(problems)
        for problem in problems:
            assert problem.file == LORE and problem.line, str(problem)
    except DefinitionError as error:
        assert error.file == LORE and "expected" in str(error)
    with contextlib.suppress(DefinitionError):
        room_book(data)
    assert time.process_time() - began < 20


def test_what_is_changed_is_read_where_nothing_is() -> None:
    """The seeds are good: so each reader is reached."""
    for name, (text, made) in READERS.items():
        assert isinstance(read(made(text)), Lorebook if name in ("world info", "lorebook") else Card), name
    value, problems = load_lore(parse_document(_LORE_YAML, LORE), "")
    assert value is not None and not problems


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
            assert found.book is None or Lore.model_validate(found.book.read.lore)
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
    json.dumps(Lore.model_validate(book.read.lore).model_dump())


_PICTURES = [corpus.picture(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")] + [corpus.apng()]


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(seed=some.sampled_from(_PICTURES), chance=some.integers(0, 2**32), count=some.integers(1, 6))
def test_changed_pictures_are_drawn_or_refused(seed: bytes, chance: int, count: int) -> None:
    dice, data = random.Random(chance), bytearray(seed)
    for _ in range(count):
        data[dice.randrange(len(data))] = dice.randrange(256)
    with contextlib.suppress(CardError):
        assert measure(display_copy(bytes(data), 64))[0] == "webp"
