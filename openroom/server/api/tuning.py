"""REST: tuning and its governance, for operators. What a page shows comes from the audit log and nowhere else."""

from __future__ import annotations

import asyncio
import json
import math
import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from openroom.errors import AccessError, RefusedError, SettingsError
from openroom.server.api.shared import FOR_OPERATORS, AskedSite, Known
from openroom.server.site import Site
from openroom.tuning.audit.bundle import verify_bundle
from openroom.tuning.audit.chain import Entry, verify
from openroom.tuning.audit.record import RoundRecord
from openroom.tuning.audit.recorded import BUNDLE, recorded
from openroom.tuning.audit.report import Log, objective_body, reword, round_body, run_body, run_line
from openroom.tuning.audit.run_log import KEPT_MARK, RunPlan, heads_of, log_folder, runs
from openroom.tuning.edits import parse_edit
from openroom.tuning.governance.decisions import Decision
from openroom.tuning.governance.states import is_proposer
from openroom.tuning.live.governor import Governor
from openroom.tuning.proposals.operators import Proposal
from openroom.tuning.rounds.objective import Objective, Share, Weight

router = APIRouter(prefix="/api/tuning", tags=["tuning"], dependencies=[FOR_OPERATORS])

_RECORDED = "recorded:"
"""In front of the names of runs that came with the package, so that they meet no run of this server."""
_EDITED_ROUNDS = 1


class NewRun(BaseModel):
    """A run to begin. ``calls`` and ``usd`` are hard limits (``usd`` 0: none)."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    rounds: int = Field(default=10, ge=1, le=10_000)
    calls: int = Field(default=500, ge=1, le=1_000_000)
    usd: float = Field(default=0.0, ge=0.0)
    mode: Literal["suggest", "auto"] = "suggest"
    seed: int = Field(default=0, ge=0, le=2**31)
    bundle: int = Field(default=1, ge=1, le=6)
    reflect: bool = True


class WantedAct(BaseModel):
    """What shall become of a run."""

    model_config = ConfigDict(extra="forbid")

    do: Literal["pause", "resume", "stop"]


class WantedVersion(BaseModel):
    """The version to go back to: its digest, empty for the author's own; absent: the one before."""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] | None = None


class WantedObjective(BaseModel):
    """What better shall mean: weights of dimensions, floors, and how far any may fall."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    weights: Annotated[dict[str, Weight], Field(min_length=1, max_length=60)]
    floors: dict[str, Share] = Field(default_factory=dict)
    tolerance: Share = 0.1


class WantedWording(BaseModel):
    """Another wording of a round's edits: a text for each edit, in the round's order. It becomes a proposal of the one
    who wrote it, with a gate of its own, and somebody else has to approve it."""

    model_config = ConfigDict(extra="forbid")

    texts: Annotated[list[Annotated[str, Field(max_length=4000)]], Field(min_length=1, max_length=6)]


class WantedTrial(BaseModel):
    """A private room in which the candidate plays; ``blind``: two rooms, A and B, one of them with the version that the
    candidate was made from."""

    model_config = ConfigDict(extra="forbid")

    blind: bool = False


class WantedVerdict(BaseModel):
    """Which of two blind rooms was better."""

    model_config = ConfigDict(extra="forbid")

    better: Literal["a", "b", "same"]


def _governor(site: AskedSite) -> Governor:
    if site.governor is None:
        raise SettingsError("These rooms are part of another application; tuning needs a server of its own.")
    return site.governor


Asked = Annotated[Governor, Depends(_governor)]


async def _log(governor: Governor) -> Log:
    chain = await governor.tuner.chain()
    items = await governor.ask(lambda desk: desk.items())
    return Log(chain.entries, {item.round_id: item for item in items}, _parsed=governor.parsed)


async def _run(governor: Governor, run: str) -> tuple[Log, Entry]:
    if run.startswith(_RECORDED):
        log, name = recorded(), run.removeprefix(_RECORDED)
    else:
        log, name = await _log(governor), run
    begun = log.run(name)
    if begun is None:
        raise HTTPException(404, f"There is no run {run[:80]!r}.")
    return log, begun


async def _round(governor: Governor, run: str, number: int, purpose: str) -> tuple[Log, Entry, RoundRecord, Entry]:
    log, begun = await _run(governor, run)
    found = log.find(f"{begun.run}/{number}/{purpose}")
    if found is None:
        raise HTTPException(404, f"There is no round {number} ({purpose[:40]}) in run {run[:80]!r}.")
    return log, found[0], found[1], begun


def _named(body: dict[str, Any], log: Log) -> dict[str, Any]:
    return {**body, "run": f"{_RECORDED}{body['run']}"} if log.recorded else body


# looking -------------------------------------------------------------------------------------------------------------


@router.get("")
async def overview(site: AskedSite, governor: Asked) -> dict[str, Any]:
    """Characters and runs, what needs a person, and what the background task does."""
    log = await _log(governor)
    shipped = recorded()
    lines = [run_line(log, begun) for begun in reversed(runs(log.entries))]
    known = site.lobby.library.characters
    lines += [_named(run_line(shipped, begun), shipped) for who in known for begun in runs(shipped.entries, who)]
    characters = []
    for card in known.values():
        waiting = [one for one in log.items.values() if one.character == card.id and one.state == "awaiting_approval"]
        canary = governor.canary(card.id)
        characters.append({"id": card.id, "name": card.name, "needs_you": len(waiting), "canary": canary is not None})
    return {"characters": characters, "runs": lines, "task": governor.tuner.status()}


@router.get("/characters/{character}")
async def character(site: AskedSite, governor: Asked, character: str) -> dict[str, Any]:
    """A character: what better means, its versions, what plays, its runs, and what needs a person."""
    card = site.lobby.library.characters.get(character)
    if card is None:
        raise HTTPException(404, f"There is no character {character[:80]!r}.")
    log = await _log(governor)
    active = await governor.ask(lambda desk: desk.active(character))
    history = [one for one in active.history if one != active.released]
    mine = [item for item in log.items.values() if item.character == character]
    shipped = recorded()
    lines = [run_line(log, begun) for begun in reversed(runs(log.entries, character))]
    lines += [_named(run_line(shipped, begun), shipped) for begun in runs(shipped.entries, character)]
    return {
        "id": card.id,
        "name": card.name,
        "objective": await _objective(governor, character),
        "released": active.released,
        "author": card.harness().digest,
        "history": history,
        "versions": {item.version: item.round_id for item in mine},
        "canary": governor.canary(character),
        "live": governor.watch.report(character, active.released) if active.released else None,
        "waiting": [item.round_id for item in mine if item.state in ("awaiting_approval", "approved", "auto_kept")],
        "runs": lines,
        "task": governor.tuner.status(),
    }


async def _objective(governor: Governor, character: str) -> dict[str, Any]:
    """What better means. Where the signature does not hold it is what is usual, headed by why: one can sign anew."""
    try:
        return objective_body(await governor.tuner.objective(character))
    except AccessError:
        body = objective_body(await governor.tuner.usual(character))
        why = "What was signed last does not verify: it was changed, or its key was. Nothing runs until signed anew."
        return {**body, "words": [why, *body["words"]]}


@router.get("/runs/{run}")
async def show_run(governor: Asked, run: str) -> dict[str, Any]:
    """A run: its rounds with gate score, e-values, spend, states and reasons; curve, lineage, grid; the last steps."""
    log, begun = await _run(governor, run)
    body = await asyncio.to_thread(run_body, log, begun)
    return {**_named(body, log), "task": governor.tuner.status()}


@router.get("/rounds/{run}/{number}/{purpose}")
async def show_round(governor: Asked, person: Known, run: str, number: int, purpose: str) -> dict[str, Any]:
    """A round: the evidence against first, why, the change of each dimension, the edits side by side, the tests."""
    log, entry, record, begun = await _round(governor, run, number, purpose)
    body = round_body(log, entry, record, begun)
    item = log.items.get(record.round_id)
    mine = item is not None and is_proposer(item, person.id, governor.counts_as)
    if body["holdout"] and governor.examined(record.round_id):
        body["holdout"] |= {"state": "asking"}
    return {**_named(body, log), "proposed_by_you": mine}


@router.get("/audit")
async def audit(site: AskedSite, governor: Asked) -> dict[str, Any]:
    """Check the whole log, and the recorded run that ships; ``mark`` is what the store keeps of the log."""
    data, mark = governor.tuner.data, await site.lobby.store.get(KEPT_MARK)
    found = await asyncio.to_thread(verify, log_folder(data), heads_of(data), mark)
    shipped = await asyncio.to_thread(verify_bundle, BUNDLE) if BUNDLE.is_file() else None
    body = {"ok": found.ok, "entries": found.entries, "blobs": found.blobs, "head": found.head, "mark": mark}
    body["problems"] = list(found.problems)
    if shipped is not None:
        body["recorded"] = {"ok": shipped.ok, "entries": shipped.entries, "problems": list(shipped.problems)}
    return body


# runs ----------------------------------------------------------------------------------------------------------------


@router.post("/characters/{character}/runs", status_code=201)
async def begin(governor: Asked, person: Known, character: str, wish: NewRun) -> dict[str, Any]:
    """Begin a run in the background."""
    plan = RunPlan(**{**wish.model_dump(), "usd": wish.usd or math.inf, "character": character})
    return {"run": await governor.tuner.begin(plan, person.id)}


@router.post("/runs/{run}")
async def act(governor: Asked, person: Known, run: str, wish: WantedAct) -> dict[str, Any]:
    """Pause, resume or stop a run."""
    tuner = governor.tuner
    if wish.do == "resume":
        await tuner.resume(run, person.id)
    elif wish.do == "stop":
        await tuner.stop(run, person.id)
    else:
        await tuner.pause(person.id)
    return tuner.status()


@router.put("/characters/{character}/objective")
async def set_objective(governor: Asked, person: Known, character: str, wish: WantedObjective) -> dict[str, Any]:
    """Say what better means, for the next run; signed and logged."""
    usual = await governor.tuner.usual(character)
    wanted = Objective(character=character, locked=usual.locked, **wish.model_dump())
    return objective_body(await governor.tuner.sign(wanted, person.id))


# decisions -----------------------------------------------------------------------------------------------------------


@router.post("/rounds/{run}/{number}/{purpose}/decision")
async def decide(governor: Asked, person: Known, run: str, number: int, purpose: str, wish: Decision) -> dict[str, Any]:
    """Approve (and start a canary), reject with a reason, release (which asks the holdout first, and answers while that
    is under way), or put off."""
    _, _, record, _ = await _round(governor, _own(run), number, purpose)
    if wish.answer == "later":
        await governor.note("later", {"round": record.round_id, "do": "later"}, person.id)
    else:
        await governor.decide(record.round_id, wish, person.id)
    return await show_round(governor, person, run, number, purpose)


@router.post("/rounds/{run}/{number}/{purpose}/edit", status_code=201)
async def edit(
    governor: Asked, person: Known, run: str, number: int, purpose: str, wish: WantedWording
) -> dict[str, Any]:
    """Propose another wording: the round is turned down, and a short run tries the new one under the gate."""
    _, _, record, begun = await _round(governor, _own(run), number, purpose)
    if governor.tuner.status()["state"] != "idle":
        raise RefusedError("busy", "A run is in hand; stop it first, then propose a wording.")
    if len(wish.texts) != len(record.patch):
        raise SettingsError(f"expected {len(record.patch)} texts, came {len(wish.texts)}")
    found = []
    for row, text, why in zip(record.patch, wish.texts, record.hypotheses, strict=False):
        raw = reword(row, text)
        if raw is None:
            raise SettingsError(f"expected an edit with a text to change, came {row.op} {row.path}")
        found.append(Proposal(parse_edit(raw), why, person.id))
    no = Decision.on(record, "reject", why=f"another wording was proposed by {person.id}")
    await governor.decide(record.round_id, no, person.id)
    calls = int(begun.body["plan"]["calls"])
    plan = RunPlan(character=record.character, rounds=max(_EDITED_ROUNDS, len(found)), calls=calls, reflect=False)
    return {"run": await governor.tuner.begin(plan, person.id, suggested=found)}


@router.post("/characters/{character}/rollback")
async def rollback(governor: Asked, person: Known, character: str, wish: WantedVersion) -> dict[str, Any]:
    """Go back to an older version, the same bytes; rooms play it from their next turn on."""
    return {"version": await governor.rollback(character, person.id, wish.to)}


def _own(run: str) -> str:
    if run.startswith(_RECORDED):
        raise AccessError("This run was recorded elsewhere; there is nothing here to decide.")
    return run


# trying it out -------------------------------------------------------------------------------------------------------


@router.post("/rounds/{run}/{number}/{purpose}/rooms", status_code=201)
async def trial(
    site: AskedSite, governor: Asked, person: Known, run: str, number: int, purpose: str, wish: WantedTrial
) -> dict[str, Any]:
    """Private rooms in which the candidate plays, for the operator alone."""
    _, _, record, _ = await _round(governor, _own(run), number, purpose)
    if not record.candidate_version:
        raise SettingsError("This round brought no candidate that could play.")
    versions = [record.candidate_version, *([record.parent_version] if wish.blind else [])]
    secrets.SystemRandom().shuffle(versions)
    rooms = []
    for letter, digest in zip("AB", versions, strict=False):
        await governor.keep(record.character, digest)
        title = f"{record.character} {letter}" if wish.blind else f"{record.character}: round {record.number}"
        scene = _scene(site, record.character)
        room = await site.lobby.create(
            scene, person.actor(), title=title, open=False, harness={record.character: digest}
        )
        rooms.append({"id": room.id, "label": letter if wish.blind else ""})
    if not wish.blind:
        return {"rooms": rooms}
    name = secrets.token_hex(6)
    kept = {"round": record.round_id, "a": versions[0], "b": versions[1], "candidate": record.candidate_version}
    await site.lobby.store.put(f"blind {name}", json.dumps(kept))
    return {"rooms": rooms, "blind": name}


@router.post("/blind/{name}")
async def judge_blind(
    site: AskedSite, governor: Asked, person: Known, name: str, wish: WantedVerdict
) -> dict[str, Any]:
    """Say which room was better; only then it is told which one the candidate played in. Logged."""
    raw = await site.lobby.store.get(f"blind {name[:40]}")
    if raw is None:
        raise HTTPException(404, "There is no such comparison, or it is over.")
    kept = json.loads(raw)
    candidate = "a" if kept["a"] == kept["candidate"] else "b"
    better = "same" if wish.better == "same" else "candidate" if wish.better == candidate else "incumbent"
    await governor.note("blind", {"round": kept["round"], "do": "blind", "why": f"better: {better}"}, person.id)
    await site.lobby.store.put(f"blind {name[:40]}", None)
    return {"candidate": candidate, "better": better}


def _scene(site: Site, character: str) -> str:
    scenes = site.lobby.library.scenes.values()
    homes = [scene for scene in scenes if character in {member.id for member in scene.characters}]
    if not homes:
        raise SettingsError(f"There is no scene with {character} to try it in.")
    return min(homes, key=lambda scene: (len(scene.characters), scene.id)).id
