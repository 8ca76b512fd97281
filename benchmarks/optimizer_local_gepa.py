"""The real `gepa` package on a character in real rooms: the same cases, the same model, the same number of calls.

gepa evolves texts. Its candidate here is one section of the prompt, "manner", which begins empty ("Play the
character."): everything else of the card stays. Its own reflection prompt reads the failures and writes the next text.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import gepa
from gepa.core.adapter import EvaluationBatch
from gepa.strategies.proposal_sampling import IndependentSampling

from openroom.core.harness import Harness, HarnessError
from openroom.errors import ModelError
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import INTERRUPTS
from openroom.ports.model import Message, Model, ModelRequest, Sampling, complete
from openroom.tuning.edits import SetSection, apply_edit
from openroom.tuning.rounds.arena import ArenaCase, Rollout
from openroom.tuning.rounds.room_arena import RoomArena
from openroom.tuning.rounds.seeds import derive

SECTION, EMPTY = "manner", "Play the character."
_LONGEST = 1500


class Reflections:
    """What the model answered to gepa, by number and prompt, in a file: a run that was stopped comes back to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        written = path.read_text(encoding="utf-8") if path.is_file() else ""
        whole = written[: written.rfind("\n") + 1]
        if whole != written:  # stopped in the middle of a line: the next one may not be glued to it
            path.write_text(whole, encoding="utf-8")
        self._known: dict[str, str] = dict(json.loads(line) for line in whole.splitlines())

    def get(self, number: int, prompt: str) -> str | None:
        """The answer, if there was one."""
        return self._known.get(self._key(number, prompt))

    def keep(self, number: int, prompt: str, answer: str) -> None:
        """Write it down before anything is built on it."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([self._key(number, prompt), answer]) + "\n")

    @staticmethod
    def _key(number: int, prompt: str) -> str:
        return f"{number}:{hashlib.sha256(prompt.encode()).hexdigest()}"


class RoomAdapter:
    """gepa's adapter over the arena of rooms. ``spent`` counts model calls, those of its reflections too."""

    propose_new_texts: ClassVar[None] = None
    """gepa's own reflection writes the texts. It looks for this name, and without it no proposal is ever made."""

    def __init__(
        self,
        evaluator: Evaluator,
        seed: int,
        loop: asyncio.AbstractEventLoop,
        reflections: Reflections,
        reflector: Model | None = None,
    ) -> None:
        self._reflections = reflections
        self._arena, self._start = RoomArena(evaluator), evaluator.harness()
        self._model = reflector or evaluator.troupe.model
        self._seed, self._loop, self._draws = seed, loop, 0
        self.spent = 0

    def cases(self, split: Any) -> list[ArenaCase]:
        """The cases of a split."""
        return list(self._arena.cases(split))

    def evaluate(
        self, batch: list[ArenaCase], candidate: dict[str, str], capture_traces: bool = False
    ) -> EvaluationBatch[dict[str, Any], dict[str, Any]]:
        """Play each case once; a text that is no section of a harness scores 0."""
        rollouts: Sequence[Rollout | None]
        try:
            harness = self.harness(candidate[SECTION])
        except HarnessError:
            rollouts = [None] * len(batch)
        else:
            rollouts = asyncio.run_coroutine_threadsafe(self._play(batch, harness), self._loop).result()
        rows = [_row(case, rollout) for case, rollout in zip(batch, rollouts, strict=True)]
        self.spent += sum(rollout.calls for rollout in rollouts if rollout)
        scores = [row["score"] for row in rows]
        return EvaluationBatch(outputs=rows, scores=scores, trajectories=rows if capture_traces else None)

    async def _play(self, batch: Sequence[ArenaCase], harness: Harness) -> list[Rollout]:
        self._draws += 1
        seeds = [derive(self._seed, "gepa", self._draws, case.id) for case in batch]
        plays = zip(batch, seeds, strict=True)
        return list(await asyncio.gather(*(self._arena.evaluate(harness, case.id, seed) for case, seed in plays)))

    def make_reflective_dataset(
        self,
        candidate: dict[str, str],  # noqa: ARG002 - gepa names its arguments
        eval_batch: EvaluationBatch[dict[str, Any], dict[str, Any]],
        components_to_update: list[str],
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """What the reflection reads: transcripts with the checks' words."""
        shown = [
            {"Transcript": row["transcript"][-900:], "Feedback": "; ".join(row["flaws"]) or "passed"}
            for row in eval_batch.trajectories or []
        ]
        return dict.fromkeys(components_to_update, shown)

    def reflect(self, prompt: str | list[dict[str, Any]]) -> str:
        """One call of the model that reflects, which is the one that plays unless another was named."""
        text = prompt if isinstance(prompt, str) else "\n".join(str(part.get("content", "")) for part in prompt)
        self.spent += 1
        known = self._reflections.get(self.spent, text)
        if known is not None:
            return known
        request = ModelRequest(
            messages=(Message("user", text),),
            max_tokens=500,
            sampling=Sampling(temperature=0.7, seed=derive(self._seed, "reflect", self.spent) % 2**31),
            purpose="propose",
        )
        try:
            answer = asyncio.run_coroutine_threadsafe(complete(self._model, request), self._loop).result()[0]
        except INTERRUPTS:
            raise
        except ModelError as error:  # a prompt too long for the window: no proposal comes of it
            answer = f"no proposal: {error}"
        self._reflections.keep(self.spent, text, answer)
        return answer

    def harness(self, text: str) -> Harness:
        """The card with that section. Raises `HarnessError` when the text is none."""
        if text == EMPTY:
            return self._start
        if not 0 < len(text) <= _LONGEST:
            raise HarnessError(f"expected 1 to {_LONGEST} characters, came {len(text)}")
        return apply_edit(self._start, SetSection(id=SECTION, text=text))


def _row(case: ArenaCase, rollout: Rollout | None) -> dict[str, Any]:
    score = float(str(rollout.scores.get(case.dimension, 0.0))) if rollout else 0.0
    flaws = [str(flaw) for flaw in rollout.flaws] if rollout else ["the instruction is empty or too long"]
    return {"case": case.id, "score": score, "flaws": flaws, "transcript": rollout.transcript if rollout else ""}


class _Log:
    def __init__(self, path: Path) -> None:
        self._path = path

    def log(self, message: str) -> None:
        """To a file beside the run."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(message + "\n")


async def run_gepa(
    evaluator: Evaluator,
    calls: int,
    seed: int,
    folder: Path,
    *,
    parallel: int = 1,
    reflector: Model | None = None,
) -> tuple[Harness, dict[str, Any]]:
    """One run with gepa's defaults until ``calls`` are spent; its best candidate. With ``parallel`` above 1 an
    iteration makes so many proposals (gepa's `IndependentSampling`); ``reflector`` writes them.

    A run that was stopped, or had fewer calls, goes the same way again and on from there: what it asked is in
    ``folder``, what it played in the evaluator's cache.
    """
    folder.mkdir(parents=True, exist_ok=True)
    reflections = Reflections(folder / "reflections.jsonl")
    adapter = RoomAdapter(evaluator, seed, asyncio.get_running_loop(), reflections, reflector)

    def work() -> Any:
        return gepa.optimize(
            seed_candidate={SECTION: EMPTY},
            trainset=adapter.cases("train"),
            valset=adapter.cases("gate"),
            adapter=adapter,
            reflection_lm=adapter.reflect,
            sampling_strategy=IndependentSampling(parallel) if parallel > 1 else None,
            stop_callbacks=lambda _state: adapter.spent >= calls,
            logger=_Log(folder / "log.txt"),
            seed=seed,
            raise_on_exception=True,
        )

    result = await asyncio.to_thread(work)
    best = result.best_candidate[SECTION]
    spent = {
        "calls": adapter.spent,
        "candidates": len(result.candidates),
        "own_score": float(result.val_aggregate_scores[result.best_idx]),
        "own_score_of_card": float(result.val_aggregate_scores[0]),
    }
    return adapter.harness(best), spent
