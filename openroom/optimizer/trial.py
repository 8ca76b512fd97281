"""One candidate on trial: a cheap look on train, then paired evaluation on the gate split, then the traps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.optimizer.arena import Arena, Case
from openroom.optimizer.gate import FALLBACK, GateError, GateSettings, Guard, RoundGate, guard_reason
from openroom.optimizer.record import Arm, GateRow, RolloutRow, TestRow
from openroom.optimizer.rollouts import Rollouts, Want
from openroom.optimizer.seeds import derive

#: How often a lost trap is played again, by both arms.
CONFIRM: Final = 3


@dataclass(slots=True)
class Trial:
    """Plays a candidate against the head (the incumbent) and gathers the rows. One for each round."""

    arena: Arena
    rollouts: Rollouts
    seed: int
    head: Harness
    candidate: Harness
    settings: GateSettings
    rows: list[RolloutRow] = field(default_factory=list)
    differences: dict[str, list[float]] = field(default_factory=dict)
    _orders: dict[str, list[Case]] = field(default_factory=dict)

    async def screen(self, cases: Sequence[tuple[Case, int]], need: int) -> bool:
        """Play the candidate on train cases (with seeds); whether ``need`` of them pass. Stops as soon as that is
        decided.

        It uses no alpha: train may be looked at as often as one likes.
        """
        passed = 0
        for index, (case, seed) in enumerate(cases):
            if passed >= need or passed + len(cases) - index < need:
                break
            passed += (await self._play(case, seed, "candidate", self.candidate)).scores[case.dimension] >= 0.5
        return passed >= need

    async def gate(self, dimensions: Sequence[str]) -> RoundGate:
        """Pairs on the gate split until every test is decided: one for each dimension, and for bundles one over all."""
        names = (*dimensions, FALLBACK) if len(dimensions) > 1 else tuple(dimensions)
        gate = RoundGate(names, self.settings)
        played = dict.fromkeys(dimensions, 0)
        while open_tests := [name for name in names if gate.verdict(name) == "more"]:
            wanted = [name for name in dimensions if name in open_tests] or list(dimensions)
            dimension = min(wanted, key=lambda name: played[name])
            if played[dimension] >= 2 * self.settings.n_max:
                break
            for name, difference in (await self._pair(dimension, played[dimension])).items():
                if name in open_tests:
                    gate = gate.after(name, difference)
            played[dimension] += 1
        return gate

    async def guard(self, guard: Guard, cases: Sequence[Case], released: Harness) -> str:
        """Play cases by candidate and released version; why the guard is broken, empty when it is not.

        Where no case may be lost, a loss is played again ``CONFIRM`` times: it stands when the candidate fails once
        more and the released version never does. A case that the released version itself loses now and then traps
        nobody.
        """
        new, old = await self._both(guard.name, [(case, 0) for case in cases], released)
        if not guard.zero_tolerance:
            return guard_reason(guard, new, old)
        lost = [case for case, after, before in zip(cases, new, old, strict=True) if after < before]
        stands = [case for case in lost if await self._stands(guard.name, case, released)]
        kept = [
            after if case in stands else max(after, before) for case, after, before in zip(cases, new, old, strict=True)
        ]
        return guard_reason(guard, kept, old)

    async def _stands(self, name: str, case: Case, released: Harness) -> bool:
        try:
            new, old = await self._both(name, [(case, lap) for lap in range(1, CONFIRM + 1)], released)
        except BudgetExceeded:
            return True  # what can't be played again stands
        return min(new) < 1.0 and min(old) >= 1.0

    async def _both(
        self, name: str, plays: Sequence[tuple[Case, int]], released: Harness
    ) -> tuple[list[float], list[float]]:
        wants = []
        for case, lap in plays:
            seed = derive(self.seed, "guard", case.id, lap)
            wants += [Want(self.candidate, case, seed, "candidate"), Want(released, case, seed, "released")]
        scores = [row.scores.get(name, 0.0) for row in await self._all(wants)]
        return scores[::2], scores[1::2]

    async def missed(self, dimension: str, pairs: int) -> bool:
        """Whether the candidate, which lacks something, does worse than the head in so many pairs. Stops early when
        it does.
        """
        for index in range(pairs):
            await self._pair(dimension, index)
            if index + 1 >= self.settings.n_min and self.mean(dimension) < 0:
                return True
        return self.mean(dimension) < 0

    async def differences_on(self, cases: Sequence[Case], other: Harness, arm: Arm, purpose: str) -> list[float]:
        """Paired differences candidate - other over cases, each in its own dimension."""
        wants = []
        for case in cases:
            seed = derive(self.seed, purpose, self.candidate.digest, case.id)
            wants += [Want(self.candidate, case, seed, "candidate"), Want(other, case, seed, arm)]
        rows = await self._all(wants)
        pairs = zip(cases, rows[::2], rows[1::2], strict=True)
        return [new.scores[case.dimension] - old.scores[case.dimension] for case, new, old in pairs]

    async def _pair(self, dimension: str, index: int) -> dict[str, float]:
        """The index-th pair of a dimension. Every candidate of one head meets the same cases with the same seeds."""
        order = self._order(dimension)
        case, lap = order[index % len(order)], index // len(order)
        seed = derive(self.seed, "pair", self.head.digest, case.id, lap)
        new, old = await self._all(
            [Want(self.candidate, case, seed, "candidate"), Want(self.head, case, seed, "incumbent")]
        )
        found = {name: new.scores.get(name, 0.0) - score for name, score in old.scores.items()}
        found[FALLBACK] = math.fsum(found.values()) / len(found)
        for name, difference in found.items():
            self.differences.setdefault(name, []).append(difference)
        return found

    def _order(self, dimension: str) -> list[Case]:
        if dimension not in self._orders:
            cases = [case for case in self.arena.cases("gate") if case.dimension == dimension]
            if not cases:
                raise GateError(f"expected gate cases for {dimension}, there are none")
            cases.sort(key=lambda case: derive(self.seed, "order", self.head.digest, case.id))
            self._orders[dimension] = cases
        return self._orders[dimension]

    async def _play(self, case: Case, seed: int, arm: Arm, harness: Harness) -> RolloutRow:
        return (await self._all([Want(harness, case, seed, arm)]))[0]

    async def _all(self, wants: list[Want]) -> list[RolloutRow]:
        rows = await self.rollouts.play(wants)
        self.rows += rows
        return rows

    def mean(self, name: str) -> float:
        """Mean difference seen under a name, 0 when none was."""
        seen = self.differences.get(name, [])
        return math.fsum(seen) / len(seen) if seen else 0.0


def gate_row(
    gate: RoundGate | None, *, gain: float, tokens: int, guards: Sequence[str], reasons: Sequence[str], kept: bool
) -> GateRow:
    """The gate of a round, for its record."""
    return GateRow(
        tests=tuple(_test_row(gate, name) for name in gate.names) if gate else (),
        guards=tuple(guards),
        gain=round(gain, 6),
        tokens=tokens,
        verdict="keep" if kept else "drop",
        reasons=tuple(reasons),
    )


def _test_row(gate: RoundGate, name: str) -> TestRow:
    evidence = gate.evidence(name)
    return TestRow(
        name=name,
        path=tuple(round(e, 6) for e in evidence.path),
        mean=round(evidence.mean, 6),
        alpha=gate.alpha,
        verdict=gate.verdict(name),
    )
