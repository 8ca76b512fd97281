"""What one character learned, offered to another: a kept edit becomes a suggestion, and the sibling's own gate
decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openroom.core.harness import Harness, HarnessError
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.edits import Tier, apply_edit, tier_of
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.lineage import Kept

SIBLING = "sibling"


def for_sibling(
    kept: Sequence[Kept], donor: str, sibling: Harness, weakness: Mapping[str, float], *, weak_from: float = 0.2
) -> list[Proposal]:
    """The kept edits worth trying on a sibling: those for a dimension in which it fails (mean loss ``weak_from`` or
    more, 0..1), that fit its harness, the greatest gain first. Give them to `Optimizer` as ``suggested``."""
    found = []
    for one in sorted(kept, key=lambda one: -one.gain):
        if weakness.get(one.dimension, 0.0) < weak_from or tier_of(sibling, one.edit) > Tier.T1:
            continue
        try:
            fits = apply_edit(sibling, one.edit) != sibling
        except HarnessError:
            continue
        if fits:
            why = f"kept for {donor} with a mean gain of {one.gain:.2f}"
            found.append(
                Proposal(one.edit, Hypothesis(dimension=one.dimension, expected_delta=one.gain, why=why), SIBLING)
            )
    return found
