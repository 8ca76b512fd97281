"""The visits of `benchmarks.plain_cards`: what was followed early and late, and whether what the gate kept shows there.

A visit has 20 lines (`openroom.cards.draft_visits`). It asks for what the card orders and code can check at lines 1 to
5 and once more at lines 15 to 20, its last third: the form of address (``address``, in one of two replies), how much is
said (``length``), what it can't know (``does_not_know``), staying the one it is (``in_character``) and what it never
does (``says``). Counted is each thing asked for, over all plays of an arm: one with ``--visit``, two with the report.

The last row sets what the loop's version does more often than the card at lines 15 to 20 beside what its kept edits
gained in the gate's short plays, dimension by dimension: the kept edits' gains added up, at most 1. **Must: half of it
or more.** Else the gate is wrong and is changed.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.plain_cards_table import ARMS, CARD, LOOP, Played
from openroom.evals.result import Followed

EARLY: Final = range(1, 6)
LATE: Final = range(15, 21)
NEEDED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Kept:
    """What a card's kept edits gained in a dimension: at the ``gate``, and ``late`` in the visit."""

    card: str
    dimension: str
    gate: float
    late: float

    @property
    def ratio(self) -> float:
        """The part of the gate's effect that shows late in a visit."""
        return self.late / self.gate if self.gate else 0.0


def counts(found: Sequence[Followed], lines: Sequence[int]) -> tuple[int, int]:
    """(followed, asked for) in these lines."""
    of = [one.passed for one in found if one.at in lines]
    return sum(of), len(of)


def followed_by(one: Played, arm: str) -> dict[tuple[str, str], list[Followed]]:
    """All that an arm's visits asked for, by dimension and thing."""
    found: dict[tuple[str, str], list[Followed]] = {}
    for row in one.visits.get(arm, ()):
        for seen in row.followed:
            found.setdefault((seen.dimension, seen.asks), []).append(seen)
    return found


def kept_in(one: Played) -> list[Kept]:
    """What the loop kept on a card, by dimension, where its visits ask for something in it."""
    gate: dict[str, float] = {}
    for kept in one.spent.get(LOOP, {}).get("kept", ()):
        for name, test in kept["tests"].items():
            gate[name] = gate.get(name, 0.0) + float(test["mean"])
    new, old = _late(followed_by(one, LOOP)), _late(followed_by(one, CARD))
    return [
        Kept(one.card, name, min(1.0, gain), new[name] - old[name])
        for name, gain in sorted(gate.items())
        if gain > 0 and name in new and name in old
    ]


def _late(found: Mapping[tuple[str, str], Sequence[Followed]]) -> dict[str, float]:
    """By dimension the mean over things of the share followed late."""
    shares: dict[str, list[float]] = {}
    for (dimension, _), seen in found.items():
        passed, asked = counts(seen, LATE)
        if asked:
            shares.setdefault(dimension, []).append(passed / asked)
    return {name: statistics.fmean(of) for name, of in shares.items()}


def visit_table(found: Sequence[Played]) -> list[str]:
    """The rows in Markdown, then what came of the kept edits; nothing where no visit was played."""
    rows = ["| in a visit | version | asked for | lines 1 to 5 | lines 15 to 20 |", "|---|---|---|---|---|"]
    for one in found:
        for arm in (CARD, *ARMS):
            for (dimension, asks), seen in followed_by(one, arm).items():
                early, late = (" of ".join(map(str, counts(seen, lines))) for lines in (EARLY, LATE))
                rows.append(f"| {one.card} | {arm} | {dimension}: {asks} | {early} | {late} |")
    if len(rows) == 2:
        return []
    return ["\n".join(rows), "\n".join(_said([kept for one in found for kept in kept_in(one)]))]


def _said(found: Sequence[Kept]) -> list[str]:
    if not found:
        return ["in a visit: nothing was kept in a dimension that visits ask for"]
    said = [
        f"{one.card}, {one.dimension}: kept at the gate {one.gate:+.2f}, at lines 15 to 20 {one.late:+.2f}"
        f" (ratio {one.ratio:.2f})"
        for one in found
    ]
    whole = Kept("", "", sum(one.gate for one in found), sum(one.late for one in found))
    must = "holds" if whole.ratio >= NEEDED else "DOES NOT HOLD: the gate is wrong and is changed"
    return [*said, f"must: half of the gate's effect at lines 15 to 20, over all {whole.ratio:.2f}: {must}"]
