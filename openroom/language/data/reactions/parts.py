"""What can be answered to a remark by its kind, in plain words that suit anybody: a loss told, a trade, a pain, a gift.

A pattern is searched in a line in lower case, with straight apostrophes. The first kind whose pattern is found counts,
so what is told more seldom stands first.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reaction:
    """A kind of remark, and lines that each answer any of that kind. ``narrow``: what is told is too different from one
    to the next (a trade, a place) for an author's line for one to answer another."""

    pattern: str
    lines: tuple[str, ...]
    narrow: bool = False
