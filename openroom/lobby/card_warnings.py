"""What is worth telling authors of their files: of what a card's import wrote, only what somebody edited since."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from openroom.errors import DefinitionError
from openroom.library.bounds import LORE
from openroom.library.document import read_document
from openroom.library.files import shown_path
from openroom.library.library import Library
from openroom.lobby.card_originals import came_on_a_card, known_of

_CHARACTER = "character.yaml"
_MADE_OF = ("voice", "guards")
"""What decides, beside a text itself, whether it is as it should be."""


def for_authors(library: Library) -> list[DefinitionError]:
    """What is wrong with the files of a library, without warnings of what nobody who reads them wrote. It reads files:
    call it in a thread."""
    found = library.problems
    if not any(problem.warning for problem in found):
        return found
    folders = [folder for one in library.characters if (folder := library.folder(one)) and came_on_a_card(folder)]
    files = {shown_path(folder / name): folder / name for folder in folders for name in (_CHARACTER, LORE)}
    return [one for one in found if not (one.warning and one.file in files and _as_it_came(files[one.file], one.key))]


def _as_it_came(path: Path, key: str) -> bool:
    """Whether what ``key`` names in a file is as the import wrote it."""
    try:
        stamps = [(one, one.stat()) for one in (known_of(path.parent), path)]
        record, now = (_read(one, stat.st_mtime_ns, stat.st_size) for one, stat in stamps)
    except (OSError, ValueError, DefinitionError):
        return False
    if path.name == LORE:
        return bool(record.get("lore") == now["digest"])
    was = record.get("definition")
    part = re.split(r"[.\[]", key)[0]
    return isinstance(was, dict) and all(was.get(one) == now.get(one) for one in (part, *_MADE_OF))


@lru_cache(maxsize=512)
def _read(path: Path, _written: int, _size: int) -> Mapping[str, Any]:
    """What a file says; of a lorebook its digest alone. Raises OSError, ValueError and `DefinitionError`."""
    if path.name == LORE:
        return {"digest": hashlib.sha256(path.read_bytes()).hexdigest()}
    value = read_document(path).value if path.name == _CHARACTER else json.loads(path.read_bytes())
    return value if isinstance(value, dict) else {}
