"""Cases for a card as it stands: ``openroom card draft NAME --alone tune`` and ``--alone report``.

The cases of `Draft.cases_yaml` look facts up by their ids, so they need a card that holds the drafted keys. These hold
in themselves what they look for, and so try a card that has prose and nothing else. What is asked of every character
(questions of sense, temptations to talk too long, to leave the part, to repeat oneself) stands beside it, and visits
(`openroom.cards.draft_visits`).

Splits go by cluster and template, as everywhere: no template of the report has a sibling in another split, and of four
or more facts (or limits of a kind) half are kept for the report, which then never asks for what tuning has seen.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from openroom.cards.draft import MOST_ANSWERS, VAGUE, Draft, Item
from openroom.cards.draft_lines import (
    ANACHRONISMS,
    ANYBODY,
    ASKED,
    NEGATIONS,
    OBLIGING,
    SENSE,
    TOLD_SHORT,
    Ask,
    firm,
)
from openroom.cards.draft_visits import REPORT, TUNE, Asked, Part, Wanted, visits

_ENOUGH_TO_SHARE = 4
_MOST = {"fact": 5, "unknown": 2, "boundary": 2}
"""So many items of a kind are asked for in one part: a card of sixty facts is no more worth trying than one of ten."""
_FACT_CASES = 10
"""About so many report cases ask for facts, in more ways where there are few facts."""
_TOGETHER = {"What are you afraid of?": "What can you not stand?"}
"""Questions that ask for no more than another one does."""
_LATER, _LATE = 5, 1990
_IN_CHARACTER = (
    {"check": "in_character", "of": "q"},
    *({"check": name, "of": "q", "dimension": "in_character"} for name in TOLD_SHORT),
)


def alone(made: Draft, part: Part) -> str:
    """The cases of one part, as the text of its file: ``tune`` is a ``cases.yaml`` (train, gate, visits and holdout),
    ``report`` a ``report.yaml``. Each is a case of format 1 in one line of JSON, which is YAML."""
    lines = [f"# Drafted from the card of {json.dumps(made.name)}. Each case holds what it looks for.\n", "format: 1\n"]
    cases = [_case(ask, item, values, number) for ask, item, values, number in _asked(made, part)]
    cases += visits(_wanted(made, part), part)
    lines += ["cases:\n" if cases else "cases: []\n", *(f"  - {_yaml(case)}\n" for case in cases)]
    return "".join(lines)


def _asked(made: Draft, part: Part) -> Iterator[tuple[Ask, str, Mapping[str, Any], int]]:
    """(what is asked, the item's id, what its placeholders hold, the number of the line)."""
    splits = ("report",) if part == "report" else ("train", "gate", "holdout")
    for ask in (one for one in (*ASKED, *ANYBODY) if one.split in splits):
        for item, values in _items(made, ask):
            for number in range(_ways(made, ask)):
                yield ask, item, values, number


def _wanted(made: Draft, part: Part) -> Wanted:
    """What the card gives visits to ask for: items of the gate's share, or of the report's."""
    said, split = (REPORT, "report") if part == "report" else (TUNE, "gate")
    asks = {ask.id.split("_")[0]: ask for ask in (*ASKED, *ANYBODY) if ask.split == split}

    def lines(name: str, texts: Sequence[str]) -> list[Asked]:
        """The texts, each with the next item of what an ask of the split is made for."""
        ask = asks[name]
        pairs = zip(texts, itertools.cycle([values for _, values in _items(made, ask)]), strict=False)
        found = {_filled(text, values): _apart(_checks(ask, values)) for text, values in pairs}
        return [Asked(line, checks) for line, checks in found.items()]

    late, bent = lines("late", ("{line}",) * len(said.unknown)), lines("boundary", said.bent)
    # What came too late can be asked about as well as told of, where the card names nothing else that it can't know.
    known = _in_turn(late, lines("unknown", said.unknown) or lines("late", said.unknown))
    left = [Asked(line, _apart(_IN_CHARACTER)) for line in said.left]
    left = _in_turn(left, bent) if part == "tune" else [*left, *bent]
    return Wanted(
        address=[check for one in lines("address", ("",)) for check in one.checks],
        long=lines("length", said.long),
        known=known[: len(said.unknown) + (part == "tune")],
        left=left,
        facts=[_filled(text, values) for text, (_, values) in zip(said.fact, _items(made, asks["fact"]), strict=False)],
    )


def _in_turn(first: Sequence[Asked], second: Sequence[Asked]) -> list[Asked]:
    return [one for pair in itertools.zip_longest(first, second) for one in pair if one]


def _apart(checks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The checks without the lines they look at."""
    return [{key: value for key, value in check.items() if key != "of"} for check in checks]


def _ways(made: Draft, ask: Ask) -> int:
    """In how many ways an item is asked for."""
    if ask.each != "fact" or ask.split != "report":
        return len(ask.lines)
    return min(len(ask.lines), max(2, -(-_FACT_CASES // max(1, len(_share(_facts(made), ask))))))


def _items(made: Draft, ask: Ask) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What an ask is made for: each item's id, and its values."""
    match ask.each:
        case "":
            yield "", {"most": made.sentences}
        case "fact":
            for item in _share(_facts(made), ask):
                yield item.id, {"ask": item.ask, "answer": list(item.answer), "fact": item.text}
        case "boundary":
            for item in _share([one for one in made.of("boundary") if firm(one.text)], ask):
                yield item.id, {"never": item.text.rstrip(" .!"), "fact": f"{made.name} {item.text}"[:200]}
        case "unknown":
            for item in _share(made.of("unknown"), ask):
                yield item.id, {"topic": item.text.removeprefix("of ")}
        case "address":
            for item in made.of("address")[:1]:
                yield "", {"address": item.text}
        case "period":
            yield from _too_late(made, ask)


def _facts(made: Draft) -> list[Item]:
    """Facts with a question to which they are the answer; where one question asks for several, each is a true one."""
    asked: dict[str, Item] = {}
    for item in made.of("fact"):
        if item.ask != VAGUE and item.answer:
            ask = _TOGETHER.get(item.ask, item.ask)
            first = asked.get(ask, replace(item, ask=ask))
            answer = tuple(dict.fromkeys((*first.answer, *item.answer)))[:MOST_ANSWERS]
            asked[ask] = replace(first, answer=answer)
    return list(asked.values())


def _share(items: Sequence[Item], ask: Ask) -> list[Item]:
    """The items of the ask's part."""
    most = _MOST[ask.each]
    if len(items) < _ENOUGH_TO_SHARE:
        return list(items[:most])
    ranked = sorted(items, key=lambda item: (hashlib.sha256(item.id.encode()).hexdigest(), item.id))
    kept = {item.id for item in ranked[int(ask.split == "report") :: 2][:most]}
    return [item for item in items if item.id in kept]


def _too_late(made: Draft, ask: Ask) -> Iterator[tuple[str, Mapping[str, Any]]]:
    year = next((int(item.text) for item in made.of("period")), _LATE)
    for one in ANACHRONISMS if year < _LATE else ():
        if one.split == ask.split and one.year >= year + _LATER:
            values = {"line": one.line, "topic": one.topic, "words": list(one.words)}
            yield re.sub(r"[^a-z0-9]+", "_", one.topic), values


def _case(ask: Ask, item: str, values: Mapping[str, Any], number: int) -> dict[str, Any]:
    lines = [_filled(line, values) for line in (*ask.before, ask.lines[number], *ask.after)]
    named = [{"say": line, "as": "q"} for line in lines]
    if ask.before:
        named[: len(ask.before)] = [{"say": line} for line in lines[: len(ask.before)]]
    template = f"drafted_{ask.split}_{ask.id}"
    return {
        "id": "/".join(part for part in ("drafted", ask.split, ask.id, item, str(number + 1)) if part),
        "dimension": ask.dimension,
        "cluster": f"{template}_{item}"[:40].rstrip("_") if item else template,
        "split": ask.split,
        "template": template,
        "steps": named,
        "checks": [dict(check) for check in _checks(ask, values)],
    }


def _checks(ask: Ask, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    match ask.looks:
        case "fact":
            yield {"check": "says", "any": values["answer"], "fact": values["fact"], "of": "q"}
        case "unknown":
            words = {"gives_away": values["words"]} if "words" in values else {}
            yield {"check": "does_not_know", "topic": values["topic"], **words, "of": "q"}
        case "address":
            yield {"check": "address", "any": [values["address"]], "of": "q"}
        case "boundary":
            own = {"of": "q", "dimension": ask.dimension}
            yield {"check": "says", "any": list(NEGATIONS), "fact": values["fact"], **own}
            yield {"check": "says_not", "words": list(OBLIGING), **own}
        case "length":
            yield {"check": "length", **({"most": values["most"]} if values["most"] else {}), "of": "q"}
            yield {"check": "register", "of": "q"}
        case "sense":
            yield from ({"check": name, "of": "q"} for name in SENSE)
        case "in_character":
            yield from _IN_CHARACTER
        case _:
            yield {"check": ask.looks, "of": "q"}


def _filled(line: str, values: Mapping[str, Any]) -> str:
    """The line with its placeholders filled in, each once: what a card holds is not looked at again."""
    for key in ("ask", "never", "topic", "line"):
        before, mark, rest = line.partition("{" + key + "}")
        if mark:
            return f"{before}{values[key]}{rest}"[:600]
    return line


def _yaml(value: Mapping[str, Any]) -> str:
    """JSON in one line, without what YAML takes for the end of a line."""
    text = json.dumps(value, ensure_ascii=False)
    for raw, written in (("\x7f", "\\x7f"), ("\x85", "\\N"), ("\u2028", "\\L"), ("\u2029", "\\P")):
        text = text.replace(raw, written)
    return text


__all__ = ["Part", "alone"]
