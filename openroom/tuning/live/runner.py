"""Tuning in the background: one run at a time, under supervision, in the idle time of the rooms.

Who begins, pauses, resumes or stops a run stands in the audit log before it takes effect (entries ``task``). What a
run has done is there too, so a server that was killed takes it up where it was.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from openroom.core.character import Character
from openroom.errors import OpenroomError, RefusedError, SettingsError
from openroom.evals.cache import PlayCache
from openroom.evals.caseset import CaseSet, load_cases
from openroom.evals.player import Troupe
from openroom.lobby.lobby import Lobby
from openroom.ports.ledger import Price
from openroom.room.supervisor import Supervisor
from openroom.tuning.audit.chain import Chain, Entry
from openroom.tuning.audit.run_log import (
    RunPlan,
    ended,
    log_folder,
    objective_key,
    open_chain,
    runs,
    signed_objective,
)
from openroom.tuning.live.quiet import GivingWay, PoliteEvaluator, Quiet
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.run import RunOutcome, RunParts, default_objective, tune

_LOG = logging.getLogger("openroom.tuning")
_FOREVER_MS = 10**9
_REST_SECONDS = 0.02
"""A breath after each play, so that the event loop is never tuning's alone."""

_TUNING: ContextVar[bool] = ContextVar("tuning", default=False)
"""Set in the task of a run or an exam, and so in every room that it plays in."""

Act = Literal["begin", "pause", "resume", "stop", "halt"]
_STATES: dict[str, str] = {
    "begin": "running",
    "resume": "running",
    "pause": "paused",
    "stop": "stopped",
    "halt": "halted",
}


@dataclass(slots=True)
class _Work:
    """The run in hand; ``logged`` once the log knows it, or it is over."""

    run: str
    character: str
    logged: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    stopping: bool = False


@dataclass(slots=True)
class Tuner:
    """Runs tuning for one server. ``data`` is its data folder, ``price`` what calls cost now, ``key`` what objectives
    were signed with before the log had a key for them; ``checked`` is told of a character when the head of its run has
    been through a checkpoint."""

    lobby: Lobby
    data: Path
    price: Callable[[], Price | None] = lambda: None
    key: bytes = b""
    clock: Callable[[], float] = time.time
    settle: float = 2.0
    checked: Callable[[str], Any] = lambda _character: None
    _chain: Chain | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tasks: Supervisor = field(default_factory=lambda: Supervisor("tuning"))
    _work: _Work | None = None
    _usual: dict[str, tuple[Character, Objective]] = field(default_factory=dict)
    _quiet: Quiet = field(init=False)
    _model: GivingWay = field(init=False)

    def __post_init__(self) -> None:
        self._quiet = Quiet(self.lobby, self.settle)
        self._model = GivingWay(lambda: self.lobby.model, self._quiet)

    # life ------------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Take up the run that was under way when the server ended, if there is one."""
        logging.getLogger("openroom.turn").addFilter(_not_tuning)
        if not (log_folder(self.data) / "chain.jsonl").is_file():
            return
        chain = await self.chain()
        for begun in reversed(runs(chain.entries)):
            if run_state(chain.entries, begun.run) == "running":
                await self._spawn(_plan_of(begun), ())
                return

    async def close(self) -> None:
        """Let go of the run (it can be taken up again) and of the log."""
        await self._tasks.close()
        logging.getLogger("openroom.turn").removeFilter(_not_tuning)
        if self._chain is not None:
            self._chain.close()

    async def chain(self) -> Chain:
        """The audit log, opened for writing when it is first needed. Raises `StoreLocked` and `StoreCorrupt`."""
        async with self._opening:
            if self._chain is None:
                self._chain = await asyncio.to_thread(open_chain, self.data, self.clock)
            return self._chain

    # what an operator does -------------------------------------------------------------------------------------------

    async def begin(self, plan: RunPlan, by: str, suggested: Sequence[Proposal] = ()) -> str:
        """Begin a run; its name. Raises `RefusedError` while another one is in hand, `SettingsError` for a character
        that there is none of, or that has nothing to be measured by."""
        if self._work is not None:
            raise RefusedError("busy", f"Run {self._work.run} is in hand; stop it first.")
        cases = await self._cases(plan.character)
        await self.objective(plan.character, cases)
        chain = await self.chain()
        number = len(runs(chain.entries, plan.character)) + 1
        named = RunPlan(**{**_fields(plan), "name": f"{plan.character}-{number}"})
        await self._say("begin", named.name, by)
        work = await self._spawn(named, suggested)
        await work.logged.wait()  # who is told its name can look at it
        return named.name

    async def pause(self, by: str) -> None:
        """Hold the run: no further call is made, and one under way is given up. Raises `RefusedError`."""
        work = self._in_hand()
        await self._say("pause", work.run, by)
        self._quiet.held = True
        self._quiet.look()

    async def resume(self, run: str, by: str) -> None:
        """Go on with a run that was paused or halted. Raises `RefusedError`."""
        if self._work is not None and self._work.run != run:
            raise RefusedError("busy", f"Run {self._work.run} is in hand; stop it first.")
        chain = await self.chain()
        begun = next((entry for entry in runs(chain.entries) if entry.run == run), None)
        if begun is None or run_state(chain.entries, run) not in ("paused", "halted", "running"):
            raise RefusedError("not_paused", f"Run {run} is not one that can go on.")
        await self._say("resume", run, by)
        self._quiet.held = False
        self._quiet.look()
        if self._work is None:
            await self._spawn(_plan_of(begun), ())

    async def stop(self, run: str, by: str) -> None:
        """End a run for good; what it has found stays. Raises `RefusedError`."""
        chain = await self.chain()
        if run_state(chain.entries, run) not in ("running", "paused", "halted"):
            raise RefusedError("not_running", f"Run {run} is over.")
        await self._say("stop", run, by)
        work = self._work
        if work is not None and work.run == run and work.task is not None:
            work.stopping = True
            work.task.cancel()
            await asyncio.gather(work.task, return_exceptions=True)
            self._done()

    async def _say(self, act: Act, run: str, by: str, why: str = "") -> None:
        chain = await self.chain()
        body = {"do": act, **({"why": why} if why else {})}
        await asyncio.to_thread(chain.append, "task", body, run=run, actor=by)

    def _in_hand(self) -> _Work:
        if self._work is None:
            raise RefusedError("not_running", "No run is in hand.")
        return self._work

    # the run ---------------------------------------------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """What the task does now, honestly: ``running`` only while it may ask a model; ``waiting`` says for what."""
        if self._work is None:
            return {"state": "idle"}
        reason = self._quiet.reason
        state = "paused" if reason == "paused" else "waiting" if reason else "running"
        body = {"state": state, "run": self._work.run, "character": self._work.character}
        return {**body, "reason": reason, "given_up": self._model.given_up}

    async def _spawn(self, plan: RunPlan, suggested: Sequence[Proposal]) -> _Work:
        self._work = work = _Work(plan.name, plan.character)
        self._quiet.held = False
        watching = self._tasks.spawn("quiet", self._quiet.watch())
        work.task = self._tasks.spawn("run", self._run(plan, suggested, watching))
        work.task.add_done_callback(lambda _task: work.logged.set())
        return work

    async def _run(self, plan: RunPlan, suggested: Sequence[Proposal], watching: asyncio.Task[None]) -> None:
        work = self._in_hand()
        as_tuning()
        try:
            outcome = await self._tune(plan, suggested)
        except OpenroomError as error:
            _LOG.warning("a run halted", extra={"run": plan.name, "error": str(error)})
            await self._say("halt", plan.name, "loop", str(error)[:400])
        else:
            _LOG.info("a run ended", extra={"run": plan.name, "status": outcome.result.status})
        finally:
            watching.cancel()
            if self._work is work and not work.stopping:
                self._done()

    def _done(self) -> None:
        self._work = None
        self._quiet.held = False

    async def evaluator(self, character: str, model: GivingWay) -> PoliteEvaluator:
        """What plays cases of a character with a model that gives way. Raises `SettingsError`."""
        cases = await self._cases(character)
        troupe = Troupe(self.lobby.library, model, price=self.price(), turn_ms=_FOREVER_MS)
        return PoliteEvaluator(troupe, cases, cache=PlayCache(self.data / "evals" / "cache"), giving_way=model)

    async def _tune(self, plan: RunPlan, suggested: Sequence[Proposal]) -> RunOutcome:
        chain = await self.chain()
        card = self.lobby.library.characters[plan.character]
        evaluator = await self.evaluator(plan.character, self._model)
        start = await self.lobby.harness_of(card)
        parts = RunParts(
            evaluator,
            self.data,
            start,
            proposer=self._model,
            give_way=self._give_way,
            checked=lambda: self.checked(plan.character),
            suggested=suggested,
        )
        return await tune(plan, parts, await self.objective(plan.character, evaluator.cases), chain)

    async def _give_way(self) -> None:
        self._in_hand().logged.set()  # a run is logged before its first step, and each step gives way
        await asyncio.sleep(_REST_SECONDS)
        await self._quiet.wait()

    # what better means -----------------------------------------------------------------------------------------------

    async def objective(self, character: str, cases: CaseSet | None = None) -> Objective:
        """The objective in force: the one an operator signed last, else the usual. Raises `SettingsError`, and
        `AccessError` for one whose signature does not hold: then nothing runs until one is signed anew."""
        chain, key = await self.chain(), await asyncio.to_thread(objective_key, self.data)
        if signed := signed_objective(chain.entries, character, key, self.key):
            return signed
        return await self.usual(character, cases)

    async def usual(self, character: str, cases: CaseSet | None = None) -> Objective:
        """What "better" means where nobody has said otherwise. Raises `SettingsError`."""
        card = self.lobby.library.characters.get(character)
        known = self._usual.get(character)
        if cases is None and known is not None and known[0] is card:
            return known[1]
        usual = default_objective(character, cases or await self._cases(character))
        if card is not None:
            self._usual[character] = (card, usual)
        return usual

    async def sign(self, objective: Objective, by: str) -> Objective:
        """Put an objective in force for the next run, signed by an operator. Raises `SettingsError` when it asks for a
        dimension that nothing measures, or unlocks what is locked."""
        usual = default_objective(objective.character, await self._cases(objective.character))
        unknown = sorted(set(objective.weights) - set(usual.weights))
        if unknown:
            raise SettingsError(f"expected dimensions among {', '.join(usual.weights)}, came {', '.join(unknown)}")
        if set(usual.locked) - set(objective.locked):
            raise SettingsError("expected the locked dimensions to stay locked")
        signed = objective.sign(by, await asyncio.to_thread(objective_key, self.data))
        chain = await self.chain()
        body = {"objective": signed.model_dump(mode="json"), "digest": signed.digest}
        await asyncio.to_thread(chain.append, "objective", body, actor=by)
        return signed

    def card(self, character: str) -> Character:
        """A character as its author wrote it. Raises `SettingsError` when there is none of that id."""
        cards = self.lobby.library.characters
        if character not in cards:
            known = ", ".join(sorted(cards)) or "none"
            raise SettingsError(f"expected a character of {known}, came {character!r}")
        return cards[character]

    async def _cases(self, character: str) -> CaseSet:
        generated = self.data / "evals" / f"{self.card(character).id}.generated.json"
        return await asyncio.to_thread(load_cases, self.lobby.library, character, generated)


def as_tuning() -> None:
    """What this task does from now on is tuning's: its turns are no news in the log of a server."""
    _TUNING.set(True)


def _not_tuning(_record: logging.LogRecord) -> bool:
    """Hundreds of turns of cases are no news in the log of a server."""
    return not _TUNING.get()


def run_state(entries: Sequence[Entry], run: str) -> str:
    """What the log says of a run: ``running`` (or to be taken up), ``paused``, ``halted``, ``stopped`` or ``ended``.
    One that a command began is ``open`` until it has ended."""
    if ended(entries, run) is not None:
        return "ended"
    acts = [entry.body["do"] for entry in entries if entry.kind == "task" and entry.run == run]
    return _STATES.get(acts[-1], "open") if acts else "open"


def _fields(plan: RunPlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in RunPlan.__dataclass_fields__}


def _plan_of(begun: Entry) -> RunPlan:
    plan = begun.body["plan"]
    return RunPlan(
        character=plan["character"],
        rounds=plan["rounds"],
        calls=plan["calls"],
        usd=float(plan.get("usd", math.inf)),
        mode=plan["mode"],
        seed=plan["seed"],
        name=begun.run,
        bundle=plan["bundle"],
        remember=plan["remember"],
    )
