"""What is wrong with the regular expressions of lorebooks. An engine reads them, so `openroom check` alone asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from openroom.core.lore.book import Lore, pattern_of
from openroom.core.lore.match import Key
from openroom.errors import DefinitionError
from openroom.library.bounds import LORE
from openroom.library.document import Document, Loc
from openroom.library.files import DefinitionFiles, load_lore
from openroom.ports.patterns import Patterns

_DEPTHS = ("", "*/", "characters/*/", "scenes/*/")
"""Where a book lies: in a definition's folder, a folder of many, or one that holds both kinds."""
_FLAGGED = re.compile(r"/(.+)/([A-Za-z]+)", re.DOTALL)
_SLASH = re.compile(r"(?<!\\)/")


async def pattern_problems(paths: Sequence[Path], patterns: Patterns) -> list[DefinitionError]:
    """Warnings at each key of the books at ``paths`` (as `openroom.library.check.check` takes them) that is meant as a
    regular expression and is none, or that ``patterns`` cannot run. The entry is played without that key."""
    books = list(_books(paths))
    keys = [(document, loc, key) for lore, document in books for loc, key in _keys(lore)]
    wanted = {text: Key(*found, pattern=True) for _, _, text in keys if (found := pattern_of(text)) is not None}
    await patterns.scan(list(wanted.values()), [""])
    problems = []
    for document, loc, text in keys:
        came = patterns.off(wanted[text]) if text in wanted else _misflagged(text)
        if came:
            came = f"{text[:80]!r}: {came}"
            expected = "a JavaScript regular expression (/.../i) that can be run"
            problems.append(document.error(loc, expected, came=came, warning=True))
    return problems


def _misflagged(text: str) -> str:
    """Why a key that looks like a regular expression is read as a word; empty for one that is a word."""
    found = _FLAGGED.fullmatch(text)
    if found is None or _SLASH.search(found[1]):  # a/path/of/words
        return ""
    return f"{found[2]!r} are no flags, so it is looked for as it stands"


def _books(paths: Sequence[Path]) -> Iterator[tuple[Lore, Document]]:
    """The books at these paths that can be read at all; of a definition's file the one beside it."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files |= dict.fromkeys(one for depth in _DEPTHS for one in sorted(path.glob(depth + LORE)))
        elif (beside := path.with_name(LORE)).is_file():
            files[beside] = None
    shelf = DefinitionFiles()
    for file in files:
        entry = shelf.entry(file, file.parent.name, load_lore)
        if isinstance(entry.value, Lore) and entry.document is not None:
            yield entry.value, entry.document


def _keys(lore: Lore) -> Iterator[tuple[Loc, str]]:
    """Every key of a book, with its place."""
    for at, entry in enumerate(lore.entries):
        yield from ((("entries", at, "keys", place), key) for place, key in enumerate(entry.keys))
        for number, one in enumerate(entry.when):
            for kind in ("any", "all", "not_any", "not_all"):
                keys = enumerate(getattr(one, kind))
                yield from ((("entries", at, "when", number, kind, place), key) for place, key in keys)
