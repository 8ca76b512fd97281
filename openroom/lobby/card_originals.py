"""The card that a character came on: it lies beside its character.yaml, as it came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openroom.cards.card import Card
from openroom.cards.limits import MAX_TOTAL
from openroom.cards.notes import Report
from openroom.cards.read import read_card
from openroom.errors import CardError
from openroom.library.files import shown_path
from openroom.library.library import Library

BESIDE = "card"
"""The folder, beside character.yaml, of the original file and of what is known of it."""
KNOWN = "import.json"


def read_file(path: Path) -> bytes:
    """A card's file. Raises `CardError` where it cannot be read or is too large."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_TOTAL + 1)
    except OSError as error:
        raise CardError("a file that can be read", came=error.strerror or str(error), file=shown_path(path)) from error
    return data


def original(library: Library, character: str) -> Card | None:
    """The card that a character came on; none where it came on none. Raises `CardError`."""
    folder = library.folder(character)
    found = original_in(folder) if folder is not None else None
    return found[0] if found is not None else None


def original_in(folder: Path) -> tuple[Card, dict[str, Any]] | None:
    """The card that lies beside a definition, and what is known of its coming in."""
    try:
        record = json.loads((folder / BESIDE / KNOWN).read_bytes())
        data = read_file(folder / BESIDE / Path(str(record["file"])).name)
        record["definition"] = dict(record["definition"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CardError(
            "what is known of the original card", came=str(error), file=shown_path(folder / BESIDE)
        ) from None
    card = read_card(data)
    if card.digest != record.get("digest"):
        raise CardError("the original file as it came", came="one that was changed", file=shown_path(folder / BESIDE))
    return card, record


def import_of(library: Library, character: str) -> tuple[Card, dict[str, Any]]:
    """The card that a character came on, and the report of its coming in. Raises `CardError`, for who came on none."""
    folder = library.folder(character)
    found = original_in(folder) if folder is not None else None
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
    return folder / BESIDE / KNOWN
