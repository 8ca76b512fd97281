"""state.apply: one event, one new state. Total for every event that `resolve` made; replay is a fold over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openroom.core.branches import root_of
from openroom.core.event import Defined, Entered, Erased, Event, Left, Moved, Nudged, Opened, Said
from openroom.core.patch import merge
from openroom.core.state import State
from openroom.errors import StoreCorrupt

DERIVED_LATER = ("moves", "ways", "again", "goes_on", "wished", "wishes")
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
    """What follows from an event's kind alone: the head, who perceives when, where the definitions stand, and what is
    known of other ways of the story."""
    derived: dict[str, Any] = {"head": event.head if isinstance(event, Moved) else event.seq}
    if isinstance(event, Moved):
        derived |= _moved(state, event)
    elif isinstance(event, Said):
        derived |= _said(state, event)
    elif isinstance(event, Erased):
        derived |= _unwished(state, event)
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


def _moved(state: State, event: Moved) -> dict[str, Any]:
    """Which ways the story took, and who was asked for another try, by whose wish. A patch joins: who was asked before
    goes."""
    derived: dict[str, Any] = {"moves": {str(event.seq): event.head}}
    again = {event.character: root_of(state, event.of)} if event.character and event.of else {}
    wished = {event.character: {"seq": event.seq, "by": event.actor}} if event.character and event.wish else {}
    for name, asked in (("again", again), ("wished", wished)):
        if asked or name in state.hidden:
            derived[name] = {**dict.fromkeys(state.hidden.get(name, {})), **asked} if asked else None
    return derived


def _said(state: State, event: Said) -> dict[str, Any]:
    """Which lines stand in for each other, and which came of whose wish."""
    derived: dict[str, Any] = {}
    if event.alternative_of is not None:
        root = str(event.alternative_of)
        known: Sequence[int] = state.hidden.get("ways", {}).get(root, (event.alternative_of,))
        derived["ways"] = {root: [*known, event.seq]}
    if wish := state.hidden.get("wished", {}).get(event.actor):
        derived["wishes"] = {str(event.seq): wish}
    return derived | {asked: None for asked in ("again", "goes_on", "wished") if asked in state.hidden}


def _unwished(state: State, event: Erased) -> dict[str, Any]:
    """A wish that was erased is nobody's to erase any more."""
    derived: dict[str, Any] = {}
    wishes: Mapping[str, Any] = state.hidden.get("wishes", {})
    if gone := [seq for seq, wish in wishes.items() if wish["seq"] == event.target]:
        derived["wishes"] = dict.fromkeys(gone) if len(gone) < len(wishes) else None
    wished: Mapping[str, Any] = state.hidden.get("wished", {})
    if any(wish["seq"] == event.target for wish in wished.values()):
        derived["wished"] = None
    return derived
