"""Reading a file as a card or a lorebook: by what is in it, never by its name.

    card = read(data)      # raises CardError: what was expected, what came

What is odd and how it is met: docs/cards.md.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from openroom.cards import base64text, jsontext, packed, png, webp
from openroom.cards.card import Card, Container
from openroom.cards.fields import KNOWN, PARKED, V1_TEXTS, fields_of
from openroom.cards.last_resort import or_card_error
from openroom.cards.limits import MAX_CARD, MAX_TOTAL, Budget
from openroom.cards.lore_forms import Lorebook, book_of, of_card
from openroom.cards.notes import Note
from openroom.errors import CardError, LorebookAlone

_SPECS = {"chara_card_v1": 1, "chara_card_v2": 2, "chara_card_v3": 3}
_KEYWORD_SPEC = {"chara": 2, "ccv3": 3}
_APART = frozenset({"creator_notes", "extensions"})
"""Keys that are not compared as they are: V3 asks writers to add a warning to the V2 copy's creator_notes."""


_CHAT_KEYS = frozenset({"chat_metadata", "user_name", "mes", "is_user"})
_CHAT = "a chat, which can be the past of a room: openroom room past ROOM FILE"
_MAX_LINE = 100_000


class _Body(NamedTuple):
    raw: Mapping[str, Any]
    spec: int
    version: str
    text: bytes
    notes: list[Note]


@or_card_error("the card")
def read(data: bytes) -> Card | Lorebook:
    """A card, or a lorebook by itself. Raises `CardError` for anything else, and for what breaks a limit."""
    if len(data) > MAX_TOTAL:
        raise CardError(f"a file of at most {MAX_TOTAL:,} bytes", came=f"{len(data):,}")
    if data.startswith(png.SIGNATURE):
        return _from_png(data)
    if data.startswith(b"PK"):
        return _from_zip(data, "charx")
    if data.startswith(b"\xff\xd8\xff"):
        return _from_zip(data, "jpeg")
    if webp.is_webp(data):
        body = _body(_json_of(webp.comment(data), "the comment"), "")
        return _card(body, "webp", data)
    return _from_json(data)


def read_card(data: bytes) -> Card:
    """A card. Raises `CardError`; `LorebookAlone` for a lorebook."""
    found = read(data)
    if isinstance(found, Lorebook):
        raise LorebookAlone
    return found


def _from_json(data: bytes) -> Card | Lorebook:
    if not data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"{"):
        kind = "an empty file" if not data else "another kind of file"
        raise CardError("a character card or lorebook (PNG, CharX, JPEG with a CharX, WebP or JSON)", came=kind)
    try:
        raw, notes = jsontext.load(data, "a card")
    except CardError:
        if _is_chat(data):
            raise CardError("a character card or lorebook", came=_CHAT) from None
        raise
    if _CHAT_KEYS & raw.keys() and not raw.keys() & {"data", "entries", *V1_TEXTS}:
        raise CardError("a character card or lorebook", came=_CHAT)
    return book_of(raw, notes) or _card(_body((raw, data, notes), ""), "json", data)


def _is_chat(data: bytes) -> bool:
    """Whether the first line alone is the head, or a line, of a chat of SillyTavern (JSONL)."""
    try:
        first = json.loads(data.split(b"\n", 1)[0][:_MAX_LINE])
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and bool(_CHAT_KEYS & first.keys())


def _from_zip(data: bytes, container: Container) -> Card:
    try:
        opened = packed.open_packed(data)
    except CardError as error:
        if container == "jpeg":
            raise CardError("a JPEG with a CharX behind it", came=f"none that can be read: {error}") from error
        raise
    text = opened.read(packed.CARD, MAX_CARD)
    raw, notes = jsontext.load(text, packed.CARD)
    return _card(_body((raw, text, notes), ""), container, data, zipped=opened)


def _from_png(data: bytes) -> Card:
    parsed, notes = png.parse(data)
    found, told = png.cards(parsed, Budget())
    notes += told
    good: dict[str, _Body] = {}
    for keyword, text in found:
        try:
            body = _body(_json_of(text, f"the chunk {keyword}"), keyword)
        except CardError as error:
            notes.append(Note("unreadable", f"{error}."))
            continue
        if keyword not in good:
            good[keyword] = body
        elif body.raw != good[keyword].raw:
            notes.append(Note("twice", f"Two chunks {keyword} say different things; the first counts."))
    if not good:
        reasons = "; ".join(note.text for note in notes if note.code == "unreadable")
        came = "one that is cut off before its card" if any(note.code == "cut" for note in notes) else "none"
        raise CardError(
            "a PNG with a character card", came=f"none that can be read: {reasons[:300]}" if reasons else came
        )
    chosen = good.get("ccv3") or good["chara"]
    if len(good) == 2:
        chosen, told = _joined(good["ccv3"], good["chara"])
        notes += told
    body = chosen._replace(notes=notes + chosen.notes)
    return _card(body, "apng" if parsed.animated else "png", data, picture=parsed)


def _joined(new: _Body, old: _Body) -> tuple[_Body, list[Note]]:
    """The newer of two copies of a card, with what only the older has: keys that the newer lacks altogether, the book,
    and what stands in ``extensions``. Where both say something, the newer counts, and the note names it."""
    raw = copy.copy(dict(new.raw))
    data = raw if new.spec == 1 else copy.copy(raw["data"])
    old_data = _data(old)
    taken = _taken(data, old_data, ("extensions",))
    if new.spec > 1:
        raw["data"] = data
        taken += _taken(raw, {} if old.spec == 1 else old.raw, KNOWN | {"data", "spec", "spec_version"})
    other = [key for key in data if key in {*old_data} - _APART and _contradicts(data[key], old_data[key])]
    inner, old_inner = data.get("extensions"), old_data.get("extensions")
    if isinstance(old_inner, Mapping) and (inner is None or isinstance(inner, Mapping)):
        data["extensions"] = inner = dict(inner or {})
        taken += [f"extensions.{key}" for key in _taken(inner, old_inner, (PARKED,))]
        other += [f"extensions.{key}" for key in inner if _contradicts(inner[key], old_inner.get(key, inner[key]))]
    elif _contradicts(inner, old_inner):
        other.append("extensions")
    notes = [
        Note(note.code, f"The chunk chara: {note.text}")
        for note in old.notes
        if note.code == "twice_key" and note not in new.notes
    ]
    if other:
        notes.append(
            Note("contradiction", f"The chunks ccv3 and chara say different things; ccv3 counts: {_named(other)}.")
        )
    if taken:
        notes.append(Note("joined", f"Only the chunk chara holds these, which were taken from it: {_named(taken)}."))
    return new._replace(raw=raw), notes


def _taken(into: dict[str, Any], given: Mapping[str, Any], never: Collection[str]) -> list[str]:
    """Put in what is not there at all; the keys of that."""
    keys = [key for key, value in given.items() if into.get(key) is None and value is not None and key not in never]
    into |= {key: given[key] for key in keys}
    return keys


def _contradicts(one: Any, other: Any) -> bool:
    """Whether two copies of a value say different things; what only one of two objects has is no contradiction."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return any(_contradicts(one[key], other[key]) for key in one if key in other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(map(_contradicts, one, other))
    return bool(one or other) and one != other


def _named(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - 20} more" if len(keys) > 20 else ""
    return f"{', '.join(key[:60] for key in keys[:20])}{more}"


def _data(body: _Body) -> Mapping[str, Any]:
    return body.raw if body.spec == 1 else body.raw["data"]


def _json_of(text: bytes, what: str) -> tuple[dict[str, Any], bytes, list[Note]]:
    """The card that a text chunk holds: base64 of JSON; JSON itself is taken too."""
    notes = []
    if text.lstrip()[:1] == b"{":
        data = text
        if what != "the comment":
            notes.append(Note("plain", f"{what} holds JSON as it is, not in base64.".capitalize()))
    else:
        data = base64text.decode(text, what, MAX_CARD)
    raw, odd = jsontext.load(data, what)
    return raw, data, notes + odd


def _body(found: tuple[dict[str, Any], bytes, list[Note]], keyword: str) -> _Body:
    """Which version a JSON is of: what it says counts, not where it stands. Raises `CardError`."""
    raw, text, notes = found
    spec, version = raw.get("spec"), raw.get("spec_version")
    said = str(version) if isinstance(version, str | int | float) else ""
    inner = raw.get("data")
    if isinstance(inner, dict):
        number = _SPECS.get(spec, 0) if isinstance(spec, str) else 0
        if number < 2:
            number = _guess(inner, spec, notes)
        if said and _is_newer(said, number):
            notes.append(Note("newer", f"The card says version {said[:20]}; it was read as far as V{number} goes."))
        if keyword and number != _KEYWORD_SPEC[keyword]:
            notes.append(Note("renamed", f"The chunk {keyword} holds a card of V{number}."))
        return _Body(raw, number, said, text, notes)
    if not any(isinstance(raw.get(key), str) and raw[key] for key in V1_TEXTS):
        raise CardError("a character card (name, description, first_mes, ...)", came="JSON without any of its keys")
    if "spec" in raw:
        notes.append(Note("no_data", "The card names a version but has no data; its flat fields were read as V1."))
    if keyword == "ccv3":
        notes.append(Note("renamed", "The chunk ccv3 holds a card of V1."))
    return _Body(raw, 1, said, text, notes)


def _guess(inner: Mapping[str, Any], spec: Any, notes: list[Note]) -> int:
    if not any(isinstance(inner.get(key), str) for key in V1_TEXTS):
        raise CardError("a character card (data.name, data.description, ...)", came="data without any of its keys")
    number = 3 if isinstance(spec, str) or "group_only_greetings" in inner or "assets" in inner else 2
    if isinstance(spec, str):
        notes.append(Note("newer", f"The card is of the kind {spec[:40]!r}; it was read as far as V{number} goes."))
    else:
        notes.append(Note("no_spec", f"The card does not say its version; it was read as V{number}."))
    return number


def _is_newer(version: str, spec: int) -> bool:
    try:
        return spec == 3 and float(version) > 3.0
    except ValueError:
        return False


def _card(
    body: _Body,
    container: Container,
    data: bytes,
    *,
    picture: png.Png | None = None,
    zipped: packed.Packed | None = None,
) -> Card:
    fields, odd = fields_of(body.raw, _data(body), body.spec)
    book = _data(body).get("character_book")
    if found := of_card(book):
        odd += found.notes
    elif book is not None:
        odd.append(Note("type", "character_book is no lorebook; it was left as it is and not read."))
    if not (fields.name.strip() or fields.nickname.strip()):
        odd.append(Note("no_name", "The card has no name."))
    notes = (*body.notes, *odd)
    return Card(body.raw, body.text, body.spec, body.version, container, data, fields, notes, picture, zipped)
