"""Blind tastings as the audit log tells them: what was shown, what was picked, and what the sign test says of it.

A ``tasting`` begins with how many pairs it has and at which p value it passes, before any is seen. A ``tasting_pair``
names a moment (room and seq) and a digest of what decides which answer stands where; a ``tasting_pick`` opens that:
the seed, from which the order follows (`openroom.core.chance`), and the digests of both answers. So nobody can know the
order before they pick, nor change it after. A ``tasting_answer`` ends it. No words of anybody stand in the log.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Protocol

from openroom.core.chance import roll
from openroom.core.harness import canonical, digest_of

#: Pairs that somebody judges, fixed before the first; and the p value up to which a tasting passes.
PAIRS: Final = 20
ALPHA: Final = 0.05
KINDS: Final = ("tasting", "tasting_pair", "tasting_pick", "tasting_answer")

Pick = Literal["left", "right", "bad"]
Better = Literal["candidate", "released", "neither"]
State = Literal["open", "passed", "failed"]


class Line(Protocol):
    """What of an entry of the log is read here."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> dict[str, Any]: ...


def sign_p(better: int, worse: int) -> float:
    """The exact one-sided p value of the sign test: how likely so many of ``better + worse`` picks, or more, fall to
    the candidate where each is a fair coin. Ties are not counted. 1 where there is nothing to count."""
    n = better + worse
    return sum(math.comb(n, hits) for hits in range(better, n + 1)) / (1 << n)


def candidate_is_left(seed: str) -> bool:
    """Where the candidate's answer stands in the pair of that seed."""
    return roll(seed, "order") < 0.5


def sampling_seed(seed: str) -> int:
    """The seed (31 bits) with which both answers of a pair are sampled."""
    return int(roll(seed, "sampling") * (1 << 31))


def better_of(seed: str, pick: Pick) -> Better:
    """Whose answer was picked."""
    if pick == "bad":
        return "neither"
    return "candidate" if (pick == "left") == candidate_is_left(seed) else "released"


def commitment(seed: str, answers: Mapping[str, str]) -> str:
    """What a pair is bound to before anybody sees it: its seed and the digests of both ``answers``."""
    return digest_of(canonical({"seed": seed, "answers": dict(answers)}))


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair: the moment that both answered, what it is bound to, and what was picked (empty: not yet). ``same``: both
    answered in the same words, so there is nothing to pick and nobody is shown it."""

    number: int
    room: str
    seq: int
    commit: str
    same: bool = False
    better: Better | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Tasting:
    """A tasting of the version ``candidate`` against ``against`` (empty: the author's own), begun for a round."""

    round_id: str
    candidate: str
    against: str
    pairs: int
    alpha: float
    shown: Mapping[int, Pair] = field(default_factory=dict)
    state: State = "open"

    def count(self, better: Better) -> int:
        """How often it was picked: the candidate, the released version, or neither."""
        return sum(pair.better == better for pair in self.shown.values())

    @property
    def judged(self) -> int:
        """Pairs that somebody has judged; both bad is a judgement, too."""
        return sum(pair.better != "" for pair in self.shown.values())

    @property
    def same(self) -> int:
        """Moments at which both answered in the same words."""
        return sum(pair.same for pair in self.shown.values())

    @property
    def p(self) -> float:
        return sign_p(self.count("candidate"), self.count("released"))

    @property
    def passes(self) -> bool:
        """Whether, with all its pairs judged, it shows that the candidate is preferred."""
        return self.judged >= self.pairs and self.p <= self.alpha

    def result(self) -> dict[str, Any]:
        """What is logged at its end: counts, p value, and whether it passed."""
        return {
            "better": self.count("candidate"),
            "worse": self.count("released"),
            "both_bad": self.count("neither"),
            "same": self.same,
            "p": self.p,
            "passed": self.passes,
        }


class Tastings:
    """All tastings of a log, one for each candidate and released version."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Tasting] = {}

    def of(self, candidate: str, against: str) -> Tasting | None:
        """The tasting of that version against the other, if one was begun."""
        return self._found.get((candidate, against))

    def __iter__(self) -> Iterator[Tasting]:
        return iter(self._found.values())

    def last(self, candidate: str) -> Tasting | None:
        """The tasting of a version that was begun last, whatever it was against."""
        return next((one for one in reversed(self._found.values()) if one.candidate == candidate), None)

    def take(self, line: Line) -> str:
        """Take in an entry, also one of something else; why it does not count, empty where it does."""
        if line.kind not in KINDS:
            return ""
        try:
            key = str(line.body["candidate"]), str(line.body["against"])
            then = _begun(self._found.get(key), line) if line.kind == "tasting" else _gone_on(self._found[key], line)
        except (KeyError, TypeError, ValueError) as error:
            return f"entry {line.seq} ({line.kind}) is not as a tasting goes: {error}"
        self._found[key] = then
        return ""


def unsound(lines: Iterable[Line]) -> list[str]:
    """What is wrong with the tastings of a log: each order, count and answer has to follow from what was logged."""
    tastings = Tastings()
    return [problem for line in lines if (problem := tastings.take(line))]


def _begun(before: Tasting | None, line: Line) -> Tasting:
    body = line.body
    if before is not None:
        raise ValueError("this version was tasted against that one before")
    return Tasting(body["round"], body["candidate"], body["against"], int(body["pairs"]), float(body["alpha"]))


def _gone_on(now: Tasting, line: Line) -> Tasting:
    if now.state != "open":
        raise ValueError("it was over")
    if line.kind == "tasting_answer":
        return _ended(now, line.body)
    number = int(line.body["number"])
    if line.kind == "tasting_pick":
        return _picked(now, number, line.body)
    if number in now.shown:
        raise ValueError(f"pair {number} was there")
    body = line.body
    pair = Pair(number, str(body["room"]), int(body["seq"]), str(body["commit"]), bool(body.get("same")))
    return replace(now, shown={**now.shown, number: pair})


def _picked(now: Tasting, number: int, body: Mapping[str, Any]) -> Tasting:
    pair, seed = now.shown[number], str(body["seed"])
    if pair.better or pair.same:
        raise ValueError(f"there was nothing to pick in pair {number}")
    if commitment(seed, body["answers"]) != pair.commit:
        raise ValueError(f"pair {number} is not what was bound before it was shown")
    if body["pick"] not in ("left", "right", "bad") or body["better"] != better_of(seed, body["pick"]):
        raise ValueError(f"{body['better']} does not follow from the seed of pair {number} and {body['pick']}")
    return replace(now, shown={**now.shown, number: replace(pair, better=body["better"])})


def _ended(now: Tasting, body: Mapping[str, Any]) -> Tasting:
    if now.judged < now.pairs:
        raise ValueError(f"{now.judged} of {now.pairs} pairs were judged")
    result = now.result()
    wrong = [name for name, value in result.items() if body[name] != value]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} do not follow from what was picked")
    return replace(now, state="passed" if result["passed"] else "failed")
