"""JSON Merge Patch (RFC 7396): how an event says what it changes in the shared state.

Patching never changes its input: untouched subtrees are shared between the old and the new value, so keeping the state
from before a batch costs nothing. State holds no nulls, so "absent means none" and every difference has a patch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def merge(target: Any, patch: Any) -> Any:
    """Apply ``patch`` to ``target`` as RFC 7396 says and return the new value. Arrays are replaced whole."""
    if type(patch) is not dict and not isinstance(patch, Mapping):  # the type first: it is a dict nearly always
        return patch
    result = dict(target) if type(target) is dict or isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The smallest patch with ``merge(before, patch) == after``. Neither side may hold nulls."""
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if old is value:
            continue
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            if inner := diff(old, value):
                patch[key] = inner
        elif key not in before or not _same(old, value):
            patch[key] = value
    return patch


def joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two patches of different places as one; where both say something ``other`` holds."""
    both = dict(one)
    for key, value in other.items():
        old = both.get(key)
        both[key] = joined(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return both


def nulls(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every null in ``value``; a valid state yields none."""
    if value is None:
        yield path or "."
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from nulls(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from nulls(inner, f"{path}[{index}]")


def _same(one: Any, other: Any) -> bool:
    """Equality in which 1, 1.0 and True differ, as they do in the JSON text."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)
