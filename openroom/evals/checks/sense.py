"""Checks of sense: whether a reply can be an answer of this character to this line, in this room.

A good reply must hardly ever fail, so each check looks for one mistake of small models that can be shown; most nonsense
passes them. How far they agree with people: docs/lab/sense.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openroom.evals.checks.base import Check, Finding, Scope, Span, span
from openroom.evals.played import PlayedReply, Thing
from openroom.language import slips
from openroom.language.detect import guess_language
from openroom.language.sentences import sentences
from openroom.language.text import normal
from openroom.models.understudy import phrases

_FORM = re.compile(r"\"?\b(?:say|emotion|do)\"?\s*:\s*[\"\[{]|\b(?:emotion|do)\s*:\s*\w+$", re.IGNORECASE)
"""The keys in which a reply is written."""
_BRACKETS = re.compile(r"\(([^()\n]{12,400})\)")
_NOTE = 24
"""A sentence of so many letters that stands in a note is hardly in a reply by chance."""
_FLAGS: Mapping[str, tuple[slips.Way, slips.Way]] = {
    **dict.fromkeys(("lit", "on", "playing", "burning"), ("on", "off")),
    "open": ("open", "closed"),
    **dict.fromkeys(("shut", "closed"), ("closed", "open")),
}
"""What the commonest flags of a thing mean when they are set, and when they are not."""


class _Sense(Check):
    """Looks at each reply by itself: (why, the words) of a flaw, or nothing."""

    dimension = "sense"
    needs_reply = False

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws: list[tuple[str, Span]] = []
        for reply in scope.said:
            code = _language(scope, reply)
            if code and (flaw := self.flaw(scope, reply, code)):
                flaws.append((flaw[0], span(reply, flaw[1])))
        return self.verdict(flaws)

    def flaw(self, scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        """What is wrong with one reply in the language ``code``."""
        raise NotImplementedError


def _language(scope: Scope, reply: PlayedReply) -> str:
    """The language a reply is read in; empty for one whose words are not known."""
    wanted = scope.case.language
    code = guess_language(reply.say)
    short = code == "en" and wanted in slips.SLIPS  # English is what is guessed where nothing tells
    return wanted if short else code


class CallsItself(_Sense):
    """No reply speaks to somebody by the character's own name."""

    name = kind = "calls_itself"

    def flaw(self, scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        if slips.asks_who(reply.heard, code) or any(_same(one, scope) for one in _others(scope)):
            return None
        if slips.says_to_be(reply.heard, _own(scope), guess_language(reply.heard)):
            return None
        found = next((one for name in _own(scope) if (one := slips.calls_itself(reply.say, name, code))), "")
        return (f"calls somebody {scope.card.name}", found) if found else None


class OwnPart(_Sense):
    """No reply says to be the visitor, the room, or one of its things, nor goes by another name."""

    name = kind = "own_part"

    def flaw(self, scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        others = [name for name in _others(scope) if not _same(name, scope)]
        if found := slips.says_to_be(reply.say, others, code):
            return "says to be somebody else who is there", found
        if found := slips.other_name(reply.say, _all_of(scope), code):
            return "goes by another name", found
        things = [word for thing in reply.after for word in slips.words_for(thing.name, code)]
        own = " ".join((scope.card.persona.replace("You are", "I am"), *(one.say for one in scope.card.examples)))
        if slips.says_to_be_thing(own, things, scope.card.language):
            return None
        found = slips.says_to_be_thing(reply.say, things, code)
        return ("says to be the room or a thing in it", found) if found else None


class GivenBack(_Sense):
    """No reply tells the visitor to do what they have asked for."""

    name = kind = "given_back"

    def flaw(self, scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        if guess_language(reply.heard) != code:
            return None
        found = slips.given_back(reply.heard, reply.say, code)
        return ("gives the visitor's order back", found) if found else None


class TrueToRoom(_Sense):
    """No reply says of a thing that it is lit, off, open or closed when it was not, neither before nor after."""

    name = kind = "true_to_room"

    def flaw(self, scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        for thing in reply.after:
            same = [other for other in reply.after if set(_words(other, code)) & set(_words(thing, code))]
            for words in [(word,) for word in _words(thing, code)]:
                meant = [other for other in same if words[0] in _words(other, code)]
                claim = slips.claims(reply.say, words, code)
                if claim and meant and all(_contradicts(claim[0], other.prop, reply) for other in meant):
                    return f"{thing.name} is {slips.OPPOSITE[claim[0]]}", claim[1]
        return None


def _words(thing: Thing, code: str) -> tuple[str, ...]:
    return slips.words_for(thing.name, code)


def _contradicts(claimed: slips.Way, prop: str, reply: PlayedReply) -> bool:
    """Whether a thing was the opposite both before the turn and after it; of what can't be told, not."""
    ways = [_ways(thing) for time in (reply.before or reply.after, reply.after) for thing in time if thing.prop == prop]
    return bool(ways) and all(slips.OPPOSITE[claimed] in found and claimed not in found for found in ways)


def _ways(thing: Thing) -> set[slips.Way]:
    return {
        _FLAGS[key][0 if value else 1] for key, value in thing.state.items() if key in _FLAGS and value in (True, False)
    }


class SaidAloud(_Sense):
    """No reply says aloud what only stands on the page: notes of the stage, ids of deeds, keys of the form, what the
    character does as a narrator tells it."""

    name = kind = "said_aloud"

    def flaw(self, scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        for thing in reply.after:
            if found := re.search(rf"\b{re.escape(thing.prop)}\.[a-z_]{{2,}}\b", reply.say):
                return "says the id of a deed", found[0]
            if found := re.search(rf"(?:^|(?<=[.!?] )){re.escape(thing.name)}: \w+", reply.say):
                return "says how a thing stands on the stage", found[0]
        if found := _FORM.search(reply.say):
            return "says the form of a reply", found[0]
        if noted := _note(scope, reply):
            return "says a note of the stage aloud", noted
        return self._narrated(scope, reply, code)

    @staticmethod
    def _narrated(scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        card = scope.card
        own = " ".join((*(one.say for one in card.examples), *card.voice.fallbacks, card.greeting, *card.greetings))
        if slips.asks_who(reply.heard, code) or any(_same(one, scope) for one in _others(scope)):
            return None
        for name in _own(scope):
            if not slips.tells_of(own, name, card.language) and (found := slips.tells_of(reply.say, name, code)):
                return "tells what it does as a narrator would", found
        return None


def _note(scope: Scope, reply: PlayedReply) -> str:
    """A sentence of the reply that stands in a note of its prompt; facts of the card may be told."""
    prompts = " ".join(content for role, content in reply.messages[-1:] if role == "user")
    notes = [normal(one) for one in _BRACKETS.findall(prompts)]
    facts = normal(" ".join(fact.text for fact in scope.card.facts))
    for sentence in sentences(reply.say):
        plain = normal(sentence)
        if len(plain) >= _NOTE and plain not in facts and any(note.endswith(plain) or note == plain for note in notes):
            return sentence
    return ""


class NoService(_Sense):
    """No reply talks as a service does, out of nowhere: apologies for a fault that is none, offers of help that nobody
    wants, thanks taken that nobody gave."""

    name = kind = "no_service"

    def flaw(self, scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        found = slips.service(reply.heard, reply.say, _visitor(scope, reply), code)
        return ("talks as a service does, out of nowhere", found) if found else None


class TakesUp(_Sense):
    """No open question is answered with a yes, with words that fit after anything and take up none of the question, the
    card or the room, nor with one of the understudy's lines for whoever has no answer."""

    name = kind = "takes_up"

    def flaw(self, scope: Scope, reply: PlayedReply, code: str) -> tuple[str, str] | None:
        asked = guess_language(reply.heard)
        question = slips.open_question(reply.heard, scope.card.name, asked)
        if not question or reply.deeds:
            return None
        if yes := slips.says_yes(reply.say, code):
            return f"says yes to {question!r}", yes
        if _hedges(scope, reply, code) and not slips.shares_words(reply.say, [reply.heard], code):
            return f"fits after anything, and so not after {question!r}", reply.say
        if not slips.is_stock(reply.say, _visitor(scope, reply), code):
            return None
        return (
            None
            if slips.shares_words(reply.say, _known(scope, reply), code)
            else (
                f"takes up nothing of {question!r}",
                reply.say,
            )
        )


def _hedges(scope: Scope, reply: PlayedReply, code: str) -> bool:
    """Whether it is one of the understudy's lines for whoever has no answer. (A card's own fallbacks may be read as
    refusing in its way, so they pass.)"""
    hedges = phrases.HEDGES.get(code, ())
    return normal(reply.say) in {normal(one.replace("{speaker}", _visitor(scope, reply))) for one in hedges}


def _known(scope: Scope, reply: PlayedReply) -> Sequence[str]:
    """What a reply may take a word from: the line, the card, the things."""
    card = scope.card
    facts = [text for fact in card.facts for text in (fact.text, *fact.answer)]
    return [reply.heard, card.persona, card.line, card.appearance, *facts, *(one.name for one in reply.after)]


def _own(scope: Scope) -> Iterable[str]:
    """What the character is called: its name, and the first part of a longer one."""
    return dict.fromkeys((scope.card.name, scope.card.name.split()[0]))


def _all_of(scope: Scope) -> str:
    return f"{scope.card.name} {scope.played.name}"


def _others(scope: Scope) -> list[str]:
    return [name for who, name in scope.played.people.items() if who != scope.played.character and name]


def _same(name: str, scope: Scope) -> bool:
    return bool(set(normal(name).split()) & set(normal(_all_of(scope)).split()))


def _visitor(scope: Scope, reply: PlayedReply) -> str:
    return scope.played.people.get(reply.by, "")


CHECKS = (CallsItself, OwnPart, GivenBack, TrueToRoom, SaidAloud, NoService, TakesUp)
