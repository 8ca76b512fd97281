"""Texts that look the same: compatibility forms, look-alike letters, accents and invisible characters folded away."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

#: Letters of other scripts, and the Latin ones that they look like.
_ALIKE: Final = str.maketrans(
    dict(zip("аеорсухіјѕԁһӏԛԝкмтАВЕКМНОРСТХУІЈЅ", "aeopcyxijsdhlqwkmtABEKMHOPCTXYIJS", strict=True))
    | dict(zip("αοικτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aoiktABEZHIKMNOPTYX", strict=True))
)
_LOOKS: Final = str.maketrans(
    dict(zip("вгнпьѵꙇεηνρσυχωγօսոցհӀǀ", "brhnbvlenvpouxwyounghll", strict=True))
    | dict(zip("ıɩɑɡøłđħŧƒ", "llagoldhtf", strict=True))
    | dict(zip("i1|0", "lllo", strict=True))
)
"""Further ones, for names alone: whoever looks closely sees a difference."""
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
"""Letters and symbols that show nothing."""
_JOINERS: Final = "\u200c\u200d"
_UNSURE: Final = _BLANK | set(_JOINERS)
_JOINED: Final = "\u0600"
"""Scripts whose letters join, and emoji, begin here."""
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def folded(text: str) -> str:
    """Lower case, compatibility forms and look-alikes unified, invisible characters and accents removed."""
    plain = unicodedata.normalize("NFKD", text.translate(_ALIKE))
    gone = (char for char in set(plain) if unicodedata.category(char) in ("Mn", "Cf", "Cc") and char not in "\n\t")
    kept = plain.translate(dict.fromkeys(map(ord, gone)))
    return " ".join(unicodedata.normalize("NFKC", kept).casefold().translate(_ALIKE).split())


@lru_cache(maxsize=8192)
def skeleton(name: str) -> str:
    """What two names have in common that can't be told apart at a glance: compare these, show the names."""
    plain = folded(seen(name)).translate(_LOOKS)
    return "".join(char for char in plain if char.isalnum()) or plain


def seen(text: str) -> str:
    """A text without the characters that show nothing, in one line. What joins an emoji, or letters of a script that
    joins them, shows in those beside it."""
    if not text.isprintable() or not _UNSURE.isdisjoint(text):  # few texts: each of their characters is looked at
        text = "".join(char for at, char in enumerate(text) if _shows(text, at))
    return " ".join(text.split())


def legible(name: str) -> bool:
    """Whether there is something to read in a name: a letter, a number, a sign of punctuation or a symbol."""
    return any(unicodedata.category(char)[0] in "LNSP" for char in name)


def _shows(text: str, at: int) -> bool:
    if text[at] in _JOINERS:
        beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
        joined = (char >= _JOINED and char not in _BLANK and unicodedata.category(char)[0] in "LMS" for char in beside)
        return len(beside) == 2 and all(joined)
    return unicodedata.category(text[at]) not in _UNSEEN and text[at] not in _BLANK
