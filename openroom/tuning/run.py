"""Tuning a character in real rooms: a run put together from its parts, begun or resumed, and led to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openroom.core.completed import completed
from openroom.core.harness import Harness, load_harness
from openroom.errors import BudgetExceeded, SettingsError
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.ports.model import Model
from openroom.tuning.audit.chain import Chain, Entry
from openroom.tuning.audit.journal import ChainJournal
from openroom.tuning.audit.record import Split
from openroom.tuning.audit.run_log import (
    RunPlan,
    begin,
    ended,
    read_notes,
    run_limits,
    run_notes,
    run_settings,
    run_suggested,
    suggested_body,
    unfinished,
    write_notes,
)
from openroom.tuning.proposals.model_proposer import ModelProposer
from openroom.tuning.proposals.operators import Proposal, Proposer
from openroom.tuning.proposals.search import ExampleBootstrap, SamplingSearch, SectionOrder
from openroom.tuning.proposals.static_checks import StaticChecks
from openroom.tuning.proposals.templates import RuleTemplates
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.criticism import Criticism
from openroom.tuning.rounds.loop import Optimizer, RunResult
from openroom.tuning.rounds.maintenance import affordable
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.prior import learnt
from openroom.tuning.rounds.rollouts import GiveWay
from openroom.tuning.rounds.room_arena import RoomArena
from openroom.tuning.rounds.visits import VISITS

_SPLITS: tuple[Split, ...] = ("train", "gate", "visit", "holdout", "trap", "report")
_SEALED: tuple[Split, ...] = ("gate", "visit", "holdout", "trap", "report")
_FIRST_WEIGHTS = {"facts": 1.5, "voice": 1.5, "in_character": 1.5, "action": 1.5}
_LONG_ENOUGH = 6
_PATIENCE = 0.85
"""A dimension where nothing was found for a while leaves room for the others: of the first 14 rounds of a run on the
local model nine went to voice, and none of them kept anything."""
_AT_HAND = 4
"""So many failures are looked for before a proposal. With the first one alone a run on the local model worked on the
form of address for 22 rounds and never saw that the same character also said too much, which one edit mends."""
_FAVOUR = {"templates": 4.0}
"""Edits worded by the failures pay more often with a small model than a step of sampling or another order."""


async def nobody_waits() -> None:
    """Where no visitor can be waiting."""


@dataclass(frozen=True, slots=True)
class RunParts:
    """What a run works with. ``start`` is the version it builds on, ``proposer`` the model that writes reflections
    (absent: the one that plays), ``trusted`` the dimensions in which the evaluator's judge is calibrated,
    ``further`` more operators, ``suggested`` proposals to try first; ``checked`` is called at each checkpoint."""

    evaluator: Evaluator
    data: Path
    start: Harness
    proposer: Model | None = None
    trusted: frozenset[str] = frozenset()
    give_way: GiveWay = nobody_waits
    paused: Callable[[], bool] = lambda: False
    checked: Callable[[], object] = lambda: None
    further: Sequence[Proposer] = ()
    suggested: Sequence[Proposal] = ()


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended, under which name; ``resumed``: it had been begun before."""

    name: str
    result: RunResult
    resumed: bool = False
    refused_notes: Sequence[str] = field(default=())


def default_objective(character: str, cases: CaseSet) -> Objective:
    """What "better" means unless an operator says otherwise: every dimension that has train and gate cases (no visits,
    which are played in their own split alone), with facts, voice, character and deeds a little ahead; traps are locked.
    Raises `SettingsError` when no dimension has both."""
    short = [[case for case in cases.of(split) if not (case.slow or case.visit)] for split in ("train", "gate")]
    tuned = [{case.dimension for case in some} for some in short]
    locked = sorted({case.dimension for case in cases.of("trap")})
    names = sorted((tuned[0] & tuned[1]) - set(locked))
    if not names:
        raise SettingsError(f"expected train and gate cases of {character} in one dimension, there are none")
    weights = {name: _FIRST_WEIGHTS.get(name, 1.0) for name in names}
    return Objective(character=character, weights=weights, locked=tuple(locked))


def sealed_texts(cases: CaseSet) -> list[str]:
    """Lines of the splits that no edit may copy from; short ones are anybody's words."""
    steps = (step for split in _SEALED for case in cases.of(split) for step in case.steps)
    return sorted({step.say for step in steps if step.say and len(step.say.split()) >= _LONG_ENOUGH})


def operators_without_model() -> list[Proposer]:
    """The operators that are code alone."""
    return [RuleTemplates(), ExampleBootstrap(), SamplingSearch(), SectionOrder()]


def operators(plan: RunPlan, parts: RunParts) -> list[Proposer]:
    """The operators of a run: those without a model, reflection if a language model is there, and further ones."""
    found = operators_without_model()
    model = parts.proposer or parts.evaluator.troupe.model
    if plan.reflect and model.info.kind != "understudy":
        found.append(ModelProposer(model, character=plan.character))
    return [*found, *parts.further]


def run_checks(begun: Entry, start: Harness) -> StaticChecks:
    """The static checks of a run, as its entry pins them."""
    return StaticChecks(sealed=tuple(begun.body["sealed"]), catchphrases=tuple(begun.body["phrases"]), start=start)


async def tune(plan: RunPlan, parts: RunParts, objective: Objective, chain: Chain) -> RunOutcome:
    """Begin a run, or go on with the one of that name (or the character's unfinished one), to its end.

    What a resumed run was begun with counts, not the plan. Raises what stops a run in the middle
    (`openroom.evals.player.INTERRUPTS`, a log that can't be written); the same call goes on from there. Raises
    `SettingsError` when the budget does not even cover the checks at the end.
    """
    begun = unfinished(chain, plan)
    card = parts.evaluator.troupe.library.characters[plan.character]
    refused: list[str] = []
    resumed = begun is not None
    if begun is None:
        notes, refused = read_notes(parts.data, plan.character, chain.entries) if plan.remember else (Criticism(), [])
        body = _beginning(plan, parts, objective, notes, chain)
        begun = await asyncio.to_thread(begin, chain, plan, body, parts.start.canonical_json())
    start = load_harness(chain.blobs.get(str(begun.body["start"])))
    checks = run_checks(begun, start)
    calls, usd = run_limits(begun)
    optimizer = Optimizer(
        RoomArena(parts.evaluator, parts.trusted),
        ChainJournal(chain, begun.run),
        operators(plan, parts),
        Objective.model_validate(begun.body["objective"]),
        start,
        budget=RunBudget(calls=calls, usd=usd),
        settings=run_settings(begun),
        static_check=checks,
        criticism=Criticism(run_notes(begun).notes, leaks=checks.leak),
        suggested=run_suggested(begun),
        give_way=parts.give_way,
        paused=parts.paused,
        checked=parts.checked,
        as_played=completed(card).harness,
    )
    try:
        result = await optimizer.run()
    except BudgetExceeded as error:
        raise SettingsError(f"the budget does not cover a run: {error}") from error
    write_notes(parts.data, plan.character, optimizer.criticism)
    if result.status != "paused":
        await asyncio.to_thread(_end, chain, begun.run, result)
    return RunOutcome(begun.run, result, resumed, refused)


def _is_round(entry: Entry) -> bool:
    return entry.kind == "note" and entry.body.get("kind") == "round"


def _beginning(
    plan: RunPlan, parts: RunParts, objective: Objective, notes: Criticism, chain: Chain
) -> dict[str, object]:
    evaluator, arena = parts.evaluator, RoomArena(parts.evaluator, parts.trusted)
    card = evaluator.troupe.library.characters[plan.character]
    listed = [(case, arena.cost(case.id)) for split in _SPLITS for case in arena.cases(split)]
    return {
        "objective": objective.model_dump(mode="json"),
        "operators": [[one.name, one.cost.calls, one.cost.usd] for one in operators(plan, parts)],
        "cases": [
            [case.id, case.dimension, case.split, case.cluster, cost.calls, cost.usd, list(case.asks)]
            for case, cost in listed
        ],
        "sealed": sealed_texts(evaluator.cases),
        "phrases": [one.text for one in card.voice.catchphrases],
        "notes": [note.model_dump(mode="json") for note in notes.notes],
        "suggested": suggested_body(parts.suggested),
        "digests": dict(arena.digests()),
        "rebuild": True,
        "headroom": True,
        "stack": True,
        "again": True,
        "first_look": 2,
        "at_hand": _AT_HAND,
        "screen": 2,  # a model answers differently each time: one failure says little
        "patience": _PATIENCE,
        "visits": VISITS,
        "favour": _FAVOUR,
        "prior": learnt((entry.body["note"] for entry in chain.entries if _is_round(entry)), plan.character).body(),
        "guard_cases": affordable(arena, objective, plan.seed, plan.calls),
    }


def _end(chain: Chain, run: str, result: RunResult) -> None:
    if ended(chain.entries, run) is None:
        spent = {"calls": result.spent_calls, "usd": round(result.spent_usd, 6)}
        body = {"status": result.status, "head": result.head.digest, "rounds": result.rounds, "spent": spent}
        head = chain.put_blob(result.head.canonical_json())
        chain.append("run_end", body, run=run, blobs=[head])
