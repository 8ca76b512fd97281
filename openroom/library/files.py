"""The files of a library, read once each: a file that has not changed is not parsed again, by no library."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from openroom.core.character import Character
from openroom.core.lore.book import Lore
from openroom.core.scene import Scene
from openroom.core.translation import mistranslated
from openroom.errors import DefinitionError
from openroom.library.bounds import LORE, size_of
from openroom.library.card_check import card_problems
from openroom.library.document import Document, parse_document
from openroom.library.validate import fit
from openroom.props.declared.lint import lint
from openroom.props.declared.spec import PropSpec


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a file says: ``value`` is absent when it does not fit; ``problems`` tell why (or warn). Libraries share it,
    so nobody may change it.
    """

    digest: str
    value: Character | Scene | PropSpec | Lore | None
    problems: tuple[DefinitionError, ...]
    document: Document | None = None
    data: bytes = b""


Loader = Callable[[Document, str], "tuple[Any, list[DefinitionError]]"]


def load_character(document: Document, name: str) -> tuple[Character | None, list[DefinitionError]]:
    """A document as a character whose folder is called ``name``."""
    value, problems = fit(document, Character)
    value = _without_lore(document, value, problems)
    if value is not None and value.id != name:
        problems.append(document.error(("id",), f"the folder's name, {name!r}", came=repr(value.id)))
        value = None
    said = list(card_problems(document, value)) if value else []
    return value, problems + _translations(document, value) + said


def load_scene(document: Document, name: str) -> tuple[Scene | None, list[DefinitionError]]:
    """A document as a scene whose folder is called ``name``."""
    value, problems = fit(document, Scene)
    value = _without_lore(document, value, problems)
    if value is not None and value.id != name:
        problems.append(document.error(("id",), f"the folder's name, {name!r}", came=repr(value.id)))
        value = None
    return value, problems + _translations(document, value)


def load_lore(document: Document, _name: str) -> tuple[Lore | None, list[DefinitionError]]:
    """A document as a lorebook."""
    return fit(document, Lore)


_Holder = TypeVar("_Holder", Character, Scene)


def _without_lore(document: Document, value: _Holder | None, problems: list[DefinitionError]) -> _Holder | None:
    """The definition; none where it holds lore, which has a file of its own."""
    if value is None or value.lore is None:
        return value
    problems.append(document.error(("lore",), f"lore in a file of its own, {LORE}", came="it in here", at_key=True))
    return None


def _translations(document: Document, value: Character | Scene | None) -> list[DefinitionError]:
    """What is wrong with translations; the rest is good without them."""
    heard = value.heard() if isinstance(value, Character) else []
    found = mistranslated(value.translations, [*value.texts(), *heard]) if value else ()
    return [document.error(loc, expected, came=came, at_key=True) for loc, expected, came in found]


def load_prop(document: Document, name: str) -> tuple[PropSpec | None, list[DefinitionError]]:
    """A document as a prop whose file is called ``name.yaml``. Warnings come with the value, errors without it."""
    value, problems = fit(document, PropSpec)
    if value is None:
        return None, problems
    if value.kind != name:
        return None, [document.error(("kind",), f"the file's name, {name!r}", came=repr(value.kind))]
    flaws = lint(value)
    problems = [
        document.error(flaw.loc, flaw.expected, came=flaw.came, at_key=flaw.loc[0] == "translations") for flaw in flaws
    ]
    return (None if any(flaw.fatal for flaw in flaws) else value), problems


class DefinitionFiles:
    """Reads files and remembers what they said by digest."""

    def __init__(self) -> None:
        self._entries: dict[Path, FileEntry] = {}

    def entry(self, path: Path, name: str, loader: Loader) -> FileEntry:
        """What the file at ``path`` says now."""
        shown = shown_path(path)
        try:
            with path.open("rb") as stream:
                data = stream.read(size_of(path.name).bytes + 1)
        except OSError as error:
            came = error.strerror or str(error)
            return FileEntry("", None, (DefinitionError("a file that can be read", came=came, file=shown),))
        digest = hashlib.sha256(data).hexdigest()
        known = self._entries.get(path)
        if known is None or known.digest != digest:
            known = self._entries[path] = parsed(digest, data, shown, name, loader)
        return known


@lru_cache(maxsize=256)
def parsed(digest: str, data: bytes, shown: str, name: str, loader: Loader) -> FileEntry:
    """What these bytes say as the file that is shown as ``shown``."""
    try:
        document = parse_document(data, shown)
    except DefinitionError as error:
        return FileEntry(digest, None, (error,), None, data)
    value, problems = loader(document, name)
    return FileEntry(digest, value, (*document.cut, *problems), document, data)


def shown_path(path: Path) -> str:
    """A path as errors show it: relative to where one is, if it lies there."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def subfolders(folders: Sequence[Path], file: str) -> Iterator[tuple[str, Path]]:
    """(name, path of ``file``) for each folder in ``folders`` that has it; the first of a name counts."""
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(folder.glob(f"*/{file}")):
            if path.parent.name not in seen and path.parent.name[0] not in "._":
                seen.add(path.parent.name)
                yield path.parent.name, path


def yaml_files(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """(stem, path) of each ``*.yaml`` in ``folders``; the first of a name counts."""
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            if path.stem not in seen and not path.name.startswith("."):
                seen.add(path.stem)
                yield path.stem, path
