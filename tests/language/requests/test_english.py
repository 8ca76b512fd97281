"""English requests: in words that only the props themselves know, by form, and by what was said before."""

from __future__ import annotations

import pytest

from openroom.language.requests.item import MenuItem as Item
from openroom.language.requests.match import asked_for
from tests.growth import LINEAR, growth

DOLL_CLEAR = Item("doll.upright", "Hang the doll upright (for a clear sky)", ("doll", "stars", "rain", "stop", "sky"))
DOLL_SNOW = Item("doll.sideways", "Lay the doll on its side (for snow)", ("doll", "snow", "winter"))
POT = Item("pot.water", "Water the fern", ("water", "fern", "thirsty", "plant"))
CHIME = Item("chime.ring", "Ring the wind chime", ("chime", "ring", "spoons", "bell"))
STOVE = Item("stove.stoke", "Stoke the stove", ("stove", "coal", "cold", "warm", "heat"))
STOVE_DOWN = Item("stove.damp", "Damp the stove down", ("stove", "hot", "down", "out"))
RADIO = Item("set.tune:1650", "Tune the set to 1650", ("radio", "tune", "listen"))
RADIO_2 = Item("set.tune:500", "Tune the set to 500", ("radio", "tune", "listen"))
BOARD = Item("board.pin", "Pin a note", ("note", "board", "message", "write"))
CUP = Item("records.choose:second_cup", "Put on Second Cup (warm)", ("second cup", "record"))
MENU = (DOLL_CLEAR, DOLL_SNOW, POT, CHIME, STOVE, STOVE_DOWN, RADIO, RADIO_2, BOARD, CUP)

WISHES = [
    ("Could you make it stop raining?", DOLL_CLEAR),
    ("Can your doll bring us snow?", DOLL_SNOW),
    ("That fern looks parched, give it a drink.", POT),
    ("What do the spoons sound like? Give them a tap.", CHIME),
    ("A bit of warmth would be welcome.", STOVE),
    ("Let the stove go out, please.", STOVE_DOWN),
    ("Turn the dial to 1650.", RADIO),
    ("Could you tune in 500?", RADIO_2),
    ("Would you leave a note for my sister?", BOARD),
    ("Note on the board that I was here.", BOARD),
    ("The stove needs stoking.", STOVE),
    ("There's the chime. May I?", CHIME),
    ("Surprise me with the spoons.", CHIME),
]


@pytest.mark.parametrize(("heard", "wanted"), WISHES)
def test_the_words_of_a_prop_are_enough(heard: str, wanted: Item) -> None:
    assert asked_for(heard, MENU) == (wanted.id,)


@pytest.mark.parametrize(
    "heard",
    [
        "The snow was lovely last year.",
        "Can you hear the chime?",
        "Let's talk about the stove.",
        "May I have a cup?",
        "I have been thirsty for knowledge.",
        "Could you tell me about the doll?",
        "Please don't ring the chime.",
        "Leave the fern alone.",
        "Not a word about the board.",
        "Yesterday the stove went out.",
        "Visitors like the spoons.",
        "Tell me about the doll.",
    ],
)
def test_talk_about_a_thing_moves_nothing(heard: str) -> None:
    assert asked_for(heard, MENU) == ()


def test_a_name_of_several_words_wants_more_than_one_of_them() -> None:
    assert asked_for("Put on second cup.", MENU) == (CUP.id,)
    assert asked_for("Give me a second.", MENU) == ()


def test_what_was_said_decides_between_choices_of_one_verb() -> None:
    assert asked_for("Tune the radio to 500, please.", MENU) == (RADIO_2.id,)
    assert asked_for("Tune the radio, please.", MENU) == (RADIO.id,)


def test_numbers_in_words_are_figures() -> None:
    assert asked_for("Could you try five hundred?", MENU) == (RADIO_2.id,)
    assert asked_for("Tune it to sixteen fifty, please.", MENU) == (RADIO.id,)


def test_what_is_forbidden_is_not_done_though_another_clause_would_ask_for_it() -> None:
    assert asked_for("I am warm enough, don't waste the coal.", MENU) == ()
    assert asked_for("Please don't ring the chime, but water the fern.", MENU) == (POT.id,)


def test_it_means_what_was_named_before() -> None:
    assert asked_for("I love the sound of that chime. Ring it for me!", MENU) == (CHIME.id,)
    assert asked_for("Is the fern thirsty? Please do something about it.", MENU) == (POT.id,)


def test_opposites_never_meet() -> None:
    assert asked_for("Turn the stove down, please.", MENU) == (STOVE_DOWN.id,)
    assert asked_for("More fire in the stove, please.", MENU) == (STOVE.id,)
    assert asked_for("Put the stove out!", (STOVE,)) == ()


def test_a_wish_taken_back_is_none() -> None:
    assert asked_for("Some coal for the stove? No, thank you.", MENU) == ()


@pytest.mark.parametrize(
    "words", ["please " * 90, "no the the " * 60, "give a " * 90, "the lamp, " * 60, "keep " * 120]
)
def test_a_long_remark_costs_no_more_than_its_length(words: str) -> None:
    assert growth(lambda times: asked_for(words * times, MENU)) < LINEAR  # no pattern runs away
