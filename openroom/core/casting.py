"""Who speaks as somebody else for a line: a person's own persona, or a character that who runs the room plays.

Rules of `openroom.core.resolve`, as pure as that. A persona is one's own by what the server says of the actor; no
payload gives one. A played line is the character's in the talk, and says who played it.
"""

from __future__ import annotations

from openroom.core.action import Say
from openroom.core.actor import Actor, is_character
from openroom.core.context import Draft
from openroom.core.people import free_name
from openroom.core.persona import lend
from openroom.core.prop import Refusal
from openroom.core.state import State, World


def say_as(state: State, action: Say, to: list[str], actor: Actor, world: World) -> list[Draft] | Refusal:
    """A line of ``actor`` that a persona or a character speaks; ``to`` is who hears it (empty: everybody)."""
    if action.persona and action.play:
        return Refusal("bad_args", "Expected a persona or a character to speak, came both.")
    said = {"kind": "said", "text": action.text, "to": to or None}
    return _played(state, action, said, actor) if action.play else _by_persona(state, action, said, actor, world)


def _played(state: State, action: Say, said: Draft, actor: Actor) -> list[Draft] | Refusal:
    """Muted or not: muting is for what a character says by itself."""
    who = action.play or ""
    if not actor.may_run_room or is_character(actor.id):
        return Refusal("not_allowed", "Only the room's owner or an operator may speak as a character.")
    if not is_character(who) or not state.is_here(who):
        return Refusal("unknown_target", f"No character {who!r} is in the room.")
    if said["to"]:
        return Refusal("bad_args", "A character is played aloud, not in a whisper.")
    return [{**said, "actor": who, "played_by": actor.id}]


def _by_persona(state: State, action: Say, said: Draft, actor: Actor, world: World) -> list[Draft] | Refusal:
    persona, person = actor.persona(action.persona), state.people.get(actor.id, {})
    if persona is None or not person.get("here"):
        return Refusal("unknown_persona", f"You have no persona {action.persona!r}.")
    if person.get("persona") == persona.id:  # who they are here anyway
        return [said]
    known = person.get("personas", {}).get(persona.id)
    cast = [one.name for one in world.characters.values()]
    taken = known["name"] if known and known["name"].startswith(persona.name) else None
    name = taken or free_name(state.people, actor.id, persona.name, cast)
    change = lend(person, name, persona)
    return [{**said, "persona": persona.id, "patch": {"people": {actor.id: change}} if change else None}]
