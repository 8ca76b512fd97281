"""Who asks what they said themselves."""

from __future__ import annotations

import pytest

from openroom.language.slips import asks_what_one_said


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        ("What did I say I work as?", "en"),
        ("Mira, do you still remember my name?", "en"),
        ("Was habe ich dir über meine Arbeit erzählt?", "de"),
        ("Weißt du noch, wie ich heiße?", "de"),
        ("¿Qué te dije de mi trabajo?", "es"),
        ("私が何の仕事をしていると言いましたか。", "ja"),
        ("你记得我叫什么吗？", "zh"),
    ],
)
def test_asks_what_they_said(heard: str, code: str) -> None:
    assert asks_what_one_said(heard, code)


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        ("What did you say?", "en"),
        ("What do you do for a living?", "en"),
        ("Was hast du gesagt?", "de"),
        ("¿Qué dijiste?", "es"),
        ("何と言いましたか。", "ja"),
        ("你说什么？", "zh"),
    ],
)
def test_asks_something_else(heard: str, code: str) -> None:
    assert not asks_what_one_said(heard, code)
