"""What somebody changed in a definition since a card became it, as edits of the card: there alone, and of all else
nothing is lost. What no field tells is the matter of `openroom.cards.beside`.

    changed = edits(before, now, card, report)       # fields of the card by key
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from openroom.cards import tavern
from openroom.cards.card import Card
from openroom.cards.character import (
    FULL_NAME,
    ORIGINAL,
    called,
    clean,
    cleaned,
    example_text,
    persona_parts,
    rule_lines,
)
from openroom.cards.examples import Exchange, exchanges
from openroom.cards.fitting import Grown, grown
from openroom.cards.notes import Report
from openroom.cards.pieces import Pieces, Place, steps, with_tail

_SYSTEM, _LAST = "system_prompt", "post_history_instructions"
_PARAGRAPH = "\n\n"
_START = "\n<START>\n"
_EMPTY_SCENE = re.compile(r"<\s*START\s*>\s*(?=<\s*START\s*>|\Z)", re.IGNORECASE)


def edits(before: Mapping[str, Any], now: Mapping[str, Any], card: Card, report: Report) -> dict[str, Any]:
    """What somebody changed in a definition since the card became it, as fields of the card."""
    changed: dict[str, Any] = {}
    if now.get("persona") != before.get("persona"):
        changed |= _persona(str(before.get("persona", "")), str(now.get("persona", "")), card, report)
    if now.get("name") != before.get("name") and now.get("name"):
        key = "nickname" if card.fields.nickname.strip() else "name"
        changed[key] = with_tail(key, called(card), str(before.get("name", "")), str(now["name"]), report)
    if any(now.get(key) != before.get(key) for key in ("greeting", "greetings")):
        changed |= _greetings(_greeted(before), _greeted(now), card, report)
    if now.get("examples") != before.get("examples"):
        changed |= _examples(before.get("examples"), now.get("examples"), card, report)
    if any(now.get(key) != before.get(key) for key in ("rules", "guards")):
        changed |= _instructions(before, now, card, report)
    if now.get("turns") != before.get("turns"):
        changed |= tavern.with_turns(card, now.get("turns"), changed.get("extensions", card.fields.extensions))
    return changed


# Greetings ------------------------------------------------------------------------------------------------------------


def _greeted(values: Mapping[str, Any]) -> list[str]:
    return [str(text) for text in (values.get("greeting"), *(values.get("greetings") or ())) if text]


def _greetings(before: Sequence[str], now: Sequence[str], card: Card, report: Report) -> dict[str, Any]:
    """``first_mes`` and ``alternate_greetings``. Those that greet nobody here (empty ones, ones that had no room, what
    is no text) stay where they are among the others."""
    listed = card.data.get("alternate_greetings")
    others = listed if isinstance(listed, list) else list(card.fields.alternate_greetings)
    given = [card.fields.first_mes, *others]
    places = _found(before, [clean(one) if isinstance(one, str) else "" for one in given])
    behind: dict[int, list[Any]] = {}
    after: dict[int, Any] = dict(enumerate(given))
    was = {text: given[at] for text, at in zip(before, places, strict=True) if at is not None}
    last = -1
    for old, new in steps(before, now):
        at = places[old] if old is not None else None
        if at is None:
            if new is not None:
                behind.setdefault(last, []).append(was.get(now[new], now[new]))
            continue
        last = at
        if new is None:
            del after[at]
        elif now[new] != before[old or 0]:
            what = f"alternate_greetings[{at - 1}]" if at else "first_mes"
            after[at] = with_tail(what, given[at], before[old or 0], now[new], report)
    if -1 in behind and not clean(card.fields.first_mes):
        after.pop(0, None)
    whole = [*behind.get(-1, ())]
    for at in range(len(given)):
        whole += [after[at]] if at in after else []
        whole += behind.get(at, ())
    first = whole.pop(0) if whole and isinstance(whole[0], str) else ""
    changed: dict[str, Any] = {} if first == given[0] else {"first_mes": first}
    if listed is not None and not isinstance(listed, list | str) and whole:
        report.drop(
            "alternate_greetings", "what stood there was no list of texts; the edited greetings stand there now"
        )
    return changed if whole == others else {**changed, "alternate_greetings": whole}


def _found(before: Sequence[str], given: Sequence[str]) -> list[int | None]:
    """Which of the card's texts each greeting was made of: the beginning of one, in the same order."""
    places: list[int | None] = []
    at = 0
    for text in before:
        place = next((one for one in range(at, len(given)) if given[one] and given[one].startswith(text)), None)
        places.append(place)
        at = at if place is None else place + 1
    return places


# Examples -------------------------------------------------------------------------------------------------------------


def _examples(before: Any, now: Any, card: Card, report: Report) -> dict[str, str]:
    """``mes_example``: each exchange that was edited is written anew, and what is none of ours stays."""
    key, raw = "mes_example", card.fields.mes_example
    text, at = cleaned(raw)
    old, new = _pairs(before), _pairs(now)
    found = _same_exchanges(old, [one for one in exchanges(text, called(card)) if one.heard])
    places = [Place(key, at[one.start], at[one.end - 1] + 1) if one else None for one in found]

    def written(was: int | None, here: int) -> str:
        heard, say = new[here]
        source = found[was] if was is not None else None
        if was is not None and source is not None:
            heard = with_tail(f"{key}[{was}]", source.heard, old[was][0], heard, report)
            say = with_tail(f"{key}[{was}]", source.say, old[was][1], say, report)
        return example_text([{"heard": heard, "say": say}]).removeprefix(_START.lstrip())

    pieces = Pieces({key: raw}, _START.lstrip(), _START)
    pieces.follow(places, old, new, written, key)
    changed = pieces.changed()
    if key in changed and len(new) < len(old):
        changed[key] = _EMPTY_SCENE.sub("", changed[key])
    return changed


def _pairs(examples: Any) -> list[tuple[str, str]]:
    given = [one for one in examples or () if isinstance(one, Mapping)]
    return [(str(one.get("heard", "")), str(one.get("say", ""))) for one in given]


def _same_exchanges(before: Sequence[tuple[str, str]], found: Sequence[Exchange]) -> list[Exchange | None]:
    """The exchange that each example was made of; ``None`` where that is not known."""
    same: list[Exchange | None] = []
    left = iter(found)
    for heard, say in before:
        rest = list(left)
        at = next((n for n, one in enumerate(rest) if one.heard.startswith(heard) and one.say.startswith(say)), None)
        same.append(None if at is None else rest[at])
        left = iter(rest if at is None else rest[at + 1 :])
    return same


# Persona --------------------------------------------------------------------------------------------------------------


def _persona(before: str, now: str, card: Card, report: Report) -> dict[str, Any]:
    """The parts of the persona that were changed. Where each begins is told by what the card says, not by what looks
    like a label; a part whose label is gone is one of what stands in front of it."""
    parts, now = persona_parts(card), clean(now)
    whole = _PARAGRAPH.join(label + text for _, label, text in parts)
    if not whole.startswith(before):
        rest = [key for key, label, _ in parts if label]
        return {"description": now, **dict.fromkeys(rest, "")}
    old, new = before.split(_PARAGRAPH), now.split(_PARAGRAPH)
    changed: dict[str, Any] = {}
    if parts and parts[0][0] == "name":
        full = FULL_NAME.fullmatch(new[0])
        if full is None:
            report.convert("name", "the card keeps its full name, though the persona does not say it any more")
        elif new[0] != old[0]:
            changed["name"] = full[1]
        parts, old, new = parts[1:], old[1:], new[1:] if full else new
    heads = _heads(parts, len(old))
    theirs = _cut(old, heads), _cut(new, _moved(old, new, heads))
    for key, label, whole in parts if parts and parts[0][0] == "description" else [("description", "", ""), *parts]:
        was, text = (_PARAGRAPH.join(one.get(key, ())).removeprefix(label) for one in theirs)
        if was != text:
            changed[key] = with_tail(key, whole, was, text, report)
    return changed


def _heads(parts: Sequence[tuple[str, str, str]], count: int) -> dict[str, tuple[str, int]]:
    """Of each part with a label: the label, and its place among the first ``count`` paragraphs."""
    heads, at = {}, 0
    for key, label, text in parts:
        if label and at < count:
            heads[key] = (label, at)
        at += text.count(_PARAGRAPH) + 1
    return heads


def _moved(old: Sequence[str], new: Sequence[str], heads: Mapping[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """Where the heads stand after an edit: in the same paragraph, or in the one with their label that came instead."""
    moved = {}
    for tag, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        for key, (label, at) in heads.items():
            if not start <= at < end:
                continue
            if tag == "equal":
                moved[key] = (label, first + at - start)
            elif alike := [one for one in range(first, last) if new[one].startswith(label)]:
                before = sum(one.startswith(label) for one in old[start:at])
                moved[key] = (label, alike[min(before, len(alike) - 1)])
    last = -1
    for key, (_, at) in list(moved.items()):  # turned round, one is a part of another: a card has them in this order
        last, behind = max(last, at), at > last
        if not behind:
            del moved[key]
    return moved


def _cut(paragraphs: Sequence[str], heads: Mapping[str, tuple[str, int]]) -> dict[str, Sequence[str]]:
    """The paragraphs of each part."""
    begins = sorted([(at, key) for key, (_, at) in heads.items()])
    ends = [*(at for at, _ in begins), len(paragraphs)][1:]
    parts = {key: paragraphs[at:end] for (at, key), end in zip(begins, ends, strict=True)}
    return {"description": paragraphs[: begins[0][0] if begins else None], **parts}


# Rules and the reminder -----------------------------------------------------------------------------------------------


def _instructions(before: Mapping[str, Any], now: Mapping[str, Any], card: Card, report: Report) -> dict[str, Any]:
    """Rules and the reminder, in the texts that they were made of; a new rule stands behind the one before it."""
    texts = {_SYSTEM: card.fields.system_prompt, _LAST: card.fields.post_history_instructions}
    told = grown(str(before.get("name", "")), str(before.get("id", "")), "rules")
    system, last = (_lines(key, text, told) for key, text in texts.items())
    pieces = Pieces(texts, "{{original}}\n", "\n")
    _follow_lines(pieces, _SYSTEM, [*system, *last[1:]], _rules(before), _rules(now), report)
    was, now_ = _guards(before), _guards(now)
    noted: dict[str, Any] = {}
    if not last and _reminder(was) and tavern.is_note(card, _reminder(was)[0]):
        noted = tavern.with_note(card, _reminder(now_))
    else:
        _follow_lines(pieces, _LAST, last[:1], _reminder(was), _reminder(now_), report)
    return {**pieces.changed(), **noted}


def _rules(values: Mapping[str, Any]) -> list[str]:
    return [str(rule) for rule in values.get("rules") or ()]


def _guards(values: Mapping[str, Any]) -> Mapping[str, Any]:
    guards = values.get("guards")
    return guards if isinstance(guards, Mapping) else {}


def _reminder(guards: Mapping[str, Any]) -> list[str]:
    return [str(guards["reminder"])] if guards.get("reminder") else []


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it became, what it was before it was cut, and where that stands."""

    text: str
    whole: str
    place: Place | None


def _lines(key: str, raw: str, grown: Grown) -> list[_Line]:
    found = rule_lines(key, raw, Report(), grown)
    places = _lines_in(key, raw, [whole for _, whole in found])
    return [_Line(text, whole, place) for (text, whole), place in zip(found, places, strict=True)]


def _follow_lines(
    pieces: Pieces, key: str, found: Sequence[_Line], before: Sequence[str], now: Sequence[str], report: Report
) -> None:
    known = [found[at] if at < len(found) and found[at].text == line else None for at, line in enumerate(before)]

    def written(was: int | None, here: int) -> str:
        source = known[was] if was is not None else None
        if was is None or source is None:
            return now[here]
        return with_tail(source.place.key if source.place else key, source.whole, before[was], now[here], report)

    pieces.follow([one.place if one else None for one in known], before, now, written, key)
    if any((one is None or one.place is None) and line not in now for one, line in zip(known, before, strict=True)):
        report.drop(key, "a line of it was edited here, and is not found on the card: it stays there as it was")


def _lines_in(key: str, raw: str, lines: Sequence[str]) -> list[Place | None]:
    """Where each line stands, whose words follow each other in the text."""
    text, at = cleaned(ORIGINAL.sub(lambda found: " " * len(found[0]), raw))
    places: list[Place | None] = []
    here = 0
    for line in lines:
        words, start, end = line.split(), -1, here
        for word in words:
            begin = text.find(word, end)
            if begin < 0:
                break
            start, end = (begin if start < 0 else start), begin + len(word)
        else:
            places.append(Place(key, at[start], at[end - 1] + 1) if words else None)
            here = end
            continue
        places.append(None)
    return places
