"""Whatever a lorebook holds that no entry of ours may, the card comes in, that entry is off, and it is told."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from openroom.cards import lore_shared
from openroom.cards.last_resort import or_card_error
from openroom.cards.lore_fields import CARD_OF_WORLD
from openroom.cards.lore_forms import from_foreign, to_card_book, to_world
from openroom.core.lore.book import Entry, Lore
from openroom.errors import CardError
from openroom.library.library import Library
from openroom.lobby.card_export import export_card
from openroom.lobby.card_lore import attach
from openroom.lobby.cards import Imported, import_card, shown
from tests.cards import corpus
from tests.cards.lore_books import CARD_KEYS, SILLY, v2_entry, world_entry

NAMES = "|".join(f"name{at}" for at in range(400))
LONG = "b" * 5_000
REFUSED: dict[str, dict[str, Any]] = {
    "a long pattern": {"keys": [f"/{NAMES}/"]},
    "a long pattern without slashes": {"keys": [NAMES], "use_regex": True},
    "brackets": {"keys": ["(" * 999 + "/"], "use_regex": True},
    "a long pattern that has to hold besides": {"secondary_keys": [f"/{NAMES}/i"], "selective": True},
    "a long key of a decorator": {"content": f"@@additional_keys {LONG}\nText"},
    "a long key that shuts out": {"content": f"@@exclude_keys {LONG}\nText"},
    "many keys of a decorator": {"content": f"@@additional_keys {','.join(f'k{at}' for at in range(3_000))}\nText"},
    "a long pattern of a decorator": {"content": f"@@additional_keys {NAMES}\nText", "use_regex": True},
}
"""Entries that cannot be what they say."""
DIGITS = "9" * 5_000
ODD: dict[str, dict[str, Any]] = {
    "a decorator's number": {"content": f"@@depth {DIGITS}\n@@scan_depth {DIGITS}\nText"},
    "a share too large to divide": {"extensions": {**SILLY, "probability": 10**4_000}},
    "whole numbers": {"insertion_order": 10**4_000, "priority": -(10**4_000), "extensions": {"depth": 10**400}},
    "texts for numbers": {
        "extensions": {"openroom": {"probability": "0.5", "depth": "3", "sticky": "4", "order": "7"}}
    },
    "a text for a switch": {"extensions": {"openroom": {"enabled": "yes", "case": "on", "scan_depth": "2"}}},
    "more besides than there is room for": {"content": LONG * 100},
    "long words": {"content": f"@@{LONG}\nText", "position": LONG, "extensions": {"triggers": [LONG, [LONG]]}},
}
"""Entries that may be read as something."""


def _import(tmp_path: Path, entry: dict[str, Any]) -> tuple[Imported, Library]:
    library = Library((tmp_path / "characters",), (tmp_path / "scenes",))
    card = corpus.dumped(corpus.v3(character_book={"entries": [entry], "extensions": {}}))
    done = import_card(card, tmp_path, library)
    library.reload()
    told = " ".join(note["text"] for note in shown(card)["notes"])
    for fate in done.report.converted:
        if fate.what == "character_book" and " in lore.yaml" not in fate.why:
            assert fate.why in told  # show says before what the report says after
    return done, library


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_entry_may_hold_is_off_and_told(tmp_path: Path, name: str) -> None:
    done, library = _import(tmp_path, v2_entry(**REFUSED[name]))
    book = library.characters[done.id].lore
    assert book is not None and [entry.enabled for entry in book.entries] == [False]
    assert any("it is off" in one.why for one in done.report.converted), done.report
    assert export_card(library, done.id, "json", 3).data == (done.folder / "card" / "original.json").read_bytes()


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_comes_in(tmp_path: Path, name: str) -> None:
    done, library = _import(tmp_path, v2_entry(**ODD[name]))
    assert library.characters[done.id].lore is not None, done.report
    lore = done.folder / "lore.yaml"
    lore.write_text(lore.read_text().replace("\ntokens: 2000", "\ntokens: 77"))
    library.reload()
    assert json.loads(export_card(library, done.id, "json", 2).data)["data"]["character_book"]["token_budget"] == 77


def test_a_pattern_too_long_leaves_the_other_keys(tmp_path: Path) -> None:
    done, library = _import(tmp_path, v2_entry(keys=["lamp", f"/{NAMES}/"]))
    (entry,) = library.characters[done.id].lore.entries
    assert entry.enabled and entry.keys == ("lamp",)
    assert any("not looked for" in one.why for one in done.report.converted)


@pytest.mark.parametrize("name", [name for name, fields in REFUSED.items() if not {"keys", "use_regex"} & {*fields}])
def test_a_lorebook_by_itself_comes_in_too(tmp_path: Path, name: str) -> None:
    fields = REFUSED[name]
    entry = {
        "content": fields.get("content", "Text"),
        "keysecondary": fields.get("secondary_keys", []),
        "selective": True,
    }
    data = json.dumps({"entries": {"0": world_entry(0, **entry)}}).encode()
    library = Library((tmp_path / "characters",), (tmp_path / "scenes",))
    done = import_card(corpus.dumped(corpus.V1), tmp_path, library)
    library.reload()
    given = attach(data, f"character:{done.id}", tmp_path, library)
    assert any("it is off" in one.why for one in given.report.converted)


_PLACES = [*CARD_KEYS, *SILLY, *CARD_OF_WORLD, *Entry.model_fields, "key", "keysecondary", "disable", "triggers"]
_VALUES = some.one_of(
    some.sampled_from([
        None, True, False, -1, 0, 0.5, 10**4_000, -(10**400), 1e300, "", "0.5", "on", LONG, NAMES, f"/{NAMES}/", DIGITS,
        [LONG], [f"/{NAMES}/i"], [["a"]], ["k"] * 600, [None], {"any": ["a"]}, [{"any": ["a"]}], [{}], {}, "a,b",
        f"@@depth {DIGITS}\nText", f"@@exclude_keys {LONG}\nText", "@@position x\n@@@activate\nText", "\ud800", "a\0b",
    ]),
    some.text(max_size=12), some.integers(), some.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(
    fields=some.dictionaries(some.sampled_from(_PLACES), _VALUES, max_size=6),
    inside=some.dictionaries(some.sampled_from(_PLACES), _VALUES, max_size=6),
    own=some.dictionaries(some.sampled_from([*Entry.model_fields, "stranger"]), _VALUES, max_size=6),
    book=some.dictionaries(some.sampled_from([*Lore.model_fields, "token_budget", "openroom"]), _VALUES, max_size=3),
)
def test_any_field_with_any_value_is_read_and_goes_out(
    fields: dict[str, Any], inside: dict[str, Any], own: dict[str, Any], book: dict[str, Any]
) -> None:
    entry = {**v2_entry(), **fields, "extensions": {**inside, "openroom": own}}
    world = {**world_entry(0), **fields, **inside, "openroom": own}
    head = {name: value for name, value in book.items() if name != "entries"}
    for data in ({**head, "entries": [entry]}, {**head, "entries": {"0": world}}):
        read = from_foreign(data)
        Lore.model_validate(read.lore)
        for written in (to_card_book(read.lore, spec=2), to_card_book(read.lore, spec=3), to_world(read.lore)):
            again = from_foreign(written.book).lore["entries"]
            assert [lore_shared.says_the_same(*pair) for pair in zip(read.lore["entries"], again, strict=True)] == [
                True
            ]


def test_a_lore_yaml_may_say_a_number_as_a_text() -> None:
    lore = {"format": 1, "entries": [{"id": "a", "text": "T", "keys": ["k"], "probability": "0.5", "depth": "3"}]}
    assert to_card_book(lore).book["entries"][0]["extensions"]["probability"] == 50


@pytest.mark.parametrize("error", [ValueError("x"), OverflowError("x"), RecursionError("x"), TypeError("x")])
def test_what_nobody_foresaw_is_told_and_the_log_has_no_word_of_it(
    error: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CardError, match="the lorebook: expected values"), or_card_error("the lorebook"):
        raise error
    assert [record.reason for record in caplog.records] == [type(error).__name__]

    def broken(*_: Any) -> None:
        raise error

    monkeypatch.setattr("openroom.cards.lore_card.put_off", broken)
    monkeypatch.setattr("openroom.cards.lore_card.put_own", broken)
    with pytest.raises(CardError, match=r"entries\[0\]: expected an entry"):
        from_foreign({"entries": [v2_entry()]})
    with tempfile.TemporaryDirectory() as folder:
        done, _ = _import(Path(folder), v2_entry())
        assert any("entries[0]" in one.why for one in done.report.dropped)
