"""Lorebooks as SillyTavern's world-info files, and back. Source: such files as they are met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openroom.cards.lore_decorators import Decorated, undecorated
from openroom.cards.lore_fields import (
    CARD_OF_WORLD,
    content,
    foreign,
    fresh_id,
    keys_of,
    native,
    secondary,
    text,
)
from openroom.cards.lore_fitting import cut, each
from openroom.cards.lore_kept import unpacked
from openroom.cards.lore_shared import (
    MOST_ENTRIES,
    MOST_TEXT,
    SCAN_DEPTH,
    TOKENS,
    Json,
    ReadLore,
    WrittenLore,
    begun,
    book_settings,
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


def from_world(world: Json) -> ReadLore:
    """A world-info file: ``entries`` by uid."""
    notes: list[str] = []
    taken: dict[str, int] = {}
    listed = world.get("entries")
    listed = listed if isinstance(listed, Mapping) else {}
    given = [(at, one) for at, one in listed.items() if isinstance(one, Mapping)]
    entries = list(each(given[:MOST_ENTRIES], lambda at, one: _entry_of_world(at, one, taken, notes)))
    lore = begun(world, entries)
    lore |= {"scan_depth": SCAN_DEPTH, "tokens": TOKENS, **book_settings(world.get("openroom"))}
    keep_rest(lore, "world", _world_head(lore), world, notes)
    if len(given) > MOST_ENTRIES or len(given) < len(listed):
        notes.append(f"entries beyond {MOST_ENTRIES}, and what is no entry, are left out")
    return ReadLore(lore, tuple(notes))


def to_world(lore: Json) -> WrittenLore:
    """A native book as a world-info file."""
    lost: list[str] = []
    moved: list[str] = []
    head = given_back(_world_head(lore), lore, "world", lost, "the book")
    entries: dict[str, Any] = {}
    for at, entry in enumerate(typed(lore)):
        made = write_entry(entry, "world", _world_entry(entry, at), _again, lost, decorated=False)
        if isinstance(own := made.get("openroom"), Mapping) and own:
            moved.append(f"{entry.get('id')}: {', '.join(sorted(own))} stand under openroom")
        kept = unpacked(entry.get("kept"))
        place = kept.get("at") if kept.get("form") == "world" else None
        place = place if isinstance(place, str) else str(at)
        while place in entries:
            place = f"{place}_"
        entries[place] = made
    return WrittenLore({**head, "entries": entries}, tuple(lost), tuple(moved))


def _world_head(lore: Json) -> dict[str, Any]:
    head: dict[str, Any] = {name: lore[name] for name in ("name", "description") if lore.get(name)}
    own = own_of_book(lore)
    own |= {"scan_depth": lore["scan_depth"]} if lore.get("scan_depth", SCAN_DEPTH) != SCAN_DEPTH else {}
    own |= {"tokens": lore["tokens"]} if lore.get("tokens", TOKENS) != TOKENS else {}
    own |= {"recursion": True} if lore.get("recursion") else {}
    return {**head, "openroom": own} if own else head


def _entry_of_world(at: str, given: Json, taken: dict[str, int], notes: list[str]) -> dict[str, Any]:
    parts = undecorated(content(given.get("content")))
    entry, said = _meant(given, parts, taken)
    notes += [f"{entry['id']}: {one}" for one in said]
    made, original = _world_entry(entry, len(taken) - 1), headless(given, parts.text)
    keep_entry(entry, "world", made, original, parts.head, notes, at=at if at != str(made["uid"]) else "")
    return entry


def _meant(given: Json, parts: Decorated, taken: dict[str, int]) -> tuple[dict[str, Any], list[str]]:
    """What an entry of world info says, in the native form, and what of it was taken otherwise."""
    keys = keys_of(given.get("key"))
    entry: dict[str, Any] = {
        "id": fresh_id(taken, given.get("comment"), *keys[:1]),
        "text": text(parts.text)[:MOST_TEXT],
    }
    if keys:
        entry["keys"] = keys
    said: list[str] = []
    entry |= plain(given, "order", off=bool(given.get("disable")))
    off = entry.get("enabled") is False
    fields = {card: given[name] for name, card in CARD_OF_WORLD.items() if name in given}
    entry |= native(fields, said)
    if off:
        entry["enabled"] = False
    put_conditions(entry, given.get("keysecondary"), given.get("selective", True), fields, ignored=False)
    put_decorated(entry, parts.fields, patterns=False)
    put_own(entry, given.get("openroom"))
    also = given.get("keysecondary") if given.get("selective", True) else None
    put_off(entry, given.get("key"), also, said)
    said += [f"the decorator @@{cut(name)} is kept and not followed" for name in parts.ignored]
    return entry, said


def _again(given: Json) -> dict[str, Any]:
    """What an entry says, if it is read again."""
    return _meant(given, undecorated(content(given.get("content"))), {})[0]


def _world_entry(entry: Json, at: int) -> dict[str, Any]:
    keys, logic = secondary(entry)
    fields = foreign(entry)
    made = {
        "uid": at,
        "key": list(entry.get("keys", ())),
        "keysecondary": keys,
        "comment": entry.get("comment", ""),
        "content": entry.get("text", ""),
        "constant": entry.get("constant", False),
        "vectorized": False,
        "selective": True,
        "addMemo": True,
        "order": entry.get("order", 100),
        "disable": not entry.get("enabled", True),
        "automationId": "",
        "role": 0,
        "displayIndex": at,
        **{name: fields[card] for name, card in CARD_OF_WORLD.items() if card in fields},
        "selectiveLogic": logic,
    }
    own = only_ours(entry, _meant(made, Decorated("", made["content"], {}), {})[0])
    return made | ({"openroom": own} if own else {})
