"""What an action is resolved against besides the state, and what a handler of an action answers with."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any

from openroom.core.event import Event
from openroom.core.redact import Standing
from openroom.core.state import State, World

Draft = dict[str, Any]
"""An event without its seq."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Where the story goes another way.

    ``point`` is the event that the new way begins after, ``target`` the line it is about. ``rest`` is what the same go
    did after that line. ``leaving`` is what would no longer be part of the story, oldest first (``None``: too much to
    look at). ``caller`` is the participant whose act came last before the new way begins.
    """

    point: int
    target: Event | None = None
    rest: tuple[Event, ...] = ()
    leaving: tuple[Event, ...] | None = ()
    entering: tuple[Event, ...] | None = ()
    """What would be part of the story again, likewise."""
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What an action is resolved against besides the state: the definitions, the time in ms, and what only the room
    can fetch.

    ``past`` is the state to go back to (Rewind, Reset); ``target`` the event that Rate and Erase name, and ``standing``
    where what it wrote stands now; ``world`` after a Define comes as ``defined``. ``cause`` is the act's id.
    ``leave_how`` tells how somebody left. ``private`` and ``places`` (0: as the scene says) are the room's own: whom
    its door is open to, and how many players at most.
    """

    world: World
    now: int
    cause: str | None = None
    past: State | None = None
    target: Event | None = None
    standing: Standing = field(default_factory=Standing)
    defined: World | None = None
    leave_how: str = "left"
    private: bool = False
    places: int = 0
    seed: str = ""
    """What dice fall by, new for each throw."""
    owner: str = ""
    """Who started the room; empty for a scene's standing room."""
    fork: Fork | None = None
    """Where the story would go another way, for the acts that make it (`openroom.core.steering`)."""
    named: Set[str] | None = None
    """Who is named in what can be read of the story, so that they stay when they have left; ``None``: nobody goes."""
    safely: Callable[[Callable[[], Any]], Any] = field(default=lambda call: call())
    """Runs third-party prop code; the room passes a guard that turns its exceptions into a refusal."""
