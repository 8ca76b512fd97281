"""One candidate on trial: a cheap look on train, paired evaluation on the gate split, in visits too, then the traps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from openroom.core.harness import Harness
from openroom.errors import BudgetExceeded
from openroom.tuning.audit.record import Arm, RolloutRow
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.arena import Arena, ArenaCase, Played, flaw_kinds
from openroom.tuning.rounds.gate import FALLBACK, Bound, GateError, GateSettings, RoundGate, guard_reason
from openroom.tuning.rounds.regressions import ENOUGH, Fall
from openroom.tuning.rounds.rollouts import Rollouts, Want
from openroom.tuning.rounds.seeds import derive
from openroom.tuning.rounds.visits import Lasting

#: How often a lost trap is played again, by both arms.
CONFIRM: Final = 3


@dataclass(slots=True)
class Trial:
    """Plays a candidate against the head (the incumbent) and gathers the rows. One for each round. ``differences`` are
    those of all pairs by dimension, ``means`` their means, ``asked`` those of a dimension's own pairs by what these ask
    for; ``doubts`` are falls that looked real enough to play again when the budget ended it. ``pairs``:
    not 0 for pairs that no other candidate of this head has met."""

    arena: Arena
    rollouts: Rollouts
    seed: int
    head: Harness
    candidate: Harness
    settings: GateSettings
    rows: list[RolloutRow] = field(default_factory=list)
    differences: dict[str, list[float]] = field(default_factory=dict)
    asked: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    means: dict[str, float] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    pairs: int = 0
    _orders: dict[str, list[ArenaCase]] = field(default_factory=dict)

    async def screen(self, proposal: Proposal, failures: Sequence[Played], number: int, count: int, need: int) -> bool:
        """Play the candidate on up to ``count`` train cases; whether ``need`` of them pass in the proposal's dimension
        (each case's own, where it has no score there). The cases are those it aims at, those that failed, then others.
        Where it is known what kinds of flaw the edit mends, a case passes also when they are gone from it: another flaw
        beside them is for another edit. Stops as soon as that is decided.

        It uses no alpha: train may be looked at as often as one likes.
        """
        dimension, mends = proposal.hypothesis.dimension, proposal.mends
        train = {case.id: case for case in self.arena.cases("train")}
        aims = [name for name in proposal.aims if name in train]
        own = [case.id for case in train.values() if case.dimension == dimension]
        ids = list(dict.fromkeys([*aims, *(played.case for played in reversed(failures)), *own]))[:count]
        passed = 0
        for index, case in enumerate(train[name] for name in ids):
            if passed >= need or passed + len(ids) - index < need:
                break
            row = await self._play(case, derive(self.seed, number, "screen", case.id), "candidate", self.candidate)
            mended = bool(mends) and flaw_kinds(row.flaws).isdisjoint(mends)
            passed += mended or row.scores.get(dimension, row.scores[case.dimension]) >= 0.5
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

    async def visit(self, dimension: str, most: int) -> Lasting | None:
        """Pairs of visits until it is clear whether what short plays showed in the dimension lasts; nothing where no
        visit asks for it, or where they showed no gain in what visits ask for. Every candidate of one head meets the
        same visits with the same seeds. The arms are played one after the other: a whole visit is much to reserve."""
        short = self.asked.get(dimension, {})
        found = [one for one in self.arena.cases("visit") if one.dimension == dimension]
        fits = max((len(short.keys() & set(one.asks)) for one in found), default=0)
        cases = [one for one in found if len(short.keys() & set(one.asks)) == fits]  # those that ask for most of it
        lasting = Lasting(short, most)
        if not fits or lasting.gain([ask for case in cases for ask in case.asks]) <= 0.0:
            return None
        cases.sort(key=lambda case: derive(self.seed, "order", self.head.digest, case.id))
        while lasting.verdict == "more":
            lap, index = divmod(len(lasting.visits), len(cases))
            seed = derive(self.seed, "visit", self.head.digest, cases[index].id, lap)
            new = await self._play(cases[index], seed, "candidate", self.candidate)
            old = await self._play(cases[index], seed, "incumbent", self.head)
            names = {ask: f"{dimension}.{ask}" for ask in cases[index].asks}
            lasting = lasting.after(
                {ask: new.scores.get(name, 0.0) - old.scores.get(name, 0.0) for ask, name in names.items()}
            )
        return lasting

    async def look(self, cases: Sequence[ArenaCase], released: Harness) -> None:
        """Play cases by candidate and released version, so that a `guard` later costs nothing (and takes the rows)."""
        await self.rollouts.play([want for case in cases for want in self._arms(case, 0, released)])

    async def guard(self, guard: Bound, cases: Sequence[ArenaCase], released: Harness) -> str:
        """Play cases by candidate and released version; why the guard is broken, empty when it is not.

        Where no case may be lost, a loss is played again ``CONFIRM`` times: it stands when the candidate fails once
        more and the released version never does. A case that the released version itself loses now and then traps
        nobody. Elsewhere the means count; those of fewer than ``ENOUGH`` cases are a suspicion only, and what was lost
        is played again (see `openroom.tuning.rounds.regressions`).
        """
        new, old = await self._both([(guard.name, case, 0) for case in cases], released)
        if guard.zero_tolerance:
            return await self._trapped(guard, cases, new, old, released)
        reason = guard_reason(guard, new, old)
        if not reason or len(cases) >= ENOUGH:
            return reason
        if math.fsum(new) / len(new) < guard.floor and await self._below(guard, cases):
            return reason
        if math.fsum(new) >= math.fsum(old) - guard.tolerance * len(old):
            return ""
        lost = [(guard.name, case) for case, after, before in zip(cases, new, old, strict=True) if after < before]
        return reason if await self._lost_again(lost, guard.tolerance, released, reason) else ""

    async def together(
        self, parts: Sequence[tuple[str, Sequence[ArenaCase]]], tolerance: float, released: Harness
    ) -> str:
        """Guard the mean over all of these dimensions, so that many small falls count as one. As `guard`, with few
        cases: what was lost anywhere is played again."""
        plays = [(dimension, case, 0) for dimension, cases in parts for case in cases]
        taken = len(self.rows)
        new, old = await self._both(plays, released)
        del self.rows[taken:]  # each `guard` has taken its own
        if not plays or math.fsum(new) >= math.fsum(old) - tolerance * len(plays):
            return ""
        mean_new, mean_old = math.fsum(new) / len(plays), math.fsum(old) / len(plays)
        reason = f"all together: {mean_new:.2f}, released {mean_old:.2f}, may fall by {tolerance:.2f}"
        lost = [(name, case) for (name, case, _), a, b in zip(plays, new, old, strict=True) if a < b]
        return reason if await self._lost_again(lost, tolerance, released, reason) else ""

    async def _trapped(
        self, guard: Bound, cases: Sequence[ArenaCase], new: list[float], old: list[float], released: Harness
    ) -> str:
        lost = [case for case, after, before in zip(cases, new, old, strict=True) if after < before]
        stands = [case for case in lost if await self._stands(guard.name, case, released)]
        kept = [
            after if case in stands else max(after, before) for case, after, before in zip(cases, new, old, strict=True)
        ]
        return guard_reason(guard, kept, old)

    async def _lost_again(
        self, lost: Sequence[tuple[str, ArenaCase]], tolerance: float, released: Harness, doubt: str
    ) -> bool:
        fall = Fall(tolerance)
        while fall.verdict == "more":
            lap, index = divmod(fall.evidence.n, len(lost))
            try:
                new, old = await self._both([(*lost[index], lap + 1)], released)
            except BudgetExceeded:
                return self._doubted(fall, doubt)
            fall = fall.after(old[0] - new[0])
        return fall.verdict == "stands"

    async def _below(self, guard: Bound, cases: Sequence[ArenaCase]) -> bool:
        """Whether the candidate is below the floor in ``ENOUGH`` further plays too."""
        laps = [divmod(number, len(cases)) for number in range(ENOUGH)]
        wants = [
            Want(self.candidate, cases[index], derive(self.seed, "guard", cases[index].id, lap + 1), "candidate")
            for lap, index in laps
        ]
        try:
            rows = await self._all(wants)
        except BudgetExceeded:
            return True  # a floor is an operator's word: what can't be played again stands
        return math.fsum(row.scores.get(guard.name, 0.0) for row in rows) / len(rows) < guard.floor

    def _doubted(self, fall: Fall, doubt: str) -> bool:
        if not fall.so_far:
            self.doubts.append(f"{doubt}; the budget ended before that was played again")
        return fall.so_far

    async def _stands(self, name: str, case: ArenaCase, released: Harness) -> bool:
        try:
            new, old = await self._both([(name, case, lap) for lap in range(1, CONFIRM + 1)], released)
        except BudgetExceeded:
            return True  # what can't be played again stands
        return min(new) < 1.0 and min(old) >= 1.0

    async def _both(
        self, plays: Sequence[tuple[str, ArenaCase, int]], released: Harness
    ) -> tuple[list[float], list[float]]:
        """Scores of candidate and released version in (dimension, case, lap)."""
        rows = await self._all([want for _, case, lap in plays for want in self._arms(case, lap, released)])
        names = [name for name, _, _ in plays]
        new, old = (
            [row.scores.get(name, 0.0) for name, row in zip(names, arm, strict=True)] for arm in (rows[::2], rows[1::2])
        )
        return new, old

    def _arms(self, case: ArenaCase, lap: int, released: Harness) -> list[Want]:
        seed = derive(self.seed, "guard", case.id, lap)
        return [Want(self.candidate, case, seed, "candidate"), Want(released, case, seed, "released")]

    async def missed(self, dimension: str, pairs: int) -> bool:
        """Whether the candidate, which lacks something, does worse than the head in so many pairs. Stops early when
        it does.
        """
        for index in range(pairs):
            await self._pair(dimension, index)
            if index + 1 >= self.settings.n_min and self.means.get(dimension, 0.0) < 0:
                return True
        return self.means.get(dimension, 0.0) < 0

    async def _pair(self, dimension: str, index: int) -> dict[str, float]:
        """The index-th pair of a dimension. Every candidate of one head meets the same cases with the same seeds."""
        order = self._order(dimension)
        case, lap = order[index % len(order)], index // len(order)
        own = (self.pairs,) if self.pairs else ()
        seed = derive(self.seed, "pair", self.head.digest, case.id, lap, *own)
        new, old = await self._all(
            [Want(self.candidate, case, seed, "candidate"), Want(self.head, case, seed, "incumbent")]
        )
        found = {name: new.scores.get(name, 0.0) - score for name, score in old.scores.items()}
        asked = {name: found.pop(name) for name in list(found) if "." in name}
        for ask in case.asks:
            difference = asked.get(f"{dimension}.{ask}", found[dimension])
            self.asked.setdefault(dimension, {}).setdefault(ask, []).append(difference)
        found[FALLBACK] = math.fsum(found.values()) / len(found)
        for name, difference in found.items():
            seen = self.differences.setdefault(name, [])
            seen.append(difference)
            self.means[name] = math.fsum(seen) / len(seen)
        return found

    def _order(self, dimension: str) -> list[ArenaCase]:
        if dimension not in self._orders:
            cases = [case for case in self.arena.cases("gate") if case.dimension == dimension]
            if not cases:
                raise GateError(f"expected gate cases for {dimension}, there are none")
            cases.sort(key=lambda case: derive(self.seed, "order", self.head.digest, case.id))
            self._orders[dimension] = cases
        return self._orders[dimension]

    async def _play(self, case: ArenaCase, seed: int, arm: Arm, harness: Harness) -> RolloutRow:
        return (await self._all([Want(harness, case, seed, arm)]))[0]

    async def _all(self, wants: list[Want]) -> list[RolloutRow]:
        rows = await self.rollouts.play(wants)
        self.rows += rows
        return rows
