"""Chance: the same seed gives the same draw, names tell draws apart, and no draw is likelier than another."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core.chance import MOST_DICE, Dice, dice, pick, roll


def test_a_draw_is_the_same_for_ever() -> None:
    """Logs depend on these numbers: they may never change."""
    assert roll("room", "d6", 1) == 0.834150076087818
    assert roll("") == 0.020831696523641696
    assert pick("room", "greeting", ["a", "b", "c"]) == "c"


def test_another_process_draws_the_same() -> None:
    code = "from openroom.core.chance import roll; print(repr(roll('ü', 'x', 2)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(shown) == roll("ü", "x", 2)


def test_names_are_told_apart_by_their_place() -> None:
    draws = [roll("a"), roll("a", "b"), roll("a", "b", "c"), roll("a", "bc"), roll("ab", "c"), roll("a\x1fb", "c")]
    assert len(set(draws)) == len(draws)
    assert roll("a", 1) == roll("a", "1"), "a number is its name"


@given(st.text(), st.lists(st.text() | st.integers()))
def test_any_seed_and_any_name_draw_within_bounds(seed: str, what: list[str | int]) -> None:
    assert 0 <= roll(seed, *what) < 1


def test_no_choice_is_likelier() -> None:
    """6,000 draws of a die: each face 1,000 times, give or take four standard deviations."""
    faces = Counter(pick("seed", n, range(6)) for n in range(6000))
    assert all(abs(faces[face] - 1000) < 116 for face in range(6))


def test_nothing_to_choose_from_is_an_error() -> None:
    with pytest.raises(ValueError, match="something to choose from"):
        pick("seed", "x", [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("d6", Dice(1, 6)),
        ("2d6+1", Dice(2, 6, 1)),
        (" 3 D 8 - 2 ", Dice(3, 8, -2)),
        ("d%", Dice(1, 100)),
        ("20", Dice(1, 20)),
        ("2w6", Dice(2, 6)),
    ],
)
def test_dice_are_read(text: str, found: Dice) -> None:
    assert dice(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "d",
        "d0",
        "0d6",
        "0",
        "six",
        "2d6+",
        "101d6",
        "1d1000001",
        "d6d6",
        "-1d6",
        "d6.5",
        "\u0661d\u0666",
        "\u0662\u0660",
    ],
)
def test_what_are_no_dice_is_told(text: str) -> None:
    assert dice(text) is None


def test_a_throw_tells_each_die() -> None:
    thrown = Dice(2, 6, 3).throw("seed", "attack")
    assert thrown == Dice(2, 6, 3).throw("seed", "attack") != Dice(2, 6, 3).throw("seed", "defence")
    assert thrown.total == sum(thrown.eyes) + 3 and all(1 <= one <= 6 for one in thrown.eyes)
    assert len(Dice(MOST_DICE, 6).throw("seed").eyes) == MOST_DICE
