"""The things of a room, as they stood each time they were looked at, and what they never were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openroom.language import slips
from openroom.language.data.conditions import LOOSELY

_FLAGS: Mapping[str, tuple[slips.Way, slips.Way]] = {
    **dict.fromkeys(("lit", "on", "playing", "burning"), ("on", "off")),
    "open": ("open", "closed"),
    **dict.fromkeys(("shut", "closed"), ("closed", "open")),
}
"""What the commonest flags of a thing mean when they are set, and when they are not."""
_TITLE_WORDS = 2
"""A title of fewer words is said by chance."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of a thing beside its state: the ``values`` that a field may hold, where it holds one of several
    words, and its ``names`` by language."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing: its id, its name, and how it was each time it was looked at (on, off, open, closed).

    ``never`` are the conditions it could have been in and never was (of a flower that is a seed: bud, bloom);
    ``chosen`` is what it was set to by title, where it was changed, ``passed`` what it could have been set to and was
    not, and ``left`` what it was set to before; ``names`` what it is called in other languages.
    """

    prop: str
    name: str
    ways: tuple[frozenset[slips.Way], ...] = ()
    never: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def was_never(self, way: slips.Way) -> bool:
        """Whether it was the opposite each time; of what can't be told, not."""
        return bool(self.ways) and all(slips.OPPOSITE[way] in found and way not in found for found in self.ways)

    def called(self, code: str) -> tuple[str, ...]:
        """What it is called: its name in this language; in English the last word of it too."""
        name = (self.name if code == "en" else self.names.get(code, "")).lower()
        return tuple(dict.fromkeys((name, *name.split()[-1:]))) if code == "en" else (name,) if name else ()


def ways(state: Mapping[str, Any]) -> frozenset[slips.Way]:
    """What a thing's flags say of it."""
    flags = ((_FLAGS[key], value) for key, value in state.items() if key in _FLAGS)
    return frozenset(way[0 if value else 1] for way, value in flags if value in (True, False))


def seen(
    things: Iterable[Sequence[tuple[str, str, Mapping[str, Any]]]], rules: Mapping[str, Rules] | None = None
) -> tuple[Seen, ...]:
    """Things as they stood at several times, each given as (id, name, state); those of the last time count."""
    times, known = list(things), rules or {}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for time in times:
        for prop, _, state in time:
            found.setdefault(prop, []).append(state)
    return tuple(
        _seen(prop, name, found[prop], known.get(prop, Rules())) for prop, name, _ in (times[-1] if times else ())
    )


def _seen(prop: str, name: str, states: Sequence[Mapping[str, Any]], rules: Rules) -> Seen:
    was = {value for state in states for value in state.values() if isinstance(value, str)}
    could = {value for values in rules.values.values() for value in values}
    flags = {key for key, value in states[-1].items() if value is False and key not in _FLAGS}
    off = {key for key in flags if all(state.get(key) is False for state in states)}
    never = tuple(sorted((could - was - LOOSELY) | off))
    now, before = dict(_titles(states[-1])), dict(_titles(states[0]))
    had = {chosen for chosen, _ in (*now.values(), *before.values())}
    changed = now if states[0] != states[-1] else {}
    passed = [title for _, titles in changed.values() for title in titles if title not in had]
    left = [before[key][0] for key, (chosen, _) in changed.items() if key in before and before[key][0] != chosen]
    chosen = tuple(one for one, _ in changed.values())
    return Seen(prop, name, tuple(map(ways, states)), never, chosen, tuple(passed), tuple(left), rules.names)


def _titles(state: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    """The fields that choose among things with a title (a record, by its id): the one chosen, and all of them."""
    for key, value in state.items():
        for listed in state.values() if isinstance(value, str) else ():
            if isinstance(listed, Mapping) and isinstance(listed.get(value), Mapping):
                titles = {id: str(one.get("title", "")) for id, one in listed.items() if isinstance(one, Mapping)}
                long = [title for title in titles.values() if len(title.split()) >= _TITLE_WORDS]
                yield key, (titles[value], long)
