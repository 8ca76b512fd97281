"""The version of a character that is in force, told in the fields of a card that other programs read, and taken out of
them again.

    changed = folded(card.data, author, Released(harness, evidence), report)      # fields of the card by key
    bare, released = unfolded(card)                                               # the card as it was before, and that
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openroom.cards.card import Card
from openroom.cards.character import example_text
from openroom.cards.fields import OURS, fields_of
from openroom.cards.notes import Report
from openroom.core.harness import LISTS, Example, Harness, HarnessError, Rule, canonical, load_harness

_VERSION = "version"
"""Key, under ours, of what a card carries of a version."""
_FOLDED = ("system_prompt", "post_history_instructions", "mes_example", "creator_notes")
_THEIRS = "{{original}}"
"""Where a program puts its own prompt, beside which ours stands."""
_ALONE = "no field for it that other programs read; it goes along under extensions, openroom"


@dataclass(frozen=True, slots=True)
class Released:
    """A version in force. ``evidence`` is the sha256 (hex) of what it was kept on, empty where that is not known."""

    harness: Harness
    evidence: str = ""


def folded(data: Mapping[str, Any], author: Harness, released: Released, report: Report) -> dict[str, Any]:
    """What a version brought beside its ``author``'s, as fields of the card whose ``data`` this is. ``extensions``
    carries the version itself, its digests, and what stood in the fields before."""
    had = {key: value if isinstance(value := data.get(key), str) else "" for key in _FOLDED}
    now = released.harness
    told = {
        "system_prompt": _system(had["system_prompt"], author, now),
        "post_history_instructions": _last(had["post_history_instructions"], author, now),
        "mes_example": _examples(had["mes_example"], author.examples, now.examples),
    }
    changed = {key: text for key, text in told.items() if text != had[key]}
    for key in changed:
        report.convert(key, "what tuning kept stands in it, for other programs")
    alone = [key for key in ("sampling", "menu", "memory") if getattr(author, key) != getattr(now, key)]
    alone += ["the order of the prompt's parts"] if author.order != now.order else []
    alone += [f"guards.{key}" for key in _silent_guards(author, now)]
    for what in alone:
        report.convert(what, _ALONE)
    changed["creator_notes"] = _notes(had["creator_notes"], changed, alone, released)
    extensions = data.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        report.drop("the version", "the card's extensions are no object that could hold it; its fields tell it alone")
        return changed
    beside = copy.deepcopy(extensions or {})
    ours = beside.get(OURS)
    before = {
        key: {"after": _digest(text), **({"before": data[key]} if key in data else {})} for key, text in changed.items()
    }
    version = {
        "harness": now.model_dump(mode="json", exclude_none=True),
        "harness_digest": now.digest,
        "evidence_digest": released.evidence,
        "folded": before,
    }
    beside[OURS] = {**(ours if isinstance(ours, dict) else {}), _VERSION: version}
    report.convert("the version", f"{now.digest[:12]}, whole under extensions, openroom")
    return {**changed, "extensions": beside}


def unfolded(card: Card, report: Report | None = None) -> tuple[Card, Released | None]:
    """The card as it was before a version was folded into it, and that version; the card itself and none where it
    carries none, or one that was changed, or was edited since by a program that knows nothing of it."""
    told = report or Report()
    ours = card.fields.extensions.get(OURS)
    version = ours.get(_VERSION) if isinstance(ours, dict) else None
    if not isinstance(version, dict):
        return card, None
    try:
        released = _carried(version)
        raw = copy.deepcopy(dict(card.raw))
        data = raw if card.spec == 1 else raw["data"]
        _restore(data, version["folded"])
    except (HarnessError, KeyError, TypeError, ValueError) as error:
        told.drop("the version of another openroom", f"the card's own fields count: {error}")
        return card, None
    told.keep("the version of another openroom", released.harness.digest[:12])
    return replace(card, raw=raw, fields=fields_of(raw, data, card.spec)[0]), released


def restored(card: Card, bare: Card) -> dict[str, Any]:
    """The fields of a card that differ from those of the same card `unfolded`, as they were (``None``: absent)."""
    return {key: bare.data.get(key) for key in (*_FOLDED, "extensions") if card.data.get(key) != bare.data.get(key)}


def _carried(version: Mapping[str, Any]) -> Released:
    """Raises `ValueError` and `HarnessError` for what no author's version could have become."""
    harness = load_harness(canonical(version["harness"]))
    if harness.digest != version["harness_digest"]:
        raise ValueError("its digest is another one")
    if harness.locked_sections or any(rule.locked for rule in harness.rules):
        raise ValueError("it has locked parts, which no card may bring")
    evidence = version.get("evidence_digest")
    return Released(harness, evidence if isinstance(evidence, str) and len(evidence) == 64 else "")


def _restore(data: dict[str, Any], before: Mapping[str, Any]) -> None:
    """Put back what stood in the fields. Raises `ValueError` where one was edited since."""
    if not isinstance(before, dict):
        raise TypeError("what stood in its fields before is no object")
    for key, mark in before.items():
        text = data.get(key)
        if key not in _FOLDED or not isinstance(text, str) or _digest(text) != mark["after"]:
            raise ValueError(f"{key[:40]} was edited since")
    for key, mark in before.items():
        if "before" in mark:
            data[key] = mark["before"]
        else:
            del data[key]
    rest = {key: value for key, value in data["extensions"][OURS].items() if key != _VERSION}
    if rest:
        data["extensions"][OURS] = rest
    else:
        del data["extensions"][OURS]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _system(had: str, author: Harness, now: Harness) -> str:
    """The rules and sections: the author's own text goes on where each of their rules still holds."""
    new = [rule for rule in now.rules if rule not in author.rules]
    gone = any(rule not in now.rules for rule in author.rules)
    sections = [now.sections[part] for part in now.order if part not in LISTS]
    if not new and not gone and not sections:
        return had
    whole = gone or not had.strip()
    lines = [_rule(rule) for rule in (now.rules if whole else new)]
    return "\n".join([_THEIRS if whole else had, *sections, *lines])


def _rule(rule: Rule) -> str:
    if rule.after is None:
        return rule.text
    about = " or ".join(f'"{word}"' for word in rule.after.words)
    if rule.after.kind == "said":
        return f"When somebody {f'says {about}' if about else 'speaks'}: {rule.text}"
    return f"After {rule.after.kind}{f' ({about})' if about else ''}: {rule.text}"


def _last(had: str, author: Harness, now: Harness) -> str:
    """The reminder, and what guards of ours hold, as instructions."""
    was, is_ = author.guards, now.guards
    lines = []
    if is_.reminder != was.reminder:
        if was.reminder and was.reminder in had:
            had = had.replace(was.reminder, is_.reminder, 1).strip()
        elif is_.reminder:
            lines.append(is_.reminder)
    if is_.max_sentences and is_.max_sentences != was.max_sentences:
        most = is_.max_sentences
        lines.append(f"Answer in at most {most} sentences." if most > 1 else "Answer in one sentence.")
    if fresh := [word for word in is_.banned_words if word not in was.banned_words]:
        lines.append(f"Never say: {', '.join(fresh)}.")
    if not lines:
        return had
    return "\n".join([had if had.strip() else _THEIRS, *lines])


def _examples(had: str, author: Sequence[Example], now: Sequence[Example]) -> str:
    new = [one for one in now if one not in author]
    gone = any(one not in now for one in author)
    if not new and not gone:
        return had
    if gone or not had.strip():
        return _exchanges(now)
    return f"{had}\n{_exchanges(new)}"


def _exchanges(examples: Iterable[Example]) -> str:
    return example_text([{"heard": one.heard, "say": one.say} for one in examples])


def _silent_guards(author: Harness, now: Harness) -> list[str]:
    """Guards that only code of ours can hold, where they differ."""
    keys = ("loop_detection", "repair_attempts", "facts_at_hand")
    return [key for key in keys if getattr(author.guards, key) != getattr(now.guards, key)]


def _notes(had: str, changed: Iterable[str], alone: Iterable[str], released: Released) -> str:
    where, beside = ", ".join(changed), ", ".join(alone)
    told = f"What tuning kept stands in {where}." if where else "What tuning kept has no field here."
    told += f" Only openroom plays: {beside}." if beside else ""
    evidence = f", evidence {released.evidence[:12]}" if released.evidence else ""
    note = f"Tuned with openroom, version {released.harness.digest[:12]}{evidence}. {told}"
    return f"{had}\n\n{note}" if had.strip() else note
