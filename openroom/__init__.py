"""openroom: rooms where persistent characters live. Importing it is light; the parts are loaded when first used.

lobby = openroom.Lobby(characters="characters", scenes="scenes", store="sqlite:///room.db")
openroom.mount(app, lobby, prefix="/rooms")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openroom.core.action import Action
    from openroom.core.actor import Actor
    from openroom.core.prop import Choice, Outcome, Prop, Refusal, Timer, verb
    from openroom.errors import OpenroomError, RefusedError
    from openroom.lobby.lobby import Lobby, LobbySettings
    from openroom.room.room import Room
    from openroom.server.app import create_app, mount
    from openroom.server.identity import User
    from openroom.settings import Settings

__version__ = "0.1.0"

_HOMES = {
    "Action": "openroom.core.action",
    "Actor": "openroom.core.actor",
    "Choice": "openroom.core.prop",
    "Lobby": "openroom.lobby.lobby",
    "LobbySettings": "openroom.lobby.lobby",
    "OpenroomError": "openroom.errors",
    "Outcome": "openroom.core.prop",
    "Prop": "openroom.core.prop",
    "RefusedError": "openroom.errors",
    "Refusal": "openroom.core.prop",
    "Room": "openroom.room.room",
    "Settings": "openroom.settings",
    "Timer": "openroom.core.prop",
    "User": "openroom.server.identity",
    "create_app": "openroom.server.app",
    "mount": "openroom.server.app",
    "verb": "openroom.core.prop",
}

__all__ = [
    "Action",
    "Actor",
    "Choice",
    "Lobby",
    "LobbySettings",
    "OpenroomError",
    "Outcome",
    "Prop",
    "Refusal",
    "RefusedError",
    "Room",
    "Settings",
    "Timer",
    "User",
    "create_app",
    "mount",
    "verb",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'openroom' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
