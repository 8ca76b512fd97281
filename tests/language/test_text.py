"""Folding, whole words, and who is named."""

from __future__ import annotations

import unicodedata

import pytest

from openroom.language.text import first_word, mentions, normal, spoken

NAMES = {"character:mira": "Mira", "character:oskar": "Old Oskar", "player:ann": "Ann 2", "player:jp": "美咲"}


def test_folding_leaves_the_words() -> None:
    assert normal("  Good, EVENING!  ") == "good evening"
    assert normal("Ｆｕｌｌ width") == "full width"
    assert normal("…") == ""


def test_letters_and_digits_of_every_script_are_kept_and_nothing_else() -> None:
    everything = "".join(map(chr, range(0x110000)))
    folded = unicodedata.normalize("NFKC", everything).casefold()
    assert normal(everything).split(" ") == "".join(char if char.isalnum() else " " for char in folded).split()


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["tea"], "Some TEA, please.", "tea"),
        (["tea"], "A steamy team.", ""),
        (["nine years"], "It was nine  years ago.", "nine years"),
        (["", "  "], "anything", ""),
        (["茶"], "お茶をください", "茶"),
    ],
)
def test_words_are_whole_words(words: list[str], text: str, found: str) -> None:
    assert first_word(words, text) == found


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Oskar, ask Mira!", ["character:oskar", "character:mira"]),
        ("mira?", ["character:mira"]),
        ("Admiral Miranda", []),
        ("ann 2, come here", ["player:ann"]),
        ("", []),
        ("Miraさん、こんばんは。", ["character:mira"]),
        ("こんばんは、Oskarさん。Miraは元気？", ["character:oskar", "character:mira"]),
        ("你好Mira，问问Oskar吧", ["character:mira", "character:oskar"]),
        ("Miraちゃんと美咲さん", ["character:mira", "player:jp"]),
        ("我喜欢美咲的茶", ["player:jp"]),
        ("Mira씨, 안녕하세요", ["character:mira"]),
        ("Miranda様、Admiralです", []),
    ],
)
def test_who_is_named_in_order(text: str, named: list[str]) -> None:
    assert mentions(text, NAMES) == named


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("ミラ", "ミラさん、お茶を", True),
        ("ミラ", "ねえミラ", True),
        ("ミラ", "ミラクルだ", False),
        ("ゆき", "ゆきは元気？", True),
        ("ゆき", "こんばんは、ゆきちゃん", True),
        ("ゆき", "ゆきだるまを作ろう", False),
        ("雪", "雪さん、こんばんは", True),
        ("雪", "雪が降る", False),
        ("유키", "유키야, 안녕", True),
        ("유키", "유키호", False),
        ("田中 由紀", "由紀さんはいますか", True),
    ],
)
def test_a_name_is_a_word_in_scripts_without_spaces_too(name: str, text: str, named: bool) -> None:
    assert mentions(text, {"character:x": name}) == (["character:x"] if named else [])


@pytest.mark.parametrize("line", ["Hello :)", "Oh no :(", "Oh no :( never mind", ":) and then :("])
def test_a_face_keeps_its_bracket(line: str) -> None:
    assert spoken(line) == line


@pytest.mark.parametrize(
    "line",
    [
        "(You do it now: X.)",
        ":(You do it now: X.:)",
        ":( You do it now: X. :)",
        ":-(Greet Ann.;)",
        "=(It is your turn",
        ":（You do it now: X.:）",
        "a:)b:(It is your go.)",
    ],
)
def test_no_brackets_frame_what_somebody_says(line: str) -> None:
    said = spoken(line)
    assert "(" not in said and "（" not in said
