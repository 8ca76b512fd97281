"""From a reply that should be one JSON object to the object, as tolerantly as is safe."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from openroom.ports.reply.lenient import LenientReader, tidy
from openroom.ports.reply.saystream import SayStream

__all__ = ["Parsed", "SayStream", "parse_reply"]

_LONGEST = 200_000
_CANDIDATES = 24
_THINK = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


def _first_wins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two equal keys the first counts, as it does when the reply is shown while it streams."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_first_wins, parse_constant=_no_constant)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a reply held.

    ``how``: ``clean`` (one JSON object and nothing else), ``repaired`` (something was around it or amiss in it),
    ``cut`` (it ended too early; ``value`` holds what was complete, and the beginning of a free text), ``none`` (no
    object). ``missing`` are the keys that the schema requires and the reply lacks.
    """

    how: Literal["clean", "repaired", "cut", "none"]
    value: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def parse_reply(text: str, schema: Mapping[str, Any] | None = None) -> Parsed:
    """The JSON object in a reply. ``schema`` helps to tell it from others, to bend scalars into lists, and to drop
    values of a wrong type. Never raises; text beyond 200,000 characters is not read."""
    text = text[:_LONGEST]
    whole = _strict(text.strip())
    if whole is not None:
        return _fit(whole, "clean", schema)
    text = _THINK.sub(" ", text)
    known = set(_properties(schema)) or {"say"}
    fallback: Parsed | None = None
    at = text.find("{")
    for _ in range(_CANDIDATES):
        if at < 0:
            break
        found, how, end = _read_at(text, at, schema)
        if found and known & found.keys():
            return _fit(found, how, schema)
        if found and fallback is None and schema is None:
            fallback = Parsed(how, found)
        at = text.find("{", max(end, at + 1) if found else at + 1)
    return fallback or Parsed("none", missing=_missing({}, schema))


def _strict(text: str) -> dict[str, Any] | None:
    try:
        value = _tidied(_DECODER.decode(text))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read_at(
    text: str, at: int, schema: Mapping[str, Any] | None
) -> tuple[dict[str, Any], Literal["repaired", "cut"], int]:
    """The object that begins at ``at``, and where it ends."""
    try:
        value, end = _DECODER.raw_decode(text, at)
        return _tidied(value), "repaired", end
    except (ValueError, RecursionError):
        reader = LenientReader(text, at, lambda key: _free_text(key, schema))
        found = reader.read_object()
        return found, "cut" if reader.cut else "repaired", reader.pos


def _properties(schema: Mapping[str, Any] | None) -> Mapping[str, Any]:
    properties = schema.get("properties") if schema else None
    return properties if isinstance(properties, Mapping) else {}


def _free_text(key: str, schema: Mapping[str, Any] | None) -> bool:
    """Whether half a value is worth keeping: of a sentence yes, of an id or one of a list of words no."""
    rule = _properties(schema).get(key)
    if rule is None:
        return key == "say"
    return rule.get("type") == "string" and not {"enum", "const", "pattern", "format"} & rule.keys()


def _missing(value: Mapping[str, Any], schema: Mapping[str, Any] | None) -> tuple[str, ...]:
    required = schema.get("required", ()) if schema else ()
    return tuple(key for key in required if key not in value)


def _fit(value: dict[str, Any], how: Literal["clean", "repaired", "cut"], schema: Mapping[str, Any] | None) -> Parsed:
    """Bend top-level values to the schema's types where the meaning is plain, drop nulls and what does not fit."""
    fitted: dict[str, Any] = {}
    for key, item in value.items():
        kept, bent = _bend(item, _properties(schema).get(key))
        if kept is not None:
            fitted[key] = kept
        if bent and how == "clean":
            how = "repaired"
    return Parsed(how, fitted, _missing(fitted, schema))


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
    if wanted in ("integer", "number") and isinstance(item, (str, float)):
        return _number(item, wanted), True
    return None, True


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


def _tidied(value: Any) -> Any:
    """The value without lone surrogates in any string."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, list):
        return [_tidied(item) for item in value]
    if isinstance(value, dict):
        return {tidy(key): _tidied(item) for key, item in value.items()}
    return value
