"""Compose: the request of a turn, as the stable prompt, the talk, and the notes that this turn adds to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openroom.cast.turn import prompt
from openroom.cast.turn.context import TurnContext, Why
from openroom.cast.turn.contract import schema
from openroom.cast.turn.cue import cue
from openroom.cast.turn.deeds import offer
from openroom.cast.turn.facts import asked_about
from openroom.cast.turn.lore import find_lore
from openroom.cast.turn.recall import note_memories
from openroom.core.character import Secret
from openroom.core.harness import Harness
from openroom.language.detect import ANSWER_IN, detect
from openroom.language.honesty import asks_what_you_are
from openroom.language.text import called
from openroom.ports.memory import Memory
from openroom.ports.model import Message, ModelRequest, Sampling

_REPLY_TOKENS = {"short": 160, "medium": 260, "long": 460}
_SAY_CHARS = {"short": 320, "medium": 640, "long": 1400}

_NOTES: Mapping[Why, str] = {
    "nudged": "(It is your turn to speak.)",
    "autoplay": "(You may answer, or say nothing.)",
    "noticed": "(You may remark on it, or say nothing.)",
    "awaited": "(It is your go.)",
}


async def compose(turn: TurnContext, memory: Memory) -> ModelRequest:
    """The request: stable prefix, talk, and at its end what is recalled and may be told now."""
    known = await _add_notes(turn, memory)
    _find_asked(turn)
    length = turn.character.voice.length
    return ModelRequest(
        messages=(*_prefix(turn), *turn.part.talk.messages()),
        max_tokens=_REPLY_TOKENS[length],
        schema=schema(
            turn.character.emotions.can,
            turn.offer.menu,
            may_pass=turn.trigger.may_pass,
            max_chars=_SAY_CHARS[length],
            writes=turn.offer.writes,
        ),
        sampling=_sampling(turn.harness),
        purpose="turn",
        room=turn.room.id,
        character=turn.character.id,
        slot=_slot(turn),
        cue=cue(turn, known),
        person=turn.trigger.person,
    )


def warm(turn: TurnContext) -> ModelRequest:
    """The prompt as far as it stands, for a local engine to read ahead; no words are asked for."""
    _withdraw(turn, turn.tellable(turn.hearers))
    return ModelRequest(
        messages=(*_prefix(turn), *turn.part.talk.messages()),
        max_tokens=1,
        purpose="warm",
        room=turn.room.id,
        character=turn.character.id,
        slot=_slot(turn),
    )


def _slot(turn: TurnContext) -> str:
    return f"{turn.room.id}:{turn.character.id}"


def _sampling(harness: Harness) -> Sampling:
    chosen = harness.sampling
    return Sampling(chosen.temperature, chosen.top_p, chosen.frequency_penalty, chosen.presence_penalty)


def _prefix(turn: TurnContext) -> tuple[Message, ...]:
    """The stable part, made anew only when the definitions, the cast or the version have changed."""
    part, world, terse = turn.part, turn.room.world, turn.is_local
    key = (id(world), turn.harness.digest, terse)
    if part.prefix_key != key:
        part.prefix = prompt.stable(turn.character, turn.harness, world, turn.room.state, terse=terse)
        part.talk.terse = terse
        part.prefix_key, part.harness = key, turn.harness
    return part.prefix


def _find_asked(turn: TurnContext) -> None:
    """Match what was heard with what is possible, and point out what fits."""
    # A language model hears another character's remark in the talk; only a person's request is pointed out to it.
    asking = turn.heard if turn.trigger.why == "said" or turn.is_understudy else ""
    turn.offer = offer(turn.room.state, turn.room.world, turn.actor, asking, turn.model.info.kind)
    turn.sincere = asks_what_you_are(turn.heard, turn.character.name)
    if turn.offer.note:
        turn.part.talk.note(turn.offer.note)


async def _add_notes(turn: TurnContext, memory: Memory) -> tuple[str, ...]:
    """Truths that may come out now, lore, memories, rules for what was heard. Gives the facts recalled."""
    talk, heard, guards = turn.part.talk, turn.heard, turn.harness.guards
    _confide(turn)
    lore = await find_lore(turn)
    for line in lore.early:
        talk.note(line)
    known = await note_memories(turn, memory)
    if near := asked_about(turn.character.facts, heard, guards.facts_at_hand or 0):
        talk.note(prompt.fact_note([fact.text for fact in near]))
    for rule in turn.harness.triggered_rules(turn.trigger.why, heard):
        talk.note(f"({rule.text})")
    language = _language(turn, heard)
    if turn.trigger.why == "entered":
        talk.note(f"(Greet {called(turn.name(turn.trigger.by))} in your own way.)")
    if language:
        talk.note(f"({ANSWER_IN[language]})")
    for line in lore.late:
        talk.note(line)
    if note := _NOTES.get(turn.trigger.why):
        talk.note(note)
    if guards.reminder:
        talk.note(f"({guards.reminder})")
    if talk.answered and (waiting := next((said for said in talk.heard if said.seq == turn.trigger.seq), None)):
        talk.note(prompt.waiting_note(turn.name(waiting.actor), waiting.text))
    return known


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
    if fresh := [secret for secret in told if secret.id not in part.told]:
        confided = prompt.secret_note([secret.text for secret in fresh], turn.name(turn.trigger.by))
        part.told |= {secret.id: confided for secret in fresh}
        part.talk.note(confided)
    turn.confidants = tuple(turn.hearers) if part.told else ()


def _withdraw(turn: TurnContext, tellable_now: Sequence[Secret]) -> None:
    """Take back what was confided in others: it may not be told to all who would hear this reply."""
    part = turn.part
    for note, between in list(part.between.items()):
        if not between.all_of(turn.hearers):
            part.talk.strike(note)
            del part.between[note]
            part.recalled -= between.memories
    told, may = part.told, {secret.id for secret in tellable_now}
    for note in {note for id, note in told.items() if id not in may}:
        part.talk.strike(note)
        part.told = {id: other for id, other in part.told.items() if other != note}
