"""What authors wrote, in the reader's language (`openroom.core.translation`)."""

from __future__ import annotations

from typing import Any

from openroom.core.scene import Scene
from openroom.core.translation import public, translated
from openroom.errors import RoomNotFound
from openroom.library.library import Library


def words_of(scene: Scene | None, language: str, text: str) -> str:
    """A text of a scene in ``language``, else as it is."""
    return translated(scene.translations, language).get(text, text) if scene else text


def cast_of(library: Library, scene: Scene | None) -> list[dict[str, str]]:
    """Id and name of each character of a scene, its art where that is another's, and ``body`` where it has none."""
    members = scene.characters if scene else ()
    cast = [library.characters[member.id] for member in members if member.id in library.characters]
    drawn = {one.id: {"art": one.art} for one in cast if one.art not in ("", one.id)}
    unseen = {one.id: {"body": one.body} for one in cast if one.is_narrator}
    return [{"id": one.id, "name": one.name, **drawn.get(one.id, {}), **unseen.get(one.id, {})} for one in cast]


def scene_words(library: Library, scene_id: str, language: str) -> dict[str, Any]:
    """``scene``: translations by text; ``props``: by kind ``texts`` and the names in braces that are ``verbatim``;
    ``characters``: by id translations by text. Raises `RoomNotFound`."""
    scene = library.scenes.get(scene_id)
    if scene is None:
        raise RoomNotFound(f"There is no scene {scene_id!r}.")
    kinds = library.kinds(scene_id)
    props = {wish.kind: kinds[wish.kind] for wish in scene.props if wish.kind in kinds}
    cast = [library.characters[member.id] for member in scene.characters if member.id in library.characters]
    return {
        "language": language,
        "scene": dict(translated(public(scene.translations, scene.texts()), language)),
        "props": {
            kind: {"texts": dict(translated(rules.translations, language)), "verbatim": list(rules.verbatim)}
            for kind, rules in props.items()
        },
        "characters": {one.id: dict(translated(public(one.translations, one.texts()), language)) for one in cast},
    }
