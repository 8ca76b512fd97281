"""What a run believes of each dimension."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from openroom.tuning.audit.record import Flaw
from openroom.tuning.rounds.arena import Played, flaw_kinds, flaws_by_dimension
from openroom.tuning.rounds.beliefs import Outlook


def chosen(outlook: Outlook, times: int = 400) -> Counter[str]:
    rng = random.Random(1)
    return Counter(outlook.choose(1, rng)[0] for _ in range(times))


def test_work_goes_where_it_is_weak() -> None:
    outlook = Outlook({"voice": 1.0, "facts": 1.0})
    for n in range(8):
        outlook.saw(Played(f"v{n}", "voice", 0.0, ""))
        outlook.saw(Played(f"f{n}", "facts", 1.0, ""))
    assert chosen(outlook)["voice"] > 350


def test_what_the_gate_cannot_see_any_better_is_left_alone_until_something_is_kept_there() -> None:
    outlook = Outlook({"voice": 1.0, "facts": 1.0}, headroom=True)
    for n in range(8):
        outlook.saw(Played(f"v{n}", "voice", 0.0, ""))
        outlook.saw(Played(f"f{n}", "facts", n % 2, ""))
    assert chosen(outlook)["voice"] > 300
    for seed in range(12):
        outlook.gate_scored("voice", "gate/1", seed, 1.0)
        outlook.gate_scored("voice", "gate/1", seed, 1.0)  # the same play, met again
        outlook.gate_scored("facts", "gate/2", seed, float(seed % 2))
    assert chosen(outlook)["facts"] > 350
    outlook.kept("voice")
    outlook.saw(Played("v9", "voice", 0.0, ""))
    assert chosen(outlook)["voice"] > 150


def test_examples_come_from_another_dimension_where_it_has_no_pass_of_its_own() -> None:
    outlook = Outlook({"voice": 1.0, "facts": 1.0})
    good = Played("f", "facts", 1.0, "heard: Hello.\nsay: Sit.")
    outlook.saw(good)
    assert outlook.passing("voice") == (good,)
    own = Played("v", "voice", 1.0, "heard: Hello.\nsay: Come in.")
    outlook.saw(own)
    assert outlook.passing("voice") == (own,)


def test_what_else_went_wrong_is_worked_on_and_says_nothing_of_how_often() -> None:
    outlook = Outlook({"voice": 1.0, "facts": 1.0})
    before = outlook.weakness()
    late = Played("f", "voice", 0.0, "", (Flaw(kind="length", why="4 sentences, at most 2"),))
    outlook.noticed(late)
    outlook.noticed(Played("f", "voice", 1.0, ""))
    outlook.noticed(Played("f", "unheard of", 0.0, ""))
    assert outlook.failures("voice") == (late,)
    assert outlook.failures("facts") == ()
    assert outlook.weakness() == before


def test_flaws_are_told_apart_by_the_dimension_in_which_they_count() -> None:
    flaws = [
        Flaw(kind="facts", why="does not say it: nineteen (19) years"),
        Flaw(kind="length", why="4 sentences, at most 2", dimension="voice"),
        Flaw(kind="address", why="never says you: or thou", dimension="voice"),
    ]
    assert flaws_by_dimension(flaws, "facts") == {
        "facts": (flaws[0],),
        "voice": (flaws[1].at_home(), flaws[2].at_home()),
    }
    assert flaw_kinds(flaws) == {"facts", "length", "address"}


@pytest.mark.parametrize("line", ["", ":", "no transcript", "bad score for voice: 'x'", "(voice): odd", "a (b) c: d"])
def test_a_line_of_another_form_counts_in_the_cases_own_dimension(line: str) -> None:
    assert {
        where: [str(one) for one in of] for where, of in flaws_by_dimension([Flaw.read(line)], "facts").items()
    } == {"facts": [line]}
