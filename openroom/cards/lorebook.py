"""Lorebooks: a card's own (``character_book``, V2 and V3), one by itself in that form, and SillyTavern's world info.

Only read here, to one neutral form; who plays them is the lore engine's matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from openroom.cards.notes import Note

_MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class LoreEntry:
    """One entry, with the values that V2 and V3 name. ``raw`` is all it said."""

    id: str
    name: str
    keys: tuple[str, ...]
    secondary_keys: tuple[str, ...]
    content: str
    comment: str
    enabled: bool
    selective: bool
    constant: bool
    use_regex: bool
    case_sensitive: bool | None
    insertion_order: float
    priority: float
    position: str
    """``before_char``, ``after_char`` or empty; further places are in ``raw`` (``extensions.position``)."""
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lorebook:
    """A lorebook; ``form`` is where it came from (``card`` or ``world_info``), absent settings are ``None``."""

    form: str
    name: str
    description: str
    scan_depth: int | None
    token_budget: int | None
    recursive_scanning: bool | None
    entries: tuple[LoreEntry, ...]
    raw: Mapping[str, Any]
    notes: tuple[Note, ...] = ()

    def body(self) -> dict[str, Any]:
        """The neutral form as JSON, without what was raw."""
        body = asdict(self)
        del body["raw"], body["notes"]
        for entry in body["entries"]:
            del entry["raw"]
        return body


def is_lorebook(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a lorebook by itself."""
    inner = value.get("data") if value.get("spec") == "lorebook_v3" else value
    return isinstance(inner, dict) and isinstance(inner.get("entries"), dict | list) and "first_mes" not in inner


def lorebook(value: Mapping[str, Any]) -> Lorebook:
    """A lorebook of any form. What is no entry is passed over, and told."""
    inner = value["data"] if value.get("spec") == "lorebook_v3" and isinstance(value.get("data"), dict) else value
    entries = inner.get("entries")
    world = isinstance(entries, dict)
    given = list(entries.items()) if isinstance(entries, dict) else list(enumerate(entries or ()))
    notes = []
    if not isinstance(entries, dict | list):
        notes.append(Note("type", "The lorebook has no list of entries."))
        given = []
    good = [(str(key), one) for key, one in given[:_MOST_ENTRIES] if isinstance(one, dict)]
    if len(good) < len(given):
        notes.append(Note("type", f"{len(given) - len(good)} entries of the lorebook are none and were not read."))
    bare = sum("extensions" not in one for _, one in good)
    if (not world and "extensions" not in inner) or (bare and not world):
        notes.append(Note("no_extensions", "The lorebook, or some of its entries, lack the key extensions."))
    return Lorebook(
        form="world_info" if world else "card",
        name=_text(inner, "name"),
        description=_text(inner, "description"),
        scan_depth=_whole(inner.get("scan_depth", inner.get("scanDepth"))),
        token_budget=_whole(inner.get("token_budget", inner.get("tokenBudget"))),
        recursive_scanning=_flag(inner.get("recursive_scanning", inner.get("recursiveScanning"))),
        entries=tuple(_world_entry(key, one) if world else _card_entry(key, one) for key, one in good),
        raw=value,
        notes=tuple(notes),
    )


def _card_entry(key: str, entry: Mapping[str, Any]) -> LoreEntry:
    position = entry.get("position")
    return LoreEntry(
        id=str(entry.get("id") if entry.get("id") is not None else key)[:80],
        name=_text(entry, "name"),
        keys=_texts(entry, "keys"),
        secondary_keys=_texts(entry, "secondary_keys"),
        content=_text(entry, "content"),
        comment=_text(entry, "comment"),
        enabled=_flag(entry.get("enabled")) is not False,
        selective=_flag(entry.get("selective")) is True,
        constant=_flag(entry.get("constant")) is True,
        use_regex=_flag(entry.get("use_regex")) is True,
        case_sensitive=_flag(entry.get("case_sensitive")),
        insertion_order=_number(entry.get("insertion_order"), 100),
        priority=_number(entry.get("priority"), 0),
        position=position if position in ("before_char", "after_char") else "",
        raw=entry,
    )


_WORLD_POSITIONS = {0: "before_char", 1: "after_char"}


def _world_entry(key: str, entry: Mapping[str, Any]) -> LoreEntry:
    keys = _texts(entry, "key")
    position = entry.get("position")
    return LoreEntry(
        id=str(entry.get("uid") if entry.get("uid") is not None else key)[:80],
        name=_text(entry, "comment"),
        keys=keys,
        secondary_keys=_texts(entry, "keysecondary"),
        content=_text(entry, "content"),
        comment=_text(entry, "comment"),
        enabled=_flag(entry.get("disable")) is not True,
        selective=_flag(entry.get("selective")) is True,
        constant=_flag(entry.get("constant")) is True,
        # World info has no such switch: a key between slashes is an expression, a plain one never is.
        use_regex=any(one.startswith("/") and one.rfind("/") > 0 for one in keys),
        case_sensitive=_flag(entry.get("caseSensitive")),
        insertion_order=_number(entry.get("order"), 100),
        priority=_number(entry.get("order"), 100),
        position=_WORLD_POSITIONS.get(position, "") if isinstance(position, int) else "",
        raw=entry,
    )


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _texts(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts; some books have one text with commas."""
    found = value.get(key)
    parts = found.split(",") if isinstance(found, str) else found if isinstance(found, list) else []
    return tuple(one.strip() for one in parts if isinstance(one, str) and one.strip())


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any, usual: float) -> float:
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 else usual
    )


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9 else None
