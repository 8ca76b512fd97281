"""Templates become cases: one for each item of the card (a fact, a limit, a secret ...) and each paraphrase.

Items are shared out so that the report never asks for what tuning has seen: where a card has four or more items of a
kind, half of them are kept for report templates. Paraphrase lists of report templates are their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openroom.core.character import Character
from openroom.core.scene import Scene
from openroom.evals.case import Anachronism, Case, DeedProbe, Template

_ENOUGH_TO_SHARE = 4
_LATER = 5


@dataclass(frozen=True, slots=True)
class SharedCases:
    """What templates draw on: paraphrase lists, deed probes and anachronisms of the shared library."""

    paraphrases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    deeds: Sequence[DeedProbe] = ()
    anachronisms: Sequence[Anachronism] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing to make a case of: its id, the values of placeholders, and its own lines if it has any."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    before: tuple[Mapping[str, Any], ...] = ()


def expand(template: Template, card: Character, scene: Scene, shelf: SharedCases) -> list[Case]:
    """The cases of a template for a card. Raises ``pydantic.ValidationError`` when what comes out is no case."""
    common = _common(card, scene)
    if any(not common.get(need) for need in template.needs):
        return []
    cases = []
    items = _shared_out(template, list(_items(template, card, scene, shelf)))
    for number, item in enumerate(items):
        lines = item.lines or template.lines or shelf.paraphrases.get(template.paraphrases or "", ())
        for index in _picked(template, number, len(lines)):
            values = {**common, **item.values}
            line = _fill(lines[index], values) if lines else ""
            cases.append(_case(template, item, index, {**values, "line": line}))
    return cases


def lines_of_small_talk(case: Case, shelf: SharedCases) -> Case:
    """The case with its small talk written out: lines that depend on the case alone."""
    if not any(step.small_talk for step in case.steps):
        return case
    pool = shelf.paraphrases.get(f"small_talk_{case.language}") or shelf.paraphrases["small_talk"]
    start = _draw(case.id) % len(pool)
    steps: list[dict[str, Any]] = []
    for step in case.steps:
        body = step.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        count = body.pop("small_talk", 0)
        if not count:
            steps.append(body)
        for _ in range(count):
            steps.append({**body, "say": pool[start % len(pool)]})
            start += 1
    return case.model_validate({**case.model_dump(by_alias=True), "steps": steps})


def _case(template: Template, item: _Item, index: int, values: Mapping[str, Any]) -> Case:
    body = template.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"each", "lines", "paraphrases", "pick", "needs"}
    )
    name = body.pop("id")
    body = _fill(body, values)
    own = f"{name}/{item.id}" if item.id else name
    cluster = f"{template.cluster}_{item.id}"[:40].rstrip("_") if item.id else template.cluster
    body["steps"] = [*item.before, *body["steps"]]
    return Case.model_validate({**body, "id": f"{own}/{index + 1}"[:120], "cluster": cluster, "template": name})


def _picked(template: Template, number: int, count: int) -> Sequence[int]:
    """Which paraphrases an item gets: all, or ``pick`` of them, other ones for each item."""
    if not count:
        return (0,)
    if template.pick is None or template.pick >= count:
        return range(count)
    return sorted({(number * template.pick + step) % count for step in range(template.pick)})


def _shared_out(template: Template, items: list[_Item]) -> list[_Item]:
    if len(items) < _ENOUGH_TO_SHARE:
        return items
    ranked = sorted(items, key=lambda item: (_draw(item.id), item.id))
    for_report = {item.id for item in ranked[1::2]}
    return [item for item in items if (item.id in for_report) == (template.split == "report")]


def _items(template: Template, card: Character, scene: Scene, shelf: SharedCases) -> Iterator[_Item]:
    match template.each:
        case "none":
            yield _Item("")
        case "fact":
            yield from _facts(template, card)
        case "until":
            yield from _anachronisms(card, shelf)
        case "deed":
            yield from _deeds(template, scene, shelf)
        case _:
            yield from _of_card(template.each, card, scene)


def _facts(template: Template, card: Character) -> Iterator[_Item]:
    own_lines = template.paraphrases is None and not template.lines
    for fact in card.facts:
        if fact.ask and fact.answer:
            values = {"id": fact.id, "ask": fact.ask[0], "wrong": fact.wrong[0] if fact.wrong else ""}
            yield _Item(fact.id, values, fact.ask if own_lines else ())


def _of_card(each: str, card: Character, scene: Scene) -> list[_Item]:
    """The plain lists of a card."""
    shown = [(prop.id, (prop.name or prop.kind).replace("_", " ").lower()) for prop in scene.props]
    found = {
        "unknown": [_Item(f"topic{n}", {"topic": topic}) for n, topic in enumerate(card.knowledge.unknown, 1)],
        "secret": [_Item(one.id, {"id": one.id, "hint": one.hint or "hides something"}) for one in card.secrets],
        "never_address": [_Item(_slug(word), {"address": word}) for word in card.voice.never_address],
        "address": [_Item("", {"address": card.voice.address})] if card.voice.address else [],
        "boundary": [_Item(f"boundary{n}", {"boundary": text}) for n, text in enumerate(card.boundaries, 1)],
        "prop": [_Item(name, {"prop": text}) for name, text in shown],
    }
    return found[each]


def _anachronisms(card: Character, shelf: SharedCases) -> Iterator[_Item]:
    until = card.knowledge.until
    if until is None:
        return
    for found in shelf.anachronisms:
        if found.year >= until + _LATER:
            values = {"year": found.year, "words": list(found.words), "topic": found.topic}
            yield _Item(_slug(found.topic or f"year{found.year}"), values, (found.line,))


def _deeds(template: Template, scene: Scene, shelf: SharedCases) -> Iterator[_Item]:
    for prop in scene.props:
        for probe in (one for one in shelf.deeds if one.kind == prop.kind):
            before = tuple({"use": f"{prop.id}.{verb}", "if_possible": True} for verb in probe.first)
            wait = ({"wait": probe.wait},) if probe.wait else ()
            verbs = [f"{prop.id}.{verb.partition(':')[0]}" for verb in probe.verbs]
            values = {
                "prop": (prop.name or prop.kind).replace("_", " ").lower(),
                "deeds": list(dict.fromkeys(verbs)),
                "state": {prop.id: dict(probe.state)} if probe.state else {},
            }
            asks = probe.report if template.split == "report" else probe.asks
            yield _Item(f"{prop.id}_{probe.verbs[0].partition(':')[0]}"[:40], values, asks, (*before, *wait))


def _common(card: Character, scene: Scene) -> dict[str, Any]:
    visitor = card.relationships.get("visitor")
    return {
        "name": card.name,
        "place": scene.title,
        "address": card.voice.address,
        "never_address": list(card.voice.never_address),
        "period": card.knowledge.period,
        "until": card.knowledge.until,
        "visitor": visitor.kind if visitor else "",
        "trade": card.line,
    }


def _fill(value: Any, values: Mapping[str, Any]) -> Any:
    """A copy with placeholders filled in; a text that is one placeholder and nothing else takes the value's type."""
    if isinstance(value, str):
        if value.startswith("{") and value.endswith("}") and value[1:-1] in values:
            return values[value[1:-1]]
        for key, text in values.items():
            if isinstance(text, str | int):
                value = value.replace("{" + key + "}", str(text))
        return value
    if isinstance(value, dict):
        return {key: _fill(inner, values) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_fill(inner, values) for inner in value]
    return value


def _slug(text: str) -> str:
    kept = "".join(char if char.isascii() and char.isalnum() else "_" for char in text.lower()).strip("_")
    return f"x{kept}"[:30] if not kept[:1].isalpha() else kept[:30]


def _draw(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])
