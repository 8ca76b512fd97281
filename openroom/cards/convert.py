"""A card's JSON as V2 or V3: only what must change does, and the report says what."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from openroom.cards.card import Card
from openroom.cards.fields import PARKED, V1_TEXTS, V2_LISTS, V2_TEXTS, V3_ONLY
from openroom.cards.notes import Report

_ENTRY_V3 = {"use_regex": False}


def edited(card: Card, edits: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """The card's own JSON with ``edits`` (fields of its data by key; ``None`` takes one out). Fields for old readers
    that mirror an edited one follow it."""
    raw: dict[str, Any] = copy.deepcopy(dict(card.raw))
    data = raw if card.spec == 1 else raw["data"]
    for key, value in edits.items():
        if data is not raw and key in V1_TEXTS and key in raw and isinstance(value, str):
            raw[key] = value
        if value is None:
            data.pop(key, None)
        else:
            data[key] = value
        report.convert(key, "edited here")
    return raw


def converted(raw: dict[str, Any], spec: int, target: int, report: Report, *, park: bool = True) -> dict[str, Any]:
    """``raw`` (of version ``spec``) as version ``target``, which is 2 or 3. ``park`` keeps what V2 has no key for."""
    if spec == target:
        return raw
    if spec == 1:
        raw = _from_flat(raw, report)
    if target == 3:
        return _to_v3(raw, report)
    return _to_v2(raw, report, park) if spec == 3 else raw


def _from_flat(raw: dict[str, Any], report: Report) -> dict[str, Any]:
    """V1 as V2: its keys go into ``data``, foreign ones stay at the top, where V1's readers put them."""
    data: dict[str, Any] = {key: raw[key] if isinstance(raw.get(key), str) else "" for key in V1_TEXTS}
    data |= {key: raw[key] if isinstance(raw.get(key), str) else "" for key in V2_TEXTS if key not in V1_TEXTS}
    data |= {key: raw[key] if isinstance(raw.get(key), list) else [] for key in V2_LISTS}
    data["extensions"] = raw["extensions"] if isinstance(raw.get("extensions"), dict) else {}
    if isinstance(raw.get("character_book"), dict):
        data["character_book"] = raw["character_book"]
    moved = {*data, "spec", "spec_version", "data"}
    rest = {key: value for key, value in raw.items() if key not in moved}
    lost = [key for key in data if key in raw and raw[key] != data[key]]
    for key in lost:
        rest[key] = raw[key]
    report.convert("version", "V1 became V2: the flat fields went into data")
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data, **rest}


def _to_v3(raw: dict[str, Any], report: Report) -> dict[str, Any]:
    data = raw["data"]
    extensions = data.get("extensions")
    if isinstance(extensions, dict) and isinstance(extensions.get(PARKED), dict):
        parked = extensions.pop(PARKED)
        data |= {key: value for key, value in parked.items() if key in V3_ONLY and key not in data}
        report.convert("fields of V3", "they had waited in extensions and stand in their own places again")
    _fill(data)
    data.setdefault("group_only_greetings", [])
    for entry in _entries(data):
        for key, value in _ENTRY_V3.items():
            entry.setdefault(key, value)
    report.convert("version", "the card became V3")
    return {**raw, "spec": "chara_card_v3", "spec_version": "3.0"}


def _to_v2(raw: dict[str, Any], report: Report, park: bool) -> dict[str, Any]:
    data = raw["data"]
    only = {key: data.pop(key) for key in V3_ONLY if key in data}
    _fill(data)
    kept = {key: value for key, value in only.items() if value not in ([], {}, "", None)}
    if park and kept and isinstance(data["extensions"], dict):
        data["extensions"][PARKED] = kept
        for key in kept:
            report.convert(key, f"V2 has no such field; it waits under extensions, {PARKED}")
    elif kept and park:
        for key in kept:
            report.drop(key, "V2 has no such field, and the card's extensions are no object that could hold it")
    if any(_has_decorators(entry) for entry in _entries(data)):
        report.convert("lorebook decorators", "V2 does not know them; a reader of V2 takes them for text")
    report.convert("version", "the card became V2")
    return {**raw, "spec": "chara_card_v2", "spec_version": "2.0"}


def _fill(data: dict[str, Any]) -> None:
    """Keys that V2 and V3 ask for."""
    for key in V2_TEXTS:
        data.setdefault(key, "")
    for key in V2_LISTS:
        data.setdefault(key, [])
    data.setdefault("extensions", {})
    book = data.get("character_book")
    if isinstance(book, dict):
        book.setdefault("extensions", {})
        for entry in _entries(data):
            entry.setdefault("extensions", {})


def _entries(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    book = data.get("character_book")
    entries = book.get("entries") if isinstance(book, dict) else None
    return [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def _has_decorators(entry: Mapping[str, Any]) -> bool:
    content = entry.get("content")
    return isinstance(content, str) and content.lstrip().startswith("@@")
