"""``openroom approve``, ``reject`` and ``rollback``: an operator's decisions, each in the log before it takes effect.

A running server is asked to decide by REST; where none runs, log and store are opened here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from openroom.cli.connect import Running, opened, running
from openroom.cli.round_log import desk_of, named
from openroom.cli.tuning import Config, Speaking, quietly, read_cases, speaking
from openroom.evals.cache import PlayCache
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.understudy.understudy import Understudy
from openroom.ports.store import Store
from openroom.settings import Settings
from openroom.tuning.audit.run_log import open_chain
from openroom.tuning.governance.decisions import Decision, decide, put_in_force
from openroom.tuning.governance.desk import Desk
from openroom.tuning.governance.exam import EXAM_CALLS, Question, examine
from openroom.tuning.governance.states import FOUND, UNTASTED, Item
from openroom.tuning.rounds.arena import Arena
from openroom.tuning.rounds.rollouts import GiveWay
from openroom.tuning.rounds.room_arena import RoomArena
from openroom.tuning.run import nobody_waits

_LOOK_SECONDS = 0.5
_PLAYABLE = ("local", "remote")

By = Annotated[str, typer.Option("--as", help="The operator who decides (a running server takes you for its own).")]


def approve(
    round_id: Annotated[str, typer.Argument(metavar="ID", help="The round, as rounds list shows it.")],
    why: Annotated[str, typer.Option(help="Why, for the log.")] = "",
    override: Annotated[
        str, typer.Option(help="Release what neither holdout nor tasting has passed: why, in a sentence, for the log.")
    ] = "",
    calls: Annotated[int, typer.Option(min=1, help="Model calls that the holdout may take.")] = EXAM_CALLS,
    by: By = "operator",
    config: Config = None,
) -> None:
    """Approve a round. The holdout is asked, unless a blind tasting releases it; what passes is released, any other
    version becomes a canary."""
    settings = Settings.load(config)
    quietly()
    _tell(asyncio.run(_approve(settings, round_id, by, why, override, calls)))


async def _approve(settings: Settings, round_id: str, by: str, why: str, override: str, calls: int) -> Item:
    """Approve, ask the holdout, and release or start a canary. Raises `AccessError`."""
    async with _door(settings, by) as door:
        item = named(door.desk.items(), round_id)
        if item.state == "auto_kept":
            item = await door.decide(item, Decision.on(item, "canary", why=why))
        elif item.state not in ("approved", "canary"):
            item = await door.decide(item, Decision.on(item, "approve", why=why, share=0.0))
        tried = item.holdout != "failed" if item.tasting == "not_needed" else item.tasting == "passed"
        if override or tried:
            item = await door.decide(item, Decision.on(item, "release", why=why, calls=calls, override=override))
        if item.state == "approved":
            item = await door.decide(item, Decision.on(item, "canary", why=why))
    return item


def _tell(item: Item) -> None:
    if item.state == "released":
        print(f"{item.character} plays version {item.version[:12]} of round {item.round_id}.")
        return
    if item.tasting == "not_needed":
        why = f" ({item.holdout_why})" if item.holdout_why else ""
        print(f"Round {item.round_id}: the holdout {FOUND.get(item.holdout, item.holdout)}{why}.")
    else:
        print(f"Round {item.round_id}: the blind tasting {UNTASTED[item.tasting]}; it is held on the page Improve.")
    print(f"Version {item.version[:12]} plays as a canary, in {item.share:.0%} of the turns that a server sees.")
    print(f"To release it all the same: openroom approve {item.round_id} --override 'why'")


def reject(
    round_id: Annotated[str, typer.Argument(metavar="ID")],
    why: Annotated[str, typer.Option(help="Why; the next rounds read it.")],
    by: By = "operator",
    config: Config = None,
) -> None:
    """Turn a round down."""
    settings = Settings.load(config)
    quietly()
    item = asyncio.run(_reject(settings, round_id, by, why))
    print(f"Round {item.round_id} is rejected: {why}")


async def _reject(settings: Settings, round_id: str, by: str, why: str) -> Item:
    async with _door(settings, by) as door:
        item = named(door.desk.items(), round_id)
        return await door.decide(item, Decision.on(item, "reject", why=why))


def rollback(
    character: Annotated[str, typer.Argument(help="The character's id.")],
    to: Annotated[str, typer.Option(help="Digest of the version (none: the one before).")] = "",
    by: By = "operator",
    config: Config = None,
) -> None:
    """Go back to an older version, the same bytes, from the next turn on."""
    settings = Settings.load(config)
    quietly()
    digest = asyncio.run(_rollback(settings, character, by, to))
    print(f"{character} plays {'version ' + digest[:12] if digest else 'its author’s own version'}.")


async def _rollback(settings: Settings, character: str, by: str, to: str) -> str:
    async with _door(settings, by) as door:
        return await door.rollback(character, _whole(door.desk, character, to) if to else None)


def _whole(desk: Desk, character: str, start: str) -> str:
    active = desk.active(character)
    fitting = [digest for digest in {*active.history, active.released} if digest and digest.startswith(start)]
    return fitting[0] if len(fitting) == 1 else start


# the two doors -------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _door(settings: Settings, by: str) -> AsyncIterator[_There | _Here]:
    """Where decisions are made now. Raises `StoreLocked` before anything is decided that could not take effect."""
    data = settings.data.expanduser()
    if server := running(settings):
        yield _There(server, data)
        return
    with open_chain(data) as chain:
        async with opened(settings) as store:
            yield _Here(settings, Desk(chain, [by], time.time), store, by)


@dataclass(frozen=True, slots=True)
class _There:
    """A server that owns the data folder decides; it asks the holdout while its rooms are quiet."""

    server: Running
    data: Path

    @property
    def desk(self) -> Desk:
        """The desk as the log says now, for reading."""
        return desk_of(self.data)

    async def decide(self, item: Item, wish: Decision) -> Item:
        """See `openroom.tuning.governance.decisions.decide`; the answer of the holdout is waited for."""
        path = f"/api/tuning/rounds/{item.round_id}"
        seen = await self.server.ask("POST", f"{path}/decision", json=wish.model_dump())
        while seen["holdout"]["state"] == "asking":
            await asyncio.sleep(_LOOK_SECONDS)
            seen = await self.server.ask("GET", path)
        return self.desk.item(item.round_id)

    async def rollback(self, character: str, to: str | None) -> str:
        """See `openroom.tuning.governance.desk.Desk.rollback`."""
        path = f"/api/tuning/characters/{character}/rollback"
        answer = await self.server.ask("POST", path, json={"to": to} if to else {})
        return str(answer["version"])


@dataclass(frozen=True, slots=True)
class _Here:
    """No server runs: log and store are opened by the command, and the holdout is asked here."""

    settings: Settings
    desk: Desk
    store: Store
    by: str

    async def decide(self, item: Item, wish: Decision) -> Item:
        """See `openroom.tuning.governance.decisions.decide`."""
        item = await decide(self.desk, item.round_id, wish, self.by, self._examine)
        await put_in_force(self.desk, self.store, item.character)
        return item

    async def rollback(self, character: str, to: str | None) -> str:
        """See `openroom.tuning.governance.desk.Desk.rollback`."""
        digest = self.desk.rollback(character, self.by, to)
        await put_in_force(self.desk, self.store, character, went_back=True)
        return digest

    async def _examine(self, item: Item, calls: int) -> None:
        library, cases = read_cases(self.settings, item.character)
        question = Question.of(self.desk, item, library.characters[item.character].harness(), self.by)
        await examine(self.desk.chain, question, calls, partial(_hall, self.settings, library, cases))


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
