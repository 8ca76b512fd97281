"""Edits that seemed to help when their pairs ran out: too little to be kept, too much to be forgotten.

Small edits of a small model often gain less than the gate can tell from chance in the pairs of one round. Two of them
for the same dimension may gain enough together. So the next proposal for that dimension is tried on top of what was
promising there, as one candidate under one test, with fresh pairs: those that made the first one look good count for
nothing.

What came half of the way to a keep (of the evidence's logarithm) is tried once more as it is, before anything else and
with fresh pairs too. Each test keeps its own error rate, so a second one adds a test and loosens none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from openroom.tuning.edits import label, path_of
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.gate import Evidence, GateSettings
from openroom.tuning.rounds.stages import Judged


@dataclass(slots=True)
class Promising:
    """What is promising, by dimension, under the settings of the ``gate``. ``least`` is the mean gain that counts as
    such when the pairs have run out, ``most`` how many edits are tried together."""

    gate: GateSettings
    least: float = 0.1
    most: int = 3
    _held: dict[str, tuple[float, tuple[Proposal, ...]]] = field(default_factory=dict)
    _near: dict[str, tuple[Proposal, ...]] = field(default_factory=dict)
    _tried_again: set[tuple[str, ...]] = field(default_factory=set)

    def below(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        """What the proposals for one dimension are to be tried on top of: nothing, where one changes the same thing."""
        _, held = self._held.get(proposals[-1].hypothesis.dimension, (0.0, ()))
        paths = {path_of(one.edit) for one in held}
        return list(held) if paths.isdisjoint(path_of(one.edit) for one in proposals) else []

    def once_more(self, dimension: str) -> tuple[Proposal, ...]:
        """What came near to a keep in the dimension and is due to be tried again; each set of edits once."""
        near = self._near.pop(dimension, ())
        if near:
            self._tried_again.add(_names(near))
        return near

    def take(self, judged: Judged) -> None:
        """Take in how a round ended."""
        proposals = judged.screened.proposals
        for dimension in dict.fromkeys(proposal.hypothesis.dimension for proposal in proposals):
            tried = tuple(one for one in proposals if one.hypothesis.dimension == dimension)
            if any(one in judged.kept for one in tried):
                self._held.pop(dimension, None)
                self._near.pop(dimension, None)
                continue
            evidence = self._unsettled(judged, dimension)
            if evidence is None:
                continue
            if evidence.e >= math.sqrt(1.0 / self.gate.alpha) and _names(tried) not in self._tried_again:
                self._near[dimension] = tried
            best, _ = self._held.get(dimension, (self.least, ()))
            if evidence.mean >= best and len(tried) < self.most:
                self._held[dimension] = (evidence.mean, tried)

    def _unsettled(self, judged: Judged, dimension: str) -> Evidence | None:
        """The evidence of a test whose pairs ran out without a harm being seen."""
        if judged.gate is None or dimension not in judged.gate.names or judged.guards or dimension in judged.faded:
            return None
        evidence = judged.gate.evidence(dimension)
        return evidence if evidence.n >= self.gate.n_max else None


def _names(proposals: Sequence[Proposal]) -> tuple[str, ...]:
    return tuple(sorted(label(one.edit) for one in proposals))
