"""Whom the state of a room holds: those who are there, and those who are named in what can still be read of its story.

Who left and is named nowhere goes when somebody else comes or goes, so that a room with many visitors stays small. A
rewind brings back whom the story of then needs. A room that is not open keeps all: there, who is known may come in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from openroom.core.actor import Actor, is_character
from openroom.core.event import Entered, Event, Left, words_by
from openroom.core.look import Look
from openroom.core.state import State
from openroom.language.alike import skeleton

WINDOW = 600
"""So many events of the story are looked at for names; a snapshot's lines are among them. Visits are kept as long."""

_VISITORS = ("player", "spectator")
_RESERVED = frozenset(map(skeleton, ("openroom", "operator", "system", "you", "user", "assistant", "narrator")))
"""Who the room itself, or a model, is called."""


def names_in(event: Event) -> set[str]:
    """Whom an event needs by name: who acted, and who is told. Coming and leaving say the name themselves."""
    told = {event.actor, words_by(event), *(event.to or ())}
    return told - {event.who} if isinstance(event, Entered | Left) else told


def absent(state: State) -> list[str]:
    """Visitors who are known and not there, but for those who were asked to stay out."""
    bans = state.hidden.get("bans", {})
    return [
        who
        for who, person in state.people.items()
        if not person.get("here") and person["kind"] in _VISITORS and who not in bans
    ]


def forgotten(state: State, named: Collection[str] | None, *, private: bool, but: str) -> list[str]:
    """Who goes now; ``named`` are those who may not (``None``: nobody knows), nor may ``but``."""
    if named is None or private or not state.shared["run"].get("open"):
        return []
    return [who for who in absent(state) if who not in named and who != but]


def free_name(people: Mapping[str, Any], who: str, name: str, cast: Collection[str] = ()) -> str:
    """The wished name, with a number where somebody else, one of the ``cast`` or the room itself has one that looks
    like it: names must tell people apart."""
    taken = {
        skeleton(one) for other, p in people.items() if other != who and p["kind"] != "past" for one in _names_of(p)
    }
    if not is_character(who):
        taken |= _RESERVED | set(map(skeleton, cast))
    if skeleton(name) not in taken:
        return name
    return next(f"{name[:36]} {n}" for n in range(2, len(taken) + 3) if skeleton(f"{name[:36]} {n}") not in taken)


def _names_of(person: Mapping[str, Any]) -> Iterator[str]:
    yield person["name"]
    yield from (one["name"] for one in person.get("personas", {}).values())


def drawn(person: Mapping[str, Any], look: Look | None, *, afresh: bool = False) -> dict[str, Any]:
    """The patch of a look that was chosen: parts of the one before that it has not are taken off. Empty where none
    was; ``afresh`` takes off the one before then, too."""
    if look is None:
        return {"look": None} if afresh and "look" in person else {}
    chosen = look.chosen()
    return {"look": {**dict.fromkeys(part for part in person.get("look", {}) if part not in chosen), **chosen}}


def next_order(people: Mapping[str, Any]) -> int:
    """The order of whoever comes next."""
    return 1 + max((person.get("order", 0) for person in people.values()), default=0)


def introduced(state: State, actor: Actor, drafts: list[dict[str, Any]], cast: Collection[str]) -> list[dict[str, Any]]:
    """A game's own actor stands among the people, who are never here, from its first event on: so that prompts and
    clients have its name."""
    known = state.people.get(actor.id, {"kind": "game"})
    if not drafts or actor.role != "game" or not actor.name or known["kind"] != "game":
        return drafts
    if drafts[0]["kind"] == "entered":  # it comes in, as a player does
        return drafts
    name = free_name(state.people, actor.id, actor.name, cast)
    if known.get("name") == name:
        return drafts
    order = known.get("order") or next_order(state.people)
    patch = drafts[0].get("patch") or {}
    people = {**patch.get("people", {}), actor.id: {"kind": "game", "name": name, "order": order}}
    return [{**drafts[0], "patch": {**patch, "people": people}}, *drafts[1:]]


def unvisited(state: State, gone: Collection[str]) -> list[str]:
    """Whose visits are forgotten when ``gone`` go: of those whom nobody knows any more, who left so long ago that
    nothing they perceived can be read. Visits stand in the order of coming: the first that is to be kept ends it."""
    long_ago = state.seq - WINDOW
    found = []
    for who, spans in state.hidden.get("visits", {}).items():
        if who in state.people and who not in gone:
            continue
        if not all(0 < end < long_ago for end in spans.values()):
            break
        found.append(who)
    return found


def brought_back(state: State, past: State, head: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Those whom the story up to ``head`` knows and the state no longer does: people with them, and their visits."""
    people: dict[str, Any] = dict(state.people)
    for who, person in sorted(past.people.items(), key=lambda item: item[1].get("order", 0)):
        if who not in people and person["kind"] in _VISITORS:
            kept = {key: value for key, value in person.items() if key != "here"}
            people[who] = {**kept, "name": free_name(people, who, person["name"]), "order": next_order(people)}
    known, then = state.hidden.get("visits", {}), past.hidden.get("visits", {})
    missing = {who: spans for who, spans in then.items() if who not in known}
    return people, {who: {start: end or head for start, end in spans.items()} for who, spans in missing.items()}
