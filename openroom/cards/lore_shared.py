"""What reading and writing lorebooks share, whatever their form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from openroom.cards.lore_decorators import decorators
from openroom.cards.lore_fields import LOGIC, OWN, keys_of, text, whole
from openroom.cards.lore_kept import left_over, packed, put_back, unpacked
from openroom.core.lore.book import FIRST_OUT, Entry, Lore

Json = Mapping[str, Any]
MOST_ENTRIES = 5_000
MOST_TEXT = 20_000
TOKENS = 2_000
SCAN_DEPTH = 4


@dataclass(frozen=True, slots=True)
class ReadLore:
    """A book in the native form, as it may stand in ``lore.yaml``; ``notes`` are plain sentences for the report, each
    with the id of the entry that it is about."""

    lore: dict[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenLore:
    """A book in a foreign form; ``notes`` say what it cannot hold."""

    book: dict[str, Any]
    notes: tuple[str, ...] = ()


def begun(given: Json, entries: Sequence[Json]) -> dict[str, Any]:
    """What a native book begins with. Both forms find keys inside words unless something else is said."""
    lore: dict[str, Any] = {"format": 1}
    for name, most in (("name", 300), ("description", 4000)):
        if said := text(given.get(name))[:most]:
            lore[name] = said
    lore["whole_words"] = False
    extensions = given.get("extensions")
    lore |= book_settings(extensions.get("openroom") if isinstance(extensions, Mapping) else None)
    return {**lore, "entries": list(entries)}


_BOOK_SETTINGS = ("whole_words", "case", "rounds", "scan_depth", "tokens", "recursion")
_AS_IMPORTED = {"whole_words": False, "case": False, "rounds": 3}


def book_settings(own: Any) -> dict[str, Any]:
    given = own if isinstance(own, Mapping) else {}
    there = [name for name in _BOOK_SETTINGS if name in given]
    return {name: given[name] for name in there if _fits(Lore, {"format": 1, name: given[name]})}


def own_of_book(lore: Json) -> dict[str, Any]:
    """The settings of a book that only we know, where they are not those of an imported one."""
    now = {
        "whole_words": lore.get("whole_words", True),
        "case": lore.get("case", False),
        "rounds": lore.get("rounds", 3),
    }
    return {name: value for name, value in now.items() if value != _AS_IMPORTED[name]}


def plain(given: Json, order: str, *, off: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if comment := text(given.get("comment"))[:4000]:
        found["comment"] = comment
    if given.get("constant"):
        found["constant"] = True
    if (at := whole(given.get(order, 100), FIRST_OUT, 1_000_000, 100)) != 100:
        found["order"] = at
    return {**found, "enabled": False} if off else found


def put_conditions(entry: dict[str, Any], keys: Any, selective: Any, fields: Json, *, ignored: bool) -> None:
    """Secondary keys count where the entry is selective; V3 has them ignored with ``use_regex``."""
    found = keys_of(keys)
    if found and selective and not ignored:
        logic = whole(fields.get("selectiveLogic", 0), 0, len(LOGIC) - 1)
        entry["when"] = [{LOGIC[logic]: found}]


def put_decorated(entry: dict[str, Any], fields: Json, *, patterns: bool) -> None:
    """What decorators say goes before the fields; they never switch on what is switched off."""
    when = list(entry.get("when", ()))
    for condition in fields.get("when", ()):
        if not patterns:
            when.append(condition)
        elif "any" in condition:
            when.append({"any": keys_of(condition["any"], patterns=True)})
    off = entry.get("enabled") is False
    entry |= {key: value for key, value in fields.items() if key != "when"}
    if off:
        entry["enabled"] = False
    if when:
        entry["when"] = when[:8]


def put_own(entry: dict[str, Any], own: Any) -> None:
    for name in (*OWN, "when", "priority"):
        if isinstance(own, Mapping) and name in own and _fits(Entry, {"id": "e", "text": "", name: own[name]}):
            entry[name] = own[name]


def _fits(model: type[BaseModel], value: Any) -> bool:
    try:
        model.model_validate(value)
    except ValidationError:
        return False
    return True


def only_ours(entry: Json, *, all_said: bool) -> dict[str, Any]:
    """What of an entry only we can say."""
    usual = {"to": ["anyone"]}
    found = {name: entry[name] for name in OWN if entry.get(name) and list_or(entry[name]) != usual.get(name)}
    return found if all_said else {**found, "when": entry["when"]}


def list_or(value: Any) -> Any:
    """A tuple as the list that JSON has for it."""
    return list(value) if isinstance(value, tuple) else value


def headless(given: Json, rest: str) -> Json:
    """A foreign entry with so much of its content as stands behind decorators; one without a text as it is."""
    return {**given, "content": rest} if isinstance(given.get("content"), str) else given


def with_head(head: str, made: dict[str, Any]) -> dict[str, Any]:
    """The inverse of `headless`."""
    return {**made, "content": head + made["content"]} if isinstance(made.get("content"), str) else made


def keep_rest(lore: dict[str, Any], form: str, made: Json, given: Json, notes: list[str]) -> None:
    head = {key: value for key, value in given.items() if key != "entries"}
    if rest := left_over(made, head):
        lore["kept"] = packed({"form": form, "rest": rest})
    notes += [f"the book: {name} is kept" for name in _unknown(rest)]


def keep_entry(
    entry: dict[str, Any], form: str, made: Json, given: Json, head: str, notes: list[str], at: str | None = None
) -> None:
    rest = left_over(made, given)
    kept: dict[str, Any] = {"form": form}
    kept |= {"rest": rest} if rest else {}
    kept |= {"head": [head, decorators(entry)]} if head or (form == "card" and decorators(entry)) else {}
    kept |= {"at": at} if at is not None and at != str(made.get("uid")) else {}
    if len(kept) > 1:
        entry["kept"] = packed(kept)
    notes += [f"{entry['id']}: the text is longer than {MOST_TEXT} characters; the rest is kept"] * (
        len(text(given.get("content"))) > MOST_TEXT
    )


def given_back(made: Json, source: Json, form: str, notes: list[str], what: str) -> dict[str, Any]:
    """With what was kept, where that came from this form; else a note of what stays behind."""
    kept = unpacked(source.get("kept"))
    rest = kept.get("rest", {})
    if kept.get("form") == form:
        return put_back(made, rest)
    notes += [f"{what}: {name} came from another form and is left out" for name in _unknown(rest)]
    return dict(made)


def _unknown(rest: Json) -> Iterator[str]:
    """The keys that only the file has."""
    return (key for key, change in rest.items() if "is" in change and "was" not in change)
