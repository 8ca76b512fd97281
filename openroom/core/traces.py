"""Following texts through the changes of a thing's state: which of them one event wrote, and where they stand later.

A trace has the shape of the state that it is about, down to the texts: mappings by key, lists by index, and in place of
a text what was written there. So ``{"entries": {"e3": {"text": "Rain."}}}`` says that the text of entry ``e3`` is
followed. Equal texts are told apart by where they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Trace = Mapping[Any, Any]

_LONG_ENOUGH = 8
"""Words of so many characters are found again inside a text that has grown around them."""


def wrote(
    old: Mapping[str, Any], new: Mapping[str, Any], holds: Callable[[str], bool], fields: frozenset[str]
) -> Trace:
    """What a change from ``old`` to ``new`` wrote, as far as it ``holds`` the words: texts of items, lines of lists,
    and those of the state's own ``fields``.
    """
    found: dict[str, Any] = {}
    for name, value in new.items():
        before = old.get(name)
        if not isinstance(value, str):
            found[name] = _wrote(before, value, holds)
        elif name in fields and value != before and holds(value):
            found[name] = _added(before or "", value)
    return {name: one for name, one in found.items() if one}


def _added(old: str, new: str) -> str:
    """What a text has got beside what it said before."""
    for rest in (new.removeprefix(old), new.removesuffix(old)):
        if old and len(rest) < len(new):
            return rest.strip() or rest
    return new


def _wrote(old: Any, new: Any, holds: Callable[[str], bool]) -> Trace:
    found: dict[Any, Any] = {}
    for key, was, value, is_text in _parts(old, new):
        if isinstance(value, str):
            found[key] = value if is_text and value != was and holds(value) else None
        elif value is not was:
            found[key] = _wrote(was, value, holds)
    return {key: one for key, one in found.items() if one}


def _parts(old: Any, new: Any) -> list[tuple[Any, Any, Any, bool]]:
    """The parts of a value that may have changed: key, what was there, what is, and whether a text there is an item's
    own."""
    if isinstance(new, Mapping):
        was = old if isinstance(old, Mapping) else {}
        return [(key, was.get(key), value, key == "text") for key, value in new.items()]
    if not isinstance(new, list):
        return []
    before = old if isinstance(old, list) else []
    places, changed = _aligned(before, new)
    fresh = set(range(len(new))) - {*places.values(), *changed.values()}
    parts = [(place, before[index], new[place], True) for index, place in changed.items()]
    return parts + [(place, None, new[place], True) for place in sorted(fresh)]


def carried(trace: Any, old: Any, new: Any, given: Sequence[str] = ()) -> Any:
    """What of ``trace`` still stands after ``old`` has become ``new``; ``given`` are the words of who changed it.

    A text that was replaced is gone. One that has grown around the words still holds them, unless its new writer gave
    them anew: then they are a quotation.
    """
    if new is old:
        return trace
    if isinstance(trace, str):
        return trace if new == old or _has_grown(trace, new, given) else None
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        found = {key: carried(one, old.get(key), new[key], given) for key, one in trace.items() if key in new}
    elif isinstance(new, list) and isinstance(old, list):
        found = _carried_in_list(trace, old, new, given)
    else:
        return {}
    return {key: one for key, one in found.items() if one}


def _has_grown(words: str, text: Any, given: Sequence[str]) -> bool:
    if not isinstance(text, str) or len(words) < _LONG_ENOUGH:
        return False
    return text.count(words) > sum(one.count(words) for one in given)


def _carried_in_list(trace: Trace, old: list[Any], new: list[Any], given: Sequence[str]) -> dict[int, Any]:
    places, _ = _aligned(old, new)
    free = [index for index in range(len(new)) if index not in places.values()]
    found: dict[int, Any] = {}
    for index, one in trace.items():
        if index in places:
            found[places[index]] = one
            continue
        for place in sorted(free, key=lambda place: place != index):  # changed where it stands, or moved
            if still := carried(one, old[index], new[place], given):
                found[place] = still
                free.remove(place)
                break
    return found


def _aligned(old: list[Any], new: list[Any]) -> tuple[dict[int, int], dict[int, int]]:
    """Where the items of a list stand in the next one, and which of the rest became which.

    A list grows at an end and may lose items at the other (a board that is full); or something is put in, taken out or
    changed between its ends.
    """
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    for length in range(most, head + tail, -1):
        if old[-length:] == new[:length]:
            return {len(old) - length + n: n for n in range(length)}, {}
        if old[:length] == new[-length:]:
            return {n: len(new) - length + n for n in range(length)}, {}
    ends = {n: n for n in range(head)} | {len(old) - n: len(new) - n for n in range(1, tail + 1)}
    between = zip(range(head, len(old) - tail), range(head, len(new) - tail), strict=False)
    return ends, dict(between)


def marked(value: Any, trace: Any, mark: str) -> Any:
    """A state, or a patch of one, with ``mark`` for what is followed."""
    if isinstance(trace, str):
        return value.replace(trace, mark, 1) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {**value, **{key: marked(value[key], one, mark) for key, one in trace.items() if key in value}}
    if isinstance(value, list):
        return [marked(one, trace[index], mark) if index in trace else one for index, one in enumerate(value)]
    return value


def without(value: Any, trace: Any, mark: str) -> Any:
    """A state without what is followed: items and lines are gone; ``mark`` stands where a text holds more than that."""
    if isinstance(trace, str):
        return marked(value, trace, mark)
    if isinstance(value, list):
        kept = [(one, trace.get(index)) for index, one in enumerate(value)]
        return [one if not of else without(one, of, mark) for one, of in kept if not (one == of or _is_item(one, of))]
    return {
        key: without(one, trace[key], mark) if key in trace else one
        for key, one in value.items()
        if not _is_item(one, trace.get(key))
    }


def _is_item(value: Any, trace: Any) -> bool:
    """Whether all that an item says is followed."""
    both = isinstance(value, Mapping) and isinstance(trace, Mapping)
    return both and "text" in trace and value.get("text") == trace["text"]


def texts(trace: Any) -> Iterator[str]:
    """All that is followed."""
    if isinstance(trace, str):
        yield trace
    else:
        for one in trace.values():
            yield from texts(one)
