"""What a run believes of each dimension."""

from __future__ import annotations

import random
from collections import Counter

from openroom.optimizer.arena import Played
from openroom.optimizer.outlook import Outlook


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
