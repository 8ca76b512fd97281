from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from openroom.errors import CardError, DefinitionError
from openroom.library.check import check
from openroom.library.face import FACE, Face
from openroom.library.library import Library
from openroom.lobby.card_room import BACKDROP, make_room, room_of, set_face
from openroom.lobby.cards import import_card
from openroom.settings import shipped
from tests.cards import corpus


def house(folder: Path) -> Library:
    for shelf in ("characters", "scenes"):
        (folder / shelf).mkdir(exist_ok=True)
    return Library([shipped("characters"), folder / "characters"], [shipped("scenes"), folder / "scenes"])


def test_a_character_gets_a_room_once(tmp_path: Path) -> None:
    library = house(tmp_path)
    assert import_card(corpus.charx(), tmp_path, library).id == "ru"
    library.reload()
    assert room_of(library, "ru") == ""
    assert make_room(tmp_path, library, "ru") == "ru_room"
    library.reload()
    assert not [str(one) for one in check([tmp_path / "scenes/ru_room"]) if not one.warning]
    scene = library.scenes["ru_room"]
    assert [one.id for one in scene.characters] == ["ru"] and scene.title == "Ru"
    assert set(scene.translations) == {"de", "es", "ja", "zh"}
    assert (shipped("scenes") / BACKDROP / "art/backdrop.svg").is_file() and scene.backdrop == BACKDROP
    (lamp,) = scene.props
    assert (lamp.place.x, lamp.place.y, lamp.state["lit"]) == (34, 56, True), "on the sill"
    assert make_room(tmp_path, library, "ru") == "ru_room", "the one there is"
    assert [path.name for path in (tmp_path / "scenes").iterdir()] == ["ru_room"]


def test_a_background_of_the_card_is_the_rooms(tmp_path: Path) -> None:
    library = house(tmp_path)
    uri = f"data:image/png;base64,{base64.b64encode(corpus.picture()).decode()}"
    assets = [{"type": "background", "name": "main", "uri": uri, "ext": "png"}]
    done = import_card(corpus.dumped(corpus.v3(assets=assets)), tmp_path, library)
    library.reload()
    room = tmp_path / "scenes" / make_room(tmp_path, library, done.id)
    library.reload()
    assert (room / "art/backdrop.webp").read_bytes()[8:12] == b"WEBP"
    assert library.scenes[room.name].backdrop == "", "its own"
    assert library.scenes[room.name].props[0].place.y > 90, "on the floor"
    assert not [str(one) for one in library.problems]


def test_nobody_gets_no_room(tmp_path: Path) -> None:
    with pytest.raises(CardError):
        make_room(tmp_path, house(tmp_path), "nobody")


def test_the_face_is_kept_beside_the_pictures(tmp_path: Path) -> None:
    library = house(tmp_path)
    done = import_card(corpus.charx(), tmp_path, library)
    library.reload()
    set_face(tmp_path, library, "ru", Face(x=0.2, y=0.1, size=0.5))
    set_face(tmp_path, library, "ru", Face(x=0.25, y=0.1, size=0.5))
    assert json.loads((done.folder / "art" / FACE).read_bytes()) == {"x": 0.25, "y": 0.1, "size": 0.5}
    library.reload()
    assert not [str(one) for one in library.problems], "check knows the file"
    (done.folder / "art" / FACE).write_text('{"x": 2}', encoding="utf-8")
    library.reload()
    assert {one.key for one in library.problems} == {"x", "y", "size"}
    with pytest.raises(DefinitionError, match="author folder"):
        set_face(tmp_path, library, "mira", Face(x=0, y=0, size=1))


@pytest.mark.parametrize("name", ["1e9", "0o7", "-1.5e3", "1_000", "12:30", "true", ".inf"])
def test_a_name_that_looks_like_a_number_is_a_name(tmp_path: Path, name: str) -> None:
    library = house(tmp_path)
    done = import_card(corpus.dumped(corpus.v3(name=name, nickname="")), tmp_path, library)
    library.reload()
    assert library.characters[done.id].name == name
