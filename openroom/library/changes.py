"""All definitions at one time, and what a reload changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openroom.core.character import Character
from openroom.core.scene import Scene
from openroom.errors import DefinitionError
from openroom.props.declared.prop import YamlProp


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reload changed: ids of characters and scenes, kinds of props; ``problems`` if the list of problems did."""

    characters: frozenset[str] = frozenset()
    scenes: frozenset[str] = frozenset()
    props: frozenset[str] = frozenset()
    problems: bool = False

    def __bool__(self) -> bool:
        return bool(self.characters or self.scenes or self.props or self.problems)


@dataclass(frozen=True, slots=True)
class Books:
    """All definitions at one time; replaced whole by a reload. YAML props are by scene (or shared) and kind."""

    characters: Mapping[str, Character] = field(default_factory=dict)
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    yaml_props: Mapping[str, Mapping[str, YamlProp]] = field(default_factory=dict)
    problems: tuple[DefinitionError, ...] = ()


def changes(before: Books, after: Books) -> Changes:
    """What differs."""
    props: set[str] = set()
    for scene_id in {*before.yaml_props, *after.yaml_props}:
        props |= _differ(before.yaml_props.get(scene_id, {}), after.yaml_props.get(scene_id, {}))
    told = [str(problem) for problem in before.problems] != [str(problem) for problem in after.problems]
    return Changes(
        _differ(before.characters, after.characters), _differ(before.scenes, after.scenes), frozenset(props), told
    )


def _differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(key for key in {*before, *after} if before.get(key) != after.get(key))
