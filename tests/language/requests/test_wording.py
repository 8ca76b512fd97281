"""Whether somebody has said what is to be written for them."""

from __future__ import annotations

import pytest

from openroom.language.requests.wording import lacks_words


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        ("Would you write a letter for me?", "en"),
        ("Please leave a note from me at the desk.", "en"),
        ("Kannst du für mich einen Brief schreiben?", "de"),
        ("¿Puedes mandar una carta de mi parte?", "es"),
        ("你能帮我写一封信吗？", "zh"),
        ("手紙を書いてもらえますか。", "ja"),
    ],
)
def test_nothing_is_said_of_what(heard: str, code: str) -> None:
    assert lacks_words(heard, code)


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        ("Write a letter for me: the harbour is closed.", "en"),
        ("Write for me that the harbour is closed.", "en"),
        ("Write something for me.", "en"),
        ("Write a line in the book.", "en"),
        ("Schreib für mich, dass der Hafen zu ist.", "de"),
        ("Escribe de mi parte que el puerto está cerrado.", "es"),
        ("帮我写：港口关了。", "zh"),
        ("「港は閉まっています」と書いてもらえますか。", "ja"),
    ],
)
def test_they_said_it_or_left_it_open(heard: str, code: str) -> None:
    assert not lacks_words(heard, code)
