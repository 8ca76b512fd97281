"""The journal of `benchmarks.plain_cards`: what was played and asked of one card, a line in JSON each.

It is all that a run needs to go on, also in another clone: the loop and gepa are functions of their seeds and of what
plays and answers gave, so they take the same way again through what is written here, without a call. A line is added
as soon as a play is over; what a kill leaves of the last line is cut off.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from openroom.core.harness import Harness, canonical
from openroom.errors import ModelUnreachable, SettingsError
from openroom.evals.cache import code_digest
from openroom.evals.case import Case
from openroom.evals.evaluator import Evaluator
from openroom.evals.played import PlaySpent
from openroom.evals.result import CaseResult, CheckResult, Followed, followed
from openroom.ports.model import Delta, Model, ModelInfo, ModelRequest, Usage

_TRIES = 3
_TIMED_OUT = "(no line: timeout"


class OutOfTime(ModelUnreachable):
    """The minutes are over. It stops a run as an unreachable model does: nothing is counted, the next start goes on."""


@dataclass(frozen=True, slots=True)
class PlayRow:
    """One play: the score in each dimension, the checks that failed of all there were, calls, milliseconds, and the
    digest of the code that played (`openroom.evals.cache.code_digest`). ``followed``: of a visit, line by line."""

    case: str
    version: str
    seed: int
    dimension: str
    scores: Mapping[str, float]
    failed: tuple[CheckResult, ...]
    checks: int
    calls: int
    ms: int
    transcript: str
    code: str = ""
    followed: tuple[Followed, ...] = ()

    @property
    def score(self) -> float:
        """The score in the case's own dimension."""
        return float(self.scores.get(self.dimension, 0.0))


class CardJournal:
    """The lines of one card in ``path``. ``header`` says what they were made with; raises `SettingsError` when the
    file was made with something else, naming what. With ``write`` off nothing is written, a missing end neither: so a
    table can be made beside a run."""

    def __init__(self, path: Path, header: Mapping[str, Any], *, write: bool = True) -> None:
        self._path = path
        self.plays: dict[str, PlayRow] = {}
        self.answers: dict[str, str] = {}
        self.arms: dict[str, dict[str, Any]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = read_rows(path, mend=write)
        if not rows and write:
            self._add({"header": dict(header)})
        elif rows and rows[0].get("header") != dict(header):
            was = dict(rows[0].get("header") or {})
            differing = [key for key in sorted({*was, *header}) if was.get(key) != header.get(key)]
            told = "; ".join(f"{key} {was.get(key)!r}, now {header.get(key)!r}" for key in differing)
            raise SettingsError(f"{path}: expected a journal made with the same things, it was made with {told}")
        for row in rows[1:]:
            self._take(row)

    def keep_play(self, key: str, result: CaseResult, version: str) -> PlayRow:
        """Write a play down."""
        failed = [
            [one.check, one.dimension, one.kind, one.why, int(one.own)] for one in result.checks if not one.passed
        ]
        row = {
            "play": key,
            "of": [result.case, version, result.seed, result.dimension],
            "scores": {name: int(score) if score in (0, 1) else score for name, score in result.scores.items()},
            "failed": failed,
            "checks": len(result.checks),
            "calls": result.spent.calls,
            "ms": result.spent.ms,
            "code": code_digest()[:8],
            "said": result.transcript,
        }
        if result.visit:
            row["followed"] = [[one.dimension, one.asks, one.at, int(one.passed)] for one in followed(result.checks)]
        self._add(row)
        self._take(row)
        return self.plays[key]

    def keep_answer(self, key: str, answer: str, ms: int) -> None:
        """Write an answer of a model that proposes down."""
        self._add({"ask": key, "answer": answer, "ms": ms})
        self.answers[key] = answer

    def keep_arm(self, name: str, body: Mapping[str, Any]) -> None:
        """Write down what an arm came to."""
        self._add({"arm": name, **body})
        self.arms[name] = dict(body)

    def _take(self, row: Mapping[str, Any]) -> None:
        if "play" in row:
            self.plays[str(row["play"])] = _play_of(row)
        elif "ask" in row:
            self.answers[str(row["ask"])] = str(row["answer"])
        elif "arm" in row:
            self.arms[str(row["arm"])] = {key: value for key, value in row.items() if key != "arm"}

    def _add(self, row: Mapping[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            file.flush()
            os.fsync(file.fileno())


def read_rows(path: Path, *, mend: bool = False) -> list[dict[str, Any]]:
    """The whole lines of a journal; with ``mend`` half a line at its end is cut off. Raises
    `SettingsError` for one that is broken in its middle."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    whole = text[: text.rfind("\n") + 1]
    if mend and whole != text:
        path.write_text(whole, encoding="utf-8")
    rows = []
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            raise SettingsError(f"{path}:{number}: expected a line in JSON: {error}") from error
    return rows


def _play_of(row: Mapping[str, Any]) -> PlayRow:
    case, version, seed, dimension = row["of"]
    failed = tuple(
        CheckResult(check, where, False, bool(own), kind, why) for check, where, kind, why, own in row["failed"]
    )
    return PlayRow(
        case=case,
        version=version,
        seed=seed,
        dimension=dimension,
        scores=row["scores"],
        failed=failed,
        checks=row["checks"],
        calls=row["calls"],
        ms=row["ms"],
        transcript=row["said"],
        code=row["code"],
        followed=tuple(Followed(where, asks, at, bool(ok)) for where, asks, at, ok in row.get("followed", ())),
    )


def play_key(case: Case, harness: Harness, seed: int) -> str:
    """What a play goes by: the case as it is, the version, the seed."""
    return hashlib.sha256(canonical([case.digest, harness.digest, seed])).hexdigest()[:24]


@dataclass(slots=True)
class Recalling(Evaluator):
    """An evaluator that looks into the journal first. ``check`` is called before each fresh play, and may stop it."""

    journal: CardJournal | None = None
    check: Callable[[], None] = lambda: None

    async def one(self, case: Case, harness: Harness | None = None, seed: int = 0) -> CaseResult:
        """The case's play, told from the journal whether it is fresh or not: so both are the same."""
        harness = harness or self.harness()
        key = play_key(case, harness, seed)
        journal = self.journal
        if journal is None:
            return await Evaluator.one(self, case, harness, seed)
        row = journal.plays.get(key)
        if row is None:
            row = journal.keep_play(key, await self._fresh(case, harness, seed), harness.digest[:16])
        return CaseResult(
            case=case.id,
            dimension=case.dimension,
            cluster=case.cluster,
            split=self.cases.splits.get(case.id, ""),
            language=case.language,
            seed=seed,
            scores=row.scores,
            checks=row.failed,
            transcript=row.transcript,
            spent=PlaySpent(calls=row.calls, ms=row.ms),
            weight=case.weight,
            cached=True,
            visit=case.last_third if case.visit else 0,
        )

    async def _fresh(self, case: Case, harness: Harness, seed: int) -> CaseResult:
        """A deadline that passed says something of this machine at this moment: such a play is played again."""
        for _ in range(_TRIES):
            self.check()
            result = await Evaluator.one(self, case, harness, seed)
            if _TIMED_OUT not in result.transcript:
                break
        return result


@dataclass(slots=True)
class RecallingModel:
    """A model whose answers to proposers are looked up in the journal. Turns go through: their play is kept whole."""

    model: Model
    journal: CardJournal
    check: Callable[[], None] = lambda: None
    fresh: int = field(default=0, init=False)

    @property
    def info(self) -> ModelInfo:
        """That of the model."""
        return self.model.info

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """The model's stream, or the answer that is known."""
        if request.purpose != "propose":
            async with aclosing(cast("Any", self.model.stream(request))) as stream:
                async for item in stream:
                    yield item
            return
        key = self._key(request)
        known = self.journal.answers.get(key)
        if known is not None:
            yield Delta(known)
            yield Usage(estimated=True)
            return
        self.check()
        began, pieces = time.perf_counter(), list[str]()
        async with aclosing(cast("Any", self.model.stream(request))) as stream:
            async for item in stream:
                if isinstance(item, Delta):
                    pieces.append(item.text)
                yield item
        self.fresh += 1
        self.journal.keep_answer(key, "".join(pieces), round((time.perf_counter() - began) * 1000))

    def _key(self, request: ModelRequest) -> str:
        said = [[message.role, message.content] for message in request.messages]
        body = [self.model.info.name, said, request.max_tokens, request.sampling.seed]
        return hashlib.sha256(canonical(body)).hexdigest()[:24]
