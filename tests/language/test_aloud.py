from __future__ import annotations

import time

import pytest

from openroom.language.aloud import is_piece_of, spoken

LINE = "*She pours. Slowly.* Tea? I *never* said **that** (nearly), *nods* and 🍵 it\nrained."


@pytest.mark.parametrize(
    "piece",
    [
        "Tea?",
        "I never said that (nearly), and it rained.",
        "I never said that, and it",
        "said that",
        "Tea ? I never",
        LINE,
    ],
)
def test_a_piece_is_a_run_without_notes(piece: str) -> None:
    assert is_piece_of(piece, LINE)


@pytest.mark.parametrize(
    "piece",
    [
        "Tea? That rained.",
        "Coffee?",
        "",
        "?",
        "*",
        "I always said that",
        "rained. Buy this.",
        "rained.Tea?",
        "said, that",
    ],
)
def test_words_of_ones_own_are_none(piece: str) -> None:
    assert not is_piece_of(piece, LINE)


def test_japanese_notes_are_notes() -> None:
    assert is_piece_of("おはよう。そうですね。", "おはよう。（笑う）\n（うなずく）そうですね。")
    assert not is_piece_of("さようなら。", "おはよう。（笑う）")


def test_a_long_line_of_one_letter_and_many_notes_takes_no_time() -> None:
    began = time.process_time()
    assert not is_piece_of("a" * 399 + "b", "(a)a" * 2000)
    assert time.process_time() - began < 2


def test_what_is_spoken_has_no_marks() -> None:
    assert spoken("I *never*  said `that` 🍵.\n") == "I never said that ."
