"""Fitting a document to a pydantic model: every misfit becomes a `DefinitionError` at its line and column."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from openroom.core.misplaced import Misplaced
from openroom.errors import DefinitionError
from openroom.library.document import Document

M = TypeVar("M", bound=BaseModel)
_SHOWN = 60
_WORDS = re.compile(r"\^\(([a-z|]+)\)\$")
"""A pattern that only lists words."""


def fit(document: Document, model: type[M]) -> tuple[M | None, list[DefinitionError]]:
    """The document as ``model``, or everything that is wrong with it, in the file's order."""
    if not isinstance(document.value, dict):
        return None, [document.error((), "a mapping of keys to values", came=_kind(document.value))]
    try:
        return model.model_validate(document.value), []
    except ValidationError as error:
        found = [one for details in _mistakes(model, error.errors()) for one in _misfits(document, model, details)]
        return None, sorted(found, key=lambda one: (one.line or 0, one.column or 0))


def _mistakes(model: type[BaseModel], errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without those that follow from another: a key that is spelt wrong is not missing besides."""
    meant = {
        (*loc[:-1], _near(model, loc)) for one in errors if one["type"] == "extra_forbidden" and (loc := one["loc"])
    }
    return [one for one in errors if one["type"] != "missing" or one["loc"] not in meant]


def _misfits(document: Document, model: type[BaseModel], details: ErrorDetails) -> list[DefinitionError]:
    error = details.get("ctx", {}).get("error")
    if not isinstance(error, Misplaced):
        return [_misfit(document, model, details)]
    at = details["loc"]
    return [document.error((*at, *loc), expected, came=came) for loc, expected, came in error.wrong]


def _misfit(document: Document, model: type[BaseModel], details: ErrorDetails) -> DefinitionError:
    kind, came = details["type"], details["input"]
    loc = _in_file(document, details["loc"], at_key=kind in ("missing", "extra_forbidden"))
    if kind == "missing":
        return document.error(loc, f"the key {loc[-1]!r}", came="none", at_key=False)
    if kind == "extra_forbidden":
        comma = "; a text with a comma needs quotes inside { }" if came is None else ""
        return document.error(loc, _known_keys(model, loc), came=f"{loc[-1]!r}{comma}", at_key=True)
    message = str(details["msg"])
    for lead in ("Value error, ", "Assertion failed, "):
        message = message.removeprefix(lead)
    if message.startswith("expected "):
        expected, _, said = message.removeprefix("expected ").partition(", came ")
        return document.error(loc, expected, came=said or _shown(came))
    # An empty value has no place of its own; its key has.
    return document.error(loc, _in_words(details, message), came=_shown(came), at_key=came is None)


def _in_words(details: ErrorDetails, message: str) -> str:
    context = details.get("ctx", {})
    match details["type"]:
        case "literal_error" | "enum":
            return f"{context.get('expected', message)}"
        case "string_pattern_mismatch":
            pattern = str(context.get("pattern", ""))
            words = _WORDS.fullmatch(pattern)
            return f"one of {', '.join(words[1].split('|'))}" if words else f"a text like {pattern}"
        case "string_type":
            return "a text (quote it if it looks like a number or a date)"
        case "dict_type" | "model_type" | "model_attributes_type" | "mapping_type":
            return "a mapping of keys to values"
        case "list_type" | "tuple_type":
            return "a list"
        case "union_tag_invalid":
            return f"{context.get('discriminator')} to be one of {context.get('expected_tags')}"
        case "union_tag_not_found":
            return f"the key {context.get('discriminator')}"
        case _:
            return message.removeprefix("Input should be ").removeprefix("Value should be ")


def _in_file(document: Document, loc: Sequence[str | int], *, at_key: bool) -> tuple[str | int, ...]:
    """pydantic's path without the parts that are names of union members or of dict keys. ``at_key``: it ends with a key
    that is missing or unknown."""
    path: tuple[str | int, ...] = ()
    for index, part in enumerate(loc):
        if (*path, part) in document.values or (at_key and index == len(loc) - 1):
            path = (*path, part)
    return path


def _known_keys(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    known = _keys_at(model, loc[:-1])
    if not known:
        return "no such key"
    near = _near(model, loc)
    return f"one of the keys {', '.join(known)}" + (f" (did you mean {near!r}?)" if near else "")


def _near(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    """The key that was meant by one that is unknown; empty where none is like it."""
    return next(iter(difflib.get_close_matches(str(loc[-1]), _keys_at(model, loc[:-1]), n=1)), "")


def _keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    return sorted({key for one in _models_at(model, loc) for key in _keys(one)})


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[type[BaseModel]]:
    """The models that a value at ``loc`` may be of."""
    here: list[Any] = [model]
    for part in loc:
        inner: list[Any] = []
        for one in here:
            if isinstance(one, type) and issubclass(one, BaseModel):
                inner += [f.annotation for name, f in one.model_fields.items() if part in (name, f.alias)]
            else:
                inner += list(typing.get_args(one))
        here = [leaf for one in inner for leaf in _leaves(one)]
    return [one for one in here if isinstance(one, type) and issubclass(one, BaseModel)]


def _leaves(annotation: Any) -> Iterator[Any]:
    """Models and containers inside unions and ``Annotated``."""
    origin = typing.get_origin(annotation)
    if origin in (dict, list, tuple):
        yield annotation
    elif origin is typing.Annotated:
        yield from _leaves(typing.get_args(annotation)[0])
    elif origin is not None:
        for one in typing.get_args(annotation):
            yield from _leaves(one)
    elif isinstance(annotation, type) and issubclass(annotation, RootModel):
        yield from _leaves(annotation.model_fields["root"].annotation)
    elif isinstance(annotation, type):
        yield annotation


def _shown(value: Any) -> str:
    if value is None or isinstance(value, (dict, list, tuple)):
        return _kind(value)
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "nothing" if value is None else f"{type(value).__name__} {str(value)[:_SHOWN]!r}"
