"""The list of a room's branches as somebody may see it: where each begins, where it has come to, and its last line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openroom.core.branches import Tree
from openroom.core.event import Branched, Event, Said, Used
from openroom.core.view import perceives, visits_of
from openroom.room.story import read_story

if TYPE_CHECKING:
    from openroom.room.room import Room

MOST_LISTED = 60
"""So many branches are looked at, the newest first; those with a name are always."""
_LOOKED_AT = 40
"""So far back from its end the last line of a branch is looked for."""
_EXCERPT = 160
_ALL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ListedBranch:
    """A branch, the ``number``-th that began in its room. ``head`` is where to go to go on with it, ``after``
    the event it begins after; ``current``: the story goes on in it. ``who`` said ``text`` at ``at``, the last of
    it that one perceived; ``off``: it was taken off the list; ``named`` is the event that gave it its name, 0
    where it has none. ``said``: the text is a line that was said, and no telling of a deed."""

    branch: int
    number: int
    head: int
    after: int
    current: bool
    name: str = ""
    by: str = ""
    off: bool = False
    who: str = ""
    text: str = ""
    at: int = 0
    named: int = 0
    said: bool = False


async def branches_of(room: Room, who: str, *, everything: bool = False) -> list[ListedBranch]:
    """The branches of which ``who`` perceived a line, or that have a name, the newest first; with ``everything`` those
    taken off the list too, and mere tries: what a character said where nobody went on stands at its line, among the
    other tries. Raises `StoreError`."""
    await room.settled()
    state, tree = room.state, Tree.of(room.state)
    current = tree.branch_of(state.head)
    named = state.shared.get("branches", {})
    begun = list(enumerate(tree.branches(), 1))
    givers = await _givers(room) if any(entry.get("name") for entry in named.values()) else {}
    found: list[ListedBranch] = []
    for looked, (number, branch) in enumerate(sorted(begun, key=lambda one: -one[1].end)):
        entry = named.get(str(branch.first), {})
        is_current = current is not None and branch.first == current.first
        if looked >= MOST_LISTED and not entry.get("name") and not is_current:
            continue
        if entry.get("off") and not everything and not is_current:
            continue
        story = await read_story(room.store, room.id, branch.end, _LOOKED_AT, branch.first)
        line = _last_line(room, story, who)
        if not (entry or is_current) and (line is None or (not everything and _is_mere_try(story))):
            continue
        found.append(
            ListedBranch(
                branch.first,
                number,
                branch.end,
                branch.parent,
                is_current,
                name=entry.get("name", ""),
                by=entry.get("by", ""),
                off=bool(entry.get("off")),
                who=line.actor if line else "",
                text=_excerpt(line),
                at=line.at if line else 0,
                named=givers.get((branch.first, entry.get("name")), 0),
                said=isinstance(line, Said),
            )
        )
    return found


async def _givers(room: Room) -> dict[tuple[int, str | None], int]:
    """The newest event that gave a branch a name."""
    events = await room.store.last(room.id, _ALL, ("branched",))
    return {(one.branch, one.name): one.seq for one in events if isinstance(one, Branched) and one.listed is None}


def _last_line(room: Room, story: Sequence[Event], who: str) -> Event | None:
    """The last line of a branch that somebody perceived: what was said before what was done."""
    visits = visits_of(room.state)
    lines = [one for one in reversed(story) if isinstance(one, Said | Used) and not one.erased]
    lines.sort(key=lambda one: not isinstance(one, Said))
    return next((one for one in lines if perceives(who, one, visits)), None)


def _is_mere_try(story: Sequence[Event]) -> bool:
    """Whether all of a branch is one turn of a character."""
    return len(story) < _LOOKED_AT and all(one.actor.startswith("character:") for one in story)


def _excerpt(event: Event | None) -> str:
    text = event.text if isinstance(event, Said) else event.telling if isinstance(event, Used) else ""
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"
