"""Writing definitions into the author folder: new folders only, whole or not at all. Only people's acts come here."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock, Timeout

from openroom.errors import DefinitionError
from openroom.library.crosscheck import ANYONE, VISITOR
from openroom.library.document import parse_document
from openroom.library.files import shown_path

_WIDTH = 110
_TAG = "tag:yaml.org,2002:"
_DUMPER = yaml.CSafeDumper if yaml.__with_libyaml__ else yaml.SafeDumper
"""libyaml's, where PyYAML was built with it: it writes a hundred times as fast."""
_SCALARS = yaml.representer.SafeRepresenter()
_ESCAPED = re.compile(r"\\U(000[1-9A-F][0-9A-F]{4})")
_NUMBER = re.compile(r"[-+]?[0-9.][0-9.a-zA-Z+-]*")
"""What may be a number in YAML 1.2 where PyYAML, of YAML 1.1, sees a text (``1e9``, ``0o7``)."""
_MOST_TRIES = 1000
_MOST_ID = 40
_LOCK = ".openroom.lock"
_PATIENCE = 60.0
"""Seconds to wait for somebody else who writes into the author folder."""
_TAKEN = frozenset({ANYONE, VISITOR})
"""What stands where the id of a character may stand, and means somebody else."""
_CYRILLIC_SOUNDS = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch . y . e yu ya i i ye g"
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", re.split(" ", _CYRILLIC_SOUNDS), strict=True))
_SOUND = re.compile(r"(?:HIRAGANA|KATAKANA|HANGUL) (?:LETTER|SYLLABLE) (?:SMALL )?([A-Z]+)")
"""Names of letters that say how they sound."""


def id_for(name: str) -> str:
    """An id for any name: ``Zoë`` -> ``zoe``, ``Иван`` -> ``ivan``, ``ゆき`` -> ``yuki``; one of which no letter is
    known gets one made of its digest. ``visitor`` and ``anyone`` are nobody's: ``Visitor`` -> ``c_visitor``."""
    plain = "".join(_sounds(unicodedata.normalize("NFC", name[:200])))
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if slug and (not slug[0].isalpha() or slug in _TAKEN):
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


def _node(value: Any) -> yaml.Node:
    """A value as PyYAML writes it, with texts of several lines as blocks where they come out again as they went in."""
    if isinstance(value, Mapping):
        pairs = [(_node(key), _node(one)) for key, one in value.items()]
        return yaml.MappingNode(f"{_TAG}map", pairs, flow_style=False)
    if isinstance(value, list | tuple):
        return yaml.SequenceNode(f"{_TAG}seq", [_node(one) for one in value], flow_style=False)
    if isinstance(value, str):
        blocky = "\n" in value and "\t" not in value and value == value.strip() and not re.search(r" \n", value)
        style = "|" if blocky and value.isascii() else "'" if _NUMBER.fullmatch(value) else None
        return yaml.ScalarNode(f"{_TAG}str", value, style=style)
    return _SCALARS.represent_data(float(value) if isinstance(value, float) else value)


def definition_text(values: Mapping[str, Any], head: str, name: str = "character.yaml") -> bytes:
    """A new YAML file ``name`` that says ``values``, below the comment ``head``. What YAML cannot hold as it is, it has
    escaped. Raises `DefinitionError` where no YAML says them, or such a file has no room for them."""
    text = yaml.serialize(_node(values), Dumper=_DUMPER, allow_unicode=True, width=_WIDTH)
    # libyaml escapes pictures; where a text only looks like such an escape, they stay so
    for written in (_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text), text):
        data = f"# {head}\n{written}".encode("utf-8", "replace")
        if parse_document(data, name).value == values:
            return data
    raise DefinitionError("texts that YAML can hold", came="others")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else writes into the author ``folder`` meanwhile, in this process or another: for who looks first whether
    something is there. Raises `DefinitionError`; waits at most a minute."""
    lock = FileLock(folder / _LOCK, timeout=_PATIENCE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        came = "one that somebody else is writing into"
        raise DefinitionError("an author folder that is free", came=came, file=shown_path(folder)) from None
    except NotImplementedError:  # a file system without locks: as good as it can be
        yield
        return
    except OSError as error:
        came = error.strerror or str(error)
        raise DefinitionError("an author folder that can be written to", came=came, file=shown_path(folder)) from error
    try:
        yield
    finally:
        lock.release()


def add_character(
    folder: Path, wanted: str, taken: Collection[str], files: Callable[[str], Mapping[str, bytes]]
) -> Path:
    """Make ``characters/<id>/`` in the author folder and return it. The id is ``wanted``, with a number where that is
    taken; ``files`` gives the content of each file by its path inside, for the id it gets. The folder is there whole,
    or not at all. Raises `DefinitionError` where nothing can be written.
    """
    return _add(folder / "characters", wanted, taken, files)


def add_scene(folder: Path, wanted: str, taken: Collection[str], files: Callable[[str], Mapping[str, bytes]]) -> Path:
    """Make ``scenes/<id>/`` in the author folder and return it; else as `add_character`."""
    return _add(folder / "scenes", wanted, taken, files)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file anew, whole or not at all; only for what people set in the pages. Raises `DefinitionError`."""
    fresh: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # a name of its own: two may write at once
        with tempfile.NamedTemporaryFile(prefix=".new-", dir=path.parent, delete=False) as stream:
            fresh = Path(stream.name)
            stream.write(data)
        fresh.chmod(0o644)
        fresh.replace(path)
    except OSError as error:
        came = error.strerror or str(error)
        raise DefinitionError("a file that can be written", came=came, file=shown_path(path)) from error
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)


def _add(place: Path, wanted: str, taken: Collection[str], files: Callable[[str], Mapping[str, bytes]]) -> Path:
    fresh: Path | None = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        for id in numbered(wanted):
            if id in taken or (place / id).exists():
                continue
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=place))
            _fill(fresh, files(id))
            fresh.chmod(0o755)
            try:
                fresh.rename(place / id)
            except OSError:
                if not (place / id).exists():
                    raise
                shutil.rmtree(fresh, ignore_errors=True)  # another came first: the next number is ours
                continue
            return place / id
    except OSError as error:
        came = error.strerror or str(error)
        raise DefinitionError("an author folder that can be written to", came=came, file=shown_path(place)) from error
    finally:
        if fresh is not None and fresh.exists():
            shutil.rmtree(fresh, ignore_errors=True)
    raise DefinitionError("a free id", came=f"{_MOST_TRIES} taken ones", file=shown_path(place))


def add_file(path: Path, content: bytes) -> None:
    """Make a file in the author folder, and the folders around it. Raises `DefinitionError` where it cannot be
    written, or is there already: what somebody wrote stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise DefinitionError("a new file", came="one that is there already", file=shown_path(path)) from None
    except OSError as error:
        came = error.strerror or str(error)
        raise DefinitionError("an author folder that can be written to", came=came, file=shown_path(path)) from error


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise DefinitionError("a file inside its folder", came=repr(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def numbered(wanted: str) -> Iterator[str]:
    """The ids that something may get, in order: what is ``wanted``, then with a number behind it."""
    yield wanted
    for number in range(2, _MOST_TRIES):
        tail = f"_{number}"
        yield wanted[: _MOST_ID - len(tail)].rstrip("_") + tail
