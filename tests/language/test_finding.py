"""Words are found in any order, without case and accents; of Chinese and Japanese, any part."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.language.finding import EXCERPT, excerpt, holds, indexed, needles, places


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("The old lamp is lit.", "LAMP old"),
        ("Das große Café in der Straße", "cafe strasse grosse"),
        ("¿Dónde está el niño?", "nino donde"),
        ("Don’t touch O'Brien's lamps", "dont obrien lamp"),
        ("先週、灯台で古い望遠鏡を見つけました。", "望遠鏡 灯台"),
        ("我在北京的茶馆里", "茶"),
        ("ガラスのコップ", "ｶﾞﾗｽ"),
        ("YukiさんはTea好き", "さん tea yuki"),
        ("Ｔｅａ　ｔｉｍｅ", "tea time"),
        ("cafe\u0301 au lait", "café"),
        ("Kapitel 12b", "12"),
        ("Привет, друзья", "привет"),
    ],
)
def test_it_is_found(text: str, query: str) -> None:
    assert needles(query)
    assert holds(indexed(text), needles(query))
    assert places(text, needles(query))


@pytest.mark.parametrize(
    ("text", "query"),
    [("The steak is done", "tea"), ("The old lamp", "lamp young"), ("か", "が"), ("", "tea"), ("東京", "京東")],
)
def test_it_is_not(text: str, query: str) -> None:
    assert not holds(indexed(text), needles(query))


@pytest.mark.parametrize("query", ["", "  ", "a", "a b", "?!", "'", "_", "\x00"])
def test_too_short(query: str) -> None:
    assert needles(query) == ()


def test_the_places_are_those_of_the_text_as_it_was_written() -> None:
    text = "Die Straße — STRASSE, café; 古い茶、茶。"
    found = [text[a:b] for a, b in places(text, needles("strasse CAFE 茶"))]
    assert found == ["Straße", "STRASSE", "café", "茶", "茶"]


def test_an_excerpt_is_short_and_begins_at_a_word() -> None:
    text = "word " * 400 + "the lamp " + "and more " * 400
    part, at, inside = excerpt(text, needles("lamp"))
    assert len(part) <= EXCERPT and text[at : at + len(part)] == part and part.startswith("word")
    assert [part[a:b] for a, b in inside] == ["lamp"]
    assert excerpt("A lamp.", needles("lamp")) == ("A lamp.", 0, [(2, 6)])


@given(st.text(max_size=200), st.text(max_size=30))
def test_whatever_is_held_is_found_at_places_within_the_text(text: str, query: str) -> None:
    wanted = needles(query)
    found = places(text, wanted)
    assert all(0 <= a < b <= len(text) for a, b in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    if wanted and holds(indexed(text), wanted):
        assert found and all(any(holds(indexed(text[a:b]), [one.strip()]) for a, b in found) for one in wanted)
    part, at, inside = excerpt(text, wanted)
    assert text[at : at + len(part)] == part and all(0 <= a < b <= len(part) for a, b in inside)


@given(st.text(max_size=100))
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    assert holds(indexed(text), needles(text))
