"""Writing definitions into the author folder: new folders only, whole or not at all. Only people's acts come here."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from openroom.errors import DefinitionError
from openroom.library.document import parse_document
from openroom.library.files import shown_path

_WIDTH = 110
_MOST_TRIES = 1000
_MOST_ID = 40
_CYRILLIC_SOUNDS = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch . y . e yu ya i i ye g"
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", re.split(" ", _CYRILLIC_SOUNDS), strict=True))
_SOUND = re.compile(r"(?:HIRAGANA|KATAKANA|HANGUL) (?:LETTER|SYLLABLE) (?:SMALL )?([A-Z]+)")
"""Names of letters that say how they sound."""


def id_for(name: str) -> str:
    """An id for any name: ``Zoë`` -> ``zoe``, ``Иван`` -> ``ivan``, ``ゆき`` -> ``yuki``; one of which no letter is
    known gets one made of its digest."""
    plain = "".join(_sounds(unicodedata.normalize("NFC", name[:200])))
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if slug and not slug[0].isalpha():
        slug = f"c_{slug}"
    return slug[:_MOST_ID].strip("_") or f"card_{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _sounds(name: str) -> Iterator[str]:
    for letter in name.lower():
        if letter in _CYRILLIC:
            yield _CYRILLIC[letter].strip(".")
        elif found := _SOUND.fullmatch(unicodedata.name(letter, "")):
            yield found[1].lower()
        else:
            plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
            yield plain if plain or letter.isalpha() or unicodedata.combining(letter) else " "


def definition_text(values: Mapping[str, Any], head: str) -> bytes:
    """A new YAML file that says ``values``, below the comment ``head``. What YAML cannot hold as it is, it has
    escaped. Raises `DefinitionError` where no YAML says them."""
    writer = YAML()
    writer.width = _WIDTH
    writer.indent(mapping=2, sequence=4, offset=2)
    buffer = io.StringIO()
    writer.dump(_styled(values), buffer)
    data = f"# {head}\n{buffer.getvalue()}".encode()
    if parse_document(data, "character.yaml").value != values:
        raise DefinitionError("texts that YAML can hold", came="others")
    return data


def _styled(value: Any) -> Any:
    """Texts of several lines as blocks, where they come out again as they went in."""
    if isinstance(value, Mapping):
        return {key: _styled(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_styled(one) for one in value]
    blocky = isinstance(value, str) and "\n" in value and "\t" not in value and value == value.strip()
    return LiteralScalarString(value) if blocky and value.isascii() and not re.search(r" \n", value) else value


def add_character(
    folder: Path, wanted: str, taken: Collection[str], files: Callable[[str], Mapping[str, bytes]]
) -> Path:
    """Make ``characters/<id>/`` in the author folder and return it. The id is ``wanted``, with a number where that is
    taken; ``files`` gives the content of each file by its path inside, for the id it gets. The folder is there whole,
    or not at all. Raises `DefinitionError` where nothing can be written.
    """
    place = folder / "characters"
    fresh: Path | None = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        for id in _numbered(wanted):
            if id in taken or (place / id).exists():
                continue
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=place))
            _fill(fresh, files(id))
            fresh.chmod(0o755)
            fresh.rename(place / id)
            return place / id
    except OSError as error:
        came = error.strerror or str(error)
        raise DefinitionError("an author folder that can be written to", came=came, file=shown_path(place)) from error
    finally:
        if fresh is not None and fresh.exists():
            shutil.rmtree(fresh, ignore_errors=True)
    raise DefinitionError("a free id", came=f"{_MOST_TRIES} taken ones", file=shown_path(place))


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise DefinitionError("a file inside its folder", came=repr(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _numbered(wanted: str) -> Iterator[str]:
    yield wanted
    for number in range(2, _MOST_TRIES):
        tail = f"_{number}"
        yield wanted[: _MOST_ID - len(tail)].rstrip("_") + tail
