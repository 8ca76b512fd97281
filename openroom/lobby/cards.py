"""Cards and the author folder: a card that came in becomes a character's folder.

imported = import_card(data, settings.author_folder, library)      # in a thread: it reads, draws and writes
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from openroom.cards import beside, jsontext, ours
from openroom.cards.card import Card
from openroom.cards.character import NAMELESS, clean, definition, emotions
from openroom.cards.condensing import CODE, LEAST, Choice, is_long
from openroom.cards.fields import AssetRef
from openroom.cards.last_resort import or_card_error
from openroom.cards.notes import Note, Report, counted, plain, told_of
from openroom.cards.pictures import Copies
from openroom.cards.read import read, read_card
from openroom.cards.released import Released, unfolded
from openroom.core.character import Character
from openroom.core.condense import fitted
from openroom.core.macros import read_name
from openroom.errors import CardError, CardHere, DefinitionError
from openroom.language.alike import seen
from openroom.library.card_check import unknown_macros
from openroom.library.document import parse_document
from openroom.library.files import load_character, shown_path
from openroom.library.library import Library
from openroom.library.writing import add_character, alone_in, definition_text, id_for
from openroom.lobby import card_lore
from openroom.lobby.card_originals import BESIDE, KNOWN
from openroom.ports.store import Activation, Version, Versions

_MOST_EMOTIONS = 40
_MOST_MACROS = 20
"""Of macros, and of sentences, so many are named in a report."""
_MACRO = 80
"""So much is shown of each."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A card that became a character, of the ``name`` that everybody sees. ``released``: the version that it carried,
    which is not in force by itself (see `put_in_force`)."""

    id: str
    folder: Path
    card: Card
    report: Report
    name: str
    released: Released | None = None


@or_card_error("the card")
def shown(data: bytes) -> dict[str, Any]:
    """What is in a card's file, as JSON, without making anything. Raises `CardError`."""
    found = read(data)
    if not isinstance(found, Card):
        notes = told_of([*found.notes, *card_lore.foretold(found)])
        return {
            "kind": "lorebook",
            "form": found.form,
            "name": plain(found.name),
            "entries": len(found.entries),
            "notes": notes,
        }
    return told_card(found)


def told_card(card: Card) -> dict[str, Any]:
    """What a card says of itself to people, as JSON: plain texts, whatever marks are in them."""
    fields = card.fields
    return {
        "kind": "card",
        "name": plain(fields.name),
        "nickname": plain(fields.nickname),
        "creator": plain(fields.creator),
        "format": card.container,
        "spec": card.spec,
        "version": plain(card.version),
        "digest": card.digest,
        "bytes": len(card.original),
        "greetings": sum(bool(clean(text)) for text in (fields.first_mes, *fields.alternate_greetings)),
        "lore": len(card.book.entries) if card.book else 0,
        "assets": [{"type": plain(ref.type), "name": plain(ref.name), "ext": plain(ref.ext)} for ref in fields.assets],
        "tags": [plain(tag) for tag in fields.tags],
        "creator_notes": plain(fields.creator_notes),
        "notes": told_of([*card.notes, *card_lore.foretold(card.book)]),
    }


def already_here(card: Card, folder: Path, library: Library) -> Path | None:
    """The folder of the character that came on this very file, among those of ``library`` and in the author
    ``folder``: the one that came first, as far as numbers behind ids tell; ``None`` where none did."""
    places = dict.fromkeys([folder / "characters", *library.folders[0]])
    records = {path: path.parent.parent for place in places for path in place.glob(f"*/{BESIDE}/{KNOWN}")}
    whole = {path: character for path, character in records.items() if character.name[0] not in "._"}
    found = [character for path, character in whole.items() if _digest_in(path) == card.digest]
    return min(found, key=lambda path: (len(path.name), path.name), default=None)


def _digest_in(known: Path) -> str:
    """Of the original; empty where what is known of it cannot be read, which `openroom card export` then tells."""
    try:
        return str(json.loads(known.read_bytes())["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@or_card_error("the character of the card")
def long_one(
    data: bytes, folder: Path, library: Library, *, again: bool = False, called: str = "Character"
) -> Character | None:
    """The character that `import_card` would make, where a model may choose first what of its persona is read
    (`openroom.cards.condensing.choose`); none where all of it is read, and of a card that is here. Raises `CardError`,
    and `DefinitionError`."""
    card = read_card(data)
    if not again and already_here(card, folder, library) is not None:
        return None
    bare, _ = unfolded(card)
    bare, named = _named(bare, called)
    id = id_for(bare.fields.nickname or bare.fields.name)
    made = _checked(_text(_own(bare, id, Report()) or _made(bare, id, Report(), named)), id)
    return made if is_long(made) else None


@or_card_error("the character of the card")
def import_card(
    data: bytes,
    folder: Path,
    library: Library,
    *,
    again: bool = False,
    called: str = "Character",
    choice: Choice = CODE,
) -> Imported:
    """Make a character of a card in the author ``folder``. Its id differs from all that ``library`` has. Where the card
    has no name that one can read, it is ``called`` so, and the report says it. ``choice``: who chose what of a long
    persona is read first, and what (see `long_one`).

    The character's folder holds character.yaml, art/ (display copies), and card/ with the original file and the report.
    Raises `CardHere` where a character came on this very file before, unless it is to come in ``again``; `CardError`,
    and `DefinitionError` where nothing can be written.
    """
    card = read_card(data)

    def be_new() -> None:
        if not again and (there := already_here(card, folder, library)) is not None:
            raise CardHere(there.name, file=shown_path(there))

    be_new()
    report = Report(notes=list(card.notes))
    art = dict(_art(card, report))
    bare, released = unfolded(card, report)
    bare, named = _named(bare, called)

    def files(id: str) -> Mapping[str, bytes]:
        told = Report(notes=list(report.notes), kept=list(report.kept), converted=list(report.converted))
        told.dropped = list(report.dropped)
        values = _own(bare, id, told) or _made(bare, id, told, named)
        values, text = _condensed(values, id, choice, told)
        known = {
            "format": 1, "digest": card.digest, "file": f"original.{card.suffix}", "container": card.container,
            "spec": card.spec, "definition": values,
        }  # fmt: skip
        told.notes += _unknown_macros(values)
        lore = card_lore.brought(card, told)
        known |= {"report": told.body(), **card_lore.digest_of(lore)}
        made[id], names[id] = told, read_name(values["name"], id)
        beside = {f"{BESIDE}/{known['file']}": data, f"{BESIDE}/{KNOWN}": jsontext.dump(known, b"{\n  _")}
        return {"character.yaml": text, **lore, **art, **beside}

    made: dict[str, Report] = {}
    names: dict[str, str] = {}
    wanted = id_for(bare.fields.nickname or bare.fields.name)
    with alone_in(folder):
        be_new()  # it may have come in while this one was drawn
        place = add_character(folder, wanted, library.characters.keys(), files)
    return Imported(place.name, place, card, made[place.name], names[place.name], released)


def _named(card: Card, called: str) -> tuple[Card, bool]:
    """The card with a name, and whether it had one."""
    if card.fields.nickname or card.fields.name:
        return card, True
    return replace(card, fields=replace(card.fields, name=seen(called) or "Character")), False


async def put_in_force(store: Versions, imported: Imported, now: int, by: str) -> str:
    """Make the version that a card carried the one that rooms play, at ``now`` (ms since 1970); its digest, empty where
    it carried none. Raises `StoreError`."""
    if imported.released is None:
        return ""
    harness, note = imported.released.harness, f"came on a card, evidence {imported.released.evidence or 'unknown'}"
    await store.add_version(Version(imported.id, harness.digest, harness.canonical_json(), now, note=note))
    await store.activate(Activation(imported.id, harness.digest, now, by, note))
    return harness.digest


def _own(card: Card, id: str, report: Report) -> dict[str, Any] | None:
    """The definition that a card of ours brings along; ``None`` where it has none that counts."""
    values = ours.carried(card)
    if values is None:
        if ours.carries(card):
            report.drop("the definition of another openroom", "it does not fit, or the card was edited since")
        return None
    report.keep("the whole definition", "as another openroom had it")
    if not (name := seen(str(values["name"]))):
        name = card.fields.name
        report.convert("name", f"{NAMELESS}: {name}")
    return {"format": values.get("format"), "id": id, **values, "name": name}


def _made(card: Card, id: str, report: Report, named: bool) -> dict[str, Any]:
    """The definition that a card's fields make, with what another openroom had put beside them."""

    def fits(values: Mapping[str, Any]) -> bool:
        try:
            _checked(_text(values), id)
        except DefinitionError:
            return False
        return True

    return beside.taken(card, definition(card, id, report, named=named), fits, report)


def _text(values: Mapping[str, Any]) -> bytes:
    """A character.yaml. Raises `DefinitionError`."""
    return definition_text(values, "Made from a card. Edit it as you like; card/ has the original and a report.")


def _unknown_macros(values: Mapping[str, Any]) -> Iterator[Note]:
    """Each macro that stays as it was written, once."""
    places: dict[str, list[str]] = {}
    for loc, macro in unknown_macros(values):
        places.setdefault(macro, []).append(str(loc[0]))
    for macro, found in list(places.items())[:_MOST_MACROS]:
        shown = macro if len(macro) <= _MACRO else f"{macro[:_MACRO]}…"
        text = f"The macro {shown} is not known here, or too deep in others: it stays as it is written"
        yield Note("macro", f"{text} ({', '.join(dict.fromkeys(found))}).")
    if (more := len(places) - _MOST_MACROS) > 0:
        yield Note("macro", f"{counted(more, 'more macro is', 'more macros are')} not known here.")


def _checked(text: bytes, id: str) -> Character:
    """Raises the first thing that `openroom check` would say against it."""
    value, problems = load_character(parse_document(text, "character.yaml"), id)
    if value is None:
        raise problems[0]
    return value


def _condensed(values: dict[str, Any], id: str, choice: Choice, report: Report) -> tuple[dict[str, Any], bytes]:
    """A definition with what was chosen of its persona, where that is of this very one, and its file. Raises as
    `_checked`."""
    text = _text(values)
    character, why = _checked(text, id), choice.why
    if choice.kept is not None and choice.kept.spans(character.persona):
        values = {**values, "condensed": choice.kept.model_dump(mode="json")}
        text = _text(values)
        character = _checked(text, id)
    elif choice.kept is not None:
        why = f"{CODE.why}: what {choice.kept.by} chose was of another text, as its macros draw anew by the id"
    elif character.condensed is not None and character.condensed.spans(character.persona):
        why = f"chosen by {character.condensed.by or 'somebody'} when it came in before"
    _tell_unread(character, why, report)
    return values, text


def _tell_unread(character: Character, why: str, report: Report) -> None:
    """What of the persona the least of models does not read, and ``why``; the file has all of it, and one with more
    room reads more."""
    fit = fitted(character, LEAST).persona
    if not fit.left:
        return
    left = [" ".join(character.persona[start:end].split()) for start, end in fit.left]
    shown = [f"“{one if len(one) <= _MACRO else f'{one[:_MACRO]}…'}”" for one in left[:_MOST_MACROS]]
    more = f" and {len(left) - len(shown)} more" if len(left) > len(shown) else ""
    of = f"a model of 4,096 tokens reads {len(fit.kept)} of its {len(fit.kept) + len(left)} sentences"
    report.convert("persona", f"{of}, one with more room more; {why}; left out there: {', '.join(shown)}{more}")


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
    if (behind := background(card)) is not None:
        told = "it will hang in the room that this character has to itself, if it can be drawn; the original has it"
        report.convert(f"the background {behind.name}".strip(), told)
    drawn = Copies()
    for name, (what, ref) in copies.items():
        try:
            copy = drawn.at(_place(card, ref), partial(_content, card, ref))
            if copy is None and ref is None:
                report.convert(what, "the card has none, so it is drawn here")  # nothing was lost
                continue
            if copy is None:
                report.drop(what, "the card only names it; nothing is fetched")
                continue
            yield f"art/{name}.webp", copy
            report.convert(what, "drawn anew for the stage; the original has it as it was")
        except CardError as error:
            report.drop(what, f"not shown: {error}; the original has it")


def background(card: Card) -> AssetRef | None:
    """The background that a card brings along, for the room of its character; none where it has none."""
    found = [ref for ref in card.fields.assets if ref.type == "background" and card.stored(ref)]
    return next((ref for ref in found if ref.name == "main"), found[0] if found else None)


def _content(card: Card, ref: AssetRef | None) -> bytes | None:
    """What an asset of a card holds; without ``ref`` its picture."""
    return card.asset(ref) if ref else card.picture


def _place(card: Card, ref: AssetRef | None) -> str:
    """Where the bytes of a picture are: the same for two that have one place."""
    place = "picture" if ref is None else card.stored(ref)
    return ref.uri if ref is not None and place in ("data:", "") else place
