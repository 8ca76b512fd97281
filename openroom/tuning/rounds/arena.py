"""The Arena port: where candidates play. The simulation is one; real rooms with checks and a judge are another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from openroom.core.harness import Harness
from openroom.tuning.audit.record import Flaw, Split


@dataclass(frozen=True, slots=True)
class ArenaCase:
    """One case. ``dimension`` is the one it mainly measures; ``cluster`` the scenario cluster that splits are made
    by; ``asks`` names what it asks for there (one thing, or of a visit several).
    """

    id: str
    dimension: str
    split: Split
    cluster: str = ""
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rollout:
    """What playing a case gave. ``scores`` holds a number in [0, 1] for each dimension measured, and may hold one under
    ``dimension.ask`` for what the case asks for; anything else in it, and an empty transcript, counts as failed.
    ``calls`` and ``usd`` were really spent."""

    scores: Mapping[str, object]
    transcript: str
    flaws: tuple[Flaw, ...] = ()
    calls: int = 1
    usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """The most that one rollout of a case may spend; reserved before it starts."""

    calls: int = 1
    usd: float = 0.0


class Arena(Protocol):
    """Plays cases. The same (harness digest, case, seed) should give the same rollout as far as the model allows."""

    def cases(self, split: Split) -> Sequence[ArenaCase]:
        """The cases of a split, in a fixed order; ``visit`` are the long plays (`openroom.tuning.rounds.visits`)."""
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
    flaws: tuple[Flaw, ...] = ()


def flaws_by_dimension(flaws: Iterable[Flaw], own: str) -> dict[str, tuple[Flaw, ...]]:
    """The flaws of a play under the dimension in which each counts; ``own`` is the case's."""
    found: dict[str, tuple[Flaw, ...]] = {}
    for flaw in flaws:
        dimension = flaw.dimension or own
        found[dimension] = (*found.get(dimension, ()), flaw.at_home())
    return found


def flaw_kinds(flaws: Iterable[Flaw]) -> frozenset[str]:
    """What kinds of flaws these are, whichever dimension they count in."""
    return frozenset(flaw.kind for flaw in flaws)
