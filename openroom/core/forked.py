"""A room forked at a moment into a room of its own: the way that its story took up to there, as a log by itself.

Who runs the room takes all of it along. Another player's fork holds what they perceived: of everything else the
shared state alone, which is everybody's. It has not the room's lorebook nor its note, and things that hide something
begin anew in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openroom.core import setup
from openroom.core.actor import SYSTEM, is_character
from openroom.core.apply import replay
from openroom.core.branches import Spans
from openroom.core.event import (
    Brought,
    Configured,
    Defined,
    Entered,
    Erased,
    Event,
    Felt,
    Happened,
    Left,
    Noted,
    Opened,
    Passed,
    Rolled,
    Said,
    Used,
    called_for,
)  # fmt: skip
from openroom.core.naming import NAMES
from openroom.core.patch import diff
from openroom.core.state import State, World
from openroom.core.view import Visits, perceives

TOLD = (Said, Used, Felt, Passed, Rolled, Entered, Left, Happened, Noted, Brought, Erased)
"""What of a story is taken along as it is; of all else only what it changed."""
_SIDES = (*setup.SIDES, "timers", "visits", "note", "pool")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fork comes from. ``spans`` is the story up to its moment, ``state`` the room's then, ``world`` its
    definitions now, and ``visits`` who was there when. ``perceiver`` is whose view is taken along (empty: everything);
    ``owner`` is whose room the fork is, and ``forked`` says where the room comes from, if it is a fork itself."""

    room: str
    spans: Spans
    state: State
    world: World
    visits: Visits
    owner: str
    perceiver: str = ""
    forked: Mapping[str, Any] | None = None


class Numbers:
    """Which number an event of a story has in its fork: the same order, without gaps."""

    def __init__(self, spans: Spans) -> None:
        self._spans = spans
        self._firsts = [first for first, _ in spans]
        self._at: list[int] = []
        length = 0
        for first, last in spans:
            self._at.append(length + 1)
            length += last - first + 1
        self.last = length

    def of(self, seq: int) -> int | None:
        """The number of an event; ``None``: it is not taken along."""
        at = bisect_right(self._firsts, seq) - 1
        if at < 0 or seq > self._spans[at][1]:
            return None
        return self._at[at] + seq - self._firsts[at]

    def upto(self, seq: int) -> int:
        """The number of the newest event that is no newer than ``seq``; 0: there is none."""
        at = bisect_right(self._firsts, seq) - 1
        return 0 if at < 0 else self._at[at] + min(seq, self._spans[at][1]) - self._firsts[at]

    def since(self, seq: int) -> int:
        """The number from which on what is so since event ``seq`` is so in the fork."""
        return self.upto(seq - 1) + 1

    def rows(self) -> list[list[int]]:
        """The spans, each with the number of its first: ``[first, last, number]``."""
        return [[first, last, number] for (first, last), number in zip(self._spans, self._at, strict=True)]


def forked(
    origin: Origin, events: Iterable[Event], definitions: Mapping[str, Mapping[str, Any]], now: int
) -> list[Event]:
    """The log of the fork. ``events`` are those of the story, in order; ``definitions`` those in force, as JSON."""
    numbers = Numbers(origin.spans)
    veiled = {one for one, rules in origin.world.props.items() if rules.hidden} if origin.perceiver else set()
    log: list[Event] = [setup.opening(origin.world, definitions, now, open=False)]
    log += [_taken(origin, event, numbers, veiled) for event in events if not isinstance(event, Opened)]
    scene = definitions["scene"]
    told = replay(log)
    heard = {event.actor for event in log if isinstance(event, TOLD)}
    log.append(_as_it_was(origin, told, _standing(origin, told, veiled, numbers, heard), numbers, now, scene))
    if "lore" in definitions and definitions["lore"] and not origin.perceiver:
        book = dict(definitions["lore"])
        log.append(Defined(seq=len(log) + 1, at=now, actor=SYSTEM.id, what="lore", id="room", definition=book))
    return log


def _taken(origin: Origin, event: Event, numbers: Numbers, veiled: set[str]) -> Event:
    """An event as the fork has it."""
    seq = numbers.of(event.seq)
    assert seq is not None
    patch = _without(event.patch, ("props", veiled), *((name, None) for name in NAMES))
    if patch and "people" in patch:
        patch |= {"people": {who: change and _renumbered(change, numbers) for who, change in patch["people"].items()}}
    hidden = None if origin.perceiver else _without(event.hidden, ("visits", None), ("bans", None))
    whole = not origin.perceiver or perceives(origin.perceiver, event, origin.visits)
    target = numbers.of(event.target) if isinstance(event, Erased) else 0
    if not whole or not isinstance(event, TOLD) or target is None:
        bare = _only_cast(patch) if origin.perceiver else patch
        return Configured(seq=seq, at=event.at, actor=SYSTEM.id, patch=bare, hidden=hidden)
    named, _ = called_for(event.cause)
    called = numbers.of(named) if named else None
    cause = f"t{called}-{(event.cause or '').partition('-')[2]}" if called else None
    update: dict[str, Any] = {"seq": seq, "parent": None, "cause": cause, "patch": patch, "hidden": hidden}
    if isinstance(event, Said):
        update |= {"alternative_of": None, "goes_on": numbers.of(event.goes_on) if event.goes_on else None}
    elif isinstance(event, Erased):
        update["target"] = target
    elif isinstance(event, Brought):
        update["since"] = max(1, numbers.upto(event.since))
    return event.model_copy(update=update)


def _without(patch: dict[str, Any] | None, *gone: tuple[str, set[str] | None]) -> dict[str, Any] | None:
    """A patch without parts of it: of each named part all, or those of its things that are named."""
    if patch is None:
        return None
    left = dict(patch)
    for name, things in gone:
        if name not in left or (things is not None and not isinstance(left[name], dict)):
            continue
        part = {} if things is None else {one: body for one, body in left[name].items() if one not in things}
        left |= {name: part}
        if not part:
            del left[name]
    return left or None


def _only_cast(patch: dict[str, Any] | None) -> dict[str, Any] | None:
    """A patch that tells of no people but the room's characters."""
    strangers = {who for who in (patch or {}).get("people") or {} if not is_character(who)}
    return _without(patch, ("people", strangers))


def _as_it_was(
    origin: Origin, told: State, after: State, numbers: Numbers, now: int, scene: Mapping[str, Any]
) -> Event:
    """The event that ends the shared past: from it on the fork stands as the room did, with nobody in it."""
    visits = {who: _spans(times, numbers, origin, who) for who, times in origin.visits.items()}
    hidden = {**after.hidden, "visits": {who: times for who, times in visits.items() if times}}
    changes = {side: diff(told.hidden.get(side) or {}, hidden.get(side) or {}) for side in _SIDES}
    came_from: dict[str, Any] = {"room": origin.room, "until": numbers.last, "rows": numbers.rows()}
    if origin.forked is not None:  # so that what is erased there comes to this one, too, when the room between is gone
        came_from["from"] = dict(origin.forked)
    return Defined(
        seq=told.seq + 1,
        at=now,
        actor=SYSTEM.id,
        what="scene",
        id=origin.world.scene.id,
        definition=dict(scene),
        patch=diff(told.shared, after.shared) or None,
        hidden={**{side: change for side, change in changes.items() if change}, "forked": came_from},
    )


def _standing(origin: Origin, told: State, veiled: set[str], numbers: Numbers, heard: set[str]) -> State:
    """How the room stood, as far as it is taken along. Of those ``heard``, whose lines or deeds are, the name is kept,
    and that they were only heard of (``heard_of``): the fork is no more theirs for it."""
    then = setup.refit(origin.state, origin.world)
    run = {key: value for key, value in then.shared["run"].items() if key not in ("open", "steer")}
    props = {one: told.props[one] if one in veiled else body for one, body in then.props.items()}
    named = {*(told.people if origin.perceiver else then.people), origin.owner}
    people = {
        who: _gone(_renumbered(body, numbers), heard_of=who not in named)
        for who, body in then.people.items()
        if who in named or who in heard or body["kind"] == "character"
    }
    shared = {key: value for key, value in then.shared.items() if key not in NAMES}
    hidden: dict[str, Any] = {side: then.hidden.get(side) or {} for side in _SIDES}
    if origin.perceiver:
        fresh = setup.initial(origin.world, open=False)
        hidden["props"] = {one: body for one, body in (fresh.hidden.get("props") or {}).items() if one in veiled}
        hidden |= {"aside": {}, "note": {}}
        hidden["timers"] = {id: timer for id, timer in hidden["timers"].items() if timer["prop"] not in veiled}
    return State(told.seq, {**shared, "run": run, "props": props, "people": people}, hidden)


def _renumbered(person: Mapping[str, Any], numbers: Numbers) -> dict[str, Any]:
    """What is known of somebody, or changes in that, with the fork's numbers where it says since which event they show
    which persona."""
    if "worn" not in person:
        return dict(person)
    worn = {int(since): shown for since, shown in person["worn"].items()}
    return {**person, "worn": {str(numbers.since(since)): worn[since] for since in sorted(worn)}}


def _gone(person: Mapping[str, Any], *, heard_of: bool) -> dict[str, Any]:
    if person["kind"] == "character":
        return dict(person)
    gone = {key: value for key, value in person.items() if key != "here"}
    return {**gone, "heard_of": True} if heard_of else gone


def _spans(times: Mapping[str, int], numbers: Numbers, origin: Origin, who: str) -> dict[str, int]:
    """When somebody was in the room, in the fork's numbers; characters that are here stay."""
    found: dict[str, int] = {}
    here = origin.state.people.get(who, {}).get("kind") == "character" and origin.state.is_here(who)
    for start, end in times.items():
        first = numbers.since(int(start))
        last = numbers.upto(end) if end else numbers.last
        if first <= last:
            found[str(first)] = 0 if here and end == 0 else last
    return found
