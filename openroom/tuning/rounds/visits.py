"""Visits: does an edit that helps in short plays still help when a visit has gone on for a while?

A short play has one to four lines, and the character has said nothing before them. In a visit its own lines are the
best example it has: on a plain card a reminder of the form of address was kept with +.41 in 17 short pairs, and in a
visit it was followed in none of 16 lines. So what short plays would keep is played in visits of 12 to 20 lines, by the
candidate and the version it builds on with the same seeds, and what is followed in the last third is compared: an
effect that fades by then counts as none.

The edit lasts when the mean effect there is at least half (``NEEDED``) of its effect in the short plays. The two are
made alike: what is asked for (address, length) counts in both with the shares that it had in the short pairs, and by
the checks that ask for it alone (a form of address has to come in one of two replies, as there; that a reply was also
too long, which decides a short play's score too, is another thing). After each pair from the second on an
80 % interval (Student's t) is looked at, and when that half lies outside, it is decided; else at the last pair
(``VISITS``) the mean decides.

An edit that asks two things is judged for each: a thing that helped in short plays more surely than by chance, and that
surely shows less than half of it in visits, ends it too.

Why after the short plays, as a second condition, and not among their pairs: a pair of visits costs 24 to 30 calls, a
short one two to four, and nine of ten proposals fail in short plays already. The visits of the version it builds on are
known once the first candidate has paid for them. And a second condition keeps no edit that the first would not have
kept: the e-value is made of short pairs alone, so at most alpha of the null edits are kept, as before; visits only make
it fewer. What they add is an error of the other kind. Simulated as in `tests/tuning/rounds/test_visits.py` (four things
asked for in the last third, chances that differ from visit to visit as logits with a spread of .7), of what short plays
keep: an edit from .3 to .8 that lasts wholly stays in 81 %, one that fades to nothing in 8 %; from .01 to .42, as the
form of address above, 89 % and 0.1 %; null edits were kept in 1.4 % before and in 0.2 % now. It takes 3.0 to 3.6 pairs.
With two things asked for instead of four it is 77 % and 13 %, 83 % and 0.7 %.

Everything here is pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from openroom.tuning.audit.record import VisitRow
from openroom.tuning.rounds.gate import GateSettings, evidence_of

#: The most pairs of visits for an edit; two at least.
VISITS: Final = 4
#: What of the effect in short plays must be there in the last third of a visit.
NEEDED: Final = 0.5

_FEWEST: Final = 2
_SURE: Final = GateSettings(alpha=0.2)
_FLOOR: Final = 0.02
"""The least variance of what a visit shows: two visits that agree may do so by chance."""
_T80: Final = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415)
"""Student's t for two-sided 80 %, by degrees of freedom from 1 on."""


@dataclass(frozen=True, slots=True)
class Span:
    """A mean with its 80 % interval."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Span:
        """Of one value or more; one alone says nothing of its spread."""
        n, mean = len(values), math.fsum(values) / len(values)
        if n < 2:
            return cls(mean, -1.0, 1.0)
        spread = math.sqrt(max(math.fsum((value - mean) ** 2 for value in values) / (n - 1), _FLOOR) / n)
        half = _T80[min(n - 2, len(_T80) - 1)] * spread
        return cls(mean, mean - half, mean + half)


@dataclass(frozen=True, slots=True)
class Lasting:
    """Whether an edit's effect lasts. ``short``: the differences of short pairs by what their cases ask for;
    ``visits``: of each pair of visits the difference in its last third, by the same. ``most`` pairs are played."""

    short: Mapping[str, Sequence[float]]
    most: int = VISITS
    visits: tuple[Mapping[str, float], ...] = ()

    def after(self, visit: Mapping[str, float]) -> Lasting:
        """After one more pair of visits. What no short pair asked for is left out."""
        return replace(self, visits=(*self.visits, {name: visit[name] for name in self.short if name in visit}))

    def gain(self, asks: Sequence[str]) -> float:
        """The mean difference of the short pairs that ask for one of these things; 0 where there is none."""
        found = [difference for name in self.short if name in asks for difference in self.short[name]]
        return math.fsum(found) / len(found) if found else 0.0

    @property
    def effects(self) -> tuple[float, ...]:
        """The effect in each visit, with what is asked for in the shares of the short pairs."""
        return tuple(self._weighed(visit) for visit in self.visits)

    @property
    def needed(self) -> float:
        """What the effects must come to on average."""
        return NEEDED * math.fsum(self.gain(list(visit)) for visit in self.visits) / max(1, len(self.visits))

    @property
    def verdict(self) -> Literal["lasts", "fades", "more"]:
        """Whether the effect lasts, fades, or more visits are to be played."""
        if len(self.visits) < _FEWEST:
            return "more"
        if self.faded:
            return "fades"
        over = Span.of([effect - self._part(visit) for effect, visit in zip(self.effects, self.visits, strict=True)])
        if over.low < 0.0 <= over.high and len(self.visits) < self.most:
            return "more"
        # An effect of exactly the half, in every visit, is enough: rounding must not decide it.
        return "fades" if over.mean < -1e-9 else "lasts"

    @property
    def faded(self) -> tuple[str, ...]:
        """Things that surely helped in short plays and surely show less than half of it in visits."""
        found = []
        for name, differences in self.short.items():
            seen = [visit[name] for visit in self.visits if name in visit]
            helped = max(evidence_of(differences, _SURE).path, default=1.0) >= 1.0 / _SURE.alpha
            if helped and len(seen) >= _FEWEST and Span.of(seen).high < NEEDED * self.gain([name]) - 1e-9:
                found.append(name)
        return tuple(found)

    def row(self, name: str) -> VisitRow:
        """For the record of the round."""
        span, asked = Span.of(self.effects), sorted({ask for visit in self.visits for ask in visit})
        by = {ask: (self.gain([ask]), _mean([visit[ask] for visit in self.visits if ask in visit])) for ask in asked}
        return VisitRow(
            name=name,
            effects=tuple(round(effect, 6) for effect in self.effects),
            mean=round(span.mean, 6),
            low=round(max(-1.0, span.low), 6),
            high=round(min(1.0, span.high), 6),
            short=round(self.gain(asked), 6),
            needed=round(self.needed, 6),
            by={ask: (round(short, 6), round(seen, 6)) for ask, (short, seen) in by.items()},
            verdict=self.verdict,
        )

    def _part(self, visit: Mapping[str, float]) -> float:
        return NEEDED * self.gain(list(visit))

    def _weighed(self, visit: Mapping[str, float]) -> float:
        weights = {name: len(self.short[name]) for name in visit}
        return math.fsum(visit[name] * weight for name, weight in weights.items()) / sum(weights.values())


def in_words(row: VisitRow) -> str:
    """What visits said, in a sentence."""
    said = {"lasts": "it lasts", "fades": "it fades", "more": "more would be needed"}[row.verdict]
    parts = "".join(f"; {ask} {short:+.2f}, then {seen:+.2f}" for ask, (short, seen) in row.by.items())
    return (
        f"{row.name} late in {len(row.effects)} visits {row.mean:+.2f} [{row.low:+.2f}, {row.high:+.2f}], in short"
        f" plays {row.short:+.2f}, needed {row.needed:+.2f}: {said}{parts if len(row.by) > 1 else ''}"
    )


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
