"""The state of a room: what everybody shares, and the server's own side.

``shared`` (sent to every client, patched by every event)::

    {"scene": {"id", "title", "time", "weather", "backdrop"?, "stage"?},
     "run":   {"responders", "order"?: [character ids], "nudge"?: "owner", "muted"?: {character id: true}, "autoplay"?,
               "open"},
     "props": {id: {"kind", "name", "order", "place": {x, y, scale}, "state": {...}, "look"?}},
     "people": {id: {"kind": "character"|"player"|"spectator"|"game", "name", "order", "here"?: true, "emotion"?,
                     "place"?, "look"? (a person's: `openroom.core.look`), "heard_of"?: true (in a fork: never here),
               "persona"?: the one they show, "personas"?: {id | "self": {"name", "about"?, "is_me"?}},
               "worn"?: {seq: id | "self"} (`openroom.core.persona`)}}}

``hidden``: ``{"head": seq, "defined": {"all" | "<what>:<id>": seq}, "visits": {id: {from_seq: to_seq | 0}}, "bans":
{id: {"reason"?}}, "timers": {id: {"at", "prop", "name"}}, "props": {prop id: the hidden fields of its state}, "aside":
{prop id: state that no longer fits}, "versions": {prop id: `Prop.version` of the rules its state was made by, where
that is not 1}, "note": {"text"} (the author's, for characters), "pool": {character id: true} (who has spoken in this
round of a pooled room)}``. A visit ``{"12": 40}`` says: perceived events 12 to 40; 0 means still here. There are
no nulls: absent means none; order is a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openroom.core.character import Character
from openroom.core.lore.book import Lore
from openroom.core.patch import nulls
from openroom.core.prop import Prop, PropState
from openroom.core.scene import Scene
from openroom.errors import DefinitionError

Shared = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """A room after event ``seq`` (0: before the first). Values are never mutated; apply makes a new state."""

    seq: int = 0
    shared: Shared = field(default_factory=dict)
    hidden: Mapping[str, Any] = field(default_factory=dict)

    @property
    def head(self) -> int:
        """The active event that the next one follows."""
        return int(self.hidden.get("head", 0))

    @property
    def people(self) -> Mapping[str, Any]:
        """Who is here, and who was and is not forgotten yet (`openroom.core.people`), by participant id."""
        people: Mapping[str, Any] = self.shared.get("people", {})
        return people

    @property
    def props(self) -> Mapping[str, Any]:
        props: Mapping[str, Any] = self.shared.get("props", {})
        return props

    def of_prop(self, prop_id: str) -> PropState:
        """The whole state of a prop, as its rules know it: what everybody sees, and what is hidden."""
        shown: PropState = self.props[prop_id]["state"]
        hidden = self.concealed(prop_id)
        return {**shown, **hidden} if hidden else shown

    def concealed(self, prop_id: str) -> PropState:
        """What is hidden of a prop's state."""
        hidden: PropState = self.hidden.get("props", {}).get(prop_id, {})
        return hidden

    def here(self, kind: str = "") -> list[str]:
        """Ids of those present, in order of arrival; ``kind`` narrows it (``character``, ``player``, ``spectator``)."""
        present = [
            (p.get("order", 0), who) for who, p in self.people.items() if p.get("here") and kind in ("", p["kind"])
        ]
        return [who for _, who in sorted(present)]

    def anybody(self, kind: str) -> bool:
        """Whether somebody of that kind is present: `here` for those who need no list."""
        return any(p.get("here") and p["kind"] == kind for p in self.people.values())

    def is_here(self, who: str) -> bool:
        """Whether this participant is in the room."""
        return bool(self.people.get(who, {}).get("here"))

    def is_muted(self, who: str) -> bool:
        """Whether this character is to say nothing."""
        return who in self.shared.get("run", {}).get("muted", {})

    @property
    def note(self) -> str:
        """The author's note of the room; empty: there is none."""
        return str(self.hidden.get("note", {}).get("text", ""))

    def name(self, who: str) -> str:
        """The display name of a participant, or the id where there is none."""
        return str(self.people.get(who, {}).get("name", who))


@dataclass(frozen=True, slots=True)
class World:
    """The definitions a room runs with: the scene, its characters by id, a rule book for each placed prop by prop id,
    and the room's own lorebook, if it has one.
    """

    scene: Scene
    characters: Mapping[str, Character]
    props: Mapping[str, Prop]
    lore: Lore | None = None

    def character(self, participant: str) -> Character | None:
        """The definition behind a participant id, if it is a character's."""
        return self.characters.get(participant.removeprefix("character:"))

    def turned_to(self, present: list[str]) -> list[str]:
        """Those of ``present`` whom one can turn to: a narrator only where nobody else is there."""
        bodies = [who for who in present if not ((one := self.character(who)) and one.is_narrator)]
        return bodies or present


def problems(state: State, world: World) -> list[str]:
    """What is wrong with a state (empty: nothing). For tests, imports and the replay command."""
    found = [f"null at shared.{path}" for path in nulls(state.shared)]
    found += [f"null at hidden.{path}" for path in nulls(state.hidden)]
    for prop_id, placed in state.props.items():
        rules = world.props.get(prop_id)
        if rules is None:
            continue
        found += [f"props.{prop_id}: {name} is hidden and shared" for name in rules.hidden if name in placed["state"]]
        try:
            if rules.check(state.of_prop(prop_id)) != state.of_prop(prop_id):
                found.append(f"props.{prop_id}: state is not in normal form")
        except DefinitionError as error:
            found.append(f"props.{prop_id}: {error}")
    orders = [p.get("order") for p in state.people.values()]
    if len(set(orders)) != len(orders):
        found.append("people: two with the same order")
    if not 0 <= state.head <= state.seq:
        found.append(f"head {state.head} outside 0..{state.seq}")
    return found
