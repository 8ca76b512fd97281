"""``openroom approve``, ``reject`` and ``rollback``: an operator's decisions, each in the log before it takes effect.

A running server is asked to decide by REST; where none runs, log and store are opened here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from typing import Annotated

import typer

from openroom.cli.connect import Running, opened, running
from openroom.cli.round_log import desk_of, items_of, named
from openroom.cli.tuning import Config, Speaking, quietly, read_cases, speaking
from openroom.evals.cache import PlayCache
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.understudy.understudy import Understudy
from openroom.ports.store import Activation, Store, Version
from openroom.settings import Settings
from openroom.tuning.audit.run_log import open_chain
from openroom.tuning.governance.decisions import SHARE, Decision
from openroom.tuning.governance.desk import Desk
from openroom.tuning.governance.exam import EXAM_CALLS, Question, examine
from openroom.tuning.governance.states import Item
from openroom.tuning.rounds.arena import Arena
from openroom.tuning.rounds.rollouts import GiveWay
from openroom.tuning.rounds.room_arena import RoomArena
from openroom.tuning.run import nobody_waits

_LOOK_SECONDS = 0.5
_PLAYABLE = ("local", "remote")
_FOUND = {"failed": "shows no gain", "unplayed": "could not be played", "not_asked": "has not been asked"}

By = Annotated[str, typer.Option("--as", help="The operator who decides (a running server takes you for its own).")]


def approve(
    round_id: Annotated[str, typer.Argument(metavar="ID", help="The round, as rounds list shows it.")],
    why: Annotated[str, typer.Option(help="Why, for the log.")] = "",
    override: Annotated[
        str, typer.Option(help="Release though the holdout has not passed it: why, in a sentence, for the log.")
    ] = "",
    calls: Annotated[int, typer.Option(min=1, help="Model calls that the holdout may take.")] = EXAM_CALLS,
    by: By = "operator",
    config: Config = None,
) -> None:
    """Approve a round. The holdout is asked; a version that passes is released, any other becomes a canary."""
    settings = Settings.load(config)
    quietly()
    data = settings.data.expanduser()
    if server := running(settings):
        item = named(items_of(data), round_id)
        asyncio.run(_approve_there(server, item, why, override, calls))
        _tell(named(items_of(data), item.round_id))
        return
    with open_chain(data) as chain:
        desk = Desk(chain, [by], time.time)
        item = named(desk.items(), round_id)
        asyncio.run(_ready(settings))
        item = asyncio.run(_approve_here(settings, desk, item, by, why, override, calls))
        version = desk.version(item.character, item.version)
    asyncio.run(_activate(settings, item, version, by))
    _tell(item)


async def _approve_here(
    settings: Settings, desk: Desk, item: Item, by: str, why: str, override: str, calls: int
) -> Item:
    """Approve, ask the holdout, and release or start a canary. Raises `AccessError`."""
    item = accept(desk, item, by, why)
    if not override and item.holdout in ("not_asked", "unplayed"):
        await _examine(settings, desk, item, by, calls)
        item = desk.item(item.round_id)
    if item.state == "auto_kept" or (item.state == "approved" and item.holdout != "passed" and not override):
        item = desk.start_canary(item.round_id, SHARE, by)
    return desk.release(item.round_id, by, override) if item.holdout == "passed" or override else item


async def _examine(settings: Settings, desk: Desk, item: Item, by: str, calls: int) -> None:
    """Ask the holdout about a candidate, here and now."""
    library, cases = read_cases(settings, item.character)
    question = Question.of(desk, item, library.characters[item.character].harness(), by)
    await examine(desk.chain, question, calls, partial(_hall, settings, library, cases))


@asynccontextmanager
async def _hall(
    settings: Settings, library: Library, cases: CaseSet, measured: str
) -> AsyncIterator[tuple[Arena, GiveWay]]:
    """Where an exam is held while no server runs: with the model of the settings, or with the understudy, which is
    always there, if that or a script measured the round."""
    kind = measured.partition(":")[0]
    speaker = speaking(settings) if kind in _PLAYABLE else nullcontext(Speaking(Understudy(), ""))
    async with speaker as one:
        cache = PlayCache(settings.data.expanduser() / "evals" / "cache")
        yield RoomArena(Evaluator(Troupe(library, one.model, price=one.price), cases, cache, parallel=2)), nobody_waits


def _tell(item: Item) -> None:
    if item.state == "released":
        print(f"{item.character} plays version {item.version[:12]} of round {item.round_id}.")
        return
    why = f" ({item.holdout_why})" if item.holdout_why else ""
    print(f"Round {item.round_id}: the holdout {_FOUND.get(item.holdout, item.holdout)}{why}.")
    print(f"Version {item.version[:12]} plays as a canary, in {item.share:.0%} of the turns that a server sees.")
    print(f"To release it all the same: openroom approve {item.round_id} --override 'why'")


async def _approve_there(server: Running, item: Item, why: str, override: str, calls: int) -> None:
    """Approve at a server that owns the data folder; it asks the holdout while its rooms are quiet."""
    state, path = item.state, f"/api/tuning/rounds/{item.round_id}"
    if state == "awaiting_approval":
        await _decide_there(server, item, "approve", why)
        state = "approved"
    elif state == "auto_kept":
        await _decide_there(server, item, "canary", why, SHARE)
        state = "canary"
    if override or item.holdout != "failed":
        await _decide_there(server, item, "release", why, calls=calls, override=override)
    while (seen := await server.ask("GET", path))["holdout"]["state"] == "asking":  # noqa: ASYNC110 - of another process
        await asyncio.sleep(_LOOK_SECONDS)
    if seen["state"] == "approved":
        await _decide_there(server, item, "canary", why, SHARE)


async def _decide_there(
    server: Running, item: Item, answer: str, why: str, share: float = 0.0, **more: str | int
) -> None:
    digests = {"patch_digest": item.patch_digest, "evidence_digest": item.evidence_digest}
    body = {"answer": answer, "why": why, "share": share, **digests, **more}
    await server.ask("POST", f"/api/tuning/rounds/{item.round_id}/decision", json=body)


def accept(desk: Desk, item: Item, by: str, why: str = "") -> Item:
    """An operator's yes to a candidate, where it wants one still. Raises `AccessError` when it does not hold."""
    if item.state in ("auto_kept", "approved", "canary"):
        return item
    wish = Decision(answer="approve", patch_digest=item.patch_digest, evidence_digest=item.evidence_digest, why=why)
    return desk.approve(wish.approval(item.round_id, by, time.time()))


def reject(
    round_id: Annotated[str, typer.Argument(metavar="ID")],
    why: Annotated[str, typer.Option(help="Why; the next rounds read it.")],
    by: By = "operator",
    config: Config = None,
) -> None:
    """Turn a round down."""
    settings = Settings.load(config)
    if server := running(settings):
        item = named(items_of(settings.data.expanduser()), round_id)
        asyncio.run(_decide_there(server, item, "reject", why))
        print(f"Round {item.round_id} is rejected: {why}")
        return
    with open_chain(settings.data.expanduser()) as chain:
        desk = Desk(chain, [by], time.time)
        item = desk.reject(named(desk.items(), round_id).round_id, by, why)
    print(f"Round {item.round_id} is rejected: {why}")


def rollback(
    character: Annotated[str, typer.Argument(help="The character's id.")],
    to: Annotated[str, typer.Option(help="Digest of the version (none: the one before).")] = "",
    by: By = "operator",
    config: Config = None,
) -> None:
    """Go back to an older version, the same bytes, from the next turn on."""
    settings = Settings.load(config)
    quietly()
    if server := running(settings):
        desk = desk_of(settings.data.expanduser())
        wish = {"to": _whole(desk, character, to)} if to else {}
        answer = asyncio.run(server.ask("POST", f"/api/tuning/characters/{character}/rollback", json=wish))
        digest = str(answer["version"])
    else:
        with open_chain(settings.data.expanduser()) as chain:
            desk = Desk(chain, [by], time.time)
            asyncio.run(_ready(settings))
            digest = desk.rollback(character, by, _whole(desk, character, to) if to else None)
        asyncio.run(_set_active(settings, character, digest, by))
    print(f"{character} plays {'version ' + digest[:12] if digest else 'its author’s own version'}.")


def _whole(desk: Desk, character: str, start: str) -> str:
    active = desk.active(character)
    fitting = [digest for digest in {*active.history, active.released} if digest and digest.startswith(start)]
    return fitting[0] if len(fitting) == 1 else start


async def _ready(settings: Settings) -> None:
    """Raises `StoreLocked`, before anything is decided, when the decision could not take effect."""
    async with opened(settings):
        return


async def _activate(settings: Settings, item: Item, version: Version, by: str) -> None:
    async with opened(settings) as store:
        await store.add_version(version)
        if item.state == "released":
            await _make_active(store, item.character, item.version, by, f"round {item.round_id}")


async def _set_active(settings: Settings, character: str, digest: str, by: str) -> None:
    async with opened(settings) as store:
        await _make_active(store, character, digest, by, "rollback")


async def _make_active(store: Store, character: str, digest: str, by: str, note: str) -> None:
    await store.activate(Activation(character, digest or None, round(time.time() * 1000), by, note))
