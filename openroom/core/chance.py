"""Chance: the one source of it. A draw depends on a seed and on what is drawn, and on nothing else.

So a replay draws what was drawn, on every machine and in every version of Python, and no generator has a state that
somebody could forget to keep. The seed stands in the event (or follows from what stands there, as its seq does); what
is drawn is named by ``what``: words and numbers, told apart by their place. Two draws of one seed with other names are
independent. Not for secrets: who knows the seed knows the draw.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

MOST_DICE, MOST_SIDES = 100, 1_000_000
_BITS = 53
"""As many as a float between 0.5 and 1 tells apart."""
_DICE = re.compile(r"([0-9]{0,3})\s*[dDwW]\s*([0-9]{1,7}|%)\s*(?:([+-])\s*([0-9]{1,6}))?")
_PLAIN = re.compile(r"([0-9]{1,7})")


def roll(seed: str, *what: object) -> float:
    """A number in [0, 1): the first 53 bits of SHA-256 over the JSON list of the seed and of ``what`` as texts."""
    name = json.dumps([seed, *map(str, what)])
    digest = hashlib.sha256(name.encode("ascii")).digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) / (1 << _BITS)


def pick(seed: str, what: object, choices: Sequence[T]) -> T:
    """One of ``choices``, each as likely. Raises ValueError where there is none."""
    if not choices:
        raise ValueError("expected something to choose from, came nothing")
    return choices[int(roll(seed, what) * len(choices))]


@dataclass(frozen=True, slots=True)
class Dice:
    """Dice as players write them: ``2d6+1`` is two dice of six sides, and one added."""

    count: int
    sides: int
    bonus: int = 0

    def __str__(self) -> str:
        """As one writes them: ``2d6+1``."""
        return f"{self.count}d{self.sides}" + (f"{self.bonus:+d}" if self.bonus else "")

    def throw(self, seed: str, what: object = "dice") -> Throw:
        """Throw them: the nth die is the draw named by ``what`` and n (from 0)."""
        eyes = tuple(1 + int(roll(seed, what, n) * self.sides) for n in range(self.count))
        return Throw(eyes, sum(eyes) + self.bonus)


@dataclass(frozen=True, slots=True)
class Throw:
    """What fell: the eyes of each die in order, and their sum with what is added."""

    eyes: tuple[int, ...]
    total: int


def dice(text: str) -> Dice | None:
    """Dice by their name: ``d6``, ``2d6+1``, ``d%`` (a hundred sides), ``20`` (one of twenty sides). ``None`` for
    anything else, and for more than `MOST_DICE` dice or `MOST_SIDES` sides, or none."""
    text = text.strip()  # no pattern reads blanks that a count may or may not stand between
    if plain := _PLAIN.fullmatch(text):
        found = Dice(1, int(plain[1]))
    elif named := _DICE.fullmatch(text):
        count, sides, sign, bonus = named.groups()
        added = int(bonus) * (-1 if sign == "-" else 1) if bonus else 0
        found = Dice(int(count or 1), 100 if sides == "%" else int(sides), added)
    else:
        return None
    return found if 1 <= found.count <= MOST_DICE and 1 <= found.sides <= MOST_SIDES else None
