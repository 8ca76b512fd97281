"""Likeness of short texts by their words and letters, in plain Python: stems weighted by rarity, and runs of three
letters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from openroom.language.data.en import COMMON
from openroom.language.data.tongues import TONGUES

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_COMMON_WEIGHT = 0.15


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without the commonest endings, in lower case: enough to let ``lamps`` meet ``lamp`` and ``playing`` meet
    ``play``.
    """
    word = unicodedata.normalize("NFKC", word).lower().replace("’", "'").removesuffix("'s")
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word.removesuffix(ending)
            doubled = base[-1] == base[-2] and base[-1] not in "lsz"
            return base[:-1] if doubled else base.removesuffix("e")
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """The stems of a text in order; of scripts without spaces, pairs of neighbouring characters."""
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).replace("’", "'")):
        if _WIDE.search(word):
            found.extend(word[i : i + 2] for i in range(max(len(word) - 1, 1)))
        else:
            found.append(stem(word))
    return tuple(found)


@lru_cache(maxsize=4096)
def grams(text: str) -> Counter[str]:
    """Runs of three characters of the words, each word framed by spaces."""
    joined = " " + " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).lower())) + " "
    return Counter(joined[i : i + 3] for i in range(len(joined) - 2))


class Likeness:
    """Compares texts with a fixed set of ``texts``, whose rare words weigh more."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._seen: Counter[str] = Counter(token for text in texts for token in set(tokens(text)))

    def score(self, one: str, other: str) -> float:
        """How alike two texts are, 0 to 1."""
        return 0.7 * self._shared_words(one, other) + 0.3 * _shared_grams(one, other)

    def _weight(self, token: str) -> float:
        if token in COMMON:
            return _COMMON_WEIGHT
        return 1.0 + math.log((1 + self._count) / (1 + self._seen[token])) / 2

    def _shared_words(self, one: str, other: str) -> float:
        a, b = set(tokens(one)), set(tokens(other))
        total = sum(map(self._weight, a)) + sum(map(self._weight, b))
        return 2 * sum(map(self._weight, a & b)) / total if total else 0.0


def _shared_grams(one: str, other: str) -> float:
    a, b = grams(one), grams(other)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def content(text: str) -> frozenset[str]:
    """The stems of a text that say what it is about."""
    return frozenset(token for token in tokens(text) if token not in COMMON)


def same(one: str, other: str) -> bool:
    """Whether two lines are the same to a listener: letters and digits only."""
    return _heard(one) == _heard(other)


@lru_cache(maxsize=8192)
def _heard(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def guess_language(text: str) -> str:
    """``en``, ``de``, ``es``, ``zh`` or ``ja``, by script and common words; English when nothing tells."""
    if _KANA.search(text):
        return "ja"
    if _WIDE.search(text):
        return "zh"
    words = re.findall(r"[^\W\d_]+", text.lower())
    hits = {code: sum(word in tongue.stop_words for word in words) for code, tongue in TONGUES.items() if tongue.spaced}
    best = max(hits, key=lambda code: hits[code])
    return best if hits[best] > hits["en"] else "en"
