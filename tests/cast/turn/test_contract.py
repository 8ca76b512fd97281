"""The output contract of a turn: what a second try may begin with."""

from __future__ import annotations

import re

import pytest

from openroom.cast.turn.contract import opening_anew, schema

FORM = schema(["calm"], [], may_pass=False, max_chars=600)


@pytest.mark.parametrize(
    ("tried", "same", "other"),
    [
        ("I keep the light.", "i keep the light.", "The light is kept."),
        ("  «Élan», said I.", "élan is what I said.", "No, that was it."),
        ("... and so on", "And so on", "So on"),
        ("我在这里。", "我不知道。", "他在这里。"),
        ("42 years.", "42 years.", "For years."),
    ],
)
def test_a_second_try_begins_with_another_letter(tried: str, same: str, other: str) -> None:
    pattern = opening_anew(FORM, [tried])["properties"]["say"]["pattern"]
    assert not re.search(pattern, same)
    assert re.search(pattern, other)


@pytest.mark.parametrize("mark", ['"', "'", "*", "(", " ", "\\", "-", "…", "「", "1", "\n"])
def test_a_mark_before_the_word_is_no_way_round_it(mark: str) -> None:
    pattern = opening_anew(FORM, ["I keep the light."])["properties"]["say"]["pattern"]
    assert not re.search(pattern, f"{mark}I keep the light.")


def test_odd_lines_make_no_odd_pattern() -> None:
    lines = ["", "]", "^", "\\", "-", "]]", "ß", "İ", "\ud83d", "😀", "a" * 2000]
    pattern = opening_anew(FORM, lines)["properties"]["say"]["pattern"]
    assert re.search(pattern, "Begin.")
    assert not re.search(pattern, "All of it.")
    assert not re.search(pattern, 'Begin with a "mark".')


def test_the_rest_of_the_form_is_as_it_was() -> None:
    anew = opening_anew(FORM, ["I keep the light."])
    assert {**anew, "properties": {**anew["properties"], "say": FORM["properties"]["say"]}} == FORM
