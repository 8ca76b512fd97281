"""What is made for a card that leaves it out, in five languages: sentences of an attribute list, questions about facts,
and a few lines of talk in words that suit anybody.

``{it}`` is the attribute's value, ``{name}`` the character's name, ``{topic}`` something it never heard of. A pattern
of ``asks`` is read on a sentence in the first person; ``{1}`` in its questions is the pattern's first group.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """Keys of an attribute list that mean the same, the sentence that one says, and the questions it answers.
    ``takes``: how its value must begin, as a pattern, whose first group is ``{1}`` in a question; ``listed``: it is a
    list, whose last comma becomes an *and*."""

    keys: frozenset[str]
    says: str
    asks: tuple[str, ...]
    takes: str = ""
    listed: bool = False
    first: bool = False
    """Only what stands before the first comma is said."""
    small: bool = False
    """It begins with a small letter within a sentence."""


@dataclass(frozen=True, slots=True)
class Made:
    """One language. ``hello``, ``thanks``, ``bye`` and each of ``greets`` are (heard, said); ``remarks`` are (heard,
    said, emotion): what is no question, and an order to be somebody else.

    ``puzzled`` is what is said of what one never heard of, and ``asks_of`` how somebody asks about it; ``at_a_loss``
    and ``asks_back`` together answer a line that nothing else does.
    """

    attributes: tuple[Attribute, ...]
    asks: tuple[tuple[str, tuple[str, ...]], ...]
    hello: tuple[str, str]
    greets: tuple[tuple[str, str], ...]
    thanks: tuple[str, str]
    bye: tuple[str, str]
    remarks: tuple[tuple[str, str, str], ...]
    asks_of: str
    puzzled: tuple[str, ...]
    later: str
    """Something that came late, for who lives before it."""
    at_a_loss: tuple[str, ...]
    asks_back: tuple[str, ...]
    last_joint: str
    """What stands before the last of a list."""


def keys(text: str) -> frozenset[str]:
    """Keys that mean the same, written with bars between."""
    return frozenset(part.strip() for part in text.split("|"))


def fallbacks(words: Made) -> tuple[str, ...]:
    """What is said where there is no answer: that one does not know, and a question back. Neighbours share neither."""
    back = len(words.asks_back)
    pairs = ((n, (n + turn) % back) for turn in range(back) for n in range(len(words.at_a_loss)))
    space = " " if words.last_joint.startswith(" ") else ""
    return tuple(f"{words.at_a_loss[one]}{space}{words.asks_back[other]}" for one, other in pairs)
