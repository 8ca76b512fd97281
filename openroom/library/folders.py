"""Where the files of a library lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from openroom.errors import DefinitionError
from openroom.library.bounds import LORE
from openroom.library.files import shown_path, subfolders, yaml_files
from openroom.settings import shipped

SHARED = ""
"""The key of props that all scenes share, among a library's YAML props by scene."""


class Folders:
    """``characters/<id>/character.yaml``, ``scenes/<id>/scene.yaml``, props shared by scenes in
    ``scenes/_props/<kind>.yaml``, a scene's own in ``scenes/<id>/props/<kind>.yaml``. The first folder that has an id
    wins; the props that come with openroom stand behind all of them."""

    def __init__(self, characters: Sequence[Path | str], scenes: Sequence[Path | str]) -> None:
        self.of_characters = [Path(folder) for folder in characters]
        self.of_scenes = [Path(folder) for folder in scenes]

    def characters(self) -> Iterator[tuple[str, Path]]:
        """(id, path) of each character."""
        return subfolders(self.of_characters, "character.yaml")

    def scenes(self) -> Iterator[tuple[str, Path]]:
        """(id, path) of each scene."""
        return subfolders(self.of_scenes, "scene.yaml")

    def props(self) -> Iterator[tuple[str, str, Path]]:
        """(scene id or `SHARED`, kind, path) of each prop."""
        for kind, path in yaml_files([folder / "_props" for folder in (*self.of_scenes, shipped("scenes"))]):
            yield SHARED, kind, path
        for scene_id, scene_path in self.scenes():
            for kind, path in yaml_files([scene_path.parent / "props"]):
                yield scene_id, kind, path

    def lore(self) -> Iterator[Path]:
        """The lorebooks of characters and scenes."""
        found = (self.lore_of(path) for _, path in (*self.characters(), *self.scenes()))
        return (path for path in found if path is not None)

    def lore_of(self, definition: Path) -> Path | None:
        """The lorebook of a character or scene: beside its file, else in another folder under its id, so that one can
        be given to a definition that came with openroom. ``None`` where there is none."""
        folders = self.of_characters if definition.name == "character.yaml" else self.of_scenes
        places = (definition.parent, *(folder / definition.parent.name for folder in folders))
        return next((place / LORE for place in places if (place / LORE).is_file()), None)

    def art(self) -> Iterator[Path]:
        """The folders of pictures that authors fill."""
        for folder in self.of_characters:
            yield from sorted(folder.glob("*/art"))
        for folder in self.of_scenes:
            yield from sorted([*folder.glob("*/art"), *folder.glob("_props/art/*")])

    def missing(self) -> Iterator[DefinitionError]:
        """An error for each folder that is not there."""
        for folder in (*self.of_characters, *self.of_scenes):
            if not folder.is_dir():
                yield DefinitionError("a folder", came="none", file=shown_path(folder))

    def stamps(self) -> dict[Path, tuple[int, int]]:
        """When each file was written, and how long it is."""
        files = [path for _, path in (*self.characters(), *self.scenes())]
        files += [*self.lore(), *(path for _, _, path in self.props())]
        files += [path for folder in self.art() for path in folder.glob("*")]
        stamps: dict[Path, tuple[int, int]] = {}
        for path in files:
            try:
                found = path.stat()
            except OSError:
                continue
            stamps[path] = (found.st_mtime_ns, found.st_size)
        return stamps
