"""Cards and the author folder: a card that came in becomes a character's folder, and a character goes out as a card.

imported = import_card(data, settings.author_folder, library)      # in a thread: it reads, draws and writes
written = export_card(library, "seraphina", "png", 3)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openroom.cards import jsontext, png
from openroom.cards.card import Card
from openroom.cards.character import definition, edits, emotions, example_text
from openroom.cards.limits import MAX_TOTAL
from openroom.cards.lore_forms import from_foreign
from openroom.cards.notes import Report, plain, told_of
from openroom.cards.pictures import display_copy
from openroom.cards.read import read, read_card
from openroom.cards.write import Format, Written, write
from openroom.core.character import Character
from openroom.errors import CardError, DefinitionError
from openroom.library.document import parse_document, read_document
from openroom.library.files import LORE, load_character, load_lore, shown_path
from openroom.library.library import Library
from openroom.library.writing import add_character, definition_text, id_for

_BESIDE = "card"
"""The folder, beside character.yaml, of the original file and of what is known of it."""
_KNOWN = "import.json"
_OURS = "openroom"
"""Key of ``extensions`` under which a card of ours carries its whole definition."""
_DRAWN = ("png", "webp", "jpg", "jpeg")
_PLAIN = (512, 768)
_MOST_EMOTIONS = 40


@dataclass(frozen=True, slots=True)
class Imported:
    """A card that became a character."""

    id: str
    folder: Path
    card: Card
    report: Report


def read_file(path: Path) -> bytes:
    """A card's file. Raises `CardError` where it cannot be read or is too large."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_TOTAL + 1)
    except OSError as error:
        raise CardError("a file that can be read", came=error.strerror or str(error), file=shown_path(path)) from error
    return data


def shown(data: bytes) -> dict[str, Any]:
    """What is in a card's file, as JSON, without making anything. Raises `CardError`."""
    found = read(data)
    if not isinstance(found, Card):
        notes = told_of(found.notes)
        return {
            "kind": "lorebook",
            "form": found.form,
            "name": plain(found.name),
            "entries": len(found.entries),
            "notes": notes,
        }
    fields = found.fields
    return {
        "kind": "card",
        "name": plain(fields.name),
        "nickname": plain(fields.nickname),
        "creator": plain(fields.creator),
        "format": found.container,
        "spec": found.spec,
        "version": plain(found.version),
        "digest": found.digest,
        "bytes": len(data),
        "greetings": len(fields.alternate_greetings) + bool(fields.first_mes.strip()),
        "lore": len(found.book.entries) if found.book else 0,
        "assets": [{"type": plain(ref.type), "name": plain(ref.name), "ext": plain(ref.ext)} for ref in fields.assets],
        "tags": [plain(tag) for tag in fields.tags],
        "creator_notes": plain(fields.creator_notes),
        "notes": told_of(found.notes),
    }


def import_card(data: bytes, folder: Path, library: Library) -> Imported:
    """Make a character of a card in the author ``folder``. Its id differs from all that ``library`` has.

    The character's folder holds character.yaml, art/ (display copies), and card/ with the original file and the report.
    Raises `CardError`, and `DefinitionError` where nothing can be written.
    """
    card = read_card(data)
    report = Report(notes=list(card.notes))
    art = dict(_art(card, report))

    def files(id: str) -> Mapping[str, bytes]:
        told = Report(notes=list(report.notes), kept=list(report.kept), converted=list(report.converted))
        told.dropped = list(report.dropped)
        values = _own(card, id, told) or definition(card, id, told)
        text = definition_text(values, "Made from a card. Edit it as you like; card/ has the original and a report.")
        _check(text, id)
        known = {
            "format": 1, "digest": card.digest, "file": f"original.{card.suffix}", "container": card.container,
            "spec": card.spec, "definition": values, "report": told.body(),
        }  # fmt: skip
        lore = _lore(card, told)
        known["report"] = told.body()
        made[id] = told
        beside = {f"{_BESIDE}/{known['file']}": data, f"{_BESIDE}/{_KNOWN}": jsontext.dump(known, b"{\n  _")}
        return {"character.yaml": text, **lore, **art, **beside}

    made: dict[str, Report] = {}
    wanted = id_for(card.fields.nickname.strip() or card.fields.name.strip())
    place = add_character(folder, wanted, library.characters.keys(), files)
    return Imported(place.name, place, card, made[place.name])


def _lore(card: Card, report: Report) -> dict[str, bytes]:
    """The card's lorebook as a file beside the definition; none where it has none, or none that can be read."""
    if card.book is None or not card.book.entries:
        return {}
    try:
        found = from_foreign(card.book.raw)
        values = {"format": 1, **found.lore}
        text = definition_text(values, "The card's lorebook. Edit it as you like; card/ has the original.")
        _, problems = load_lore(parse_document(text, LORE), "")
    except (ValueError, DefinitionError) as error:
        report.drop("character_book as lore.yaml", f"{error}; the original has it")
        return {}
    if wrong := [str(problem) for problem in problems if not problem.warning]:
        report.drop("character_book as lore.yaml", f"{wrong[0]}; the original has it")
        return {}
    report.convert("character_book", f"{len(values['entries'])} entries are in {LORE}")
    for note in found.notes:
        report.convert("character_book", str(note))
    return {LORE: text}


def _own(card: Card, id: str, report: Report) -> dict[str, Any] | None:
    """The definition that a card of ours brings along; ``None`` where it has none that fits, or was edited since in a
    program that knows nothing of it: then what the card says counts."""
    ours = card.fields.extensions.get(_OURS)
    values = ours.get("definition") if isinstance(ours, dict) else None
    if not isinstance(values, dict):
        return None
    values = {key: value for key, value in values.items() if key != "art"} | {"id": id}
    try:
        told = _told(values, Character.model_validate(values))
    except ValueError:
        told = {}
    if not told or any(card.data.get(key) != value for key, value in told.items()):
        report.drop("the definition of another openroom", "it does not fit, or the card was edited since")
        return None
    report.keep("the whole definition", "as another openroom had it")
    return values


def _check(text: bytes, id: str) -> None:
    """Raises the first thing that `openroom check` would say against it."""
    value, problems = load_character(parse_document(text, "character.yaml"), id)
    if value is None:
        raise problems[0]


def _art(card: Card, report: Report) -> Iterator[tuple[str, bytes]]:
    """Display copies: the portrait, and one for each emotion that the card has a picture of."""
    icons = [ref for ref in card.fields.assets if ref.type == "icon" and card.stored(ref)]
    icon = next((ref for ref in icons if ref.name == "main"), icons[0] if icons else None)
    copies = {"portrait": ("the picture", icon)}
    found = list(emotions(card).items())
    for word, at in found[:_MOST_EMOTIONS]:
        copies[f"portrait_{word}"] = (f"emotion {word}", card.fields.assets[at])
    for word, _ in found[_MOST_EMOTIONS:]:
        report.drop(f"emotion {word}", f"over the {_MOST_EMOTIONS} that are drawn; the original has it")
    for name, (what, ref) in copies.items():
        try:
            data = card.picture if ref is None else card.asset(ref)
            if data is None:
                report.drop(what, "the card only names it; nothing is fetched" if ref else "the card has none")
                continue
            yield f"art/{name}.webp", display_copy(data)
            report.convert(what, "drawn anew for the stage; the original has it as it was")
        except CardError as error:
            report.drop(what, f"not shown: {error}; the original has it")


def export_card(library: Library, character: str, format: Format, spec: int) -> Written:
    """A character as a card: one that came as a card with what was edited since, any other as a new card. Raises
    `CardError`, for an unknown character too."""
    folder, known = library.folder(character), library.characters.get(character)
    if folder is None or known is None:
        raise CardError("the id of a character", came=repr(character))
    picture = _picture(folder, known)
    try:
        record = json.loads((folder / _BESIDE / _KNOWN).read_bytes())
        data = read_file(folder / _BESIDE / Path(str(record["file"])).name)
        before = dict(record["definition"])
    except FileNotFoundError:
        return _new_card(folder, known, format, spec, picture)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CardError(
            "what is known of the original card", came=str(error), file=shown_path(folder / _BESIDE)
        ) from None
    card = read_card(data)
    if card.digest != record.get("digest"):
        raise CardError("the original file as it came", came="one that was changed", file=shown_path(folder / _BESIDE))
    report = Report()
    now = read_document(folder / "character.yaml").value
    written = write(card, format, spec, edits=edits(before, now, card, report), picture=picture)
    written.report.converted += report.converted
    written.report.dropped += report.dropped
    return written


def _picture(folder: Path, character: Character) -> bytes:
    """The character's portrait where it has one that is no drawing, else a plain picture in its colour."""
    for kind in _DRAWN:
        path = folder / "art" / f"portrait.{kind}"
        if path.is_file():
            return read_file(path)
    red, green, blue = bytes.fromhex(character.colour.removeprefix("#"))
    return png.plain(*_PLAIN, (red, green, blue))


def _told(values: Mapping[str, Any], character: Character) -> dict[str, Any]:
    """What a definition says, as fields of a card. Texts are the author's own, macros and all."""
    parts = [str(values.get("persona", "")), character.appearance, *(fact.text for fact in character.facts)]
    return {
        "name": character.name,
        "description": "\n".join(part for part in parts if part).strip(),
        "first_mes": str(values.get("greeting", "")),
        "mes_example": example_text(values.get("examples") or []),
        "creator_notes": character.line,
        "alternate_greetings": list(values.get("greetings") or []),
    }


def _new_card(folder: Path, character: Character, format: Format, spec: int, picture: bytes) -> Written:
    """A character that never was a card. Its whole definition goes along under ``extensions.openroom``."""
    values = read_document(folder / "character.yaml").value
    data: dict[str, Any] = {
        **_told(values, character),
        "personality": "",
        "scenario": "",
        "system_prompt": "",
        "post_history_instructions": "",
        "tags": [],
        "creator": "",
        "character_version": "",
        "extensions": {_OURS: {"definition": json.loads(json.dumps(values, default=str))}},
        "group_only_greetings": [],
    }
    text = jsontext.dump({"spec": "chara_card_v3", "spec_version": "3.0", "data": data})
    written = write(read_card(text), format, spec, picture=picture)
    written.report.convert("persona, appearance and facts", "into the description")
    written.report.convert("the whole definition", "it goes along under extensions, openroom: its secrets too")
    return written
