"""A worsened version goes live on purpose: how soon do real turns find it and take it back, and how often by mistake?

    python -m benchmarks.planted_regression [--pace 3] [--healthy 1000] [--noise 0.1] [--quick]

A server with its WebSocket runs here; a visitor is connected all the time and asks Mira one thing after another. The
model is scripted: something new in each reply, after ``--pace`` seconds, as a local model takes. The worsened version
has a rule that asks for stage directions, and the model follows it in nine replies of ten. It is released, or plays as
a canary in a half or a fifth of the turns. The clock runs from the operator's yes until the version is out of force.
Then a harmless version plays ``--healthy`` turns (without a pace) in which ``--noise`` of the replies fail a check by
chance, the share that the watch takes for health: each alarm is a false one. Last, the watch alone on coin flips, and
with the share of turns that it gives a canary: how many turns of a room until a bad one is found, and how many null
ones are taken back, beside a watch and a share as they were before a bad start raised it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import math
import random
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import uvicorn

from openroom.cast.turn.turn import Turn, TurnResult
from openroom.client import connect
from openroom.client.member import Member
from openroom.core.actor import Actor
from openroom.core.harness import Harness
from openroom.evals.caseset import load_cases
from openroom.library.library import Library
from openroom.ports.model import Delta, Model, ModelInfo, ModelRequest, Usage, prompt_text
from openroom.server.access import Person
from openroom.server.app import create_app
from openroom.server.site import Site
from openroom.settings import Settings, shipped
from openroom.tuning.audit.record import RoundRecord
from openroom.tuning.audit.run_log import RunPlan, begin, open_chain
from openroom.tuning.edits import AddRule, apply_edit
from openroom.tuning.governance.watch import Watch
from openroom.tuning.live.governor import Governor
from openroom.tuning.run import default_objective

CHARACTER = "mira"
ROUND = "hand/0/improve"
DIRECTION = "(smiles slowly)"
_SECONDS = 60.0
_ROOM_TURNS = 25
_TAKEN_UP = 0.9
_RULE = "Begin each reply with what you are doing, in brackets."
_WORDS = (
    ("Tonight", "Later", "Once", "Sometimes", "Slowly", "Before dawn", "In winter", "By the stove"),
    ("the kettle", "a moth", "the old clock", "my grandmother", "this lamp", "the night train", "a stranger"),
    ("hums to", "waits for", "forgets", "borrows", "remembers", "leaves behind", "watches", "warms"),
    ("the blue cup", "an empty chair", "the last guest", "its own shadow", "a letter", "the ginger jar", "the stairs"),
    ("without a sound", "until morning", "twice", "as ever", "like a friend", "for no reason", "beside the window"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A worsened version found: after how many of Mira's turns, and how many of them it played; after how many seconds
    it was out of force; and how often the visitor had to connect again."""

    share: float
    turns: int
    worse: int
    seconds: float
    reconnects: int


class Talker:
    """Says something new in each reply, after a pause. Where the prompt has the planted rule, ``_TAKEN_UP`` of the
    replies follow it; elsewhere ``noise`` of them have a stage direction by chance."""

    info = ModelInfo("talker", "scripted")

    def __init__(self, pace: float, noise: float = 0.0, seed: int = 0) -> None:
        self._pace, self._noise, self._rng = pace, noise, random.Random(seed)

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        """As `Model.stream`."""
        if request.purpose != "turn":
            yield Usage(model=self.info.name)
            return
        await asyncio.sleep(self._pace)
        planted = _RULE in prompt_text(request.messages)
        words = " ".join(self._rng.choice(list_) for list_ in _WORDS)
        direction = f"{DIRECTION} " if self._rng.random() < (_TAKEN_UP if planted else self._noise) else ""
        yield Delta(json.dumps({"say": f"{direction}{words}.", "do": []}))
        yield Usage(model=self.info.name)


# versions by hand ----------------------------------------------------------------------------------------------------


def author() -> Harness:
    """Mira as her author wrote her."""
    return _library().characters[CHARACTER].harness()


def worsened() -> Harness:
    """Mira with a rule that asks for stage directions."""
    return apply_edit(author(), AddRule(id="planted", text=_RULE))


def hand_round(data: Path, version: Harness, *, checked: bool = False, tier: int = 0) -> str:
    """Log a run of one round that kept ``version`` of Mira, as if the gate had let it pass (and, if ``checked``, a
    checkpoint); its digest."""
    start = author()
    common: dict[str, Any] = {"number": 0, "character": CHARACTER, "digests": {"model": "understudy:understudy:"}}
    kept = RoundRecord(
        round_id=ROUND,
        parent_version=start.digest,
        candidate_version=version.digest,
        kept_version=version.digest,
        operator="planted by hand",
        tier=tier,
        states=("draft", "static_ok", "screened", "gated", "auto_kept"),
        **common,
    )
    check = RoundRecord(
        round_id="hand/0/release",
        purpose="release",
        parent_version=version.digest,
        candidate_version=version.digest,
        states=("draft", "screened", "gated", "auto_kept"),
        **common,
    )
    objective = default_objective(CHARACTER, load_cases(_library(), CHARACTER)).model_dump(mode="json")
    with open_chain(data) as chain:
        begun = {"objective": objective, "cases": [], "digests": {}}
        begin(chain, RunPlan(CHARACTER, name="hand", mode="auto"), begun, start.canonical_json())
        chain.put_blob(version.canonical_json())
        for made in (kept, check) if checked else (kept,):
            note = {"kind": "round", "note": made.model_dump(mode="json", exclude_none=True)}
            chain.append("note", note, run="hand", blobs=made.blobs())
        end = {"status": "rounds done", "head": version.digest, "rounds": 1, "spent": {}}
        chain.append("run_end", end, run="hand")
    return version.digest


def _library() -> Library:
    return Library([shipped("characters")], [shipped("scenes")])


# a server ------------------------------------------------------------------------------------------------------------


class _Unsignalled(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(slots=True)
class House:
    """A running server, and an operator's hand on it."""

    site: Site
    url: str

    @property
    def governor(self) -> Governor:
        """Who decides over versions."""
        return cast("Governor", self.site.governor)

    async def decide(self, answer: str, **more: Any) -> None:
        """An operator's answer about the round that was planted."""
        token = self.site.access.session(Person("player:boss", "operator"))
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False, timeout=60) as http:
            seen = (await http.get(f"/api/tuning/rounds/{ROUND}")).raise_for_status().json()
            wish = {"answer": answer, **more}
            wish |= {"patch_digest": seen["patch_digest"], "evidence_digest": seen["evidence_digest"]}
            (await http.post(f"/api/tuning/rounds/{ROUND}/decision", json=wish)).raise_for_status()

    async def go_live(self, share: float) -> None:
        """Let the planted version play: for everybody (1), or as a canary in a share of turns."""
        await self.decide("canary", share=min(share, 0.5))
        if share >= 1.0:
            await self.decide("release", override="a fault is planted, to see it found")

    def live(self) -> bool:
        """Whether the planted version is in force."""
        return bool(self.governor.canary(CHARACTER) or self.governor.released(CHARACTER))


@asynccontextmanager
async def house(data: Path, model: Model) -> AsyncIterator[House]:
    """A server over a data folder, in which ``model`` speaks."""
    settings = Settings.load(
        data=data, model="understudy", discover=False, port=0, rate_per_second=500, rate_burst=2000
    )
    app = create_app(settings, gui=False)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, ws="websockets-sansio", lifespan="on", log_config=None, access_log=False)
    server = _Unsignalled(config)
    task = asyncio.create_task(server.serve(sockets=[listening]), name="server")
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    try:
        site: Site = app.state.site
        await site.lobby.set_model(model)
        yield House(site, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        await task


# what is measured ----------------------------------------------------------------------------------------------------


def questions() -> list[str]:
    """What a visitor may ask Mira: what her author has examples for."""
    return [line.heard for line in author().examples]


async def regression(folder: Path, share: float, pace: float) -> Found:
    """Plant the worsened version with a share of turns and talk until it is out of force, for a minute at most."""
    version = hand_round(folder, worsened())
    async with house(folder, cast("Model", Talker(pace))) as home, connect(home.url, "tea_room", name="Ann") as ann:
        await home.site.lobby.directors["tea_room"].settled()
        await home.go_live(share)
        heard = Heard(home, version)
        began = time.monotonic()
        talking = asyncio.create_task(_talk(ann, heard), name="visitor")
        while home.live() and time.monotonic() - began < _SECONDS * 5:
            await asyncio.sleep(0.01)
        seconds = time.monotonic() - began
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        played = heard.played[: heard.found]
        return Found(share, len(played), played.count(version), seconds, ann.reconnects)


class Heard:
    """The versions that played Mira's turns, from now on; `turn` waits for the next. ``found`` counts those after which
    the watch knew that ``version`` is worse."""

    def __init__(self, home: House, version: str) -> None:
        self.played: list[str] = []
        self.found: int | None = None
        self._watches, self._key = home.governor.watch.watches, (CHARACTER, version)
        self._lobby, self._told, self._one = home.site.lobby, home.site.lobby.results, asyncio.Event()
        self._lobby.results = self._hear

    def _hear(self, turn: Turn, result: TurnResult) -> None:
        self._told(turn, result)
        if turn.character.id == CHARACTER:
            self.played.append(turn.version)
            if self.found is None and self._watches.get(self._key, Watch()).worse:
                self.found = len(self.played)
            self._one.set()

    async def turn(self) -> None:
        """Until Mira has had a turn."""
        await self._one.wait()
        self._one.clear()


async def _talk(ann: Member, heard: Heard) -> None:
    """Ask one thing after another, each time Mira has answered."""
    while True:
        for question in questions():
            await ann.say(f"Mira, {question[0].lower()}{question[1:]}")
            await heard.turn()


async def false_alarms(folder: Path, turns: int, noise: float) -> tuple[int, int, int]:
    """A harmless version, released, over real turns of which ``noise`` fail by chance: (turns, failed, alarms)."""
    start = author()
    version = hand_round(
        folder, start.model_copy(update={"sampling": start.sampling.model_copy(update={"top_p": 0.9})})
    )
    seen = failed = alarms = 0
    async with house(folder, cast("Model", Talker(0.0, noise))) as home:
        lobby, watch = home.site.lobby, home.governor.watch
        await home.go_live(1.0)
        number = 0
        while seen + watch.seen(CHARACTER, version) < turns:
            if not home.live():  # a false alarm: begin anew, with a watch of its own
                break
            await _evening(lobby, number)
            number += 1
        report = watch.report(CHARACTER, version)
        seen, failed = int(str(report["seen"])), int(str(report["failed"]))
        chain = await home.governor.tuner.chain()
        alarms = sum(entry.kind == "alarm" for entry in chain.entries)
    return seen, failed, alarms


async def _evening(lobby: Any, number: int) -> None:
    """A room of its own, and some questions in it."""
    room = await lobby.create("tea_room", Actor(f"player:bob{number}", "player", "Bob"))
    async with room.join("Bob", person=f"bob{number}") as bob:
        for question in (questions() * 3)[:_ROOM_TURNS]:
            await bob.say(f"Mira, {question[0].lower()}{question[1:]}")
            await lobby.directors[room.id].settled()
    await lobby.delete(room.id)


def coin_flips(rate: float, turns: int, seed: int = 0) -> float:
    """False alarms in 500 turns of the watch alone, when turns fail at a rate."""
    rng, watch, alarms = random.Random(seed), Watch(), 0
    for _ in range(turns):
        watch = watch.after(rng.random() < rate)
        if watch.worse:
            watch, alarms = Watch(), alarms + 1
    return alarms * 500 / turns


@dataclass(frozen=True, slots=True)
class Canaries:
    """Canaries on coin flips: the share of them that was taken back, after how many turns of the room (the middle one
    of all, and the 90th of 100; infinite where it never was), and how many turns they played on average."""

    taken: float
    middle: float
    late: float
    own: float


def canaries(rate: float, count: int, *, raised: bool = True, turns: int = 500, share: float = 0.2) -> Canaries:
    """``count`` canaries whose turns fail at a rate, each in a room for so many turns at most. Without ``raised`` as it
    was before: no start raises the share, and the watch is that of a released version."""
    rng = random.Random(f"{rate} {count}")
    lasted, own = [], 0
    for _ in range(count):
        watch, now, found = Watch.canary() if raised else Watch(), share, math.inf
        for turn in range(1, turns + 1):
            if rng.random() >= now:
                continue
            watch = watch.after(rng.random() < rate)
            if watch.worse:
                found = turn
                break
            now = watch.share(share) if raised else share
        lasted.append(found)
        own += watch.seen
    lasted.sort()
    taken = sum(math.isfinite(found) for found in lasted) / count
    return Canaries(taken, lasted[count // 2], lasted[count * 9 // 10], own / count)


def _print_canaries(count: int) -> None:
    for rate in (0.9, 0.7, 0.5, 0.2, 0.15, 0.1):
        for raised in (False, True):
            seen = canaries(rate, count, raised=raised)
            print(
                f"canary in 20% of turns, {rate:.0%} of its turns fail, {'a bad start raises' if raised else 'fixed'}: "
                f"{seen.taken:.2%} of {count} taken back within 500 turns of the room, the middle one after "
                f"{seen.middle:.0f}, 90 of 100 after {seen.late:.0f}; {seen.own:.0f} turns of its own",
                flush=True,
            )


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pace", type=float, default=3.0, help="seconds that a reply takes")
    parser.add_argument("--healthy", type=int, default=1000, help="healthy turns")
    parser.add_argument("--noise", type=float, default=0.1, help="share of healthy replies that fail a check")
    parser.add_argument("--quick", action="store_true", help="no pace, 100 healthy turns, fewer coin flips")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    pace, healthy, flips = (0.0, 100, 100_000) if given.quick else (given.pace, given.healthy, 1_000_000)
    print(f"A reply takes {pace:g} s.")
    for share in (1.0, 0.5, 0.2):
        with tempfile.TemporaryDirectory(prefix="openroom-planted-") as name:
            found = asyncio.run(regression(Path(name), share, pace))
        how = "released" if share >= 1.0 else f"canary in {share:.0%} of turns"
        print(
            f"{how}: found after {found.turns} turns, {found.worse} of them the worsened version's, and out of force "
            f"after {found.seconds:.1f} s; connections made again: {found.reconnects}",
            flush=True,
        )
    with tempfile.TemporaryDirectory(prefix="openroom-planted-") as name:
        seen, failed, alarms = asyncio.run(false_alarms(Path(name), healthy, given.noise))
    print(f"healthy, released: {seen} turns, {failed} failed a check by chance, {alarms} false alarms", flush=True)
    for rate in (0.05, 0.1, 0.15, 0.2):
        print(f"the watch alone, {rate:.0%} fail: {coin_flips(rate, flips):.3f} false alarms in 500 turns", flush=True)
    _print_canaries(200 if given.quick else 10_000)


if __name__ == "__main__":
    main()
