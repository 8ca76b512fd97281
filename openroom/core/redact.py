"""Striking what one event wrote on a thing: a page of a diary, a note on a board.

A verb with a free text puts it into the thing's state, so the words stand in the patches of the log too. Erasing such
an event takes them out of both: from the state of now the items that it made go, in earlier patches and snapshots
their words become ``…``. Who made what is followed through the log (`Tracing`) and never told by the words: the same
words that somebody else wrote stay as they are, byte for byte. What is looked at: any item with a ``text`` (an entry
of a diary, a note), a line in a list, and the state's own fields of free text. A replay of the struck log gives the
same state, because the event that erases says how the thing stands then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from openroom.core.actor import SYSTEM
from openroom.core.event import Defined, Event, Happened, Moved, Used
from openroom.core.patch import diff, merge
from openroom.core.prop import Prop, PropState
from openroom.core.state import State
from openroom.core.traces import Trace, carried, marked, texts, wrote

MARK = "…"
"""What stands where words were struck."""

_LONG_ENOUGH = 8
"""Words of so many characters are struck from what the thing told of them, too."""


@dataclass(frozen=True, slots=True)
class Strike:
    """What to strike: what event ``seq`` of ``by`` wrote on the thing ``prop``.

    ``words`` are those that were given then, ``fields`` the names of its state's own free texts. ``everywhere``: also
    where the thing told them when somebody else used it, as who runs the room may ask.
    """

    seq: int
    by: str
    prop: str
    words: tuple[str, ...]
    fields: frozenset[str] = frozenset()
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where what was written stands at one moment: in the thing's state, and in that of it that was put aside. Each
    has the shape of what it is about, down to the texts (`openroom.core.traces`)."""

    state: Trace = field(default_factory=dict)
    aside: Trace = field(default_factory=dict)


def strike_of(event: Used, rules: Prop | None) -> Strike | None:
    """What erasing ``event`` strikes; ``None`` when nobody wrote anything then. ``rules`` are the thing's."""
    args = event.args or {}
    verb = rules.verbs.get(event.verb) if rules is not None else None
    if rules is None or verb is None:  # the thing has changed since: every text that was given counts as words
        words = [value for value in args.values() if isinstance(value, str)]
        return _strike(event, words, frozenset())
    free = _free_texts(verb.params)
    given = [value for name, value in args.items() if name in free and isinstance(value, str)]
    try:
        kept = verb.params.model_validate(args).model_dump(mode="json", exclude_none=True)
    except ValidationError:
        kept = {}
    words = [*given, *(value for name, value in kept.items() if name in free and isinstance(value, str))]
    return _strike(event, words, _free_texts(rules.State))


def telling(event: Event) -> str:
    """What an event tells of a thing; empty where it tells nothing."""
    return (event.telling or "") if isinstance(event, Used | Happened) else ""


def _strike(event: Used, words: list[str], fields: frozenset[str]) -> Strike | None:
    found = tuple(dict.fromkeys(word for word in words if word))
    return Strike(event.seq, event.actor, event.prop, found, fields) if found else None


def touches(event: Event, prop: str) -> bool:
    """Whether an event may change how a thing stands, or tell of it."""
    hidden = event.hidden or {}
    places = ((event.patch or {}).get("props"), hidden.get("props"), hidden.get("aside"))
    about = getattr(event, "prop", None) == prop or any(prop in (place or {}) for place in places)
    return about or isinstance(event, Moved)


class Tracing:
    """Follows what one event wrote through the log, from the state ``before`` it on.

    `take` wants the events in order; those that do not touch the thing may be left out (`touches`).
    """

    def __init__(self, strike: Strike, before: State) -> None:
        self._strike = strike
        self._parts = _parts_of(before, strike.prop)
        self._seqs = [0]
        self._moments = [(Standing(), self._parts.whole)]

    @property
    def standing(self) -> Standing:
        """Where it stands after the event that was taken last."""
        return self._moments[-1][0]

    def take(self, event: Event) -> Event:
        """Follow the next event. It comes back without the words: itself, when it does not hold them."""
        before, old, prop = self.standing, self._parts, self._strike.prop
        self._follow(event)
        now, new = self.standing, self._parts
        patch: Mapping[str, Any] = event.patch or {}
        hidden: Mapping[str, Any] = event.hidden or {}
        if before.state or now.state:
            patch = _put(patch, ("props", prop, "state"), _change(old.shown, new.shown, before.state, now.state))
            hidden = _put(hidden, ("props", prop), _change(old.concealed, new.concealed, before.state, now.state))
        if before.aside or now.aside:
            hidden = _put(hidden, ("aside", prop), _change(old.aside, new.aside, before.aside, now.aside))
        update: dict[str, Any] = {}
        if patch != (event.patch or {}):
            update["patch"] = patch
        if hidden != (event.hidden or {}):
            update["hidden"] = hidden
        if isinstance(event, Used | Happened) and (told := self._told(event, before, now)) != telling(event):
            update["telling"] = told
        return event.model_copy(update=update) if update else event

    def struck(self, state: State) -> State:
        """A snapshot, taken at or before the last event, without the words."""
        then, parts, prop = self._at(state.seq)[0], _parts_of(state, self._strike.prop), self._strike.prop
        shared, hidden = state.shared, state.hidden
        if then.state and parts.shown:
            shared = _put(shared, ("props", prop, "state"), marked(parts.shown, then.state, MARK))
        if then.state and parts.concealed:
            hidden = _put(hidden, ("props", prop), marked(parts.concealed, then.state, MARK))
        if then.aside:
            hidden = _put(hidden, ("aside", prop), marked(parts.aside, then.aside, MARK))
        return State(state.seq, shared, hidden)

    def _at(self, seq: int) -> tuple[Standing, PropState]:
        return self._moments[bisect_right(self._seqs, seq) - 1]

    def _follow(self, event: Event) -> None:
        standing, old = self.standing, self._parts
        new = self._parts = old.after(event, self._strike.prop)
        if event.seq == self._strike.seq:
            now = Standing(wrote(old.whole, new.whole, self._holds, self._strike.fields))
        elif isinstance(event, Moved):
            then, was = self._at(event.head)
            now = Standing(carried(then.state, was, new.whole), carried(standing.aside, old.aside, new.aside))
        else:
            given = _given(event)
            now = Standing(
                carried(standing.state, old.whole, new.whole, given),
                carried(standing.aside, old.aside, new.aside, given),
            )
            if isinstance(event, Defined):  # what no longer fits is put aside, and comes back when it fits again
                now = Standing(
                    now.state or carried(standing.aside, old.aside, new.whole),
                    now.aside or carried(standing.state, old.whole, new.aside),
                )
        if now != standing or new is not old:
            self._seqs.append(event.seq)
            self._moments.append((now, new.whole))

    def _holds(self, text: str) -> bool:
        return any(word in text for word in self._strike.words)

    def _told(self, event: Used | Happened, before: Standing, now: Standing) -> str:
        """What a thing told of the words while they stood there, without them."""
        told, strike = telling(event), self._strike
        mine = strike.everywhere or event.actor in (strike.by, SYSTEM.id)
        if event.prop != strike.prop or event.seq == strike.seq or not mine:
            return told
        for text in sorted({*texts(before.state), *texts(now.state)}):
            if len(text) >= _LONG_ENOUGH and not any(text in one for one in _given(event)):
                told = told.replace(text, MARK)
        return told


def _given(event: Event) -> list[str]:
    args = (event.args or {}).values() if isinstance(event, Used) else ()
    return [value for value in args if isinstance(value, str)]


def _change(old: PropState, new: PropState, before: Trace, now: Trace) -> dict[str, Any]:
    """The patch between two states without the words. What had the same words before and after, by different people,
    needs saying now."""
    return diff(marked(old, before, MARK), marked(new, now, MARK))


def _put(patch: Mapping[str, Any], path: Sequence[str], change: Mapping[str, Any]) -> Mapping[str, Any]:
    """A patch with another ``change`` at ``path``; what it takes away whole stays so."""
    key, rest = path[0], path[1:]
    if key in patch and patch[key] is None:
        return patch
    inner = _put(patch.get(key, {}), rest, change) if rest else change
    if inner or patch.get(key) == {}:
        return {**patch, key: inner}
    return {name: value for name, value in patch.items() if name != key}


@dataclass(frozen=True, slots=True)
class _Parts:
    """A thing's state where it is kept: what everybody sees of it, what is hidden, and what was put aside."""

    shown: PropState
    concealed: PropState
    aside: PropState

    @property
    def whole(self) -> PropState:
        return {**self.shown, **self.concealed}

    def after(self, event: Event, prop: str) -> _Parts:
        """The state after an event; itself where that does not touch it."""
        shown = merge({prop: {"state": self.shown}}, (event.patch or {}).get("props") or {}).get(prop, {})
        concealed = merge({prop: self.concealed}, (event.hidden or {}).get("props") or {}).get(prop, {})
        aside = merge({prop: self.aside}, (event.hidden or {}).get("aside") or {}).get(prop, {})
        new = _Parts(shown.get("state", {}), concealed, aside)
        same = new.shown is self.shown and new.concealed is self.concealed and new.aside is self.aside
        return self if same else new


def _parts_of(state: State, prop: str) -> _Parts:
    shown = state.props.get(prop, {}).get("state", {})
    return _Parts(shown, state.concealed(prop), state.hidden.get("aside", {}).get(prop, {}))


def _free_texts(model: type[BaseModel]) -> frozenset[str]:
    """The fields of a model that take any text: strings without a pattern or a list of values."""
    fields: Mapping[str, Mapping[str, Any]] = model.model_json_schema().get("properties", {})
    bound = ("enum", "const", "pattern", "format")
    return frozenset(
        name for name, spec in fields.items() if spec.get("type") == "string" and not any(key in spec for key in bound)
    )
