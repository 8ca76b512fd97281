"""Recall: what a character remembers that is worth having in a turn, and that its talk does not hold already."""

from __future__ import annotations

from collections.abc import Sequence, Set

from openroom.cast.turn import prompt
from openroom.cast.turn.context import TurnContext
from openroom.core.actor import is_character
from openroom.core.persona import mask_now
from openroom.language import slips
from openroom.language.detect import guess_language
from openroom.language.own_name import asks_own_name
from openroom.ports.memory import Memory
from openroom.ports.memory_rows import Recall, Remembered
from openroom.ports.prompt import PromptPart

_RECALLED_CHARS = 240
"""So much of what it remembers a model on this machine is told in one turn: it reads 35 tokens a second."""


async def note_memories(turn: TurnContext, memory: Memory) -> tuple[str, ...]:
    """Note what is worth remembering now; what is not for everybody in a note of its own, left out before others.

    Gives all facts that were recalled, those that the talk holds already too.
    """
    found = await memory.recall(_query(turn))
    recalled = _fresh(turn, found)
    parties = dict.fromkeys(one.private_to for one in recalled)
    for party in parties:
        turn.part.talk.note(_note(turn, [one for one in recalled if one.private_to == party]))
    return _facts(found)


async def known_facts(turn: TurnContext, memory: Memory) -> tuple[str, ...]:
    """All facts that are recalled now; nothing is noted."""
    return _facts(await memory.recall(_query(turn)))


async def drop_forgotten(turn: TurnContext, memory: Memory) -> None:
    """Take back what was recalled and is not remembered so any more: it was forgotten, erased, undone or corrected,
    here or in another room."""
    part, forgotten = turn.part, getattr(memory, "forgotten", 0)  # a memory of somebody's own need not know
    if part.forgotten == forgotten:
        return
    part.forgotten = forgotten
    rests = {one: {*one.elsewhere, *((turn.room.id, seq) for seq in one.rests_on)} for one in part.talk.notes("memory")}
    still = await memory.still(part.who, {event for events in rests.values() for event in events})
    corrected: Set[str] = getattr(memory, "corrected", frozenset())
    for note, events in rests.items():
        held = set(note.name.split(","))
        if not events <= still or held & corrected:
            part.talk.strike(note.text)
            part.recalled -= held


async def known_of_speaker(turn: TurnContext, memory: Memory) -> tuple[str, ...]:
    """The facts about who speaks that anybody may hear, where they ask what they told; nothing is noted."""
    code = guess_language(turn.heard)
    if not (slips.asks_what_one_said(turn.heard, code) or asks_own_name(turn.heard, code)):
        return ()
    found = await memory.recall(_query(turn))
    return tuple(
        one.text
        for one in found
        if one.kind == "fact" and one.subject == turn.mask(turn.trigger.by) and not one.private_to
    )


def _facts(found: Sequence[Remembered]) -> tuple[str, ...]:
    return tuple(one.text for one in found if one.kind == "fact")


def _note(turn: TurnContext, memories: Sequence[Remembered]) -> PromptPart:
    """The line that brings memories of one party in."""
    sources = [source for one in memories for source in one.sources if not source.around]
    party = memories[0].private_to
    heard = {who for one in memories for who in (*one.heard_by, *one.speakers, *one.private_to, one.subject) if who}
    return PromptPart(
        "memory",
        prompt.memory_note([one.text for one in memories]),
        name=",".join(one.id for one in memories),
        why="; ".join(one.why or one.kind for one in memories),
        rests_on=tuple(dict.fromkeys(source.seq for source in sources if source.room == turn.room.id)),
        elsewhere=tuple(dict.fromkeys((s.room, s.seq) for s in sources if s.room != turn.room.id)),
        party=frozenset(party) if party else None,
        of=tuple(dict.fromkeys(one.subject for one in memories)),
        known_to=frozenset(who for who in heard if all(one.was_perceived_by(who) for one in memories)),
    )


def _query(turn: TurnContext) -> Recall:
    hearers, talk, settings, state = turn.hearers, turn.part.talk, turn.harness.memory, turn.room.state
    present = turn.masks([who for who in hearers if not is_character(who)])
    return Recall(
        owner=turn.part.who,
        subjects=tuple(dict.fromkeys([turn.mask(turn.trigger.by), *present])),
        present=tuple(turn.masks(hearers)),
        text="" if turn.is_understudy else turn.heard,  # it recites what it knows of the speaker only
        now=turn.room.clock(),
        room=turn.room.id,
        k_facts=settings.recall_facts,
        k_episodes=settings.recall_episodes,
        names={mask_now(state, who): state.name(who) for who in hearers}
        | {turn.mask(who): turn.name(who) for who in hearers},
        shown_after=talk.since - 1 if talk.since else None,
    )


def _fresh(turn: TurnContext, found: Sequence[Remembered]) -> list[Remembered]:
    """Those that the talk does not hold already; noted as recalled."""
    fresh = [one for one in found if one.id not in turn.part.recalled and not _in_talk(turn, one)]
    if turn.is_local:
        fresh = _first(fresh, _RECALLED_CHARS)
    turn.part.recalled |= {one.id for one in fresh}
    return fresh


def _in_talk(turn: TurnContext, memory: Remembered) -> bool:
    """Whether the talk still holds all that the memory came from, which a correction did not come from."""
    since = turn.part.talk.since
    own = [source for source in memory.sources if not source.around]
    return (
        not memory.corrects
        and bool(own)
        and all(source.room == turn.room.id and source.seq >= since > 0 for source in own)
    )


def _first(memories: Sequence[Remembered], chars: int) -> list[Remembered]:
    """The first of them, as many as fit into so many characters; at least one, if there is any."""
    kept: list[Remembered] = []
    for one in memories:
        chars -= len(one.text)
        if chars < 0 and kept:
            break
        kept.append(one)
    return kept
