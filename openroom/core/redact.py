"""Striking words that were written on a thing: a page of a diary, a note on a board.

A verb with a free text puts it into the thing's state, so the words stand in the patches of the log too. Erasing such
an event takes them out of both: from the state of now whatever holds them goes, in earlier patches and snapshots they
become ``…``. What is looked at: any item with a ``text`` (an entry of a diary, a note), and the state's own fields of
free text. The same words elsewhere on the same thing go with them. A replay of the struck log gives the same state,
because the event that erases says how the thing stands then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from openroom.core.event import Event, Happened, Used, erase
from openroom.core.prop import Prop
from openroom.core.state import State

MARK = "…"
"""What stands where words were struck."""

_LONG_ENOUGH = 8
"""Words of so many characters are found inside a longer text too; shorter ones only alone."""


@dataclass(frozen=True, slots=True)
class Strike:
    """What to strike: ``words`` on the thing ``prop``; ``fields`` are the names of its state's own free texts."""

    prop: str
    words: tuple[str, ...]
    fields: frozenset[str] = frozenset()

    def hits(self, text: object) -> bool:
        """Whether a text holds the words."""
        return isinstance(text, str) and any(
            word == text or (len(word) >= _LONG_ENOUGH and word in text) for word in self.words
        )


def strike_of(event: Used, rules: Prop | None) -> Strike | None:
    """What erasing ``event`` strikes; ``None`` when nobody wrote anything then. ``rules`` are the thing's."""
    args = event.args or {}
    verb = rules.verbs.get(event.verb) if rules is not None else None
    if rules is None or verb is None:  # the thing has changed since: every text that was given counts as words
        words = [value for value in args.values() if isinstance(value, str)]
        return Strike(event.prop, tuple(words)) if words else None
    free = _free_texts(verb.params)
    given = [value for name, value in args.items() if name in free and isinstance(value, str)]
    try:
        kept = verb.params.model_validate(args).model_dump(mode="json", exclude_none=True)
    except ValidationError:
        kept = {}
    words = [*given, *(value for name, value in kept.items() if name in free and isinstance(value, str))]
    return Strike(event.prop, tuple(dict.fromkeys(words)), _free_texts(rules.State)) if words else None


def without(state: Mapping[str, Any], strike: Strike) -> dict[str, Any]:
    """A thing's state without the words: items that hold them are gone, own fields hold `MARK`."""
    kept = {name: _kept(value, strike) for name, value in state.items()}
    return {name: MARK if name in strike.fields and strike.hits(value) else value for name, value in kept.items()}


def struck_event(event: Event, strike: Strike) -> Event:
    """An earlier event without the words; the event itself when it does not hold them."""
    update: dict[str, Any] = {}
    if event.patch and (patch := _struck_shared(event.patch, strike)) != event.patch:
        update["patch"] = patch
    if event.hidden and (hidden := _struck_hidden(event.hidden, strike)) != event.hidden:
        update["hidden"] = hidden
    if isinstance(event, Used | Happened) and event.prop == strike.prop and not event.erased and _tells(event, strike):
        event = erase(event)
    return event.model_copy(update=update) if update else event


def struck_state(state: State, strike: Strike) -> State:
    """A snapshot without the words."""
    return State(state.seq, _struck_shared(state.shared, strike), _struck_hidden(state.hidden, strike))


def _tells(event: Used | Happened, strike: Strike) -> bool:
    given = (event.args or {}).values() if isinstance(event, Used) else ()
    return strike.hits(event.telling) or any(strike.hits(value) for value in given)


def _struck_shared(shared: Mapping[str, Any], strike: Strike) -> dict[str, Any]:
    placed = (shared.get("props") or {}).get(strike.prop)
    if not isinstance(placed, Mapping) or not isinstance(placed.get("state"), Mapping):
        return dict(shared)
    body = {**placed, "state": _struck(placed["state"], strike)}
    return {**shared, "props": {**shared["props"], strike.prop: body}}


def _struck_hidden(hidden: Mapping[str, Any], strike: Strike) -> dict[str, Any]:
    aside = (hidden.get("aside") or {}).get(strike.prop)
    if not isinstance(aside, Mapping):
        return dict(hidden)
    return {**hidden, "aside": {**hidden["aside"], strike.prop: _struck(aside, strike)}}


def _struck(state: Mapping[str, Any], strike: Strike) -> dict[str, Any]:
    """A state, or a patch of one, with `MARK` for the words."""
    marked = {name: _marked(value, strike) for name, value in state.items()}
    return {name: MARK if name in strike.fields and strike.hits(value) else value for name, value in marked.items()}


def _marked(value: Any, strike: Strike) -> Any:
    if isinstance(value, Mapping):
        inner = {key: _marked(one, strike) for key, one in value.items()}
        return {**inner, "text": MARK} if strike.hits(inner.get("text")) else inner
    return [_marked(one, strike) for one in value] if isinstance(value, list) else value


def _kept(value: Any, strike: Strike) -> Any:
    if isinstance(value, Mapping):
        return {key: _kept(one, strike) for key, one in value.items() if not _holds(one, strike)}
    if isinstance(value, list):
        return [_kept(one, strike) for one in value if not _holds(one, strike)]
    return value


def _holds(value: Any, strike: Strike) -> bool:
    return isinstance(value, Mapping) and strike.hits(value.get("text"))


def _free_texts(model: type[BaseModel]) -> frozenset[str]:
    """The fields of a model that take any text: strings without a pattern or a list of values."""
    fields: Mapping[str, Mapping[str, Any]] = model.model_json_schema().get("properties", {})
    bound = ("enum", "const", "pattern", "format")
    return frozenset(
        name for name, spec in fields.items() if spec.get("type") == "string" and not any(key in spec for key in bound)
    )
