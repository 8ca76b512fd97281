"""Texts that look the same are found to be so."""

from __future__ import annotations

import pytest

from openroom.language.alike import folded, legible, seen, skeleton


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u0406gn\u043ere", "ignore"),
        ("I\u200bG\u200bNORE", "ignore"),
        ("\uff49\uff47\uff4e\uff4f\uff52\uff45", "ignore"),
        ("\u00ecgn\u00f6re", "ignore"),
        ("i  g\n n", "i g n"),
    ],
)
def test_folding(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize(
    "name",
    [
        "mira", "MIRA", "M\u0456ra", "Mi\u0433a", "\uff2d\uff49\uff52\uff41", "Mi\u200bra", "M\u0131ra", "M1ra",
        "Mlra", "M\u03b9ra", "Mir\u00e1",
        "M i r a", "Mira.", "Mira!", "\u2068Mira\u2069", "Mira\u3164", "\U0001d40cira",
    ],
)  # fmt: skip
def test_names_that_look_alike_have_one_skeleton(name: str) -> None:
    assert skeleton(name) == skeleton("Mira")


def test_other_names_have_another() -> None:
    names = ["Mira", "Mara", "Mira 2", "Myra", "Mirna", "美咲", "美香", "Ann", "Anna", "😀", "😎", "Мария", "유키"]
    assert len({skeleton(name) for name in names}) == len(names)


def test_what_shows_nothing_is_left_out() -> None:
    assert seen("A\u200bn\u2028n\u3164 \u00ad\x85 B\u2800") == "Ann B"
    assert seen("\u3164\u200d\u2800") == ""
    assert seen("👩\u200d🚀 \u0646\u200c\u0648 A\u200db") == "👩\u200d🚀 \u0646\u200c\u0648 Ab"


def test_what_has_something_to_read_in_it():
    assert all(map(legible, ("Ann", "7", "🦊", "…", "李", " x ")))
    assert not any(map(legible, ("", " ", "\u200b\n", "\u0301")))
