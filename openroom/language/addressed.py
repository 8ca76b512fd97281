"""The form of address that an author orders ("captain"), put where it stands naturally in a sentence, and taken out
where it would come twice.

It works on one sentence at a time, since a sentence is shown before the next one is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from openroom.language.data.addresses import SPEAKING, Speaking
from openroom.language.sentences import sentences
from openroom.language.text import first_word, normal, width

_MOST_READ = 600
_LONGEST = 160
"""No longer sentence gets a form of address."""
_LEFT_OUT_AFTER = 12
"""When so many replies on end have it, the next goes without."""
_MARKS = ".!?…。！？"
_FEW_WORDS, _SHORT = 3, 6
"""What is shorter is no line of an author's, only a beginning that many share."""
_LIST = 2
"""With so many commas a form at the end reads as one more of a list."""
_END = re.compile(rf"(?P<body>.*[^\W_])(?P<marks>[{_MARKS}]*)(?P<blank>\s*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Addressing:
    """How who speaks calls whom they speak to. ``said`` are its earlier replies, the newest last; ``names`` are what
    the other is called, in whose place the form may stand; ``never`` are forms it must not use; ``written`` are lines
    that are said as their author wrote them, and ``recites`` tells that these are said whole, so that the shortest
    sentence may begin one; ``patience`` is how many replies may go without the form before it is put in. Without an
    ``address`` only ``never`` is looked after."""

    address: str
    language: str
    said: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    patience: int = 0
    recites: bool = False
    """Whether only written lines are said: then a first word is the beginning of one, too."""

    def without_never(self, sentence: str, shown: str) -> str:
        """A sentence without forms that it must not use, where they speak to somebody: the ordered one stands there
        instead, unless it was used in what is ``shown``."""
        for form in self.never:
            if not first_word([form], sentence):
                continue
            put = "" if first_word([self.address], f"{shown} {sentence}") else self.address
            sentence = replaced(sentence, form, put, self.language)
        return sentence

    def put(self, sentence: str, shown: str) -> str:
        """A sentence with the form in it where it is due, and without it where it was ``shown`` already."""
        if not self.address or self._is_written(f"{shown} {sentence}"):
            return sentence
        if first_word([self.address], shown):
            return replaced(sentence, self.address, "", self.language)
        lately = self.said[-self.patience :] if self.patience else ()
        if len(lately) < self.patience or any(first_word([self.address], said) for said in lately):
            return sentence
        return addressed(sentence, self.address, self.language, self.said, names=self.names)

    def bare(self, plain: str) -> str:
        """A text in `normal` form without the form, for comparing: with it or without, it is the same line."""
        form = normal(self.address)
        return re.sub(rf"(?<!\S){re.escape(form)}(?!\S) ?", "", plain).strip() or plain if form else plain

    def _is_written(self, text: str) -> bool:
        """Whether a text is how a written line begins: a word or two are no line, unless one recites."""
        plain = normal(text)
        if not self.recites and (width(plain) <= _SHORT or len(plain.split()) < _FEW_WORDS) and plain.isascii():
            return False
        whole = any(_plain(line) == plain for line in self.written)
        enough = self.recites or len(plain.split()) >= _FEW_WORDS or not plain.isascii()
        return whole or (enough and any(f"{_plain(line)} ".startswith(f"{plain} ") for line in self.written))


_plain = lru_cache(maxsize=1024)(normal)
"""Written lines are looked at sentence after sentence."""


def addressed(text: str, address: str, language: str, said_before: Sequence[str], *, names: Iterable[str] = ()) -> str:
    """The text with the form of address in its first sentence, unless it has it somewhere, it can stand nowhere there,
    or all of the last twelve of ``said_before`` had it. One of ``names`` that is spoken to gives its place to it."""
    form = " ".join(address.split())
    if not form or not normal(text) or first_word([form], text):
        return text
    lately = said_before[-_LEFT_OUT_AFTER:]
    if len(lately) == _LEFT_OUT_AFTER and all(first_word([form], said) for said in lately):
        return text
    for name in names:
        if (other := replaced(text, name, form, language)) != text:
            return other
    first = next(iter(sentences(text)), "")
    at = text.find(first)
    done = _placed(first, form, language, said_before)
    return text[:at] + done + text[at + len(first) :] if done else text


def _placed(sentence: str, form: str, language: str, said: Sequence[str]) -> str:
    """A sentence with the form in it; empty where there is no place for it."""
    speaking = SPEAKING.get(language)
    if speaking is None or len(sentence) > _LONGEST or not sentence.lstrip("¿¡")[:1].isalnum():
        return ""
    if opening := re.match(rf"({speaking.opens})({re.escape(speaking.comma.strip())}\s*)(?=[^\W_])", sentence, re.I):
        return f"{opening[1]}{speaking.comma}{form}{opening[2]}{sentence[opening.end() :]}"
    ways = (_at_end(sentence, form, speaking), _in_front(sentence, form, speaking))
    return next(filter(None, reversed(ways) if _ended_so(said, form) else ways), "")


def _ended_so(said: Sequence[str], form: str) -> bool:
    """Whether the last reply had the form at the end of its first sentence: once more would sound like a habit."""
    first = next(iter(sentences(said[-1])), "") if said else ""
    return normal(first).endswith(normal(form)) and normal(first) != normal(form)


def _at_end(sentence: str, form: str, speaking: Speaking) -> str:
    found = _END.fullmatch(sentence)
    comma = speaking.comma.strip()
    if found is None or found["body"].count(comma) >= _LIST or '"' in sentence:
        return ""
    return f"{found['body']}{speaking.comma}{form}{found['marks']}{found['blank']}"


def _in_front(sentence: str, form: str, speaking: Speaking) -> str:
    first, blank, rest = sentence.partition(" ")
    begun = form[:1].upper() + form[1:]
    if speaking.comma != ", ":
        return f"{begun}{speaking.comma}{sentence}"
    if first in speaking.kept:
        return f"{begun}, {sentence}"
    small = first[:1].lower() + first[1:]
    return f"{begun}, {small}{blank}{rest}" if small in speaking.small and blank else ""


def replaced(text: str, form: str, put: str, language: str) -> str:
    """The text with another form of address (empty: none) where ``form`` speaks to somebody; what is said *of* one
    stays."""
    speaking = SPEAKING.get(language, SPEAKING["en"])
    if not normal(form) or not first_word([form], text):
        return text
    mine = rf"{speaking.mine}{re.escape(form)}"
    comma = speaking.comma
    instead = f"{comma}{put}" if put else ""
    text = re.sub(rf"[,，、]\s*{mine}(?=\s*(?:[{_MARKS},，、;]|$))", lambda _: instead, text, flags=re.I)
    begins = re.match(rf"(?P<open>[¿¡]?){mine}[,，、]\s*(?P<next>\S)", text, re.I)
    if begins is None:
        return text
    rest = text[begins.start("next") :]
    if put:
        return f"{begins['open']}{put[:1].upper()}{put[1:]}{comma}{rest}"
    return f"{begins['open']}{rest[:1].upper()}{rest[1:]}"


def asked_name(heard: str, language: str, *, introduced: bool = False) -> str:
    """The name by which somebody asks to be called ("Call me Ben"); with ``introduced`` also the one they say is
    theirs. Empty: none."""
    speaking, heard = SPEAKING.get(language, SPEAKING["en"]), heard[:_MOST_READ]
    found = re.search(speaking.call_me, heard) or (re.search(speaking.named, heard) if introduced else None)
    return next(filter(None, found.groups()), "") if found else ""
