"""What kinds of edits were kept on other characters: tried first on the next one.

Read from the rounds in the audit log when a run begins, and pinned in its entry, so that a replay uses the very same.
It orders proposals alone; what is kept is the gate's to say.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openroom.tuning.edits import Edit, path_of

_NAMED = ("set_guard", "set_sampling", "set_memory")
"""Edits of which each setting is a kind of its own."""
_HALF = 2.0
"""So many tries on a character make its rate count half of what it can count."""
_EACH, _MOST = 2.0, 6.0
"""What one character counts at most, and all together, as rounds of an operator: a few rounds on the character itself
outweigh them."""
_USUAL = 0.15
"""The share of edits that is kept where nothing is known; it counts as one character."""


@dataclass(frozen=True, slots=True)
class Prior:
    """``seen``: by character and key (a kind of edit, or ``by`` an operator), how often it was kept and how often the
    gate measured it. The rates of characters are pooled, not their rounds: each counts once at most, however often it
    was tuned, so that one character's luck does not rule another."""

    seen: Mapping[str, Mapping[str, tuple[int, int]]] = field(default_factory=dict)

    def expected(self, key: str) -> float:
        """The share (0..1) of such edits that is likely to be kept on a character that nobody knows yet."""
        weights = self._weights(key)
        told = math.fsum(weight * rate for weight, rate in weights)
        return (told + _USUAL) / (math.fsum(weight for weight, _ in weights) + 1.0)

    def rounds(self, key: str) -> tuple[float, float]:
        """(kept, missed): what a bandit's arm begins with."""
        worth = min(_EACH * math.fsum(weight for weight, _ in self._weights(key)), _MOST)
        expected = self.expected(key)
        return worth * expected, worth * (1.0 - expected)

    def words(self, key: str) -> str:
        """What is known, for people; empty where nothing is."""
        tries = [of[key] for of in self.seen.values() if key in of]
        kept, tried = sum(one for one, _ in tries), sum(one for _, one in tries)
        if not tried:
            return ""
        return f"such edits were kept {kept} of {tried} times on {len(tries)} other character{'s'[: len(tries) > 1]}"

    def body(self) -> dict[str, dict[str, list[int]]]:
        """As JSON."""
        return {who: {key: list(tries) for key, tries in of.items()} for who, of in self.seen.items()}

    @classmethod
    def of_body(cls, body: Mapping[str, Mapping[str, Any]]) -> Prior:
        """What `body` gave."""
        return cls({who: {key: (int(kept), int(of)) for key, (kept, of) in seen.items()} for who, seen in body.items()})

    def _weights(self, key: str) -> list[tuple[float, float]]:
        tries = [of[key] for of in self.seen.values() if key in of]
        return [(tried / (tried + _HALF), kept / tried) for kept, tried in tries if tried]


def learnt(rounds: Iterable[Mapping[str, Any]], character: str) -> Prior:
    """What rounds (records as JSON) of other characters than ``character`` teach. Only what the gate measured counts;
    planted edits teach nothing."""
    seen: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for note in rounds:
        if note.get("character", "") == character or note.get("purpose", "improve") != "improve":
            continue
        if not note["gate"]["tests"]:
            continue
        kept = note["gate"]["verdict"] == "keep"
        keys = {_kind(str(row["op"]), str(row["path"])) for row in note["patch"]}
        keys |= {by(name.strip()) for name in str(note["operator"]).split(",") if name.strip()}
        for key in keys:
            tries = seen[str(note.get("character", ""))][key]
            tries[0] += kept
            tries[1] += 1
    return Prior({who: {key: (kept, tried) for key, (kept, tried) in of.items()} for who, of in seen.items()})


def kind_of(edit: Edit) -> str:
    """The kind of an edit: what it does, without its words."""
    return _kind(edit.op, path_of(edit))


def by(operator: str) -> str:
    """The key of an operator."""
    return f"by {operator}"


def _kind(op: str, path: str) -> str:
    return f"{op} {path.rpartition('/')[2]}" if op in _NAMED else op
