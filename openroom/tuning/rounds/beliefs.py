"""What the run believes of each dimension, from train rollouts alone: where it is weak, and where work has not paid."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openroom.tuning.rounds.arena import Played


@dataclass(slots=True)
class _Dimension:
    passed: float = 0.0
    failed: float = 0.0
    misses: int = 0
    rounds: int = 0
    failures: list[Played] = field(default_factory=list)
    passing: list[Played] = field(default_factory=list)
    gate: dict[tuple[str, int], float] = field(default_factory=dict)

    @property
    def headroom(self) -> float:
        """How much of the gate could still be gained: 1 while it is not known."""
        return (1.0 + sum(1.0 - score for score in self.gate.values())) / (1.0 + len(self.gate))


class Outlook:
    """Beliefs by dimension. ``weights`` come from the objective; dimensions without a weight are never chosen.

    With ``headroom`` a dimension pulls less where the head passes the gate's cases already: no edit can be seen to help
    there.

    ``patience``: how much of a dimension's pull is left after each round there that kept nothing. 1 stays with a weak
    dimension, which is cheap: the incumbent's gate rollouts there are known already.
    """

    def __init__(
        self, weights: Mapping[str, float], *, patience: float = 1.0, keep_last: int = 12, headroom: bool = False
    ) -> None:
        self._weights = dict(weights)
        self._headroom = headroom
        self._patience, self._keep_last = patience, keep_last
        self._dimensions = {name: _Dimension() for name in self._weights}

    def saw(self, played: Played) -> None:
        """Take in a train rollout of the current harness."""
        one = self._dimensions.get(played.dimension)
        if one is None:
            return
        one.passed += played.score
        one.failed += 1.0 - played.score
        shelf = one.failures if played.score < 1.0 else one.passing
        shelf.append(played)
        del shelf[: -self._keep_last]

    def noticed(self, played: Played) -> None:
        """Take in what else went wrong in a train rollout: a failure to work on, which says nothing of how often."""
        one = self._dimensions.get(played.dimension)
        if one is not None and played.score < 1.0:
            one.failures.append(played)
            del one.failures[: -self._keep_last]

    def gate_scored(self, dimension: str, case: str, seed: int, score: float) -> None:
        """Take in the head's score in a gate case."""
        if dimension in self._dimensions:
            self._dimensions[dimension].gate[case, seed] = score

    def seen(self, dimension: str) -> float:
        """Train rollouts that the belief rests on."""
        one = self._dimensions[dimension]
        return one.passed + one.failed

    def failures(self, dimension: str) -> Sequence[Played]:
        """Train failures of the dimension under the current harness, oldest first."""
        return tuple(self._dimensions[dimension].failures)

    def passing(self, dimension: str) -> Sequence[Played]:
        """Train passes of the dimension, oldest first; of all dimensions where it has none."""
        own = self._dimensions[dimension].passing
        return tuple(own or [played for one in self._dimensions.values() for played in one.passing])

    def kept(self, dimension: str) -> None:
        """An edit was kept for the dimension: what was seen there before is out of date."""
        one = self._dimensions.get(dimension)
        if one is not None:
            one.passed, one.failed, one.misses = one.passed * 0.25, one.failed * 0.25, 0
            one.failures.clear()
            one.gate.clear()

    def missed(self, dimension: str) -> None:
        """A round on the dimension kept nothing."""
        one = self._dimensions.get(dimension)
        if one is not None:
            one.misses += 1

    def forget(self) -> None:
        """The model or the judge has changed: start afresh."""
        self._dimensions = {name: _Dimension() for name in self._weights}

    def weakness(self) -> dict[str, float]:
        """Mean loss (0..1) by dimension, as far as it was seen."""
        return {
            name: round((one.failed + 0.5) / (one.passed + one.failed + 1.0), 4)
            for name, one in self._dimensions.items()
        }

    def choose(self, count: int, rng: random.Random) -> list[str]:
        """Up to ``count`` dimensions to work on: Thompson draws of the weighted loss, less where work has not paid."""
        pulls = []
        for name, one in self._dimensions.items():
            loss = rng.betavariate(1.0 + one.failed, 1.0 + one.passed)
            seen = one.headroom if self._headroom else 1.0
            pulls.append((self._weights[name] * loss * seen * self._patience**one.misses, name))
        return [name for _, name in sorted(pulls, reverse=True)[:count]]
