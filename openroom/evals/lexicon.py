"""The word lists of the checks, from ``library/lexicon.yaml``, and how texts are searched with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from openroom.language.text import first_word, normal
from openroom.library.document import read_document
from openroom.library.validate import fit

LIBRARY = Path(__file__).resolve().parent / "library"
"""The folder of the shared cases and word lists."""

_NEGATED = re.compile(
    r"\b(?:not|never|no|nor|neither|without|isn't|wasn't|don't|didn't|doesn't|won't|nicht|kein\w*|nie|no es|nunca)\b"
    r"(?:\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)

_JUST_BEFORE = 120
"""So many characters before a word are looked at for its denial."""


class Feeling(BaseModel):
    """What kind of line calls for which emotions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]
    fits: tuple[str, ...]
    misfits: tuple[str, ...]


class Lexicon(BaseModel):
    """The lists. ``patterns`` and ``deeds`` hold regular expressions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    words: dict[str, tuple[str, ...]]
    patterns: dict[str, tuple[str, ...]]
    deeds: dict[str, tuple[str, ...]]
    feelings: dict[str, Feeling]
    topics: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lists. Raises `DefinitionError`."""
    document = read_document(LIBRARY / "lexicon.yaml", "evals/library/lexicon.yaml")
    found, problems = fit(document, Lexicon)
    if found is None:
        raise problems[0]
    return found


def words(name: str) -> tuple[str, ...]:
    """A list of words by name."""
    return lexicon().words[name]


@lru_cache(maxsize=64)
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """A list of patterns by name."""
    return tuple(re.compile(one, re.IGNORECASE | re.MULTILINE) for one in lexicon().patterns[name])


@lru_cache(maxsize=64)
def claims(verb: str) -> tuple[re.Pattern[str], ...]:
    """Patterns by which a reply claims to have used a verb of a prop."""
    return tuple(re.compile(one, re.IGNORECASE | re.MULTILINE) for one in lexicon().deeds.get(verb, ()))


def find_pattern(name: str, text: str) -> str:
    """What the first pattern of the list finds; empty when none does."""
    return next((found[0].strip() for pattern in patterns(name) if (found := pattern.search(text))), "")


def find_word(wanted: Iterable[str], text: str) -> str:
    """The first word or phrase that occurs; apostrophes of either kind are one."""
    return first_word(wanted, text)


def find_affirmed(wanted: Iterable[str], text: str) -> str:
    """The first word that occurs and is not denied just before (``not coffee`` does not count)."""
    for word in wanted:
        for at in _places(word, text):
            if not _NEGATED.search(text[max(0, at - _JUST_BEFORE) : at]):
                return word
    return ""


def _places(word: str, text: str) -> Iterator[int]:
    parts = [re.escape(part) for part in normal(word).split()]
    if not parts:
        return
    spaced = all(ord(char) < 0x2E80 for char in word)
    inner = r"\W+".join(parts)
    pattern = rf"(?<!\w){inner}(?!\w)" if spaced else inner
    for found in re.finditer(pattern, text, re.IGNORECASE):
        yield found.start()
