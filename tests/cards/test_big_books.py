"""What comes in does not depend on how busy the machine is, and what came in is read again."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from openroom.cards.limits import MAX_CARD
from openroom.errors import CardError
from openroom.library.bounds import LORE, size_of
from openroom.library.check import check
from openroom.library.library import Library
from openroom.lobby.card_lore import attach
from openroom.lobby.cards import import_card
from openroom.settings import shipped
from tests.cards import corpus

NOBODY = Library([], [])


def book(entries: int, characters: int) -> dict[str, Any]:
    return {
        "entries": [
            {"keys": [f"k{at}"], "content": "t" * characters, "enabled": True, "insertion_order": 1, "extensions": {}}
            for at in range(entries)
        ]
    }


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which each look at the clock is an hour later."""
    for clock in ("monotonic", "perf_counter", "thread_time", "process_time"):
        hours = count(1)
        monkeypatch.setattr(time, clock, lambda hours=hours: 3600.0 * next(hours))


@pytest.mark.usefixtures("busy")
def test_a_book_at_the_limits_comes_in_whole_and_is_read_again(tmp_path: Path) -> None:
    card = corpus.dumped(corpus.v3(character_book=book(5000, 1200)))
    assert len(card) < MAX_CARD
    done = import_card(card, tmp_path, NOBODY)
    assert [fate.why for fate in done.report.dropped if fate.what.startswith("character_book")] == []
    assert 6_500_000 < (done.folder / LORE).stat().st_size < size_of(LORE).bytes
    lore = Library([tmp_path / "characters"], []).characters[done.id].lore
    assert lore is not None and len(lore.entries) == 5000


def test_a_book_over_the_limits_is_told_when_it_comes_in(tmp_path: Path) -> None:
    done = import_card(corpus.dumped(corpus.v3(character_book=book(30, 300_000))), tmp_path, NOBODY)
    assert not (done.folder / LORE).exists() and not [one for one in check([done.folder]) if not one.warning]
    assert {fate.what for fate in done.report.dropped} >= {f"character_book as {LORE}"}


def test_an_empty_book_is_given_to_nobody(tmp_path: Path) -> None:
    library = Library([shipped("characters")], [shipped("scenes")])
    with pytest.raises(CardError, match="a lorebook with an entry"):
        attach(b'{"entries": {}}', "scene:tea_room", tmp_path, library)
    given = attach(corpus.dumped(corpus.WORLD), "scene:tea_room", tmp_path, library)
    assert given.file.is_file()
