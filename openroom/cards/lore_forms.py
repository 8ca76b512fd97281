"""Lorebooks in the forms they come in: a card's ``character_book`` (V2, V3), a V3 lorebook by itself, world info.

Pure functions on JSON values; the native form is that of ``lore.yaml`` (`openroom.core.lore.book.Lore`).

    read = from_foreign(json.loads(data))       # read.lore fits Lore; read.notes: what was taken otherwise
    write = to_card_book(read.lore, spec=3)     # write.book is the card's character_book again

What the native form has no word for is kept in ``kept`` of the book and of each entry, and goes out again. Whoever
reads files bounds their size and depth first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openroom.cards.lore_card import from_card_book, to_card_book
from openroom.cards.lore_shared import ReadLore, WrittenLore
from openroom.cards.lore_world import from_world, to_world

__all__ = [
    "ReadLore",
    "WrittenLore",
    "form_of",
    "from_card_book",
    "from_foreign",
    "from_world",
    "to_card_book",
    "to_world",
]

Form = Literal["card", "world", "lorebook_v3"]


def form_of(data: Any) -> Form | None:
    """Which form a JSON value has, by its content; ``None`` for what is no lorebook."""
    if not isinstance(data, Mapping):
        return None
    if data.get("spec") == "lorebook_v3" and isinstance(data.get("data"), Mapping):
        return "lorebook_v3"
    entries = data.get("entries")
    return "world" if isinstance(entries, Mapping) else "card" if isinstance(entries, Sequence | None) else None


def from_foreign(data: Any) -> ReadLore:
    """A book in any of the forms. Raises ValueError for what is none."""
    form = form_of(data)
    if form is None:
        raise ValueError("expected a lorebook (an object with entries), came something else")
    if form == "lorebook_v3":
        return from_card_book(data["data"])
    return from_world(data) if form == "world" else from_card_book(data)
