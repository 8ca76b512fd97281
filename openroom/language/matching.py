"""Whether a line that an author has an answer for is what was said: by its words, its kind, and by meaning where that
is known.

What is sure here is said in the author's words where a model could speak, so a wrong yes costs more than a no.
"""

from __future__ import annotations

import re
from functools import lru_cache

from openroom.language.reactions import kind
from openroom.language.sentences import asks, sentences, without_call
from openroom.language.words import content

SURE = 0.45
"""So alike in words, and about the same: of the labelled replies that came of such a line, all made sense."""
_SHARED = 0.5
_MEANT, _NEARLY_MEANT = 0.72, 0.6
"""So alike in meaning (cosine of static embeddings), alone or where half of the words are shared: read off the pairs of
the shipped evenings' lines and repertoires."""
_OTHER_WORD = 0.85
"""So alike in meaning where another question word begins it ("Who was your strangest guest?")."""
_ONE_WORD = 0.77
"""So alike are two questions that differ in one telling word which means the same ("job", "work"); those about a
brother and a sister are .73."""
_SAME_KIND = 0.8
"""The likeness in words and in meaning together, of two remarks of one kind."""
_OF_ONESELF = re.compile(r"\b(?:i|my|me|ich|mein\w*|mich|mir|yo|mi|mis)\b")
_TELL = re.compile(
    r"^(?:please |bitte |por favor )?(?:tell (?:me|us)|say something|describe|explain|erzähle? mir|erzähl|sage? mir"
    r"|erklär\w*|beschreib|dime|cuéntame|háblame|explícame|describe)\b|告诉我|说说|讲讲|讲一|教えて|聞かせて|話して"
)
_DENIES = re.compile(
    r"\b(?:not|never|nobody|nothing|cannot|(?:ca|wo|do|does|did|is|are|was|were|have|has|had|could|would|should)n['’]t"
    r"|nicht|nie|niemals|kein\w*|nunca|jamás)\b|^no\b(?!,)|不|没|ない(?!か)|ません(?!か)|なかった"
)
_WHY = re.compile(r"\b(?:why|how come|warum|wieso|weshalb|por qué)\b|为什么|なぜ|どうして")
_OF_MEASURE = frozenset({"long", "mani", "often", "old", "far", "big", "year"}) | frozenset(
    {"lang", "oft", "alt", "weit", "jahr", "cuant", "tiemp", "años"}
)
"""Stems of what "how" asks for, which say nothing of the matter."""
_QUESTION_WORD = re.compile(r"^(?:and |so |but |well )?(who|what|when|where|why|how|which|whose)\b")


def surely_meant(heard: str, asked: str, language: str, score: float, alike: float | None = None) -> bool:
    """Whether ``heard`` says what ``asked`` does. ``score`` is their likeness in words (0 to 1), ``alike`` in meaning
    (-1 to 1; ``None``: not known)."""
    said = uncalled(heard)
    if _wants_answer(said) != _wants_answer(asked) or _denies(said) != _denies(asked):
        return False
    if _asks_why(said) != _asks_why(asked):
        return False  # "Why do you like cats?" takes for granted what "Do you like cats?" asks
    if score >= SURE and same_matter(heard, asked, language):
        return True
    if alike is None or not said_alike(heard, asked):
        return False
    if _other_question_word(said, asked):
        return alike >= _OTHER_WORD and score >= _SHARED
    told, known = kind(said, language), kind(asked, language)
    if told is not None and known is not None and told is not known:
        return False  # a lost letter is no lost job
    if _one_word_apart(said, asked, language) and alike < _ONE_WORD:
        return False  # what is alike is the frame: "Are you an old man?", "Are you a kind man?"
    if alike >= _MEANT or (alike >= _NEARLY_MEANT and score >= _SHARED):
        return True
    return told is not None and told is known and not told.narrow and alike + score >= _SAME_KIND


def said_alike(heard: str, asked: str) -> bool:
    """Whether both ask or both tell, and both of whoever says it or neither."""
    said = uncalled(heard)
    return _wants_answer(said) == _wants_answer(asked) and tells_of_oneself(said) == tells_of_oneself(asked)


@lru_cache(maxsize=4096)
def uncalled(heard: str) -> str:
    """A line without whom it calls or greets."""
    return " ".join(map(without_call, sentences(heard)))


def same_matter(heard: str, asked: str, language: str) -> bool:
    """Whether two lines are about the same: neither has a telling word that the other lacks, or one has few more."""
    said = content(uncalled(heard), language)
    known = content(asked, language)
    if tells_of_oneself(heard) and not tells_of_oneself(asked):
        return False  # "What did I tell you about my work?" asks for what the visitor does
    if said == known:
        return True
    shared = len(said & known)
    return bool(shared) and shared > _SHARED * max(len(said), len(known)) and (said <= known or known <= said)


def other_matter(heard: str, asked: str, language: str) -> bool:
    """Whether two questions share no telling word but one of measure ("How long have you been here?", "... sober?")."""
    said = content(uncalled(heard), language) - _OF_MEASURE
    known = content(asked, language) - _OF_MEASURE
    return bool(said and known) and said.isdisjoint(known)


def _one_word_apart(heard: str, asked: str, language: str) -> bool:
    """Whether two questions that want a yes or a no share their telling words but for one, and are as long."""
    if not asks(heard) or any(_QUESTION_WORD.search(one.lower()) for one in (heard, uncalled(asked))):
        return False
    said, known = content(heard, language), content(uncalled(asked), language)
    return len(said - known) == 1 == len(known - said) and len(heard.split()) == len(asked.split())


@lru_cache(maxsize=4096)
def tells_of_oneself(line: str) -> bool:
    """Whether a line speaks of who says it, "tell me" left out."""
    return _OF_ONESELF.search(_TELL.sub("", line.lower())) is not None


@lru_cache(maxsize=4096)
def _denies(line: str) -> bool:
    """Whether a remark says that something is not so ("I don't love you."); a question asks for the same either way."""
    return not _wants_answer(line) and _DENIES.search(line.lower()) is not None


@lru_cache(maxsize=4096)
def _wants_answer(line: str) -> bool:
    return asks(line) or _TELL.search(line.lower()) is not None


def _asks_why(line: str) -> bool:
    return _WHY.search(line.lower()) is not None


def _other_question_word(heard: str, asked: str) -> bool:
    one, other = _QUESTION_WORD.search(heard.lower()), _QUESTION_WORD.search(asked.lower())
    return (one and one[1]) != (other and other[1])
