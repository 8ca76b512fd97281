"""What a snapshot says of the ways that a story took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openroom.core.branches import alternatives
from openroom.core.event import Moved
from openroom.core.state import State
from openroom.core.view import perceives, visits_of, was_here


def ways_shown(who: str, log: Sequence[Mapping[str, Any]], state: State, moved: Moved | None) -> dict[str, Any]:
    """Which lines stand in for each other, of those in ``log`` and of the one that another try is under way at, as far
    as ``who`` heard them, and which event is the wish of ``who`` that one came of; and how the story came to where it
    is, if ``moved`` took it there. Alternatives of a line were told to those whom the line was told to."""
    visits, groups = visits_of(state), alternatives(state)
    seqs = (*(body["seq"] for body in log), *state.hidden.get("again", {}).values())
    shown = {group[0]: group for seq in seqs if (group := groups.get(seq)) is not None}
    heard = {first: [seq for seq in group if was_here(who, seq, visits)] for first, group in shown.items()}
    ways = {str(group[0]): group for group in heard.values() if len(group) > 1}
    found: dict[str, Any] = {"ways": ways} if ways else {}
    wishes = state.hidden.get("wishes", {})
    own = {
        str(body["seq"]): wish["seq"] for body in log if (wish := wishes.get(str(body["seq"]))) and wish["by"] == who
    }
    if own:
        found["wishes"] = own
    if moved is not None and perceives(who, moved, visits):
        found["moved"] = {"seq": moved.seq, "why": moved.why, "by": moved.actor}
    return found
