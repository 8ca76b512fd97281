"""Checks against the card: facts and contradictions, the limits of knowledge."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field

from openroom.core.character import Fact
from openroom.evals.checks.base import Check, Finding, Params, Scope, span
from openroom.evals.lexicon import find_affirmed, find_word, lexicon, words


class _FactParams(Params):
    fact: str
    evade: bool = False
    """Whether not answering is allowed (for traps, where only a false answer counts)."""


class FactCheck(Check):
    """Asked about a fact of the card, the reply holds one of its ``answer`` words and none of its ``wrong`` ones."""

    name, dimension = "fact", "facts"
    Params = _FactParams

    def look(self, scope: Scope, params: Any) -> Finding:
        fact = _fact(scope, params.fact)
        if fact is None:
            return self.failed(f"the card has no fact {params.fact!r}", kind="facts")
        for reply in scope.said:
            if wrong := find_affirmed(fact.wrong, reply.say):
                return self.failed(f"contradicts the card: {fact.text}", span(reply, wrong), kind="contradiction")
        for reply in scope.said:
            if find_word(fact.answer, reply.say):
                return self.passed(span(reply))
        if params.evade or not fact.answer:
            return self.passed()
        return self.failed(f"does not say it: {fact.text}", *map(span, scope.said[:2]), kind="facts")


class _Words(Params):
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    fact: str = Field(default="", max_length=300)
    """What the words stand for, as the card says it: told in the finding instead of the words."""


class Says(Check):
    """The replies hold one of ``any`` and every one of ``all``. With ``fact`` it looks for something that the card says
    and its keys do not hold."""

    name, dimension, kind = "says", "facts", "facts"
    Params = _Words

    def look(self, scope: Scope, params: Any) -> Finding:
        text = "\n".join(reply.say for reply in scope.said)
        missing = [word for word in params.all if not find_word([word], text)]
        if params.fact and (missing or (params.any and not find_word(params.any, text))):
            return self.failed(f"does not say it: {params.fact}", *map(span, scope.said[:2]))
        if missing:
            return self.failed(f"does not say {', '.join(missing)}", *map(span, scope.said[:2]))
        if params.any and not find_word(params.any, text):
            return self.failed(f"says none of {', '.join(params.any)}", *map(span, scope.said[:2]))
        return self.passed(*map(span, scope.said[:1]))


class _Never(Params):
    words: tuple[str, ...]
    denied: bool = True
    """Whether a word that is denied (``not coffee``) is allowed."""


class SaysNot(Check):
    """No reply holds one of ``words``."""

    name, dimension, kind = "says_not", "facts", "contradiction"
    Params = _Never

    def look(self, scope: Scope, params: Any) -> Finding:
        find = find_affirmed if params.denied else find_word
        flaws = [
            (f"says {word!r}", span(reply, word)) for reply in scope.said if (word := find(params.words, reply.say))
        ]
        return self.verdict(flaws)


class _Topic(Params):
    topic: str = ""
    gives_away: tuple[str, ...] = ()
    year: int | None = Field(default=None, ge=-5000, le=3000)


_WHAT_IS = (
    r"\bwh(?:at|o)(?:'s| is| are| was| were) (?:an? |the |this |that )?{of}\b"
    r"|\bwas (?:ist|sind) (?:ein\w* |der |die |das )?{of}\b|\bqué (?:es|son) (?:el |la |los |las |un[oa]? )?{of}\b"
    r"|什么是{of}|{of}是(?:什么|谁)|{of}(?:とは|って)?(?:何|なん)"
)


class DoesNotKnow(Check):
    """Asked about what it can't know, the character does not talk as if it knew: no word that gives knowledge away
    (``gives_away`` and the topic's list), no claim of use, and the topic is not taken up without a sign of
    puzzlement."""

    name, dimension, kind = "does_not_know", "knowledge", "knowledge"
    Params = _Topic

    def look(self, scope: Scope, params: Any) -> Finding:
        telling = [*params.gives_away, *_topic_words(params.topic)]
        flaws = []
        for reply in scope.said:
            heard = find_word(telling, reply.heard)
            told = [word for word in telling if word != heard]
            puzzled = bool(find_word(words("puzzled"), reply.say)) or _asks_what_is(params.topic, reply.say)
            if word := find_affirmed(told, reply.say):
                flaws.append((f"knows of {word!r}", span(reply, word)))
            elif word := find_affirmed(words("claims_knowledge"), reply.say):
                flaws.append((f"claims to know {params.topic or 'it'}", span(reply, word)))
            elif not puzzled and params.topic and find_word([params.topic], reply.say):
                flaws.append((f"takes up {params.topic!r} as if known", span(reply)))
        return self.verdict(flaws)


def _asks_what_is(topic: str, say: str) -> bool:
    """Whether it asks what the topic is ("What is television?")."""
    of = re.escape(topic.casefold())
    wondering = _WHAT_IS.replace("{of}", of)
    return bool(topic) and re.search(wondering, say.casefold().replace("’", "'")) is not None


def _topic_words(topic: str) -> list[str]:
    held = topic.casefold()
    return [word for key, found in lexicon().topics.items() if key in held for word in found]


class WrongFacts(Check):
    """No reply affirms a ``wrong`` word of the facts whose question it answers (the standing form of `FactCheck`)."""

    name, dimension, kind = "no_contradiction", "facts", "contradiction"
    needs_reply = False

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws = [
            (f"contradicts the card: {fact.text}", span(reply, word))
            for reply in scope.said
            for fact in scope.card.facts
            if reply.heard in fact.ask and (word := find_affirmed(fact.wrong, reply.say))
        ]
        return self.verdict(flaws)


def _fact(scope: Scope, fact_id: str) -> Fact | None:
    return next((fact for fact in scope.card.facts if fact.id == fact_id), None)


CHECKS = (FactCheck, Says, SaysNot, DoesNotKnow, WrongFacts)
