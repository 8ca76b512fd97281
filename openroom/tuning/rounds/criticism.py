"""The self-criticism memory: short notes that a round leaves for the next ones, capped, with provenance, screened.

A note is data, never an instruction: it names the round and the hash of the record that it came from, a note whose
record is not in the log is not read, and a note that reads like an instruction or carries what should stay sealed is
not taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel, ConfigDict

from openroom.core.harness import Line

_ORDERS: Final = re.compile(
    r"ignore|disregard|override|system prompt|you must|you are now|always approve|approve (?:this|all|every)|"
    r"skip the|turn off|disable|bypass|https?:|[<>{}`]|\bgate\b|\bholdout\b|\bjudge\b|\btrap\b|\bbudget\b|\bapproval",
    re.IGNORECASE,
)


class Remark(BaseModel):
    """One note: what was tried in a dimension, what came of it, and where that is recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    round_id: str
    record_hash: str
    dimension: str
    text: Line


@dataclass(frozen=True, slots=True)
class Criticism:
    """At most ``cap`` notes, the oldest go first. ``leaks`` says why a text may not be kept (empty: it may)."""

    notes: tuple[Remark, ...] = ()
    cap: int = 120
    leaks: Callable[[str], str] = lambda _: ""

    def add(self, note: Remark) -> Criticism:
        """The memory with the note. A note that fails `screen` is not taken; ask `screen` for the reason."""
        if self.screen(note):
            return self
        return replace(self, notes=(*self.notes, note)[-self.cap :])

    def screen(self, note: Remark) -> str:
        """Why the note may not be kept; empty when it may."""
        order = _ORDERS.search(note.text)
        if order:
            return f"a note must not give orders or name what is sealed: {order[0]!r}"
        if not note.record_hash or not note.round_id:
            return "a note must name the record that it came from"
        return self.leaks(note.text)

    def about(self, dimension: str, recorded: Iterable[str] | None = None, limit: int = 12) -> tuple[str, ...]:
        """The newest notes on a dimension. With ``recorded`` hashes, only notes whose record is among them."""
        known = None if recorded is None else set(recorded)
        fits = [
            note for note in self.notes if note.dimension == dimension and (known is None or note.record_hash in known)
        ]
        return tuple(note.text for note in fits[-limit:])


def load_notes(
    raw: str, recorded: Iterable[str], leaks: Callable[[str], str] = lambda _: ""
) -> tuple[Criticism, list[str]]:
    """Read a memory file (a note in JSON a line). Returns what passed, and a reason for each line that did not."""
    memory, refused = Criticism(leaks=leaks), []
    known = set(recorded)
    for number, line in enumerate(raw.splitlines(), start=1):
        try:
            note = Remark.model_validate_json(line)
        except ValueError:
            refused.append(f"line {number}: not a note")
            continue
        reason = memory.screen(note) or ("" if note.record_hash in known else "no such record in the log")
        if reason:
            refused.append(f"line {number}: {reason}")
        else:
            memory = memory.add(note)
    return memory, refused
