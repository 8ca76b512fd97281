"""``openroom optimize``: improves a character round by round, here or in the background of a running server."""

from __future__ import annotations

import asyncio
import math
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from openroom.cli.connect import Running, opened, running
from openroom.cli.tuning import Config, ModelName, quietly, read_cases, speaking
from openroom.core.character import Character
from openroom.core.harness import Harness
from openroom.errors import SettingsError
from openroom.evals.cache import PlayCache
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.lobby.in_force import version_in_force
from openroom.server.access import load_secret
from openroom.settings import Settings
from openroom.tuning.audit.run_log import RunPlan, log_folder, objective_key, open_chain, signed_objective
from openroom.tuning.governance.desk import Desk
from openroom.tuning.run import RunOutcome, RunParts, default_objective, tune


def optimize(
    character: Annotated[str, typer.Argument(help="The character's id.")],
    rounds: Annotated[int, typer.Option(min=1, max=100_000, help="Rounds at most.")] = 20,
    budget_calls: Annotated[int, typer.Option(min=1, help="Model calls at most.")] = 500,
    budget_usd: Annotated[float, typer.Option(min=0, help="Dollars at most; 0 sets no limit.")] = 0.0,
    mode: Annotated[str, typer.Option(help="suggest: every keep waits for a person; auto: only those of tier 2.")] = (
        "suggest"
    ),
    model: ModelName = None,
    seed: Annotated[int, typer.Option(help="The seed of the run.")] = 0,
    name: Annotated[str, typer.Option("--run", help="Name a run, or go on with it.")] = "",
    bundle: Annotated[int, typer.Option(min=1, max=6, help="Edits tried together.")] = 1,
    parallel: Annotated[int, typer.Option(min=1, max=32, help="Cases played at the same time.")] = 2,
    remember: Annotated[bool, typer.Option(help="Read the notes of earlier rounds.")] = True,
    reflect: Annotated[bool, typer.Option(help="Ask the model for proposals too.")] = True,
    config: Config = None,
) -> None:
    """Improve a character round by round. An interrupted run goes on when the command is given again."""
    if mode not in ("suggest", "auto"):
        raise SettingsError(f"--mode: expected suggest or auto, came {mode!r}")
    settings = Settings.load(config, model=model)
    quietly()
    if server := running(settings):
        _optimize_there(server, character, rounds, budget_calls, budget_usd, mode, seed, bundle, reflect)
        return
    chosen: Literal["suggest", "auto"] = "auto" if mode == "auto" else "suggest"
    plan = RunPlan(
        character=character,
        rounds=rounds,
        calls=budget_calls,
        usd=budget_usd or math.inf,
        mode=chosen,
        seed=seed,
        name=name,
        bundle=bundle,
        remember=remember,
        reflect=reflect,
    )
    outcome = asyncio.run(_optimize(settings, plan, parallel))
    _show_outcome(outcome, log_folder(settings.data.expanduser()))


def _optimize_there(
    server: Running,
    character: str,
    rounds: int,
    calls: int,
    usd: float,
    mode: str,
    seed: int,
    bundle: int,
    reflect: bool,
) -> None:
    body = {"rounds": rounds, "calls": calls, "usd": usd, "mode": mode, "seed": seed}
    body |= {"bundle": bundle, "reflect": reflect}
    answer = asyncio.run(server.ask("POST", f"/api/tuning/characters/{character}/runs", json=body))
    print(f"The server at {server.url} has begun run {answer['run']}; it works while rooms are idle (see Improve).")


async def _optimize(settings: Settings, plan: RunPlan, parallel: int) -> RunOutcome:
    library, cases = read_cases(settings, plan.character)
    data = settings.data.expanduser()
    start = await active_version(settings, library.characters[plan.character])
    with open_chain(data) as chain:
        async with speaking(settings) as speaker:
            troupe = Troupe(library, speaker.model, price=speaker.price)
            evaluator = Evaluator(troupe, cases, cache=PlayCache(data / "evals" / "cache"), parallel=parallel)
            parts = RunParts(evaluator, data, start)
            keys = objective_key(data), load_secret(settings)
            signed = signed_objective(chain.entries, plan.character, *keys)
            outcome = await tune(plan, parts, signed or default_objective(plan.character, cases), chain)
        desk = Desk(chain, (), time.time)
        kept = [item for item in desk.items() if item.round_id.startswith(f"{outcome.name}/")]
        versions = [desk.version(item.character, item.version) for item in kept]
    async with opened(settings) as store:  # so that they can be played (``eval --version``) and released
        for version in versions:
            await store.add_version(version)
    return outcome


async def active_version(settings: Settings, card: Character) -> Harness:
    """The version that rooms play now: the active one of the store, else the author's."""
    async with opened(settings) as store:
        return await version_in_force(store, card.id) or card.harness()


def _show_outcome(outcome: RunOutcome, folder: Path) -> None:
    result = outcome.result
    spent = f"{result.spent_calls} calls" + (f", ${result.spent_usd:.2f}" if result.spent_usd else "")
    print(f"Run {outcome.name}: {result.rounds} rounds, {len(result.kept)} edits kept, {spent} ({result.status}).")
    for kept in result.kept:
        print(f"  round {kept.number}: {kept.edit.op} for {kept.dimension}, {kept.gain:+.2f}")
    if result.needs_person:
        print(f"{result.needs_person} wait for you: openroom rounds list, then openroom approve ID")
    for refused in outcome.refused_notes:
        print(f"a note was not read: {refused}")
    print(f"Records: {folder}")
