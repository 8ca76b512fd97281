"""Fields that SillyTavern has beyond a card's own, in both spellings that occur.

A card's entry has them under ``extensions`` (``group_override``), a world-info entry at its top (``groupOverride``).
They become the native form here and come back under the card's names. Source: files as they are met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openroom.cards.lore_fitting import cut
from openroom.core.lore.book import FOR_GOOD, MOST_LINES, pattern_of

CARD_OF_WORLD = {
    "scanDepth": "scan_depth",
    "matchWholeWords": "match_whole_words",
    "caseSensitive": "case_sensitive",
    "excludeRecursion": "exclude_recursion",
    "preventRecursion": "prevent_recursion",
    "delayUntilRecursion": "delay_until_recursion",
    "groupOverride": "group_override",
    "groupWeight": "group_weight",
    "useGroupScoring": "use_group_scoring",
    "ignoreBudget": "ignore_budget",
    "characterFilter": "character_filter",
    **{
        name: name
        for name in (
            "position",
            "depth",
            "probability",
            "useProbability",
            "selectiveLogic",
            "group",
            "sticky",
            "cooldown",
            "delay",
            "triggers",
        )
    },
}
LOGIC = ("any", "not_all", "not_any", "all")
"""By ``selectiveLogic``."""
_PLACES: dict[float, str] = {0: "before", 1: "after", 4: "depth"}
_NUMBERS = {name: at for at, name in _PLACES.items()}
_HALF = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"[a-z][a-z0-9_]{0,50}")
"""One that can still get a number."""
_MOST_KEYS, _LONGEST_KEY = 500, 1000
_SIGNS = re.compile(r"[\\^$.|?*+()\[\]{}]")


def native(given: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """What SillyTavern's fields say, in the native form. What is taken otherwise is told in ``notes``."""
    found: dict[str, Any] = {}
    _put_flags(found, given)
    for field in ("sticky", "cooldown", "delay"):
        if number := whole(given.get(field), 0, FOR_GOOD):
            found[field] = number
    if given.get("scan_depth") is not None:
        found["scan_depth"] = whole(given["scan_depth"], 0, MOST_LINES)
    if given.get("useProbability") and isinstance(given.get("probability"), int | float):
        share = min(max(given["probability"], 0), 100) / 100  # bounded first: a whole number may be too large to divide
        found |= {"probability": share} if share < 1 else {}
    groups = [name.strip()[:300] for name in text(given.get("group")).split(",") if name.strip()]
    if groups:
        found["groups"] = groups[:8]
    weight = whole(given.get("group_weight", 100), 0, 1_000_000, 100)
    found |= {"weight": weight} if weight != 100 else {}
    _put_position(found, given, notes)
    _put_filters(found, given, notes)
    return found


def _put_flags(found: dict[str, Any], given: Mapping[str, Any]) -> None:
    for field, name in (("case", "case_sensitive"), ("whole_words", "match_whole_words")):
        if isinstance(given.get(name), bool):
            found[field] = given[name]
    for field, name in (("woken_by_lore", "exclude_recursion"), ("wakes_lore", "prevent_recursion")):
        if given.get(name):
            found[field] = False
    for field, name in (("first", "group_override"), ("scored", "use_group_scoring"), ("any_budget", "ignore_budget")):
        if given.get(name):
            found[field] = True
    if level := given.get("delay_until_recursion"):
        found["only_after_lore"] = 1 if level is True else whole(level, 1, 10, 1)


def _put_position(found: dict[str, Any], given: Mapping[str, Any], notes: list[str]) -> None:
    place = given.get("position")
    if place is None:
        return
    if isinstance(place, str):
        name = "before" if "before" in place else "depth" if "depth" in place or "chat" in place else "after"
        known = place in ("before_char", "after_char", "")
    else:
        number = place if isinstance(place, int | float) else -1
        name, known = _PLACES.get(number, "after"), number in _PLACES
    if not known:
        notes.append(f"position {cut(place)!r} is taken as {name!r}")
    if name != "after":
        found["position"] = name
    if name == "depth":
        found["depth"] = whole(given.get("depth", 4), 0, MOST_LINES, 4)


def _put_filters(found: dict[str, Any], given: Mapping[str, Any], notes: list[str]) -> None:
    triggers = given.get("triggers")
    if isinstance(triggers, list) and triggers and "normal" not in triggers:
        notes.append(f"it is only for {cut(', '.join(map(cut, triggers[:9])))}, which do not occur here: it is off")
        found["enabled"] = False
    allowed = given.get("character_filter")
    if isinstance(allowed, Mapping):
        given_names = allowed.get("names")
        names = [one for name in given_names if (one := slug(name))] if isinstance(given_names, list) else []
        if names:
            found["not_characters" if allowed.get("isExclude") else "characters"] = names[:100]
        if allowed.get("tags"):
            notes.append("a filter by tags is kept and not followed")


def foreign(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `native`: all fields, as SillyTavern writes them."""
    share = entry.get("probability", 1)
    characters = entry.get("characters") or entry.get("not_characters")
    found = {
        "position": _NUMBERS[entry.get("position", "after")],
        "depth": entry.get("depth", 4) if entry.get("position") == "depth" else 4,
        "probability": round(share * 100, 4) if round(share * 100, 4) % 1 else round(share * 100),
        "useProbability": True,
        "selectiveLogic": 0,
        "group": ",".join(entry.get("groups", ())),
        "group_override": entry.get("first", False),
        "group_weight": entry.get("weight", 100),
        "use_group_scoring": entry.get("scored", False),
        "scan_depth": entry.get("scan_depth"),
        "match_whole_words": entry.get("whole_words"),
        "case_sensitive": entry.get("case"),
        "exclude_recursion": not entry.get("woken_by_lore", True),
        "prevent_recursion": not entry.get("wakes_lore", True),
        "delay_until_recursion": entry.get("only_after_lore", 0) or False,
        "ignore_budget": entry.get("any_budget", False),
        "sticky": entry.get("sticky", 0),
        "cooldown": entry.get("cooldown", 0),
        "delay": entry.get("delay", 0),
    }
    if characters:
        found["character_filter"] = {
            "isExclude": not entry.get("characters"),
            "names": list(characters),
            "tags": [],
        }
    return found


def secondary(entry: Mapping[str, Any]) -> tuple[list[str], int]:
    """So much of a native entry's conditions as secondary keys and their logic can say."""
    when = entry.get("when") or [{}]
    which, keys = next(((which, keys) for which, keys in when[0].items() if keys), ("any", ()))
    return list(keys), LOGIC.index(which)


# values as they are met -----------------------------------------------------------------------------------------------


def text(value: Any) -> str:
    """A text; numbers count as one, all else as none. Half a character is none."""
    return _HALF.sub("", content(value))


def content(value: Any) -> str:
    """A text as it stands, half characters and all."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def whole(value: Any, least: int, most: int, default: int = 0) -> int:
    """A whole number within bounds."""
    try:
        return min(max(int(value), least), most)
    except (TypeError, ValueError, OverflowError):
        return default


def keys_of(value: Any, *, patterns: bool = False) -> list[str]:
    """Keys as a list; a text holds several behind commas. ``patterns``: each is a regular expression, with or without
    slashes around it; one without any sign is the word it is. Of a long word the beginning is looked for; of a long
    pattern nothing, as a part of one means something else (`long_patterns` counts those)."""
    given = whole_keys(value, patterns=patterns)[:_MOST_KEYS]
    return [key[:_LONGEST_KEY].strip() for key in given if not _is_long_pattern(key)]


def whole_keys(value: Any, *, patterns: bool = False) -> list[str]:
    """The same, however many they are, and however long."""
    given = value.split(",") if isinstance(value, str) else value if isinstance(value, Sequence) else ()
    keys = [key for one in given if (key := text(one).strip())]
    if not patterns:
        return keys
    return [key if pattern_of(key) or not _SIGNS.search(key) else f"/{key}/" for key in keys]


def long_patterns(value: Any, *, patterns: bool = False) -> int:
    """How many of the keys are patterns too long to be looked for."""
    return sum(map(_is_long_pattern, whole_keys(value, patterns=patterns)[:_MOST_KEYS]))


def _is_long_pattern(key: str) -> bool:
    """Whether a key is over the bound and a pattern, or would be one if it were cut there."""
    return len(key) > _LONGEST_KEY and any(pattern_of(one) is not None for one in (key, key[:_LONGEST_KEY].strip()))


def cut_keys(*lists: Any, patterns: bool = False) -> Iterator[str]:
    """What is to be told of lists of keys that `keys_of` does not take whole."""
    for value in lists:
        keys = whole_keys(value, patterns=patterns)
        if len(keys) > _MOST_KEYS:
            yield f"of {len(keys):,} keys the first {_MOST_KEYS} are looked for; the rest are kept"
        if long := sum(len(key) > _LONGEST_KEY and not _is_long_pattern(key) for key in keys):
            said = f"{_many(long)} longer than {_LONGEST_KEY:,} characters, of which the first "
            yield said + "are looked for; the rest is kept"
        if long := sum(map(_is_long_pattern, keys)):
            yield f"{_many(long)} a regular expression of over {_LONGEST_KEY:,} characters: not looked for, only kept"


def _many(keys: int) -> str:
    return "1 key is" if keys == 1 else f"{keys:,} keys are each"


def slug(name: Any) -> str:
    """An id made of a name; empty where nothing of it can stand in one."""
    found = re.sub(r"[^a-z0-9]+", "_", text(name).casefold().rsplit(".png", 1)[0]).strip("_")[:36].strip("_")
    return found if not found or found[0].isalpha() else f"e_{found}"


def _as_id(name: Any) -> str:
    return name if isinstance(name, str) and _ID.fullmatch(name) else slug(name)


def fresh_id(taken: dict[str, int], *names: Any) -> str:
    """An id that none has yet, made of the first name that gives one; it is taken then. ``taken`` counts, for each id,
    how many were made of it."""
    base = next((one for name in names if (one := _as_id(name))), "entry")
    count = taken.get(base, 0) + 1
    while (id := base if count == 1 else f"{base}_{count}") in taken:
        count += 1
    taken |= {base: count, id: taken.get(id, 1)} if id != base else {base: 1}
    return id
