"""Definitions as JSON, as a room's log pins them, and back: a log replays with what it ran with, whatever the
files say now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from openroom.core.character import Character
from openroom.core.lore.book import Lore
from openroom.core.prop import Prop
from openroom.core.scene import Scene
from openroom.core.state import World
from openroom.errors import DefinitionError
from openroom.props.declared.prop import YamlProp
from openroom.props.declared.spec import PropSpec

M = TypeVar("M", bound=BaseModel)
_PYTHON = "python"


def pinned(world: World) -> dict[str, Any]:
    """``{"scene": {...}, "props": {kind: {...}}, "characters": {id: {...}}}``. A Python prop is pinned by its
    kind only."""
    return {
        "scene": pin(world.scene),
        "props": {rules.kind: pin_prop(rules) for rules in world.props.values()},
        "characters": {name: pin(character) for name, character in world.characters.items()},
    }


def pin(definition: BaseModel) -> dict[str, Any]:
    """A definition with all its defaults, so that later defaults do not change what it means."""
    return definition.model_dump(mode="json", by_alias=True, exclude_none=True)


def pin_prop(rules: Prop) -> dict[str, Any]:
    """A YAML prop's spec; for a prop written in Python its kind."""
    return pin(rules.spec) if isinstance(rules, YamlProp) else {_PYTHON: rules.kind}


def world_from(definitions: Mapping[str, Any], python: Mapping[str, Prop]) -> World:
    """The inverse of `pinned`, with the room's own ``lore`` where there is some; ``python`` are the rule books at hand
    by kind. Raises `DefinitionError`."""
    scene = _unpin(Scene, definitions["scene"], "scene")
    characters = {
        name: _unpin(Character, body, f"characters.{name}") for name, body in definitions["characters"].items()
    }
    kinds = {kind: _prop(kind, body, python) for kind, body in definitions["props"].items()}
    for member in scene.characters:
        if member.id not in characters:
            raise DefinitionError(f"the character {member.id!r}", came="none", file="pinned definitions")
    for wish in scene.props:
        if wish.kind not in kinds:
            raise DefinitionError(f"the prop {wish.kind!r}", came="none", file="pinned definitions")
    lore = _unpin(Lore, definitions["lore"], "lore") if definitions.get("lore") else None
    return World(scene, characters, {wish.id: kinds[wish.kind] for wish in scene.props}, lore)


def _prop(kind: str, body: Mapping[str, Any], python: Mapping[str, Prop]) -> Prop:
    if _PYTHON not in body:
        return YamlProp(_unpin(PropSpec, body, f"props.{kind}"))
    rules = python.get(str(body[_PYTHON]))
    if rules is None:
        raise DefinitionError(
            f"the Python prop {kind!r}, which this room runs with, to be installed", came="none", key=f"props.{kind}"
        )
    return rules


def _unpin(model: type[M], body: Mapping[str, Any], where: str) -> M:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join([where, *(str(part) for part in first["loc"])])
        raise DefinitionError(first["msg"], came=repr(first["input"])[:60], key=key) from error
