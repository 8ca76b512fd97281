"""Files that look like definitions and are read by nobody: in a wrong place, or under a wrong name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from openroom.errors import DefinitionError
from openroom.library.bounds import LORE
from openroom.library.files import shown_path

_ENDINGS = (".yaml", ".yml")
What = Literal["character", "scene", "prop"]
_BESIDE: dict[What, frozenset[str]] = {
    "character": frozenset({"cases.yaml", "report.yaml", LORE}),
    "scene": frozenset({LORE}),
}
"""What else may lie in a folder of such a definition."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A definition that is not read: what it is, the id it would have, and what to do about it."""

    what: What
    id: str
    problem: DefinitionError


def strays(characters: Sequence[Path], scenes: Sequence[Path]) -> Iterator[Stray]:
    """Each file that its author will miss."""
    for folder in characters:
        yield from _in_folder(folder, "character")
    for folder in scenes:
        yield from _in_folder(folder, "scene")
        for props in (folder / "_props", *sorted(folder.glob("*/props"))):
            for path in _texts(props):
                if path.suffix != ".yaml":
                    yield Stray("prop", path.stem, _misnamed(path, props / f"{path.stem}.yaml"))


def _in_folder(folder: Path, what: What) -> Iterator[Stray]:
    name = f"{what}.yaml"
    for path in _texts(folder):
        yield Stray(what, path.stem, _misnamed(path, folder / path.stem / name))
    for inside in sorted(path for path in _listed(folder) if path.is_dir() and path.name[0] not in "._"):
        for path in _texts(inside):
            if path.name != name and path.name not in _BESIDE[what]:
                yield Stray(what, inside.name, _misnamed(path, inside / name))
        if not (inside / name).is_file():
            for path in sorted(inside.glob(f"*/{name}")):
                yield Stray(what, path.parent.name, _misnamed(path, folder / path.parent.name / name))


def _texts(folder: Path) -> list[Path]:
    return sorted(path for path in _listed(folder) if path.suffix.lower() in _ENDINGS and path.name[0] != ".")


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _misnamed(path: Path, meant: Path) -> DefinitionError:
    """A warning where the right file is there too: then nothing is lost."""
    came = f"{path.name}, which nobody reads"
    return DefinitionError(shown_path(meant), came=came, file=shown_path(path), warning=meant.is_file())
