"""A simulated world to optimise in: no model, truth known in closed form.

Ten dimensions; each rule of the world belongs to one. A case of a dimension has a base logit b ~ N(base, .5) and
needs one or two rules. It passes with P = sigmoid(b + weight * (sum of the strengths of the needed rules) + effects -
crowding * rules too many); a rule is worth 1 when firmly worded, .8 otherwise. The judge flips one verdict in twenty.
Two harnesses draw independently, so a harness that changes nothing scores differently by chance, as with a real model.

The proposer draws the kind of each edit from its own seed: useful, null, harmful (lowers every dimension), leak
(helps only the train cases it has read), trade (raises its dimension and lowers safety) or fading (a rule that is
followed in short plays, and less with each line of a visit). It sees failing train cases; the optimiser sees only typed
edits. What an edit does is read off its id and text by the world alone.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from openroom.core.harness import Harness
from openroom.tuning.audit.record import Hypothesis, Split
from openroom.tuning.edits import AddRule, Edit, RewordRule, SetGuard, SetSampling
from openroom.tuning.proposals.operators import Answer, Proposal, Situation
from openroom.tuning.rounds.arena import ArenaCase, Cost, Rollout
from openroom.tuning.rounds.seeds import derive

DIMENSIONS: Final = tuple(f"d{number}" for number in range(10))
SAFETY: Final = "safety"
_SIZES: Final[dict[Split, int]] = {"train": 12, "gate": 20, "holdout": 6, "report": 60}
_LINES: Final = 12
"""Of a visit; its last third is looked at, and each line is a call."""
_FADES: Final = 0.6
"""What a fading rule is worth in a line of a visit, of what it was worth in the line before."""
_TRAPS: Final = 16
_ASKS: Final = "rule"
_USEFUL: Final = re.compile(r"u(\d+)")
_FADING: Final = re.compile(r"f(\d+)")
_FIRM: Final = "Always, in every reply: "


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the kinds of proposals; they add up to 1."""

    useful: float
    null: float
    harmful: float
    leak: float
    trade: float
    fading: float = 0.0


WEAK: Final = Mix(useful=0.35, null=0.35, harmful=0.15, leak=0.10, trade=0.05)
GOOD: Final = Mix(useful=0.70, null=0.15, harmful=0.08, leak=0.05, trade=0.02)
NULL: Final = Mix(useful=0.0, null=1.0, harmful=0.0, leak=0.0, trade=0.0)


@dataclass(frozen=True, slots=True)
class World:
    """The parameters of a world. ``spare`` rules above ``rules`` cost nothing; ``surface``, ``drift`` and ``swap``
    switch on a response surface over sampling, a fall over the turns that a reminder stops, and a model swap half-way
    through. ``visits`` of each dimension lie in the split of that name."""

    name: str
    rules: int = 20
    mix: Mix = WEAK
    base: float = -2.0
    spread: float = 0.5
    weight: float = 4.5
    crowding: float = 0.05
    spare: int = 4
    flip: float = 0.05
    wrong_tags: float = 0.0
    surface: bool = False
    drift: bool = False
    swap: bool = False
    visits: int = 0


WORLDS: Final[dict[str, World]] = {
    world.name: world
    for world in (
        World("10 rules, weak", rules=10),
        World("10 rules, good", rules=10, mix=GOOD),
        World("20 rules, weak"),
        World("20 rules, good", mix=GOOD),
        World("20 rules, weak, wrong tags", wrong_tags=0.25),
        World("20 rules, good, wrong tags", mix=GOOD, wrong_tags=0.25),
        World("10 rules, weak, sampling", rules=10, surface=True),
        World("10 rules, weak, drift", rules=10, drift=True),
        World("10 rules, good, model swap", rules=10, mix=GOOD, swap=True),
    )
}


@dataclass(frozen=True, slots=True)
class Effects:
    """What a harness does, as the world reads it. ``strength`` of each rule present, 0..1, ``fading`` those that are
    followed less with each line; ``leaked`` train cases."""

    strength: Mapping[int, float]
    fading: frozenset[int]
    count: int
    harm: int
    lift: Mapping[str, int]
    trades: int
    leaked: frozenset[str]
    temperature: float
    penalty: float
    reminded: bool


@dataclass(frozen=True, slots=True)
class _Need:
    base: float
    rules: tuple[int, ...]
    turn: int


@dataclass(slots=True)
class Simulation:
    """An `Arena` over a world and a seed. ``swap_after``: rollouts until the model is swapped (worlds with
    ``swap``).
    """

    world: World
    seed: int
    swap_after: int = 0
    played: int = 0
    _effects: dict[str, Effects] = field(default_factory=dict)
    _needs: dict[str, _Need] = field(default_factory=dict)
    _cases: dict[Split, tuple[ArenaCase, ...]] = field(default_factory=dict)

    def cases(self, split: Split) -> Sequence[ArenaCase]:
        """The cases of a split: as many for each dimension; traps are all of the dimension ``safety``."""
        if split not in self._cases:
            self._cases[split] = tuple(self._make_cases(split))
        return self._cases[split]

    def digests(self) -> Mapping[str, str]:
        """The model changes when it is swapped."""
        return {"model": "second" if self.swapped else "first", "evalset": f"{self.world.name}/{self.seed}"}

    @property
    def swapped(self) -> bool:
        """Whether the second model plays."""
        return self.world.swap and self.swap_after > 0 and self.played >= self.swap_after

    def cost(self, case_id: str) -> Cost:
        """A call, or one for each line of a visit."""
        return Cost(_LINES if case_id.startswith("visit/") else 1, 0.0)

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        """Draw pass or fail; the same (harness, case, seed) always draws the same."""
        return self.draw(harness, case_id, seed)

    def draw(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        """What `evaluate` gives, without a loop."""
        rng = random.Random(derive(self.seed, "draw", harness.digest, case_id, seed, self.swapped))
        split, dimension, _ = case_id.split("/")
        if split == "visit":
            return self._draw_visit(harness, case_id, rng)
        passed = rng.random() < self.chance(harness, case_id)
        if split != "trap":
            passed = passed != (rng.random() < self.world.flip)
        self.played += 1
        word = "pass" if passed else "fail"
        return Rollout(
            {dimension: float(passed)}, f"{case_id} {seed}: {word}", () if passed else (f"{dimension} missed",)
        )

    def _draw_visit(self, harness: Harness, case_id: str, rng: random.Random) -> Rollout:
        """The share of the lines in the last third that pass."""
        last = range(_LINES - _LINES // 3, _LINES)
        passed = [
            (rng.random() < self.chance(harness, case_id, line)) != (rng.random() < self.world.flip) for line in last
        ]
        self.played += 1
        share, dimension = sum(passed) / len(passed), case_id.split("/")[1]
        scores = {dimension: share, f"{dimension}.{_ASKS}": share}
        return Rollout(scores, f"{case_id}: {sum(passed)} of {len(passed)}", calls=_LINES)

    def chance(self, harness: Harness, case_id: str, line: int = 0) -> float:
        """The probability that the harness passes the case (of a visit: after so many lines), before the judge errs."""
        effects = self.effects(harness)
        split, dimension, _ = case_id.split("/")
        if split == "trap":
            return max(0.0, 1.0 - 0.4 * effects.trades)
        need = self.need(case_id)
        grip = sum(
            effects.strength.get(rule, 0.0) * self._follows(rule) * (_FADES**line if rule in effects.fading else 1.0)
            for rule in need.rules
        )
        logit = need.base + self.world.weight * grip - 0.6 * effects.harm + 1.2 * effects.lift.get(dimension, 0)
        logit -= self.world.crowding * max(0, effects.count - self.world.rules - self.world.spare)
        logit += 3.0 * (case_id in effects.leaked)
        if self.world.surface:
            logit -= 1.5 * (effects.temperature - 0.4) ** 2 * 2 + 1.5 * (effects.penalty - 0.6) ** 2
        if self.world.drift:
            logit -= need.turn * (0.15 if effects.reminded else 0.9)
        return 1.0 / (1.0 + math.exp(-logit))

    def truth(self, harness: Harness) -> float:
        """The mean chance over 600 unseen cases: what is really gained."""
        cases = self.cases("report")
        return math.fsum(self.chance(harness, case.id) for case in cases) / len(cases)

    def safety(self, harness: Harness) -> float:
        """The chance of passing a trap: 1 for a harness that breaks no guard."""
        return self.chance(harness, self.cases("trap")[0].id)

    def best(self) -> Harness:
        """The harness that closes the whole gap: every rule, firmly worded, and the best settings."""
        harness = Harness.model_validate(
            {
                "rules": [{"id": f"u{rule}", "text": f"{_FIRM}habit {rule}."} for rule in range(self.world.rules)],
                "sampling": {"temperature": 0.4, "frequency_penalty": 0.6} if self.world.surface else {},
            }
        )
        guards = harness.guards.model_copy(update={"reminder": "Stay as you are." if self.world.drift else ""})
        return harness.model_copy(update={"guards": guards})

    def effects(self, harness: Harness) -> Effects:
        """What the harness does in this world."""
        digest = harness.digest
        if digest not in self._effects:
            self._effects[digest] = read_effects(harness)
        return self._effects[digest]

    def need(self, case_id: str) -> _Need:
        """What the case needs."""
        if case_id not in self._needs:
            self._needs[case_id] = self._make_need(case_id)
        return self._needs[case_id]

    def _follows(self, rule: int) -> float:
        """How well the model that plays follows a rule; the second model follows each third rule badly."""
        return 0.35 if self.swapped and rule % 3 == 0 else 1.0

    def _make_cases(self, split: Split) -> list[ArenaCase]:
        if split == "trap":
            return [ArenaCase(f"trap/{SAFETY}/{number}", SAFETY, "trap") for number in range(_TRAPS)]
        size = self.world.visits if split == "visit" else _SIZES[split]
        asks = (_ASKS,)
        return [
            ArenaCase(f"{split}/{name}/{number}", name, split, asks=asks)
            for number in range(size)
            for name in DIMENSIONS
        ]

    def _make_need(self, case_id: str) -> _Need:
        rng = random.Random(derive(self.seed, "case", case_id))
        own = DIMENSIONS.index(case_id.split("/")[1])
        mine = [rule for rule in range(self.world.rules) if rule % len(DIMENSIONS) == own]
        first = rng.choice(mine)
        needed: tuple[int, ...] = (first,)
        if rng.random() < 0.5:
            others = [rule for rule in mine if rule != first] or [
                rule for rule in range(self.world.rules) if rule != first
            ]
            needed = (first, rng.choice(others))
        return _Need(rng.gauss(self.world.base, self.world.spread), needed, rng.randrange(3))


@lru_cache(maxsize=4096)
def _strength(text: str) -> float:
    return 1.0 if text.startswith(_FIRM) else 0.8


def read_effects(harness: Harness) -> Effects:
    """Read off the ids and texts of a harness what it does."""
    strength: dict[int, float] = {}
    lift: dict[str, int] = {}
    leaked: set[str] = set()
    fading: set[int] = set()
    kinds = {"h": 0, "t": 0}
    for rule in harness.rules:
        useful = _USEFUL.fullmatch(rule.id)
        if useful:
            strength[int(useful[1])] = _strength(rule.text)
            fading.discard(int(useful[1]))
        elif fades := _FADING.fullmatch(rule.id):
            if int(fades[1]) not in strength:
                strength[int(fades[1])] = _strength(rule.text)
                fading.add(int(fades[1]))
        elif rule.id.startswith("l"):
            leaked.add(rule.text.split(" ", 1)[0])
        elif rule.id[0] in kinds:
            kinds[rule.id[0]] += 1
            if rule.id.startswith("t"):
                dimension = rule.text.split(" ", 1)[0]
                lift[dimension] = lift.get(dimension, 0) + 1
    sampling = harness.sampling
    return Effects(
        strength=strength,
        fading=frozenset(fading),
        count=len(harness.rules),
        harm=kinds["h"],
        lift=lift,
        trades=kinds["t"],
        leaked=frozenset(leaked),
        temperature=1.0 if sampling.temperature is None else sampling.temperature,
        penalty=sampling.frequency_penalty or 0.0,
        reminded=bool(harness.guards.reminder),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A proposal with what the world knows about it; ``kind`` is for the report only."""

    edit: Edit
    dimension: str
    kind: str


@dataclass(slots=True)
class SeededProposer:
    """Draws one edit after another; the n-th draw is of the same kind whoever asks. Feeds every optimiser alike.

    ``kinds`` maps the canonical JSON of each edit handed out to its kind, for the report.
    """

    sim: Simulation
    seed: int
    name: str = "seeded"
    drawn: int = 0
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def cost(self) -> Cost:
        """Nothing: it is code."""
        return Cost(0, 0.0)

    async def propose(self, context: Situation) -> Answer:
        """A proposal for one of the failures in the context, if there is one."""
        failing = [played.case for played in context.failures]
        if not failing:
            return Answer(reason="no failure")
        drawn = self.draw(context.harness, failing, index=context.number)
        why = f"seeded draw for {drawn.dimension}"
        hypothesis = Hypothesis(dimension=drawn.dimension, expected_delta=0.2, why=why)
        return Answer(Proposal(drawn.edit, hypothesis, self.name))

    def draw(self, harness: Harness, failing: Sequence[str], index: int | None = None) -> Drawn:
        """The next edit for one of the failing cases (ids). ``index`` replaces the running number (resumable runs)."""
        rng = random.Random(derive(self.seed, "proposal", self.drawn if index is None else index))
        self.drawn += 1
        kind, case_id = self._kind(rng), rng.choice(sorted(failing))
        edit: Edit | None = None
        if kind in ("useful", "fading"):
            case_id = self._telling(harness, failing, case_id, rng)
        dimension = acts_on = case_id.split("/")[1]
        if rng.random() < self.sim.world.wrong_tags:
            acts_on = rng.choice([name for name in DIMENSIONS if name != dimension])
        number = rng.randrange(10**9)
        if kind == "useful":
            edit = self._useful(harness, case_id, acts_on, acts_on == dimension, rng)
            kind = kind if edit else "null"
        if kind == "fading":
            edit = self._fading(harness, case_id, rng)
            kind = kind if edit else "null"
        edit = edit or self._other(kind, number, case_id, acts_on)
        self.kinds[edit.model_dump_json()] = kind
        return Drawn(edit, dimension, kind)

    def _kind(self, rng: random.Random) -> str:
        mix = self.sim.world.mix
        shares = {"useful": mix.useful, "null": mix.null, "harmful": mix.harmful, "leak": mix.leak, "trade": mix.trade}
        shares |= {"fading": mix.fading} if mix.fading else {}
        kind = rng.choices(list(shares), list(shares.values()))[0]
        if self.sim.world.surface and rng.random() < 0.2:
            return "sampling"
        return kind

    def _telling(self, harness: Harness, failing: Sequence[str], first: str, rng: random.Random) -> str:
        """A failing case that lacks a rule, if there is one among those shown; a good eye finds it."""
        strength = self.sim.effects(harness).strength
        lacking = [name for name in sorted(failing) if any(rule not in strength for rule in self.sim.need(name).rules)]
        return first if first in lacking or not lacking else rng.choice(lacking)

    def _useful(self, harness: Harness, case_id: str, acts_on: str, right: bool, rng: random.Random) -> Edit | None:
        effects = self.sim.effects(harness)
        need = self.sim.need(case_id)
        if self.sim.world.drift and right and need.turn and not effects.reminded and rng.random() < 0.5:
            return SetGuard(name="reminder", value="Stay as you are.")
        own = DIMENSIONS.index(acts_on)
        rules = need.rules if right else [r for r in range(self.sim.world.rules) if r % len(DIMENSIONS) == own]
        firm = rng.random() < 0.5
        text = f"{_FIRM if firm else ''}habit {{}}."
        missing = [rule for rule in rules if rule not in effects.strength]
        if missing:
            rule = rng.choice(missing)
            return AddRule(id=f"u{rule}", text=text.format(rule))
        soft = [rule for rule in rules if effects.strength[rule] < 1.0]
        return RewordRule(id=f"u{soft[0]}", text=f"{_FIRM}habit {soft[0]}.") if soft else None

    def _fading(self, harness: Harness, case_id: str, rng: random.Random) -> Edit | None:
        """A rule that the case lacks, of the sort that fades."""
        strength = self.sim.effects(harness).strength
        missing = [rule for rule in self.sim.need(case_id).rules if rule not in strength]
        rule = rng.choice(missing) if missing else None
        return None if rule is None else AddRule(id=f"f{rule}", text=f"{_FIRM}habit {rule}, as long as it lasts.")

    def _other(self, kind: str, number: int, case_id: str, acts_on: str) -> Edit:
        match kind:
            case "harmful":
                return AddRule(id=f"h{number}", text=f"A habit that harms, number {number}.")
            case "leak":
                return AddRule(id=f"l{number}", text=f"{case_id} is answered so.")
            case "trade":
                return AddRule(id=f"t{number}", text=f"{acts_on} first, care second, number {number}.")
            case "sampling":
                rng = random.Random(number)
                if rng.random() < 0.5:
                    return SetSampling(name="temperature", value=round(rng.uniform(0.0, 1.5), 2))
                return SetSampling(name="frequency_penalty", value=round(rng.uniform(0.0, 1.5), 2))
        return AddRule(id=f"n{number}", text=f"A habit that changes nothing, number {number}.")


def gap_closed(sim: Simulation, start: Harness, end: Harness) -> float:
    """Share of the way from ``start`` to the best harness that ``end`` went, by truth; below 0 when it got worse."""
    low, high, got = sim.truth(start), sim.truth(sim.best()), sim.truth(end)
    return (got - low) / (high - low)


def as_final(sim: Simulation) -> Simulation:
    """The world as it is at the end: after the swap, where there is one."""
    return replace(sim, played=sim.swap_after) if sim.world.swap else sim
