"""How long to wait before the next try to connect."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits grow from ``first`` to ``longest`` seconds, each varied by a fifth; after ``tries`` failures in a row (0:
    never) the client gives up."""

    first: float = 0.2
    longest: float = 10.0
    factor: float = 1.7
    tries: int = 0

    def waits(self) -> Iterator[float]:
        """The waits after the first, second, ... failure in a row."""
        wait, count = self.first, 0
        while self.tries == 0 or count < self.tries:
            yield wait * random.uniform(0.8, 1.2)  # noqa: S311 - spreads reconnections, guards nothing
            wait, count = min(wait * self.factor, self.longest), count + 1
