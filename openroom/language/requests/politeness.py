"""A remark without its politeness, in plainer words: what the other modules of English would otherwise have to know
many times over. Numbers in words become figures.
"""

from __future__ import annotations

import re

_POLITE = re.compile(
    r",?(?:(?<! ) +)?\b(?:if you don't mind|i don't mind|don't you think|if it's no trouble)\b|"
    r",?(?:(?<! ) +)?\b(?:if you wouldn't mind|if it's not too much trouble|if i may"
    r"|if you please|if you would|would you|will you|won't you|if you like|if that's all right"
    r"|there's a dear)\b(?=\W*$|[.!?])"
)
_TAKEN_BACK = re.compile(
    r"^.*\b(?:no,? (?:thank you|thanks)|never ?mind|forget (?:it|that|about it)|on second thoughts?)\b"
)
"""What was said before it is not wished any more."""
_SAID_PLAINLY = [
    (re.compile(r"\b(on|off|out) with (the|that|those|this|your) "), r"turn \1 \2 "),
    (re.compile(r"\btake (?:everything|all|it all|it|them|those|these|all \w+|the \w+s) (?:off|down)\b"), "clear"),
    (re.compile(r"\b(?:make|take) (?:a|another) note\b"), "write"),
    (re.compile(r"\bget rid of\b|\bdo away with\b"), "remove"),
    (re.compile(r"\blet ((?:\w+ ){1,4})know\b"), r"tell \1"),
    (
        re.compile(
            r"\b(?:give|have given) ((?:the |that |this |your |those )?\w+(?: \w+)?) (?:a|another) (?:\w+ )?"
            r"(shake|push|knock|tap|wind|ring|stir|poke|turn|twist|crank|flick|rattle|water|call|wipe|clean)(?=\W|$)"
        ),
        r"\2 \1",
    ),
]
_UNITS = {
    word: at
    for at, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * at
    for at, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}


def plain(text: str) -> str:
    """The remark without its politeness, with figures for numbers."""
    text = _TAKEN_BACK.sub("", _POLITE.sub("", text))
    for pattern, plain in _SAID_PLAINLY:
        text = pattern.sub(plain, text)
    return _figures(
        re.sub(r"\b(?:not (?:quite )?(?:so|that)|less)(?= (?:bright|loud|hot|dark|quiet|cold|noisy)\b)", "too", text)
    )


def _figures(text: str) -> str:
    """Numbers in words as figures: "five hundred", "twenty-one eighty-two", "sixteen fifty"."""
    found = re.sub(
        r"\b([a-z]+)-([a-z]+)\b", lambda m: m.group().replace("-", " ") if m.group(1) in _TENS else m.group(), text
    )
    number = rf"(?:{'|'.join([*_UNITS, *_TENS, 'hundred', 'thousand'])})"
    return re.sub(rf"\b{number}(?: (?:and )?{number})+\b", lambda m: _number(m.group().split()), found)


def _number(said: list[str]) -> str:
    parts: list[int] = []
    for word in said:
        if word in ("hundred", "thousand") and parts:
            parts[-1] *= 100 if word == "hundred" else 1000
        elif word in _UNITS and parts and parts[-1] % 10 == 0 and 20 <= parts[-1] % 100 <= 90 and _UNITS[word] < 10:
            parts[-1] += _UNITS[word]
        elif word in _UNITS or word in _TENS:
            parts.append(_UNITS.get(word, _TENS.get(word, 0)))
    if len(parts) == 2 and parts[0] >= 1000:
        return str(sum(parts))
    return "".join(map(str, parts))
