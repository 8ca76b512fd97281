"""What a room begins with, and what becomes of its state when a definition changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openroom.core import event as ev
from openroom.core.event import Event
from openroom.core.prop import Prop, PropState
from openroom.core.state import State, World
from openroom.errors import DefinitionError


def opening(world: World, definitions: Mapping[str, Mapping[str, Any]], now: int, *, open: bool = True) -> Event:
    """Event 1 of a room: the pinned definitions and the state the scene begins with.

    ``definitions`` holds ``scene``, ``props`` (by kind) and ``characters`` (by id) as JSON; ``open`` says whether new
    visitors may come in. Raises `DefinitionError`.
    """
    shared = initial(world, open=open)
    visits = {who: {"1": 0} for who in shared["people"]}
    return ev.Opened(
        seq=1,
        at=now,
        actor="system",
        scene=dict(definitions["scene"]),
        props=dict(definitions["props"]),
        characters=dict(definitions["characters"]),
        patch=shared,
        hidden={"visits": visits},
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
    """The shared state under new definitions: what fits stays, what does not goes aside, what is new begins fresh."""
    fresh = initial(world)
    aside: dict[str, Any] = {}
    props: dict[str, Any] = {}
    kept_aside = state.hidden.get("aside", {})
    for prop_id, body in fresh["props"].items():
        old = state.props.get(prop_id, {}).get("state", kept_aside.get(prop_id))
        if old is None:
            props[prop_id] = body
            continue
        rules = world.props[prop_id]
        try:
            kept = rules.check(old)
        except DefinitionError:
            aside[prop_id], kept = old, body["state"]
        props[prop_id] = placed(rules, kept, body["name"], body["order"], body["place"])
    aside |= {gone: body["state"] for gone, body in state.props.items() if gone not in props}
    scene = {**state.shared["scene"], "id": fresh["scene"]["id"], "title": fresh["scene"]["title"]}
    return {**state.shared, "scene": scene, "props": props, "people": _recast(state, world, fresh)}, aside


def _recast(state: State, world: World, fresh: Mapping[str, Any]) -> dict[str, Any]:
    people = dict(state.people)
    top = max((p.get("order", 0) for p in people.values()), default=0)
    for who, body in fresh["people"].items():
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
        if old["kind"] == "character" and who not in fresh["people"]:
            people[who] = {key: value for key, value in old.items() if key != "here"}
    return people
