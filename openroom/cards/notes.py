"""What is told of a card besides the card: oddities of its file, and what became of each part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


def plain(text: str) -> str:
    """A text of a card, fit for a terminal and for UTF-8: without control signs and half characters."""
    return "".join(sign if sign.isprintable() or sign in "\n\u200d\u3000" else "\ufffd" for sign in text)


def counted(number: int, one: str, more: str) -> str:
    """``1 line answers nobody``, ``2 lines answer nobody``."""
    return f"{number} {one if number == 1 else more}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd about a file and what was done about it: ``code`` for programs, ``text`` for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a part of a card, and why."""

    what: str
    why: str = ""

    def body(self) -> dict[str, str]:
        """As JSON."""
        return {"what": plain(self.what), "why": plain(self.why)}


@dataclass(slots=True)
class Report:
    """What was kept as it is, what was converted, and what was dropped, each with its reason."""

    kept: list[Fate] = field(default_factory=list)
    converted: list[Fate] = field(default_factory=list)
    dropped: list[Fate] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def keep(self, what: str, why: str = "") -> None:
        """Note a part that is as it was."""
        self.kept.append(Fate(what, why))

    def convert(self, what: str, why: str) -> None:
        """Note a part that has another form now."""
        self.converted.append(Fate(what, why))

    def drop(self, what: str, why: str) -> None:
        """Note a part that is not in the outcome."""
        self.dropped.append(Fate(what, why))

    def body(self) -> dict[str, Any]:
        """As JSON: ``kept``, ``converted`` and ``dropped`` with ``what`` and ``why``, ``notes`` with code and text."""
        parts = {"kept": self.kept, "converted": self.converted, "dropped": self.dropped}
        told = {
            name: [{"what": plain(one.what), "why": plain(one.why)} for one in fates] for name, fates in parts.items()
        }
        return {**told, "notes": told_of(self.notes)}


def told_of(notes: Iterable[Note]) -> list[dict[str, str]]:
    """Notes as JSON."""
    return [{"code": note.code, "text": plain(note.text)} for note in notes]
