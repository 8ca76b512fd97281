"""Who answers. Pure: the same event in the same state picks the same characters, so a replay goes the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from operator import itemgetter

from openroom.core.actor import is_character
from openroom.core.chance import roll
from openroom.core.conduct import in_pool
from openroom.core.event import Entered, Event, Nudged, Said, Used
from openroom.core.state import State, World
from openroom.language.text import mentions, normal
from openroom.language.words import content

_MOST_CALLED = 400
_CALL = 4
"""So many words at most call somebody: "Good evening, Mira and Oskar,"."""
_KIND, _TELLING = 3, 2
"""So many words at most call somebody by what they are, and so many of these tell something ("little bird")."""
_NO_CALL = frozenset({"good", "happy", "thank", "thanks", "so", "very", "not", "all"})
"""With these begins a wish, or what is said of something."""
_NATURAL = ("natural", "smart")
MOST_NAMED = 2
"""A line that names several characters is answered by at most so many of them."""


def responders(
    event: Event, state: State, world: World, spoken: Sequence[str], characters: Sequence[str] | None = None
) -> list[str]:
    """Participant ids of the characters that take a turn because of ``event``, in order.

    ``spoken`` lists who spoke last, newest last; ``characters`` which of them are here, if the caller knows. A whisper
    is answered by one it is for, but where nobody is to answer. Else a line goes to whom it names; then the responder
    mode decides (``smart``: as ``natural``, where no model has chosen: `openroom.cast.floor`). A prop that waits for a
    character (a chess board) gives it the go. Who is muted takes no turn.
    """
    here = state.here("character") if characters is None else characters
    present = [who for who in here if who != event.actor and not state.is_muted(who)]
    if isinstance(event, Nudged):
        return [event.character] if event.character in present else []
    mode = state.shared["run"]["responders"]
    if isinstance(event, Said) and event.to:
        return [who for who in event.to if who in present and mode != "nobody"][:1]
    if mode in ("manual", "nobody") or not present:
        return []
    present = _in_order(present, state)
    if isinstance(event, Said):
        return _answerers(event, state, world, spoken, present, mode)
    if isinstance(event, Entered) and not is_character(event.who):
        return [_greeter(world.turned_to(present), spoken, mode)]
    if isinstance(event, Used):
        return awaited(event, state, world)
    return []


def awaited(event: Used, state: State, world: World) -> list[str]:
    """The character whose go it is after a prop was used, if it is one's."""
    rules = world.props.get(event.prop)
    who = rules.awaits(state.of_prop(event.prop)) if rules and event.prop in state.props else ""
    free = is_character(who) and state.is_here(who) and not state.is_muted(who)
    return [who] if free and who != event.actor else []


def _in_order(present: list[str], state: State) -> list[str]:
    """Those present in the order that the room states; who is left out of it follows."""
    stated = state.shared["run"].get("order")
    if not stated:
        return present
    places = {who: at for at, who in enumerate(stated)}
    return sorted(present, key=lambda who: places.get(who, len(places)))


def _spoken_to(text: str, names: Mapping[str, str]) -> list[str]:
    """Whom a line is for, of those it names: who is called by name at its beginning or its end ("Oskar, what do you
    think of Mira?"), else all of them."""
    parts = [part for part in re.split(r"[,，、]", text[:_MOST_CALLED]) if part.strip()]
    if len(parts) > 1:
        short = (len(part.split()) <= _CALL for part in parts)
        called = ",".join(part for part, _ in takewhile(itemgetter(1), zip(parts, short, strict=True)))
        called += f" , {parts[-1]}" if len(parts[-1].split()) <= _CALL - 2 and len(text) <= _MOST_CALLED else ""
        if found := mentions(called, names):
            return found
    return mentions(text, names)


def _spoken_to_as(text: str, world: World, present: Sequence[str]) -> list[str]:
    """Who is called at the end of a line by words that are no name ("little bird"), where of those present only one is
    called so in a line that its author answers."""
    parts = [normal(part) for part in re.split(r"[,，、]", text[:_MOST_CALLED]) if part.strip()]
    call = parts[-1] if len(parts) > 1 and len(text) <= _MOST_CALLED else ""
    words = call.split()
    if not words or len(words) > _KIND or len(content(call)) < _TELLING or words[0] in _NO_CALL:
        return []
    found = [who for who in present if any(f" {normal(one)}".endswith(f" {call}") for one in _lines_to(world, who))]
    return found if len(found) == 1 else []


def _lines_to(world: World, who: str) -> Iterator[str]:
    definition = world.character(who)
    if definition is not None:
        yield from (one.heard for one in definition.examples)
        yield from (heard for one in definition.repertoire for heard in one.heard)


def _answerers(
    event: Said, state: State, world: World, spoken: Sequence[str], present: list[str], mode: str
) -> list[str]:
    named = _spoken_to(event.text, {who: state.name(who) for who in present})
    if named := named or _spoken_to_as(event.text, world, present):
        return named[:MOST_NAMED]
    if is_character(event.actor):
        going_on = world.turned_to(present) if mode in _NATURAL else present
        return [_pick(event, state, world, spoken, going_on)] if state.shared["run"].get("autoplay") else []
    if mode in _NATURAL:
        present = world.turned_to(present)
    if len(present) == 1 or mode == "list":
        return present
    return [_pick(event, state, world, spoken, present)]


def _greeter(present: list[str], spoken: Sequence[str], mode: str) -> str:
    return _next_in_turn(present, spoken) if mode == "round_robin" else present[0]


def _pick(event: Said, state: State, world: World, spoken: Sequence[str], present: list[str]) -> str:
    mode = state.shared["run"]["responders"]
    if mode in ("round_robin", "list"):
        return _next_in_turn(present, spoken)
    if mode == "pooled":
        last = next((who for who in reversed(spoken) if is_character(who)), "")
        waiting = in_pool(state, present)
        present = [who for who in waiting if who != last] or waiting  # a new round begins with somebody else
    return max(present, key=lambda who: _eagerness(who, event, world, spoken))


def _next_in_turn(present: list[str], spoken: Sequence[str]) -> str:
    last = next((who for who in reversed(spoken) if who in present), None)
    return present[0] if last is None else present[(present.index(last) + 1) % len(present)]


def _eagerness(who: str, event: Said, world: World, spoken: Sequence[str]) -> float:
    """Talkativeness, a leaning to stay with whom one was talking and towards those one likes, and a draw that depends
    on the event alone.
    """
    definition = world.character(who)
    talkative = definition.turns.talkativeness if definition else 0.5
    if definition and is_character(event.actor):
        talkative += 0.5 * (definition.likes(event.actor.removeprefix("character:")) - 0.5)
    characters = [one for one in spoken if is_character(one)]
    staying = 0.25 if characters[-1:] == [who] and not is_character(event.actor) else 0.0
    return talkative + staying + 0.5 * roll(str(event.seq), who)
