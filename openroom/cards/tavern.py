"""What SillyTavern says of a character under ``extensions``, beside what the card says: a note to be told near the end
of each prompt (``depth_prompt``), and how readily it answers what is said to nobody (``talkativeness``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openroom.cards.card import Card
from openroom.cards.notes import Report

_DEPTH, _TALK = "depth_prompt", "talkativeness"
_NOTE, _CHANCE = f"extensions.{_DEPTH}", f"extensions.{_TALK}"
_UNPLAYED = "kept, not played"


def depth_note(card: Card, report: Report, lines: Callable[[str], list[str]]) -> str:
    """The note as the reminder at the end of each prompt, where the card has no other and it is one line of that (as
    ``lines`` cuts it); empty: it is not played. What became of it is told."""
    given = card.fields.extensions.get(_DEPTH)
    if not isinstance(given, dict) or not isinstance(text := given.get("prompt"), str) or not text.strip():
        return ""
    found = lines(text)
    if card.fields.post_history_instructions.strip():
        report.keep(_NOTE, f"{_UNPLAYED}: the reminder is post_history_instructions")
    elif given.get("role", "system") not in ("system", 0):
        report.keep(_NOTE, f"{_UNPLAYED}: it is somebody's line, no instruction")
    elif len(found) != 1 or found[0] != " ".join(text.split()):
        report.keep(_NOTE, f"{_UNPLAYED}: it is longer than a reminder; guards.reminder has room for 300 characters")
    else:
        report.convert(_NOTE, "the reminder at the end of each prompt")
        return found[0]
    return ""


def turns(card: Card, report: Report) -> dict[str, Any]:
    """``turns`` of a definition, by how readily it talks; nothing where the card does not say, or says no share."""
    given = card.fields.extensions.get(_TALK)
    if given is None or given == "" or isinstance(given, bool):
        return {}
    chance = _share(given)
    if chance is None:
        report.keep(_CHANCE, f"{_UNPLAYED}: it is no number from 0 to 1")
        return {}
    report.convert(_CHANCE, f"turns.talkativeness: {chance:g}")
    return {"turns": {"talkativeness": chance}}


def with_turns(card: Card, turns: object, extensions: Mapping[str, Any]) -> dict[str, Any]:
    """The card's ``extensions`` with another talkativeness, written as it was (a number, or one in a text); nothing
    where the card said none that is played, or a definition's ``turns`` say none."""
    given, now = card.fields.extensions.get(_TALK), turns.get("talkativeness") if isinstance(turns, dict) else None
    chance = _share(now)
    if isinstance(given, bool) or _share(given) is None or chance is None:
        return {}
    return {"extensions": {**extensions, _TALK: str(now) if isinstance(given, str) else now}}


def _share(value: object) -> float | None:
    """A number from 0 to 1, or a text of one."""
    try:
        chance = float(value) if isinstance(value, int | float | str) else -1.0
    except (ValueError, OverflowError):  # a whole number of 400 digits is no float
        return None
    return chance if 0 <= chance <= 1 else None


def is_note(card: Card, reminder: str) -> bool:
    """Whether a reminder is the card's own note near the end."""
    given = card.fields.extensions.get(_DEPTH)
    return isinstance(given, dict) and " ".join(str(given.get("prompt", "")).split()) == reminder


def with_note(card: Card, reminder: Sequence[str]) -> dict[str, Any]:
    """The card's extensions with another note near the end (none: an empty one); nothing where it is the same."""
    told = " ".join(reminder)
    if is_note(card, told):
        return {}
    return {"extensions": {**card.fields.extensions, _DEPTH: {**card.fields.extensions[_DEPTH], "prompt": told}}}
