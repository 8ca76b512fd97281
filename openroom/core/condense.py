"""What of a long character fits a prompt: sentences of the persona and facts, chosen by code, or by a model when the
card came in (`openroom.core.character.KeptFirst`): what it named goes first, as far as it still is of this persona.

The author's file holds the whole persona; nothing there is shortened. What a model with little room reads is chosen
when its prompt is composed, so another model reads more of the same file. The choice depends on the text, the name and
the budget alone: the same bytes each turn, which a prefix cache keeps. Nothing is worded anew: each sentence stands as
its author wrote it, and its span of the original is known, that of what is left out too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from openroom.core.character import Character, Fact
from openroom.language.sentences import spans
from openroom.language.tokens import estimate_tokens

ALWAYS_WHOLE = 2000
"""A persona of so many characters is never shortened."""

_OPENING, _LEADS, _NAMED, _TRUE, _EXACT, _TOLD = 4.0, 1.0, 2.0, 1.5, 1.0, -9.0
"""What a sentence is worth: one of the first two; the first of its paragraph; with the name; that says what is so;
with a number or a name in it; an instruction to a model."""
_NEVER = -1.0
"""What is worth less is left out even where there is room."""
_LONG = 60
"""A sentence of more tokens than this is worth a tenth less for each so many, up to nine."""
_SO = re.compile(
    r"\b(?:is|are|was|were|has|have|had|lives?|works?|born|grew|wears?|owns?|keeps?|loves?|hates?|likes?|fears?|never|"
    r"always|cannot|can't|don't|doesn't|wants?|calls?|speaks?)\b",
    re.IGNORECASE,
)
_NUMBER_OR_NAME = re.compile(r"\d|(?<=[a-z,] )[A-Z][a-z]+")
_TO_A_MODEL = re.compile(
    r"\b(?:stay|remain|keep) in character\b|\b(?:replies|responses?|paragraphs?|asterisks?|roleplay|role-play)\b"
    r"|^\W*(?:write|describe|respond|do not (?:write|speak)|never (?:write|speak) (?:for|as))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Budget:
    """Tokens for parts of a prompt: ``talk`` before it is cut, ``persona`` and ``facts`` before some are left out."""

    talk: int = 800
    persona: int = 500
    facts: int = 700


@dataclass(frozen=True, slots=True)
class Condensed:
    """``text`` is what fits; ``kept`` and ``left`` are spans of the original, in its order."""

    text: str
    kept: tuple[tuple[int, int], ...]
    left: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """A character as it fits: its persona and the facts that stand in every prompt. ``left`` are the other facts:
    they come in when they are asked about."""

    persona: Condensed
    facts: tuple[Fact, ...]
    left: tuple[Fact, ...]

    def report(self, persona: str) -> list[str]:
        """What is left out, in the author's words: sentences of the ``persona`` it was made of, and facts."""
        return [*(persona[start:end] for start, end in self.persona.left), *(fact.text for fact in self.left)]


def fitted(character: Character, budget: Budget) -> Fitted:
    """What of a character fits."""
    facts = _facts(character.facts, budget.facts)
    first = character.condensed.spans(character.persona) if character.condensed else ()
    persona = condense(character.persona, character.name, budget.persona, first)
    return Fitted(persona, facts, character.facts[len(facts) :])


@lru_cache(maxsize=64)
def condense(text: str, name: str, most: int, first: tuple[tuple[int, int], ...] = ()) -> Condensed:
    """The text in at most ``most`` tokens (`estimate_tokens`): its best sentences, in its order. One of at most
    `ALWAYS_WHOLE` characters stays whole. Sentences that are named ``first`` by their spans go before all others, in
    that order; an order to a model stays out all the same."""
    if len(text) <= ALWAYS_WHOLE or estimate_tokens(text) <= most:
        return Condensed(text, ((0, len(text)),))
    found = list(spans(text))
    worth = {span: _worth(text, span, at, name) for at, span in enumerate(found)}
    named = {span: at for at, span in enumerate(dict.fromkeys(first))}
    room, kept = most, set[tuple[int, int]]()
    for span in sorted(found, key=lambda one: (named.get(one, len(named)), -worth[one], one)):
        cost = cost_of(text, span)
        if cost <= room and worth[span] > _NEVER:
            kept.add(span)
            room -= cost
    if found and not kept:  # one endless sentence: as much of it as fits
        start, end = found[0]
        while estimate_tokens(text[start:end]) > most:
            end = start + (end - start) * 9 // 10
        return Condensed(text[start:end], ((start, end),), ((end, found[0][1]), *found[1:]))
    chosen = tuple(span for span in found if span in kept)
    return Condensed(_joined(text, chosen), chosen, tuple(span for span in found if span not in kept))


def cost_of(text: str, span: tuple[int, int]) -> int:
    """Tokens that a sentence takes of the budget."""
    return estimate_tokens(text[span[0] : span[1]]) + 1


def is_order(sentence: str) -> bool:
    """Whether a sentence tells a model how to write, and nothing of the character."""
    return _TO_A_MODEL.search(sentence) is not None


def _joined(text: str, chosen: Sequence[tuple[int, int]]) -> str:
    """The sentences, with a line break where one stood between them."""
    parts = [text[start:end] for start, end in chosen[:1]]
    for (_, before), (start, end) in pairwise(chosen):
        parts += ["\n" if "\n" in text[before:start] else " ", text[start:end]]
    return "".join(parts)


def _worth(text: str, span: tuple[int, int], at: int, name: str) -> float:
    start, end = span
    sentence = text[start:end]
    worth = _OPENING if at < 2 else 0.0
    worth += _LEADS if "\n" in text[max(0, start - 2) : start] else 0.0
    worth += _NAMED if any(part in sentence for part in (name, name.partition(" ")[0])) else 0.0
    worth += _TRUE if _SO.search(sentence) else 0.0
    worth += _EXACT if _NUMBER_OR_NAME.search(sentence) else 0.0
    worth += _TOLD if is_order(sentence) else 0.0
    return worth - 0.1 * min(estimate_tokens(sentence) // _LONG, 9)


def _facts(facts: Sequence[Fact], most: int) -> tuple[Fact, ...]:
    """The first ones, as many as fit."""
    room, count = most, 0
    for fact in facts:
        room -= estimate_tokens(fact.text) + 2
        if room < 0:
            break
        count += 1
    return tuple(facts[:count])
