"""The report of an evaluation: a table per dimension with intervals, languages apart, and each failure in its words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from openroom.evals.result import CaseResult, followed
from openroom.evals.sense_score import LIKELY
from openroom.evals.stats import Share, share
from openroom.ports.model import ModelInfo

_SHOWN = 3
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Report:
    """What was played of a character, with which version, by whom; ``evalset`` is the digest of the cases. Visits stand
    in `visits` alone."""

    character: str
    model: ModelInfo
    why: str
    seed: int
    harness: str
    evalset: str
    results: tuple[CaseResult, ...]

    @property
    def short(self) -> list[CaseResult]:
        """All results but those of visits."""
        return [result for result in self.results if not result.visit]

    def visits(self) -> dict[str, tuple[Share, Share]]:
        """By dimension and what is asked for: what was followed in visits before their last third, and in it."""
        groups: dict[str, tuple[list[bool], list[bool]]] = {}
        for result in self.results:
            for one in followed(result.checks) if result.visit else ():
                early_late = groups.setdefault(f"{one.dimension}: {one.asks}", ([], []))
                early_late[one.at >= result.visit].append(one.passed)
        return {
            name: (share(sum(early), len(early)), share(sum(late), len(late)))
            for name, (early, late) in sorted(groups.items())
        }

    def shares(self, key: Callable[[CaseResult], str]) -> dict[str, Share]:
        """Shares of cases passed in their own dimension, grouped."""
        groups: dict[str, list[CaseResult]] = {}
        for result in self.short:
            groups.setdefault(key(result), []).append(result)
        return {name: share(sum(one.score >= 1 for one in found), len(found)) for name, found in sorted(groups.items())}

    def dimensions(self) -> dict[str, Share]:
        """By the dimension of the case."""
        return self.shares(lambda result: result.dimension)

    def languages(self) -> dict[str, Share]:
        """By the language of the case."""
        return self.shares(lambda result: result.language)

    def everywhere(self) -> dict[str, Share]:
        """By dimension over all cases in which it was looked at, the standing checks included."""
        groups: dict[str, list[float]] = {}
        for result in self.short:
            for name, score in result.scores.items():
                if "." not in name:  # what is graded is never whole
                    groups.setdefault(name, []).append(score)
        return {name: share(sum(one >= 1 for one in found), len(found)) for name, found in sorted(groups.items())}

    def sense(self) -> tuple[float, float, int] | None:
        """The mean of the graded score of sense, its standard error, and of how many cases; ``None``: none has it."""
        found = [result.scores[LIKELY] for result in self.short if LIKELY in result.scores]
        if not found:
            return None
        mean = math.fsum(found) / len(found)
        spread = math.fsum((one - mean) ** 2 for one in found) / max(len(found) - 1, 1)
        return mean, math.sqrt(spread / len(found)), len(found)

    def total(self) -> Share:
        return share(sum(result.score >= 1 for result in self.short), len(self.short))

    def mean(self) -> float:
        """The mean of the dimensions' shares: every dimension counts alike, however many cases it has."""
        found = [one.value for one in self.dimensions().values()]
        return sum(found) / len(found) if found else 0.0

    def adherence(self) -> Share:
        """All single checks of all cases: how often a stated rule was followed."""
        checks = [check for result in self.short for check in result.checks]
        return share(sum(check.passed for check in checks), len(checks))

    def dump(self) -> dict[str, Any]:
        return {
            "format": 1,
            "character": self.character,
            "model": asdict(self.model),
            "seed": self.seed,
            "harness": self.harness,
            "evalset": self.evalset,
            "total": asdict(self.total()),
            "mean": self.mean(),
            "adherence": asdict(self.adherence()),
            "dimensions": {name: asdict(one) for name, one in self.dimensions().items()},
            "everywhere": {name: asdict(one) for name, one in self.everywhere().items()},
            "sense": self.sense(),
            "visits": {
                name: {"before": asdict(early), "last_third": asdict(late)}
                for name, (early, late) in self.visits().items()
            },
            "languages": {name: asdict(one) for name, one in self.languages().items()},
            "splits": {name: asdict(one) for name, one in self.shares(lambda one: one.split or "slow").items()},
            "results": [result.dump() for result in self.results],
        }


def as_markdown(report: Report) -> str:
    """The report as text that reads well in a terminal and in a page."""
    model, spent = report.model, [result.spent for result in report.results if not result.cached]
    known = len(report.results) - len(spent)
    calls, played = sum(one.calls for one in spent), sum(one.ms for one in spent) / 1000
    lines = [
        f"{report.character}, played by {model.name} ({model.kind}), version {report.harness[:12]}, seed {report.seed}",
        f"{len(report.results)} cases ({known} from the cache), {calls} model calls now, {played:.0f} s",
        "",
        *_table("Dimension", report.dimensions(), report.everywhere()),
        "",
        f"all cases   {report.total()}",
        f"mean over dimensions   {report.mean():.2f}",
        f"single checks followed   {report.adherence()}",
    ]
    if sense := report.sense():
        mean, error, count = sense
        lines.append(f"sense, graded (of {count} cases)   {mean:.3f} ± {1.96 * error:.3f}")
    languages = report.languages()
    if len(languages) > 1:
        lines += ["", *_table("Language", languages)]
    if visits := report.visits():
        wide = max(map(len, ("In a visit", *visits)))
        lines += ["", f"{'In a visit':<{wide}}  before [95 %]                 in its last third [95 %]"]
        lines += [f"{name:<{wide}}  {early!s:<30}{late}" for name, (early, late) in visits.items()]
    failures = [result for result in report.results if result.score < 1]
    if failures:
        lines += ["", f"Failures ({len(failures)})"]
    for result in failures:
        lines += ["", *_failure(result)]
    return "\n".join(lines)


def _table(head: str, own: dict[str, Share], everywhere: dict[str, Share] | None = None) -> list[str]:
    wide = max(len(name) for name in (head, *own, *(everywhere or ())))
    names = list(dict.fromkeys([*own, *(everywhere or ())]))
    rows = [f"{head:<{wide}}  cases passed [95 %]" + (" " * 12 + "in all cases [95 %]" if everywhere else "")]
    for name in names:
        mine = str(own[name]) if name in own else "-"
        rest = f"  {everywhere[name]}" if everywhere and name in everywhere else ""
        rows.append(f"{name:<{wide}}  {mine:<30}{rest}".rstrip())
    return rows


def _failure(result: CaseResult) -> list[str]:
    lines = [f"FAIL {result.case}  ({result.dimension}, {result.language})"]
    seen: list[str] = []
    for check in sorted(result.checks, key=lambda one: not one.own):
        if check.passed or (check.dimension != result.dimension and check.check != "speaks"):
            continue
        quote = f"  “{_short(check.spans[0].quote)}”" if check.spans else ""
        where = f" at {check.spans[0].seq}" if check.spans and check.spans[0].seq else ""
        seen.append(f"  {check.check}: {check.why}{where}{quote}")
    lines += seen[:_SHOWN]
    lines += [f"    {_short(line)}" for line in _tail(result.transcript)]
    return lines


def _tail(transcript: str) -> Sequence[str]:
    return [line for line in transcript.splitlines() if line.startswith(("heard", "say", "do", "(no line"))][-4:]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDTH else flat[: _WIDTH - 1] + "…"
