"""Which operator to ask: Thompson sampling over what each has paid so far."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Arm:
    """An operator's keeps and misses, fading by ``Bandit.memory`` with each pull."""

    name: str
    paid: float = 0.0
    missed: float = 0.0


@dataclass(frozen=True, slots=True)
class Bandit:
    """Beta(1 + paid, 1 + missed) for each operator; the highest draw is asked. Deterministic given the generator.

    ``memory`` below 1 lets old rounds fade, since what pays first does not pay for ever.
    """

    arms: tuple[Arm, ...]
    memory: float = 0.97

    @classmethod
    def over(
        cls,
        names: Sequence[str],
        favour: Mapping[str, float] | None = None,
        prior: Mapping[str, tuple[float, float]] | None = None,
    ) -> Bandit:
        """A bandit that has seen nothing of these operators yet; ``favour`` is what some are trusted with beforehand,
        as so many keeps, ``prior`` what others paid and missed elsewhere (see `openroom.tuning.rounds.prior`)."""
        arms = []
        for name in names:
            paid, missed = (prior or {}).get(name, (0.0, 0.0))
            arms.append(Arm(name, (favour or {}).get(name, 0.0) + paid, missed))
        return cls(tuple(arms))

    def order(self, rng: random.Random) -> list[str]:
        """The operators, the most promising draw first (the next is asked when one has nothing to offer)."""
        draws = [(rng.betavariate(1 + arm.paid, 1 + arm.missed), arm.name) for arm in self.arms]
        return [name for _, name in sorted(draws, reverse=True)]

    def after(self, name: str, reward: float) -> Bandit:
        """The bandit after an operator earned ``reward`` (0..1)."""
        arms = tuple(
            replace(arm, paid=arm.paid * self.memory + reward, missed=arm.missed * self.memory + 1 - reward)
            if arm.name == name
            else arm
            for arm in self.arms
        )
        return replace(self, arms=arms)
