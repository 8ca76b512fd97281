"""Sense: what a reply is held against before anybody hears it, and what a small model is told so that it makes some."""

from __future__ import annotations

from collections.abc import Iterator

from openroom.cast.turn import greeting
from openroom.cast.turn.context import TurnContext
from openroom.core.state import State
from openroom.core.view import sights
from openroom.language import sense, slips
from openroom.language.detect import guess_language
from openroom.language.sense import Moment
from openroom.language.sentences import asks
from openroom.language.text import framed

_MAY = "(They ask whether they may: let them, in one short sentence.)"
_OWN_LINES = ("You are ", "Place: ")
"""How the lines of the prompt begin that may be said in other words' order: who one is, and where."""
_MOST_SIGHTS = 2


def moment(turn: TurnContext) -> Moment:
    """What each sentence of this turn is held against."""
    card, state = turn.character, turn.room.state
    return Moment(
        name=card.name,
        heard=turn.heard,
        visitor=turn.name(turn.trigger.by) if turn.trigger.by else "",
        others=tuple(state.name(who) for who in turn.others),
        known_as=state.name(turn.part.who),
        language=card.language,
        persona=f"{card.persona} {card.line} {card.appearance}",
        facts=tuple(text for fact in card.facts for text in (fact.text, *fact.answer)),
        authored=authored(turn),
        things=sense.seen([[one for one in _things(state) if one[0] not in _used(turn)]]),
        notes=tuple(line for line in turn.part.talk.waiting if line.startswith("(")),
        acts=bool(turn.offer.asked),
        sincere=turn.sincere,
        script=_script(turn),
        examples=tuple(line for line in turn.card.written if line not in turn.card.told.values()),
        lately=tuple(said.text for said in turn.part.talk.heard[-20:]),
        strict=turn.author_leads,
    )


def _script(turn: TurnContext) -> tuple[str, ...]:
    """What the prompt tells of others and of how to answer: no words of the character's. What is true of it may be
    said."""
    card = turn.character
    own = {f"- {line}" for fact in card.facts for line in (fact.text, turn.card.told.get(fact.id, ""))}
    lines = turn.part.prefix[0].content.splitlines() if turn.part.prefix else []
    told = f"{card.persona}\n{card.appearance}"
    return tuple(line for line in lines if line not in own and line not in told and not line.startswith(_OWN_LINES))


def authored(turn: TurnContext) -> tuple[str, ...]:
    """The lines that the author wrote for the character, as they stand."""
    card = turn.character
    examples, answers = (
        (one.say for one in (*turn.harness.examples, *turn.card.more)),
        (say for _, say in turn.card.answers),
    )
    return (*greeting.greetings(card), *card.voice.fallbacks, *examples, *answers)


def _things(state: State) -> Iterator[tuple[str, str, dict[str, object]]]:
    for prop, body in sorted(state.props.items(), key=lambda item: item[1].get("order", 0)):
        yield prop, body["name"], dict(body["state"])


def _used(turn: TurnContext) -> set[str]:
    """The things that are used in this turn: how they stand changes with it."""
    return {turn.offer.possible[one].prop for one in turn.offer.asked}


def coaching(turn: TurnContext) -> Iterator[str]:
    """The lines that help a small model to an answer: how the things stand that a question names, and what to do where
    somebody asks for leave. (To ask it for a question about what was told gave "What is it?" and worse.)"""
    heard = turn.heard
    if turn.trigger.why != "said" or not heard:
        return
    if asks(heard):
        yield from (f"({framed(look)})" for look in list(_looks(turn, heard))[:_MOST_SIGHTS])
        if slips.asks_leave(heard, guess_language(heard)) and not turn.offer.asked:
            yield _MAY


def _looks(turn: TurnContext, heard: str) -> Iterator[str]:
    """How the things stand that a line names."""
    code = guess_language(heard)
    state, seen = turn.room.state, sights(turn.room.state, turn.room.world)
    for prop, name, _ in _things(state):
        if prop in seen and slips.mentions_any(heard, slips.words_for(name, code), code):
            yield f"{name}: {seen[prop]}"
