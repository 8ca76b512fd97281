"""What a room begins with, and what becomes of its state when a definition changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openroom.core import event as ev
from openroom.core.event import Event
from openroom.core.fit import fitted, recalled
from openroom.core.patch import diff, merge
from openroom.core.prop import Prop, PropState
from openroom.core.scene import ScenePlacedProp
from openroom.core.state import State, World
from openroom.errors import DefinitionError


def opening(world: World, definitions: Mapping[str, Mapping[str, Any]], now: int, *, open: bool = True) -> Event:
    """Event 1 of a room: the pinned definitions and the state the scene begins with.

    ``definitions`` holds ``scene``, ``props`` (by kind) and ``characters`` (by id) as JSON; ``open`` says whether new
    visitors may come in. Raises `DefinitionError`.
    """
    shared = initial(world, open=open)
    hidden: dict[str, Any] = {"visits": {who: {"1": 0} for who in shared["people"]}}
    if versions := {wish: rules.version for wish, rules in world.props.items() if rules.version > 1}:
        hidden["versions"] = versions
    return ev.Opened(
        seq=1,
        at=now,
        actor="system",
        scene=dict(definitions["scene"]),
        props=dict(definitions["props"]),
        characters=dict(definitions["characters"]),
        patch=shared,
        hidden=hidden,
    )


def initial(world: World, *, open: bool = True) -> dict[str, Any]:
    """The shared state of a fresh room. Raises `DefinitionError` when a prop's options do not fit."""
    scene = world.scene
    head = {"id": scene.id, "title": scene.title, "time": scene.time, "weather": scene.weather}
    if scene.stages:
        head["stage"] = scene.stages[0].id
    run: dict[str, Any] = {"responders": scene.responders.mode}
    if open:
        run["open"] = True
    if scene.responders.autoplay:
        run["autoplay"] = True
    return {"scene": head, "run": run, "props": _placed_props(world), "people": _cast(world)}


def _placed_props(world: World) -> dict[str, Any]:
    props: dict[str, Any] = {}
    for order, wish in enumerate(world.scene.props, 1):
        rules = world.props[wish.id]
        try:
            state = rules.initial(wish.state)
        except DefinitionError as error:
            raise DefinitionError(error.expected, came=error.came, key=f"props.{wish.id}.state.{error.key}") from error
        props[wish.id] = placed(rules, state, wish.name or rules.name, order, wish.place.model_dump())
    return props


def placed(rules: Prop, state: PropState, name: str, order: int, place: dict[str, Any]) -> dict[str, Any]:
    """A prop's entry in the shared state."""
    body = {"kind": rules.kind, "name": name, "order": order, "place": place, "state": dict(state)}
    if look := rules.look_key(state):
        body["look"] = look
    return body


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


def refit(state: State, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """The shared state under new definitions, and ``aside`` and ``versions`` of the hidden side: what fits stays, what
    does not goes aside, what is new begins fresh. Raises `DefinitionError` when a new prop's options do not fit.
    """
    props: dict[str, Any] = {}
    aside: dict[str, Any] = {
        gone: one for gone, one in state.hidden.get("aside", {}).items() if gone not in world.props
    }
    versions: dict[str, int] = {**state.hidden.get("versions", {})}
    for order, wish in enumerate(world.scene.props, 1):
        props[wish.id], lost, versions[wish.id] = _refitted(state, world.props[wish.id], wish, order)
        if lost:
            aside[wish.id] = lost
    for gone, body in state.props.items():
        if gone not in props:
            aside[gone] = merge(aside.get(gone, {}), body["state"])
    versions = {one: version for one, version in versions.items() if version > 1 and one in {*props, *aside}}
    scene = {**state.shared["scene"], "id": world.scene.id, "title": world.scene.title}
    shared = {**state.shared, "scene": scene, "props": props, "people": _recast(state, world)}
    return shared, {"aside": aside, "versions": versions}


def outgrown(state: State, world: World) -> str:
    """The kind of a prop whose state its rules would have otherwise, since their code has changed; empty: none."""
    shared, hidden = refit(state, world)
    news = {**diff(state.props, shared["props"])}
    for side in ("aside", "versions"):
        news |= diff(state.hidden.get(side, {}), hidden[side])
    return next((rules.kind for prop_id, rules in world.props.items() if prop_id in news), "")


def _refitted(
    state: State, rules: Prop, wish: ScenePlacedProp, order: int
) -> tuple[dict[str, Any], dict[str, Any], int]:
    """A prop's entry under new rules, what of its state they do not take, and the version of the rules it is by now."""
    old, aside = state.props.get(wish.id), state.hidden.get("aside", {}).get(wish.id)
    name, place = wish.name or rules.name, wish.place.model_dump()
    if old is None and aside is None:
        return placed(rules, rules.initial(wish.state), name, order, place), {}, rules.version
    version = state.hidden.get("versions", {}).get(wish.id, 1)
    try:
        fresh = _fresh(rules, wish)
        known = aside if old is None else recalled(aside or {}, old["state"], fresh)
        kept, lost = fitted(rules, known, fresh, version)
        return placed(rules, kept, name, order, place), lost, rules.version
    except DefinitionError:
        raise
    except Exception as error:  # any fault of a third-party prop: it stays as it is
        if old is None:
            raise DefinitionError("a prop that works", came=type(error).__name__, key=f"props.{wish.id}") from error
        return {**old, "name": name, "order": order, "place": place}, aside or {}, version


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
