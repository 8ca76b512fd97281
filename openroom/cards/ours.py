"""The whole definition of a character of ours, which a card carries under ``extensions``, beside what its fields tell.

values = carried(card)                                 # as another openroom had it; none where it does not count
changed = redefined(card, values, now, report)         # an edit of it, as fields of the card by key
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from openroom.cards.card import Card
from openroom.cards.character import example_text
from openroom.cards.fields import OURS
from openroom.cards.notes import Report
from openroom.core.character import Character

_DEFINITION = "definition"
_THEIRS = ("id", "art")
"""What belongs to the folder that a character stands in."""


def told(values: Mapping[str, Any], character: Character) -> dict[str, Any]:
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


def extension(values: Mapping[str, Any]) -> dict[str, Any]:
    """A definition as ``extensions`` carry it."""
    return {OURS: {_DEFINITION: json.loads(json.dumps(values, default=str))}}


def carries(card: Card) -> bool:
    """Whether a card has a definition of ours with it, whatever became of it."""
    return _definition(card) is not None


def carried(card: Card) -> dict[str, Any] | None:
    """The definition that a card of ours brings along, without an id; ``None`` where it has none that fits, or was
    edited since in a program that knows nothing of it: then what the card says counts."""
    values = _definition(card)
    if values is None:
        return None
    try:
        fields = _fields(values)
    except ValueError:
        return None
    if any(card.data.get(key) != value for key, value in fields.items()):
        return None
    return {key: value for key, value in values.items() if key not in _THEIRS}


def redefined(card: Card, values: Mapping[str, Any], now: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """An edit of the definition that a card brought (``values``, as `carried`), as fields of the card: in the
    definition, and in the fields that tell the same to other programs."""
    changed = {key for key in {*values, *now} - {*_THEIRS} if values.get(key) != now.get(key)}
    if not changed:
        return {}
    extensions = copy.deepcopy(dict(card.fields.extensions))
    old = extensions[OURS][_DEFINITION]
    new = {key: value for key, value in old.items() if key not in changed or key in now}
    new |= {key: now[key] for key in now if key in changed}
    extensions[OURS] |= extension(new)[OURS]
    for key in sorted(changed):
        report.convert(key, f"it goes along under extensions, {OURS}")
    before = _fields(old)
    fields = {key: value for key, value in _fields(new).items() if value != before[key]}
    return {**fields, "extensions": extensions}


def _definition(card: Card) -> dict[str, Any] | None:
    ours = card.fields.extensions.get(OURS)
    values = ours.get(_DEFINITION) if isinstance(ours, dict) else None
    return values if isinstance(values, dict) else None


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Raises `ValueError` for what is no definition. Its own id counts: what chance chooses in it hangs on that."""
    return told(values, Character.model_validate(values))
