"""Lorebooks in the forms they come in: a card's ``character_book`` (V2, V3), a V3 lorebook by itself, world info.

Pure functions on JSON values; the native form is that of ``lore.yaml`` (`openroom.core.lore.book.Lore`).

    read = from_foreign(json.loads(data))       # read.lore fits Lore; read.notes: what was taken otherwise
    write = to_card_book(read.lore, spec=3)     # write.book is the card's character_book again

What the native form has no word for is kept in ``kept`` of the book and of each entry, and goes out again. Whoever
reads files bounds their size and depth first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from openroom.cards.lore_card import from_card_book, to_card_book
from openroom.cards.lore_fields import text
from openroom.cards.lore_shared import MOST_ENTRIES, Json, ReadLore, WrittenLore
from openroom.cards.lore_world import from_world, to_world
from openroom.cards.notes import Note

__all__ = [
    "Lorebook",
    "ReadLore",
    "WrittenLore",
    "book_of",
    "form_of",
    "from_card_book",
    "from_foreign",
    "from_world",
    "of_card",
    "to_card_book",
    "to_foreign",
    "to_world",
]

Form = Literal["card", "world", "lorebook_v3"]


@dataclass(frozen=True)
class Lorebook:
    """A lorebook as its file has it: the form, all it said, and what was ``odd`` about the file's text."""

    form: Form
    raw: Json
    odd: tuple[Note, ...] = ()

    @cached_property
    def read(self) -> ReadLore:
        """It in the native form."""
        return from_foreign(self.raw)

    @property
    def name(self) -> str:
        """What it is called, if anything."""
        return text(_inner(self.raw).get("name"))

    @cached_property
    def entries(self) -> tuple[Json, ...]:
        """Its entries, as they stand there; what is no entry is not among them."""
        return tuple(one for one in _listed(self.raw) if isinstance(one, Mapping))

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is odd about it."""
        found, listed = list(self.odd), len(_listed(self.raw))
        if not isinstance(_inner(self.raw).get("entries"), Mapping | list):
            found.append(Note("type", "The lorebook has no list of entries."))
        if len(self.entries) < listed:
            count = listed - len(self.entries)
            found.append(Note("type", f"{count} entries of the lorebook are none and were not read."))
        places = (_inner(self.raw), *self.entries) if form_of(_inner(self.raw)) == "card" else ()
        if any("extensions" not in one for one in places):
            found.append(Note("no_extensions", "The lorebook, or some of its entries, lack the key extensions."))
        return tuple(found)


def form_of(data: Any) -> Form | None:
    """Which form a JSON value has, by its content; ``None`` for what is no lorebook."""
    if not isinstance(data, Mapping):
        return None
    if data.get("spec") == "lorebook_v3" and isinstance(data.get("data"), Mapping):
        return "lorebook_v3"
    entries = data.get("entries")
    return "world" if isinstance(entries, Mapping) else "card" if isinstance(entries, list | None) else None


def book_of(data: Json, odd: Sequence[Note] = ()) -> Lorebook | None:
    """A file's JSON as a lorebook by itself, with what was ``odd`` about its text; ``None`` for what is none, as a card
    is, whatever else it holds."""
    form, inner = form_of(data), _inner(data)
    by_itself = isinstance(inner.get("entries"), Mapping | list) and "first_mes" not in inner
    return Lorebook(form, data, tuple(odd)) if form is not None and by_itself else None


def of_card(book: Any) -> Lorebook | None:
    """A card's ``character_book``; ``None`` for what is none."""
    form = form_of(book)
    return Lorebook(form, book) if form is not None else None


def to_foreign(lore: Json, spec: Literal[2, 3], like: Lorebook | None = None) -> WrittenLore:
    """A native book as a ``character_book``: in the form of the one that it was, ``like``, with what of that was not
    read put behind the rest."""
    if like is None:
        return to_card_book(lore, spec=spec)
    form = form_of(_inner(like.raw))
    written = to_world(lore) if form == "world" else to_card_book(lore, spec=spec)
    entries, unread = written.book["entries"], _unread(like.raw)
    if isinstance(entries, dict):
        entries |= {at: one for at, one in unread if at not in entries}
    else:
        entries += [one for _, one in unread]
    book = {**like.raw, "data": written.book} if like.form == "lorebook_v3" else written.book
    return WrittenLore(book, written.lost, written.moved)


def from_foreign(data: Any) -> ReadLore:
    """A book in any of the forms. Raises ValueError for what is none."""
    form = form_of(_inner(data))
    if form is None:
        raise ValueError("expected a lorebook (an object with entries), came something else")
    return from_world(_inner(data)) if form == "world" else from_card_book(_inner(data))


def _inner(data: Any) -> Any:
    """The book itself: of one by itself in V3 what stands in its data."""
    return data["data"] if form_of(data) == "lorebook_v3" else data


def _listed(data: Json) -> list[Any]:
    return [one for _, one in _placed(data)]


def _placed(data: Json) -> list[tuple[str, Any]]:
    """What stands among the entries, each with its place."""
    entries = _inner(data).get("entries")
    if isinstance(entries, Mapping):
        return list(entries.items())
    return [(str(at), one) for at, one in enumerate(entries)] if isinstance(entries, list) else []


def _unread(data: Json) -> list[tuple[str, Any]]:
    """What of the entries the native form did not take: what is none, and what is over the bound."""
    placed = _placed(data)
    good = [at for at, one in placed if isinstance(one, Mapping)][:MOST_ENTRIES]
    taken = set(good)
    return [(at, one) for at, one in placed if at not in taken]
