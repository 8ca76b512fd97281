"""Personas: who somebody is in a room, where they are not there as themselves.

A person is one signed id, whoever they show. What characters remember goes by *mask*: the person's id, or with a
persona ``<id>~<persona>``; so for a character each persona is somebody else, unless its owner has said that it is
themselves (`Persona.is_me`). The state keeps of each person which personas they have shown in the room (``personas``,
with the name they had as themselves under `SELF`) and from which event on they showed which (``worn``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from openroom.core.action import Name, PersonaId
from openroom.core.event import Event, Said
from openroom.core.look import Look
from openroom.core.state import State
from openroom.language.text import printable

SELF = "self"
"""In place of a persona's id: as oneself."""
MOST_PERSONAS = 20
"""So many a person may have."""
MOST_ABOUT = 400
"""Characters of what characters may know of one."""
_KEPT = 40
"""So many changes of persona a room knows of each person."""
_BETWEEN = "~"

About = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_ABOUT), AfterValidator(printable)]


class Persona(BaseModel):
    """A character of a person's own. ``about`` is what characters who meet it may know. ``is_me``: it is the person in
    other clothes, and what is remembered of one is remembered of the other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: PersonaId
    name: Name
    about: About = ""
    look: Look | None = None
    is_me: bool = False

    def shown(self) -> dict[str, Any]:
        """What a room's state holds of it."""
        look = self.look.chosen() if self.look else None
        return {"name": self.name, "about": self.about or None, "is_me": self.is_me or None, "look": look}


def mask(person: str, persona: str) -> str:
    """Under which name memories hold a person who shows a persona."""
    return person if persona in ("", SELF) else f"{person}{_BETWEEN}{persona}"


def masks_of(person: str) -> str:
    """How each mask of a person begins."""
    return f"{person}{_BETWEEN}"


def wearer(masked: str) -> str:
    """Who is behind a mask: the participant id."""
    return masked.partition(_BETWEEN)[0]


def persona_in(masked: str) -> str:
    """The persona of a mask; empty: themselves."""
    return masked.partition(_BETWEEN)[2]


def worn_at(person: Mapping[str, Any], seq: int) -> str:
    """The persona that somebody showed when event ``seq`` happened."""
    worn: Mapping[str, str] = person.get("worn", {})
    before = [int(since) for since in worn if int(since) <= seq]
    return worn[str(max(before))] if before else SELF


def name_at(state: State, event: Event) -> str:
    """What whoever acted was called then."""
    person = state.people.get(event.actor, {})
    shown: Mapping[str, Any] = person.get("personas", {})
    if not shown:
        return state.name(event.actor)
    return str(shown.get(_shown_in(person, event), {}).get("name", state.name(event.actor)))


def mask_of(state: State, event: Event) -> str:
    """Whom a character takes an event's actor for."""
    person = state.people.get(event.actor, {})
    return _masked(event.actor, person, _shown_in(person, event))


def mask_at(state: State, who: str, seq: int) -> str:
    """Whom a character took somebody for when event ``seq`` happened."""
    person = state.people.get(who, {})
    return _masked(who, person, worn_at(person, seq))


def mask_now(state: State, who: str) -> str:
    """Whom a character takes somebody for who is there now."""
    person = state.people.get(who, {})
    return _masked(who, person, person.get("persona", SELF))


def mask_by(state: State, who: str, persona: str) -> str:
    """Whom a character takes somebody for who speaks as one of their personas."""
    return _masked(who, state.people.get(who, {}), persona)


def _shown_in(person: Mapping[str, Any], event: Event) -> str:
    if isinstance(event, Said) and event.persona is not None:
        return event.persona
    return worn_at(person, event.seq)


def _masked(who: str, person: Mapping[str, Any], persona: str) -> str:
    known = person.get("personas", {}).get(persona, {})
    return who if known.get("is_me") else mask(who, persona)


def put_on(person: Mapping[str, Any], name: str, persona: Persona | None, seq: int) -> dict[str, Any]:
    """The patch of somebody who comes in by event ``seq``, called ``name``, as ``persona`` or as themselves."""
    shown: Mapping[str, Any] = person.get("personas", {})
    if persona is None and not shown:
        return {}
    now = SELF if persona is None else persona.id
    entry = {SELF: {"name": name}} if persona is None else {persona.id: _entry(shown, persona, name)}
    if not shown and "name" in person:
        entry = {SELF: {"name": person["name"]}, **entry}
    patch: dict[str, Any] = {"persona": None if persona is None else persona.id, "personas": entry}
    if worn_at(person, seq) != now:
        worn = sorted(map(int, person.get("worn", {})))
        oldest = worn[: max(0, len(worn) + 1 - _KEPT)]
        patch["worn"] = {**{str(since): None for since in oldest}, str(seq): now}
    return patch


def lend(person: Mapping[str, Any], name: str, persona: Persona) -> dict[str, Any]:
    """The patch of somebody who lets a persona speak that they do not show otherwise; empty where nothing is new."""
    shown: Mapping[str, Any] = person.get("personas", {})
    new = {} if SELF in shown or "persona" in person else {SELF: {"name": person["name"]}}
    entry = {**persona.shown(), "name": name}
    if {key: value for key, value in entry.items() if value is not None} != shown.get(persona.id):
        new[persona.id] = _entry(shown, persona, name)
    return {"personas": new} if new else {}


def _entry(shown: Mapping[str, Any], persona: Persona, name: str) -> dict[str, Any]:
    """The patch of what a room holds of a persona: parts of the look that it had before and has not now are taken
    off."""
    entry = {**persona.shown(), "name": name}
    if entry["look"] is not None:
        before = shown.get(persona.id, {}).get("look", {})
        entry["look"] = {**dict.fromkeys(part for part in before if part not in entry["look"]), **entry["look"]}
    return entry
