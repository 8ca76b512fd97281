"""Texts that are too long made shorter: at the end of a sentence, and as long as they are once macros are filled in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import takewhile

from openroom.core.macros import read_card, read_name
from openroom.language.sentences import spans

_BLANKS = re.compile(r"\s")
_OPENS = re.compile(r"\{\{")

Grown = Callable[[str], int]
"""How many characters a text has when its definition is read: ``{{char}}`` may be a longer name by then."""


def grown(name: str, slug: str, key: str) -> Grown:
    """The `Grown` of texts under a key of the definition ``slug`` of a ``name``: some keys keep their ``{{user}}``."""
    shown = read_name(name, slug)
    return lambda text: len(str(read_card({key: text}, shown, slug)[key]).strip())


def cut(text: str, most: int, grown: Grown, *, sentences: bool = True) -> str:
    """As much of a text as has ``most`` characters, as written and grown: up to the end of a sentence (not without
    ``sentences``), else of a word, else of whatever stands there; outside of its macros, where braces that close
    nothing do not cost half of it."""
    whole, text = text, text[:most]

    def last(places: Sequence[int]) -> int:
        at = bisect_right(places, most, key=lambda at: grown(text[:at].strip()))
        return places[at - 1] if at else 0

    def is_whole(at: int) -> bool:
        return text.count("{{", 0, at) == text.count("}}", 0, at)

    hard = last(range(1, len(text) + 1))
    ends = list(takewhile(lambda at: at <= hard, (end for _, end in spans(whole)))) if sentences else []
    places = [ends, [found.end() for found in _BLANKS.finditer(text, 0, hard)]]
    macros = [found.start() for found in _OPENS.finditer(text, 0, hard)]
    for at in (*(last([at for at in some if is_whole(at)]) for some in places), *macros[-1:]):
        if at > hard // 2 and is_whole(at):
            return text[:at].strip()
    return text[: next(filter(None, map(last, places)), hard)].strip()
