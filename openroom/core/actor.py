"""Who asks: the identity a connection, a turn, a timer or an embedding game acts under.

Ids are prefixed by kind: ``player:3f9a…``, ``character:mira``, ``game:quest``, ``system``. A player's id is signed
and handed out by the server; a display name never identifies anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from openroom.core.persona import Persona

Role = Literal["spectator", "player", "creator", "operator", "character", "game", "system"]
Invite = Literal["", "valid", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who submits actions. ``role`` bounds what they may ask for; ``owner`` marks who started the room.

    ``invite`` is what became of an invite of theirs into this room: it opens a closed door, and a withdrawn one closes
    the door to whom it had let in. ``personas`` are their own, as far as the act at hand names one.
    """

    id: str
    role: Role
    name: str = ""
    owner: bool = False
    invite: Invite = ""
    personas: tuple[Persona, ...] = ()

    def persona(self, id: str | None) -> Persona | None:
        """Their persona of that id."""
        return next((one for one in self.personas if one.id == id), None)

    @property
    def may_run_room(self) -> bool:
        """Kick, ban, reset, rewind and configure: the room's owner, an operator, the system or an embedding game."""
        return self.owner or self.role in ("operator", "system", "game")


SYSTEM = Actor("system", "system", "openroom")


def character_id(character: str) -> str:
    """The participant id of the character of that definition id."""
    return f"character:{character}"


def definition_id(participant: str) -> str:
    """The definition id behind a character's participant id (``character:mira`` -> ``mira``)."""
    return participant.removeprefix("character:")


def is_character(participant: str) -> bool:
    """Whether a participant id is a character's."""
    return participant.startswith("character:")
