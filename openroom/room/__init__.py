"""The live layer: rooms with a single writer, characters' turns, and the lobby that holds many rooms."""

from openroom.core.prop import Refusal
from openroom.room.cards import RoomCard
from openroom.room.director import DirectorSettings
from openroom.room.feed import Frame, Subscription
from openroom.room.lobby import Lobby, LobbySettings
from openroom.room.room import Room, RoomSettings
from openroom.room.session import Session
from openroom.room.writer import Receipt

__all__ = [
    "DirectorSettings",
    "Frame",
    "Lobby",
    "LobbySettings",
    "Receipt",
    "Refusal",
    "Room",
    "RoomCard",
    "RoomSettings",
    "Session",
    "Subscription",
]
