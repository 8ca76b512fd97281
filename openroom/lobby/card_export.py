"""A character goes out as a card: one that came on a card with what was edited since, any other as a new card.

written = export_card(library, "seraphina", "png", 3)      # in a thread: it reads and draws
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openroom.cards import beside, jsontext, ours
from openroom.cards.card import Card
from openroom.cards.edits import edits
from openroom.cards.last_resort import or_card_error
from openroom.cards.notes import Report
from openroom.cards.portrait import portrait
from openroom.cards.read import read_card
from openroom.cards.released import Released, folded, restored, unfolded
from openroom.cards.write import Format, Written, write
from openroom.core.character import Character
from openroom.errors import CardError
from openroom.library.avatar import misdrawn
from openroom.library.bounds import LORE
from openroom.library.document import read_document
from openroom.library.files import load_character, shown_path
from openroom.library.library import Library
from openroom.lobby import card_lore
from openroom.lobby.card_originals import original_in, read_file

_DRAWN = ("png", "webp", "jpg", "jpeg")
_SETTLED, _LOOKS = 1.0, 10
"""Seconds after which a file counts as written, and how often one that is younger is looked at in so many."""


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
    found = original_in(folder)
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


def _edits(record: Mapping[str, Any], now: Mapping[str, Any], bare: Card, report: Report) -> dict[str, Any]:
    """What was edited in a definition since its card came in, as fields of the card."""
    before, own = record["definition"], ours.carried(bare)
    # what was chosen of a long persona was added here
    added = {"id", "art", *({"condensed"} - set(own or ()))}
    if own is not None and own == {key: value for key, value in before.items() if key not in added}:
        return ours.redefined(bare, own, now, report)
    changed = edits(beside.held_against(bare, before, now), now, bare, report)
    return changed | beside.put(bare, before, now, changed, report)


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
