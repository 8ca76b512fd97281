"""Ages in English: the number that a text says somebody is old, in digits and in words."""

from __future__ import annotations

import re

_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SPELT = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: 10 * number for number, word in enumerate(_TENS)},
    **{f"{ten}-{one}": 10 * a + b for a, ten in enumerate(_TENS) for b, one in enumerate(_ONES[:10]) if a > 1 and b},
}
_WORD = "|".join(sorted(_SPELT, key=len, reverse=True))
_NUMBER = re.compile(rf"(?<![\w.,])(?:(?P<digits>\d{{1,3}})(?![\d.,]\d|\w)|(?P<word>{_WORD})(?!\w))", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\b(?:[Aa]t|is|are|aged?)(?: now| about| only| just)?:? )$")
_NEAR = 24
"""Characters in front of a number that are looked at."""
_AS_AGE = re.compile(r"[- ](?:years?|winters?|summers?)\b|[- ]year[- ]old")
_IS_THAT_OLD = re.compile(
    rf"^(?:I am|[^\W\d_][^.,;:!?\n]{{0,80}}? is)(?: now| about| only| just| barely| almost| nearly| already)? "
    rf"(?:\d{{1,3}}|(?!zero|one\b)(?:{_WORD}))\s*(?:[.!;]|$)",
    re.IGNORECASE,
)
_NAMES_A_THING = re.compile(
    r"^(?:(?:his|her|their|your|its|the|an?|this|that|it|there|what)\b|[^ ]+'s\b)|'s \w+ is ", re.I
)


def tells_age(text: str) -> bool:
    """Whether a sentence says of somebody that they are so old and no more ("Mira is 31.", "I am forty.");
    "Mira is 31 miles away" and "Her number is 31" say none.
    """
    return _IS_THAT_OLD.match(text) is not None and _NAMES_A_THING.search(text) is None


def age_in(text: str) -> tuple[str, ...]:
    """The age that a text tells, in digits and, below 100, in words; empty where it tells none, or several numbers of
    which none is said to be one."""
    found = list(_NUMBER.finditer(text.replace("–", "-")))
    aged = [one for one in found if _AS_AGE.match(text, one.end()) or _is_told(text, one.start())] or found
    if not aged or (len(aged) > 1 and aged is found):
        return ()
    one = aged[0]
    number = int(one["digits"]) if one["digits"] else _SPELT[one["word"].casefold()]
    spelt = [word for word, value in _SPELT.items() if value == number and word != "zero"]
    return (str(number), *spelt[:1])


def _is_told(text: str, at: int) -> bool:
    """Whether a number stands where an age does: first of all, or behind "is"."""
    return at == 0 or bool(_BEFORE.search(text[max(0, at - _NEAR) : at]))
