"""Library: the scenes, characters and props that rooms are made from, read from folders of YAML and live when those
change.

    library = Library(characters=["characters"], scenes=["scenes"])
    world = library.world("tea_room")

Author files are only ever read.
"""

from __future__ import annotations

import asyncio
import difflib
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from openroom.core.character import Character
from openroom.core.prop import Prop
from openroom.core.scene import Scene
from openroom.core.state import World
from openroom.errors import DefinitionError, RoomNotFound
from openroom.library.changes import Books, Changes, changes
from openroom.library.definitions import pinned, world_from
from openroom.library.files import DefinitionFiles, shown_path
from openroom.library.folders import SHARED, Folders
from openroom.library.kept_art import KeptArt
from openroom.library.last_good import LastGood
from openroom.library.plugins import folder_of, python_kinds
from openroom.library.reading import Reading, kinds_of
from openroom.props.declared.prop import YamlProp
from openroom.settings import shipped


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
        self._folders = Folders(characters, scenes)
        self.own_props = tuple(props)
        self._python, self._plugin_problems = python_kinds(plugins, props)
        self._shelf = DefinitionFiles()
        self._last_good: LastGood | None = None
        self.kept_art: KeptArt | None = None
        self._books = Books()
        self._stamp: dict[Path, tuple[int, int]] = {}
        self._reading = threading.Lock()
        self.reload()

    def keep(self, folder: Path) -> Changes:
        """From now on keep the last good text of each file in ``folder``, and read it where a file is broken: so a
        mistake that was saved before a start costs no more than one saved after it."""
        self._last_good, self.kept_art = LastGood(folder), KeptArt(folder / "art")
        return self.reload()

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
        return tuple(self._folders.of_characters), tuple(self._folders.of_scenes)

    def kinds(self, scene_id: str) -> Mapping[str, Prop]:
        """Rule books by kind as that scene sees them: its own props go first."""
        return kinds_of(self._python, self._books.yaml_props, scene_id)

    def world(self, scene_id: str) -> World:
        """What a room of that scene runs with. Raises `RoomNotFound`."""
        books = self._books  # one reading: a reload in another thread must not mix two
        scene = books.scenes.get(scene_id)
        if scene is None:
            raise RoomNotFound(f"expected a scene of {', '.join(sorted(books.scenes)) or 'none'}, came {scene_id!r}")
        kinds = kinds_of(self._python, books.yaml_props, scene_id)
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

    def is_broken(self, scene_id: str) -> bool:
        """Whether there is a file for a scene, and something is wrong with it or one beside it."""
        folders = {Path(shown_path(path)).parent for id, path in self._folders.scenes() if id == scene_id}
        return any(Path(one.file).parent in folders for one in self.problems if one.file and not one.warning)

    def folder(self, character_id: str) -> Path | None:
        """The folder a character was read from (its art and cases lie there)."""
        return next((p.parent for name, p in self._folders.characters() if name == character_id), None)

    def lore_file(self, what: Literal["character", "scene"], id: str) -> Path | None:
        """The lorebook of a character or scene; ``None`` where it has none."""
        found = self._folders.characters() if what == "character" else self._folders.scenes()
        return next((self._folders.lore_of(path) for name, path in found if name == id), None)

    def unknown(self, what: Literal["character", "scene"], id: str) -> str:
        """What to say of an id that no character or scene has: with the one that was likely meant, by id or name."""
        names = {one.id: one.name for one in self.characters.values()}
        if what == "scene":
            names = {one.id: one.title for one in self.scenes.values()}
        asked = id.casefold()
        named = [one for one, name in names.items() if asked in name.casefold().split()]
        begun = [one for one in names if asked and one.startswith(asked)]
        near = next(iter([*named, *begun, *difflib.get_close_matches(asked, names, n=1)]), "")
        return f"{id[:60]!r}, which none has" + (f" (did you mean {near!r}?)" if near else "")

    def prop_folder(self, kind: str) -> Path | None:
        """The folder of the module of a prop in Python (its view and art lie there)."""
        rules = self._python.get(kind)
        return folder_of(rules) if rules is not None else None

    def reload(self) -> Changes:
        """Read what has changed on disk. Never raises for what authors wrote."""
        with self._reading:  # of two readings at once the one that ended last would stay, and it may be the older
            before = self._books
            self._stamp = self._folders.stamps()
            reading = Reading(self._folders, self._shelf, self._python, before, self._last_good)
            reading.problems += self._plugin_problems
            self._books = reading.books()
            if self.kept_art is not None:
                found = {id: path.parent for id, path in self._folders.characters()}
                self.kept_art.follow({id: one for id, one in found.items() if one.parent != shipped("characters")})
            return changes(before, self._books)

    async def watch(self, callback: Callable[[Changes], Awaitable[None] | None], every: float = 1.0) -> None:
        """For ever: look every ``every`` seconds and tell ``callback`` what changed. Run it as a supervised task."""
        while True:
            await asyncio.sleep(every)
            if await asyncio.to_thread(self._folders.stamps) == self._stamp:
                continue
            if changed := await asyncio.to_thread(self.reload):
                waiting = callback(changed)
                if waiting is not None:
                    await waiting
