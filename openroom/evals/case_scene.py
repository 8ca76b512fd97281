"""The stage of a case: a library with one scene in which only the case's characters stand, and a clock that is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openroom.core.character import Character
from openroom.core.scene import Responders, Scene, SceneCharacter
from openroom.core.state import World
from openroom.errors import DefinitionError
from openroom.library.definitions import pinned
from openroom.library.library import Library

START_MS = 1_760_000_000_000
"""Where the clock of every case starts (a night in October 2025), so that prompts with a time in them are the same."""


class HandClock:
    """Time that moves when it is told to, and a little with each look, so that events keep their order."""

    def __init__(self, now: int = START_MS) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += int(seconds * 1000)


class CaseScene(Library):
    """A library that offers one scene of another, narrowed to some of its characters. Files are not read again."""

    def __init__(self, library: Library, character: str, company: Sequence[str] = (), scene: str | None = None) -> None:
        if character not in library.characters:
            known = ", ".join(sorted(library.characters)) or "none"
            raise DefinitionError(f"a character of {known}", came=repr(character))
        self._library = library
        self._narrow = _narrowed(library, character, company, scene)

    @property
    def characters(self) -> Mapping[str, Character]:
        """The characters of the library."""
        return self._library.characters

    @property
    def scenes(self) -> Mapping[str, Scene]:
        return {self._narrow.id: self._narrow}

    @property
    def scene(self) -> Scene:
        return self._narrow

    @property
    def problems(self) -> list[DefinitionError]:
        return self._library.problems

    def world(self, scene_id: str) -> World:
        """What the room runs with."""
        whole = self._library.kinds(self._narrow.id)
        members = {member.id: self.characters[member.id] for member in self._narrow.characters}
        return World(self.scenes[scene_id], members, {wish.id: whole[wish.kind] for wish in self._narrow.props})

    def definitions(self, scene_id: str) -> dict[str, Any]:
        """The definitions behind `world` as JSON."""
        return pinned(self.world(scene_id))

    def world_from(self, definitions: Mapping[str, Any]) -> World:
        """The world that pinned definitions describe."""
        return self._library.world_from(definitions)


def _narrowed(library: Library, character: str, company: Sequence[str], scene: str | None) -> Scene:
    base = _scene_of(library, character, scene)
    wanted = list(dict.fromkeys([character, *company]))
    unknown = [one for one in wanted if one not in library.characters]
    if unknown:
        raise DefinitionError("company that the library has", came=", ".join(unknown))
    placed = {member.id: member for member in base.characters}
    members = tuple(placed.get(one) or SceneCharacter(id=one) for one in wanted)
    return base.model_copy(update={"characters": members, "responders": Responders()})


def _scene_of(library: Library, character: str, scene: str | None) -> Scene:
    if scene is not None:
        if scene not in library.scenes:
            raise DefinitionError(f"a scene of {', '.join(sorted(library.scenes)) or 'none'}", came=repr(scene))
        return library.scenes[scene]
    homes = [one for one in library.scenes.values() if character in {member.id for member in one.characters}]
    found = homes or list(library.scenes.values())
    if not found:
        raise DefinitionError("a scene to play in", came="none that can be opened")
    return min(found, key=lambda one: (len(one.characters), one.id))
