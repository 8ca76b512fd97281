"""Attributes in the forms of several communities; prose is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.language.attribute_lists import attributes
from openroom.language.attributes import from_attributes
from tests.growth import LINEAR, growth


def read(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.key, one.values) for one in attributes(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[Character("X") {Age("19")\nLikes("tea" + "rain")}]', [("Age", ("19",)), ("Likes", ("tea", "rain"))]),
        ('Hair color("red", "short")', [("Hair color", ("red", "short"))]),
        ("Age(“19”)", [("Age", ("19",))]),
        ("Name: X\nAge: 32\n\nShe is kind.", [("Name", ("X",)), ("Age", ("32",))]),
        ("**Name:** X\n**Age**: 32", [("Name", ("X",)), ("Age", ("32",))]),
        ("- Name: X\n- Hair: long, red", [("Name", ("X",)), ("Hair", ("long, red",))]),
        ("Name = X\nAge = 32", [("Name", ("X",)), ("Age", ("32",))]),
        ("[Age = 32; Likes = tea, rain]", [("Age", ("32",)), ("Likes", ("tea", "rain"))]),
        ("Body(fit)\nLikes(tea + rain, snow)", [("Body", ("fit",)), ("Likes", ("tea", "rain", "snow"))]),
        ("Mira (a cook)", []),
        ("She said one thing: go.", []),
        ("The one thing that she never told anybody: go.\nThe other thing that she always told: stay.", []),
        ("Age: 32", []),
        ("She (the cook) sings.", []),
    ],
)
def test_forms(text: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert read(text) == found


def test_spans_are_those_of_the_text() -> None:
    text = 'Intro.\n  Age("19")\nName: X\n  **Home:** a hut \n'
    assert [text[one.start : one.end] for one in attributes(text)] == ['Age("19")', "Name: X", "**Home:** a hut"]


@given(st.text(st.sampled_from('[]{}("+):=*-;, \nAge'), max_size=300))
def test_any_text_is_read(text: str) -> None:
    last = 0
    for one in attributes(text):
        assert one.values and last <= one.start < one.end <= len(text)
        last = one.end


@pytest.mark.parametrize("unit", ['A("b" + ', "A: b\n", "[A = b; ", "a b c ", '("', "**", '"a" + ', "A(", "- "])
def test_work_grows_with_the_text(unit: str) -> None:
    assert growth(lambda times: attributes(unit * (300 * times))) < LINEAR


def test_a_part_that_speaks_of_others_is_left_out_and_the_rest_told() -> None:
    text = "Name: X\nAge: 26\nLikes: tango records, liquorice, thunder when she is indoors"
    told = [one.text for one in from_attributes(text, "en")]
    assert "I like tango records and liquorice." in told
    assert not [one for one in from_attributes("Name: X\nAge: 26\nLikes: what she knows", "en") if "like" in one.text]


@pytest.mark.parametrize(
    ("listed", "said", "asked"),
    [
        ('Family("Younger brother Tobin, a ferryman")', "I have a younger brother Tobin, a ferryman.", "brother"),
        ('Siblings("An older sister, Ada" + "Ben")', "I have an older sister, Ada.", "sister"),
        ('Family("Wife")', "I have a wife.", "wife"),
        ('Family("Two sisters")', "", ""),
    ],
)
def test_one_of_the_family_is_asked_after(listed: str, said: str, asked: str) -> None:
    told = [one for one in from_attributes(f'Age("20")\n{listed}', "en") if one.text.startswith("I have")]
    assert [one.text for one in told] == ([said] if said else [])
    assert not said or f"Do you have a {asked}?" in told[0].asks
