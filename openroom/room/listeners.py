"""Listeners: code that is told of a room's durable events. Whatever one of them does, the room goes on."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar

from openroom.core.event import Event

_log = logging.getLogger("openroom.room")

EventListener = Callable[[Sequence[Event]], None]


class Listeners:
    """Those of one room. Most stay however often the room is closed while idle and opened again; what attaches itself
    at each opening (`opening`) ends when the room closes, else it would be there twice."""

    def __init__(self) -> None:
        self._lasting: list[EventListener] = []
        self._of_opening: list[EventListener] = []

    @property
    def last(self) -> bool:
        """Whether some are to be there when the room opens again."""
        return bool(self._lasting)

    @contextlib.contextmanager
    def opening(self) -> Iterator[None]:
        """What is added in here, or by a task begun in here, listens until the room closes."""
        before = _OPENING.set(self)
        try:
            yield
        finally:
            _OPENING.reset(before)

    def add(self, listener: EventListener) -> Callable[[], None]:
        """Have it told; the function that comes back ends that."""
        listeners = self._of_opening if _OPENING.get() is self else self._lasting
        listeners.append(listener)

        def end() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return end

    def tell(self, room: str, events: Sequence[Event]) -> None:
        """Tell all of them, in order."""
        for listener in (*self._of_opening, *self._lasting):
            try:
                listener(events)
            except Exception:  # noqa: BLE001 - any fault of a game's listener
                _log.exception("a listener failed", extra={"room": room, "seq": events[-1].seq})

    def close(self) -> None:
        """The room has closed."""
        self._of_opening.clear()


_OPENING: ContextVar[Listeners | None] = ContextVar("openroom.opening", default=None)
