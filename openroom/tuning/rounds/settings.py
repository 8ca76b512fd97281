"""How a run works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from openroom.tuning.rounds.gate import GateSettings
from openroom.tuning.rounds.prior import Prior
from openroom.tuning.rounds.visits import VISITS


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """How a run works. ``mode``: in ``suggest`` every keep waits for a person before rooms may play it, in ``auto``
    only those of tier T2. ``bundle``: edits tried together, each on a dimension of its own. ``first_look``: train
    rollouts of each dimension before the first round; ``look``: further ones a round while fewer than ``at_hand``
    failures are at hand. ``screen`` train cases, of which ``screen_need`` must pass, before the gate. ``traps``: trap
    cases after each keep; all of them every ``checkpoint`` keeps and at the end (with ``guard_cases`` gate cases of
    each dimension, see `openroom.tuning.rounds.regressions`). ``beside``: a fall that a round's gate measured beside
    its tests ends it. ``rebuild``: what a checkpoint leaves of a line without the edit at fault becomes a candidate of
    its own. Every ``prune_every`` keeps, what was kept on the weakest evidence is tried without, in up to
    ``prune_pairs`` pairs. ``favour``: operators that are trusted beforehand (see `Bandit.over`). ``prior``:
    what kinds of edits were kept on other characters, which orders what is tried. ``remember``:
    proposers read the notes of past rounds. ``headroom``: work goes where the gate can still be gained (see `Outlook`),
    which pays where a dimension has few gate cases and those are passed. ``stack``: what seemed to help when its pairs
    ran out is tried once more below the next proposal, ``again``: what came near to a keep is tried a second time (see
    `Promising`). ``visits``: so many pairs of visits at most show whether what would be kept lasts (see
    `openroom.tuning.rounds.visits`; 0: none).
    """

    run: str = "run"
    seed: int = 0
    rounds: int = 100
    mode: Literal["suggest", "auto"] = "auto"
    gate: GateSettings = field(default_factory=GateSettings)
    bundle: int = 1
    first_look: int = 1
    look: int = 3
    at_hand: int = 1
    screen: int = 1
    screen_need: int = 1
    traps: int = 4
    checkpoint: int = 6
    guard_cases: int = 0
    beside: bool = True
    rebuild: bool = True
    prune_every: int = 10
    prune_pairs: int = 12
    patience: float = 1.0
    favour: Mapping[str, float] = field(default_factory=dict)
    prior: Prior = field(default_factory=Prior)
    remember: bool = True
    headroom: bool = False
    stack: bool = False
    again: bool = False
    visits: int = VISITS
