"""What somebody told of themselves, said to them again in a plain sentence: from their own lines, else from facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openroom.language.data.told import FRAMES, KINDS, QUOTES, SAYING, Kind
from openroom.language.detect import guess_language
from openroom.language.matching import tells_of_oneself, uncalled
from openroom.language.sentences import asks, sentences
from openroom.language.words import content, telling_words, tokens

_LONGEST = 200
"""A longer sentence is not said again."""
_MOST_READ = 1200
_YOU = re.compile(r"\b(?:you|your|yours|yourself|we|us|our|ours)\b|[\"“”]", re.IGNORECASE)
_TURNED = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "i'm": "you're", "i've": "you've",
    "i'll": "you'll", "i'd": "you'd",
}  # fmt: skip
_BE = re.compile(r"\bI (am|was)\b")
_FILLED = re.compile(r",? you (?:know|see)(?=[.,!]|$)", re.IGNORECASE)
_OPENS = re.compile(r"^(?:well|oh|yes|no|and|but|so|actually|good evening|hello|hi)[,.!]? +", re.IGNORECASE)


def told_again(question: str, lines: Sequence[str], facts: Sequence[str], name: str, code: str) -> str:
    """What answers a question about what ``name`` told of themselves: from their ``lines`` (newest last), else from
    ``facts`` that are known of them ("Ann works as a nurse."). Empty where none of it is surely what is asked for."""
    kinds = [one for one in KINDS.get(code, ()) if re.search(one.asked, question[:_MOST_READ].lower())]
    about = _about(question, code)
    told = [one for line in lines if guess_language(line) == code for one in _of_oneself(line)]
    if (line := _best(told, about, kinds, code)) and (said := _said(line, code)):
        return said
    known = (_framed(fact, name, code, about, kinds) for fact in reversed(facts))
    return next((one for one in known if one), "")


def _about(text: str, code: str) -> frozenset[str]:
    if code in ("zh", "ja"):
        return frozenset(word for word in telling_words(text, 80) if len(word) > 1)
    return content(uncalled(text), code) - frozenset(tokens(SAYING.get(code, ""), code))


def _of_oneself(line: str) -> Iterator[str]:
    for sentence in sentences(line[:_MOST_READ]):
        if len(sentence) <= _LONGEST and not asks(sentence) and (tells_of_oneself(sentence) or _tells_wide(sentence)):
            yield sentence


def _tells_wide(sentence: str) -> bool:
    return re.search(r"我|私|僕|俺|\b(?:soy|vivo|trabajo|vengo)\b", sentence.lower()) is not None


def _best(told: Sequence[str], about: frozenset[str], kinds: Sequence[Kind], code: str) -> str:
    """The newest sentence of the kind that is asked for; else that which shares most with the question."""
    for sentence in reversed(told):
        if any(re.search(kind.told, sentence.lower().replace("’", "'")) for kind in kinds):
            return sentence
    shared = {sentence: len(about & _about(sentence, code)) for sentence in reversed(told)}
    best = max(shared, key=lambda one: shared[one], default="")
    return best if best and shared[best] else ""


def _said(sentence: str, code: str) -> str:
    """A sentence of somebody's own, said to them."""
    plain = _FILLED.sub("", sentence.strip().replace("’", "'"))
    if code == "en" and not _YOU.search(plain):
        return _turned(plain)
    return QUOTES[code].replace("{it}", plain.rstrip("。") if code == "ja" else plain) if code in QUOTES else ""


def _turned(sentence: str) -> str:
    held = _BE.sub(lambda found: "you are" if found[1] == "am" else "you were", _OPENS.sub("", sentence))
    words = re.sub(r"[A-Za-z]+(?:'[a-z]+)?", lambda found: _TURNED.get(found[0].lower(), found[0]), held)
    words = words if words.split()[0] in ("I", "you") or not _is_small(held) else words[0].lower() + words[1:]
    return f"You said {words.rstrip('.!… ')}."


def _is_small(sentence: str) -> bool:
    """Whether a sentence begins with a word that is no name: one that was turned, or an article."""
    first = sentence.split(maxsplit=1)[0].lower()
    return first in _TURNED or first in {"the", "a", "an", "this", "that", "there", "it"}


def _framed(fact: str, name: str, code: str, about: frozenset[str], kinds: Sequence[Kind]) -> str:
    if not fact.startswith(name):
        return ""
    rest = fact[len(name) :].rstrip(".")
    for kind, pattern, forms in FRAMES:
        if (found := re.fullmatch(pattern, rest)) and code in forms:
            meant = any(one.name == kind for one in kinds) or bool(about & _about(rest, code))
            return forms[code].replace("{o}", found["o"]) if meant else ""
    return ""
