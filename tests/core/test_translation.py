"""What authors wrote, told in other languages."""

from __future__ import annotations

import pytest

from openroom.core.translation import mistranslated, public, told, translated

GERMAN = {
    "{actor} pours a cup of {tea} tea.": "{actor} schenkt eine Tasse {tea} ein.",
    "{actor} sends: {text}": "{actor} sendet: {text}",
    "{actor} plays {move}.": "{actor} zieht {move}.",
    "{actor} plays {move}. Check.": "{actor} zieht {move}. Schach.",
    "mint": "Minztee",
}


def test_a_sentence_is_known_by_the_words_around_what_was_filled_in() -> None:
    assert told(GERMAN, "Ann pours a cup of mint tea.", ["actor"]) == "Ann schenkt eine Tasse Minztee ein."
    assert told(GERMAN, "Ann plays e4. Check.") == "Ann zieht e4. Schach."
    assert told(GERMAN, "Ann plays e4.") == "Ann zieht e4."
    assert told(GERMAN, "Ann hums.") == "Ann hums."


def test_peoples_own_words_are_never_translated() -> None:
    assert told(GERMAN, "mint sends: mint", ["actor", "text"]) == "mint sendet: mint"
    assert told(GERMAN, "Ann sends: (.*) {actor} \\1", ["actor", "text"]) == "Ann sendet: (.*) {actor} \\1"


@pytest.mark.parametrize(("wished", "code"), [("de", "de"), ("de-AT", "de"), ("PT-br", "pt-BR"), ("fr", "")])
def test_a_language_falls_back_to_its_plain_form(wished: str, code: str) -> None:
    tables = {"de": {"Lamp": "Lampe"}, "pt-BR": {"Lamp": "Lâmpada"}}
    assert translated(tables, wished) == tables.get(code, {})


def test_what_is_translated_is_there_and_keeps_its_names() -> None:
    tables = {"de": {"Lamp": "Lampe", "Lmap": "Lampe", "{actor} hums.": "Es summt."}}
    found = list(mistranslated(tables, ["Lamp", "{actor} hums."]))
    assert [place for place, _, _ in found] == [("translations", "de", "Lmap"), ("translations", "de", "{actor} hums.")]
    assert "did you mean 'Lamp'?" in found[0][1]
    assert found[1][1:] == ("{actor} in braces, as in the text itself", "'Es summt.'")


def test_only_the_translations_of_texts_that_are_public_are_kept() -> None:
    given = {"de": {"Lamp": "Lampe", "The key is under it": "Der Schlüssel liegt darunter"}, "fr": {}}
    assert public(given, ["Lamp", "Door"]) == {"de": {"Lamp": "Lampe"}, "fr": {}}
