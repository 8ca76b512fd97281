"""What the data of a language is made of.

Words are given in lower case; they are stemmed where they are used. In Chinese and Japanese they are looked for
anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OPPOSED = frozenset({"off", "close", "next", "prev", "up", "down", "clear"})
"""Deeds that are never meant when somebody only names a thing (`some light, please` is no wish to have it out)."""
EMPTY_CHARACTERS = frozenset(
    "我你您他她它们的了是在有不这那个和就也都很吗呢吧啊呀么什哪谁会要到过得地着把被让给跟以而但与及"
    "私僕何方事"
    "のにはをかともてたしますんなられいるあこそうっくへよねきせりだでがばけどじず"
)
"""Chinese and Japanese characters that are in every sentence: alone, or two of them, they say nothing. (A word is
looked up without its voicing marks; both forms stand here.)"""


@dataclass(frozen=True, slots=True)
class Hint:
    """A remark that asks without asking: ``pattern`` is a regular expression, ``wants`` are (concept, deed) pairs that
    would help, any of them; ``unless`` is a pattern that shows the remark to be about something else."""

    pattern: str
    wants: tuple[tuple[str, str], ...]
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. ``concepts`` holds words by the sort of thing they are about, ``deeds`` single words by what is to
    be done; ``markers`` is a pattern of polite asking, ``no`` of asking not to, ``joints`` of words between clauses;
    ``talk`` are verbs that make it talk and no request; ``empty`` are words without content. ``spaced`` tells whether
    words stand apart. ``stop_words`` are its commonest words, ``signs`` marks that no other has.

    English asks in a module of its own (`openroom.language.requests.english`), not by these patterns.
    """

    concepts: Mapping[str, frozenset[str]]
    deeds: Mapping[str, str]
    markers: str = ""
    no: str = ""
    joints: str = ""
    talk: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    hints: tuple[Hint, ...] = ()
    spaced: bool = True
    stop_words: frozenset[str] = frozenset()
    signs: str = ""


def words(text: str) -> frozenset[str]:
    """The words of a text that is a list of words."""
    return frozenset(text.split())


def listed(**groups: str) -> dict[str, frozenset[str]]:
    """Words by group."""
    return {name: words(text) for name, text in groups.items()}


def deeds(**groups: str) -> dict[str, str]:
    """The deed of each word."""
    return {word: deed for deed, text in groups.items() for word in text.split()}
