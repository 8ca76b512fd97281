"""The language detector, and the line that asks for an answer in a language."""

from __future__ import annotations

import pytest

from openroom.language.detect import ANSWER_IN, detect, guess_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("What is the weather like tonight?", "en"),
        ("Sag mir ehrlich, wie findest du diese Nacht?", "de"),
        ("Cuéntame algo de este lugar, por favor.", "es"),
        ("Je ne suis pas d'ici.", "fr"),
        ("今晚你在做什么?", "zh"),
        ("何を描いていますか。", "ja"),
        ("¿Me ayudas?", "es"),
        ("I met 美咲 at the station last night.", "en"),
        ("Good evening, Señor Groß.", ""),
        ("Hm.", ""),
        ("12 34 …", ""),
    ],
)
def test_the_language_of_a_line(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hm.", "en"),
        ("Mach bitte das Licht an!", "de"),
        ("¿Me ayudas?", "es"),
        ("Abre la puerta, por favor.", "es"),
        ("茶をください", "ja"),
        ("来点音乐吧", "zh"),
        ("안녕하세요", "en"),
        ("Could you play 美咲's song once more?", "en"),
    ],
)
def test_one_of_the_languages_that_are_known_is_always_guessed(text: str, code: str) -> None:
    assert guess_language(text) == code


@pytest.mark.parametrize("code", sorted(ANSWER_IN))
def test_the_request_is_in_the_language_it_asks_for(code: str) -> None:
    assert detect(ANSWER_IN[code]) in (code, "")
