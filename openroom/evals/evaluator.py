"""Playing and checking many cases: several at a time, from the cache where they were played before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from openroom.core.harness import Harness
from openroom.evals.cache import PlayCache, play_key
from openroom.evals.case import Case
from openroom.evals.case_scene import CaseScene
from openroom.evals.caseset import CaseSet
from openroom.evals.judge import Judge, judged
from openroom.evals.played import PlayedCase
from openroom.evals.player import Troupe, play
from openroom.evals.result import CaseResult, case_result, examine


@dataclass(slots=True)
class Evaluator:
    """Evaluates one character. ``parallel`` cases play at a time, each in a lane of its own; ``judge`` looks at each
    play too, if there is one; ``told`` hears of each result as it comes."""

    troupe: Troupe
    cases: CaseSet
    cache: PlayCache | None = None
    judge: Judge | None = None
    parallel: int = 1
    told: Callable[[CaseResult], None] = lambda _result: None
    _lanes: asyncio.Semaphore = field(init=False)
    _free: list[int] = field(init=False)
    _last: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lanes, self._free = asyncio.Semaphore(self.parallel), list(range(self.parallel))

    @property
    def character(self) -> str:
        """Whose cases these are."""
        return self.cases.character

    def harness(self) -> Harness:
        return self.troupe.library.characters[self.character].harness()

    async def run(
        self, cases: Sequence[Case], harness: Harness | None = None, seeds: Sequence[int] = (0,)
    ) -> list[CaseResult]:
        """Play each case with each seed; results in that order. Raises what stops a run (`player.INTERRUPTS`): what
        was played until then is in the cache."""
        wanted = [(case, seed) for seed in seeds for case in cases]
        tasks = [asyncio.create_task(self.one(case, harness, seed), name=f"eval.{case.id}") for case, seed in wanted]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def one(self, case: Case, harness: Harness | None = None, seed: int = 0) -> CaseResult:
        """Play and check one case."""
        harness = harness or self.harness()
        played, cached = await self.play(case, harness, seed)
        result = self.examine(case, played, seed, cached=cached)
        if self.judge is not None and not case.visit:
            card = self.troupe.library.characters[self.character]
            result = await judged(self.judge, result, case, played, card)
        self.told(result)
        return result

    async def play(self, case: Case, harness: Harness, seed: int) -> tuple[PlayedCase, bool]:
        """The play, and whether it came from the cache."""
        key = self.key(case, harness, seed)
        if self.cache is not None and (found := await asyncio.to_thread(self.cache.get, key)) is not None:
            return found, True
        async with self._lane(harness.prompt_digest) as lane:
            played = await play(self.troupe, self.character, case, harness, seed=seed, lane=lane)
        # A deadline that passed says something of this machine at this moment, so it is not what will be found again.
        if self.cache is not None and not any(reply.error.startswith("timeout") for reply in played.replies):
            await asyncio.to_thread(self.cache.put, key, played)
        return played, False

    @asynccontextmanager
    async def _lane(self, digest: str) -> AsyncIterator[int]:
        """A free lane, best the one that played this version last: a local engine still has its prompt there."""
        async with self._lanes:
            lane = min(self._free, key=lambda free: self._last.get(free) != digest)
            self._free.remove(lane)
            self._last[lane] = digest
            try:
                yield lane
            finally:
                self._free.append(lane)

    def key(self, case: Case, harness: Harness, seed: int) -> str:
        """What the play goes by in the cache."""
        stage = CaseScene(self.troupe.library, self.character, case.company, case.scene)
        infos = [self.troupe.model.info, *([self.troupe.visitor.info] if self.troupe.visitor else [])]
        return play_key(stage, case, harness, infos, seed)

    def examine(self, case: Case, played: PlayedCase, seed: int, *, cached: bool = False) -> CaseResult:
        card = self.troupe.library.characters[self.character]
        results = examine(case, played, card, self.cases.standing)
        split = self.cases.splits.get(case.id, "")
        result = case_result(case, played, results, split=split, seed=seed, cached=cached)
        if played.missing:
            return replace(result, scores=dict.fromkeys(result.scores, 0.0))
        return result
