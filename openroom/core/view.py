"""Views: what one participant can perceive. Everything that leaves the room goes through here first.

An event is perceived by those who were present at its seq, or, if it has ``to``, by those named and its actor only.
The rest get its bare seq and its patch (shared state is shared by definition).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openroom.core.event import Defined, Entered, Event, Left, Nudged, Opened, Passed, Rated, Unbanned, dump
from openroom.core.prop import Prop
from openroom.core.state import State, World

Visits = Mapping[str, Mapping[str, int]]
"""When each participant was in the room: from which seq to which, 0 while they still are."""

_ENDS = frozenset(".!?…。！？")
_CLOSING = " \"'»”’」』)*]"

_NOBODY = (Opened, Defined)
_ACTOR_ONLY = (Passed, Rated, Nudged, Unbanned)


def visits_of(state: State) -> Visits:
    """Who was in the room when, as `perceives` asks for it."""
    visits: Visits = state.hidden.get("visits", {})
    return visits


def perceives(who: str, event: Event, visits: Visits) -> bool:
    """Whether ``who`` perceives ``event``."""
    if isinstance(event, _NOBODY):
        return False
    if isinstance(event, _ACTOR_ONLY):
        return event.actor == who
    if event.to is not None and who != event.actor and who not in event.to:
        return False
    return was_here(who, event.seq, visits)


def was_here(who: str, seq: int, visits: Visits) -> bool:
    """Whether ``who`` was in the room when event ``seq`` happened (entering and leaving included)."""
    return any(int(start) <= seq and (end == 0 or seq <= end) for start, end in visits.get(who, {}).items())


def is_public(event: Event) -> bool:
    """Whether all who are present perceive it (so one encoding serves them all)."""
    return event.to is None and not isinstance(event, (*_NOBODY, *_ACTOR_ONLY))


def seen(event: Event) -> dict[str, Any]:
    """The event as a participant who perceives it gets it: without the server's side."""
    body = dump(event)
    body.pop("hidden", None)
    return body


def bare(event: Event) -> dict[str, Any]:
    """The event as everybody else gets it: its seq and its patch."""
    body: dict[str, Any] = {"seq": event.seq}
    if event.patch:
        body["patch"] = event.patch
    return body


def as_seen(who: str, event: Event, visits: Visits) -> dict[str, Any]:
    """The event as ``who`` gets it: `seen` or `bare`."""
    return seen(event) if perceives(who, event, visits) else bare(event)


def story_of(who: str, events: Iterable[Event], state: State, count: int = 0) -> list[dict[str, Any]]:
    """Those of ``events`` that ``who`` perceived, as they got them; the last ``count`` (0: all of them)."""
    visits = visits_of(state)
    return [seen(event) for event in [one for one in events if perceives(who, one, visits)][-count:]]


class WholeStory:
    """All of a whole log that ``who`` perceived, also if the state has forgotten them since. It is called with the
    events in order, in as many pieces as one likes."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._visits: dict[str, dict[str, int]] = {who: {}}

    def __call__(self, events: Iterable[Event]) -> list[dict[str, Any]]:
        found = []
        for event in events:
            self.follow(event)
            if perceives(self._who, event, self._visits):
                found.append(seen(event))
        return found

    @property
    def visits(self) -> Visits:
        """When ``who`` was in the room, as far as the events say that were followed."""
        return self._visits

    def follow(self, event: Event) -> None:
        """Take note of who came and went, as an event says it."""
        own = self._visits[self._who]
        own.update(((event.hidden or {}).get("visits") or {}).get(self._who) or {})
        if isinstance(event, Entered) and event.who == self._who:
            own[str(event.seq)] = 0
        elif isinstance(event, Left) and event.who == self._who:
            own.update({start: event.seq for start, end in own.items() if end == 0})


def manifest(world: World) -> dict[str, Any]:
    """The public side of the definitions: scene texts, characters' public cards, props and their verbs."""
    scene = world.scene
    return {
        "scene": {
            "id": scene.id,
            "title": scene.title,
            "line": scene.line,
            "description": scene.description,
            "backdrop": scene.backdrop or scene.id,
            "prologue": scene.prologue,
            "language": scene.language,
            "suggestions": list(scene.suggestions),
            "max_players": scene.max_players,
            "stages": [{"id": stage.id, "title": stage.title} for stage in scene.stages],
        },
        "characters": {f"character:{c.id}": c.public() for c in world.characters.values()},
        "props": {prop_id: rules.manifest() for prop_id, rules in world.props.items()},
    }


def looks(state: State, world: World) -> list[str]:
    """One sentence for each prop, in order: what anybody sees in the room now. Each ends, since they are joined."""
    placed = sorted(state.props.items(), key=lambda item: item[1].get("order", 0))
    known = [(prop_id, body["name"], world.props[prop_id]) for prop_id, body in placed if prop_id in world.props]
    return [f"{name}: {_ended(_look(rules, state.of_prop(prop_id)))}" for prop_id, name, rules in known]


def sights(state: State, world: World, prop: str = "") -> dict[str, str]:
    """How things look now, by prop, where there is more to see than what they are; ``prop`` names the one that is asked
    about (empty: all)."""
    asked = [one for one in state.props if one in world.props and prop in ("", one)]
    found = {one: _look(world.props[one], state.of_prop(one)) for one in asked}
    return {one: look for one, look in found.items() if look and look != world.props[one].line}


def _ended(look: str) -> str:
    last = look.rstrip(_CLOSING)[-1:]
    stop = "。" if "\u3040" <= last <= "\u9fff" else "."
    return look if last in _ENDS else look + stop


def _look(rules: Prop, state: Any) -> str:
    try:
        return rules.look(state)
    except Exception:  # noqa: BLE001 - any fault of a third-party prop
        return "out of order."
