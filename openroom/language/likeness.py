"""Likeness of short texts by their words and letters, in plain Python: stems weighted by rarity, and runs of three
letters.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from openroom.language.words import WORD, stop_stems, tokens

_STOP_WEIGHT = 0.15


@lru_cache(maxsize=4096)
def grams(text: str) -> Counter[str]:
    """Runs of three characters of the words, each word framed by spaces."""
    joined = " " + " ".join(WORD.findall(unicodedata.normalize("NFKC", text).lower())) + " "
    return Counter(joined[i : i + 3] for i in range(len(joined) - 2))


class Likeness:
    """Compares texts with a fixed set of ``texts``, whose rare words weigh more."""

    def __init__(self, texts: Sequence[str], language: str = "en") -> None:
        self._count = len(texts)
        self._language = language
        self._seen: Counter[str] = Counter(token for text in texts for token in set(tokens(text, language)))

    def score(self, one: str, other: str) -> float:
        """How alike two texts are, 0 to 1."""
        return 0.7 * self._shared_words(one, other) + 0.3 * _shared_grams(one, other)

    def _weight(self, token: str) -> float:
        if token in stop_stems(self._language):
            return _STOP_WEIGHT
        return 1.0 + math.log((1 + self._count) / (1 + self._seen[token])) / 2

    def _shared_words(self, one: str, other: str) -> float:
        a, b = set(tokens(one, self._language)), set(tokens(other, self._language))
        total = sum(map(self._weight, a)) + sum(map(self._weight, b))
        return 2 * sum(map(self._weight, a & b)) / total if total else 0.0


def _shared_grams(one: str, other: str) -> float:
    a, b = grams(one), grams(other)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def same(one: str, other: str) -> bool:
    """Whether two lines are the same to a listener: letters and digits only."""
    return _heard(one) == _heard(other)


@lru_cache(maxsize=8192)
def _heard(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
