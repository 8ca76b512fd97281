"""Cards that nobody polished, before and after the loop: `python -m benchmarks.plain_cards [--minutes N] [--data DIR]`.

Eight cards as strangers write them (`benchmarks.plain_cards_set`), their report cases frozen by digest, in three arms:

- *card*: as it was imported;
- *loop*: after `openroom.tuning.run.tune` in mode auto, 300 calls a card;
- *gepa*: after the real `gepa` 0.1.4 with two parallel proposals, as many calls, the same train and gate cases, the
  same model for reflection; *gepa strong* with another one for reflection, where PLAIN_CARDS_REFLECT_URL and
  PLAIN_CARDS_REFLECT_MODEL (and PLAIN_CARDS_REFLECT_KEY) name an OpenAI-compatible endpoint.

Each report case is played twice by each arm, the arms of a case one after the other (each version has a slot of the
engine to itself, so their beginnings stay read). The score of a play is 1 when all checks of the case's own dimension
passed; the gain is the mean over cards of a card's mean over cases, paired by case, both plays as their mean, with
percentile bootstrap over the cases of each card (95 % two-sided). Beside it stands the share of all single checks that
failed, standing ones too.

**The rule that stops, fixed on 2026-11-30 before the first play.** Stage one are four cards (`STAGES[0]`). Stage two is
played only if over stage one the lower bound of the loop's gain is above 0 and no card is worse by more than .02 with
confidence (upper bound below -.02). Else the loop is changed and stage one begins anew with new journals; the old ones
stay as records. The cases, cards and seeds stay what they are. A run that was stopped shows what it has, and decides
nothing.

Everything is written to docs/results/plain_cards/CARD.jsonl as it happens, and nothing else is needed to go on: not
the data folder, not this clone. Ctrl-C and --minutes lose at most the play that is being played (--parallel 1).
--data holds the weights (DIR/models) and what can be made again: the audit log of each run, gepa's own log.

    python -m benchmarks.plain_cards --data /work/data --minutes 120       # the stages; goes on where it was
    python -m benchmarks.plain_cards --table                               # the table as it stands; also beside a run
    python -m benchmarks.plain_cards --cards pippa,rourke                  # these cards, whatever the rule says
    python -m benchmarks.plain_cards --visit --data /work/data             # one visit for each card and arm, no more
    python -m benchmarks.plain_cards --sim                                 # the whole way on a simulated model

**Visits.** The report of each card has a visit of 20 lines, played like its cases; it is in no gain and stands in rows
of its own: what was followed at lines 1 to 5 and 15 to 20 (`benchmarks.plain_cards_visit`). What the loop keeps has
been through visits of its own (`openroom.tuning.rounds.visits`): 12 lines, two to four pairs, so a keep costs 48 to 96
calls more, of the 300. gepa has no such step; its calls are as many.

How long: a card's prompt has 630 to 960 tokens, which the local model (30 tokens a second read, 10 written, on two idle
cores) reads in 20 to 32 s, once for each version; then a call reads about 42 tokens and writes about 35, so it takes
about 5 s, and a play 1.15 calls. The loop: about 25 minutes, and 10 for the prompts of its candidates; gepa:
25, and as many for its reflections (2,500 tokens read, up to 500 written); the report, three arms of 45 to 60 cases
twice: 32, and its visits: 10 (120 calls; with --visit 60). About two hours a card, eight to nine a stage; reckoned from
the tokens, counted on the report cases, not measured.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.optimizer_local import kept_rounds
from benchmarks.optimizer_local_gepa import run_gepa
from benchmarks.plain_cards_journal import CardJournal, OutOfTime, Recalling, RecallingModel
from benchmarks.plain_cards_set import STAGES, frozen_cases, library
from benchmarks.plain_cards_table import CARD, GEPA, LOOP, PLAYS, STRONG, Played, read_played, table, verdict
from benchmarks.plain_cards_visit import visit_table
from openroom.cli.tuning import quietly, speaking
from openroom.core.harness import Harness, load_harness
from openroom.errors import OpenroomError, SettingsError
from openroom.evals.case import Case
from openroom.evals.caseset import CaseSet
from openroom.evals.freeze import report_digest
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.endpoint.remote import RemoteModel
from openroom.ports.model import Model
from openroom.settings import Settings
from openroom.tuning.audit.run_log import RunPlan, open_chain
from openroom.tuning.run import RunParts, default_objective, tune

RESULTS = Path("docs/results/plain_cards")
_PROPOSALS = 2
_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: ``calls`` for the loop and for gepa, the first ``each`` report cases (0: all)."""

    calls: int = 300
    seed: int = 0
    each: int = 0
    parallel: int = 1

    def wanted(self, cases: CaseSet) -> list[Case]:
        """The report cases that are played, without visits."""
        found = [case for case in cases.of("report") if not case.visit]
        return found[:: max(1, len(found) // self.each)] if self.each else found


def visits_of(cases: CaseSet) -> list[Case]:
    """The visits of the report."""
    return [case for case in cases.of("report") if case.visit]


@dataclass(frozen=True, slots=True)
class Stage:
    """What cards are measured with. ``check`` is called before each play and may stop it; ``strong`` reflects for a
    second gepa; ``results`` holds the journals, ``data`` what can be made again."""

    library: Library
    model: Model
    results: Path
    data: Path
    plan: Plan = Plan()
    strong: Model | None = None
    check: Callable[[], None] = lambda: None

    async def measure(self, card: str, *, visit: bool = False) -> None:
        """All of a card that is not in its journal yet: the arms, then their report and its visit; with ``visit`` one
        play of the visit alone. Raises what stops a run."""
        cases = frozen_cases(self.library, card)
        start = self.library.characters[card].harness()
        header = {
            "card": card,
            "report": report_digest(cases),
            "start": start.digest,
            "model": self.model.info.name,
            "calls": self.plan.calls,
            "seed": self.plan.seed,
        }
        journal = CardJournal(self.results / f"{card}.jsonl", header)
        model = RecallingModel(self.model, journal, self.check)
        troupe = Troupe(self.library, model)
        evaluator = Recalling(troupe, cases, parallel=self.plan.parallel, journal=journal, check=self.check)
        arms = {
            CARD: start,
            LOOP: await self._loop(evaluator, journal),
            GEPA: await self._gepa(evaluator, journal, GEPA),
        }
        if self.strong is not None:
            strong = RecallingModel(self.strong, journal, self.check)
            arms[STRONG] = await self._gepa(evaluator, journal, STRONG, strong)
        wanted = [*visits_of(cases), *([] if visit else self.plan.wanted(cases))]
        for number, case in enumerate(wanted, 1):
            for harness in arms.values():
                await evaluator.run([case], harness, range(self.plan.seed, self.plan.seed + (1 if visit else PLAYS)))
            _say(f"{card}: report case {number} of {len(wanted)}")

    async def _loop(self, evaluator: Recalling, journal: CardJournal) -> Harness:
        """What the loop made of the card. The audit log is made anew from the journal as long as it has no end."""
        if LOOP in journal.arms:
            return _version(journal.arms[LOOP])
        card = evaluator.character
        folder = self.data / "plain_cards" / card / "loop"
        shutil.rmtree(folder, ignore_errors=True)
        name = f"{card}-plain-{self.plan.seed}"
        plan = RunPlan(card, rounds=_ROUNDS, calls=self.plan.calls, mode="auto", seed=self.plan.seed, name=name)
        _say(f"{card}: the loop")
        with open_chain(folder) as chain:
            parts = RunParts(evaluator, folder, evaluator.harness())
            result = (await tune(plan, parts, default_objective(card, evaluator.cases), chain)).result
            notes = [entry.body for entry in chain.entries if entry.kind == "note" and entry.run == name]
        told = {"calls": result.spent_calls, "rounds": result.rounds, "kept": kept_rounds(notes)}
        return _kept(journal, LOOP, result.head, told)

    async def _gepa(
        self, evaluator: Recalling, journal: CardJournal, arm: str, reflector: Model | None = None
    ) -> Harness:
        """What gepa made of the card."""
        if arm in journal.arms:
            return _version(journal.arms[arm])
        folder = self.data / "plain_cards" / evaluator.character / arm.replace(" ", "_")
        shutil.rmtree(folder, ignore_errors=True)
        _say(f"{evaluator.character}: {arm}")
        best, spent = await run_gepa(
            evaluator, self.plan.calls, self.plan.seed, folder, parallel=_PROPOSALS, reflector=reflector
        )
        return _kept(journal, arm, best, spent)


def _kept(journal: CardJournal, arm: str, harness: Harness, told: Mapping[str, Any]) -> Harness:
    journal.keep_arm(arm, {"version": harness.digest, "harness": harness.canonical_json().decode(), **told})
    return harness


def _version(body: Mapping[str, Any]) -> Harness:
    return load_harness(str(body["harness"]))


def played(cards: Sequence[str], found: Library, results: Path, plan: Plan) -> list[Played]:
    """What the journals of these cards hold of the report; cards without a journal are left out."""
    sets = {card: frozen_cases(found, card) for card in cards}
    ids = {card: [[case.id for case in of] for of in (plan.wanted(one), visits_of(one))] for card, one in sets.items()}
    read = (read_played(results / f"{card}.jsonl", *of) for card, of in ids.items())
    return [one for one in read if one]


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


async def play(stage: Stage, cards: Sequence[str], *, visit: bool = False) -> str:
    """Measure the cards named, or stage by stage as the rule allows; what is to be said at the end. With ``visit`` only
    a visit, of the cards named, else of those that have a journal, else of the first stage."""
    if visit:
        every = [name for names in STAGES for name in names]
        for card in cards or [name for name in every if (stage.results / f"{name}.jsonl").is_file()] or STAGES[0]:
            await stage.measure(card, visit=True)
        return "the visits are played"
    if cards:
        for card in cards:
            await stage.measure(card)
        return "these cards are done"
    said = ""
    for number, names in enumerate(STAGES, 1):
        for card in names:
            await stage.measure(card)
        on, why = verdict(played(names, stage.library, stage.results, stage.plan))
        said = f"stage {number}: {why}"
        if not on:
            break
    return said


def shown(cards: Sequence[str], results: Path, plan: Plan, *, visit: bool = False) -> str:
    """The table of the cards that have a journal, what the rule says of stage one, and the visits; with ``visit`` these
    alone."""
    names = cards or [name for names in STAGES for name in names]
    found = played(names, library(), results, plan)
    if not found:
        return f"no journal in {results} yet"
    first = [one for one in found if one.card in STAGES[0]]
    why = verdict(first)[1] if len(first) == len(STAGES[0]) else "the stage is not done"
    parts = [] if visit else [table(found), f"stage 1: {why}"]
    return "\n\n".join([*parts, *visit_table(found)])


def until(minutes: float, clock: Callable[[], float] = time.monotonic) -> Callable[[], None]:
    """What raises `OutOfTime` once so many minutes are over (0: never)."""
    end = clock() + minutes * 60

    def check() -> None:
        if minutes and clock() >= end:
            raise OutOfTime(f"{minutes:g} minutes are over")

    return check


@asynccontextmanager
async def reflecting(environ: Mapping[str, str]) -> AsyncIterator[Model | None]:
    """The stronger model for reflection, where the environment names one. Raises `SettingsError` for half a name."""
    url, name = (environ.get(f"PLAIN_CARDS_REFLECT_{part}", "") for part in ("URL", "MODEL"))
    if not url and not name:
        yield None
        return
    if not url or not name:
        raise SettingsError("expected PLAIN_CARDS_REFLECT_URL and PLAIN_CARDS_REFLECT_MODEL together, came one of them")
    model = RemoteModel(url, environ.get("PLAIN_CARDS_REFLECT_KEY", ""), name)
    try:
        yield model
    finally:
        await model.aclose()


async def _run(given: argparse.Namespace, cards: Sequence[str]) -> str:
    plan = Plan(given.calls, given.seed, given.each, given.parallel)
    check = until(given.minutes)
    if given.sim:
        from benchmarks.plain_cards_sim import simulated  # noqa: PLC0415 - the script is of no use elsewhere

        stage = Stage(library(), simulated(), given.results, given.data, plan, None, check)
        return await play(stage, cards, visit=given.visit)
    settings = Settings.load(None, model=given.model, data=given.data)
    async with reflecting(os.environ) as strong, speaking(settings) as speaker:
        _say(speaker.why)
        stage = Stage(library(), speaker.model, given.results, given.data, plan, strong, check)
        return await play(stage, cards, visit=given.visit)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", default="", help="names with commas between them; else the stages")
    parser.add_argument("--minutes", type=float, default=0.0, help="stop cleanly after so many (0: not)")
    parser.add_argument("--data", type=Path, default=None, help="where the weights lie (DIR/models)")
    parser.add_argument("--table", action="store_true", help="print the table of what was played, and play nothing")
    parser.add_argument("--visit", action="store_true", help="only one visit of 20 lines for each card and arm")
    parser.add_argument("--sim", action="store_true", help="on a simulated model, with journals in a folder of its own")
    parser.add_argument("--model", default="local")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--each", type=int, default=0, help="about so many report cases a card, to try it (0: all)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--parallel", type=int, default=1, help="plays at a time; a stop loses so many")
    parser.add_argument("--results", type=Path, default=None, help=f"the journals' folder, else {RESULTS}")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play, or print the table. 0 when all that may be played is, 3 when there is more to do, 1 for mistakes."""
    given = _arguments(arguments)
    quietly()
    cards = [name for name in given.cards.split(",") if name]
    if given.sim:
        given.data = given.data or Path(tempfile.mkdtemp(prefix="plain-cards-"))
        given.results = given.results or given.data / "results"
    given.results = given.results or RESULTS
    given.data = given.data or Settings.load(None).data.expanduser()
    try:
        said = "" if given.table else asyncio.run(_run(given, cards))
        print(shown(cards, given.results, Plan(given.calls, given.seed, given.each), visit=given.visit))
    except (OutOfTime, KeyboardInterrupt) as stop:
        print(f"{str(stop) or 'stopped'}: the same command goes on from here", file=sys.stderr)
        return 3
    except OpenroomError as error:
        print(f"plain_cards: {error}", file=sys.stderr)
        return 1
    if said:
        print(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
