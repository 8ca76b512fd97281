"""The face of a small model's reply."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from openroom.cast.turn.face import face

CAN = ("calm", "curious", "happy", "worried", "tender", "amused", "sad")


def turn(heard: str, *, leads: bool = True, can=CAN):
    return SimpleNamespace(
        author_leads=leads,
        heard=heard,
        part=SimpleNamespace(language="en"),
        character=SimpleNamespace(emotions=SimpleNamespace(can=can)),
    )


@pytest.mark.parametrize(
    ("heard", "say", "model", "shown"),
    [
        ("My grandfather is in hospital.", "You speak of them warmly. Tell me more.", "curious", "worried"),
        ("I have a new job!", "That's great! What is it?", "curious", "happy"),
        ("It was such a long way up here.", "I am sorry to hear that, child. What happened?", "curious", "tender"),
        ("I brought you something.", "Thank you for bringing me something.", "calm", "happy"),
        ("Tell me a joke.", "Why did the tomato turn red?", "curious", "amused"),
        ("Ich habe eine neue Stelle!", "Wie schön! Was ist es?", "curious", "happy"),
        ("What are you doing here?", "I draw charts. And you?", "curious", "curious"),
        ("Good evening.", "Good evening to you.", "calm", "calm"),
        ("I have a new job!", "That's great! What is it?", "amused", "amused"),
        ("I think somebody followed me.", "Oh no! What did you see?", "curious", "curious"),
    ],
)
def test_where_the_model_is_curious_or_calm_the_words_decide(heard, say, model, shown):
    assert face(turn(heard), say, model) == shown


def test_only_what_the_character_can_show_is_shown_and_a_larger_model_is_believed():
    heard, say = "I have a new job!", "That's great! What is it?"
    assert face(turn(heard, can=("calm", "glad")), say, "calm") == "glad"
    assert face(turn(heard, can=("calm", "angry")), say, "calm") == "calm"
    assert face(turn(heard, leads=False), say, "calm") == "calm"
