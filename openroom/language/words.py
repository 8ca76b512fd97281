"""Words of a text, for searching and comparing: lower case, without accents, without the words that say nothing."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_STOP = """
a about after again all also am an and any are aren't as at be been before being but by can can't could did
didn't do does doesn't doing don't down each else ever few for from get go got had has have having he her here
hers him his how i i'd i'll i'm i've if in into is isn't it it's its just know let like ll lot may me might more
most much must my no nor not now of off oh ok okay on once one only or other our out over own perhaps please
quite rather re really said same say she should so some something still such sure tell than thank thanks that
that's the their them then there these they thing things think this those though to too up us ve very was wasn't
we well were what what's when where which while who whom why will with won't would yes yet you you'd you'll
you're you've your yours
"""
STOP_WORDS = frozenset(_STOP.split())
"""English words that say nothing about what a line is about."""


def words_of(text: str) -> list[str]:
    """All words in order, in one spelling."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def telling_words(text: str, limit: int = 24) -> list[str]:
    """The words worth searching for, each once, in order."""
    found = (word.removesuffix("'s") for word in words_of(text) if word not in STOP_WORDS)
    return list(dict.fromkeys(word for word in found if len(word) > 1 or not word.isascii()))[:limit]


def same_statement(one: str, other: str, share: float = 0.8) -> bool:
    """Whether two sentences say about the same: so much of their telling words is common."""
    first, second = set(telling_words(one, 80)), set(telling_words(other, 80))
    return bool(first and second) and len(first & second) >= share * len(first | second)
