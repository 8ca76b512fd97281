"""Whether an author's answer surely fits what was said."""

from __future__ import annotations

import pytest

from openroom.language.matching import surely_meant


@pytest.mark.parametrize(
    ("heard", "asked", "score", "alike"),
    [
        ("Mira, why do the clocks disagree?", "Why do the clocks disagree?", 0.9, None),
        ("Amparo, how did you end up on a roof?", "How did you discover the roof?", 0.5, 0.73),
        ("I am a little afraid of heights.", "I am scared of heights", 0.48, 0.79),
        ("I brought some bread with me.", "I brought you something", 0.56, 0.40),
        ("What was the strangest guest you had?", "Who was your strangest guest?", 0.6, 0.88),
        ("I work in an office down there, on the third floor.", "I work in an office", 0.61, 0.64),
        ("Tobias, tell me a story of the sea.", "Do you know a sea tale?", 0.5, 0.86),
        ("Do you like your job?", "Do you like your work?", 0.6, 0.79),
    ],
)
def test_the_same_in_other_words(heard: str, asked: str, score: float, alike: float | None) -> None:
    assert surely_meant(heard, asked, "en", score, alike)


@pytest.mark.parametrize(
    ("heard", "asked", "score", "alike"),
    [
        ("I don't like the dark.", "It's dark in here", 0.68, 0.68),
        ("Why do you like cats?", "Do you like cats?", 0.9, 0.95),
        ("I came out with the supply boat.", "When does the supply boat come?", 0.65, 0.90),
        ("Tell them that I am safe.", "Are we safe here?", 0.66, 0.63),
        ("Who wrote in the guest book last?", "What is the guest book for?", 0.5, 0.79),
        ("Edda, is your sister older?", "Is your brother older?", 0.6, 0.73),
        ("I lost a letter today.", "I lost my job today.", 0.7, 0.68),
        ("I am a teacher.", "I'm a nurse.", 0.4, 0.55),
        ("I left my umbrella on the boat.", "I have a boat.", 0.43, 0.65),
        ("What did I tell you about my work?", "What is your work?", 0.6, 0.8),
        ("What happens when they find you up here?", "What happens when we die?", 0.51, None),
    ],
)
def test_what_only_sounds_alike(heard: str, asked: str, score: float, alike: float | None) -> None:
    assert not surely_meant(heard, asked, "en", score, alike)


@pytest.mark.parametrize(
    ("heard", "asked", "language"),
    [
        ("I love you.", "I don't love you.", "en"),
        ("I am not married.", "I am married.", "en"),
        ("Ich mag dich nicht.", "Ich mag dich.", "de"),
        ("No te quiero.", "Te quiero.", "es"),
    ],
)
def test_what_is_denied_is_not_what_is_said(heard: str, asked: str, language: str) -> None:
    assert not surely_meant(heard, asked, language, 0.9, 0.95)
    assert not surely_meant(asked, heard, language, 0.9, 0.95)
    assert surely_meant(heard, heard, language, 1.0)
