"""What a room begins with, and what becomes of its state when a definition changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openroom.core import event as ev
from openroom.core.actor import character_id
from openroom.core.event import Event
from openroom.core.fit import fitted, recalled
from openroom.core.patch import diff, merge
from openroom.core.prop import Prop, PropState
from openroom.core.scene import ScenePlacedProp
from openroom.core.state import State, World
from openroom.errors import DefinitionError

SIDES = ("props", "aside", "versions")
"""What the hidden side knows by prop (`openroom.core.state`)."""
_OF_THE_ROOM = ("pool",)
"""What it knows of the room, and turns back with it. The room's note does not: how a room runs is no story."""


def opening(world: World, definitions: Mapping[str, Mapping[str, Any]], now: int, *, open: bool = True) -> Event:
    """Event 1 of a room: the pinned definitions and the state the scene begins with.

    ``definitions`` holds ``scene``, ``props`` (by kind) and ``characters`` (by id) as JSON; ``open`` says whether new
    visitors may come in. Raises `DefinitionError`.
    """
    fresh = initial(world, open=open)
    return ev.Opened(
        seq=1,
        at=now,
        actor="system",
        scene=dict(definitions["scene"]),
        props=dict(definitions["props"]),
        characters=dict(definitions["characters"]),
        patch=fresh.shared,
        hidden={"visits": {who: {"1": 0} for who in fresh.people}, **fresh.hidden},
    )


def initial(world: World, *, open: bool = True) -> State:
    """What a fresh room begins with. Raises `DefinitionError` when a prop's options do not fit."""
    scene = world.scene
    head = {"id": scene.id, "title": scene.title, "time": scene.time, "weather": scene.weather}
    if scene.stages:
        head["stage"] = scene.stages[0].id
    run: dict[str, Any] = {"responders": scene.responders.mode}
    if scene.responders.order:
        run["order"] = [character_id(one) for one in scene.responders.order]
    if scene.responders.nudge != "everybody":
        run["nudge"] = scene.responders.nudge
    if open:
        run["open"] = True
    if scene.responders.autoplay:
        run["autoplay"] = True
    props: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    for order, wish in enumerate(scene.props, 1):
        rules = world.props[wish.id]
        try:
            state = rules.initial(wish.state)
        except DefinitionError as error:
            raise DefinitionError(error.expected, came=error.came, key=f"props.{wish.id}.state.{error.key}") from error
        props[wish.id], hidden[wish.id] = placed(rules, state, _name(wish, rules), order, wish.place.model_dump())
    versions = {wish: rules.version for wish, rules in world.props.items()}
    shared = {"scene": head, "run": run, "props": props, "people": _cast(world)}
    sides = {"props": _some(hidden), "versions": _some(versions)}
    return State(0, shared, {side: what for side, what in sides.items() if what})


def placed(
    rules: Prop, state: PropState, name: str, order: int, place: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A prop's entry in the shared state, and what is hidden of its state."""
    shown = {field: value for field, value in state.items() if field not in rules.hidden}
    body = {"kind": rules.kind, "name": name, "order": order, "place": place, "state": shown}
    if look := rules.look_key(state):
        body["look"] = look
    return body, {field: value for field, value in state.items() if field in rules.hidden}


def _name(wish: ScenePlacedProp, rules: Prop) -> str:
    return wish.name or rules.name


def _some(by_prop: Mapping[str, Any]) -> dict[str, Any]:
    """Of the hidden side, by prop: without those of whom nothing is hidden, and those of version 1."""
    return {prop_id: what for prop_id, what in by_prop.items() if what not in ({}, 1)}


def _cast(world: World) -> dict[str, Any]:
    people: dict[str, Any] = {}
    for order, member in enumerate(world.scene.characters, 1):
        definition = world.characters[member.id]
        people[f"character:{member.id}"] = {
            "kind": "character",
            "name": definition.name,
            "order": order,
            "here": True,
            "emotion": definition.emotions.default,
            "place": member.place.model_dump(),
        }
    return people


def refit(state: State, world: World) -> State:
    """The state under new definitions: what fits stays, what does not goes aside, what is new begins fresh. Raises
    `DefinitionError` when a new prop's options do not fit.
    """
    sides: dict[str, dict[str, Any]] = {side: dict(state.hidden.get(side, {})) for side in SIDES}
    props: dict[str, Any] = {}
    for order, wish in enumerate(world.scene.props, 1):
        thing = _refitted(state, world.props[wish.id], wish, order)
        props[wish.id] = thing.body
        sides["props"][wish.id], sides["aside"][wish.id] = thing.hidden, thing.aside
        sides["versions"][wish.id] = thing.version
    for gone in state.props.keys() - props:
        sides["aside"][gone] = merge(sides["aside"].get(gone, {}), state.of_prop(gone))
        sides["props"].pop(gone, None)
    sides = {side: _some(by_prop) for side, by_prop in sides.items()}
    scene = {**state.shared["scene"], "id": world.scene.id, "title": world.scene.title}
    shared = {**state.shared, "scene": scene, "props": props, "people": _recast(state, world)}
    return State(state.seq, shared, {**state.hidden, **sides})


def outgrown(state: State, world: World) -> str:
    """The kind of a prop whose state its rules would have otherwise, since their code has changed; empty: none."""
    after = refit(state, world)
    return next(
        (rules.kind for one, rules in world.props.items() if _by_rules(state, one) != _by_rules(after, one)), ""
    )


def _by_rules(state: State, prop_id: str) -> tuple[Any, ...]:
    """What is as it is with a prop because of its rules."""
    body = state.props.get(prop_id, {})
    sides = [state.hidden.get(side, {}).get(prop_id) or None for side in SIDES]
    return body.get("name"), body.get("state"), body.get("look"), *sides


def hidden_patch(state: State, after: State) -> dict[str, Any]:
    """What changes on the hidden side about props, and how the room runs, where ``after`` follows ``state``."""
    known = (*SIDES, *_OF_THE_ROOM)
    changes = {side: diff(state.hidden.get(side, {}), after.hidden.get(side, {})) for side in known}
    return {side: change for side, change in changes.items() if change}


@dataclass(frozen=True, slots=True)
class _Thing:
    """A prop: its entry in the shared state, what is hidden of its state, what of it was put aside, and the version of
    the rules it is by."""

    body: dict[str, Any]
    hidden: Mapping[str, Any]
    aside: Mapping[str, Any]
    version: int


def _refitted(state: State, rules: Prop, wish: ScenePlacedProp, order: int) -> _Thing:
    """A prop under new rules."""
    old, aside = state.props.get(wish.id), state.hidden.get("aside", {}).get(wish.id, {})
    name, place = _name(wish, rules), wish.place.model_dump()
    if old is None and not aside:
        return _Thing(*placed(rules, rules.initial(wish.state), name, order, place), {}, rules.version)
    version = state.hidden.get("versions", {}).get(wish.id, 1)
    try:
        fresh = _fresh(rules, wish)
        known = aside if old is None else recalled(aside, state.of_prop(wish.id), fresh)
        kept, lost = fitted(rules, known, fresh, version)
        return _Thing(*placed(rules, kept, name, order, place), lost, rules.version)
    except DefinitionError:
        raise
    except Exception as error:  # any fault of a third-party prop: it stays as it is, but for what is hidden now
        if old is None:
            raise DefinitionError("a prop that works", came=type(error).__name__, key=f"props.{wish.id}") from error
        shown = {field: value for field, value in old["state"].items() if field not in rules.hidden}
        hidden = {field: value for field, value in state.of_prop(wish.id).items() if field not in shown}
        return _Thing({**old, "name": name, "order": order, "place": place, "state": shown}, hidden, aside, version)


def _fresh(rules: Prop, wish: ScenePlacedProp) -> dict[str, Any]:
    """What a new prop begins with. Options that a log pins for rules of then may no longer fit: those are left out."""
    try:
        return rules.initial(wish.state)
    except DefinitionError as error:
        try:
            return fitted(rules, wish.state, rules.initial({}), rules.version)[0]
        except DefinitionError:
            raise error from None


def _recast(state: State, world: World) -> dict[str, Any]:
    people, cast = dict(state.people), _cast(world)
    top = max((p.get("order", 0) for p in people.values()), default=0)
    for who, body in cast.items():
        old = people.get(who)
        if old is None:
            top += 1
            people[who] = {**body, "order": top}
            continue
        definition = world.character(who)
        old = {**old, "here": True}
        fits = definition is not None and old.get("emotion") in definition.emotions.can
        people[who] = {
            **old,
            "name": body["name"],
            "place": body["place"],
            "emotion": old["emotion"] if fits else body["emotion"],
        }
    for who, old in state.people.items():
        if old["kind"] == "character" and who not in cast:
            people[who] = {key: value for key, value in old.items() if key != "here"}
    return people
