"""Fitting a prop's state to rules that have changed since: what fits stays, what is new begins as it would in a fresh
room, and what no longer fits is handed back, so that it can be put aside. Nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openroom.core.patch import merge
from openroom.core.prop import Prop, PropState
from openroom.errors import DefinitionError


def fitted(rules: Prop, old: PropState, fresh: PropState, version: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """``old`` as ``rules`` take it, and what of it they do not take.

    ``fresh`` is what a new one begins with, ``version`` that of the rules that ``old`` was made by. A field whose value
    does not fit begins fresh; where no field is to blame, all of it does.
    """
    wanted = dict(rules.migrate(dict(old), version)) if version < rules.version else dict(old)
    kept, aside = dict(wanted), dict[str, Any]()
    while True:
        try:
            state = rules.check(kept)
        except DefinitionError as error:
            name = error.key.partition(".")[0]
            if name in aside or (name not in kept and name not in fresh):
                return dict(fresh), wanted
            if name in kept:
                aside[name] = kept.pop(name)
            if name in fresh:
                kept[name] = fresh[name]
        else:
            return state, {**_lost(kept, state), **aside}


def recalled(aside: Mapping[str, Any], present: PropState, fresh: PropState) -> dict[str, Any]:
    """``present`` with what was put aside, to be fitted anew: it comes back where nothing has taken its place since."""
    taken = {name: value for name, value in present.items() if name not in aside or not _is_new(value, fresh.get(name))}
    tried: dict[str, Any] = merge(aside, taken)
    return tried


def _is_new(value: Any, fresh: Any) -> bool:
    """Whether nothing has happened to a field; into a mapping what was put aside is merged, whatever has happened."""
    return not isinstance(value, Mapping) and bool(value == fresh)


def _lost(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in ``before`` and nowhere in ``after``, by key; of a list in which something is missing all of it."""
    lost: dict[str, Any] = {}
    for key, value in before.items():
        if key not in after:
            lost[key] = value
        elif isinstance(value, Mapping) and isinstance(after[key], Mapping):
            if inner := _lost(value, after[key]):
                lost[key] = inner
        elif isinstance(value, list) and isinstance(after[key], list) and _misses(value, after[key]):
            lost[key] = value
    return lost


def _misses(before: list[Any], after: list[Any]) -> bool:
    """Whether an item of a list has lost something. A rule that keeps fewer items on purpose has lost none."""
    pairs = zip(before, after, strict=False)
    return any(isinstance(one, Mapping) and isinstance(other, Mapping) and _lost(one, other) for one, other in pairs)
