"""state.apply: one event, one new state. Total for every event that `resolve` made; replay is a fold over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openroom.core.branches import root_of
from openroom.core.event import Defined, Entered, Event, Left, Moved, Nudged, Opened, Said
from openroom.core.patch import merge
from openroom.core.state import State
from openroom.errors import StoreCorrupt

DERIVED_LATER = ("moves", "ways", "again", "goes_on")
"""What of the hidden side follows from the log alone, and was not kept from the beginning."""


def apply(state: State, event: Event) -> State:
    """The state after ``event``. Raises `StoreCorrupt` when its seq does not follow."""
    if event.seq != state.seq + 1:
        raise StoreCorrupt(f"expected event {state.seq + 1}, came event {event.seq}")
    shared = merge(state.shared, event.patch) if event.patch else state.shared
    hidden = merge(state.hidden, event.hidden) if event.hidden else state.hidden
    hidden = merge(hidden, _derived(state, event))
    return State(event.seq, shared, hidden)


def replay(events: Iterable[Event], state: State | None = None) -> State:
    """Fold `apply` over ``events`` from ``state`` (default: the empty state)."""
    current = state or State()
    for event in events:
        current = apply(current, event)
    return current


def _derived(state: State, event: Event) -> dict[str, Any]:
    """What follows from an event's kind alone: the head, who perceives when, where the definitions stand, which ways
    the story took, which lines stand in for each other, and who was asked for another try."""
    derived: dict[str, Any] = {"head": event.head if isinstance(event, Moved) else event.seq}
    if isinstance(event, Moved):
        derived["moves"] = {str(event.seq): event.head}
        derived["again"] = {event.character: root_of(state, event.of)} if event.character and event.of else None
        if derived["again"] and "again" in state.hidden:  # a patch joins: who was asked before goes
            derived["again"] = {**dict.fromkeys(state.hidden["again"]), **derived["again"]}
    elif isinstance(event, Said):
        if event.alternative_of is not None:
            root = str(event.alternative_of)
            known: Sequence[int] = state.hidden.get("ways", {}).get(root, (event.alternative_of,))
            derived["ways"] = {root: [*known, event.seq]}
        derived |= {asked: None for asked in ("again", "goes_on") if asked in state.hidden}
    elif isinstance(event, Nudged) and event.goes_on is not None:
        derived["goes_on"] = {event.character: event.goes_on}
    if isinstance(event, Opened):
        derived["defined"] = {"all": event.seq}
    elif isinstance(event, Defined):
        derived["defined"] = {f"{event.what}:{event.id}": event.seq}
    elif isinstance(event, Entered):
        derived["visits"] = {event.who: {str(event.seq): 0}}
    elif isinstance(event, Left):
        visits: Mapping[str, int] = state.hidden.get("visits", {}).get(event.who, {})
        still = {start: event.seq for start, end in visits.items() if end == 0}
        derived["visits"] = {event.who: still}
    return derived
