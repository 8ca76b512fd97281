"""Deterministic guards: each sentence passes them before anybody sees it.

A guard drops a sentence (it breaks a rule) or ends the reply there (what follows is not the character's). Dropped
sentences leave a `Objection`; a reply of which nothing is left is repaired once, with the flaws as the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from openroom.language.addressed import Addressing
from openroom.language.by_name import named
from openroom.language.honesty import denies
from openroom.language.loops import ended, goes_round
from openroom.language.sense.moment import Moment
from openroom.language.sense.nonsense import nonsense
from openroom.language.sentences import Cutter, asks, sentences
from openroom.language.slips import only_greets, says_yes
from openroom.language.text import ends, first_word, normal, printable, width
from openroom.language.unknowns import claims_to_know, goes_on_about

_SPEAKER = re.compile(
    r"\s*(?P<mark>[*_]{0,3})[\[<「【]?(?P<name>[^\s:：*_\[<「【][^:：\n]{0,40}?)[\]>」】]?"
    r"(?:\s?[(（][^()（）:：\n]{1,30}[)）])?(?P<early>(?P=mark))?\s?[:：](?(early)|(?P=mark))\s*"
)
"""Who speaks, before a line: "Mira:", "**Mira:**", "[Mira]:", "Mira (smiling):", and with a full-width colon."""
_CALLED = re.compile(r"^\s*(?P<name>[^\W\d_][\w' -]{0,30}), ")
_ANYBODY = ("visitor", "user", "human")
"""What a model calls whom it talks with, where it writes their line too."""
_BOILERPLATE = re.compile(
    r"\bas an? (ai|artificial intelligence|language model|assistant)\b|\bhow (can|may) i (assist|help) you( today)?\b"
    r"|\bi('m| am) (just )?an? (ai )?(language model|virtual assistant)\b|\bis there anything else i can\b"
    r"|\b(?:can'?t|cannot|can not|(?:un)?able to) (?:discuss|engage in|talk about) (?:\w+ )?topics\b"
    r"|\bdiscuss politics\b",
    re.IGNORECASE,
)

_DECLINES = re.compile(
    r"\b(?:i|we)(?: \w+)? (?:can't|cannot|can not|won't|will not|would rather not|mustn't|must not|shouldn't|couldn't"
    r"|don't (?:have|know)|do not (?:have|know)|refuse|am not able|am unable|don't want|do not want|don't do that)\b"
    r"|\bi'?m (?:afraid|sorry)\b|\bi am (?:afraid|sorry)\b|\b(?:maybe|perhaps) (?:later|tomorrow|another time)\b"
    r"|^\W*(?:no|not (?:now|yet|tonight|today|here))\b(?!,? (?:hurry|problem|trouble|rush|worry|worries|matter))",
    re.IGNORECASE,
)

_SHORT = 12
"""A sentence that is no wider may be said again, within a line or as all of it: "Yes." answers many a question."""

_QUESTION_WORD = re.compile(
    r"\b(?:who|what|when|where|why|how|which|wer|was|wann|wo|warum|wie|welche\w*|quién|qué|cuándo|dónde|cómo|cuál)\b"
    r"|[谁誰何哪吗嗎]|什么|怎么|どこ|いつ|なぜ|どう"
)
_SIGH = re.compile(
    r"(?:oh|ah|aha|hm+|hey|well|my|dear|friend|darlings?|ach|ay|na"
    r"|(?:do )?you know what|guess what|wei(?:ß|ss)t du was|sabes (?:qué|una cosa)|你知道吗|知って(?:い)?る)"
    r"(?: (?:oh|ah|my|dear|friend|darlings?|so|yes|no|ja|nein|sí))*"
)
"""A sigh ("Oh, no!"), or what only says that something is to come."""
_FEW_WORDS = 2
"""A question of so many words ("Bread?", "The mist?") asks for nothing yet."""

_MOST_ECHOED = 1000
"""So much of another's line is held against what a character says."""
_LIKE_LATELY = 6
_LIKE_BEGINNING = 5
"""A small model that began a sentence with so many words in one of its last replies begins all of them so."""
_RUN, _RUNS_OF = 6, 40
"""So many words in a row are hardly said twice by chance; of so many of one's last lines they are looked for."""
_FACT_RUN = 4
"""A sentence with so many words of a fact in a row tells it, as often as it is asked for."""
_ECHO = 18
"""A sentence longer than so many letters is hardly said by two people by chance."""

FlawKind = Literal[
    "leak",
    "banned",
    "repeat",
    "echo",
    "boilerplate",
    "denies",
    "speaks_for_others",
    "too_long",
    "address",
    "declined",
    "nonsense",
    "unknown",
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
    authored: tuple[str, ...] = ()
    """Lines that the author wrote: none is cut for its length."""
    recites: bool = False
    """Whether it only says such lines (the understudy): then it may say them again, whoever said them last."""
    moment: Moment | None = None
    """What each sentence is held against, where a model may talk nonsense."""
    addressing: Addressing | None = None
    """How whom it answers is called, where its card orders that."""
    unknown: tuple[str, ...] = ()
    """Words it was asked about and cannot know; a sentence that claims to is dropped."""
    language: str = "en"
    """The language of what is answered."""
    by_name: bool = False
    """Whether it speaks of itself by its name."""
    instead: bool = False
    """Whether its author has other words for this turn: then not even a short line comes again."""


class SentenceGate:
    """Fed with text as it is written; gives the sentences that passed. ``shown`` is all that did."""

    def __init__(self, rules: GuardRules) -> None:
        self.rules = rules
        self.shown = ""
        self.flaws: list[Objection] = []
        self.ended = False
        self.circles = False
        """Whether it ended because it went round in circles: nothing that is still to be written is of use."""
        self._count = 0
        self._cutter = Cutter()
        self._shown = ""
        """``shown`` as `normal` has it."""
        self._passed: set[str] = set()
        """The sentences of ``shown``, as `normal` has them, without forms of address."""
        self._opener = ""
        """A question of a word or two ("Bread?"), shown with what follows: alone it is no answer."""
        self._claimed = ""
        """What it can't know and the sentence before, which was dropped, claimed to."""
        self._spare: list[str] = []
        """Short sentences that were held back as they had been a whole line before."""
        bare = rules.addressing.bare if rules.addressing is not None else str
        self._earlier = frozenset(bare(one) for line in rules.earlier for one in _told(line))
        lately = rules.earlier[-_LIKE_LATELY:] if self._strict else ()
        self._beginnings = frozenset(_beginning(bare(normal(one))) for line in lately for one in sentences(line)) - {""}
        cut = {bare(one) for line in lately for one in map(normal, sentences(line)) if width(one) <= _SHORT}
        self._habits = frozenset(one for one in cut if len(one.split()) > 1 and not says_yes(one, rules.language))
        """Short sentences of its last replies, as a small model appends them to anything ("You're here.")."""
        told = rules.moment.facts if rules.moment is not None else ()
        mine, told = (rules.earlier[-_RUNS_OF:], told) if self._strict else ((), ())
        self._mine = frozenset(
            run for line in mine for one in sentences(line) for run in _runs(bare(normal(one)), _RUN)
        )
        self._facts = frozenset(run for fact in told for run in _runs(normal(fact), _FACT_RUN))
        self._theirs = tuple(one for line in rules.heard for one in _echoes(line))
        self._authored = tuple(normal(line) for line in rules.authored)
        written = set(self._authored)
        self._begun = frozenset(_first(line) for line in rules.earlier if normal(line) in written)
        """How the author's lines that were said began: however short, it is how they would begin again."""

    def feed(self, piece: str) -> bool:
        """Take more text; whether ``shown`` grew."""
        if self.ended:
            return False
        grew = self._pass_all(self._cutter.feed(piece))
        if self._strict and (upto := goes_round(self._cutter.held)):
            return self._stop_at(upto) or grew
        if len(self._cutter.held) > self.rules.max_chars:  # it is too long, however it may end
            grew = self.close() or grew
        return grew

    def _stop_at(self, upto: int) -> bool:
        """End the reply where the sentence that is being written goes round in circles."""
        begun = ended(self._cutter.held[:upto])
        self._cutter, self.circles = Cutter(), True
        grew = self._pass_all([begun] if begun else [])
        self.ended = True
        return grew

    @property
    def unfinished(self) -> bool:
        """Whether what is held is the beginning of a sentence, without its end."""
        return self._cutter.unfinished

    def close(self) -> bool:
        """The text has ended: what is held is the last sentence; whether ``shown`` grew."""
        rest = self._cutter.rest()
        if self._strict:  # a small model stops in the middle of a list, as if it were the end
            rest = [ended(one) if one.rstrip().endswith((",", ";", "，", "、", "；")) else one for one in rest]
        grew = self._pass_all([one for one in rest if one])
        if self._opener and not self.shown:
            why = f"{self._opener.strip()!r} alone is no answer"
            self.flaws.append(Objection("nonsense", self._opener, why))
        return grew or self._give_short_answer()

    def _give_short_answer(self) -> bool:
        """A short line that was said before is left out before other words; if there are none, it is the answer, unless
        its author has some."""
        if self.shown or not self._spare or len(self.flaws) > len(self._spare):
            return False
        if self.rules.instead:
            self.flaws.clear()
            return False
        self.shown = "".join(self._spare)
        if self.rules.addressing is not None:
            self.shown = self.rules.addressing.put(self.shown, "")
        self.flaws.clear()
        return True

    def _pass_all(self, found: Sequence[str]) -> bool:
        grew = False
        for sentence in found:
            if self.ended:
                break
            grew = self._pass(sentence) or grew
        return grew

    def _pass(self, sentence: str) -> bool:
        sentence = self._without_own_name(sentence)
        if not printable(sentence):
            return False
        if self.rules.by_name:
            sentence = named(sentence, self.rules.own_name)
        address = self.rules.addressing
        if address is not None:
            sentence = address.without_never(sentence, self.shown)
        so_far = f"{self._shown} {normal(sentence)}".strip()
        if self._strict and self._only_calls(sentence):
            return False
        flaw = self._flaw(sentence, so_far)
        if flaw is not None:
            self.flaws.append(flaw)
            # What follows a refusal gives its reasons.
            self.ended = flaw.kind in ("speaks_for_others", "too_long") or (flaw.kind == "declined" and self._strict)
            return False
        self._shown = so_far
        self._passed.add(self._bare(sentence))
        self._count += 1
        strict = self._strict
        written = strict and self._is_authored(so_far)
        puzzled = bool(first_word(self.rules.unknown, sentence))  # "Money?" is all it should say of what it can't know
        fragment = strict and not (written or puzzled) and self._is_fragment(sentence)
        fragment = fragment or self._only_greets(sentence)
        if fragment and not self.shown and not self._opener:
            self._opener = f"{sentence.rstrip()} "
            return False
        sentence, self._opener = self._opener + sentence, ""
        self.shown += address.put(sentence, self.shown) if address is not None else sentence
        # What a small model says after a question is the visitor's answer to it.
        self.ended = strict and asks(sentence) and not (fragment or written)
        return True

    @property
    def _strict(self) -> bool:
        """Whether a small model speaks."""
        return self.rules.moment is not None and self.rules.moment.strict

    def _is_fragment(self, sentence: str) -> bool:
        """Whether a sentence is a word or two with a question mark ("Bread?"), or only a sigh ("Oh!") or a beginning
        ("You know what?"), a form of address not counted."""
        plain = self._bare(sentence)
        if _SIGH.fullmatch(" ".join(re.findall(r"\w+", plain))):
            return True
        few = len(plain.split()) <= _FEW_WORDS if plain.isascii() else width(plain) <= _SHORT
        return asks(sentence) and few and not _QUESTION_WORD.search(plain)

    def _only_greets(self, sentence: str) -> bool:
        """Whether a sentence greets and no more, where something is asked: what follows may answer it."""
        at = self.rules.moment
        asked = at is not None and at.strict and any(map(asks, sentences(at.heard)))
        return asked and only_greets(sentence, self.rules.language)

    def _bare(self, sentence: str) -> str:
        address = self.rules.addressing
        return normal(sentence) if address is None else address.bare(normal(sentence))

    def _only_calls(self, sentence: str) -> bool:
        """Whether a sentence is a form of address and nothing else ("My sprout!")."""
        address = self.rules.addressing
        return address is not None and bool(address.address) and normal(sentence) == normal(address.address)

    def _without_own_name(self, sentence: str) -> str:
        """Without "Mira: ", or at the beginning "Mira, ", before the words: a small model calls itself by name."""
        found = _SPEAKER.match(sentence) or (_CALLED.match(sentence) if self._count == 0 else None)
        if found is None or normal(found["name"]) != normal(self.rules.own_name):
            return sentence
        rest = sentence[found.end() :]
        return rest[:1].upper() + rest[1:]

    def _flaw(self, sentence: str, so_far: str) -> Objection | None:
        """What is wrong with it; ``so_far`` is all that is said with it, as `normal` has it."""
        rules, authored = self.rules, self._is_authored(so_far)
        if rules.max_sentences and not authored and self._count >= rules.max_sentences:
            return Objection("too_long", sentence, f"at most {rules.max_sentences} sentences")
        if len(self.shown) + len(sentence) > rules.max_chars:
            return Objection("too_long", sentence, f"at most {rules.max_chars} characters")
        found = _SPEAKER.match(sentence)
        if found and normal(found["name"]) in {normal(name) for name in (*rules.other_names, *_ANYBODY)}:
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
        if denies(sentence, asked=rules.honest, before=self.shown):
            asked = "that was a sincere question; say that you are software"
            return Objection("denies", sentence, asked if rules.honest else "never claim that you are no software")
        if (unknown := self._claims(sentence)) and not authored:
            return Objection("unknown", sentence, f"you never heard of {unknown}; ask what it is")
        if rules.doing and declines(sentence):
            return Objection("declined", sentence, f"you can, and you do it now: {rules.doing}")
        if rules.recites and authored:
            return None
        goes_on = authored and self._count > 0  # how an author's line goes on needs no looking at
        if rules.moment is not None and not goes_on and (flaw := nonsense(rules.moment, sentence, rules.language)):
            return Objection("nonsense", sentence, f"it {flaw[0]}")
        return self._again(sentence, so_far) if rules.loop_detection else None

    def _claims(self, sentence: str) -> str:
        """What it cannot know and this sentence claims to, by itself or as it goes on about it."""
        rules, before = self.rules, self._claimed
        if not rules.unknown:
            return ""
        found = claims_to_know(sentence, rules.unknown, rules.language, first=not self._count)
        self._claimed = found or (before if before and goes_on_about(sentence, rules.language) else "")
        return self._claimed

    def _again(self, sentence: str, so_far: str) -> Objection | None:
        """Whether it was said before: by itself, by another, or as the whole line, however it is cut into sentences."""
        plain, address = normal(sentence), self.rules.addressing
        bare = (plain, so_far) if address is None else (address.bare(plain), address.bare(so_far))
        begun = self._strict and not self.shown and plain in self._begun
        said = begun or any(one in self._earlier for one in bare) or bare[0] in self._passed | self._habits
        if said and not first_word(self.rules.phrases, sentence):
            if width(sentence.strip()) <= _SHORT:
                self._spare.append(sentence)
            return Objection("repeat", sentence, "you said that before; say something new")
        tells = self._is_authored(so_far) or not self._facts.isdisjoint(_runs(bare[0], _FACT_RUN))
        if not self.rules.unknown and not tells and _beginning(bare[0]) in self._beginnings:
            return Objection("repeat", sentence, "you began like that a moment ago; say something else")
        if not tells and not self._mine.isdisjoint(_runs(bare[0], _RUN)):
            return Objection("repeat", sentence, "most of that you said before; say something new")
        begins = self._strict and bool(self.flaws) and not self._count
        if begins and any(line.endswith(f" {plain}") for line in self._authored):
            return Objection("repeat", sentence, "that is the rest of a line of yours; say something new")
        if any(theirs in plain for theirs in self._theirs):
            return Objection("echo", sentence, "those are the words of another; answer in your own")
        return None

    def _is_authored(self, so_far: str) -> bool:
        """Whether all that is said so far is how a line of the author's begins."""
        return any(f"{line} ".startswith(f"{so_far} ") for line in self._authored)


# A line is looked at in turn after turn, so it is cut once.


@lru_cache(maxsize=1024)
def _told(line: str) -> tuple[str, ...]:
    """What is not to be said again of a line: its sentences, and the whole of it."""
    return (*(normal(one) for one in sentences(line) if width(one) > _SHORT), normal(line))


@lru_cache(maxsize=1024)
def _first(line: str) -> str:
    return normal(next(iter(sentences(line)), ""))


def _beginning(plain: str) -> str:
    """The first words of a sentence that has more than these; empty for others."""
    words = plain.split()
    return " ".join(words[:_LIKE_BEGINNING]) if len(words) > _LIKE_BEGINNING else ""


def _runs(plain: str, length: int) -> tuple[str, ...]:
    """All so many words in a row."""
    words = plain.split()
    return tuple(" ".join(words[at : at + length]) for at in range(len(words) - length + 1))


@lru_cache(maxsize=1024)
def _echoes(line: str) -> tuple[str, ...]:
    """The sentences of another's line that are long enough to be known again."""
    longer = (one for one in sentences(ends(line, _MOST_ECHOED)) if len(one) > _ECHO)
    return tuple(plain for one in longer if len(plain := normal(one)) > _ECHO)


def declines(sentence: str) -> bool:
    """Whether a sentence declines what was asked for."""
    return _DECLINES.search(sentence.replace("’", "'")) is not None


def repair_note(flaws: Sequence[Objection]) -> str:
    """The line that asks for another try."""
    reasons = "; ".join(dict.fromkeys(flaw.why for flaw in flaws)) or "answer with one JSON object as agreed"
    return f"(That was not it: {reasons}. Answer again.)"
