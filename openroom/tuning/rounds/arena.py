"""The Arena port: where candidates play. The simulation is one; real rooms with checks and a judge are another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from openroom.core.harness import Harness
from openroom.tuning.audit.record import Split

_ELSEWHERE = re.compile(r"(?P<kind>\w+) \((?P<dimension>\w+)\): (?P<why>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ``dimension`` is the one it mainly measures; ``cluster`` the scenario cluster that splits are made
    by.
    """

    id: str
    dimension: str
    split: Split
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Rollout:
    """What playing a case gave. ``scores`` holds a number in [0, 1] for each dimension measured; anything else in it,
    and an empty transcript, counts as failed. ``calls`` and ``usd`` were really spent."""

    scores: Mapping[str, object]
    transcript: str
    flaws: tuple[str, ...] = ()
    calls: int = 1
    usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """The most that one rollout of a case may spend; reserved before it starts."""

    calls: int = 1
    usd: float = 0.0


class Arena(Protocol):
    """Plays cases. The same (harness digest, case, seed) should give the same rollout as far as the model allows."""

    def cases(self, split: Split) -> Sequence[Case]:
        """The cases of a split, in a fixed order."""
        ...

    def digests(self) -> Mapping[str, str]:
        """What results depend on: ``code``, ``env``, ``model``, ``judge``, ``evalset``; a change makes old results
        stale.
        """
        ...

    def cost(self, case_id: str) -> Cost:
        """The most that a rollout of the case may spend."""
        ...

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        """Play the case. An exception counts as a failed case, but `ModelUnreachable`, `ModelRateLimited` and
        `BudgetExceeded` interrupt the run, which can be resumed."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """A rollout of the train split as a proposer may see it: its score and flaws in one dimension."""

    case: str
    dimension: str
    score: float
    transcript: str
    flaws: tuple[str, ...] = field(default=())


def flaw(kind: str, why: str, elsewhere: str = "") -> str:
    """A flaw as it is written down: ``kind: why``, or ``kind (dimension): why`` where it counts in another dimension
    than the case's own (a language case whose answer was too long as well)."""
    return f"{kind} ({elsewhere}): {why}" if elsewhere else f"{kind}: {why}"


def flaws_by_dimension(flaws: Iterable[str], own: str) -> dict[str, tuple[str, ...]]:
    """The flaws of a play, each as ``kind: why`` under the dimension in which it counts; ``own`` is the case's."""
    found: dict[str, tuple[str, ...]] = {}
    for line in flaws:
        elsewhere = _ELSEWHERE.match(line)
        dimension = elsewhere["dimension"] if elsewhere else own
        told = flaw(elsewhere["kind"], elsewhere["why"]) if elsewhere else line
        found[dimension] = (*found.get(dimension, ()), told)
    return found


def flaw_kinds(flaws: Iterable[str]) -> frozenset[str]:
    """What kinds of flaws these are, whichever dimension they count in."""
    return frozenset(line.partition(":")[0].partition(" (")[0].strip() for line in flaws)
