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
from openroom.core.prop import Prop
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
    about = getattr(event, "prop", None) == prop or prop in ((event.patch or {}).get("props") or {})
    return about or isinstance(event, Moved) or prop in ((event.hidden or {}).get("aside") or {})


class Tracing:
    """Follows what one event wrote through the log, from the state ``before`` it on.

    `take` wants the events in order; those that do not touch the thing may be left out (`touches`).
    """

    def __init__(self, strike: Strike, before: State) -> None:
        self._strike = strike
        self._state: Mapping[str, Any] = before.props.get(strike.prop, {}).get("state", {})
        self._aside: Mapping[str, Any] = before.hidden.get("aside", {}).get(strike.prop, {})
        self._seqs = [0]
        self._moments = [(Standing(), self._state)]

    @property
    def standing(self) -> Standing:
        """Where it stands after the event that was taken last."""
        return self._moments[-1][0]

    def take(self, event: Event) -> Event:
        """Follow the next event. It comes back without the words: itself, when it does not hold them."""
        before, state, aside, prop = self.standing, self._state, self._aside, self._strike.prop
        self._follow(event)
        now = self.standing
        patch, hidden = event.patch or {}, event.hidden or {}
        update: dict[str, Any] = {}
        changed = _change(state, self._state, before.state, now.state)
        if changed is not None and (struck := _put(patch, ("props", prop, "state"), changed)) != patch:
            update["patch"] = struck
        changed = _change(aside, self._aside, before.aside, now.aside)
        if changed is not None and (struck := _put(hidden, ("aside", prop), changed)) != hidden:
            update["hidden"] = struck
        if isinstance(event, Used | Happened) and (told := self._told(event, before, now)) != telling(event):
            update["telling"] = told
        return event.model_copy(update=update) if update else event

    def struck(self, state: State) -> State:
        """A snapshot, taken at or before the last event, without the words."""
        then = self._at(state.seq)[0]
        prop = self._strike.prop
        return State(state.seq, _struck_shared(state.shared, prop, then), _struck_hidden(state.hidden, prop, then))

    def _at(self, seq: int) -> tuple[Standing, Mapping[str, Any]]:
        return self._moments[bisect_right(self._seqs, seq) - 1]

    def _follow(self, event: Event) -> None:
        prop, standing, state, aside = self._strike.prop, self.standing, self._state, self._aside
        body = ((event.patch or {}).get("props") or {}).get(prop, {})
        self._state = merge({"state": state}, body).get("state", {}) if body is not None else {}
        self._aside = merge({prop: aside}, (event.hidden or {}).get("aside") or {}).get(prop, {})
        if event.seq == self._strike.seq:
            now = Standing(wrote(state, self._state, self._holds, self._strike.fields))
        elif isinstance(event, Moved):
            then, was = self._at(event.head)
            now = Standing(carried(then.state, was, self._state), carried(standing.aside, aside, self._aside))
        else:
            given = _given(event)
            now = Standing(
                carried(standing.state, state, self._state, given), carried(standing.aside, aside, self._aside, given)
            )
            if isinstance(event, Defined):  # what no longer fits is put aside, and comes back when it fits again
                now = Standing(
                    now.state or carried(standing.aside, aside, self._state),
                    now.aside or carried(standing.state, state, self._aside),
                )
        if now != standing or self._state is not state:
            self._seqs.append(event.seq)
            self._moments.append((now, self._state))

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


def _change(old: Mapping[str, Any], new: Mapping[str, Any], before: Trace, now: Trace) -> dict[str, Any] | None:
    """The patch between two states without the words; ``None`` where they hold none. What had the same words before
    and after, by different people, needs saying now."""
    return diff(marked(old, before, MARK), marked(new, now, MARK)) if before or now else None


def _put(patch: Mapping[str, Any], path: Sequence[str], change: Mapping[str, Any]) -> Mapping[str, Any]:
    """A patch with another ``change`` at ``path``; what it takes away whole stays so."""
    key, rest = path[0], path[1:]
    if key in patch and patch[key] is None:
        return patch
    inner = _put(patch.get(key, {}), rest, change) if rest else change
    return {**patch, key: inner} if inner else {name: value for name, value in patch.items() if name != key}


def _struck_shared(shared: Mapping[str, Any], prop: str, standing: Standing) -> Mapping[str, Any]:
    body = (shared.get("props") or {}).get(prop)
    if not standing.state or not isinstance(body, Mapping) or not isinstance(body.get("state"), Mapping):
        return shared
    body = {**body, "state": marked(body["state"], standing.state, MARK)}
    return {**shared, "props": {**shared["props"], prop: body}}


def _struck_hidden(hidden: Mapping[str, Any], prop: str, standing: Standing) -> Mapping[str, Any]:
    aside = (hidden.get("aside") or {}).get(prop)
    if not standing.aside or not isinstance(aside, Mapping):
        return hidden
    return {**hidden, "aside": {**hidden["aside"], prop: marked(aside, standing.aside, MARK)}}


def _free_texts(model: type[BaseModel]) -> frozenset[str]:
    """The fields of a model that take any text: strings without a pattern or a list of values."""
    fields: Mapping[str, Mapping[str, Any]] = model.model_json_schema().get("properties", {})
    bound = ("enum", "const", "pattern", "format")
    return frozenset(
        name for name, spec in fields.items() if spec.get("type") == "string" and not any(key in spec for key in bound)
    )
