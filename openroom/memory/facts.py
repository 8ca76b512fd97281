"""Facts about people: how new statements meet what is already known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from openroom.language.words import same_statement, words_of
from openroom.memory.episodes import memory_id, party
from openroom.memory.statements.english import Statement, statements
from openroom.memory.statements.others import statements_elsewhere
from openroom.ports.memory_rows import STATED_ONCE, Remembered, Source, Witnessed, strengthened


def is_own_line(line: Witnessed) -> bool:
    """Whether facts may be taken from it: a person's own words, no character's and no game's."""
    return line.kind == "said" and line.speaker_id.startswith("player:")


def stated(owner: str, line: Witnessed, own_name: str, persona: Sequence[str], blocked: set[str]) -> list[Remembered]:
    """The facts that a person's line states, but for those that restate the persona or were forgotten on request."""
    text = (
        re.sub(rf"^\s*{re.escape(own_name)}\b[\s,:!]*", "", line.text, flags=re.IGNORECASE) if own_name else line.text
    )
    return [
        _fact(owner, line, statement)
        for statement in statements(line.speaker_name, text) or statements_elsewhere(line.speaker_name, text)
        if statement_key(statement.text) not in blocked and not any(same_statement(statement.text, p) for p in persona)
    ]


def reconciled(fact: Remembered, known: Iterable[Remembered]) -> list[Remembered]:
    """What to write for a new fact beside the valid ones of the same owner and subject.

    The same statement again strengthens the one that is there. A new value of a slot closes the old one, which stays as
    history. What was whispered never changes what was said openly: those who were not party to it would notice.
    """
    alike = [one for one in known if one.text.casefold() == fact.text.casefold()]
    for old in alike:
        if old.private_to == fact.private_to or not old.private_to or not fact.private_to:
            return [_strengthened(old, fact)]
    rows = [fact]
    for old in known:
        same_slot = bool(fact.slot) and old.slot == fact.slot
        if same_slot and (not fact.private_to or old.private_to == fact.private_to):
            rows.append(replace(old, valid_to=fact.valid_from, superseded_by=fact.id, pinned=False))
    return rows


def statement_key(text: str) -> str:
    """A one-way digest of a statement, the same for small differences of spelling."""
    return hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()


def _fact(owner: str, line: Witnessed, statement: Statement) -> Remembered:
    return Remembered(
        id=memory_id("f", owner, line.speaker_id, line.room, str(line.seq), statement.text),
        owner=owner,
        subject=line.speaker_id,
        kind="fact",
        text=statement.text,
        importance=statement.importance,
        created=line.at,
        valid_from=line.at,
        strength=STATED_ONCE,
        sources=(Source(line.room, line.seq, line.speaker_id),),
        slot=statement.slot,
        private_to=party(line, owner),
        heard_by=line.hearers,
    )


def _strengthened(old: Remembered, again: Remembered) -> Remembered:
    """The known fact with one more source. Said openly after a whisper it is open, and rests on the whisper no more."""
    if set(again.sources) <= set(old.sources):
        return old  # the same line again
    strength = strengthened(old.strength)
    if old.private_to and not again.private_to:
        return replace(old, sources=again.sources, private_to=(), strength=strength, created=again.created)
    if again.private_to and not old.private_to:
        return old
    sources = tuple(dict.fromkeys((*old.sources, *again.sources)))
    return replace(old, sources=sources, strength=strength, importance=max(old.importance, again.importance))
