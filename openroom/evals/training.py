"""Training data: failures become targeted examples, filtered by the same checks.

A case that failed is played again with other seeds; what passes every check becomes a chat for fine-tuning, and with
a reply that failed on the very same prompt a preference pair. Only train cases (and generated ones) are used: what
gate, holdout and report ask for never enters. What people preferred in blind tastings, and among a character's
replies in their rooms, comes beside, where all whose words stand in it have consented. The report says which failures
are covered and which are not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openroom.core.harness import Harness
from openroom.evals.case import Case
from openroom.evals.evaluator import Evaluator
from openroom.evals.played import PlayedReply

Messages = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One reply to one prompt, and whether its case passed with it."""

    case: str
    dimension: str
    messages: Messages
    raw: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Preference:
    """Two replies to one prompt, of which a person preferred ``chosen``; ``case`` says where."""

    case: str
    messages: Messages
    chosen: str
    rejected: str


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the failures of a dimension are covered: cases played, cases that failed at first, and of those, cases
    with a passing sample now, and with a pair."""

    dimension: str
    cases: int
    failed: int
    covered: int
    paired: int
    open: tuple[str, ...] = ()


@dataclass(slots=True)
class Training:
    """What was gathered."""

    character: str
    samples: list[Sample] = field(default_factory=list)
    first: dict[str, bool] = field(default_factory=dict)
    preferred: list[Preference] = field(default_factory=list)
    """What people preferred in blind tastings and in rooms."""

    def chats(self) -> list[dict[str, Any]]:
        """Fine-tuning chats: the passing samples and what people preferred, each prompt and reply once."""
        good = [(one.messages, one.raw) for one in self.samples if one.passed and one.raw]
        good += [(one.messages, one.chosen) for one in self.preferred if one.chosen]
        return [
            {"messages": [*_listed(messages), {"role": "assistant", "content": raw}]}
            for messages, raw in dict.fromkeys(good)
        ]

    def pairs(self) -> list[dict[str, Any]]:
        """Preference pairs: a passing and a failing reply to the very same prompt, and what people preferred."""
        found = [
            {"case": one.case, "prompt": _listed(one.messages), "chosen": one.chosen, "rejected": one.rejected}
            for one in self.preferred
            if one.chosen and one.rejected
        ]
        by_prompt: dict[Messages, dict[bool, dict[str, Sample]]] = {}
        for one in self.samples:
            if one.raw:
                by_prompt.setdefault(one.messages, {True: {}, False: {}})[one.passed].setdefault(one.raw, one)
        for messages, sides in by_prompt.items():
            for good, bad in zip(sides[True].values(), sides[False].values(), strict=False):
                found.append({"case": good.case, "prompt": _listed(messages), "chosen": good.raw, "rejected": bad.raw})
        return found

    def gaps(self) -> list[Gap]:
        """The report, dimension by dimension."""
        dimension_of = {one.case: one.dimension for one in self.samples}
        good = {one.case for one in self.samples if one.passed}
        paired = {pair["case"] for pair in self.pairs()}
        rows = []
        for dimension in sorted(set(dimension_of.values())):
            cases = [name for name in self.first if dimension_of.get(name) == dimension]
            failed = [name for name in cases if not self.first[name]]
            uncovered = tuple(name for name in failed if name not in good)
            rows.append(
                Gap(
                    dimension,
                    len(cases),
                    len(failed),
                    len(failed) - len(uncovered),
                    len(paired & set(cases)),
                    uncovered,
                )
            )
        return rows


async def gather(
    evaluator: Evaluator, cases: Sequence[Case], harness: Harness, *, samples: int = 4, seed: int = 0
) -> Training:
    """Play each case once, and those that fail up to ``samples`` times more with other seeds. Raises what playing
    raises."""
    found = Training(evaluator.character)
    for case in cases:
        for number in range(samples + 1):
            result = await evaluator.one(case, harness, seed + number)
            played, _ = await evaluator.play(case, harness, seed + number)
            passed = all(score >= 1 for score in result.scores.values())
            found.first.setdefault(case.id, passed)
            found.samples += [_sample(case, reply, passed) for reply in played.own() if reply.messages]
            if found.first[case.id]:
                break
    return found


def training_cases(evaluator: Evaluator) -> list[Case]:
    """The cases that training data may be made of."""
    return [case for case in evaluator.cases.of("train") if not case.slow]


def write(training: Training, folder: Path) -> dict[str, int]:
    """Write ``chats.jsonl``, ``pairs.jsonl`` and ``gaps.json``; how many lines each has."""
    folder.mkdir(parents=True, exist_ok=True)
    chats, pairs, gaps = training.chats(), training.pairs(), training.gaps()
    _write_lines(folder / "chats.jsonl", chats)
    _write_lines(folder / "pairs.jsonl", pairs)
    body = {
        "character": training.character,
        "gaps": [
            {
                "dimension": gap.dimension,
                "cases": gap.cases,
                "failed": gap.failed,
                "covered": gap.covered,
                "paired": gap.paired,
                "open": list(gap.open),
            }
            for gap in gaps
        ],
    }
    (folder / "gaps.json").write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return {"chats": len(chats), "pairs": len(pairs), "gaps": len(gaps)}


def _sample(case: Case, reply: PlayedReply, passed: bool) -> Sample:
    return Sample(case.id, case.dimension, reply.messages, reply.raw, passed)


def _listed(messages: Messages) -> list[Mapping[str, str]]:
    return [{"role": role, "content": content} for role, content in messages]


def _write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
