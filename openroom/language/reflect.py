"""What somebody told, given back as a question: "You lost a letter today?" As a listener does who has no answer.

English and Chinese, where changing who is who leaves a sentence; empty for anything else.
"""

from __future__ import annotations

import re

from openroom.language.sentences import asks, sentences, without_call

_MOST_READ = 600
_LONGEST = 110
_MARKS = " .!…。！"
_STATES = re.compile(
    r"^(?:(?:today|yesterday|tonight|sometimes|once) )?(?:i|i'm|i've|i'd|my|it|it's|that|that's|this|these|those|they"
    r"|they're|there|there's|you|you're|your|somebody|someone|nobody|no one|everybody|everyone|the)\b"
    r"(?! (?:name|know what)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that states something."""
_SOMETHING_ELSE = re.compile(
    r"\b(?:please|thanks?|hello|hi|good (?:morning|evening|day|night|afternoon)|my name)\b", re.IGNORECASE
)
_SWAP = {
    "i": "you",
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "your": "my",
    "yours": "mine",
    "yourself": "myself",
    "you're": "I'm",
    "you've": "I've",
    "you'd": "I'd",
    "you'll": "I'll",
}
_SUBJECT_AFTER = frozenset(
    ("that", "and", "but", "because", "if", "when", "while", "so", "than", "think", "hope", "know")
)
_TO_BE = {("you", "am"): "are", ("you", "was"): "were", ("I", "are"): "am", ("I", "were"): "was"}
_WORD = re.compile(r"[\w'’-]+|[^\w\s]+|\s+")
_SHARED_LIFE = re.compile(r"\b(?:we|us|our|ours|let's|he|she|him|her|his)\b", re.IGNORECASE)


def reflected(heard: str, code: str) -> str:
    """The last statement of a line as a question of the listener's; empty where the line asks, orders or exclaims, is
    long, or is in a language in which this is no matter of a few words."""
    said = sentences(heard[:_MOST_READ])
    if not said or any(map(asks, said)) or _SOMETHING_ELSE.search(said[-1]) or len(said[-1]) > _LONGEST:
        return ""
    last = without_call(said[-1]).strip(_MARKS)
    if code == "zh":
        return _chinese(last)
    return _english(last) if code == "en" else ""


def _english(statement: str) -> str:
    if (
        not _STATES.match(statement.replace("’", "'"))
        or _SHARED_LIFE.search(statement)
        or len(statement.split()) < 3
        or ";" in statement
    ):
        return ""
    found: list[str] = []
    for token in _WORD.findall(statement.replace("’", "'")):
        found.append(_swapped(token, found))
    text = "".join(found)
    return f"{text[:1].upper()}{text[1:]}?"


def _swapped(token: str, before: list[str]) -> str:
    low, words = token.lower(), [one for one in before if one.strip()]
    last = words[-1] if words else ""
    if low == "you":
        begins = not words or last.lower() in _SUBJECT_AFTER or last in (",", "-")
        return "I" if begins else "me"
    if (last, low) in _TO_BE:
        return _TO_BE[(last, low)]
    if (last.lower(), low) == ("you", "am"):
        return "are"
    return _SWAP.get(low, token)


def _chinese(statement: str) -> str:
    if not re.search("我", statement) or re.search("请|吧|谢|叫|我们|咱", statement) or not 3 < len(statement) <= 30:
        return ""
    return re.sub("[我你您]", lambda found: "我" if found[0] in "你您" else "你", statement) + "？"
