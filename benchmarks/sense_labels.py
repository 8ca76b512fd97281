"""What `benchmarks.sense` reads and prints: the sheet for labellers, the labels, and how far the checks agree.

A label is three answers, 1 or 0: does the reply *answer* the line, does it speak as *who* it is, does it *fit* the card
and the room; a reply makes sense when all three are 1. ``go_on`` is whether one would like to go on. The rules:
docs/lab/sense.md.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openroom.core.actor import character_id
from openroom.core.character import Character
from openroom.evals.case import Case, CheckSpec, Step
from openroom.evals.checks.sense import CHECKS
from openroom.evals.played import Deed, PlayedCase, PlayedReply, Thing
from openroom.evals.result import CheckResult, examine
from openroom.evals.stats import Share, share
from openroom.library.library import Library

SPEAKERS = ("understudy", "local", "mixed")
_VISITOR = "player:guest"
_FIELDS = ("id", "answers", "who", "fits", "go_on")
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Label:
    """What a labeller thought of one reply."""

    answers: bool
    who: bool
    fits: bool
    go_on: bool
    note: str = ""

    @property
    def sensible(self) -> bool:
        """Whether the reply makes sense; ``go_on`` is asked beside it."""
        return self.answers and self.who and self.fits


def opaque(seed: int, speaker: str, script: str, step: int) -> str:
    """An id that tells nothing."""
    return hashlib.sha256(f"{seed}|{speaker}|{script}|{step}".encode()).hexdigest()[:8]


def half_of(item_id: str) -> str:
    """In which half a reply is: the checks may be mended with ``dev`` in view, ``held`` is looked at once."""
    return "held" if hashlib.sha256(f"half|{item_id}".encode()).digest()[0] % 2 else "dev"


def read_items(path: Path) -> list[dict[str, Any]]:
    """The replies, each once (the last one of an id)."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return list({item["id"]: item for item in found}.values())


def read_labels(path: Path, items: Sequence[Item]) -> dict[str, Label]:
    """Labels by id, of a file with tabs between: id, answers, who, fits, go_on, note. Raises `ValueError` for a line
    that is none, and for an id that is not there or stands twice."""
    known, found = {item["id"] for item in items}, dict[str, Label]()
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if not row or row[0].startswith("#") or row[0] == "id":
                continue
            name, *rest = (cell.strip() for cell in row)
            marks, note = rest[:4], rest[4] if len(rest) > 4 else ""
            if len(marks) < 4 or set(marks) - {"0", "1"}:
                raise ValueError(f"{path}:{number}: expected {', '.join(_FIELDS)} with 0 or 1, came {row!r}")
            if name not in known or name in found:
                raise ValueError(f"{path}:{number}: expected the id of a reply, once, came {name!r}")
            found[name] = Label(*(mark == "1" for mark in marks), note)
    return found


# the sheet ------------------------------------------------------------------------------------------------------------


def sheet(items: Sequence[Item], library: Library, seed: int = 0) -> str:
    """The cards, then each reply with what a visitor knows of it, in an order that tells nothing."""
    mixed = sorted(items, key=lambda item: str(item["id"]))
    random.Random(seed).shuffle(mixed)
    cast = sorted({item["character"] for item in items})
    cards = [_card(library.characters[who]) for who in cast]
    head = "Rules: docs/lab/sense.md. One line a reply, tabs between: id, answers, who, fits, go_on (1 or 0), note."
    return "\n\n".join([head, *cards, *map(_entry, mixed)])


def _card(card: Character) -> str:
    facts = [f"  - {fact.text}" for fact in card.facts]
    unknown = [f"  knows nothing of: {', '.join(card.knowledge.unknown)}"] if card.knowledge.unknown else []
    looks = [f"  {card.appearance}"] if card.appearance else []
    return "\n".join([f"== {card.name}: {card.line}", *looks, f"  {card.persona}", *facts, *unknown])


def _entry(item: Item) -> str:
    things = "; ".join(_thing(thing) for thing in item["things"])
    before = [f"  {line['who']}: {line['text']}" if line["who"] else f"  ({line['text']})" for line in item["before"]]
    said = item["reply"] or "(nothing)"
    deeds = "".join(f" ({deed})" for deed in item["deeds"])
    who = item["character"].capitalize()
    return "\n".join(
        [
            f"#{item['id']}  {item['language']}  {who}",
            f"  [after: {things}]",
            *before,
            f"> {item['visitor']}: {item['line']}",
            f"< {who}: {said}{deeds}",
        ]
    )


def _thing(thing: Mapping[str, Any]) -> str:
    state = ", ".join(f"{key} {value}" for key, value in thing["state"].items() if not isinstance(value, list | dict))
    return f"{thing['name']} {thing['look'] or state}".strip()


# the table ------------------------------------------------------------------------------------------------------------


def table(items: Sequence[Item], key: Mapping[str, Any], labels: Mapping[str, Label]) -> str:
    """Shares of replies that make sense, by speaker, language and character."""
    found = [item for item in items if item["id"] in labels]
    groups: tuple[tuple[str, Callable[[Item], str]], ...] = (
        ("all", lambda _: "all"),
        ("speaker", lambda item: str(key[item["id"]]["speaker"])),
        ("who spoke", lambda item: str(key[item["id"]]["spoke"])),
        ("language", lambda item: str(item["language"])),
        ("character", lambda item: str(item["character"])),
    )
    lines = [
        f"{len(found)} of {len(items)} replies labelled",
        "",
        "| | | n | sensible [95 %] | answers | who | fits | go on |",
    ]
    lines.append("|---|---|---|---|---|---|---|---|")
    for title, of in groups:
        names = sorted({of(item) for item in found})
        lines += [_row(title, name, [labels[item["id"]] for item in found if of(item) == name]) for name in names]
    return "\n".join(lines)


def _row(title: str, name: str, of: Sequence[Label]) -> str:
    sensible = _percent(share(sum(one.sensible for one in of), len(of)))
    parts = [[one.answers for one in of], [one.who for one in of], [one.fits for one in of], [one.go_on for one in of]]
    cells = [f"{sum(part) / len(of):.0%}" for part in parts]
    return f"| {title} | {name} | {len(of)} | {sensible} | {' | '.join(cells)} |"


def _percent(of: Share) -> str:
    return f"{of.value:.0%} [{of.low:.0%}, {of.high:.0%}]" if of.total else "-"


# the checks -----------------------------------------------------------------------------------------------------------


def checked(item: Item, key: Mapping[str, Any], card: Character) -> list[CheckResult]:
    """What the checks of sense find in one reply."""
    who = character_id(card.id)
    mine = key.get(item["id"], {})
    reply = PlayedReply(
        step=0,
        named="q",
        who=who,
        heard=item["line"],
        by=_VISITOR,
        say=item["reply"],
        seq=1,
        deeds=tuple(Deed(1, *name.split(".", 1)) for name in mine.get("did", ())),
        messages=(("user", "\n".join(mine.get("notes", ()))),),
        before=tuple(Thing(**thing) for thing in item["things_before"]),
        after=tuple(Thing(**thing) for thing in item["things"]),
    )
    people = {who: card.name, _VISITOR: item["visitor"]}
    played = PlayedCase("labelled", who, card.name, (), (reply,), (), {}, {}, people)
    specs = tuple(CheckSpec(check=check.name) for check in CHECKS)
    case = Case(
        id="labelled",
        dimension="sense",
        cluster="labelled",
        language=item["language"],
        steps=(Step(say=item["line"]),),
        checks=specs,
    )
    return examine(case, played, card)


def agreement(
    items: Sequence[Item],
    key: Mapping[str, Any],
    labels: Mapping[str, Label],
    library: Library,
    half: str = "dev",
    *,
    show: bool = False,
) -> str:
    """How far the checks agree with the labels on a half: a reply that fails one of them should make no sense."""
    found = [item for item in items if item["id"] in labels and half in ("both", half_of(item["id"]))]
    failed = {
        item["id"]: [one for one in checked(item, key, library.characters[item["character"]]) if not one.passed]
        for item in found
    }
    lines = [
        f"half {half}: {len(found)} labelled replies",
        *_figures(found, labels, failed),
        "",
        *_by_check(labels, failed),
    ]
    if show:
        lines += [
            "",
            *(_differing(item, labels[item["id"]], failed[item["id"]]) for item in _differ(found, labels, failed)),
        ]
    return "\n".join(lines)


def _figures(
    found: Sequence[Item], labels: Mapping[str, Label], failed: Mapping[str, Sequence[CheckResult]]
) -> list[str]:
    bad = [item["id"] for item in found if not labels[item["id"]].sensible]
    good = [item["id"] for item in found if labels[item["id"]].sensible]
    caught, passed = sum(bool(failed[one]) for one in bad), sum(not failed[one] for one in good)
    return [
        f"agreement    {share(caught + passed, len(found))}",
        f"sensitivity  {share(caught, len(bad))}   nonsense that a check fails",
        f"specificity  {share(passed, len(good))}   sense that all checks pass",
    ]


def _by_check(labels: Mapping[str, Label], failed: Mapping[str, Sequence[CheckResult]]) -> Iterable[str]:
    yield "| check | fails | of them nonsense |"
    yield "|---|---|---|"
    for check in CHECKS:
        hit = [name for name, results in failed.items() if any(one.check == check.name for one in results)]
        yield f"| {check.name} | {len(hit)} | {sum(not labels[name].sensible for name in hit)} |"


def _differ(
    found: Sequence[Item], labels: Mapping[str, Label], failed: Mapping[str, Sequence[CheckResult]]
) -> Iterable[Item]:
    """False alarms first, then what was missed."""
    wrong = [item for item in found if labels[item["id"]].sensible and failed[item["id"]]]
    missed = [item for item in found if not labels[item["id"]].sensible and not failed[item["id"]]]
    return [*wrong, *missed]


def _differing(item: Item, label: Label, failed: Sequence[CheckResult]) -> str:
    why = "; ".join(f"{one.check}: {one.why}" for one in failed) or f"missed ({label.note})"
    return f"#{item['id']} {item['language']} {item['line']!r} -> {item['reply']!r}: {why}"


__all__ = [
    "SPEAKERS",
    "Label",
    "agreement",
    "checked",
    "half_of",
    "opaque",
    "read_items",
    "read_labels",
    "sheet",
    "table",
]
