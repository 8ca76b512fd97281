"""The active path of a log: which events are part of the story after undo, reset and branches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openroom.core.event import Event


def active(events: Sequence[Event], head: int) -> list[Event]:
    """Those of ``events`` (oldest first, any tail of a log) that lie on the path that ends in ``head``.

    Each event follows its ``parent``, by default the one before it. What lies before the tail is not looked at.
    """
    by_seq = {event.seq: event for event in events}
    path: list[Event] = []
    seq = head
    while (event := by_seq.get(seq)) is not None:
        path.append(event)
        seq = event.parent if event.parent is not None else event.seq - 1
    path.reverse()
    return path


def undone(events: Iterable[Event], head: int) -> set[int]:
    """Seqs among ``events`` that are not on the path to ``head``."""
    held = list(events)
    kept = {event.seq for event in active(held, head)}
    return {event.seq for event in held} - kept
