"""The turns of a room that wait for another one to end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from openroom.cast.turn.context import Occasion
from openroom.core.actor import is_character
from openroom.core.view import visits_of, was_here
from openroom.room.room import Room

_UNSEEN = ("entered", "nudged", "continued")
"""Turns that are for whoever called for them alone: others did not hear anything that wants an answer."""


_UNASKED = ("entered", "autoplay", "noticed")
"""Turns that answer nobody: nobody waits for them."""


class Waiting:
    """A queue of (character, occasion). Who waits for an answer is told that it comes, and when it will not."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._items: deque[tuple[str, Occasion]] = deque()
        self._told: dict[str, dict[str, Any]] = {}
        """By turn, what was said of those that wait."""

    def __len__(self) -> int:
        return len(self._items)

    def put(self, who: str, occasion: Occasion, *, behind: bool) -> None:
        """One waiting turn for each character and kind of hearer: a newer line replaces an older one. ``behind``:
        whether it has to wait for another turn."""
        self.drop(lambda one, other: one == who and other.whisper == occasion.whisper)
        self._items.append((who, occasion))
        if behind or len(self._items) > 1:
            self._tell(who, occasion)

    def holds(self, who: str, after: int) -> bool:
        """Whether a turn of this character waits that is about something later than event ``after``."""
        return any(one == who and occasion.seq > after for one, occasion in self._items)

    def take(self) -> tuple[str, Occasion]:
        """The next one."""
        return self._items.popleft()

    def clear(self) -> None:
        """Forget them all."""
        self.drop(lambda _who, _occasion: True)

    def drop(self, which: Callable[[str, Occasion], bool]) -> None:
        """Forget those that are meant; nobody waits for them any more."""
        gone = [item for item in self._items if which(*item)]
        self._items = deque(item for item in self._items if item not in gone)
        for item in gone:
            self.skip(*item)

    def begun(self, who: str, occasion: Occasion) -> None:
        """It waits no longer: its turn tells of itself."""
        self._told.pop(turn_id(who, occasion), None)

    def skip(self, who: str, occasion: Occasion) -> None:
        """There will be no such turn."""
        if told := self._told.pop(turn_id(who, occasion), None):
            self._emit({**told, "phase": "stopped"}, who, occasion)

    def turns(self) -> list[dict[str, Any]]:
        """Those that all may know of, as snapshots show them."""
        shown = (self._told.get(turn_id(*item)) for item in self._items if not item[1].whisper)
        return [told for told in shown if told]

    def _tell(self, who: str, occasion: Occasion) -> None:
        if occasion.why in _UNASKED:
            return
        id = turn_id(who, occasion)
        self._told[id] = {"turn": id, "who": who, "phase": "waiting", "since": self._room.clock()}
        self._emit(self._told[id], who, occasion)

    def _emit(self, body: dict[str, Any], who: str, occasion: Occasion) -> None:
        self._room.emit({"signal": "turn", **body}, [occasion.by, who] if occasion.whisper else None)


def turn_id(who: str, occasion: Occasion) -> str:
    """The name of a turn, from which what came of it can be traced to what called for it."""
    again = f"-{occasion.again}" if occasion.again else ""
    return f"t{occasion.seq}-{who.removeprefix('character:')}{again}"


def caller(occasion: Occasion) -> str:
    """Who called for a turn."""
    return occasion.person or occasion.by


def is_forsaken(occasion: Occasion, room: Room) -> bool:
    """Whether nobody is left who waits for a turn: who called for it has gone, and of the people who are here none
    heard what it answers. Who hung up may come back (a page that is loaded anew): they count as gone only beside
    others, who would hear an answer to nothing."""
    people = [who for who in room.state.here() if not is_character(who)]
    here = [who for who in people if not room.presence.is_awaited(who)] or people
    if occasion.whisper or occasion.why in _UNSEEN:
        waits = occasion.by if occasion.why == "entered" or occasion.whisper else caller(occasion)
        return waits not in here if _is_visitor(waits, room) else not here
    visits = visits_of(room.state)
    return not any(was_here(who, occasion.seq, visits) for who in here)


def _is_visitor(who: str, room: Room) -> bool:
    """Whether somebody comes and goes; a game that calls for a turn was never in the room."""
    return bool(room.state.people.get(who, {}).get("kind") != "game")
