"""Falls: does a version do worse than another in a dimension that its edits were not about?

A handful of cases says little: with two of them, one unlucky reply is half of the score. So a fall that a few cases
show is a suspicion, and what was lost is played again, with fresh seeds, by both sides. The test is the gate's betting
e-process the other way round: while the real fall is at most the tolerance, a suspicion stands with probability at
most alpha. Simulated as in `tests/tuning/rounds/test_regressions.py`, with two cases in each of 11 dimensions that pass
85 % (70 %) of the time: a version that changed nothing is taken back in 0.3 % (5.5 %) of checks, one that lost a whole
dimension in 86 % (66 %); a check takes 64 to 76 plays, 44 of them the first look.

Everything here is pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from openroom.tuning.rounds.gate import Evidence, GateSettings

#: So many cases of a dimension and its mean is taken as it is; with fewer, what was lost is played again.
ENOUGH: Final = 8

_SETTINGS: Final = GateSettings(alpha=0.2, n_min=3, n_max=10, drop_below=0.3)


@dataclass(frozen=True, slots=True)
class Fall:
    """A suspicion under test. ``tolerance`` is how far the mean may fall (0..1)."""

    tolerance: float
    evidence: Evidence = field(default_factory=Evidence)

    def after(self, fall: float) -> Fall:
        """After one more play by both: ``fall`` is the released version's score less the candidate's, in [-1, 1]."""
        return replace(self, evidence=self.evidence.after(max(-1.0, fall - self.tolerance), _SETTINGS))

    @property
    def verdict(self) -> Literal["stands", "gone", "more"]:
        """Whether the fall is real, was chance, or must be played on."""
        found = self.evidence.verdict(_SETTINGS.alpha, _SETTINGS)
        return "stands" if found == "keep" else "gone" if found == "drop" else "more"

    @property
    def so_far(self) -> bool:
        """What to make of it when no further play can be paid for: whether it looks real."""
        return self.evidence.n >= _SETTINGS.n_min and self.evidence.mean > 0.0


def fell_beside(differences: Mapping[str, Sequence[float]], tested: Sequence[str], tolerance: float) -> list[str]:
    """Dimensions that a round's gate measured beside those it tested, and in which the candidate fell: by more than
    ``tolerance`` on average, and more surely than by chance. ``differences`` are candidate less incumbent, by
    dimension; gives a sentence for each that fell."""
    found = []
    for name in sorted(set(differences) - set(tested)):
        evidence = Evidence()
        for difference in differences[name]:
            evidence = evidence.after(-difference, _SETTINGS)
        if evidence.mean > tolerance and max(evidence.path, default=1.0) >= 1.0 / _SETTINGS.alpha:
            found.append(f"{name}: fell by {evidence.mean:.2f} in {evidence.n} pairs of the gate")
    return found
