"""English sentences about somebody, told by themselves: ``You carry your whistle.`` or ``Carries his whistle.`` ->
``I carry my whistle.``

English writes *you* for subject and object alike, and *her* for two things. Where it can't be told which is meant, the
sentence is not turned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def words(text: str) -> frozenset[str]:
    """The words of a list written in a string."""
    return frozenset(text.split())


_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|\s+|.", re.DOTALL)
ONLY_BEFORE_OBJECTS = words(
    "to for with at by of from about on in near behind beside around over under into onto upon without against toward "
    "towards between among"
)
JOINS = words(
    "and but so because when while if that where since as than before after until who whom what how why which "
    "whatever whenever wherever though although once unless or then"
)
NOT_A_VERB = (
    ONLY_BEFORE_OBJECTS
    | JOINS
    | words(
        "the a an this these those every each all both some any no again now today tomorrow tonight well alone too "
        "also there here back up down out away off more less most his her their its our my your two three"
    )
) - words("no")
_VERBLIKE = words(
    "am are were was have had do did can could will would shall should may might must cannot can't don't didn't won't "
    "never always still often once only ever rarely seldom usually sometimes own keep like love want need know think "
    "live work make see hear say carry wear meet find hate remember call write draw go come take give tell hold"
)
_PLURAL_BEFORE = re.compile(r"\b(?:who|that|which|they|people|both)\b", re.I)
_LINKED = re.compile(r"(?:\b(?:and|but|or)|,) (?:also |still |now |never |always )?(are|were)\b", re.I)
_STRANGE = re.compile(r"[\"“”«»(){}\[\]*<>|~#:?]|\byou (?:and|all|two|both)\b|\bI\b", re.I)


def from_you(sentence: str) -> str:
    """A sentence that speaks to its subject; empty where it can't be turned."""
    if _STRANGE.search(sentence) or not _tells_of_you(sentence):
        return ""
    if linked := _LINKED.search(sentence):
        before = sentence[: linked.start()]
        if sentence.lower().startswith("your") or _PLURAL_BEFORE.search(before):
            return ""
        one = "am" if linked[1].lower() == "are" else "was"
        sentence = sentence[: linked.start(1)] + one + sentence[linked.end(1) :]
    tokens = _TOKEN.findall(sentence)
    places = [at for at, token in enumerate(tokens) if token[0].isalnum()]
    for place, at in enumerate(places):
        turned = _turn_you(tokens, places, place)
        if turned is None:
            return ""
        tokens[at] = turned
    return "".join(tokens)


_OPENS = re.compile(
    r"(?:you|your)\b|(?:for|in|at|on|since|as|when|every|once|now|tonight|today|years ago|"
    r"[A-Z][a-z]+ed(?: and [a-z]+)?,)\b[^;]{0,80}?\byou\b",
    re.I,
)


def _tells_of_you(sentence: str) -> bool:
    return _OPENS.match(sentence) is not None


_SIMPLE = {"your": "my", "yours": "mine", "yourself": "myself"}
_SHORT = {"you're": "I'm", "you've": "I've", "you'll": "I'll", "you'd": "I'd"}
_BE = {"are": "am", "were": "was", "aren't": "am not", "weren't": "wasn't"}


def _turn_you(tokens: Sequence[str], words: Sequence[int], place: int) -> str | None:
    """A word of the sentence, turned; ``None`` where it is not clear what it is."""
    token = tokens[words[place]]
    low = token.lower().replace("’", "'")
    before = _before(tokens, words, place)
    if low in _SIMPLE:
        turned = _SIMPLE[low]
        return turned.capitalize() if token[0].isupper() else turned
    if low in _SHORT:
        return _SHORT[low]
    if low in _BE and _is_of_you(tokens, words, place):
        return _BE[low]
    if low != "you":
        return token
    after = _after(tokens, words, place)
    if before in ONLY_BEFORE_OBJECTS:
        return "me"
    if not after or after in NOT_A_VERB:
        return "me" if before else None
    if not before or before in JOINS or before == "," or after in _VERBLIKE:
        return "I"
    return None


def _is_of_you(tokens: Sequence[str], words: Sequence[int], place: int) -> bool:
    """Whether a form of *be* follows its *you*, with an adverb between at most."""
    adverbs = ("also", "still", "now", "never", "always", "often", "once", "only")
    for back in (1, 2):
        if place < back:
            return False
        word = tokens[words[place - back]].lower()
        if word in ("you", "i"):
            return True
        if word not in adverbs:
            return False
    return False


def _before(tokens: Sequence[str], words: Sequence[int], place: int) -> str:
    """The word before, a comma where one stands between, or nothing at the beginning."""
    if place == 0:
        return ""
    between = "".join(tokens[words[place - 1] + 1 : words[place]]).strip()
    return "," if between else tokens[words[place - 1]].lower()


def _after(tokens: Sequence[str], words: Sequence[int], place: int) -> str:
    """The word after, or nothing where a mark or the end stands there."""
    if place + 1 == len(words):
        return ""
    between = "".join(tokens[words[place] + 1 : words[place + 1]]).strip()
    return "" if between else tokens[words[place + 1]].lower()
