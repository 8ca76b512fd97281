"""What a character may do in a turn, and what it does in the end: the model proposes, code decides.

A small local model does whatever it is shown and forgets what it was asked for. It is therefore shown nothing but a
prop that waits for it (a chess board): what a visitor asked for is matched with what is possible by code, told to
the model in one line, and done; a sentence that declines it is dropped (`guards.GuardRules.doing`), since the small
model declines out of ignorance, not out of character. A deed that it announces of itself is done as well. Other
models choose from the menu; only a deed that was both asked for and announced is added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openroom.cast.turn.contract import MAX_DEEDS, Reply
from openroom.cast.turn.prompt import doing_note
from openroom.core.actor import Actor
from openroom.core.choices import Option, options
from openroom.core.state import State, World
from openroom.language.detect import guess_language
from openroom.language.requests.item import MenuItem, without_asides
from openroom.language.requests.match import asked_for
from openroom.language.requests.wording import lacks_words
from openroom.language.sentences import sentences
from openroom.language.text import framed

MENU_LIMIT = 6
"""At most so many choices of one prop are offered to a character."""

_MOST_MATCHED = 120

_PROMISES = re.compile(
    r"(?:^|[,;:–—-] ?|\b(?:and|then|so|well|yes|here|there) )"
    r"(?:i'll|i will|i shall|let me|i'm going to|i am going to|i'm gonna)"
    r"(?: just| now| gladly| quickly| go and)? (?=[^.!?;])",
    re.IGNORECASE,
)
_STOPS = ".!?;"
_PUT_OFF = re.compile(r"\b(?:if|when|once|until|later|tomorrow|next time|someday|never|not|soon)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """``menu`` may stand in ``do``; ``asked`` was asked for; ``possible`` is all that could be done, by id."""

    menu: tuple[Option, ...]
    asked: tuple[str, ...]
    possible: Mapping[str, Option]
    local: bool
    waiting: bool
    go: str = ""
    """The most sensible choice of a prop that waits for the character; empty where none does."""
    lacking: tuple[str, ...] = ()
    """What was asked for in the name of who asks, without the words that it takes: it is asked after, and not done."""

    @property
    def writes(self) -> bool:
        """Whether the reply needs a free text."""
        return any(option.text for option in self.menu) or any(self.possible[one].text for one in self.asked)

    @property
    def doing(self) -> str:
        """What code has decided to do, in words; empty where the model decides."""
        labels = [self.possible[one].label for one in self.asked] if self.local else []
        # In the middle of a sentence, since a small model says it as it stands.
        return " and ".join(label[:1].lower() + label[1:] for label in labels)

    @property
    def spoken(self) -> str:
        """What a small model says that does what it was asked for and finds no new words for it, in English."""
        return f"I'll {without_asides(self.doing)}." if self.doing else ""

    @property
    def note(self) -> str:
        """The line that points out what was asked for, or what waits; empty if there is nothing."""
        wanted = [self.possible[one] for one in self.asked]
        if self.local and not self.waiting:
            return doing_note(self.doing) if self.doing else ""
        pointed = wanted if not self.waiting else [*wanted, *(one for one in self.menu if one not in wanted)]
        listed = "; ".join(f"{option.id} ({framed(option.label)})" for option in pointed)
        return f"(For do, now: {listed}.)" if listed else ""


def offer(state: State, world: World, actor: Actor, heard: str, kind: str) -> Offer:
    """What ``actor`` may do after ``heard`` (empty: nobody asked for anything); ``kind`` is that of the model."""
    every = options(state, world, actor)[:_MOST_MATCHED]
    possible = {option.id: option for option in every}
    asked = tuple(one for one in asked_for(heard, items(every)) if one in possible) if heard else ()
    waiting = {one for one in state.props if one in world.props and _awaits(state, world, one) == actor.id}
    if kind == "understudy":
        go = next((option.id for option in every if option.prop in waiting and not option.text), "")
        return Offer(tuple(every), asked, possible, False, False, go)
    menu = options(state, world, actor, MENU_LIMIT)
    if waiting:
        pointed = [option for option in menu if option.prop in waiting]
        return Offer(tuple(pointed if kind == "local" else menu), asked, possible, kind == "local", True)
    if kind == "local":
        return Offer((), asked, possible, True, False)
    known = {option.id for option in menu}
    return Offer((*menu, *(possible[one] for one in asked if one not in known)), asked, possible, False, False)


def without_lacking(given: Offer, heard: str) -> Offer:
    """The offer without what needs words that were not given ("Would you write a letter for me?")."""
    lacking = tuple(one for one in given.asked if given.possible[one].text)
    if not lacking or not lacks_words(heard, guess_language(heard)):
        return given
    return replace(given, asked=tuple(one for one in given.asked if one not in lacking), lacking=lacking)


def settle(reply: Reply, given: Offer) -> Reply:
    """The reply with the deeds that are to be done: see the module's docstring."""
    if not given.local and set(given.asked) <= set(reply.do):  # nothing that was announced could be added
        return replace(reply, do=tuple(dict.fromkeys(reply.do))[:MAX_DEEDS])
    announced = claimed(reply.say, tuple(given.possible.values()))
    if given.local:
        deeds = (*reply.do, *given.asked, *announced)
    else:
        deeds = (*reply.do, *(one for one in announced if one in given.asked))
    return replace(reply, do=tuple(dict.fromkeys(deeds))[:MAX_DEEDS])


def claimed(say: str, possible: Sequence[Option]) -> tuple[str, ...]:
    """Ids of what the words announce as done now ("I'll light the lamp"); promises for later do not count."""
    found: list[str] = []
    menu = items([option for option in possible if not option.text])
    for sentence in sentences(say):
        deed = _promised(sentence.replace("’", "'"))
        if deed and not _PUT_OFF.search(sentence):
            found.extend(asked_for(f"{deed}.", menu, language="en", limit=1))
    return tuple(dict.fromkeys(found))


def _promised(sentence: str) -> str:
    """What a sentence ends by promising, its marks left out; empty if it promises nothing."""
    said = sentence.rstrip(".!;…")
    last = max(map(said.rfind, _STOPS))  # what stands before a stop is not how it ends
    promise = _PROMISES.search(said, max(last, 0))
    return said[promise.end() :] if promise else ""


def items(menu: Sequence[Option]) -> tuple[MenuItem, ...]:
    """Options as the matcher and the understudy read them."""
    return tuple(MenuItem(option.id, option.label, option.words, option.also) for option in menu)


def _awaits(state: State, world: World, prop: str) -> str:
    return world.props[prop].awaits(state.of_prop(prop))
