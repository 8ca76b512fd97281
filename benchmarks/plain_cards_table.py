"""The table of `benchmarks.plain_cards`, from journals alone: gains with their intervals, and the rule that stops."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.plain_cards_journal import CardJournal, PlayRow, read_rows
from benchmarks.strata import stratified

CARD, LOOP, GEPA, STRONG = "card", "loop", "gepa", "gepa strong"
ARMS = (LOOP, GEPA, STRONG)
_TAIL, _WORSE = 0.025, 0.02
PLAYS = 2


@dataclass(frozen=True, slots=True)
class Played:
    """What a card's journal holds of the report: by arm and case the plays; ``spent`` by arm. ``visits`` are the plays
    of its visits by arm: they stand in rows of their own and in no gain."""

    card: str
    wanted: tuple[str, ...]
    plays: Mapping[str, Mapping[str, Sequence[PlayRow]]]
    spent: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    visits: Mapping[str, Sequence[PlayRow]] = field(default_factory=dict)

    def cases(self, *arms: str) -> list[str]:
        """The report cases that all these arms have played as often as is wanted."""
        return [case for case in self.wanted if all(len(self.plays[arm].get(case, ())) == PLAYS for arm in arms)]

    def gains(self, of: str, over: str) -> list[float]:
        """By case the score of one arm minus that of another, each the mean over the plays."""
        return [self._score(of, case) - self._score(over, case) for case in self.cases(of, over)]

    def mean(self, arm: str) -> float:
        """The mean score over the cases."""
        return statistics.fmean(self._score(arm, case) for case in self.cases(arm))

    def checks(self, arm: str, beside: str) -> tuple[int, int]:
        """(failed, all) single checks, over the cases that both arms have."""
        rows = [row for case in self.cases(arm, beside) for row in self.plays[arm][case]]
        return sum(len(row.failed) for row in rows), sum(row.checks for row in rows)

    def builds(self) -> list[str]:
        """The builds that played its report. The arms of a case are played one after the other, so pairs are hardly
        ever of two."""
        return sorted({row.code for arm in self.plays.values() for rows in arm.values() for row in rows})

    def _score(self, arm: str, case: str) -> float:
        return statistics.fmean(row.score for row in self.plays[arm][case])


def read_played(path: Path, wanted: Sequence[str], visits: Sequence[str] = ()) -> Played | None:
    """What the journal of a card holds of the ``wanted`` report cases and ``visits``; none where there is no
    journal."""
    rows = read_rows(path)
    if not rows:
        return None
    header = rows[0]["header"]
    journal = CardJournal(path, header, write=False)
    versions = {CARD: str(header["start"])[:16]}
    versions |= {arm: str(body["version"])[:16] for arm, body in journal.arms.items() if arm in ARMS}
    seeds = range(int(header["seed"]), int(header["seed"]) + PLAYS)
    plays: dict[str, dict[str, list[PlayRow]]] = {arm: {} for arm in versions}
    long: dict[str, list[PlayRow]] = {arm: [] for arm in versions}
    for row in journal.plays.values():
        for arm, version in versions.items():
            if row.version != version or row.seed not in seeds:
                continue
            if row.case in wanted:
                plays[arm].setdefault(row.case, []).append(row)
            elif row.case in visits:
                long[arm].append(row)
    return Played(str(header["card"]), tuple(wanted), plays, journal.arms, long)


def verdict(found: Sequence[Played]) -> tuple[bool, str]:
    """Whether the next stage may be played, and why: the rule that was fixed before the first play."""
    if not found or any(len(one.cases(CARD, LOOP)) < len(one.wanted) for one in found if LOOP in one.plays):
        return False, "the stage is not done"
    if any(LOOP not in one.plays for one in found):
        return False, "the stage is not done"
    gain, low, high = stratified({one.card: one.gains(LOOP, CARD) for one in found}, _TAIL)
    worse = [one.card for one in found if stratified({one.card: one.gains(LOOP, CARD)}, _TAIL)[2] < -_WORSE]
    told = f"the gain is {gain:+.3f} [{low:+.3f}, {high:+.3f}]"
    if worse:
        return False, f"{told}, and worse by more than {_WORSE} with confidence: {', '.join(worse)}"
    return low > 0, told if low > 0 else f"{told}: its lower bound is not above 0, so the loop is changed first"


def table(found: Sequence[Played]) -> str:
    """The table in Markdown: a row for each card and arm, then all cards together."""
    head = "| card | version | cases | mean | gain [95 %] | failed checks | checks followed | calls |"
    rows = [head, "|---|---|---|---|---|---|---|---|"]
    for one in found:
        rows += [_row([one], arm) for arm in (CARD, *ARMS) if arm in one.plays and one.cases(arm, CARD)]
    for arm in (CARD, *ARMS):
        of = [one for one in found if arm in one.plays and one.cases(arm, CARD)]
        if len(of) > 1:
            rows.append(_row(of, arm))
    for arm in (GEPA, STRONG):
        both = [one for one in found if arm in one.plays and LOOP in one.plays and one.cases(arm, LOOP)]
        if both:
            gain, low, high = stratified({one.card: one.gains(LOOP, arm) for one in both}, _TAIL)
            rows.append(f"\nloop minus {arm}, {len(both)} cards: {gain:+.3f} [{low:+.3f}, {high:+.3f}]")
    for one in found:
        if len(builds := one.builds()) > 1:
            rows.append(f"\n{one.card}: its report was played by {len(builds)} builds ({', '.join(builds)})")
    return "\n".join(rows)


def _row(found: Sequence[Played], arm: str) -> str:
    name = found[0].card if len(found) == 1 else f"**all {len(found)}**"
    cases = sum(len(one.cases(arm, CARD)) for one in found)
    wanted = sum(len(one.wanted) for one in found)
    mean = statistics.fmean(one.mean(arm) for one in found)
    failed, whole = (sum(counts) for counts in zip(*(one.checks(arm, CARD) for one in found), strict=True))
    before, of = (sum(counts) for counts in zip(*(one.checks(CARD, arm) for one in found), strict=True))
    gain = fewer = calls = ""
    if arm != CARD:
        mean_gain, low, high = stratified({one.card: one.gains(arm, CARD) for one in found}, _TAIL)
        gain = f"{mean_gain:+.3f} [{low:+.3f}, {high:+.3f}]"
        calls = str(sum(int(one.spent[arm]["calls"]) for one in found))
        fewer = f" ({failed / whole / (before / of) - 1:+.0%})" if before else ""
    told = f"{cases}" if cases == wanted else f"{cases} of {wanted}"
    return (
        f"| {name} | {arm} | {told} | {mean:.3f} | {gain} | {failed / whole:.1%}{fewer} | {1 - failed / whole:.1%} |"
        f" {calls} |"
    )
