"""Finding words in what was said: in any order, without case and accents; without spaces, any part of a text.

A text is kept as its words, folded and set apart by single spaces (`indexed`), so that what is looked for is looked for
as it stands (`needles`): a word of a script with spaces by its beginning, one of Chinese or Japanese anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

MOST_NEEDLES = 8
"""So many words of a query are looked for."""
LONGEST_QUERY = 200
EXCERPT = 180
"""Characters of an excerpt, at most."""
_BEFORE = 60
"""Characters of an excerpt before the first place."""
_WIDE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_WIDE}\u3099\u309a]+|[^\W_{_WIDE}]+")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
_APOSTROPHES = "'’‘ʼ"
_VOICED = "\u3099\u309a"
"""The marks of kana: what has one is another syllable, not the same with an accent."""


@lru_cache(maxsize=16384)
def _folded(char: str) -> str:
    """A character without case, accent and width; empty for one that is only a mark, or an apostrophe."""
    if char in _APOSTROPHES:
        return ""
    plain = unicodedata.normalize("NFKD", char.casefold())
    return "".join(one for one in plain.casefold() if one in _VOICED or not unicodedata.combining(one))


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower().replace("'", "")
    return "".join(map(_folded, text))


def indexed(text: str) -> str:
    """A text as it is looked through: its words, each after a space; empty for one without words."""
    words = _WORD.findall(_fold(text))
    return f" {' '.join(words)}" if words else ""


def needles(query: str) -> tuple[str, ...]:
    """What a query looks for, all of which has to be there; empty where it is too short to look for: it takes two
    letters of one word, or one of Chinese or Japanese."""
    words = dict.fromkeys(_WORD.findall(_fold(query[:LONGEST_QUERY])))
    if not any(len(word) > 1 or _IS_WIDE.search(word) for word in words):
        return ()
    return tuple(word if _IS_WIDE.search(word) else f" {word}" for word in words)[:MOST_NEEDLES]


def holds(words: str, wanted: Sequence[str]) -> bool:
    """Whether an `indexed` text holds all `needles`."""
    return all(one in words for one in wanted)


def places(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Where the needles stand in a text, as it was written: from and to (exclusive), in characters, in order and
    apart."""
    words, origins = _traced(text)
    found = sorted({place for one in wanted for place in _each(words, origins, one)})
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def excerpt(text: str, wanted: Sequence[str]) -> tuple[str, int, list[tuple[int, int]]]:
    """The part of a text around the first place: the part, where it begins in the text, and the places in it."""
    found = places(text, wanted)
    first = found[0][0] if found else 0
    start = 0 if len(text) <= EXCERPT or first <= _BEFORE else _word_start(text, first - _BEFORE)
    end = min(len(text), start + EXCERPT)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in found if b > start and a < end]
    return text[start:end], start, inside


def _word_start(text: str, at: int) -> int:
    """The beginning of the next word, where one is near."""
    space = text.find(" ", at, at + _BEFORE // 2)
    return at if space < 0 else space + 1


def _traced(text: str) -> tuple[str, list[int]]:
    """An `indexed` text, and of each of its characters where it comes from."""
    folded: list[str] = []
    origins: list[int] = []
    for at, char in enumerate(text):
        part = char.lower() if char.isascii() and char != "'" else _folded(char)
        folded.append(part)
        origins += [at] * len(part)
    plain = "".join(folded)
    words: list[str] = []
    from_: list[int] = []
    for match in _WORD.finditer(plain):
        words.append(f" {match.group()}")
        from_ += [origins[match.start()], *origins[match.start() : match.end()]]
    return "".join(words), from_


def _each(words: str, origins: Sequence[int], wanted: str) -> Iterator[tuple[int, int]]:
    at = words.find(wanted)
    while at >= 0:
        first = at + (wanted[0] == " ")
        yield origins[first], origins[at + len(wanted) - 1] + 1
        at = words.find(wanted, at + len(wanted))
