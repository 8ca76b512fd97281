"""What was told, given back as a question."""

from __future__ import annotations

import pytest

from openroom.language.reflect import reflected


@pytest.mark.parametrize(
    ("heard", "asked"),
    [
        ("I lost a letter today.", "You lost a letter today?"),
        ("I am a teacher.", "You are a teacher?"),
        ("My grandmother had a garden full of roses.", "Your grandmother had a garden full of roses?"),
        ("Oskar, you look tired.", "I look tired?"),
        ("You are only a child!", "I am only a child?"),
        ("I brought you a newspaper.", "You brought me a newspaper?"),
        ("I think you were here before.", "You think I was here before?"),
        ("It’s late, and I’m tired.", "It's late, and you're tired?"),
        ("Somebody is waiting for me at home.", "Somebody is waiting for you at home?"),
        ("Hello. I never learnt to play chess.", "You never learnt to play chess?"),
    ],
)
def test_a_statement_comes_back_with_who_is_who_changed(heard: str, asked: str) -> None:
    assert reflected(heard, "en") == asked


def test_in_chinese_too() -> None:
    assert reflected("我今天有点难过。", "zh") == "你今天有点难过？"


@pytest.mark.parametrize(
    "heard",
    [
        "What a lovely tune.",
        "Where do you live?",
        "It's gloomy in here, isn't it?",
        "Ring the wind chime!",
        "A different record, please.",
        "Good evening, all of you.",
        "My name is Ben.",
        "Thank you, that is good.",
        "We could dance.",
        "I " + "really " * 40 + "do.",
        "",
    ],
)
def test_what_is_no_statement_does_not(heard: str) -> None:
    assert reflected(heard, "en") == ""


def test_other_languages_are_left_alone() -> None:
    assert reflected("Ich habe heute meinen Zug verpasst.", "de") == ""
    assert reflected("你好。", "zh") == ""
