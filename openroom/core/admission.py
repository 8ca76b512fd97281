"""Who may come into a room. Every door asks here: sockets, REST, embedding games and the resolver."""

from __future__ import annotations

from openroom.core.actor import Actor
from openroom.core.prop import Refusal
from openroom.core.scene import Scene
from openroom.core.state import State


def is_open_to(state: State, actor: Actor, *, private: bool = False) -> bool:
    """Whether the room is open to ``actor``: a closed one is to whoever runs it, the invited and the known, which those
    are not of whom it was only heard; none is to those who were banned from it or whose invite was withdrawn. A
    ``private`` room is closed whatever its state says.
    """
    if actor.may_run_room:
        return True
    if is_banned(state, actor.id):
        return False
    if actor.invite == "valid" or (not private and state.shared["run"].get("open", False)):
        return True
    known = state.people.get(actor.id)
    return known is not None and not known.get("heard_of") and actor.invite != "withdrawn"


def is_banned(state: State, who: str) -> bool:
    """Whether ``who`` was asked to stay out."""
    return who in state.hidden.get("bans", {})


def turned_away(state: State, actor: Actor, kind: str, *, places: int, private: bool = False) -> Refusal | None:
    """Why ``actor`` may not come in as ``kind`` (player, spectator, character); ``places`` is for how many players the
    room has room. An invite opens the door and makes no place.
    """
    if is_banned(state, actor.id):
        return Refusal("banned", "You have been asked to stay out of this room.")
    if kind == "character" or actor.may_run_room:
        return None
    players = len(state.here("player"))
    if kind == "player" and players >= places:
        return Refusal("full", f"The room is full ({players} of {places}).")
    if not is_open_to(state, actor, private=private):
        return Refusal("closed_door", "The room is not open to new visitors.")
    return None


def places_in(scene: Scene, most: int) -> int:
    """For how many players a room has room: as its scene says, and at most ``most`` (0: as many)."""
    return min(scene.max_players, most) if most else scene.max_players
