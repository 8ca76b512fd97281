"""Checks of how a character talks: length, words, form of address, catchphrases, language, repetition, drift."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from openroom.evals.checks.base import Check, Finding, Params, Scope, span
from openroom.evals.lexicon import find_pattern, find_word, words
from openroom.evals.played import PlayedReply
from openroom.language.detect import detect
from openroom.language.sentences import sentences
from openroom.language.text import normal

_CHARS = {"short": 320, "medium": 640, "long": 1400}


class _LengthParams(Params):
    most: int = Field(default=0, ge=0, le=20)
    """Sentences (0: as the card's voice says)."""


class Length(Check):
    """No reply is longer than the voice allows: sentences, and characters for those who never end one."""

    name, dimension, kind = "length", "voice", "length"
    Params = _LengthParams

    def look(self, scope: Scope, params: Any) -> Finding:
        voice = scope.card.voice
        most = params.most or voice.max_sentences
        flaws = []
        for reply in scope.said:
            count = len([one for one in sentences(reply.say) if normal(one)])
            # A two-word opener ("It is.") is not what makes a reply long.
            short = sum(len(normal(one).split()) <= 3 for one in sentences(reply.say))
            if count - min(short, 1) > most or len(reply.say) > _CHARS[voice.length]:
                flaws.append((f"{count} sentences, at most {most}", span(reply)))
        return self.verdict(flaws)


class Banned(Check):
    """No reply holds a word that the card or its harness bans, or talks like an assistant."""

    name, dimension, kind = "banned_words", "voice", "banned_words"

    def look(self, scope: Scope, params: Any) -> Finding:
        own = " ".join(example.say for example in scope.card.examples)
        banned = [*scope.card.voice.banned, *scope.card.guards.banned_words]
        banned += [word for word in words("assistant") if not find_word([word], own)]
        flaws = [
            (f"says {word!r}", span(reply, word)) for reply in scope.said if (word := find_word(banned, reply.say))
        ]
        return self.verdict(flaws)


class _AddressParams(Params):
    uses: bool = False
    """Whether the card's own form of address must occur in one of the replies."""
    any: tuple[str, ...] = ()


class Address(Check):
    """Nobody is called what the card rules out; with ``uses``, the card's form of address (or one of ``any``)
    occurs."""

    name, dimension, kind = "address", "voice", "address"
    Params = _AddressParams

    def look(self, scope: Scope, params: Any) -> Finding:
        never = scope.card.voice.never_address
        for reply in scope.said:
            if word := find_word(never, reply.say):
                return self.failed(f"calls somebody {word!r}", span(reply, word))
        wanted = [*params.any, *([scope.card.voice.address] if params.uses and scope.card.voice.address else [])]
        if wanted and not any(find_word(wanted, reply.say) for reply in scope.said):
            return self.failed(f"never says {' or '.join(wanted)}", *map(span, scope.said[:2]))
        return self.passed()


class _BandParams(Params):
    least: int = Field(default=0, ge=0, le=60)


class CatchphraseBand(Check):
    """Over many replies a catchphrase occurs at most as often as its rate allows (and ``least`` times)."""

    name, dimension, kind = "catchphrase", "voice", "catchphrase"
    Params = _BandParams

    def look(self, scope: Scope, params: Any) -> Finding:
        for phrase in scope.card.voice.catchphrases:
            held = [reply for reply in scope.said if find_word([phrase.text], reply.say)]
            most = math.ceil(phrase.rate * len(scope.said)) + 1
            if len(held) > most:
                return self.failed(f"{phrase.text!r} {len(held)} times, at most {most}", *map(span, held[:4]))
            if len(held) < params.least:
                return self.failed(f"{phrase.text!r} {len(held)} times, at least {params.least}")
        return self.passed()


class _RegisterParams(Params):
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Register(Check):
    """The replies, taken together, hold a word of ``any`` and none of ``none``; no lists, headings, markup or emoji."""

    name, dimension, kind = "register", "voice", "voice"
    Params = _RegisterParams

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws = []
        for reply in scope.said:
            found = find_pattern("markup", reply.say) or find_pattern("emoji", reply.say)
            if found:
                flaws.append((f"markup or emoji: {found!r}", span(reply, found)))
            if word := find_word(params.none, reply.say):
                flaws.append((f"says {word!r}", span(reply, word)))
        if not flaws and params.any and not any(find_word(params.any, reply.say) for reply in scope.said):
            flaws.append((f"none of {', '.join(params.any)}", span(scope.said[0])))
        return self.verdict(flaws)


class _LanguageParams(Params):
    is_: str = Field(default="", alias="is", pattern=r"^([a-z]{2})?$")


class Language(Check):
    """Every reply is in the language of the case (or ``is``). Replies too short to tell count as right."""

    name, dimension, kind = "language", "language", "language"
    Params = _LanguageParams

    def look(self, scope: Scope, params: Any) -> Finding:
        wanted = params.is_ or scope.case.language
        flaws = []
        for reply in scope.said:
            found = detect(reply.say)
            if found and found != wanted:
                flaws.append((f"speaks {found}, not {wanted}", span(reply)))
        return self.verdict(flaws)


class _RepeatParams(Params):
    openings: float = Field(default=0.5, gt=0, le=1)
    """At most so large a share of the replies may begin with the same three words."""


class NoRepeats(Check):
    """No sentence is said twice, no reply is nearly another one, and replies do not all begin alike."""

    name, dimension, kind = "no_repeats", "repetition", "repetition"
    Params = _RepeatParams

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws = []
        seen: dict[str, PlayedReply] = {}
        for reply in scope.said:
            for sentence in {normal(one): one for one in sentences(reply.say) if len(one) > 16}.items():
                if sentence[0] in seen:
                    flaws.append((f"says again: {sentence[1]!r}", span(reply, sentence[1])))
                seen[sentence[0]] = reply
        flaws += _near(scope.said)
        flaws += _openings(scope.said, params.openings)
        return self.verdict(flaws)


def _near(replies: Sequence[PlayedReply]) -> list[tuple[str, Any]]:
    flaws = []
    bags = [set(normal(reply.say).split()) for reply in replies]
    for index, bag in enumerate(bags):
        for other in range(max(0, index - 6), index):
            alike = len(bag & bags[other]) >= 0.8 * len(bag | bags[other])
            if alike and len(bag) >= 5 and normal(replies[index].say) != normal(replies[other].say):
                flaws.append(("nearly the same as an earlier reply", span(replies[index])))
    return flaws


def _openings(replies: Sequence[PlayedReply], share: float) -> list[tuple[str, Any]]:
    openings = Counter(" ".join(normal(reply.say).split()[:3]) for reply in replies)
    if len(replies) < 6:
        return []
    opening, count = openings.most_common(1)[0]
    if count / len(replies) <= share:
        return []
    held = next(reply for reply in replies if normal(reply.say).startswith(opening))
    return [(f"{count} of {len(replies)} replies begin {opening!r}", span(held))]


class _LikeParams(Params):
    text: str = Field(min_length=1, max_length=2000)
    most: float = Field(default=0.6, gt=0, le=1)


class NotLike(Check):
    """No reply is like a line that somebody disliked: at most the share ``most`` of their words is common."""

    name, dimension, kind = "not_like", "repetition", "repetition"
    Params = _LikeParams

    def look(self, scope: Scope, params: Any) -> Finding:
        bad = set(normal(params.text).split())
        flaws = []
        for reply in scope.said:
            bag = set(normal(reply.say).split())
            if len(bag & bad) > params.most * len(bag | bad):
                flaws.append(("says again what was disliked", span(reply)))
        return self.verdict(flaws)


class _DriftParams(Params):
    window: int = Field(default=8, ge=2, le=30)
    worse: float = Field(default=0.25, ge=0, le=1)
    """How much larger the share of flawed replies may be at the end than at the start."""
    ratio: float = Field(default=2.2, gt=1, le=10)
    """How much longer or shorter replies may be at the end."""


class Drift(Check):
    """The last replies are like the first: no more flaws of voice, about as long, the same language."""

    name, dimension, kind = "drift", "drift", "drift"
    Params = _DriftParams

    def look(self, scope: Scope, params: Any) -> Finding:
        said = scope.said
        if len(said) < 2 * params.window:
            return self.failed(f"only {len(said)} replies, expected {2 * params.window} or more")
        first, last = said[: params.window], said[-params.window :]
        before, after = _flawed(scope, first), _flawed(scope, last)
        if (len(after) - len(before)) / params.window > params.worse:
            return self.failed(f"{len(before)} flawed replies at the start, {len(after)} at the end", *map(span, after))
        ratio = _mean_length(last) / max(_mean_length(first), 1.0)
        if not 1 / params.ratio <= ratio <= params.ratio:
            return self.failed(f"replies have become {ratio:.1f} times as long", span(last[-1]))
        return self.passed()


def _flawed(scope: Scope, replies: Sequence[PlayedReply]) -> list[PlayedReply]:
    banned = [*scope.card.voice.banned, *scope.card.voice.never_address, *words("assistant"), *words("machinery")]
    most = scope.card.voice.max_sentences + 1
    return [
        reply
        for reply in replies
        if find_word(banned, reply.say)
        or len(sentences(reply.say)) > most
        or find_pattern("markup", reply.say)
        or find_pattern("stage_directions", reply.say)
        or detect(reply.say) not in ("", scope.case.language)
    ]


def _mean_length(replies: Sequence[PlayedReply]) -> float:
    return sum(len(re.sub(r"\s+", "", reply.say)) for reply in replies) / len(replies)


CHECKS = (Length, Banned, Address, CatchphraseBand, Register, Language, NoRepeats, NotLike, Drift)
