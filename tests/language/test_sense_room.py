"""What is said of the things of a room: on and off, their conditions, what was chosen by title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from openroom.language.sense.moment import Moment
from openroom.language.sense.room import untrue_to_room
from openroom.language.sense.things import Rules, seen

PLANT = Rules({"stage": ("seed", "sprout", "bud", "bloom")}, {"de": "Drachenblume", "zh": "龙花", "ja": "竜の花"})
KETTLE = Rules({"water": ("cold", "heating", "boiling", "warm")}, {"es": "Tetera"})
SHELF = {
    "one": {"title": "The Long Way Down"},
    "two": {"title": "Grey Harbour"},
    "three": {"title": "Songs for an Empty Train"},
}


def at(*stages: Mapping[str, Any], heard: str = "How is it going?") -> Moment:
    """The things as they stood; what isn't given stands as it did at first."""
    usual: dict[str, Any] = {"stage": "seed", "water": "cold", "turning": False, "record": "one", "records": SHELF}
    times = [
        [
            ("plant", "Dragon flower", {"stage": now["stage"]}),
            ("kettle", "Copper kettle", {"water": now["water"]}),
            ("vane", "Weather vane", {"turning": now["turning"]}),
            ("player", "Gramophone", {"record": now["record"], "records": now["records"]}),
        ]
        for now in ({**usual, **stage} for stage in stages or ({},))
    ]
    return Moment("Ines", heard=heard, things=seen(times, {"plant": PLANT, "kettle": KETTLE}), strict=True)


@pytest.mark.parametrize(
    ("say", "code"),
    [
        ("The dragon flower is in full bloom tonight.", "en"),
        ("Look, the flower has already opened!", "en"),
        ("The dragon flower blooms.", "en"),
        ("Our flower is a bud now.", "en"),
        ("The kettle is boiling, so sit down.", "en"),
        ("The weather vane is turning.", "en"),
        ("Die Drachenblume blüht.", "de"),
        ("Die Drachenblume ist in voller Blüte.", "de"),
        ("La tetera está hirviendo.", "es"),
        ("龙花已经开了。", "zh"),
        ("竜の花が咲いています。", "ja"),
    ],
)
def test_a_condition_that_a_thing_is_not_in(say: str, code: str) -> None:
    assert untrue_to_room(at(), say, code)


@pytest.mark.parametrize(
    "say",
    [
        "The dragon flower is a seed.",
        "The dragon flower is a flower like others.",
        "The dragon flower is not in bloom.",
        "When the dragon flower is in bloom, I'll call you.",
        "Is the flower open?",
        "The dragon flower will bloom one night.",
        "The kettle is cold.",
        "The kettle is warm.",
        "The rose is in bloom.",
        "The weather vane is still.",
        "I like a boiling kettle.",
        "Grey Harbour is a fine record.",  # nothing was changed
    ],
)
def test_what_is_so_or_claims_nothing(say: str) -> None:
    assert untrue_to_room(at(), say, "en") is None


def test_a_condition_that_it_had_before_or_has_after() -> None:
    assert untrue_to_room(at({}, {"stage": "bloom"}), "The flower is in bloom.", "en") is None
    assert untrue_to_room(at({"water": "boiling"}, {"water": "cold"}), "The kettle is boiling.", "en") is None


def test_a_title_that_was_not_chosen() -> None:
    changed = at({}, {"record": "two"})
    assert untrue_to_room(changed, "Songs for an Empty Train, then.", "en")
    assert untrue_to_room(changed, "Grey Harbour, then.", "en") is None
    assert untrue_to_room(changed, "The Long Way Down, the best of them.", "en")
    assert untrue_to_room(changed, "Enough of The Long Way Down.", "en") is None
    assert untrue_to_room(changed, "Not Songs for an Empty Train.", "en") is None
    asked = at({}, {"record": "two"}, heard="Do you have Songs for an Empty Train?")
    assert untrue_to_room(asked, "Songs for an Empty Train is gone.", "en") is None
