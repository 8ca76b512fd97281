"""Whether a full stop only shortens a word ("Mr. Holmes", "U.S. Navy", "No. 5", "am 3. Mai") and ends no sentence.

By the word before it and the one that follows. In doubt (a name after "etc.") the sentence goes on: to cut one in half
loses its end where sentences are counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from openroom.language.data.shortened import BEFORE_NUMBERS, BEFORE_ORDINALS, MONTHS, SHORTENED, TITLES
from openroom.language.data.tongues import TONGUES

_NEAR = 24
"""So many characters are looked at on either side."""
_OPENING = "\"'„“‘«([*_¿¡"
_NEXT = re.compile(r"\w+")
_ORDINAL = 2
"""An ordinal has at most so many digits."""
_ANY = SHORTENED | TITLES
_BEGINS = frozenset(word for tongue in TONGUES.values() for word in tongue.stop_words)
"""Words that hardly are a name: with a capital letter they begin a sentence."""


def goes_on(text: str, stop: int, after: int, *, start: int = 0, whole: bool) -> bool | None:
    """Whether the sentence that begins at ``start`` goes on behind the full stop at ``stop``, with the word that begins
    at ``after``; ``None`` where that depends on what is still to come of a text that is not ``whole``."""
    if stop == start or text[stop - 1].isspace():
        return False
    return _goes_on(text[max(start, stop - _NEAR) : stop], text[after : after + _NEAR + 1], whole=whole)


@lru_cache(maxsize=1024)
def _goes_on(before: str, ahead: str, *, whole: bool) -> bool | None:
    near = before.rsplit(None, 2)
    if not (kind := _kind(near[-1].lstrip(_OPENING), near[-2:-1])):
        return False
    word = _NEXT.match(ahead, 0, _NEAR)
    if not whole and (word.end() if word else 0) == len(ahead):
        return None
    return _follows(kind, word.group() if word else "", ahead[word.end() : word.end() + 1] if word else "")


def _kind(word: str, before: Sequence[str]) -> str:
    """What a word is shortened to; empty for a whole one. ``before`` is the word before it, if there is one."""
    low = word.lower()
    if word.isdigit():
        ordinal = bool(before) and before[0].lower() in BEFORE_ORDINALS
        return "" if len(word) > _ORDINAL else "ordinal" if ordinal else "number"
    if len(word) == 1:
        return "letters" if word.isalpha() and word != "I" else ""
    if word.isalpha():
        title = word[0].isupper() and low in TITLES
        return "title" if title else "numbered" if low in BEFORE_NUMBERS else "word" if low in _ANY else ""
    return "letters" if all(len(one) == 1 and one.isalpha() for one in word.split(".")) else ""


def _follows(kind: str, word: str, behind: str) -> bool:
    """Whether ``word`` goes on after something shortened; ``behind`` is the character behind it."""
    if kind == "title":
        return bool(word)
    if kind == "numbered":
        return word[:1].isdigit()
    if kind == "number":
        return word.lower() in MONTHS
    initial = len(word) == 1 and word.isupper() and behind == "."
    return initial or (bool(word) and not (word[0].isupper() and word.lower() in _BEGINS))
