"""What a character has been given here that no field of a card tells: facts, secrets, a repertoire, feelings of
examples. It goes along under ``extensions``, as a merge patch (RFC 7396) of what the fields tell, and comes in again
from there.

    extensions = put(card, before, now, changed, report)    # with the fields that change anyway
    values = taken(card, definition(card, id, report), fits, report)
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openroom.cards.card import Card
from openroom.cards.character import definition
from openroom.cards.convert import edited
from openroom.cards.fields import OURS, fields_of
from openroom.cards.notes import Report
from openroom.core.character import Character
from openroom.core.patch import diff, merge

_BESIDE, _OWN, _TEXTS, _TEXTS_OF = "beside", "own", "texts", "texts_of"
_ELSEWHERE = frozenset({"format", "id", "art", "lore"})
"""What belongs to the folder that a character stands in, or has a place of its own on a card."""
_FIELDS = frozenset({"name", "persona", "greeting", "greetings", "examples", "rules"})
"""What fields tell, but for a part of it: it counts only while they say what they said."""
_GUARDS, _REMINDER = "guards", "reminder"
_MOST = 1_000_000
"""Characters of what is taken from a card: a definition's file has no room for more."""
_ALONG = f"it goes along under extensions, {OURS}"
_NO_FIELD = "edited here; a card has no field for it, and its extensions are no object that could hold it"
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Beside:
    """Patches of what a card's fields tell: ``own`` of what they never tell, ``texts`` of the rest, which counts where
    the fields have the digest ``texts_of``."""

    own: Values
    texts: Values
    texts_of: str

    def holds(self, fields: Values) -> Values:
        """The patch that counts beside what the ``fields`` of a card tell."""
        return merge(self.own, self.texts) if self.texts_of == _digest(fields) else self.own


def put(card: Card, before: Values, now: Values, changed: Values, report: Report) -> dict[str, Any]:
    """The ``extensions`` of a card, as a field by its key (nothing where they stay): with what somebody edited and the
    fields, with those that ``changed``, do not tell, and with what came in them and still is so."""
    edits = {key for key in {*before, *now} - _ELSEWHERE if before.get(key) != now.get(key)}
    if not edits and not changed:
        return {}
    had = _had(card) or _Beside({}, {}, "")
    stays = {*had.own, *had.texts} - edits - _counting(card, before, had)
    after = _after(card, changed)
    keys = edits | {*had.own, *had.texts} - stays
    made = definition(after, str(now.get("id", "")), Report()) if keys else {}
    patch = diff(_some(made, keys), _some(now, keys))
    extensions = after.data.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        for key in sorted(patch):
            report.drop(key, _NO_FIELD)
        return {}
    for key in sorted(patch):
        report.convert(key, f"{_ALONG}: its secrets too" if key == "secrets" else _ALONG)
    own, texts = _parts(patch)
    beside: dict[str, Any] = {}
    if own := {**{key: had.own[key] for key in had.own if key in stays}, **own}:
        beside[_OWN] = own
    if texts:
        beside |= {_TEXTS: texts, _TEXTS_OF: _digest(_told(after))}
    elif had.texts and stays >= {*had.texts}:
        beside |= {_TEXTS: had.texts, _TEXTS_OF: had.texts_of}
    whole = _with(extensions or {}, beside)
    return {} if whole == (extensions or {}) else {"extensions": whole}


def taken(card: Card, made: Values, fits: Callable[[Values], bool], report: Report) -> dict[str, Any]:
    """A definition that was ``made`` of a card, with what another openroom had put beside the fields. It is anybody's
    text: what does not fit (``fits`` says it of a whole definition) is left out, and told."""
    had = _had(card)
    if had is None:
        return dict(made)
    patch = had.holds(_told(card))
    if patch is had.own:
        for key in had.texts:
            report.drop(key, "it does not fit, or the card was edited since")
    keys = [key for key in _keys() if key in patch]
    whole = dict(merge(made, {key: patch[key] for key in keys}))
    if not fits(whole):
        whole, keys = _as_far(made, patch, keys, fits, report)
    report.converted = [one for one in report.converted if one.what not in keys]
    for key in keys:
        report.keep(key, "as another openroom had it")
    return whole


def held_against(card: Card, before: Values, now: Values) -> Values:
    """The definition that edits of fields are found by: of what came from beside the fields and was edited since, it
    has what the fields tell."""
    had = _had(card)
    keys = [key for key in had.texts if before.get(key) != now.get(key)] if had else []
    if not keys:
        return before
    made = definition(card, str(now.get("id", "")), Report())
    return {**before, **{key: made[key] for key in keys if key in made}}


def _after(card: Card, changed: Values) -> Card:
    """The card with fields that changed."""
    raw = edited(card, changed, Report())
    return replace(card, raw=raw, fields=fields_of(raw, raw if card.spec == 1 else raw["data"], card.spec)[0])


def _counting(card: Card, before: Values, had: _Beside) -> set[str]:
    """Which keys of what came along did count: a newer openroom's, and what does not fit, stays as it came."""
    if not (had.own or had.texts):
        return set()
    patch = had.holds(_told(card))
    whole = merge(definition(card, str(before.get("id", "")), Report()), patch)
    return {key for key in patch if whole.get(key) == before.get(key)}


def _as_far(
    made: Values, patch: Values, keys: list[str], fits: Callable[[Values], bool], report: Report
) -> tuple[dict[str, Any], list[str]]:
    """As much of a patch as fits, key by key."""
    whole, good = dict(made), []
    for key in keys:
        more = dict(merge(whole, {key: patch[key]}))
        if fits(more):
            whole = more
            good.append(key)
        else:
            report.drop(key, "it does not fit, or the card was edited since")
    return whole, good


def _keys() -> list[str]:
    """Keys that may come in, in the order in which a definition has them: feelings before those who show them."""
    return [key for key in Character.model_fields if key not in _ELSEWHERE]


def _had(card: Card) -> _Beside | None:
    """What a card brings along, as far as it is in the form that `put` gives it."""
    ours = card.fields.extensions.get(OURS)
    given = ours.get(_BESIDE) if isinstance(ours, dict) else None
    if not isinstance(given, dict) or len(json.dumps(given)) > _MOST:
        return None
    own, texts = given.get(_OWN, {}), given.get(_TEXTS, {})
    if not isinstance(own, dict) or not isinstance(texts, dict):
        return None
    own, _ = _parts(own)
    _, texts = _parts(texts)
    return _Beside(own, texts, str(given.get(_TEXTS_OF, "")))


def _parts(patch: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """A patch of what fields never tell, and one of what they tell."""
    own = {key: value for key, value in patch.items() if key not in _FIELDS}
    texts = {key: value for key, value in patch.items() if key in _FIELDS}
    guards = own.get(_GUARDS)
    if isinstance(guards, dict) and _REMINDER in guards:
        texts[_GUARDS] = {_REMINDER: guards[_REMINDER]}
        own[_GUARDS] = {key: value for key, value in guards.items() if key != _REMINDER}
        if not own[_GUARDS]:
            del own[_GUARDS]
    return own, texts


def _some(values: Values, keys: set[str]) -> dict[str, Any]:
    """Those keys of a definition, as JSON has them; what is nothing is absent."""
    there = {key: values[key] for key in sorted(keys) if values.get(key) is not None}
    whole: dict[str, Any] = _full(json.loads(json.dumps(there, default=str)))
    return whole


def _full(value: Any) -> Any:
    """A value without what is nothing, in mappings, however deep."""
    if isinstance(value, dict):
        return {key: _full(one) for key, one in value.items() if one is not None}
    return value


def _told(card: Card) -> dict[str, Any]:
    """What a card says in the fields that a definition is made of. Of a nameless one the name is none, whatever it is
    called here."""
    fields = card.fields
    keys = ("nickname", "description", "personality", "scenario", "first_mes", "mes_example", "system_prompt")
    told = {key: getattr(fields, key) for key in (*keys, "post_history_instructions", "alternate_greetings")}
    return {**told, "name": card.data.get("name") or "", "note": fields.extensions.get("depth_prompt")}


def _digest(fields: Values) -> str:
    text = json.dumps(fields, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _with(extensions: Values, beside: Values) -> dict[str, Any]:
    """Extensions with another such part of ours; without it where that is empty."""
    whole = copy.deepcopy(dict(extensions))
    ours = whole.get(OURS)
    ours = {key: value for key, value in ours.items() if key != _BESIDE} if isinstance(ours, dict) else {}
    if beside:
        ours[_BESIDE] = beside
    if ours:
        whole[OURS] = ours
    else:
        whole.pop(OURS, None)
    return whole
