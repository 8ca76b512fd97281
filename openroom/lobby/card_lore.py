"""Lorebooks between cards and the author folder: what a card's book becomes, and how what was edited goes out again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from openroom.cards import jsontext
from openroom.cards.card import Card
from openroom.cards.last_resort import or_card_error
from openroom.cards.lore_forms import Lorebook, WrittenLore, book_of, to_foreign
from openroom.cards.lore_kept import same
from openroom.cards.notes import Note, Report, counted, plain
from openroom.cards.read import read
from openroom.core.lore.book import Lore
from openroom.errors import CardError, DefinitionError
from openroom.library.bounds import LORE
from openroom.library.document import Document, parse_document, read_document
from openroom.library.files import load_lore, shown_path
from openroom.library.library import Library
from openroom.library.writing import add_file, definition_text

_BOOK = "character_book"
_ROOM_BYTES = 300_000
"""Of a room's book; each one that it gets is in its log."""
_ROOM_PATTERNS = 50
"""Each may take its 50 ms, and all rooms have one helper process."""


def lore_file(book: Lorebook, head: str) -> bytes:
    """A book as a lore.yaml, below the comment ``head``. Raises `DefinitionError` for one that none can hold."""
    _good(Document(LORE, book.read.lore))
    return definition_text(book.read.lore, head, LORE)  # which reads it again, as it will be read later


def _taken(book: Lorebook) -> str:
    """How many entries came in, and, where they are not all of one sort, how many come up by their keys."""
    entries = book.read.lore["entries"]
    off = sum(not entry.get("enabled", True) for entry in entries)
    always = sum(bool(entry.get("constant")) and entry.get("enabled", True) for entry in entries)
    told = f"{counted(len(entries), 'entry is', 'entries are')} in {LORE}"
    keyed = len(entries) - off - always
    return f"{told}: {keyed} by what is said, {always} always, {off} off" if off or always else told


def brought(card: Card, report: Report) -> dict[str, bytes]:
    """The card's lorebook as a file beside the definition; none where it has none, or none that can be read."""
    if card.book is None or not card.book.entries:
        return {}
    try:
        text = lore_file(card.book, "The card's lorebook. Edit it as you like; card/ has the original.")
    except DefinitionError as error:
        report.drop(f"{_BOOK} as {LORE}", f"{error}; the original has it")
        return {}
    report.convert(_BOOK, _taken(card.book))
    for note in card.book.read.notes:
        report.convert(_BOOK, note)
    return {LORE: text}


def foretold(book: Lorebook | None) -> tuple[Note, ...]:
    """What the report of an import would say of a book: what is taken otherwise, or why none of it can be."""
    if book is None or not book.entries:
        return ()
    try:
        lore_file(book, "")
    except DefinitionError as error:
        return (Note("lore", f"The lorebook cannot be taken: {error}; the original has it."),)
    return tuple(Note("lore", f"The lorebook: {note}.") for note in book.read.notes)


@dataclass(frozen=True, slots=True)
class Attached:
    """A lorebook that became the one of a character or scene; ``to`` names whose (``character:mira``)."""

    to: str
    file: Path
    name: str
    digest: str
    report: Report

    def body(self) -> dict[str, Any]:
        """As JSON."""
        id = self.to.partition(":")[2]
        return {"id": id, "name": self.name, "digest": self.digest, "to": self.to, "report": self.report.body()}


@or_card_error("the lorebook")
def attach(data: bytes, to: str, folder: Path, library: Library) -> Attached:
    """Give a lorebook by itself to a character or scene (``character:ID``, ``scene:ID``), in the author ``folder``.
    Raises `CardError`, also where that one has a book already, and `DefinitionError`."""
    book = read(data)
    if not isinstance(book, Lorebook):
        raise CardError("a lorebook by itself", came="a card, which becomes a character of its own")
    if not book.read.lore["entries"]:
        raise CardError("a lorebook with an entry", came="an empty one")
    what, _, id = to.partition(":")
    kind: Literal["character", "scene"] = "scene" if what == "scene" else "character"
    if what != kind or not id:
        raise CardError("character: or scene: with the id of one", came=repr(to[:60]))
    if id not in (library.characters if kind == "character" else library.scenes):
        raise CardError(f"the id of a {kind}", came=library.unknown(kind, id))
    if (there := library.lore_file(kind, id)) is not None:
        came = f"one that has it. {_other_road(kind, id, library)}"
        raise CardError(f"a {what} without a lorebook", came=came, file=shown_path(there))
    path = folder / f"{what}s" / id / LORE
    add_file(path, lore_file(book, "Made from a lorebook. Edit it as you like."))
    report = Report(notes=list(book.notes))
    report.convert("lorebook", _taken(book))
    for note in book.read.notes:
        report.convert("lorebook", note)
    return Attached(to, path, plain(book.name), hashlib.sha256(data).hexdigest(), report)


def _other_road(kind: str, id: str, library: Library) -> str:
    """Where a book can go whose character or scene has one."""
    cast = {one: {member.id for member in scene.characters} for one, scene in library.scenes.items()}
    rooms = [one for one, members in cast.items() if kind == "character" and id in members]
    free = next((one for one in rooms if library.lore_file("scene", one) is None), "")
    if free:
        return f"Give this one to the scene: --to scene:{free} (in REST to=), and both are read there"
    if kind == "character" and not rooms:
        return "Make it a room (Talk in the lobby) and give this book to that scene, or copy its entries into the file"
    return "Copy its entries into the file, or give it to a room: PUT /api/rooms/ROOM/lore"


@or_card_error("the lorebook")
def room_book(data: bytes) -> tuple[Lore, tuple[str, ...]]:
    """A room's book: a lore.yaml (or the same as JSON), or a lorebook in any form that is read, with notes of what was
    taken otherwise. What the file said besides is not kept. Whoever starts a room may give it one, so it is smaller
    than an author's. Raises `CardError` and `DefinitionError`."""
    book, notes = _any_book(data)
    if (size := len(book.model_dump_json())) > _ROOM_BYTES:
        raise CardError(f"a room's book of at most {_ROOM_BYTES:,} bytes", came=f"{size:,}")
    if (count := len(book.matcher.patterns)) > _ROOM_PATTERNS:
        raise CardError(f"at most {_ROOM_PATTERNS} regular expressions in a room's book", came=str(count))
    return book, notes


def _any_book(data: bytes) -> tuple[Lore, tuple[str, ...]]:
    if not data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"{"):
        return _good(parse_document(data, LORE)), ()
    raw, odd = jsontext.load(data, "a lorebook")
    if "format" in raw:
        return _good(Document(LORE, raw)), tuple(note.text for note in odd)
    book = book_of(raw, odd)
    if book is None:
        raise CardError("a lorebook", came="another JSON")
    return _good(Document(LORE, book.read.lore)), (*(note.text for note in odd), *book.read.notes)


def digest_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """What an import notes of the book that it wrote, to know later whether it was edited."""
    return {"lore": hashlib.sha256(files[LORE]).hexdigest()} if LORE in files else {}


def edited(card: Card, path: Path, record: Mapping[str, Any], spec: int, report: Report) -> dict[str, Any]:
    """What somebody changed in the book at ``path`` since the card came in, as a field of the card. A file that is
    gone takes the book out, if the import had written one. Raises `DefinitionError` for a file that is broken."""
    if not path.is_file():
        return {_BOOK: None} if record.get("lore") and _BOOK in card.data else {}
    if hashlib.sha256(path.read_bytes()).hexdigest() == record.get("lore"):
        return {}
    document = read_document(path, shown_path(path))
    now = _good(document)
    if card.book is not None and now.model_dump() == Lore.model_validate(card.book.read.lore).model_dump():
        return {}
    written = to_foreign(document.value, _spec(spec), card.book)
    if card.book is not None and same(written.book, card.book.raw):
        return {}
    _tell(written, report)
    return {_BOOK: written.book}


def fresh(path: Path, spec: int, report: Report) -> dict[str, Any]:
    """The book at ``path`` as a field of a card that never was; nothing where there is none. Raises `DefinitionError`
    for a file that is broken."""
    if not path.is_file():
        return {}
    document = read_document(path, shown_path(path))
    if not _good(document).entries:
        return {}
    written = to_foreign(document.value, _spec(spec))
    _tell(written, report)
    report.convert(LORE, f"into {_BOOK}, with what only some may know")
    return {_BOOK: written.book}


def _spec(spec: int) -> Literal[2, 3]:
    return 3 if spec == 3 else 2


def _good(document: Document) -> Lore:
    value, problems = load_lore(document, "")
    if value is None:
        raise problems[0]
    return value


def _tell(written: WrittenLore, report: Report) -> None:
    for note in written.moved:
        report.convert(_BOOK, note)
    for note in written.lost:
        report.drop(_BOOK, note)
