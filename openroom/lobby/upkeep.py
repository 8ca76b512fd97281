"""Upkeep: a room's log learns of what has changed outside of it, in authors' files and in the code of props."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any

from openroom.core.prop import Refusal
from openroom.core.setup import outgrown
from openroom.errors import DefinitionError, OpenroomError
from openroom.library.library import Library
from openroom.room.room import Room

_log = logging.getLogger("openroom.lobby")


async def bring_up_to_date(room: Room, library: Library) -> None:
    """Put what has changed into the room's log: characters and props first, the scene that uses them last. States of
    props whose code has changed are fitted to it, and what no longer fits is told."""
    before = room.state.hidden.get("aside", {})
    await _redefine(room, library)
    try:
        if kind := outgrown(room.state, room.world):
            await _define(room, "prop", kind, room.definitions["props"][kind])
    except DefinitionError as error:
        _log.warning("a prop does not fit the room", extra={"room": room.id, "error": str(error)})
    for prop, state in room.state.hidden.get("aside", {}).items():
        if state != before.get(prop):
            extra = {"room": room.id, "prop": prop, "fields": ", ".join(sorted(state))}
            _log.warning("state of a prop no longer fits and was put aside", extra=extra)


def tell_lost(room: Room, library: Library, changed: Collection[str]) -> None:
    """Tell those in a room of its characters, among the ``changed`` ones, whose files are gone: each goes on as it was,
    since the room's log has it."""
    if lost := sorted((room.definitions["characters"].keys() & changed) - library.characters.keys()):
        room.emit({"signal": "lost", "characters": lost})
        _log.warning("a character's files are gone; it goes on as it was", extra={"room": room.id, "characters": lost})


async def _redefine(room: Room, library: Library) -> None:
    try:
        wanted = library.definitions(room.record.scene)
    except OpenroomError as error:
        _log.warning("the room keeps its definitions", extra={"room": room.id, "error": str(error)})
        return
    for shelf, what in (("props", "prop"), ("characters", "character")):
        for id, definition in wanted[shelf].items():
            if room.definitions[shelf].get(id) != definition:
                await _define(room, what, id, definition)
    if room.definitions["scene"] != wanted["scene"]:
        await _define(room, "scene", room.record.scene, wanted["scene"])


async def _define(room: Room, what: str, id: str, definition: Mapping[str, Any]) -> None:
    try:
        answer = await room.define(what, id, definition)
    except OpenroomError as error:
        _log.warning("a definition does not fit the room", extra={"room": room.id, "error": str(error)})
        return
    if isinstance(answer, Refusal):
        _log.warning("a definition was refused", extra={"room": room.id, "reason": answer.reason})
