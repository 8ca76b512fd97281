"""The fields of a card of any version, each of the type that it should have, and what was odd about them.

Versions: V1 (flat texts), V2 (malfoyslastname's spec_v2) and V3 (kwaroran's SPEC_V3). What a card holds besides is in
its raw JSON only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openroom.cards.notes import Note
from openroom.language.alike import legible, seen

V1_TEXTS = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
V2_TEXTS = (*V1_TEXTS, "creator_notes", "system_prompt", "post_history_instructions", "creator", "character_version")
V2_LISTS = ("alternate_greetings", "tags")
V3_ONLY = (
    "nickname",
    "creator_notes_multilingual",
    "source",
    "group_only_greetings",
    "creation_date",
    "modification_date",
    "assets",
)
"""Keys of ``data`` that V2 does not know."""
PARKED = "openroom/v3"
"""Key of ``extensions`` under which a V2 card of ours carries what only V3 knows."""
OURS = "openroom"
"""Key of ``extensions`` under which a card of ours carries its whole definition, and the version in force."""
KNOWN = frozenset({*V2_TEXTS, *V2_LISTS, *V3_ONLY, "extensions", "character_book"})
_FLAT_KNOWN = frozenset({*V1_TEXTS, "spec", "spec_version", "data"})
_MS = 10_000_000_000
"""A date of more seconds than this is one in milliseconds: seconds reach it in the year 2286."""


@dataclass(frozen=True, slots=True)
class AssetRef:
    """An asset as the card names it."""

    type: str
    uri: str
    name: str
    ext: str


@dataclass(frozen=True, slots=True)
class Fields:
    """What a card says. Texts that are missing are empty; dates are seconds since 1970, 0 for none."""

    name: str
    nickname: str
    description: str
    personality: str
    scenario: str
    first_mes: str
    mes_example: str
    creator_notes: str
    system_prompt: str
    post_history_instructions: str
    creator: str
    character_version: str
    alternate_greetings: tuple[str, ...]
    group_only_greetings: tuple[str, ...]
    tags: tuple[str, ...]
    source: tuple[str, ...]
    notes_by_language: Mapping[str, str]
    extensions: Mapping[str, Any]
    assets: tuple[AssetRef, ...]
    created: int
    modified: int


def fields_of(raw: Mapping[str, Any], data: Mapping[str, Any], version: int) -> tuple[Fields, list[Note]]:
    """The fields in ``data`` (of V1 the card itself). Nothing that is wrong with one loses another."""
    notes: list[Note] = []
    texts = {key: _text(data, key, notes) for key in V2_TEXTS}
    texts |= {key: _name(key, texts[key], notes) for key in ("name", "creator")}
    required = V1_TEXTS if version == 1 else (*V2_TEXTS, *V2_LISTS, "extensions")
    missing = [key for key in required if data.get(key) is None]
    if version > 2 and "group_only_greetings" not in data:
        missing.append("group_only_greetings")
    if missing:
        notes.append(Note("missing", f"Keys that the card should have and has not: {', '.join(missing)}."))
    notes += _foreign(raw, data, version) + _mirrors(raw, data, version)
    extensions = data.get("extensions")
    parked = extensions.get(PARKED) if isinstance(extensions, dict) else None
    if isinstance(parked, dict):
        data = {**{key: parked[key] for key in V3_ONLY if key in parked}, **data}
    by_language = data.get("creator_notes_multilingual")
    fields = Fields(
        **texts,
        nickname=_name("nickname", _text(data, "nickname", notes), notes),
        alternate_greetings=_texts(data, "alternate_greetings", notes),
        group_only_greetings=_texts(data, "group_only_greetings", notes),
        tags=_texts(data, "tags", notes),
        source=_texts(data, "source", notes),
        notes_by_language={k: v for k, v in by_language.items() if isinstance(v, str)}
        if isinstance(by_language, dict)
        else {},
        extensions=extensions if isinstance(extensions, dict) else {},
        assets=_assets(data, notes),
        created=_date(data, "creation_date", notes),
        modified=_date(data, "modification_date", notes),
    )
    return fields, notes


def _text(data: Mapping[str, Any], key: str, notes: list[Note]) -> str:
    value = data.get(key)
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        notes.append(Note("type", f"{key} is a number; it was read as a text."))
        return str(value)
    if value is not None:
        notes.append(Note("type", f"{key} is no text; it was left as it is and not read."))
    return ""


def _name(key: str, text: str, notes: list[Note]) -> str:
    """A name as one can read it: what shows nothing, or turns the writing around, is left out of it."""
    text = " ".join(text.split())
    shown = seen(text)
    if not legible(shown):
        shown = ""
    if shown != text:
        notes.append(Note("unseen", f"{key} has characters that show nothing; it was read without them."))
    return shown


def _texts(data: Mapping[str, Any], key: str, notes: list[Note]) -> tuple[str, ...]:
    value = data.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        notes.append(Note("type", f"{key} is one text; it was read as a list of one."))
        return (value,) if value else ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        notes.append(Note("type", f"{key} is no list of texts; what is none was left as it is and not read."))
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _assets(data: Mapping[str, Any], notes: list[Note]) -> tuple[AssetRef, ...]:
    value = data.get("assets")
    if value is None:
        return ()
    entries = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(entries) < len(value):
        notes.append(Note("type", "assets is no list of assets; what is none was left as it is and not read."))
    return tuple(AssetRef(*(str(one.get(key) or "") for key in ("type", "uri", "name", "ext"))) for one in entries)


def _date(data: Mapping[str, Any], key: str, notes: list[Note]) -> int:
    value = data.get(key)
    if value is None:
        return 0
    try:
        seconds = float(value) if not isinstance(value, bool) else -1.0
        odd = not isinstance(value, int) or seconds > _MS
        at = int(seconds / 1000 if seconds > _MS else seconds)
    except (TypeError, ValueError, OverflowError):
        at, odd = 0, True
    if odd:
        notes.append(Note("date", f"{key} is not in seconds since 1970; it was left as it is."))
    return at if at > 0 else 0


def _foreign(raw: Mapping[str, Any], data: Mapping[str, Any], version: int) -> list[Note]:
    """Keys that no version knows: they stay where they are."""
    here = sorted(key for key in data if key not in (_FLAT_KNOWN if version == 1 else KNOWN))
    top = sorted(key for key in raw if key not in _FLAT_KNOWN) if version > 1 else []
    both = [f"data.{key}" for key in here] + top if version > 1 else here
    if not both:
        return []
    more = f" and {len(both) - 20} more" if len(both) > 20 else ""
    return [Note("foreign", f"Keys that no version knows, kept: {', '.join(key[:60] for key in both[:20])}{more}.")]


def _mirrors(raw: Mapping[str, Any], data: Mapping[str, Any], version: int) -> list[Note]:
    """V1's fields beside ``data``, for old readers."""
    if version == 1:
        return []
    other = [key for key in V1_TEXTS if key in raw and raw[key] != data.get(key)]
    if not other:
        return []
    return [Note("mirror", f"Fields for old readers beside data say something else; data counts: {', '.join(other)}.")]
