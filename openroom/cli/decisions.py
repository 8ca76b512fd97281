"""``openroom approve``, ``reject`` and ``rollback``: an operator's decisions, each in the log before it takes effect.

A running server is asked to decide by REST; where none runs, log and store are opened here.
"""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

import typer

from openroom.cli.reach import Running, running
from openroom.cli.roundlog import desk_of, items_of, named
from openroom.cli.tuning import Config, quietly, stored
from openroom.optimizer.desk import Desk
from openroom.optimizer.run_log import open_chain
from openroom.optimizer.states import Approval, Item
from openroom.settings import Settings
from openroom.store.port import Activation, Store, Version

_APPROVAL_SECONDS = 600.0
_CANARY = 0.5

By = Annotated[str, typer.Option("--as", help="The operator who decides.")]


def approve(
    round_id: Annotated[str, typer.Argument(metavar="ID", help="The round, as rounds list shows it.")],
    why: Annotated[str, typer.Option(help="Why, for the log.")] = "",
    by: By = "operator",
    config: Config = None,
) -> None:
    """Approve a round and release its version: rooms play it from their next turn on."""
    settings = Settings.load(config)
    quietly()
    if server := running(settings):
        item = named(items_of(settings.data.expanduser()), round_id)
        asyncio.run(_approve_there(server, item, why))
        print(f"{item.character} plays version {item.version[:12]} of round {item.round_id}.")
        return
    with open_chain(settings.data.expanduser()) as chain:
        desk = Desk(chain, [by], time.time)
        item = named(desk.items(), round_id)
        asyncio.run(_ready(settings))
        item = release(desk, item, by, why)
        body = chain.blobs.get(item.version)
    asyncio.run(_activate(settings, item, body, by))
    print(f"{item.character} plays version {item.version[:12]} of round {item.round_id}.")


async def _approve_there(server: Running, item: Item, why: str) -> None:
    """Approve and release at a server that owns the data folder."""
    if item.state == "awaiting_approval":
        await _decide_there(server, item, "approve", why)
    elif item.state == "auto_kept":
        await _decide_there(server, item, "canary", why, _CANARY)
    await _decide_there(server, item, "release", why)


async def _decide_there(server: Running, item: Item, answer: str, why: str, share: float = 0.0) -> None:
    digests = {"patch_digest": item.patch_digest, "evidence_digest": item.evidence_digest}
    body = {"answer": answer, "why": why, "share": share, **digests}
    await server.ask("POST", f"/api/tuning/rounds/{item.round_id}/decision", json=body)


def release(desk: Desk, item: Item, by: str, why: str = "") -> Item:
    """An operator's yes, all the way to release. Raises `AccessError` when it does not hold."""
    now = time.time()
    if item.state == "awaiting_approval":
        approval = Approval(
            round_id=item.round_id,
            patch_digest=item.patch_digest,
            evidence_digest=item.evidence_digest,
            by=by,
            at=now,
            expires=now + _APPROVAL_SECONDS,
            why=why,
        )
        item = desk.approve(approval)
    elif item.state == "auto_kept":
        item = desk.start_canary(item.round_id, _CANARY, by)
    return desk.release(item.round_id, by)


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
    async with stored(settings):
        return


async def _activate(settings: Settings, item: Item, body: bytes, by: str) -> None:
    async with stored(settings) as store:
        await store.add_version(as_version(item, body))
        await _make_active(store, item.character, item.version, by, f"round {item.round_id}")


async def _set_active(settings: Settings, character: str, digest: str, by: str) -> None:
    async with stored(settings) as store:
        await _make_active(store, character, digest, by, "rollback")


async def _make_active(store: Store, character: str, digest: str, by: str, note: str) -> None:
    await store.activate(Activation(character, digest or None, round(time.time() * 1000), by, note))


def as_version(item: Item, body: bytes) -> Version:
    """A candidate as a stored version."""
    note = f"round {item.round_id}"
    return Version(item.character, item.version, body, round(time.time() * 1000), item.parent or None, note)
