"""Bends the values of a reply to what its JSON Schema asks for, where the meaning is plain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SAY = "say"
"""The key of what is said."""
_UNSPACED = ("。", "！", "？", "」", "』")


def properties(schema: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the schema says of each key."""
    found = schema.get("properties") if schema else None
    return found if isinstance(found, Mapping) else {}


def free_text(key: str, schema: Mapping[str, Any] | None) -> bool:
    """Whether half a value is worth keeping: of a sentence yes, of an id or one of a list of words no."""
    rule = properties(schema).get(key, {})
    free = rule.get("type") == "string" and not {"enum", "const", "pattern", "format"} & rule.keys()
    return key == SAY or free


def missing(value: Mapping[str, Any], schema: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The keys that the schema requires and the value lacks."""
    required = schema.get("required", ()) if schema else ()
    return tuple(key for key in required if key not in value)


def fit(value: dict[str, Any], schema: Mapping[str, Any] | None) -> tuple[dict[str, Any], bool]:
    """Bend top-level values to the schema's types where the meaning is plain, drop nulls and what does not fit; and
    whether anything was bent.
    """
    fitted: dict[str, Any] = {}
    any_bent = False
    for key, item in value.items():
        kept, bent = _bend(item, properties(schema).get(key))
        if kept is not None:
            fitted[key] = kept
        any_bent = any_bent or bent
    return fitted, any_bent


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "array": (list,),
    "object": (dict,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


def _bend(item: Any, rule: Any) -> tuple[Any, bool]:
    """The value as the rule wants it (``None``: to be dropped) and whether it was changed."""
    if item is None:
        return None, True
    wanted = rule.get("type") if isinstance(rule, Mapping) else None
    if not isinstance(wanted, str) or wanted not in _TYPES:
        return item, False
    fits = isinstance(item, _TYPES[wanted]) and not (isinstance(item, bool) and wanted in ("integer", "number"))
    if fits:
        return item, False
    if wanted == "array":
        return [item], True
    if wanted == "string" and isinstance(item, (int, float)) and not isinstance(item, bool):
        return str(item), True
    if wanted == "string" and isinstance(item, list) and "enum" not in rule:
        return _joined(item), True
    if wanted in ("integer", "number") and isinstance(item, (str, float)):
        return _number(item, wanted), True
    return None, True


def _joined(items: list[Any]) -> str | None:
    """Sentences that came one by one, as one text."""
    if not items or not all(isinstance(item, str) for item in items):
        return None
    return "".join(item if item.rstrip().endswith(_UNSPACED) else f"{item} " for item in items).strip()


def _number(item: str | float, wanted: str) -> int | float | None:
    try:
        number = float(item)
    except ValueError:
        return None
    if number != number or abs(number) > 1e15:
        return None
    if wanted == "integer":
        return int(number) if number == int(number) else None
    return number
