"""Lorebooks as cards hold them (``character_book`` of V2 and V3), and back. Source: the specifications of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from openroom.cards.lore_decorators import Decorated, decorators, names_of, undecorated
from openroom.cards.lore_fields import content, foreign, fresh_id, keys_of, native, secondary, text, whole
from openroom.cards.lore_fitting import cut, each
from openroom.cards.lore_kept import same, unpacked
from openroom.cards.lore_shared import (
    MOST_ENTRIES,
    MOST_TEXT,
    SCAN_DEPTH,
    TOKENS,
    Json,
    ReadLore,
    WrittenLore,
    begun,
    given_back,
    headless,
    keep_entry,
    keep_rest,
    only_ours,
    own_of_book,
    plain,
    put_conditions,
    put_decorated,
    put_off,
    put_own,
    typed,
    write_entry,
)
from openroom.core.lore.book import FIRST_OUT, MOST_LINES, pattern_of


def from_card_book(book: Json) -> ReadLore:
    """A ``character_book``, of V2 or V3 or in between."""
    notes: list[str] = []
    taken: dict[str, int] = {}
    listed = book.get("entries")
    listed = listed if isinstance(listed, list) else []
    given = [one for one in listed if isinstance(one, Mapping)]
    placed = [(at, one) for at, one in enumerate(listed) if isinstance(one, Mapping)][:MOST_ENTRIES]
    entries = list(each(placed, lambda _, one: _entry_of_card(one, taken, notes)))
    lore = begun(book, entries)
    lore["scan_depth"] = whole(book.get("scan_depth", SCAN_DEPTH), 0, MOST_LINES, SCAN_DEPTH)
    lore["tokens"] = whole(book.get("token_budget", TOKENS), 0, 1_000_000, TOKENS)
    if book.get("recursive_scanning"):
        lore["recursion"] = True
    keep_rest(lore, "card", _card_head(lore), book, notes)
    if len(given) > MOST_ENTRIES or len(given) < len(listed):
        notes.append(f"entries beyond {MOST_ENTRIES}, and what is no entry, are left out")
    return ReadLore(lore, tuple(notes))


def to_card_book(lore: Json, *, spec: Literal[2, 3] = 3) -> WrittenLore:
    """A native book as the ``character_book`` of a card."""
    lost: list[str] = []
    moved: list[str] = []
    head = given_back(_card_head(lore), lore, "card", lost, "the book")
    entries = [_entry_to_card(one, spec, lost, moved) for one in typed(lore)]
    return WrittenLore({**head, "entries": entries}, tuple(lost), tuple(moved))


def _card_head(lore: Json) -> dict[str, Any]:
    head: dict[str, Any] = {name: lore[name] for name in ("name", "description") if lore.get(name)}
    head |= {
        "scan_depth": lore.get("scan_depth", SCAN_DEPTH),
        "token_budget": lore.get("tokens", TOKENS),
        "recursive_scanning": lore.get("recursion", False),
        "extensions": {"openroom": own} if (own := own_of_book(lore)) else {},
    }
    return head


def _entry_of_card(given: Json, taken: dict[str, int], notes: list[str]) -> dict[str, Any]:
    parts = undecorated(content(given.get("content")))
    entry, said = _meant(given, parts, taken)
    notes += [f"{entry['id']}: {one}" for one in said]
    lean = not _is_full(given)
    made = _card_entry(entry, lean=lean)
    keep_entry(entry, "card", made, headless(given, parts.text), parts.head, notes, lean=lean)
    return entry


def _is_full(given: Json) -> bool:
    """Whether an entry says most of what SillyTavern may say, defaults and all."""
    extensions = given.get("extensions")
    return isinstance(extensions, Mapping) and len(_USUAL.keys() & extensions.keys()) > len(_USUAL) // 2


def _meant(given: Json, parts: Decorated, taken: dict[str, int]) -> tuple[dict[str, Any], list[str]]:
    """What a card's entry says, in the native form, and what of it was taken otherwise."""
    extensions = given.get("extensions") if isinstance(given.get("extensions"), Mapping) else {}
    assert isinstance(extensions, Mapping)
    is_silly = any(name in extensions for name in ("selectiveLogic", "useProbability", "position"))
    patterns = bool(given.get("use_regex")) and not is_silly
    keys = keys_of(given.get("keys"), patterns=patterns)
    entry: dict[str, Any] = {
        "id": fresh_id(taken, given.get("name"), given.get("comment"), *keys[:1]),
        "text": text(parts.text)[:MOST_TEXT],
    }
    if keys:
        entry["keys"] = keys
    entry |= plain(given, "insertion_order", off=given.get("enabled") is False)
    if given.get("priority") is not None:
        entry["priority"] = whole(given["priority"], FIRST_OUT, 1_000_000)
    case = given.get("case_sensitive")
    said: list[str] = []
    position = extensions.get("position", given.get("position"))
    entry |= native({"case_sensitive": case, **extensions, "position": position}, said)
    if case is not None and "case" not in entry and isinstance(case, bool):
        entry["case"] = case
    put_conditions(entry, given.get("secondary_keys"), given.get("selective"), extensions, ignored=patterns)
    put_decorated(entry, parts.fields, patterns=patterns)
    put_own(entry, extensions.get("openroom"))
    also = given.get("secondary_keys") if given.get("selective") and not patterns else None
    put_off(entry, given.get("keys"), also, said, patterns=patterns)
    said += [f"the decorator @@{cut(name)} is kept and not followed" for name in parts.ignored]
    return entry, said


def _again(given: Json) -> dict[str, Any]:
    """What a card's entry says, if it is read again."""
    return _meant(given, undecorated(content(given.get("content"))), {})[0]


def _entry_to_card(entry: Json, spec: Literal[2, 3], lost: list[str], moved: list[str]) -> dict[str, Any]:
    kept = unpacked(entry.get("kept"))
    lean = kept.get("form") != "card" or bool(kept.get("lean"))
    written = write_entry(entry, "card", _card_entry(entry, lean=lean), _again, lost, decorated=spec == 3)
    if own := _own_of(written):
        moved.append(f"{entry.get('id')}: {', '.join(sorted(own))} stand under extensions, openroom")
    if spec == 2 and not names_of(decorators(entry)) <= names_of(text(written.get("content"))):
        moved.append(f"{entry.get('id')}: V2 has no decorators; what they say stands in its extensions")
    return written


def _own_of(written: Json) -> Json:
    extensions = written.get("extensions")
    own = extensions.get("openroom") if isinstance(extensions, Mapping) else None
    return own if isinstance(own, Mapping) else {}


_USUAL: Json = foreign({}) | {"selectiveLogic": 0}


def _card_entry(entry: Json, *, lean: bool) -> dict[str, Any]:
    """A native entry as a card's, without its head and without what was kept. ``lean``: without SillyTavern's fields
    where they are as ever."""
    keys, logic = secondary(entry)
    patterns = any(pattern_of(key) for key in (*entry.get("keys", ()), *keys))
    extensions = foreign(entry) | {"selectiveLogic": logic}
    if lean:
        said = {name for name, value in extensions.items() if not same(value, _USUAL.get(name))}
        said |= {"useProbability"} if "probability" in said else set()
        said |= {"depth"} if entry.get("position") == "depth" else set()
        said |= {"position"} if patterns else set()  # which says that keys are patterns between slashes alone
        extensions = {name: extensions[name] for name in extensions if name in said}
    made: dict[str, Any] = {
        "keys": list(entry.get("keys", ())),
        "secondary_keys": keys,
        "selective": bool(keys),
        "name": entry.get("id", ""),
        "content": entry.get("text", ""),
        "comment": entry.get("comment", ""),
        "enabled": entry.get("enabled", True),
        "constant": entry.get("constant", False),
        "insertion_order": entry.get("order", 100),
        "position": "before_char" if entry.get("position") == "before" else "after_char",
        "use_regex": patterns,
        "extensions": extensions,
    }
    if entry.get("case") is not None:
        made["case_sensitive"] = entry["case"]
    if entry.get("priority") is not None:
        made["priority"] = entry["priority"]
    if own := only_ours(entry, _meant(made, Decorated("", made["content"], {}), {})[0]):
        made["extensions"]["openroom"] = own
    return made
