"""Deterministic guards: each sentence passes them before anybody sees it.

A guard drops a sentence (it breaks a rule) or ends the reply there (what follows is not the character's). Dropped
sentences leave a `Objection`; a reply of which nothing is left is repaired once, with the flaws as the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openroom.language.honesty import denies
from openroom.language.sentences import END, sentences
from openroom.language.text import first_word, normal, printable

_SPEAKER = re.compile(r"^\s*[*_]*([^\s:*_][^:\n]{0,30}?)[*_]*\s*:\s*")
_CALLED = re.compile(r"^\s*([^\W\d_][\w' -]{0,30}), ")
_BOILERPLATE = re.compile(
    r"\bas an? (ai|artificial intelligence|language model|assistant)\b|\bhow (can|may) i (assist|help) you( today)?\b"
    r"|\bi('m| am) (just )?an? (ai )?(language model|virtual assistant)\b|\bis there anything else i can\b",
    re.IGNORECASE,
)

_DECLINES = re.compile(
    r"\b(?:i|we)(?: \w+)? (?:can't|cannot|can not|won't|will not|would rather not|mustn't|must not|shouldn't|couldn't"
    r"|don't (?:have|know)|do not (?:have|know)|refuse|am not able|am unable|don't want|do not want|don't do that)\b"
    r"|\bi'?m (?:afraid|sorry)\b|\bi am (?:afraid|sorry)\b|\b(?:maybe|perhaps) (?:later|tomorrow|another time)\b"
    r"|^\W*(?:no|not (?:now|yet|tonight|today|here))\b(?!,? (?:hurry|problem|trouble|rush|worry|worries|matter))",
    re.IGNORECASE,
)

_ECHO = 18
"""A sentence longer than so many letters is hardly said by two people by chance."""

FlawKind = Literal[
    "leak", "banned", "repeat", "echo", "boilerplate", "denies", "speaks_for_others", "too_long", "address", "declined"
]


@dataclass(frozen=True, slots=True)
class Objection:
    """What a guard found: its kind, the sentence, and the reason in words that a model understands."""

    kind: FlawKind
    sentence: str
    why: str


@dataclass(frozen=True, slots=True)
class GuardRules:
    """What the guards of one turn look for. Words are matched whole, case and width ignored."""

    own_name: str
    other_names: tuple[str, ...] = ()
    secret_words: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    never_address: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    max_sentences: int = 0
    max_chars: int = 2000
    loop_detection: bool = True
    doing: str = ""
    """What is being done while the reply is spoken; a sentence that declines it is dropped. Empty: nothing."""
    phrases: tuple[str, ...] = ()
    """Catchphrases: they may be said again."""
    overused: tuple[str, ...] = ()
    """Catchphrases that were said too lately."""
    heard: tuple[str, ...] = ()
    """Lines of others; a whole sentence of theirs is not given back."""
    honest: bool = False
    """Whether somebody sincerely asked what it is: then a bare "A real person!" claims it too."""


class SentenceGate:
    """Fed with text as it is written; gives the sentences that passed. ``shown`` is all that did."""

    def __init__(self, rules: GuardRules) -> None:
        self.rules = rules
        self.shown = ""
        self.flaws: list[Objection] = []
        self.ended = False
        self._count = 0
        self._held = ""
        told = [s for line in rules.earlier for s in sentences(line) if len(s) > 12]
        self._earlier = frozenset(normal(one) for one in (*told, *rules.earlier))
        theirs = (normal(one) for line in rules.heard for one in sentences(line))
        self._theirs = tuple(one for one in theirs if len(one) > _ECHO)

    def feed(self, piece: str) -> bool:
        """Take more text; whether ``shown`` grew."""
        self._held += piece
        grew = False
        while not self.ended and (found := END.search(self._held)) is not None:
            if found.end() == len(self._held) and not found.group(4):
                break
            sentence, self._held = self._held[: found.end()], self._held[found.end() :]
            grew = self._pass(sentence) or grew
        return grew

    def close(self) -> bool:
        """The text has ended: what is held is the last sentence; whether ``shown`` grew."""
        rest, self._held = self._held, ""
        return bool(rest.strip()) and not self.ended and self._pass(rest)

    def _pass(self, sentence: str) -> bool:
        if self._count == 0:
            sentence = self._without_own_name(sentence)
        flaw = self._flaw(sentence)
        if flaw is not None:
            self.flaws.append(flaw)
            self.ended = flaw.kind in ("speaks_for_others", "too_long")
            return False
        if not printable(sentence):
            return False
        self.shown += sentence
        self._count += 1
        return True

    def _without_own_name(self, sentence: str) -> str:
        """Without "Mira: " or "Mira, " before the words: a small model calls itself by name."""
        found = _SPEAKER.match(sentence) or _CALLED.match(sentence)
        if found is None or normal(found.group(1)) != normal(self.rules.own_name):
            return sentence
        rest = sentence[found.end() :]
        return rest[:1].upper() + rest[1:]

    def _flaw(self, sentence: str) -> Objection | None:
        rules = self.rules
        if rules.max_sentences and self._count >= rules.max_sentences:
            return Objection("too_long", sentence, f"at most {rules.max_sentences} sentences")
        if len(self.shown) + len(sentence) > rules.max_chars:
            return Objection("too_long", sentence, f"at most {rules.max_chars} characters")
        found = _SPEAKER.match(sentence)
        if found and normal(found.group(1)) in {normal(name) for name in (*rules.other_names, "visitor")}:
            return Objection("speaks_for_others", sentence, f"speak only for {rules.own_name}")
        checks: tuple[tuple[FlawKind, tuple[str, ...], str], ...] = (
            ("leak", rules.secret_words, "that is not to be told; speak of something else"),
            ("banned", rules.banned, 'never say "{}"'),
            ("address", rules.never_address, 'never call anybody "{}"'),
            ("repeat", rules.overused, 'you said "{}" a moment ago; leave it out'),
        )
        for kind, words, why in checks:
            if word := first_word(words, sentence):
                return Objection(kind, sentence, why.replace("{}", word))
        if _BOILERPLATE.search(sentence):
            return Objection("boilerplate", sentence, f"talk as {rules.own_name} talks, not as an assistant")
        if denies(sentence, asked=rules.honest):
            asked = "that was a sincere question; say that you are software"
            return Objection("denies", sentence, asked if rules.honest else "never claim that you are no software")
        if rules.doing and declines(sentence):
            return Objection("declined", sentence, f"you can, and you do it now: {rules.doing}")
        if rules.loop_detection and self._said(sentence) and not first_word(rules.phrases, sentence):
            return Objection("repeat", sentence, "you said that before; say something new")
        if rules.loop_detection and any(theirs in normal(sentence) for theirs in self._theirs):
            return Objection("echo", sentence, "those are the words of another; answer in your own")
        return None

    def _said(self, sentence: str) -> bool:
        """Whether it was said before, or makes the whole line one that was, however it is cut into sentences."""
        return normal(sentence) in self._earlier or normal(self.shown + sentence) in self._earlier


def declines(sentence: str) -> bool:
    """Whether a sentence declines what was asked for."""
    return _DECLINES.search(sentence.replace("’", "'")) is not None


def repair_note(flaws: Sequence[Objection]) -> str:
    """The line that asks for another try."""
    reasons = "; ".join(dict.fromkeys(flaw.why for flaw in flaws)) or "answer with one JSON object as agreed"
    return f"(That was not it: {reasons}. Answer again.)"
