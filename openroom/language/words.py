"""The words of a text: how they are cut, their stems, and those that say nothing about what it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer
from snowballstemmer.german_stemmer import GermanStemmer
from snowballstemmer.spanish_stemmer import SpanishStemmer

from openroom.language.data.en import STOP_WORDS
from openroom.language.data.tongue import EMPTY_CHARACTERS
from openroom.language.data.tongues import TONGUES

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
"""Letters and digits, with an apostrophe inside."""
_STEMMERS = {"en": EnglishStemmer, "de": GermanStemmer, "es": SpanishStemmer}
_LONGEST_WORD = 80
"""What is longer is no word, and a stemmer would look at it over and over."""
_CHARS_A_WORD = 30
"""A text of so many times as many characters holds as many words as are asked for, those that say nothing included."""
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_RUN = re.compile(rf"{_WIDE.pattern}+")
_PART = 0.3
_IDEOGRAPHS = "\u3400"


@lru_cache(maxsize=16384)
def stem(word: str, language: str = "en") -> str:
    """A word without its endings, in lower case: ``lamps`` meets ``lamp`` and ``playing`` meets ``play``.

    ``language`` is one of `TONGUES`; scripts without endings stay as they are.
    """
    word = unicodedata.normalize("NFKC", word).lower().replace("’", "'").removesuffix("'s")
    if len(word) > _LONGEST_WORD:
        return word
    stemmer = _STEMMERS.get(language, EnglishStemmer)()  # each call its own: it holds the word it works on
    return str(stemmer.stemWord(word))


@lru_cache(maxsize=4096)
def tokens(text: str, language: str = "en") -> tuple[str, ...]:
    """The stems of a text in order; of scripts without spaces, pairs of neighbouring characters."""
    found: list[str] = []
    for word in WORD.findall(unicodedata.normalize("NFKC", text)):
        if _WIDE.search(word):
            found.extend(word[i : i + 2] for i in range(max(len(word) - 1, 1)))
        else:
            found.append(stem(word, language))
    return tuple(found)


@cache
def stop_stems(language: str = "en") -> frozenset[str]:
    """The stems of the words that say nothing."""
    return frozenset(stem(word, language) for word in TONGUES[language].stop_words)


def content(text: str, language: str = "en") -> frozenset[str]:
    """The stems of a text that say what it is about."""
    return frozenset(tokens(text, language)) - stop_stems(language)


@lru_cache(maxsize=256)
def words_of(text: str) -> tuple[str, ...]:
    """All words in order, in one spelling: lower case, without accents. Kept for a while: all who heard a line read
    it."""
    return tuple(WORD.findall(_plain(text)))


def telling_words(text: str, limit: int = 24) -> list[str]:
    """The words worth searching for, each once, in order: of a long text, those that it begins with.

    Of scripts without spaces these are pairs of neighbouring characters, and ideographs alone: twice as many, as each
    says less.
    """
    found: dict[str, None] = {}
    wide = _WIDE.search(text) is not None
    for word in dict.fromkeys(words_of(text[: limit * _CHARS_A_WORD])):
        if wide and _WIDE.search(word):
            found |= dict.fromkeys(gram for run in _RUN.findall(word) for gram in _grams(run))
        elif word not in STOP_WORDS and (len(word := word.removesuffix("'s")) > 1 or not word.isascii()):
            found[word] = None
    return list(found)[: limit * 2 if wide else limit]


def searchable(text: str) -> str:
    """The text as an index that cuts words at spaces can hold it: what has none, cut as `telling_words` cuts it."""
    if not _WIDE.search(text):
        return text
    return _RUN.sub(lambda run: f" {' '.join(_grams(run.group()))} ", _plain(text))


def is_unspaced(text: str) -> bool:
    """Whether a good part of a text is in a script without spaces between its words; a name or two is not."""
    return len(_WIDE.findall(text)) > _PART * sum(map(str.isalpha, text))


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return plain if plain.isascii() else plain.translate({ord(c): None for c in set(plain) if unicodedata.combining(c)})


def _grams(run: str) -> Iterator[str]:
    """Pairs of neighbours, and ideographs alone, but for those that are in every sentence."""
    for at, char in enumerate(run):
        pair = run[at : at + 2]
        if char >= _IDEOGRAPHS and char not in EMPTY_CHARACTERS:
            yield char
        if len(pair) == 2 and not EMPTY_CHARACTERS.issuperset(pair):
            yield pair


def same_statement(one: str, other: str, share: float = 0.8) -> bool:
    """Whether two sentences say about the same: so much of their telling words is common."""
    first, second = set(telling_words(one, 80)), set(telling_words(other, 80))
    return bool(first and second) and len(first & second) >= share * len(first | second)
