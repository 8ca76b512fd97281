"""The interface's languages: every catalogue complete, every word used, and the choice of one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openroom.gui.languages import CATALOGUES, LANGUAGES, catalogue, choose

_GUI = Path(__file__).parents[2] / "openroom" / "gui"
_OPEN_ENDED = re.compile(r"(look|emotion|reason)\.")
"""Families that code looks up by a word that comes from elsewhere; a missing one falls back to that word."""


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_catalogue_has_every_word_with_the_same_places(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert set(other) == set(english)
    assert [key for key in english if _places(english[key]) != _places(other[key])] == []
    assert [key for key, text in other.items() if not text.strip()] == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_catalogues_are_translated(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    sentences = [key for key, text in english.items() if len(text) > 30]
    assert sentences
    assert [key for key in sentences if other[key] == english[key]] == []


def test_no_language_beyond_the_named_ones() -> None:
    assert {path.stem for path in CATALOGUES.glob("*.json")} == set(LANGUAGES)
    with pytest.raises(KeyError):
        catalogue("fr")


def _source() -> str:
    files = [*_GUI.glob("web/**/*.js"), *_GUI.glob("*.py"), *_GUI.parent.glob("props/*/view*.js")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_word_that_is_asked_for_is_there() -> None:
    known = {re.sub(r"\.(one|other)$", "", key) for key in catalogue("en")}
    asked = set(re.findall(r"""\bt\(\s*['"]([a-z_]+(?:\.[a-z_]+)+)['"]""", _source()))
    assert asked, "the pattern finds no calls any more"
    assert asked - known == set()


def test_no_word_is_left_over() -> None:
    source = _source()
    built = set(re.findall(r"""[`'"]([a-z_]+(?:\.[a-z_]+)*\.)(?:\$\{|['"]\s*\+)""", source))
    left = [
        key
        for key in {re.sub(r"\.(one|other)$", "", key) for key in catalogue("en")}
        if key not in source and not _OPEN_ENDED.match(key) and not any(key.startswith(stem) for stem in built)
    ]
    assert left == []


def test_plurals_come_in_pairs() -> None:
    words = catalogue("en")
    assert [key for key in words if key.endswith(".one") and f"{key[:-4]}.other" not in words] == []


@pytest.mark.parametrize(
    ("wished", "accept", "expected"),
    [
        (None, None, "en"),
        ("de", "es", "de"),
        ("fr", "fr-FR,fr;q=0.9", "en"),
        (None, "fr-FR,ja;q=0.8,de;q=0.9", "de"),
        (None, "zh-Hant-TW", "zh"),
        (None, "es;q=0,de", "de"),
        (None, "es;q=nonsense,ja;q=0.1", "ja"),
        ("", ";;;,,q=1", "en"),
        ("../de", None, "en"),
    ],
)
def test_choose(wished: str | None, accept: str | None, expected: str) -> None:
    assert choose(wished, accept) == expected
