"""One reading of all files of a library: what is good, what is wrong, and what stands in for a file that is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openroom.core.character import Character
from openroom.core.lore.book import Lore
from openroom.core.prop import Prop
from openroom.core.scene import Scene
from openroom.errors import DefinitionError
from openroom.library.art_check import art_problems
from openroom.library.changes import Books
from openroom.library.crosscheck import Known, Stages, character_problems, cross_check, is_whole, lore_problems
from openroom.library.files import (
    DefinitionFiles,
    FileEntry,
    Loader,
    load_character,
    load_lore,
    load_prop,
    load_scene,
    shown_path,
)
from openroom.library.folders import SHARED, Folders
from openroom.library.last_good import LastGood
from openroom.library.strays import strays
from openroom.props.declared.prop import YamlProp
from openroom.props.declared.spec import PropSpec

YamlProps = dict[str, dict[str, YamlProp]]


class Reading:
    """Made for one reading. What is wrong is gathered in ``problems``, in the order of the files."""

    def __init__(
        self,
        folders: Folders,
        shelf: DefinitionFiles,
        python: Mapping[str, Prop],
        before: Books,
        last_good: LastGood | None,
    ) -> None:
        self._folders, self._shelf, self._python = folders, shelf, python
        self._before, self._last_good = before, last_good
        self._specs: list[FileEntry] = []
        self._lorebooks: list[FileEntry] = []
        self._broken: set[str] = set()
        self._broken_kinds: set[str] = set()
        # Listed once: a folder that comes while they are read is there the next time.
        self._paths: dict[str, Path] = dict(folders.scenes())
        self._card_paths: dict[str, Path] = dict(folders.characters())
        self.problems: list[DefinitionError] = []

    def books(self) -> Books:
        """All definitions, and everything that is wrong."""
        self.problems += self._folders.missing()
        self._note_strays()
        cards = {name: self._shelf.entry(path, name, load_character) for name, path in self._card_paths.items()}
        characters = self._characters(cards)
        props = self._props()
        played = {name: self._shelf.entry(path, name, load_scene) for name, path in self._paths.items()}
        kinds = {name: kinds_of(self._python, props, name) for name in played}
        known = {name: Known(characters, kinds[name], self._broken, self._broken_kinds) for name in played}
        scenes = {name: scene for name, entry in played.items() if (scene := self._scene(name, entry, known[name]))}
        scenes = {name: self._with_lore(scene) for name, scene in scenes.items()}
        self.problems += self._across(cards, played, kinds)
        self.problems += art_problems(self._folders, [*cards.values(), *self._specs, *played.values()])
        self._tidy()
        return Books(characters, scenes, props, tuple(self.problems))

    def _note_strays(self) -> None:
        """Files that nobody reads. Who had the right name before goes on; to name one is no mistake."""
        for stray in strays(self._folders.of_characters, self._folders.of_scenes):
            self.problems.append(stray.problem)
            if stray.what == "prop":
                self._broken_kinds.add(stray.id)
            elif stray.what == "character":
                self._broken.add(stray.id)

    def _good(self, path: Path, name: str, loader: Loader, entry: FileEntry, before: Any) -> Any:
        """What a file says; where it is broken, what it said when it was good last."""
        if entry.value is not None:
            self._keep(path, entry)
            return entry.value
        return before or self._kept(path, name, loader)

    def _characters(self, cards: Mapping[str, FileEntry]) -> dict[str, Character]:
        before = self._before.characters
        found = {name: before[name] for name in self._broken & before.keys()}
        for name, path in self._card_paths.items():
            self.problems += cards[name].problems
            value = self._good(path, name, load_character, cards[name], self._before.characters.get(name))
            if isinstance(value, Character):
                found[name] = value.model_copy(update={"lore": self._lore(path, before.get(name))})
            else:
                self._broken.add(name)
        return found

    def _props(self) -> YamlProps:
        props: YamlProps = {}
        for scene_id, kind, path in self._folders.props():
            if kind in self._python:
                taken = f"a kind other than the built-in {kind!r}"
                self.problems.append(DefinitionError(taken, came=repr(kind), file=shown_path(path), key="kind"))
                continue
            entry = self._shelf.entry(path, kind, load_prop)
            self._specs.append(entry)
            self.problems += [*entry.problems, *self._misshown(entry)]
            old = self._before.yaml_props.get(scene_id, {}).get(kind)
            spec = self._good(path, kind, load_prop, entry, old and old.spec)
            if isinstance(spec, PropSpec):
                props.setdefault(scene_id, {})[kind] = old if old and old.spec == spec else YamlProp(spec)
            else:
                self._broken_kinds.add(kind)
        return props

    def _misshown(self, entry: FileEntry) -> Iterator[DefinitionError]:
        if isinstance(entry.value, PropSpec) and entry.document and entry.value.shown_as not in ("", *self._python):
            wanted = f"a kind written in Python ({', '.join(sorted(self._python))})"
            yield entry.document.error(("shown_as",), wanted, came=repr(entry.value.shown_as))

    def _scene(self, name: str, entry: FileEntry, known: Known) -> Scene | None:
        """The scene as its file has it, else as it was good last, if all that it names is there."""
        self.problems += entry.problems
        if isinstance(entry.value, Scene) and entry.document:
            wrong = cross_check(entry.value, known)
            self.problems += [entry.document.error(loc, expected, came=came) for loc, expected, came in wrong]
            if is_whole(entry.value, known):
                self._keep(self._paths[name], entry)
                return entry.value
        old = (self._before.scenes.get(name), self._kept(self._paths[name], name, load_scene))
        return next((one for one in old if isinstance(one, Scene) and is_whole(one, known)), None)

    def _with_lore(self, scene: Scene) -> Scene:
        lore = self._lore(self._paths[scene.id], self._before.scenes.get(scene.id))
        return scene.model_copy(update={"lore": lore})

    def _lore(self, definition: Path, before: Character | Scene | None) -> Lore | None:
        """The book of a definition; where it is broken, as it was good last."""
        path = self._folders.lore_of(definition)
        if path is None:
            return None
        entry = self._shelf.entry(path, definition.parent.name, load_lore)
        self._lorebooks.append(entry)
        self.problems += entry.problems
        value = self._good(path, definition.parent.name, load_lore, entry, before and before.lore)
        return value if isinstance(value, Lore) else None

    def _across(
        self, cards: Mapping[str, FileEntry], played: Mapping[str, FileEntry], kinds: Mapping[str, Mapping[str, Prop]]
    ) -> Iterator[DefinitionError]:
        """What characters name that is nowhere. Nothing is said of scenes while one of them cannot be read."""
        scenes = [entry.value for entry in played.values() if isinstance(entry.value, Scene)]
        whole = len(scenes) == len(played)
        for name, entry in cards.items():
            if isinstance(entry.value, Character) and entry.document:
                its = [scene for scene in scenes if whole and any(member.id == name for member in scene.characters)]
                yield from character_problems(entry.value, entry.document, Stages(its, kinds), cards.keys())
        for entry in self._lorebooks:
            if isinstance(entry.value, Lore) and entry.document:
                yield from lore_problems(entry.value, entry.document, cards.keys())

    # what was good last ---------------------------------------------------------------------------------------------

    def _keep(self, path: Path, entry: FileEntry) -> None:
        if self._last_good is not None:
            self._last_good.save(path, entry)

    def _kept(self, path: Path, name: str, loader: Loader) -> Any:
        return self._last_good.load(path, name, loader) if self._last_good is not None else None

    def _tidy(self) -> None:
        if self._last_good is not None:
            there = [path for _, path in self._folders.characters()] + [path for _, _, path in self._folders.props()]
            self._last_good.forget_others([*there, *self._folders.lore(), *self._paths.values()])


def kinds_of(python: Mapping[str, Prop], props: Mapping[str, Mapping[str, YamlProp]], scene_id: str) -> dict[str, Prop]:
    """Rule books by kind as a scene sees them: its own go first, then those that all share, then Python's."""
    return {**python, **props.get(SHARED, {}), **props.get(scene_id, {})}
