"""A visitor's own name: whether it is asked for, and what they said that it is."""

from __future__ import annotations

import pytest

from openroom.language.own_name import asks_own_name, known_name, names_to_say, told_name


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("en", "What was my name again?"), ("en", "Mira, what's my name?"), ("en", "Do you remember my name?"),
        ("en", "Who am I?"), ("en", "Tell me my name."), ("en", "What did I say my name is?"),
        ("de", "Wie heiße ich?"), ("de", "Wie war noch mal mein Name?"), ("de", "Weißt du noch, wie ich heiße?"),
        ("de", "Kennst du meinen Namen?"), ("es", "¿Cómo me llamo?"), ("es", "¿Recuerdas mi nombre?"),
        ("es", "¿Cuál era mi nombre?"), ("zh", "我叫什么名字？"), ("zh", "你还记得我的名字吗？"),
        ("zh", "我叫什么来着？"), ("ja", "私の名前は何ですか。"), ("ja", "私の名前を覚えていますか？"),
    ],
)  # fmt: skip
def test_it_is_asked_for(code: str, line: str) -> None:
    assert asks_own_name(line, code)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("en", "My name is Ben. What is yours?"), ("en", "What's your name?"), ("en", "What is my name in Morse?"),
        ("en", "I lost my name tag. Have you seen it?"), ("en", "Who am I to judge?"),
        ("en", "Do you remember the name of my boat?"), ("de", "Mein Name ist Ben. Und deiner?"),
        ("de", "Wie heißt du?"), ("es", "Me llamo Ben. ¿Y tú?"), ("es", "¿Cómo te llamas?"), ("zh", "我叫小明。你呢？"),
        ("zh", "你叫什么名字？"), ("ja", "私の名前は健です。"), ("ja", "お名前は何ですか。"),
        ("fr", "Quel est mon nom?"),
    ],
)  # fmt: skip
def test_it_is_not(code: str, line: str) -> None:
    assert not asks_own_name(line, code)


@pytest.mark.parametrize(
    ("code", "line", "name"),
    [
        ("en", "My name is Ann Lee. It rains.", "Ann Lee"), ("en", "my name is tom", "tom"),
        ("en", "Call me Red.", "Red"),
        ("en", "My name is not important.", ""), ("en", "Call me later.", ""), ("en", "My name is Ann?", ""),
        ("de", "Ich heiße Karl von Ohm.", "Karl von Ohm"), ("de", "Nenn mich Eva.", "Eva"),
        ("es", "Me llamo María José.", "María José"), ("es", "Llámame Sol.", "Sol"), ("zh", "你好，我叫小明。", "小明"),
        ("zh", "我的名字是王芳，你呢", "王芳"), ("ja", "私の名前は健です。", "健"), ("ja", "田中と申します。", "田中"),
        ("en", f"My name is {'x' * 60}", ""),
    ],
)  # fmt: skip
def test_what_it_is(code: str, line: str, name: str) -> None:
    assert told_name([line], code) == name


def test_the_newest_counts_and_what_is_remembered_is_told() -> None:
    assert told_name(["My name is Ann.", "It rains.", "My name is Eva."], "en") == "Eva"
    assert known_name(["Ann likes tea.", "Ann's name is Maria."], "Ann") == "Maria"
    assert known_name(["Anna's name is Maria."], "Ann") == ""
    assert names_to_say("Eva", "de")[0] == "Du heißt Eva."
    assert names_to_say("", "de") == ()
