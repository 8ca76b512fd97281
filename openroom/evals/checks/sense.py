"""Checks of sense: whether a reply can be an answer of this character to this line, in this room.

Each shows one mistake of small models (`openroom.language.sense`); how far they agree with people: docs/lab/sense.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openroom.evals.checks.base import Check, Finding, Scope, Span, span
from openroom.evals.played import PlayedReply, Thing
from openroom.language.sense import manner, page, room, said, who
from openroom.language.sense.moment import Flaw, Moment
from openroom.language.sense.nonsense import language_of
from openroom.language.sense.things import Rules, seen
from openroom.models.understudy import phrases


class _Sense(Check):
    """Looks at each reply by itself."""

    dimension = "sense"
    needs_reply = False
    flaw: Callable[[Moment, str, str], Flaw | None]

    def look(self, scope: Scope, params: Any) -> Finding:
        flaws: list[tuple[str, Span]] = []
        for reply in scope.said:
            code = language_of(reply.say, scope.case.language)
            if found := type(self).flaw(moment(scope, reply, code), reply.say, code):
                flaws.append((found[0], span(reply, found[1])))
        return self.verdict(flaws)


def moment(scope: Scope, reply: PlayedReply, code: str) -> Moment:
    """What one reply is held against."""
    card = scope.card
    visitor = scope.played.people.get(reply.by, "")
    before = reply.before or reply.after
    return Moment(
        name=card.name,
        heard=reply.heard,
        visitor=visitor,
        others=tuple(name for who, name in scope.played.people.items() if who != scope.played.character and name),
        address=card.voice.address,
        known_as=scope.played.name,
        language=card.language,
        persona=f"{card.persona} {card.line} {card.appearance}",
        facts=tuple(text for fact in card.facts for text in (fact.text, *fact.answer)),
        authored=(
            *(one.say for one in card.examples),
            *(one.say for one in card.repertoire),
            *card.voice.fallbacks,
            *card.voice.doing,
            card.greeting,
            *card.greetings,
        ),
        things=seen(
            (_plain(time) for time in (before, reply.after)),
            {thing.prop: Rules(thing.values, thing.names) for thing in reply.after},
        ),
        notes=tuple(text for role, text in reply.messages[-1:] if role == "user"),
        # A card's own fallbacks may be read as refusing in its way, so they pass.
        hedges=tuple(one.replace("{speaker}", visitor) for one in phrases.HEDGES.get(code, ())),
        acts=bool(reply.deeds),
    )


def _plain(things: tuple[Thing, ...]) -> list[tuple[str, str, Any]]:
    return [(thing.prop, thing.name, thing.state) for thing in things]


class CallsItself(_Sense):
    """No reply speaks to somebody by the character's own name."""

    name = kind = "calls_itself"
    flaw = staticmethod(who.calls_itself)


class OwnPart(_Sense):
    """No reply says to be the visitor, the room, or one of its things, nor goes by another name."""

    name = kind = "own_part"
    flaw = staticmethod(who.other_part)


class GivenBack(_Sense):
    """No reply tells the visitor to do what they have asked for."""

    name = kind = "given_back"
    flaw = staticmethod(said.given_back)


class TrueToRoom(_Sense):
    """No reply says of a thing that it is lit, off, open or closed, or in another condition, when it was not, neither
    before nor after."""

    name = kind = "true_to_room"
    flaw = staticmethod(room.untrue_to_room)


class SaidAloud(_Sense):
    """No reply says aloud what only stands on the page: notes of the stage, ids of deeds, keys of the form, what the
    character does as a narrator tells it."""

    name = kind = "said_aloud"
    flaw = staticmethod(page.said_aloud)


class NoService(_Sense):
    """No reply talks as a service does, out of nowhere: apologies for a fault that is none, offers of help that nobody
    wants, thanks taken that nobody gave."""

    name = kind = "no_service"
    flaw = staticmethod(manner.serves)


class TakesUp(_Sense):
    """No open question is answered with a yes, with words that fit after anything and take up none of the question, the
    card or the room, nor with one of the understudy's lines for whoever has no answer; and nothing but who it is where
    nobody spoke of that."""

    name = kind = "takes_up"
    flaw = staticmethod(said.takes_nothing_up)


class StaysInside(_Sense):
    """No reply says that the character is software where nobody asked."""

    name = kind = "stays_inside"
    flaw = staticmethod(manner.steps_out)


class Listens(_Sense):
    """No reply asks for the name that was just given."""

    name = kind = "listens"
    flaw = staticmethod(said.asks_what_was_said)


class OwnLife(_Sense):
    """No reply reads out the prompt: what it tells of others, or of the character as "you"."""

    name = kind = "own_life"
    flaw = staticmethod(page.reads_aloud)


CHECKS = (
    CallsItself,
    OwnPart,
    OwnLife,
    GivenBack,
    TrueToRoom,
    SaidAloud,
    NoService,
    StaysInside,
    Listens,
    TakesUp,
)
