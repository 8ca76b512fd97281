"""The bin beside the author folder: what people removed from there, from where it can be put back."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from openroom.errors import DefinitionError
from openroom.library.files import shown_path

Shelf = Literal["characters", "scenes"]
Thing = tuple[Shelf, str]
"""A folder of the author folder: its shelf, and its name."""
_SHELVES: tuple[Shelf, ...] = ("characters", "scenes")


def bin_of(author: Path) -> Path:
    """Where what was removed from the ``author`` folder lies: in ``<its name>_bin`` beside it."""
    return author.with_name(f"{author.name}_bin")


def throw_away(author: Path, name: str, things: Sequence[Thing], at: str) -> Path:
    """Move ``things`` out of the ``author`` folder, in this order, into a folder of the bin that is called by the time
    ``at`` and ``name``, and return it. Raises `DefinitionError`, with all of them where they were."""
    place = bin_of(author) / f"{at}_{name}"
    number = 2
    while place.exists():
        place = bin_of(author) / f"{at}.{number}_{name}"
        number += 1
    _move([(author / shelf / id, place / shelf / id) for shelf, id in things])
    return place


def thrown_away(author: Path, name: str = "") -> Path | None:
    """What was removed last (under ``name``, where one is given) and is still in the bin."""
    try:
        found = [one for one in bin_of(author).iterdir() if _name_of(one) and name in ("", _name_of(one))]
    except OSError:
        return None
    return max(found, key=_order, default=None)


def put_back(author: Path, place: Path) -> list[Thing]:
    """Move what lies in a folder of the bin back into the ``author`` folder; what that was. Raises `DefinitionError`
    where something else stands there by now, with nothing moved."""
    things = list(_things(place))
    taken = next((author / shelf / id for shelf, id in things if (author / shelf / id).exists()), None)
    if taken is not None:
        raise DefinitionError("a place that is free", came="one where something is by now", file=shown_path(taken))
    _move([(place / shelf / id, author / shelf / id) for shelf, id in things])
    shutil.rmtree(place, ignore_errors=True)  # no more than its empty shelves
    return things


def _name_of(place: Path) -> str:
    return place.name.partition("_")[2] if place.is_dir() else ""


def _order(place: Path) -> tuple[str, int]:
    """When it was removed; of what was removed in one second, as which."""
    at, _, number = place.name.partition("_")[0].partition(".")
    return at, int(number) if number.isdecimal() else 1


def _things(place: Path) -> Iterator[Thing]:
    for shelf in _SHELVES:
        folder = place / shelf
        yield from ((shelf, one.name) for one in sorted(folder.iterdir()) if one.is_dir()) if folder.is_dir() else ()


def _move(ways: Sequence[tuple[Path, Path]]) -> None:
    """All of them or none. Raises `DefinitionError`, which names what could be moved no way back."""
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in ways:
            there.parent.mkdir(parents=True, exist_ok=True)
            _rename(here, there)
            done.append((here, there))
    except OSError as error:
        left = [shown_path(there) for back, there in reversed(done) if not _is_back(there, back)]
        came = error.strerror or str(error)
        came += f", and {', '.join(left)} could not be moved back" if left else ""
        raise DefinitionError("a folder that can be moved", came=came, file=shown_path(here)) from error


def _is_back(there: Path, here: Path) -> bool:
    try:
        _rename(there, here)
    except OSError:
        return False
    return True


def _rename(here: Path, there: Path) -> None:
    """Never into a folder that stands there by now, as `shutil.move` would."""
    try:
        here.rename(there)
    except OSError as error:
        if error.errno != errno.EXDEV:  # the author folder may be a disk of its own
            raise
        there.mkdir()
        try:
            shutil.copytree(here, there, symlinks=True, dirs_exist_ok=True)
        except OSError:
            shutil.rmtree(there, ignore_errors=True)
            raise
        shutil.rmtree(here)
