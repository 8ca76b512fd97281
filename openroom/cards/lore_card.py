"""Lorebooks as cards hold them (``character_book`` of V2 and V3), and back. Source: the specifications of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from openroom.cards.lore_decorators import decorators, undecorated
from openroom.cards.lore_fields import foreign, fresh_id, keys_of, native, secondary, text, whole
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
    put_own,
    with_head,
)
from openroom.core.lore.book import FIRST_OUT, MOST_LINES


def from_card_book(book: Json) -> ReadLore:
    """A ``character_book``, of V2 or V3 or in between."""
    notes: list[str] = []
    taken: set[str] = set()
    listed = book.get("entries")
    listed = listed if isinstance(listed, list) else []
    given = [one for one in listed if isinstance(one, Mapping)]
    entries = [_entry_of_card(one, taken, notes) for one in given[:MOST_ENTRIES]]
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
    notes: list[str] = []
    head = given_back(_card_head(lore), lore, "card", notes, "the book")
    entries = [_entry_to_card(one, spec, notes) for one in lore.get("entries", ())]
    return WrittenLore({**head, "entries": entries}, tuple(notes))


def _card_head(lore: Json) -> dict[str, Any]:
    head: dict[str, Any] = {name: lore[name] for name in ("name", "description") if lore.get(name)}
    head |= {
        "scan_depth": lore.get("scan_depth", SCAN_DEPTH),
        "token_budget": lore.get("tokens", TOKENS),
        "recursive_scanning": lore.get("recursion", False),
        "extensions": {"openroom": own} if (own := own_of_book(lore)) else {},
    }
    return head


def _entry_of_card(given: Json, taken: set[str], notes: list[str]) -> dict[str, Any]:
    extensions = given.get("extensions") if isinstance(given.get("extensions"), Mapping) else {}
    assert isinstance(extensions, Mapping)
    is_silly = any(name in extensions for name in ("selectiveLogic", "useProbability", "position"))
    patterns = bool(given.get("use_regex")) and not is_silly
    parts = undecorated(text(given.get("content")))
    keys = keys_of(given.get("keys"), patterns=patterns)
    entry: dict[str, Any] = {
        "id": fresh_id(taken, given.get("name"), given.get("comment"), *keys[:1]),
        "text": parts.text[:MOST_TEXT],
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
    said += [f"the decorator @@{name} is kept and not followed" for name in parts.ignored]
    notes += [f"{entry['id']}: {one}" for one in said]
    keep_entry(entry, "card", _card_entry(entry), headless(given, parts.text), parts.head, notes)
    return entry


def _entry_to_card(entry: Json, spec: Literal[2, 3], notes: list[str]) -> dict[str, Any]:
    kept = unpacked(entry.get("kept"))
    made = given_back(_card_entry(entry), entry, "card", notes, str(entry.get("id")))
    head = decorators(entry)
    if kept.get("form") == "card" and same(kept.get("head", ["", ""])[1], head):
        head = text(kept.get("head", ["", ""])[0])
    if spec == 2:
        if head:
            notes.append(f"{entry.get('id')}: V2 has no decorators; what they say stands in its extensions")
        head = ""
    return with_head(head, made)


def _card_entry(entry: Json) -> dict[str, Any]:
    """A native entry as a card's, without its head and without what was kept."""
    keys, logic, all_said = secondary(entry)
    own = only_ours(entry, all_said=all_said)
    extensions = foreign(entry) | {"selectiveLogic": logic} | ({"openroom": own} if own else {})
    made: dict[str, Any] = {
        "keys": list(entry.get("keys", ())),
        "secondary_keys": keys,
        "selective": bool(keys),
        "content": entry.get("text", ""),
        "comment": entry.get("comment", ""),
        "enabled": entry.get("enabled", True),
        "constant": entry.get("constant", False),
        "insertion_order": entry.get("order", 100),
        "position": "before_char" if entry.get("position") == "before" else "after_char",
        "use_regex": True,
        "extensions": extensions,
    }
    if entry.get("case") is not None:
        made["case_sensitive"] = entry["case"]
    if entry.get("priority") is not None:
        made["priority"] = entry["priority"]
    return made
