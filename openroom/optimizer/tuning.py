"""Tuning a character in real rooms: a run put together from its parts, begun, resumed, and replayed from the log.

All runs of a data folder share one audit log under ``tuning/log``, its signed heads lie under ``tuning/heads``. An
entry ``run`` says what a run was begun with, so that it can be resumed, and replayed without a model; ``run_end`` how
it ended.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from openroom.core.character import Character
from openroom.core.harness import Harness, canonical, load_harness
from openroom.errors import BudgetExceeded, SettingsError, StoreCorrupt
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.models.port import Model
from openroom.optimizer.arena import Arena, Case, Cost, Rollout
from openroom.optimizer.budget import Budget
from openroom.optimizer.chain import Chain, Entry
from openroom.optimizer.criticism import Criticism, load_notes
from openroom.optimizer.heads import HeadKeeper
from openroom.optimizer.journal import ChainJournal
from openroom.optimizer.loop import LoopSettings, Optimizer, RunResult
from openroom.optimizer.model_proposer import ModelProposer
from openroom.optimizer.objective import Objective
from openroom.optimizer.operators import Answer, Context, Proposer
from openroom.optimizer.record import Split
from openroom.optimizer.room_arena import RoomArena
from openroom.optimizer.rollouts import GiveWay
from openroom.optimizer.search import ExampleBootstrap, SamplingSearch, SectionOrder
from openroom.optimizer.static_checks import StaticChecks
from openroom.optimizer.templates import RuleTemplates

LOG, HEADS, NOTES = "tuning/log", "tuning/heads", "tuning/notes"
_SPLITS: tuple[Split, ...] = ("train", "gate", "holdout", "trap", "report")
_FIRST_WEIGHTS = {"facts": 1.5, "voice": 1.5, "in_character": 1.5, "action": 1.5}


def folder_of(data: Path) -> Path:
    """The folder of the audit log."""
    return data / LOG


def heads_of(data: Path) -> HeadKeeper:
    """The keeper of the signed heads, apart from the log."""
    return HeadKeeper(data / HEADS)


def open_chain(data: Path, clock: Callable[[], float] = time.time) -> Chain:
    """The audit log, opened for writing. Raises `StoreLocked` and `StoreCorrupt`."""
    return Chain(folder_of(data), heads_of(data), clock)


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run is asked to do. ``calls`` and ``usd`` are hard limits; ``name`` continues (or names) a run."""

    character: str
    rounds: int = 20
    calls: int = 500
    usd: float = math.inf
    mode: Literal["suggest", "auto"] = "suggest"
    seed: int = 0
    name: str = ""
    bundle: int = 1
    remember: bool = True
    reflect: bool = True


@dataclass(frozen=True, slots=True)
class RunParts:
    """What a run works with. ``proposer`` writes reflections (absent: the model that plays)."""

    evaluator: Evaluator
    data: Path
    start: Harness
    proposer: Model | None = None
    trusted: frozenset[str] = frozenset()
    give_way: GiveWay | None = None
    paused: Callable[[], bool] = lambda: False
    further: Sequence[Proposer] = ()
    suggested: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended, under which name; ``resumed``: it had been begun before."""

    name: str
    result: RunResult
    resumed: bool = False
    rounds: Sequence[Mapping[str, Any]] = field(default=())


def default_objective(character: str, cases: CaseSet) -> Objective:
    """What "better" means unless an operator says otherwise: every dimension that has train and gate cases, facts,
    voice, character and deeds a little more; traps are locked."""
    tuned = [{case.dimension for case in cases.of(split) if not case.slow} for split in ("train", "gate")]
    locked = sorted({case.dimension for case in cases.of("trap")})
    names = sorted((tuned[0] & tuned[1]) - set(locked))
    if not names:
        raise SettingsError(f"expected train and gate cases of {character} in one dimension, there are none")
    weights = {name: _FIRST_WEIGHTS.get(name, 1.0) for name in names}
    return Objective(character=character, weights=weights, locked=tuple(locked))


def static_checks(cases: CaseSet, card: Character, start: Harness) -> StaticChecks:
    """The static checks of a run: what is sealed, and what the card must not be stuffed with."""
    return _checks(_sealed(cases), [one.text for one in card.voice.catchphrases], start)


def _sealed(cases: CaseSet) -> list[str]:
    texts = [
        step.say
        for split in ("gate", "holdout", "trap", "report")
        for case in cases.of(split)
        for step in case.steps
        if step.say and len(step.say.split()) >= 6
    ]
    return sorted(set(texts))


def _checks(sealed: Sequence[str], phrases: Sequence[str], start: Harness) -> StaticChecks:
    return StaticChecks(sealed=tuple(sealed), catchphrases=tuple(phrases), start=start)


async def tune(plan: RunPlan, parts: RunParts, objective: Objective, chain: Chain) -> RunOutcome:
    """Begin a run, or go on with the one of that name (or the unfinished one of the character), to its end.

    Raises what stops a run in the middle (`openroom.evals.player.INTERRUPTS`, a log that can't be written); the same
    call goes on from there. Raises `SettingsError` when the budget does not even cover the last check.
    """
    begun = _begun(chain, plan)
    start, remembered = parts.start, _read_notes(parts, chain, plan)
    if begun is None:
        begun = await asyncio.to_thread(_begin, chain, plan, parts, objective, remembered[0])
        resumed = False
    else:
        start = load_harness(chain.blobs.get(str(begun.body["start"])))
        remembered = _notes_of(begun, chain), []
        resumed = True
    name = begun.run
    checks = _checks(begun.body["sealed"], begun.body["phrases"], start)
    optimizer = Optimizer(
        RoomArena(parts.evaluator, parts.trusted),
        ChainJournal(chain, name),
        proposers(plan, parts),
        Objective.model_validate(begun.body["objective"]),
        start,
        budget=Budget(calls=begun.body["plan"]["calls"], usd=_limit(begun.body["plan"]["usd"])),
        settings=_loop_settings(begun),
        static_check=checks,
        criticism=Criticism(remembered[0].notes, leaks=checks.leak),
        suggested=parts.suggested,
        give_way=parts.give_way or _nobody_waits,
        paused=parts.paused,
    )
    try:
        result = await optimizer.run()
    except BudgetExceeded as error:
        raise SettingsError(f"the budget does not cover a run: {error}") from error
    _write_notes(parts.data, plan.character, optimizer.criticism)
    if result.status != "paused":
        ended = {"status": result.status, "head": result.head.digest, "rounds": result.rounds}
        spent = {"calls": result.spent_calls, "usd": round(result.spent_usd, 6)}
        await asyncio.to_thread(chain.append, "run_end", {**ended, "spent": spent}, run=name)
    return RunOutcome(name, result, resumed)


def proposers(plan: RunPlan, parts: RunParts) -> list[Proposer]:
    """The operators of a run: those without a model, reflection by a language model if there is one, and others."""
    found: list[Proposer] = [RuleTemplates(), ExampleBootstrap(), SamplingSearch(), SectionOrder()]
    model = parts.proposer or parts.evaluator.troupe.model
    if plan.reflect and model.info.kind != "understudy":
        found.append(ModelProposer(model, character=plan.character))
    return [*found, *parts.further]


async def _nobody_waits() -> None:
    return None


def _limit(usd: float | None) -> float:
    return math.inf if usd is None else float(usd)


def _loop_settings(begun: Entry) -> LoopSettings:
    plan = begun.body["plan"]
    return LoopSettings(
        run=begun.run,
        seed=plan["seed"],
        rounds=plan["rounds"],
        mode=plan["mode"],
        bundle=plan["bundle"],
        remember=plan["remember"],
    )


# the log ------------------------------------------------------------------------------------------------------------


def runs(entries: Sequence[Entry], character: str = "") -> list[Entry]:
    """The entries that began a run, oldest first."""
    begun = [entry for entry in entries if entry.kind == "run"]
    return [entry for entry in begun if character in ("", entry.body["plan"]["character"])]


def ended(entries: Sequence[Entry], run: str) -> Entry | None:
    """The entry that ended a run, if it has ended."""
    return next((entry for entry in entries if entry.kind == "run_end" and entry.run == run), None)


def _begun(chain: Chain, plan: RunPlan) -> Entry | None:
    """The run to go on with: that of the plan's name, else the last one of the character if it has not ended."""
    mine = runs(chain.entries, plan.character)
    if plan.name:
        named = next((entry for entry in mine if entry.run == plan.name), None)
        if named is not None and ended(chain.entries, named.run):
            raise SettingsError(f"run {plan.name} has ended; name another, or leave the name out for a new one")
        return named
    last = mine[-1] if mine else None
    return last if last is not None and ended(chain.entries, last.run) is None else None


def _begin(chain: Chain, plan: RunPlan, parts: RunParts, objective: Objective, notes: Criticism) -> Entry:
    """Write down what the run begins with: everything that a replay needs and a model does not give."""
    evaluator = parts.evaluator
    arena = RoomArena(evaluator, parts.trusted)
    card = evaluator.troupe.library.characters[plan.character]
    start = chain.put_blob(parts.start.canonical_json())
    listed = [
        [case.id, case.dimension, case.split, case.cluster, arena.cost(case.id).calls, arena.cost(case.id).usd]
        for split in _SPLITS
        for case in arena.cases(split)
    ]
    body = {
        "plan": {
            "character": plan.character,
            "rounds": plan.rounds,
            "calls": plan.calls,
            "usd": None if math.isinf(plan.usd) else plan.usd,
            "mode": plan.mode,
            "seed": plan.seed,
            "bundle": plan.bundle,
            "remember": plan.remember,
        },
        "objective": objective.model_dump(mode="json"),
        "start": start,
        "operators": [[one.name, one.cost.calls, one.cost.usd] for one in proposers(plan, parts)],
        "cases": listed,
        "sealed": _sealed(evaluator.cases),
        "phrases": [one.text for one in card.voice.catchphrases],
        "notes": [note.model_dump(mode="json") for note in notes.notes],
        "digests": dict(arena.digests()),
    }
    number = len(runs(chain.entries, plan.character)) + 1
    name = plan.name or f"{plan.character}-{number}"
    return chain.append("run", json.loads(canonical(body)), run=name, blobs=[start])


def _notes_of(begun: Entry, _chain: Chain) -> Criticism:
    from_log = "\n".join(json.dumps(note) for note in begun.body["notes"])
    known = [str(note["record_hash"]) for note in begun.body["notes"]]
    return load_notes(from_log, known)[0]


def _read_notes(parts: RunParts, chain: Chain, plan: RunPlan) -> tuple[Criticism, list[str]]:
    path = notes_file(parts.data, plan.character)
    if not plan.remember or not path.is_file():
        return Criticism(), []
    return load_notes(path.read_text(encoding="utf-8"), [entry.hash for entry in chain.entries])


def notes_file(data: Path, character: str) -> Path:
    """The memory file of self-criticism, a note in JSON a line."""
    return data / NOTES / f"{character}.jsonl"


def _write_notes(data: Path, character: str, criticism: Criticism) -> None:
    path = notes_file(data, character)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{note.model_dump_json()}\n" for note in criticism.notes)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
