"""A character leaves the author folder, with the room that was made for it, and comes back from the bin.

removed = remove(settings.author_folder, library, "seraphina", "20261201T021500", played)     # in a thread
restored = restore(settings.author_folder, "seraphina")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openroom.core.actor import character_id
from openroom.errors import CardError, CardInUse
from openroom.library.author_bin import Thing, bin_of, put_back, throw_away, thrown_away
from openroom.library.files import shown_path
from openroom.library.library import Library
from openroom.library.writing import alone_in
from openroom.lobby.card_room import is_made_for
from openroom.room.room import Room


@dataclass(frozen=True, slots=True)
class Removed:
    """What went into the bin: the ``scenes`` that were the character's own, and the folder where all of it lies."""

    character: str
    scenes: tuple[str, ...]
    folder: Path


def playing(rooms: Mapping[str, Room], character: str) -> tuple[str, ...]:
    """The titles of the rooms, of those that are open, where people are with a character."""
    found = [room for room in rooms.values() if character_id(character) in room.state.here("character")]
    return tuple(str(room.state.shared["scene"]["title"]) for room in found if room.state.here("player"))


def remove(author: Path, library: Library, character: str, at: str, played: Sequence[str] = ()) -> Removed:
    """Move a character of the ``author`` folder, and the room that was made for it alone, into the bin beside that
    folder, under the time ``at``. ``played`` are rooms where people are with it now.

    Raises `CardInUse` where there are such rooms, or other scenes name it; `CardError` for who is not in the author
    folder; `DefinitionError` where nothing can be moved.
    """
    if character not in _of_authors(author):
        came = f"{character[:60]!r}, which came with openroom or from another folder"
        if character not in library.characters:
            came = library.unknown("character", character)
        raise CardError("the id of a character in the author folder", came=came, file=shown_path(author / "characters"))
    if played:
        raise CardInUse(character, played, "people are with it now, in")
    named = [one for one in library.scenes.values() if character in [member.id for member in one.characters]]
    own = [one.id for one in named if is_made_for(author, one, character)]
    others = [one.title for one in named if one.id not in own]
    if others and not _elsewhere(author, library, character):
        raise CardInUse(character, others, "it is named by the scenes")
    things: list[Thing] = [*(("scenes", id) for id in own), ("characters", character)]
    with alone_in(author):
        place = throw_away(author, character, things, at)
    return Removed(character, tuple(own), place)


def restore(author: Path, character: str = "") -> Removed:
    """Put back the ``character`` that was removed last, or whoever was. Raises `CardError` where the bin has none, and
    `DefinitionError` where its place is taken by now."""
    with alone_in(author):
        place = thrown_away(author, character)
        if place is None:
            came = f"none of {character[:60]!r}" if character else "an empty one"
            raise CardError("a bin with a character that was removed", came=came, file=shown_path(bin_of(author)))
        things = put_back(author, place)
    who = next((id for shelf, id in things if shelf == "characters"), character)
    scenes = tuple(id for shelf, id in things if shelf == "scenes")
    return Removed(who, scenes, author / "characters" / who)


def _of_authors(author: Path) -> set[str]:
    """Ids of the characters in the author folder: what is there, never a path that somebody made up."""
    names = (path.parent.name for path in (author / "characters").glob("*/character.yaml"))
    return {name for name in names if name[0] not in "._"}


def _elsewhere(author: Path, library: Library, character: str) -> bool:
    """Whether another folder has a character of that id, which then stands in its place."""
    others = [folder for folder in library.folders[0] if folder != author / "characters"]
    return any((folder / character / "character.yaml").is_file() for folder in others)
