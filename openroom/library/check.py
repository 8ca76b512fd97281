"""`openroom check`: everything wrong with files or folders of definitions, without starting anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from openroom.errors import DefinitionError
from openroom.library.bounds import LORE
from openroom.library.files import DefinitionFiles, load_lore, load_prop, shown_path
from openroom.library.library import Library

_FILES = ("character.yaml", "scene.yaml")


def check(paths: Sequence[Path | str], *, library: Library | None = None) -> list[DefinitionError]:
    """What is wrong with the definitions at ``paths``, in their order, each problem once.

    A path is a definition file, the folder of one, a folder of characters, of scenes or of props, or a folder that
    holds ``characters/`` and ``scenes/``. Scenes may name characters and props of ``library`` too (for instance the
    shipped ones).
    """
    found: dict[str, DefinitionError] = {}
    for path in map(Path, paths):
        for problem in _problems(path, library):
            found.setdefault(str(problem), problem)
    return list(found.values())


def _problems(path: Path, library: Library | None) -> Iterator[DefinitionError]:
    if path.is_file():
        yield from _one_file(path, library)
    elif not path.is_dir():
        yield DefinitionError("a file or a folder", came="none", file=shown_path(path))
    elif any((path / name).is_file() for name in _FILES):
        for name in _FILES:
            if (path / name).is_file():
                yield from _one_file(path / name, library)
    elif (path / "characters").is_dir() or (path / "scenes").is_dir():
        yield from _folders([path / "characters"], [path / "scenes"], library)
    else:
        yield from _folder_of_many(path, library)


def _folder_of_many(path: Path, library: Library | None) -> Iterator[DefinitionError]:
    characters = any(path.glob("*/character.y*ml"))
    scenes = any(path.glob("*/scene.y*ml")) or (path / "_props").is_dir()
    if characters or scenes:
        yield from _folders([path] if characters else [], [path] if scenes else [], library)
        return
    files = sorted(path.glob("*.y*ml"))
    if not files:
        yield DefinitionError("definitions in this folder (character.yaml, scene.yaml)", file=shown_path(path))
    for file in files:
        yield from _one_file(file, library)


def _folders(characters: list[Path], scenes: list[Path], library: Library | None) -> Iterator[DefinitionError]:
    """The problems of these folders, with the library's own behind them for what scenes name."""
    own = [folder for folder in (*characters, *scenes) if folder.is_dir()]
    behind = library.folders if library is not None else ((), ())
    both = Library(
        [*(folder for folder in characters if folder in own), *behind[0]],
        [*(folder for folder in scenes if folder in own), *behind[1]],
        props=library.own_props if library is not None else (),
    )
    inside = [shown_path(folder) for folder in own]
    yield from (problem for problem in both.problems if any(problem.file.startswith(folder) for folder in inside))


def _one_file(path: Path, library: Library | None) -> Iterator[DefinitionError]:
    """The problems of a file; of a character its cases apart, all that lies in its folder."""
    if path.name == LORE:
        yield from DefinitionFiles().entry(path, path.parent.name, load_lore).problems
    elif path.name in _FILES:
        beside = path.parent.parent.parent
        characters = path.parent.parent if path.name == "character.yaml" else beside / "characters"
        scenes = path.parent.parent if path.name == "scene.yaml" else beside / "scenes"
        own = shown_path(path.parent if path.name == "character.yaml" else path)
        mine = {own, shown_path(path.with_name(LORE))}
        problems = _folders([characters], [scenes], library)
        yield from (problem for problem in problems if problem.file in mine or problem.file.startswith(f"{own}/"))
    elif path.suffix != ".yaml":
        meant = shown_path(path.with_suffix(".yaml"))
        yield DefinitionError(meant, came=f"{path.name}, which nobody reads", file=shown_path(path))
    else:
        yield from DefinitionFiles().entry(path, path.stem, load_prop).problems
