"""Small text helpers that need no language model: folding, whole words, who is named in a line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

_BETWEEN = re.compile(r"[\W_]+")
"""What is neither a letter nor a digit, in any script."""


def printable(text: str) -> str:
    """The text without control characters but line breaks and tabs, stripped (a NUL does not fit every database)."""
    if text.isprintable():  # most lines; then there is nothing to look for
        return text.strip()
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc").strip()


def normal(text: str) -> str:
    """Case, width, punctuation and spacing folded away, for comparing: ``"Good  evening!"`` -> ``"good evening"``."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def first_word(words: Iterable[str], text: str) -> str:
    """The first of ``words`` that occurs in ``text`` as a whole word or phrase; empty when none does."""
    held = f" {normal(text)} "
    return next((word for word in words if (wanted := _wanted(word)) and _occurs(wanted, held)), "")


_wanted = lru_cache(maxsize=4096)(normal)
"""The words that are looked for are the same ones again and again, unlike the lines in which they are."""


def mentions(text: str, names: Mapping[str, str]) -> list[str]:
    """Whose name (or its first part) ``text`` names, in the order they are named. ``names`` maps ids to display
    names.
    """
    held = f" {normal(text)} "
    found: list[tuple[int, str]] = []
    for who, name in names.items():
        places = [held.find(f" {part} ") for part in _calls(name)]
        if named := [place for place in places if place >= 0]:
            found.append((min(named), who))
    return [who for _, who in sorted(found)]


def _calls(name: str) -> list[str]:
    """What somebody may be called by: the whole name, and each part of three letters or more."""
    whole = normal(name)
    parts = [part for part in whole.split() if len(part) >= 3 and part not in _TITLES]
    return [whole, *parts]


_TITLES = frozenset({"the", "mrs", "miss", "von", "van", "der", "señor", "señora", "herr", "frau", "captain", "doctor"})


def _occurs(wanted: str, held: str) -> bool:
    return f" {wanted} " in held or (wanted in held and max(wanted) >= "\u2e80")  # such scripts have no spaces
