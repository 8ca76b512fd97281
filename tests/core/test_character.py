"""Character definitions: what fits, what does not, what is public."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from openroom.core.character import Character
from tests.core.worlds import character

EXAMPLE = {"heard": "Hi", "say": "Hello."}


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"hobby": "chess"}, "hobby"),
        ({"body": "ghost"}, "body"),
        ({"format": 2}, "format"),
        ({"id": "Mira Belle"}, "id"),
        ({"emotions": {"default": "smug"}}, "emotions"),
        ({"examples": [{**EXAMPLE, "emotion": "smug"}]}, "smug"),
        ({"examples": [{**EXAMPLE, "do": "lamp.light\nx"}]}, "examples"),
        ({"examples": [EXAMPLE] * 25}, "examples"),
        ({"rules": ["one\ntwo"]}, "rules"),
        ({"facts": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]}, "facts"),
        ({"secrets": [{"id": "a", "text": "x", "after_turns": 0}]}, "secrets"),
        ({"sampling": {"temperature": float("nan")}}, "temperature"),
        ({"turns": {"talkativeness": 1.5}}, "talkativeness"),
        ({"voice": {"admission": "As real as the tea, dear."}}, "software"),
        ({"voice": {"admission": "I am no machine."}}, "software"),
        ({"voice": {"admission": "Software is my companion."}}, "software"),
        ({"voice": {"sound": {"pitch": 2.5}}}, "voice.sound.pitch"),
        ({"voice": {"sound": {"rate": 0.2}}}, "voice.sound.rate"),
        ({"voice": {"sound": {"rate": float("nan")}}}, "voice.sound.rate"),
        ({"voice": {"sound": {"language": "English, please"}}}, "BCP 47"),
        ({"voice": {"sound": {"voices": ["Kate"] * 9}}}, "voice.sound.voices"),
        ({"voice": {"sound": {"voices": ["Ka\nte"]}}}, "voice.sound.voices.0"),
        ({"voice": {"sound": {"voices": ["x" * 101]}}}, "voice.sound.voices.0"),
        ({"voice": {"sound": {"loudness": 1}}}, "voice.sound.loudness"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_does_not_fit_is_named(more: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError, match=where):
        character("mira", **more)


def test_every_definition_that_fits_has_a_harness() -> None:
    full = character("mira", rules=["Be brief."] * 80, examples=[EXAMPLE] * 24, voice={"length": "short"})
    harness = full.harness()
    assert [rule.id for rule in harness.rules][:2] == ["author_1", "author_2"]
    assert (len(harness.rules), len(harness.examples)) == (80, 24)
    assert harness.guards.max_sentences == 3
    assert character("mira", guards={"max_sentences": 5}).harness().guards.max_sentences == 5


def test_the_public_card_keeps_the_rest_to_itself() -> None:
    card = character("mira", goals=["to win"], appearance="Tall.").public()
    assert card["appearance"] == "Tall."
    assert not {"persona", "facts", "secrets", "goals", "relationships", "greeting"} & set(card)
    assert "pronouns" not in card


def test_a_definition_survives_json() -> None:
    full = character(
        "mira", voice={"register": "dry", "catchphrases": [{"text": "Well."}]}, secrets=[{"id": "a", "text": "x"}]
    )
    body = full.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert Character.model_validate(body) == full


@pytest.mark.parametrize(("affinity", "attitude"), [(0.0, "reserved"), (0.5, "open"), (0.7, "warm")])
def test_its_card_shows_how_it_meets_visitors_and_no_more(affinity: float, attitude: str) -> None:
    feelings = {"visitor": {"kind": "a guest", "feeling": "tired of them", "affinity": affinity}}
    card = character("mira", relationships=feelings).public()
    assert card["attitude"] == attitude
    assert "tired" not in str(card)
    assert "attitude" not in character("mira").public()


def test_its_card_says_how_it_sounds_as_far_as_its_author_did() -> None:
    sound = {"language": "en-GB", "pitch": 0.8, "rate": 1, "voices": ["Serena", "Microsoft Susan"]}
    spoken = character("mira", voice={"sound": sound})
    assert spoken.public()["sound"] == {key: value for key, value in sound.items() if key != "rate"}
    for silent in (character("mira"), character("mira", voice={"sound": {}})):
        assert "sound" not in silent.public()
    for one in (spoken, character("mira", voice={"sound": {"pitch": 0}})):
        assert Character.model_validate(one.model_dump(mode="json", by_alias=True, exclude_none=True)) == one
