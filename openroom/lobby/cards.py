"""Cards and the author folder: a card that came in becomes a character's folder, and a character goes out as a card.

imported = import_card(data, settings.author_folder, library)      # in a thread: it reads, draws and writes
written = export_card(library, "seraphina", "png", 3)
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from openroom.cards import beside, jsontext, ours
from openroom.cards.card import Card
from openroom.cards.character import NAMELESS, definition, emotions
from openroom.cards.condensing import CODE, LEAST, Choice, is_long
from openroom.cards.edits import edits
from openroom.cards.fields import AssetRef
from openroom.cards.last_resort import or_card_error
from openroom.cards.limits import MAX_TOTAL
from openroom.cards.notes import Note, Report, counted, plain, told_of
from openroom.cards.pictures import Copies
from openroom.cards.portrait import portrait
from openroom.cards.read import read, read_card
from openroom.cards.released import Released, folded, restored, unfolded
from openroom.cards.write import Format, Written, write
from openroom.core.character import Character
from openroom.core.condense import fitted
from openroom.core.macros import read_name
from openroom.errors import CardError, CardHere, DefinitionError
from openroom.language.alike import seen
from openroom.library.avatar import misdrawn
from openroom.library.bounds import LORE
from openroom.library.card_check import unknown_macros
from openroom.library.document import parse_document, read_document
from openroom.library.files import load_character, shown_path
from openroom.library.library import Library
from openroom.library.writing import add_character, alone_in, definition_text, id_for
from openroom.lobby import card_lore
from openroom.ports.store import Activation, Version, Versions

_BESIDE = "card"
"""The folder, beside character.yaml, of the original file and of what is known of it."""
_KNOWN = "import.json"
_DRAWN = ("png", "webp", "jpg", "jpeg")
_MOST_EMOTIONS = 40
_MOST_MACROS = 20
"""Of macros, and of sentences, so many are named in a report."""
_MACRO = 80
"""So much is shown of each."""
_SETTLED, _LOOKS = 1.0, 10
"""Seconds after which a file counts as written, and how often one that is younger is looked at in so many."""


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


def read_file(path: Path) -> bytes:
    """A card's file. Raises `CardError` where it cannot be read or is too large."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_TOTAL + 1)
    except OSError as error:
        raise CardError("a file that can be read", came=error.strerror or str(error), file=shown_path(path)) from error
    return data


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
        "greetings": len(fields.alternate_greetings) + bool(fields.first_mes.strip()),
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
    records = {path: path.parent.parent for place in places for path in place.glob(f"*/{_BESIDE}/{_KNOWN}")}
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
        beside = {f"{_BESIDE}/{known['file']}": data, f"{_BESIDE}/{_KNOWN}": jsontext.dump(known, b"{\n  _")}
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


def _edits(record: Mapping[str, Any], now: Mapping[str, Any], bare: Card, report: Report) -> dict[str, Any]:
    """What was edited in a definition since its card came in, as fields of the card."""
    before, own = record["definition"], ours.carried(bare)
    # what was chosen of a long persona was added here
    added = {"id", "art", *({"condensed"} - set(own or ()))}
    if own is not None and own == {key: value for key, value in before.items() if key not in added}:
        return ours.redefined(bare, own, now, report)
    changed = edits(beside.held_against(bare, before, now), now, bare, report)
    return changed | beside.put(bare, before, now, changed, report)


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
            if copy is None:
                report.drop(what, "the card only names it; nothing is fetched" if ref else "the card has none")
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


@or_card_error("the card of the character")
def export_card(
    library: Library, character: str, format: Format, spec: int, released: Released | None = None
) -> Written:
    """A character as a card: one that came as a card with what was edited since, any other as a new card. What the
    version in force (``released``) has beside the author's own is folded in. Raises `CardError`, for an unknown
    character too."""
    folder, known = library.folder(character), library.characters.get(character)
    if folder is None or known is None:
        raise CardError("the id of a character", came=library.unknown("character", character))
    if released is not None and released.harness.digest == known.harness().digest:
        released = None
    lore = library.lore_file("character", character) or folder / LORE
    known = _at_rest(folder, known, lore)
    picture = _picture(library.folder(known.art) or folder, known)
    found = _original(folder)
    if found is None:
        return _new_card(folder, known, lore, format, spec, picture, released)
    card, record = found
    report = Report()
    now = read_document(folder / "character.yaml").value
    bare, carried = unfolded(card)
    changed = _edits(record, now, bare, report) | card_lore.edited(card, lore, record, spec, report)
    changed = _with_version(card, bare, carried, changed, known, released, report)
    written = write(card, format, spec, edits=changed, picture=picture)
    written.report.converted += report.converted
    written.report.dropped += report.dropped
    return written


def _at_rest(folder: Path, known: Character, lore: Path) -> Character:
    """The character as its file has it once that stands still, and its book's does: an editor may be writing them, and
    half a text is a text. A file that is broken is refused where it is read. Raises `CardError`."""
    for path in (folder / "character.yaml", lore):
        _wait_for(path)
    now, _ = load_character(read_document(folder / "character.yaml"), known.id)
    return known if now is None else now.model_copy(update={"lore": known.lore})


def _wait_for(path: Path) -> None:
    """Until a file that was changed a moment ago is the same at two looks. Raises `CardError`."""
    try:
        if not 0 <= time.time() - path.stat().st_mtime < _SETTLED:
            return
        before = path.read_bytes()
        for _ in range(_LOOKS):
            time.sleep(_SETTLED / _LOOKS)
            if (now := path.read_bytes()) == before:
                return
            before = now
    except OSError:
        return  # who reads it says so
    raise CardError("a file that nobody is writing", came="one that changes", file=shown_path(path))


def _with_version(
    card: Card,
    bare: Card,
    carried: Released | None,
    changed: dict[str, Any],
    known: Character,
    released: Released | None,
    report: Report,
) -> dict[str, Any]:
    """The edits of a card with the version in force in them, instead of the one that it ``carried``. A card that was
    not edited and carries just that one stays as it is."""
    same = carried is not None and released is not None and carried.harness.digest == released.harness.digest
    if same and not changed:
        return changed
    changed = {**restored(card, bare), **changed}
    if released is None:
        return changed
    if same and carried is not None and not released.evidence:
        released = carried
    data = {key: value for key, value in {**bare.data, **changed}.items() if changed.get(key, value) is not None}
    return {**changed, **folded(data, known.harness(), released, report)}


def original(library: Library, character: str) -> Card | None:
    """The card that a character came on; none where it came on none. Raises `CardError`."""
    folder = library.folder(character)
    found = _original(folder) if folder is not None else None
    return found[0] if found is not None else None


def _original(folder: Path) -> tuple[Card, dict[str, Any]] | None:
    """The card that lies beside a definition, and what is known of its coming in."""
    try:
        record = json.loads((folder / _BESIDE / _KNOWN).read_bytes())
        data = read_file(folder / _BESIDE / Path(str(record["file"])).name)
        record["definition"] = dict(record["definition"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CardError(
            "what is known of the original card", came=str(error), file=shown_path(folder / _BESIDE)
        ) from None
    card = read_card(data)
    if card.digest != record.get("digest"):
        raise CardError("the original file as it came", came="one that was changed", file=shown_path(folder / _BESIDE))
    return card, record


def import_of(library: Library, character: str) -> tuple[Card, dict[str, Any]]:
    """The card that a character came on, and the report of its coming in. Raises `CardError`, for who came on none."""
    folder = library.folder(character)
    found = _original(folder) if folder is not None else None
    if found is None:
        raise CardError("a character that came on a card", came=library.unknown("character", character))
    report = found[1].get("report")
    parts = {key: report.get(key, []) if isinstance(report, dict) else [] for key in Report().body()}
    return found[0], parts


def came_on_a_card(folder: Path) -> bool:
    """Whether the character of this folder came on a card."""
    return known_of(folder).is_file()


def known_of(folder: Path) -> Path:
    """Where it stands what is known of the coming in of the character of this folder."""
    return folder / _BESIDE / _KNOWN


def _picture(folder: Path, character: Character) -> bytes:
    """The character's portrait where it has one that is no drawing, else one drawn by its ``avatar.json``. The art is
    that of ``folder``."""
    for kind in _DRAWN:
        path = folder / "art" / f"portrait.{kind}"
        if path.is_file():
            return read_file(path)
    return portrait(_avatar(folder / "art" / "avatar.json"), character.art or character.id, character.colour)


def _avatar(path: Path) -> dict[str, Any]:
    """How a character is drawn; as nobody has chosen where the file is not there, or is wrong (`openroom check` says
    so)."""
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    return {} if misdrawn(data) else dict(json.loads(data))


def _new_card(
    folder: Path,
    character: Character,
    lore: Path,
    format: Format,
    spec: int,
    picture: bytes,
    released: Released | None,
) -> Written:
    """A character that never was a card. Its whole definition goes along under ``extensions.openroom``."""
    values = read_document(folder / "character.yaml").value
    data: dict[str, Any] = {
        **ours.told(values, character),
        "personality": "",
        "scenario": "",
        "system_prompt": "",
        "post_history_instructions": "",
        "tags": [],
        "creator": "",
        "character_version": "",
        "extensions": ours.extension(values),
        "group_only_greetings": [],
    }
    report = Report()
    data |= card_lore.fresh(lore, spec, report)
    if released is not None:
        data |= folded(data, character.harness(), released, report)
    text = jsontext.dump({"spec": "chara_card_v3", "spec_version": "3.0", "data": data})
    written = write(read_card(text), format, spec, picture=picture, new=True)
    written.report.convert("persona, appearance and facts", "into the description")
    written.report.convert("the whole definition", "it goes along under extensions, openroom: its secrets too")
    written.report.converted += report.converted
    written.report.dropped += report.dropped
    return written
