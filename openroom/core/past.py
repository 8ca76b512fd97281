"""A room's past: a talk that was had elsewhere and comes in as what was said before, before anything is said here.

Its lines are events like others, marked ``imported``. Who spoke is the room's own character where the name is the
same; else a guest, ``past:…``, who stands among the people, is never there, and is no person's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openroom.core.action import PastLine, Recount
from openroom.core.actor import SYSTEM, is_character
from openroom.core.people import next_order
from openroom.core.state import State

PAST = "past:"
_CAST = f"{PAST}cast-"
_USER = f"{PAST}user-"


def is_guest(who: str) -> bool:
    """Whether a participant is one of a past only."""
    return who.startswith(PAST)


def is_user(who: str) -> bool:
    """Whether a participant is a person, here or in a past, and no character."""
    return not is_character(who) and not who.startswith(_CAST) and who != SYSTEM.id


def guest_id(number: int, *, user: bool) -> str:
    """The id of the guest of that number."""
    return f"{_USER if user else _CAST}{number}"


def introduction(state: State, guests: Mapping[str, str]) -> dict[str, Any]:
    """The patch that has the guests of a past, by id, stand among the people under their names.

    Their names may be those of people who are there: they do nothing here, and what they said is marked.
    """
    first = next_order(state.people)
    new = [(who, name) for who, name in guests.items() if who not in state.people]
    people = {who: {"kind": "past", "name": name, "order": first + at} for at, (who, name) in enumerate(new)}
    return {"people": people} if people else {}


def recounted(state: State, action: Recount) -> list[dict[str, Any]]:
    """The drafts of events by which lines come in. Whoever brought them perceives them, in the room or not."""
    drafts = [_drafted(line) for line in action.lines]
    if patch := introduction(state, action.guests):
        drafts[0]["patch"] = patch
    if action.brought:
        since, end = action.since or state.seq + 1, state.seq + len(drafts) + 1
        hidden = {} if state.is_here(action.by) else {"visits": {action.by: {str(since): end}}}
        brought = {"kind": "brought", "actor": action.by, "since": since, "lines": action.brought}
        drafts.append({**brought, "hidden": hidden or None})
    return drafts


def _drafted(line: PastLine) -> dict[str, Any]:
    common = {"actor": line.who, "at": line.at, "to": line.to, "imported": True}
    if line.who == SYSTEM.id:
        return {"kind": "happened", "telling": line.text, **common}
    return {"kind": "said", "text": line.text, **common}
