"""Compose: the request of a turn, as the stable prompt, the talk, and the notes that this turn adds to it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from openroom.cast.turn import prompt
from openroom.cast.turn.context import TurnContext, Why
from openroom.cast.turn.contract import opening_anew, schema
from openroom.cast.turn.cue import cue
from openroom.cast.turn.deeds import Offer, offer, without_lacking
from openroom.cast.turn.facts import ASKED, SURELY, asked_about
from openroom.cast.turn.lore import find_lore
from openroom.cast.turn.recall import drop_forgotten, known_facts, note_memories
from openroom.cast.turn.sense import coaching
from openroom.core.actor import is_character
from openroom.core.character import Secret
from openroom.core.condense import fitted
from openroom.language.detect import ANSWER_IN, detect, guess_language
from openroom.language.honesty import asks_what_you_are
from openroom.language.matching import uncalled
from openroom.language.text import called, framed
from openroom.language.unknowns import cannot_know
from openroom.language.words import content, tokens
from openroom.ports.memory import Memory
from openroom.ports.model import Cue, Message, ModelRequest, Sampling
from openroom.ports.prompt import PromptPart, common

_REPLY_TOKENS = {"short": 160, "medium": 260, "long": 460}
_SAY_CHARS = {"short": 320, "medium": 640, "long": 1400}

_COOL = 0.15
"""A small model is asked to be no warmer: what it says that is unlikely is nonsense more often than wit."""
_WARM = 0.7
"""Another try is asked to be at least so warm."""
_TRIES_APART = 4
"""Another try of a small model begins with no letter with which one of so many before it began."""
_EMBEDDED = "en"
"""The language whose lines are compared by meaning: static embeddings know the others too poorly to be sure."""
_LEFT_AT_HAND = 2
"""So many facts that had no room in the stable prompt come in with a line that asks about them."""

_NOTE_WITHIN = 8
"""The room's note is told again when it stands in none of the last so many messages: it weighs less from afar."""

_NOTES: Mapping[Why, str] = {
    "nudged": "(It is your turn to speak.)",
    "autoplay": "(You may answer, or say nothing.)",
    "noticed": "(You may remark on it, or say nothing.)",
    "awaited": "(It is your go.)",
    "continued": "(Go on from where you stopped; do not say again what you have said.)",
}


async def compose(turn: TurnContext, memory: Memory) -> ModelRequest:
    """The request: stable prefix, talk, and at its end what is recalled and may be told now."""
    await drop_forgotten(turn, memory)
    if turn.part.resumed is not None and turn.part.resumed.noted and turn.trigger.again:
        return _anew(turn, await known_facts(turn, memory))
    known = await _add_notes(turn, memory)
    if turn.author_leads:
        for line in coaching(turn):
            turn.part.talk.note(line)
    if turn.offer.note:
        turn.part.talk.note(PromptPart("asked", turn.offer.note, ",".join(turn.offer.asked), rests_on=turn.about))
    if turn.not_known and not turn.is_understudy:
        unknown = prompt.unknown_note(turn.not_known)
        turn.part.talk.note(PromptPart("unknown", unknown, why="cannot know it", rests_on=turn.about))
    turn.part.keep(turn.room.state.head, noted=True)
    return _last(turn, known)


def _anew(turn: TurnContext, known: tuple[str, ...]) -> ModelRequest:
    """The request for another try where nothing has happened since the first: what was noted for that stands in the
    talk, and an engine has read it. What is ``known`` is so now, and so is the room's note."""
    _keep_in_mind(turn)
    return _last(turn, known)


def _last(turn: TurnContext, known: tuple[str, ...]) -> ModelRequest:
    """The request, with the wish for this try alone, and without what those who are here by now may not hear."""
    _withdraw(turn, turn.tellable(turn.hearers))
    if turn.trigger.wish:
        wish = PromptPart("wish", _wish_note(turn), why="wished for", rests_on=(turn.trigger.again,))
        turn.part.talk.note(wish)
    request = _request(turn, cue(turn, known))
    turn.party = common(part.party for message in request.messages for part in message.parts)
    turn.confidants = tuple(turn.hearers) if turn.part.told or turn.party is not None else ()
    return request


def _wish_note(turn: TurnContext) -> str:
    return f"({called(turn.name(turn.trigger.person))} would have your reply like this: {framed(turn.trigger.wish)})"


def forget_wish(turn: TurnContext) -> None:
    """What a reply should be like is said for that try alone."""
    if turn.trigger.wish:
        turn.part.talk.strike(_wish_note(turn))


async def by_author(turn: TurnContext, *, sure: bool, known: tuple[str, ...] = ()) -> ModelRequest:
    """The request to have the author's own lines played in this turn: with ``sure``, where one of them surely answers
    what was said. ``known`` are facts about who speaks."""
    played_from = cue(turn, known, by_author=True, sure=sure)
    if sure and turn.embedder is not None and played_from.language == _EMBEDDED:
        asked = list(dict.fromkeys(one for one, _ in (*played_from.lines, *played_from.answers)))
        alike = await asyncio.to_thread(turn.embedder.similar, uncalled(turn.heard), asked)
        played_from = replace(played_from, alike=dict(zip(asked, alike, strict=True)))
    return _request(turn, played_from)


def _request(turn: TurnContext, played_from: Cue) -> ModelRequest:
    length, prefix = turn.character.voice.length, _prefix(turn)
    form = schema(
        turn.character.emotions.can,
        turn.offer.menu,
        may_pass=turn.trigger.may_pass,
        max_chars=_SAY_CHARS[length],
        writes=turn.offer.writes,
    )
    if turn.is_local and turn.trigger.avoid:  # a second call for words that are others costs as much as the first
        form = opening_anew(form, turn.trigger.avoid[-_TRIES_APART:])
    return ModelRequest(
        messages=(*prefix, *turn.part.talk.messages(turn.masks(turn.hearers))),
        max_tokens=_REPLY_TOKENS[length],
        schema=form,
        sampling=_sampling(turn),
        purpose="turn",
        room=turn.room.id,
        character=turn.character.id,
        slot=_slot(turn),
        cue=played_from,
        person=turn.trigger.person,
        stable=len(prefix),
        opening=turn.part.opening,
    )


def for_understudy(turn: TurnContext, asked: ModelRequest) -> ModelRequest:
    """What a language model was asked, for the understudy that answers in its place: what can be done is found anew,
    and the talk stays as it is."""
    turn.offer = _offer(turn)
    return replace(asked, cue=cue(turn, asked.cue.memories if asked.cue else ()))


def warm(turn: TurnContext) -> ModelRequest:
    """The prompt as far as it stands, up to the name of whoever may speak next, for a local engine to read ahead; no
    words are asked for."""
    _withdraw(turn, turn.tellable(turn.hearers))
    _take_note_back(turn)
    prefix = _prefix(turn)
    return ModelRequest(
        messages=(*prefix, *_with_next(turn, turn.part.talk.messages(turn.masks(turn.hearers)))),
        max_tokens=1,
        purpose="warm",
        room=turn.room.id,
        character=turn.character.id,
        slot=_slot(turn),
        stable=len(prefix),
        opening=turn.part.opening,
    )


async def learn_lines(turn: TurnContext) -> None:
    """Look at the words of the author's lines before somebody waits for that: a quarter of a second, and then known."""
    played_from = cue(turn, ())
    lines = [one for pair in (*played_from.lines, *played_from.answers) for one in pair]
    await asyncio.to_thread(lambda: [tokens(line, played_from.language) for line in lines])


def _with_next(turn: TurnContext, talk: tuple[Message, ...]) -> tuple[Message, ...]:
    """The talk with the beginning of a next line, of the person who spoke last or else came last."""
    state = turn.room.state
    spoke = [said.actor for said in turn.part.talk.heard if state.is_here(said.actor)]  # whoever heard it: a name only
    likely = [who for who in (*state.here("player"), *spoke) if not is_character(who)][-1:]
    if not likely:
        return talk
    begun = PromptPart("next", f"{called(state.name(likely[0]))}:")
    if talk and talk[-1].role == "user":
        return (*talk[:-1], Message.of("user", (*talk[-1].parts, begun)))
    return (*talk, Message.of("user", [begun]))


def _slot(turn: TurnContext) -> str:
    return f"{turn.room.id}:{turn.character.id}"


def _sampling(turn: TurnContext) -> Sampling:
    chosen = turn.harness.sampling
    warmth = chosen.temperature
    if turn.author_leads:
        warmth = min(_COOL, _COOL if warmth is None else warmth)
    if turn.trigger.again:  # the same words again are no other try
        warmth = max(_WARM, warmth or 0.0)
    return Sampling(warmth, chosen.top_p, chosen.frequency_penalty, chosen.presence_penalty)


def _prefix(turn: TurnContext) -> tuple[Message, ...]:
    """The stable part, made anew only when the definitions, the cast or the version have changed."""
    part, world, terse, budget = turn.part, turn.room.world, turn.is_local, turn.budget
    key = (id(world), turn.harness.digest, terse, budget)
    if part.prefix_key != key:
        told = turn.card.told if turn.author_leads else None
        part.prefix = prompt.stable(
            turn.character, turn.harness, world, turn.room.state, budget=budget, terse=terse, told=told
        )
        part.opening = prompt.first_opening(world)
        part.talk.suit(turn.model.info)
        part.prefix_key, part.harness = key, turn.harness
    return part.prefix


def find_asked(turn: TurnContext) -> None:
    """Match what was heard with what is possible, and with the question what one is talking to."""
    turn.offer = _offer(turn)
    turn.sincere = asks_what_you_are(turn.heard, turn.character.name)
    knows = turn.character.knowledge
    turn.not_known = cannot_know(turn.heard, knows.unknown, knows.until)


def _offer(turn: TurnContext) -> Offer:
    # A language model hears another character's remark in the talk; only a person's request is pointed out to it.
    asking = turn.heard if turn.trigger.why == "said" or turn.is_understudy else ""
    found = offer(turn.room.state, turn.room.world, turn.actor, asking, turn.model.info.kind)
    return without_lacking(found, asking) if turn.author_leads or turn.is_understudy else found


async def _add_notes(turn: TurnContext, memory: Memory) -> tuple[str, ...]:
    """Truths that may come out now, lore, memories, rules for what was heard. Gives the facts recalled."""
    talk, heard, guards = turn.part.talk, turn.heard, turn.harness.guards
    behind = talk.answered  # before any note is added
    _introduce(turn)
    _confide(turn)
    lore = await find_lore(turn)
    for line in lore.early:
        talk.note(line)
    known = await note_memories(turn, memory)
    usual, least = (int(turn.author_leads), SURELY) if guards.facts_at_hand is None else (guards.facts_at_hand, ASKED)
    left, facts = fitted(turn.character, turn.budget).left, turn.character.facts
    translations = turn.character.translations
    near = asked_about(facts, _unnamed(turn, heard), usual, translations, least=least)
    near = near or asked_about(left, heard, _LEFT_AT_HAND, translations)
    if near:
        stated = prompt.fact_note([fact.say or fact.text for fact in near])
        talk.note(PromptPart("fact", stated, ",".join(fact.id for fact in near), "asked about", turn.about))
    for rule in turn.harness.triggered_rules(turn.trigger.why, heard):
        talk.note(PromptPart("rule", f"({rule.text})", rule.id, f"after: {turn.trigger.why}", turn.about))
    language = _language(turn, heard)
    if turn.trigger.why == "entered":
        greet = f"(Greet {called(turn.name(turn.trigger.by))} in your own way.)"
        talk.note(PromptPart("greet", greet, rests_on=(turn.trigger.seq,)))
    if language:
        talk.note(PromptPart("language", f"({ANSWER_IN[language]})", language, rests_on=turn.about))
    for line, depth in lore.late:
        talk.note(line, above=depth)
    _keep_in_mind(turn)
    if note := _NOTES.get(turn.trigger.why):
        talk.note(PromptPart("occasion", note, turn.trigger.why))
    if guards.reminder:
        talk.note(PromptPart("reminder", f"({guards.reminder})"))
    if behind and (waiting := next((said for said in talk.heard if said.seq == turn.trigger.seq), None)):
        asked = prompt.waiting_note(turn.name(waiting.actor), waiting.text)
        talk.note(PromptPart("waiting", asked, rests_on=(waiting.seq,)))
    return known


def _introduce(turn: TurnContext) -> None:
    """What may be known of the personas that are here stands in the talk."""
    for who in turn.others:
        person = turn.room.state.people[who]
        for persona in dict.fromkeys(
            (person.get("persona", ""), turn.trigger.persona if who == turn.trigger.by else "")
        ):
            told = person.get("personas", {}).get(persona, {})
            line = prompt.persona_note(told["name"], told["about"]) if told.get("about") else ""
            if line and not turn.part.talk.holds(line):
                turn.part.talk.note(PromptPart("visitor", line, persona, "who they are here"))


def _keep_in_mind(turn: TurnContext) -> None:
    """The room's note stands among the newest lines; another one takes its place."""
    _take_note_back(turn)
    line = _note_of(turn)
    turn.part.note = line
    if line and not turn.part.talk.holds(line, _NOTE_WITHIN):
        turn.part.talk.note(PromptPart("note", line, why="the room's note"))


def _note_of(turn: TurnContext) -> str:
    text = turn.room.state.note
    return prompt.author_note(text) if text else ""


def _take_note_back(turn: TurnContext) -> None:
    """The room's note of before is no more."""
    if turn.part.note and turn.part.note != _note_of(turn):
        turn.part.talk.strike(turn.part.note)
        turn.part.note = ""


def _unnamed(turn: TurnContext, heard: str) -> str:
    """A line without the character's name, which is called and not asked about."""
    return re.sub(rf"\b{re.escape(turn.character.name)}\b", " ", heard)


def _language(turn: TurnContext, heard: str) -> str:
    """The language to ask for: one that is new in the talk (of a newcomer, what they read); with a small model any
    but that of its prompt, into which it falls back. Empty where nothing needs to be said."""
    read = turn.trigger.language if turn.trigger.language in ANSWER_IN else ""
    spoken = detect(heard) or read or turn.part.language
    new, turn.part.language = spoken != turn.part.language, spoken
    return spoken if new or (turn.is_local and spoken != "en") else ""


def _confide(turn: TurnContext) -> None:
    """Note the secrets that may come out now, and take back those that may not."""
    part, told = turn.part, turn.tellable(turn.hearers)
    _withdraw(turn, told)
    if fresh := [one for one in told if one.id not in part.told and _comes_up(turn, one)]:
        confided = prompt.secret_note([secret.text for secret in fresh], turn.name(turn.trigger.by))
        part.told |= {secret.id: confided for secret in fresh}
        why = "; ".join(_why_now(secret) for secret in fresh)
        part.talk.note(PromptPart("secret", confided, ",".join(secret.id for secret in fresh), why))
    turn.confidants = tuple(turn.hearers) if part.told else ()


def _why_now(secret: Secret) -> str:
    """Why a secret may come out: its conditions, which hold."""
    after = f"after_turns: {secret.after_turns}" if secret.after_turns is not None else ""
    stage = f"after_stage: {secret.after_stage}" if secret.after_stage is not None else ""
    return ", ".join(one for one in (f"to: {' '.join(secret.to)}", after, stage) if one)


def _comes_up(turn: TurnContext, secret: Secret) -> bool:
    """Whether it is time to tell the model of a secret: a small one says at once, to whatever was said, what it has
    just been told."""
    if not turn.author_leads:
        return True
    about = " ".join((secret.text, secret.hint, *secret.words))
    return bool(content(_unnamed(turn, turn.heard), guess_language(turn.heard)) & content(about, guess_language(about)))


def _withdraw(turn: TurnContext, tellable_now: Sequence[Secret]) -> None:
    """Take back what was confided in others: it may not be told to all who would hear this reply."""
    part = turn.part
    told, may = part.told, {secret.id for secret in tellable_now}
    for note in {note for id, note in told.items() if id not in may}:
        part.talk.strike(note)
        part.told = {id: other for id, other in part.told.items() if other != note}
