"""The line of versions of one run: the head, what it kept on the way, and the last version that passed every trap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from openroom.core.harness import Harness, HarnessError
from openroom.tuning.edits import AddExample, AddRule, AddTriggerRule, Edit, apply_edit, path_of, value_at
from openroom.tuning.rounds.stages import Judged


@dataclass(frozen=True, slots=True)
class Kept:
    """An edit that the head has: in which round it was kept, for which dimension, the mean gain then seen, and
    who proposed it."""

    edit: Edit
    dimension: str
    gain: float
    number: int
    operator: str = ""


@dataclass(slots=True)
class Line:
    """``head`` is what rounds build on, ``released`` what guards compare with. ``safe`` and ``safe_count``: the last
    head that passed every trap, and how many edits it had kept. ``curve``: (calls spent, head) at each change."""

    head: Harness
    released: Harness
    kept: list[Kept] = field(default_factory=list)
    curve: list[tuple[int, Harness]] = field(default_factory=list)
    safe: Harness = field(init=False)
    safe_count: int = 0

    def __post_init__(self) -> None:
        self.safe = self.head
        self.curve.append((0, self.head))

    def take(self, kept: Kept, spent: int) -> None:
        """The head takes an edit. Raises `HarnessError` when it does not fit."""
        self.move(apply_edit(self.head, kept.edit), spent)
        self.kept.append(kept)

    def build_on(self, judged: Judged, spent: int) -> None:
        """The head takes what a round has kept."""
        plan, trial = judged.screened.plan, judged.screened.trial
        for proposal in judged.kept:
            dimension = proposal.hypothesis.dimension
            gain = trial.means.get(dimension, 0.0) if trial else 0.0
            self.take(Kept(proposal.edit, dimension, gain, plan.number, proposal.operator), spent)

    def move(self, head: Harness, spent: int) -> None:
        if head != self.head:
            self.head = head
            self.curve.append((spent, head))

    def mark_safe(self) -> None:
        """The head passed every trap."""
        self.safe, self.safe_count = self.head, len(self.kept)

    @property
    def unchecked(self) -> int:
        """Edits kept since the last head that passed every trap."""
        return len(self.kept) - self.safe_count

    def without(self, index: int) -> Harness:
        """The head as it would be without the index-th of the unchecked edits."""
        recent = [kept.edit for kept in self.kept[self.safe_count :]]
        return rebuilt(self.safe, recent[:index] + recent[index + 1 :])

    def recent(self) -> list[Kept]:
        """The unchecked edits that the head really has: what did not fit any more is left out."""
        found, harness = [], self.safe
        for kept in self.kept[self.safe_count :]:
            grown = rebuilt(harness, [kept.edit])
            if grown != harness:
                found.append(kept)
            harness = grown
        return found

    def weakest(self) -> Kept | None:
        """The rule or example still in the head that was kept on the weakest evidence, if there is any."""
        added = [kept for kept in self.kept if isinstance(kept.edit, AddRule | AddTriggerRule | AddExample)]
        there = [kept for kept in added if value_at(self.head, path_of(kept.edit)) is not None]
        return min(there, key=lambda kept: kept.gain, default=None)


def rebuilt(start: Harness, edits: Sequence[Edit]) -> Harness:
    """The edits made one after the other; one that does not fit without those left out is left out too."""
    harness = start
    for edit in edits:
        try:
            harness = apply_edit(harness, edit)
        except HarnessError:
            continue
    return harness
