"""Library: the scenes, characters and props that rooms are made from, read from folders of YAML and live when those
change.

    library = Library(characters=["characters"], scenes=["scenes"])
    world = library.world("tea_room")

Folders: ``characters/<id>/character.yaml``, ``scenes/<id>/scene.yaml``, props shared by scenes in
``scenes/_props/<kind>.yaml``, a scene's own in ``scenes/<id>/props/<kind>.yaml``; the first folder that has an id
wins. Author files are only ever read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openroom.core.character import Character
from openroom.core.prop import Prop
from openroom.core.scene import Scene
from openroom.core.state import World
from openroom.errors import DefinitionError, RoomNotFound
from openroom.library.crosscheck import cross_check, example_problems
from openroom.library.definitions import pinned, world_from
from openroom.library.document import Document
from openroom.library.files import (
    DefinitionFiles,
    load_character,
    load_prop,
    load_scene,
    shown_path,
    subfolders,
    yaml_files,
)
from openroom.library.plugins import folder_of, python_kinds
from openroom.props.declared.prop import YamlProp
from openroom.props.declared.spec import PropSpec

SHARED = ""
"""The key of props that all scenes share, among a library's YAML props by scene."""


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
class _Books:
    """All definitions at one time; replaced whole by a reload."""

    characters: Mapping[str, Character] = field(default_factory=dict)
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    yaml_props: Mapping[str, Mapping[str, YamlProp]] = field(default_factory=dict)
    problems: tuple[DefinitionError, ...] = ()


class Library:
    """Definitions by id. A broken edit keeps the last good version and shows up in `problems`."""

    def __init__(
        self,
        characters: Sequence[Path | str] = (),
        scenes: Sequence[Path | str] = (),
        *,
        plugins: bool = True,
        props: Sequence[type[Prop]] = (),
    ) -> None:
        """``props`` are further props in Python; those of installed plugins come with ``plugins``."""
        self._character_folders = [Path(folder) for folder in characters]
        self._scene_folders = [Path(folder) for folder in scenes]
        self._python, self._plugin_problems = python_kinds(plugins, props)
        self._shelf = DefinitionFiles()
        self._books = _Books()
        self._stamp: dict[Path, tuple[int, int]] = {}
        self.reload()

    @property
    def characters(self) -> Mapping[str, Character]:
        return self._books.characters

    @property
    def scenes(self) -> Mapping[str, Scene]:
        """Scenes that can be opened, by id."""
        return self._books.scenes

    @property
    def props(self) -> Mapping[str, Prop]:
        """Rule books by kind: Python props and the YAML props that all scenes share."""
        return {**self._python, **self._books.yaml_props.get(SHARED, {})}

    @property
    def problems(self) -> list[DefinitionError]:
        """Everything wrong with the files as they are now."""
        return list(self._books.problems)

    @property
    def folders(self) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """The folders of characters and of scenes it reads."""
        return tuple(self._character_folders), tuple(self._scene_folders)

    def kinds(self, scene_id: str) -> Mapping[str, Prop]:
        """Rule books by kind as that scene sees them: its own props go first."""
        return self._kinds(self._books, scene_id)

    def world(self, scene_id: str) -> World:
        """What a room of that scene runs with. Raises `RoomNotFound`."""
        books = self._books  # one reading: a reload in another thread must not mix two
        scene = books.scenes.get(scene_id)
        if scene is None:
            raise RoomNotFound(f"expected a scene of {', '.join(sorted(books.scenes)) or 'none'}, came {scene_id!r}")
        kinds = self._kinds(books, scene_id)
        characters = {member.id: books.characters[member.id] for member in scene.characters}
        return World(scene, characters, {wish.id: kinds[wish.kind] for wish in scene.props})

    def definitions(self, scene_id: str) -> dict[str, Any]:
        """The definitions behind `world` as JSON, to pin in a room's log: ``scene``, ``props`` by kind,
        ``characters`` by id."""
        return pinned(self.world(scene_id))

    def world_from(self, definitions: Mapping[str, Any]) -> World:
        """The world that pinned definitions describe. Translations and views are not pinned: they are those of the
        files as they are. Raises `DefinitionError`.
        """
        world = world_from(definitions, self._python)
        kinds = self.kinds(world.scene.id)
        for rules in world.props.values():
            now = kinds.get(rules.kind)
            if isinstance(rules, YamlProp) and now is not None:
                rules.translations, rules.shown_as = now.translations, now.shown_as
        return world

    def folder(self, character_id: str) -> Path | None:
        """The folder a character was read from (its art and cases lie there)."""
        return next((p.parent for name, p in self._character_files() if name == character_id), None)

    def prop_folder(self, kind: str) -> Path | None:
        """The folder of the module of a prop in Python (its view and art lie there)."""
        rules = self._python.get(kind)
        return folder_of(rules) if rules is not None else None

    def reload(self) -> Changes:
        """Read what has changed on disk. Never raises for what authors wrote."""
        before = self._books
        self._stamp = self._stamps()
        self._books = self._read(before)
        return _changes(before, self._books)

    async def watch(self, callback: Callable[[Changes], Awaitable[None] | None], every: float = 1.0) -> None:
        """For ever: look every ``every`` seconds and tell ``callback`` what changed. Run it as a supervised task."""
        while True:
            await asyncio.sleep(every)
            if await asyncio.to_thread(self._stamps) == self._stamp:
                continue
            if changes := await asyncio.to_thread(self.reload):
                waiting = callback(changes)
                if waiting is not None:
                    await waiting

    def _kinds(self, books: _Books, scene_id: str) -> dict[str, Prop]:
        return {**self._python, **books.yaml_props.get(SHARED, {}), **books.yaml_props.get(scene_id, {})}

    def _character_files(self) -> Iterator[tuple[str, Path]]:
        return subfolders(self._character_folders, "character.yaml")

    def _scene_files(self) -> Iterator[tuple[str, Path]]:
        return subfolders(self._scene_folders, "scene.yaml")

    def _prop_files(self) -> Iterator[tuple[str, str, Path]]:
        """(scene id or `SHARED`, kind, path)"""
        for kind, path in yaml_files([folder / "_props" for folder in self._scene_folders]):
            yield SHARED, kind, path
        for scene_id, scene_path in self._scene_files():
            for kind, path in yaml_files([scene_path.parent / "props"]):
                yield scene_id, kind, path

    def _stamps(self) -> dict[Path, tuple[int, int]]:
        files = [path for _, path in (*self._character_files(), *self._scene_files())]
        files += [path for _, _, path in self._prop_files()]
        stamps: dict[Path, tuple[int, int]] = {}
        for path in files:
            try:
                found = path.stat()
            except OSError:
                continue
            stamps[path] = (found.st_mtime_ns, found.st_size)
        return stamps

    # reading --------------------------------------------------------------------------------------------------------

    def _read(self, before: _Books) -> _Books:
        problems = [*self._plugin_problems, *self._missing_folders()]
        characters, documents = self._read_characters(before, problems)
        yaml_props = self._read_props(before, problems)
        books = _Books(characters, {}, yaml_props)
        scenes = self._read_scenes(before, books, problems)
        problems += example_problems(scenes.values(), characters, documents)
        return _Books(characters, scenes, yaml_props, tuple(problems))

    def _missing_folders(self) -> list[DefinitionError]:
        folders = (*self._character_folders, *self._scene_folders)
        return [DefinitionError("a folder", came="none", file=shown_path(f)) for f in folders if not f.is_dir()]

    def _read_characters(
        self, before: _Books, problems: list[DefinitionError]
    ) -> tuple[dict[str, Character], dict[str, Document]]:
        characters: dict[str, Character] = {}
        documents: dict[str, Document] = {}
        for name, path in self._character_files():
            entry = self._shelf.entry(path, name, load_character)
            problems += entry.problems
            value = entry.value or before.characters.get(name)
            if isinstance(value, Character):
                characters[name] = value
            if entry.value and entry.document:
                documents[name] = entry.document
        return characters, documents

    def _read_props(self, before: _Books, problems: list[DefinitionError]) -> dict[str, dict[str, YamlProp]]:
        props: dict[str, dict[str, YamlProp]] = {}
        for scene_id, kind, path in self._prop_files():
            if kind in self._python:
                taken = f"a kind other than the built-in {kind!r}"
                problems.append(DefinitionError(taken, came=repr(kind), file=shown_path(path), key="kind"))
                continue
            entry = self._shelf.entry(path, kind, load_prop)
            problems += entry.problems
            if isinstance(entry.value, PropSpec) and entry.document and entry.value.shown_as not in ("", *self._python):
                wanted = f"a kind written in Python ({', '.join(sorted(self._python))})"
                problems.append(entry.document.error(("shown_as",), wanted, came=repr(entry.value.shown_as)))
            old = before.yaml_props.get(scene_id, {}).get(kind)
            if isinstance(entry.value, PropSpec) and not (old and old.spec == entry.value):
                old = YamlProp(entry.value)
            if old is not None:
                props.setdefault(scene_id, {})[kind] = old
        return props

    def _read_scenes(self, before: _Books, books: _Books, problems: list[DefinitionError]) -> dict[str, Scene]:
        scenes: dict[str, Scene] = {}
        for name, path in self._scene_files():
            entry = self._shelf.entry(path, name, load_scene)
            problems += entry.problems
            kinds = self._kinds(books, name)
            if isinstance(entry.value, Scene) and entry.document:
                wrong = list(cross_check(entry.value, books.characters, kinds))
                problems += [entry.document.error(loc, expected, came=came) for loc, expected, came in wrong]
                if not wrong:
                    scenes[name] = entry.value
                    continue
            old = before.scenes.get(name)
            if old is not None and not any(cross_check(old, books.characters, kinds)):
                scenes[name] = old
        return scenes


def _changes(before: _Books, after: _Books) -> Changes:
    props: set[str] = set()
    for scene_id in {*before.yaml_props, *after.yaml_props}:
        props |= _differ(before.yaml_props.get(scene_id, {}), after.yaml_props.get(scene_id, {}))
    told = [str(problem) for problem in before.problems] != [str(problem) for problem in after.problems]
    return Changes(
        _differ(before.characters, after.characters), _differ(before.scenes, after.scenes), frozenset(props), told
    )


def _differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(key for key in {*before, *after} if before.get(key) != after.get(key))
