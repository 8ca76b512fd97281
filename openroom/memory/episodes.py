"""Episodes: exchanges as they were perceived, bounded in length, each citing its events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from openroom.language.text import called, one_line
from openroom.language.words import telling_words, words_of
from openroom.memory.statements.english import statements
from openroom.ports.memory_rows import Remembered, Source, Witnessed

_MAX_LINE = 240
_MAX_WEIGHED = 600
"""So much of a line tells how much it matters."""
_MAX_TEXT = 640
_MAX_LINES = 6
_MAX_NEIGHBOUR = 200
_NO_QUOTES = str.maketrans("“”", "''")
"""Nobody ends the quotation of their own words and puts words into another's mouth."""
_PAUSE_MS = 10 * 60_000
"""After such a pause a new exchange begins."""

_MOVING = frozenset(
    (
        *(
            "love",
            "hate",
            "afraid",
            "scared",
            "sorry",
            "sad",
            "happy",
            "died",
            "dead",
            "death",
            "married",
            "wedding",
            "baby",
        ),
        *(
            "secret",
            "promise",
            "never",
            "always",
            "dream",
            "wish",
            "lost",
            "miss",
            "cry",
            "cried",
            "birthday",
            "goodbye",
        ),
        *("hope", "heart", "ill", "sick", "hospital", "war", "friend", "alone", "lonely", "proud", "angry", "trust"),
    )
)


@dataclass(slots=True)
class Exchange:
    """Neighbouring lines that belong together: one person's and what was answered, before the same hearers."""

    lines: list[Witnessed] = field(default_factory=list)

    def takes(self, line: Witnessed, owner: str) -> bool:
        """Whether the next line still belongs to it: a person who speaks after an answer begins a new one, and so does
        another person; what each said is theirs to look after."""
        if not self.lines:
            return True
        last = self.lines[-1]
        answered = last.speaker_id == owner and line.speaker_id != owner
        same_audience = party(last, owner) == party(line, owner) and last.hearers == line.hearers
        one_person = len({one.speaker_id for one in (*self.lines, line) if _is_person(one.speaker_id)}) < 2
        fits = len(self.lines) < _MAX_LINES and line.at - last.at < _PAUSE_MS and last.room == line.room
        return same_audience and one_person and fits and not answered


def exchanges(lines: Sequence[Witnessed], owner: str) -> Iterator[Exchange]:
    """Cut lines (oldest first) into exchanges. Happenings belong to talk: where nobody spoke there is none."""
    current = Exchange()
    for line in lines:
        if not line.text.strip():
            continue
        if not current.takes(line, owner):
            yield current
            current = Exchange()
        current.lines.append(line)
    if current.lines:
        yield current


def party(line: Witnessed, owner: str) -> tuple[str, ...]:
    """Who was party to a whisper, or there when a room was not open, in order of id; empty when it was said openly."""
    if line.whisper:
        return tuple(sorted({line.speaker_id, *line.to, owner}))
    return tuple(sorted({*line.hearers, line.speaker_id, owner})) if line.closed else ()


def _is_person(who: str) -> bool:
    return who.startswith("player:")


def episode(exchange: Exchange, owner: str) -> Remembered | None:
    """The memory of an exchange; ``None`` when nobody but the owner spoke in it."""
    heard = [line for line in exchange.lines if line.speaker_id != owner and line.kind == "said"]
    if not heard:
        return None
    people = [line for line in heard if _is_person(line.speaker_id)]
    first = exchange.lines[0]
    return Remembered(
        id=memory_id("e", owner, first.room, str(heard[0].seq)),
        owner=owner,
        subject=(people or heard)[0].speaker_id,
        kind="episode",
        text=_told(exchange.lines, owner),
        importance=importance(heard),
        created=exchange.lines[-1].at,
        valid_from=first.at,
        sources=tuple(Source(line.room, line.seq, line.speaker_id) for line in exchange.lines),
        private_to=party(heard[0], owner),
        heard_by=first.hearers,
    )


def extended(before: Remembered, exchange: Exchange, owner: str) -> Remembered | None:
    """An earlier episode with the owner's late answer added, where the exchange is just that."""
    lines = exchange.lines
    mine = all(line.speaker_id == owner for line in lines) and any(line.kind == "said" for line in lines)
    soon = 0 <= lines[0].at - before.created < _PAUSE_MS and lines[0].seq > max(s.seq for s in before.sources)
    heard = all(set(before.heard_by) <= set(line.hearers) for line in lines)
    alike = heard and party(lines[0], owner) == before.private_to
    if not mine or not soon or not alike or len(before.text) > _MAX_TEXT // 2:
        return None
    sources = (*before.sources, *(Source(line.room, line.seq, owner) for line in lines))
    text = f"{before.text.removesuffix('.')}; {_told(lines, owner)}"
    return replace(before, text=text, sources=sources, created=lines[-1].at)


def with_context(memory: Remembered, neighbour: Remembered | None) -> Remembered:
    """The memory with a neighbouring episode of the same audience as context: found by its words, erased with them."""
    if neighbour is None or neighbour.private_to != memory.private_to or neighbour.id == memory.id:
        return memory
    context = f"{memory.context} {neighbour.text[:_MAX_NEIGHBOUR]}".strip()
    own = {(s.room, s.seq) for s in memory.sources}
    around = [replace(s, around=True) for s in neighbour.sources if not s.around and (s.room, s.seq) not in own]
    return replace(memory, context=context, sources=(*memory.sources, *around))


def importance(heard: Sequence[Witnessed]) -> float:
    """How much an exchange matters, 0..1, by what can be counted: substance, feeling, numbers, statements."""
    text = " ".join(line.text[:_MAX_WEIGHED] for line in heard)
    telling, words = telling_words(text, 80), set(words_of(text))
    if len(telling) < 2:
        return 0.05
    score = 0.2 + min(len(telling), 20) * 0.01
    score += 0.2 if words & _MOVING else 0.0
    score += 0.1 if any(char.isdigit() for char in text) else 0.0
    score += 0.2 if any(statements(line.speaker_name, line.text) for line in heard) else 0.0
    return round(min(score, 1.0), 3)


def memory_id(kind: str, *parts: str) -> str:
    """An id that follows from what a memory is made of, so that remembering twice is remembering once."""
    return kind + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def _told(lines: Sequence[Witnessed], owner: str) -> str:
    parts = []
    for line in lines:
        text = one_line(line.text).translate(_NO_QUOTES)
        text = text if len(text) <= _MAX_LINE else text[: _MAX_LINE - 1].rstrip() + "…"
        if line.kind != "said":
            parts.append(text.rstrip("."))
            continue
        who = "you" if line.speaker_id == owner else called(line.speaker_name)
        verb = "whispered" if line.whisper else "said"
        parts.append(f"{who} {verb} “{text}”")
    told = "; ".join(parts)
    return told if len(told) <= _MAX_TEXT else told[: _MAX_TEXT - 1].rstrip() + "…"
