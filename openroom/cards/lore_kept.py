"""What a file says that the native form has no word for, kept for the way back.

When a book is read, it is written again at once, and what differs from the file is kept with it (as JSON in ``kept``).
When it goes out, that is put back wherever nothing was edited meanwhile: so nothing is lost, and an edit wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from openroom.cards import jsontext
from openroom.cards.limits import MAX_DEPTH

_ABSENT = object()
_MOST_LEVELS = 2 * MAX_DEPTH + 4
"""A change lies two levels below the one that it is in."""
_HALF = re.compile("[\ud800-\udfff]")


def left_over(made: Mapping[str, Any], original: Mapping[str, Any]) -> dict[str, Any]:
    """What changes ``made`` into ``original``, by key: ``was`` is made's value and ``is`` the original's (each absent
    where there is none), ``in`` the same of a mapping in both."""
    found: dict[str, Any] = {}
    for key in dict.fromkeys([*original, *made]):
        here, there = made.get(key, _ABSENT), original.get(key, _ABSENT)
        if isinstance(here, Mapping) and isinstance(there, Mapping):
            if inside := left_over(here, there):
                found[key] = {"in": inside}
        elif not same(here, there):
            change = {"was": here, "is": there}
            found[key] = {name: value for name, value in change.items() if value is not _ABSENT}
    return found


def put_back(made: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `left_over`, where ``made`` still has what it had; what was edited stays as it is now."""
    found = dict(made)
    for key, change in kept.items():
        if "in" in change:
            if isinstance(found.get(key), Mapping):
                found[key] = put_back(found[key], change["in"])
        elif not same(found.get(key, _ABSENT), change.get("was", _ABSENT)):
            continue
        elif "is" in change:
            found[key] = change["is"]
        else:
            found.pop(key, None)
    return found


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: ``1``, ``1.0``, ``1E0`` and ``true`` are four."""
    if one is _ABSENT or other is _ABSENT:
        return one is other
    return packed(one) == packed(other)


def packed(value: Any) -> str:
    """A value as JSON, in one line; half a character, which no file holds, stays an escape."""
    text = jsontext.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text if _HALF.search(text) is None else jsontext.dumps(value, sort_keys=True, separators=(",", ":"))


def unpacked(text: Any) -> dict[str, Any]:
    """What was kept; nothing where somebody has made it unreadable, or deeper than any file is."""
    try:
        value = jsontext.loads(text) if isinstance(text, str) and text else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) and not jsontext.is_deeper(value, _MOST_LEVELS) else {}


def rest_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The changes that were kept; nothing where somebody has made them unreadable."""
    rest = kept.get("rest", {})
    return rest if _are_changes(rest) else {}


def _are_changes(rest: Any) -> bool:
    if not isinstance(rest, dict):
        return False
    return all(isinstance(one, dict) and _are_changes(one.get("in", {})) for one in rest.values())


def strangers(rest: Mapping[str, Any]) -> dict[str, Any]:
    """Of the changes those that put in what only the file has."""
    found: dict[str, Any] = {}
    for key, change in rest.items():
        if inside := strangers(change.get("in", {})):
            found[key] = {"in": inside}
        elif "is" in change and "was" not in change:
            found[key] = change
    return found


def pieces(changes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The changes one by one, each by itself."""
    for key, change in changes.items():
        if "in" in change:
            yield from ({key: {"in": inside}} for inside in pieces(change["in"]))
        else:
            yield {key: change}


def head_of(kept: Mapping[str, Any]) -> tuple[str, str]:
    """What stood before an entry's text, and what decorators would have said of the entry then."""
    pair = kept.get("head")
    if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair):
        return pair[0], pair[1]
    return "", ""
