"""What an entry of a foreign book says and no entry of ours may hold: it comes in without that, off, and is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from openroom.core.lore.book import Entry
from openroom.errors import CardError

BEYOND = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What Python raises for values that nobody thought of; pydantic's own is a ValueError."""
_SHOWN = 60
_WORDS = {"when": "conditions"}
_Given = TypeVar("_Given")


def settle(entry: dict[str, Any], said: list[str]) -> None:
    """Take from a native ``entry`` what none may hold. One that lost something is off, since without it it would come
    up where its author did not mean it; ``said`` tells what and why."""
    refused = _refused(entry)
    for name, why in refused.items():
        entry.pop(name)
        said.append(f"its {_WORDS.get(name, name)} cannot be taken ({why}), so it is off; the original has it whole")
    if refused:
        entry["enabled"] = False


def settled(name: str, value: Any) -> dict[str, Any]:
    """One field of an entry as YAML and JSON hold it, of the type that it should have; empty where it may not stand
    there."""
    try:
        entry = Entry.model_validate({"id": "e", "text": "", name: value})
    except ValidationError:
        return {}
    said = entry.model_dump(mode="json", exclude_unset=True)
    return {name: said.get(name, USUAL[name])}


USUAL = {
    name: list(field.default) if isinstance(field.default, tuple) else field.default
    for name, field in Entry.model_fields.items()
}
"""What an entry has where it says nothing."""


def each(
    given: Iterable[tuple[Any, _Given]], read: Callable[[Any, _Given], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The entries of a book, each with its place in it. Raises `CardError` with that place for one that nobody can
    read, whatever Python says of it."""
    for at, one in given:
        try:
            yield read(at, one)
        except BEYOND as error:
            raise CardError("an entry that can be read", came="values beyond it", key=f"entries[{cut(at)}]") from error


def cut(value: Any) -> str:
    """A value of a file as a report names it."""
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _refused(entry: Mapping[str, Any]) -> dict[str, str]:
    """The fields that no entry may hold, and why not."""
    try:
        Entry.model_validate({**entry, "id": "e"})
    except ValidationError as error:
        found: dict[str, str] = {}
        for one in error.errors(include_url=False):
            found.setdefault(str(one["loc"][0]), _why(one))
        return found
    return {}


def _why(problem: Mapping[str, Any]) -> str:
    most, came = problem.get("ctx", {}).get("max_length"), problem["input"]
    if problem["type"] == "string_too_long":
        return f"expected at most {most:,} characters, came {len(came):,}"
    if problem["type"] == "too_long":
        return f"expected at most {most:,} of them, came {len(came):,}"
    return "expected another kind of value"
