"""``openroom eval``: plays the cases of a character and says how consistent it is, dimension by dimension."""

from __future__ import annotations

import asyncio
import fnmatch
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from openroom.cli.connect import has_store, opened, running
from openroom.cli.output import show_json, show_table
from openroom.cli.tuning import (
    Config,
    ModelName,
    find_version,
    generated_file,
    quietly,
    read_cases,
    speaking,
    warn,
)
from openroom.errors import SettingsError
from openroom.evals.cache import PlayCache
from openroom.evals.calibration import CalibrationReport, calibrate
from openroom.evals.case import Case
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.evals.freeze import check_frozen, freeze
from openroom.evals.generate import collect as gather_cases
from openroom.evals.judge import Judge, ModelJudge
from openroom.evals.player import Troupe
from openroom.evals.report import Report, as_markdown
from openroom.evals.result import CaseResult
from openroom.evals.sense_score import SenseJudge
from openroom.evals.training import Preference, Training, gather, training_cases, write
from openroom.library.library import Library
from openroom.ports.model import Model, ModelInfo
from openroom.settings import Settings
from openroom.tuning.tasting.chosen import chosen_in_rooms
from openroom.tuning.tasting.kept import preferences


def evaluate(
    character: Annotated[str, typer.Argument(help="The character's id.")],
    model: ModelName = None,
    seed: Annotated[int, typer.Option(help="The seed of sampling and of visitors.")] = 0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write everything to this file, as JSON.")] = None,
    cases: Annotated[str, typer.Option(help="Only cases whose id, dimension, template or split fits.")] = "",
    parallel: Annotated[int, typer.Option(min=1, max=32, help="Cases played at the same time.")] = 2,
    judge: Annotated[bool, typer.Option("--judge", help="Have the model judge each case too.")] = False,
    sense: Annotated[
        bool, typer.Option("--sense", help="Have the local model say how sensible each reply looks (0 to 1).")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Play again what was played before.")] = False,
    slow: Annotated[
        bool, typer.Option("--slow", help="With the long cases (visits of 12 to 20 lines, an evening of 50).")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="Only list the cases.")] = False,
    frozen: Annotated[bool, typer.Option("--freeze", help="Only freeze the report cases by digest.")] = False,
    calibration: Annotated[bool, typer.Option("--calibrate", help="Only try the judge on planted flaws.")] = False,
    version: Annotated[str, typer.Option(help="Digest of the version to play (none: the author's own).")] = "",
    config: Config = None,
) -> None:
    """Play the cases of a character in real rooms: a table per dimension, and each failure with its words."""
    settings = Settings.load(config, model=model)
    quietly()
    library, found = read_cases(settings, character)
    folder = library.folder(character)
    assert folder is not None
    if frozen:
        show_json(freeze(found, folder))
        return
    for warning in check_frozen(found, folder):
        warn(warning)
    wanted = chosen(found, cases, slow=slow)
    if listing:
        _list(found, chosen(found, cases, slow=True))
        return
    if calibration:
        _show_calibration(asyncio.run(_calibrate(settings, library, character)))
        return
    if not wanted:
        raise SettingsError(f"expected cases of {character} that fit {cases!r}, there are none (see --list)")
    if judge and sense:
        raise SettingsError("expected --judge or --sense, came both: one of them looks at a play")
    judging = ModelJudge if judge else SenseJudge if sense else None
    cache = None if fresh else PlayCache(settings.data.expanduser() / "evals" / "cache")
    report = asyncio.run(_play(settings, library, found, wanted, cache, seed, parallel, judging, version))
    if json_file is not None:
        json_file.write_text(json.dumps(report.dump(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    Console(markup=False, highlight=False, soft_wrap=True).print(as_markdown(report))


def training(
    character: Annotated[str, typer.Argument(help="The character's id.")],
    folder: Annotated[Path, typer.Argument(help="Where chats.jsonl, pairs.jsonl and gaps.json go.")],
    samples: Annotated[int, typer.Option(min=1, max=50, help="Further plays of a case that fails.")] = 4,
    model: ModelName = None,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 0,
    version: Annotated[str, typer.Option(help="Digest of the version to play (none: the author's own).")] = "",
    config: Config = None,
) -> None:
    """Make training data of a character's train cases, filtered by the same checks, and of what people chose in blind
    tastings and among its replies in rooms: chats and preference pairs."""
    settings = Settings.load(config, model=model)
    quietly()
    library, found = read_cases(settings, character)
    made = asyncio.run(_train(settings, library, found, samples, seed, version))
    counts = write(made, folder)
    rows = [
        (gap.dimension, gap.cases, gap.failed, gap.covered, gap.paired, ", ".join(gap.open) or "-")
        for gap in made.gaps()
    ]
    show_table(("Dimension", "Cases", "Failed", "Covered", "With pairs", "Still open"), rows, "No train cases.")
    print(
        f"{counts['chats']} chats and {counts['pairs']} pairs in {folder}, {len(made.preferred)} of what people chose"
    )


def collect(character: Annotated[str, typer.Argument(help="The character's id.")], config: Config = None) -> None:
    """Make cases of what visitors disliked and of what went wrong in rooms."""
    settings = Settings.load(config)
    quietly()
    found = asyncio.run(_collect(settings, character))
    path = generated_file(settings, character)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = [case.model_dump(mode="json", by_alias=True, exclude_defaults=True) for case in found]
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} cases in {path}")


async def _train(
    settings: Settings, library: Library, cases: CaseSet, samples: int, seed: int, version: str
) -> Training:
    harness = await find_version(settings, cases.character, version) if version else None
    cache = PlayCache(settings.data.expanduser() / "evals" / "cache")
    async with speaking(settings) as speaker:
        evaluator = Evaluator(Troupe(library, speaker.model, price=speaker.price), cases, cache=cache)
        wanted = training_cases(evaluator)
        made = await gather(evaluator, wanted, harness or evaluator.harness(), samples=samples, seed=seed)
        made.preferred = await _preferred(settings, library, speaker.model.info, cases.character)
        return made


async def _preferred(settings: Settings, library: Library, info: ModelInfo, character: str) -> list[Preference]:
    """What people chose in blind tastings and in rooms, where all who stand there consent; a server that runs is asked
    for it."""
    if server := running(settings):
        found = (await server.ask("GET", f"/api/tuning/characters/{character}/preferences"))["preferences"]
        return [
            Preference(
                one["case"], tuple((role, text) for role, text in one["messages"]), one["chosen"], one["rejected"]
            )
            for one in found
        ]
    if not has_store(settings):
        return []
    async with opened(settings) as store:
        tasted = await preferences(store, character)
        return tasted + await chosen_in_rooms(library, store, info, character)


async def _collect(settings: Settings, character: str) -> list[Case]:
    async with opened(settings) as store:
        return await gather_cases(store, character)


def chosen(cases: CaseSet, wanted: str, *, slow: bool = False) -> list[Case]:
    """The cases that ``wanted`` names (patterns separated by commas); slow ones and visits only when asked for."""
    patterns = [part.strip() for part in wanted.split(",") if part.strip()]

    def fits(case: Case) -> bool:
        names = (case.id, case.dimension, case.template, cases.splits.get(case.id, "slow"))
        return not patterns or any(fnmatch.fnmatchcase(name, one) for name in names for one in patterns)

    return [case for _, case in sorted(cases.cases.items()) if fits(case) and (slow or patterns or not _long(case))]


def _long(case: Case) -> bool:
    return case.slow or case.visit


async def _play(
    settings: Settings,
    library: Library,
    cases: CaseSet,
    wanted: Sequence[Case],
    cache: PlayCache | None,
    seed: int,
    parallel: int,
    judging: Callable[[Model], Judge] | None,
    version: str,
) -> Report:
    harness = await find_version(settings, cases.character, version) if version else None
    progress = _Progress(len(wanted))
    async with speaking(settings) as speaker:
        evaluator = Evaluator(
            Troupe(library, speaker.model, price=speaker.price),
            cases,
            cache=cache,
            judge=judging(speaker.model) if judging else None,
            parallel=parallel,
            told=progress.told,
        )
        harness = harness or evaluator.harness()
        results = await evaluator.run(wanted, harness, [seed])
        info = speaker.model.info
    progress.done()
    return Report(cases.character, info, speaker.why, seed, harness.digest, cases.digest, tuple(results))


async def _calibrate(settings: Settings, library: Library, character: str) -> CalibrationReport:
    async with speaking(settings) as speaker:
        return await calibrate(ModelJudge(speaker.model), library.characters[character])


def _show_calibration(report: CalibrationReport) -> None:
    rows = [
        (row.flaw, row.dimension, row.sensitivity, row.specificity, row.agreement, "yes" if row.trusted else "no")
        for row in report.rows
    ]
    show_table(("Flaw", "Dimension", "Sensitivity", "Specificity", "Agreement", "Trusted"), rows, "No examples.")
    print(f"{report.exchanges} exchanges, {report.unreadable} unreadable answers, {report.discarded} quotes not found")


def _list(cases: CaseSet, wanted: Sequence[Case]) -> None:
    rows = [
        (case.id, case.dimension, cases.splits.get(case.id, "slow"), case.cluster, case.language, case.calls)
        for case in wanted
    ]
    show_table(("Case", "Dimension", "Split", "Cluster", "Language", "Calls at most"), rows, "No cases.")


class _Progress:
    """A line on a terminal while cases play."""

    def __init__(self, total: int) -> None:
        self._console = Console(stderr=True, markup=False, highlight=False)
        self._total, self._count, self._failed = total, 0, 0

    def told(self, result: CaseResult) -> None:
        """One more case."""
        self._count += 1
        self._failed += result.score < 1
        if self._console.is_terminal:
            self._console.print(f"\r{self._count}/{self._total}, {self._failed} failed", end="")

    def done(self) -> None:
        """The line ends."""
        if self._console.is_terminal:
            self._console.print()
