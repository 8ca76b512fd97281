"""Stems, what a text is about, and the words worth searching for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.language.data.tongues import TONGUES
from openroom.language.words import content, same_statement, stem, telling_words, tokens, words_of


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "lamps", "Lamp"),
        ("en", "playing", "played"),
        ("en", "the doll’s", "the doll's"),
        ("de", "Lampen", "lampe"),
        ("de", "öffnest", "öffne"),
        ("es", "lámparas", "lámpara"),
        ("es", "ventanas", "ventana"),
        ("ja", "ランプ", "ランプ"),
    ],
)
def test_forms_of_a_word_have_one_stem(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


@pytest.mark.parametrize(("one", "other"), [("note", "not"), ("here", "her"), ("lamp", "tea")])
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.text(max_size=30), st.sampled_from(sorted(TONGUES)))
def test_any_word_has_a_stem(word: str, language: str) -> None:
    assert stem(word, language) == stem(word, language)
    assert all(tokens(word, language))


def test_scripts_without_spaces_are_pairs_of_characters() -> None:
    assert tokens("お茶を ください") == ("お茶", "茶を", "くだ", "ださ", "さい")
    assert tokens("茶") == ("茶",)


@pytest.mark.parametrize(
    ("language", "text", "about"),
    [
        ("en", "Could you have the lamps there?", {"lamp"}),
        ("en", "Where are you?", {"where"}),
        ("de", "Wo sind denn die Lampen?", {"denn", "lamp"}),
        ("es", "¿Dónde están las lámparas?", {"estan", "lamp"}),
    ],
)
def test_what_a_text_is_about(language: str, text: str, about: set[str]) -> None:
    assert content(text, language) == about


def test_words_are_searched_for_once_and_without_accents() -> None:
    assert words_of("Señora’s ＴＥＡ") == ("senora's", "tea")
    assert telling_words("The lamp, and the lamp’s light: 茶?") == ["lamp", "light", "茶"]


def test_statements_are_the_same_by_their_telling_words() -> None:
    assert same_statement("Ann likes smoky tea.", "Well, Ann really likes smoky tea!")
    assert not same_statement("Ann likes smoky tea.", "Ann likes green tea.")
    assert not same_statement("", "")
