"""Edits that seemed to help when their pairs ran out: too little to be kept, too much to be forgotten.

Small edits of a small model often gain less than the gate can tell from chance in the pairs of one round. Two of them
for the same dimension may gain enough together. So the next proposal for that dimension is tried on top of what was
promising there, as one candidate under one test, with fresh pairs: those that made the first one look good count for
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from openroom.core.edits import path_of
from openroom.optimizer.attempt import Attempt
from openroom.optimizer.operators import Proposal


@dataclass(slots=True)
class Promising:
    """What is promising, by dimension. ``least`` is the mean gain that counts as such after ``n_max`` pairs, ``most``
    how many edits are tried together."""

    n_max: int
    least: float = 0.1
    most: int = 3
    _held: dict[str, tuple[float, tuple[Proposal, ...]]] = field(default_factory=dict)

    def below(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        """What the proposals for one dimension are to be tried on top of: nothing, where one changes the same thing."""
        _, held = self._held.get(proposals[-1].hypothesis.dimension, (0.0, ()))
        paths = {path_of(one.edit) for one in held}
        return list(held) if paths.isdisjoint(path_of(one.edit) for one in proposals) else []

    def judged(self, attempt: Attempt) -> None:
        """Take in how a round ended."""
        for dimension in dict.fromkeys(proposal.hypothesis.dimension for proposal in attempt.proposals):
            tried = tuple(one for one in attempt.proposals if one.hypothesis.dimension == dimension)
            if any(one in attempt.kept for one in tried):
                self._held.pop(dimension, None)
            elif self._is_promising(attempt, dimension, tried):
                assert attempt.gate is not None
                self._held[dimension] = (attempt.gate.evidence(dimension).mean, tried)

    def _is_promising(self, attempt: Attempt, dimension: str, tried: Sequence[Proposal]) -> bool:
        if attempt.gate is None or dimension not in attempt.gate.names or attempt.guards or len(tried) >= self.most:
            return False
        evidence = attempt.gate.evidence(dimension)
        best, _ = self._held.get(dimension, (self.least, ()))
        return evidence.n >= self.n_max and evidence.mean >= best
