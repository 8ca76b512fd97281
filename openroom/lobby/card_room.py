"""A room for one character: the scene that somebody who came on a card gets, so that one can talk with them at once.

scene = make_room(settings.author_folder, library, "seraphina")     # in a thread: it reads, draws and writes
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openroom.cards.pictures import display_copy
from openroom.core.character import Character
from openroom.core.scene import Scene
from openroom.errors import CardError, DefinitionError
from openroom.library.document import parse_document
from openroom.library.face import FACE, Face
from openroom.library.files import load_scene
from openroom.library.library import Library
from openroom.library.writing import add_scene, definition_text, numbered, replace_file
from openroom.lobby.card_originals import original
from openroom.lobby.cards import background

BACKDROP = "guest_room"
"""The shipped backdrop of who brings none along."""
_WIDE = 1920
_ON_THE_SILL = {"x": 34, "y": 56, "scale": 0.8}
"""Where the lamp stands in that room; a background that came along has its furniture elsewhere, so there it is on the
floor."""
_ON_THE_FLOOR = {"x": 16, "y": 94}
_DESCRIPTION = "A quiet room with a lamp and a window. Nobody else is here, and nobody is in a hurry."
_TOLD = {
    "de": "Ein stilles Zimmer mit einer Lampe und einem Fenster. Sonst ist niemand hier, und niemand hat es eilig.",
    "es": "Una habitación tranquila con una lámpara y una ventana. No hay nadie más y nadie tiene prisa.",
    "ja": "ランプと窓のある静かな部屋。ほかには誰もいないし、誰も急いでいない。",
    "zh": "一间安静的屋子，有一盏灯和一扇窗。没有别人，也没有人着急。",
}


def room_of(library: Library, character: str) -> str:
    """The scene in which a character lives alone; empty where there is none."""
    alone = (scene.id for scene in library.scenes.values() if [one.id for one in scene.characters] == [character])
    return next(alone, "")


def is_made_for(folder: Path, scene: Scene, character: str) -> bool:
    """Whether a scene is the room that `make_room` gave a character: in the author ``folder``, called so, and with
    nobody else in it."""
    alone = [one.id for one in scene.characters] == [character]
    written = (folder / "scenes" / scene.id / "scene.yaml").is_file()
    return alone and written and scene.id in numbered(_room_id(character))


def _room_id(character: str) -> str:
    return f"{character[:35]}_room"


def make_room(folder: Path, library: Library, character: str) -> str:
    """The id of a scene with the character alone: the one there is, else a new one in the author ``folder``, in front
    of the background that its card brings along. Raises `CardError`, and `DefinitionError` where nothing can be
    written."""
    who = library.characters.get(character)
    if who is None:
        raise CardError("the id of a character", came=repr(character))
    if there := room_of(library, character):
        return there
    backdrop = _backdrop(library, character)
    art = {} if backdrop is None else {"art/backdrop.webp": backdrop}

    def files(id: str) -> Mapping[str, bytes]:
        text = definition_text(_scene(id, who, drawn=backdrop is None), "A room for one. Edit it as you like.")
        value, problems = load_scene(parse_document(text, "scene.yaml"), id)
        if value is None:
            raise problems[0]
        return {"scene.yaml": text, **art}

    return add_scene(folder, _room_id(character), library.scenes.keys(), files).name


def _scene(id: str, who: Character, *, drawn: bool) -> dict[str, Any]:
    return {
        "format": 1,
        "id": id,
        "title": who.name,
        "line": who.line or who.name,
        "description": _DESCRIPTION,
        **({"backdrop": BACKDROP} if drawn else {}),
        "time": "dusk",
        "language": who.language,
        "characters": [{"id": who.id, "place": {"x": 72, "y": 93}}],
        "props": [
            {
                "id": "lamp",
                "kind": "lamp",
                "place": _ON_THE_SILL if drawn else _ON_THE_FLOOR,
                "state": {"lit": True, "glow": "warm"},
            }
        ],
        "translations": {language: {_DESCRIPTION: told} for language, told in _TOLD.items()},
    }


def _backdrop(library: Library, character: str) -> bytes | None:
    """A display copy of the background that the character's card brings along, if it can be drawn."""
    card = original(library, character)
    ref = background(card) if card is not None else None
    try:
        data = card.asset(ref) if card is not None and ref is not None else None
        return display_copy(data, _WIDE) if data is not None else None
    except CardError:
        return None


def set_face(folder: Path, library: Library, character: str, face: Face) -> None:
    """Which square of the portraits is the face, of a character in the author ``folder``. Raises `DefinitionError`."""
    place = library.folder(character)
    if place is None or not place.resolve().is_relative_to(folder.resolve()):
        raise DefinitionError("a character in the author folder: other folders are only read", came=repr(character))
    if not any((place / "art").glob("portrait.*")):
        raise DefinitionError("a character with a portrait", came=repr(character))
    replace_file(place / "art" / FACE, json.dumps(face.model_dump()).encode())
