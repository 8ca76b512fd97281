"""Sense: what a reply is held against before anybody hears it, and what a small model is told so that it makes some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openroom.cast.turn import greeting
from openroom.cast.turn.addressing import unaddressed
from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.facts import asked_about
from openroom.cast.turn.prompt import told_looks
from openroom.core.choices import foreseen
from openroom.core.event import Said
from openroom.core.prop import Prop, PropState
from openroom.core.state import State, World
from openroom.core.view import sights
from openroom.language import slips
from openroom.language.by_name import says_first
from openroom.language.detect import guess_language
from openroom.language.matching import tells_of_oneself, uncalled
from openroom.language.own_name import asks_own_name, known_name, names_to_say, told_name
from openroom.language.sense.moment import Moment
from openroom.language.sense.things import Rules, Seen, seen
from openroom.language.sentences import asks, sentences
from openroom.language.text import called, framed, normal
from openroom.language.told import told_again
from openroom.language.words import content
from openroom.ports.prompt import PromptPart

_MAY = "(They ask whether they may: let them, in one short sentence.)"
_OWN_LINES = ("You are ", "Place: ")
"""How the lines of the prompt begin that may be said in other words' order: who one is, and where."""
_MOST_SIGHTS = 2
_MOST_TOLD = 3


def moment(turn: TurnContext) -> Moment:
    """What each sentence of this turn is held against."""
    card, state = turn.character, turn.room.state
    return Moment(
        name=card.name,
        heard=turn.heard,
        visitor=turn.name(turn.trigger.by) if turn.trigger.by else "",
        others=tuple(state.name(who) for who in turn.others),
        address=card.voice.address,
        known_as=state.name(turn.part.who),
        language=card.language,
        persona=f"{card.persona} {card.line} {told_looks(card.appearance)}",
        facts=tuple(text for fact in card.facts for text in (fact.text, *fact.answer)),
        beside=_beside(turn) if turn.author_leads else (),
        authored=authored(turn),
        things=_seen(turn),
        notes=tuple(line for line in turn.part.talk.waiting if line.startswith("(")),
        acts=bool(turn.offer.asked),
        doing=turn.offer.doing,
        sincere=turn.sincere,
        script=_script(turn),
        examples=_for_other_moments(turn),
        lately=tuple(said.text for said in turn.part.talk.heard),
        vows=_vows(turn),
        unknown=tuple(card.knowledge.unknown),
        strict=turn.author_leads,
        by_name=turn.card.by_name,
    )


def _for_other_moments(turn: TurnContext) -> tuple[str, ...]:
    """The author's answers to something, and what goes with a deed where nothing is done."""
    answers = (line for line in turn.card.written if line not in turn.card.told.values())
    return (*answers, *(() if turn.offer.asked else map(turn.spoken, turn.character.voice.doing)))


def _vows(turn: TurnContext) -> tuple[str, ...]:
    """What the character never does: its boundaries, and facts that say so."""
    card = turn.character
    code = guess_language(card.persona)
    return (*card.boundaries, *(fact.text for fact in card.facts if slips.is_vow(fact.text, code)))


def _beside(turn: TurnContext) -> tuple[str, ...]:
    """Facts that have nothing to do with what was asked: that neither share a word with it, nor answer a question that
    is put so ("What do you do?" shares no word with what it is answered with)."""
    facts, heard = turn.character.facts, turn.heard
    asked = [one for one in sentences(heard) if asks(one)] or [heard]
    near = {fact.id for one in asked for fact in asked_about(facts, one, len(facts), least=0.0)}
    put = {_put(one) for one in asked}
    near |= {fact.id for fact in facts if any(_put(ask) in put for ask in fact.ask)}
    return tuple(turn.card.told.get(fact.id, fact.text) for fact in facts if fact.id not in near)


def _put(question: str) -> str:
    """How a question is put, whoever it calls."""
    return normal(uncalled(question)).strip(" ?!.？。")


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
        dict.fromkeys(say for _, say in turn.card.answers),
    )
    return (*greeting.greetings(card), *card.voice.fallbacks, *card.voice.doing, *examples, *answers)


def written(turn: TurnContext) -> tuple[str, ...]:
    """Those of them that somebody wrote: what code made of a plain card's facts is no line of its author's."""
    made = {one.id for one in turn.card.examples}
    return (*turn.card.written, *(one.say for one in turn.harness.examples if one.id not in made))


def _things(state: State) -> Iterator[tuple[str, str, dict[str, object]]]:
    for prop, body in sorted(state.props.items(), key=lambda item: item[1].get("order", 0)):
        yield prop, body["name"], dict(body["state"])


def rules_of(state: State, world: World) -> dict[str, Rules]:
    """What is known of the things of a room beside how they stand now."""
    return {prop: _rules(world.props.get(prop), body["name"]) for prop, body in state.props.items()}


def _rules(rules: Prop | None, name: str) -> Rules:
    if rules is None:
        return Rules()
    return Rules(rules.values, {code: texts[name] for code, texts in rules.translations.items() if name in texts})


def _seen(turn: TurnContext) -> tuple[Seen, ...]:
    """The things as they stand, and as they will when what is asked for is done; without those of which that can't be
    told."""
    state, changed = turn.room.state, _foreseen(turn)
    now = [one for one in _things(state) if changed.get(one[0], one[2]) is not None]
    then = [(prop, name, changed.get(prop) or stands) for prop, name, stands in now]
    return seen([now, then], rules_of(state, turn.room.world))


def _foreseen(turn: TurnContext) -> dict[str, PropState | None]:
    """By the things that are used in this turn, how they will stand; ``None``: that can't be told."""
    room, found = turn.room, dict[str, PropState | None]()
    for option in (turn.offer.possible[one] for one in turn.offer.asked):
        stands = found.get(option.prop, room.state.of_prop(option.prop))
        found[option.prop] = stands and foreseen(option, stands, room.world, turn.actor, room.clock())
    return {prop: stands and _shown(stands, room.world.props[prop].hidden) for prop, stands in found.items()}


def _shown(stands: PropState, hidden: Sequence[str]) -> PropState:
    return {key: value for key, value in stands.items() if key not in hidden}


def coaching(turn: TurnContext) -> Iterator[PromptPart]:
    """The lines that help a small model to an answer: how the things stand that a question names, and what to do where
    somebody asks for leave. (To ask it for a question about what was told gave "What is it?" and worse.)"""
    heard = turn.heard
    if turn.trigger.why != "said" or not heard:
        return
    if asks(heard):
        for look in list(_looks(turn, heard))[:_MOST_SIGHTS]:
            yield PromptPart("told", f"({framed(look)})", why="how it stands", rests_on=turn.about)
        if slips.asks_what_one_said(heard, guess_language(heard)) and (told := list(_told_before(turn))):
            yield _at_hand(turn, told)
        if slips.asks_leave(heard, guess_language(heard)) and not turn.offer.asked:
            yield PromptPart("asked", _MAY, why="asks leave", rests_on=turn.about)


def _at_hand(turn: TurnContext, told: Sequence[Said]) -> PromptPart:
    """The note of what somebody told; one that quotes a whisper is left out before others."""
    note = f"({called(turn.name(turn.trigger.by))} told you: {framed(' '.join(one.text for one in told))})"
    return PromptPart("told", note, why="asks what they told", rests_on=(*turn.about, *(one.seq for one in told)))


def recalled(turn: TurnContext, known: Sequence[str]) -> str:
    """What answers a question about what who asks told before: from their lines in this talk, else from the facts
    ``known``, in a sentence of ours. Empty where it is no such question, or nothing is surely what is asked for."""
    heard = turn.heard
    code = guess_language(heard)
    if turn.trigger.why != "said" or not (asks_own_name(heard, code) or slips.asks_what_one_said(heard, code)):
        return ""
    lines = [said.text for said in _theirs(turn)]
    if asks_own_name(heard, code):
        return _own_name(turn, lines, known)
    said = told_again(heard, lines, known, turn.name(turn.trigger.by), code)
    return "" if turn.card.by_name and says_first(said, code) else said


def _own_name(turn: TurnContext, lines: Sequence[str], known: Sequence[str]) -> str:
    """The name that they gave here, that is remembered, or that they came in with; in words that were not said yet."""
    code, called_here = guess_language(turn.heard), turn.name(turn.trigger.by)
    given = {told: at for at, line in enumerate(lines) if (told := told_name([line], guess_language(line)))}
    name = max(given, key=lambda one: given[one], default="") or known_name(known, called_here) or called_here
    ways, said = names_to_say(name, code), unaddressed(turn, turn.said)
    return next((way for way in ways if way not in said), ways[turn.trigger.seq % len(ways)] if ways else "")


def _theirs(turn: TurnContext) -> Iterator[Said]:
    """The lines of who asks that all who will hear the reply have heard, questions left out."""
    before = [one for one in turn.part.talk.heard if turn.all_know(one)][:-1]
    yield from (one for one in before if turn.is_theirs(one) and not asks(one.text))


def _told_before(turn: TurnContext) -> Iterator[Said]:
    """What who asks told of themselves: the line that shares most words with the question, else the last few. What was
    whispered counts only where nobody else hears the reply."""
    code = guess_language(turn.heard)
    mine = [said for said in _theirs(turn) if tells_of_oneself(said.text)]
    shared = {said.seq: len(content(said.text, code) & content(turn.heard, code)) for said in mine}
    best = max(shared.values(), default=0)
    yield from [said for said in mine if shared[said.seq] == best][-1:] if best else mine[-_MOST_TOLD:]


def _looks(turn: TurnContext, heard: str) -> Iterator[str]:
    """How the things stand that a line names."""
    code = guess_language(heard)
    state, seen = turn.room.state, sights(turn.room.state, turn.room.world)
    for prop, name, _ in _things(state):
        if prop in seen and slips.mentions_any(heard, slips.words_for(name, code), code):
            yield f"{name}: {seen[prop]}"
