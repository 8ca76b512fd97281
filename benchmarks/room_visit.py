"""A visitor in a real room, for the benchmarks of the talk: says lines, waits for replies, notes what happened."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.talk_requests import Asked
from openroom.cast.director import Director, DirectorSettings
from openroom.cast.turn.turn import Turn, TurnResult
from openroom.core.action import Action, Leave, Tick
from openroom.core.actor import SYSTEM, Actor
from openroom.core.choices import Option, options
from openroom.core.resolve import Context, Refusal, resolve
from openroom.core.state import State
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.ports.model import Model
from openroom.room.room import Room
from openroom.room.session import Session

_DEEPEST = 5
_WIDEST = 300
_GAME = Actor("game:house", "game", "House")
Move = tuple[Actor, Action]


class JumpClock:
    """The real clock, which can be put forward so that timers of props are due at once."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead


@dataclass(slots=True)
class Call:
    """One model call: prompt, cached and written tokens, whether it was clean JSON, and what the guards found."""

    prompt: int
    cached: int
    written: int
    how: str
    flaws: list[str]
    raw: str


@dataclass(slots=True)
class Heard:
    """One turn as the visitor met it: seconds to the first words shown and to the end, what was said and done."""

    line: str
    wanted: list[list[str]] = field(default_factory=list)
    who: str = ""
    outcome: str = ""
    say: list[str] = field(default_factory=list)
    emotion: str = ""
    deeds: list[str] = field(default_factory=list)
    done: list[bool] = field(default_factory=list)
    first: float | None = None
    total: float = 0.0
    calls: list[Call] = field(default_factory=list)
    error: str = ""
    load: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Visit:
    """Somebody in a room. ``say`` speaks and waits until the room is quiet again."""

    def __init__(self, room: Room, director: Director, me: Session, clock: JumpClock) -> None:
        self.room, self.director, self.me, self._clock = room, director, me, clock
        self.messages: list[tuple[float, dict[str, Any]]] = []
        self._results: list[tuple[Turn, TurnResult]] = []
        director.results = lambda turn, result: self._results.append((turn, result))

    async def listen(self) -> None:
        async for message in self.me.messages():
            self.messages.append((time.monotonic(), message))

    async def greeted(self) -> None:
        """Wait until the greeting is over; says so if it failed."""
        await self.director.settled()
        for _, result in self._results:
            flaws = [(flaw.kind, flaw.sentence) for one in result.generated for flaw in one.flaws]
            reply = result.reply.say if result.reply else ""
            print(f"  (greeting: {result.outcome} {reply!r} {result.error or ''} {flaws})", flush=True)

    async def say(self, line: str, asked: Sequence[Asked] = ()) -> Heard:
        """Say a line; what is asked for must be possible (see `prepare`)."""
        heard = Heard(line, [list(one.wanted) for one in asked])
        wishes = [self._wished(one) for one in asked]
        self._results.clear()
        since, begun = len(self.messages), time.monotonic()
        await self.me.say(line)
        await self.director.settled()
        await asyncio.sleep(0.02)
        self._note(heard, self.messages[since:], begun)
        used = [
            m["event"] for _, m in self.messages[since:] if m["type"] == "event" and m["event"].get("kind") == "used"
        ]
        used = [event for event in used if event["actor"].startswith("character:")]
        heard.deeds = [f"{event['prop']}.{event['verb']}" for event in used]
        heard.done = [any(_does(event, wish) for event in used for wish in found) for found in wishes]
        return heard

    def _wished(self, asked: Asked) -> list[Option]:
        who = next(iter(self.room.state.here("character")))
        return [one for one in options(self.room.state, self.room.world, Actor(who, "character")) if _fits(one, asked)]

    def _note(self, heard: Heard, messages: Sequence[tuple[float, dict[str, Any]]], begun: float) -> None:
        for at, message in messages:
            event = message.get("event", {})
            said = message["type"] == "event" and event.get("kind") == "said"
            said = said and event["actor"].startswith("character:")
            if said:
                heard.who, heard.total = event["actor"], at - begun
                heard.say.append(event["text"])
            if heard.first is None and (said or message.get("phase") == "speaking"):
                heard.first = at - begun
        for _, result in self._results:
            heard.outcome = result.outcome
            heard.emotion = result.reply.emotion if result.reply else ""
            heard.error = str(result.error or "")
            heard.calls += [
                Call(g.usage.prompt, g.usage.cached, g.usage.completion, g.parsed.how, [f.kind for f in g.flaws], g.raw)
                for g in result.generated
            ]

    async def prepare(self, asked: Asked) -> bool:
        """Do, as the visitor or a game, what makes it possible for a character; whether that could be done."""
        who = Actor(next(iter(self.room.state.here("character"))), "character")
        path = _path(self.room, asked, who, self.me.actor)
        for actor, action in path or ():
            if isinstance(action, Tick):
                self._clock.ahead += 600_000
            await self.room.submit(actor, action)
        await self.director.settled()
        return path is not None


@asynccontextmanager
async def visit(
    model: Model, scene: str, *, alone_with: str = "", name: str = "Tom", library: Library | None = None
) -> AsyncIterator[Visit]:
    """Enter a scene with all its characters, or alone with one of them (an id such as ``mira``)."""
    clock = JumpClock()
    settings = LobbySettings(watch=False, director=DirectorSettings(react_ms=0))
    async with Lobby(model=model, settings=settings, clock=clock, library=library) as lobby:
        room = await lobby.open(scene)
        for who in room.state.here("character"):
            if alone_with and who != f"character:{alone_with}":
                await room.submit(Actor(who, "character", room.state.name(who)), Leave())
        async with room.join(name) as me:
            here = Visit(room, lobby.directors[scene], me, clock)
            gc.collect()
            gc.freeze()  # as `openroom serve` does once it has started
            listening = asyncio.create_task(here.listen(), name="visit")
            try:
                yield here
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)


def _fits(option: Option, asked: Asked) -> bool:
    return option.prop == asked.prop and option.id.startswith(asked.wanted)


def _does(event: dict[str, Any], wish: Option) -> bool:
    args = event.get("args") or {}
    same = all(args.get(key) == value for key, value in wish.args.items())
    return bool(event["prop"] == wish.prop and event["verb"] == wish.verb and same)


def _path(room: Room, asked: Asked, who: Actor, me: Actor) -> tuple[Move, ...] | None:
    """The shortest way to a state in which it can be done, by the visitor, the character, a game and timers."""
    world = room.world
    reached: list[tuple[State, tuple[Move, ...]]] = [(room.state, ())]
    for depth in range(1, _DEEPEST + 1):
        onward: list[tuple[State, tuple[Move, ...]]] = []
        for state, path in reached:
            if any(_fits(one, asked) for one in options(state, world, who)):
                return path
            for actor, action in _moves(room, state, asked.prop, me, who):
                result = resolve(state, action, actor, Context(world, 10**13 + depth * 10**7, None))
                if not isinstance(result, Refusal):
                    onward.append((result.state, (*path, (actor, action))))
        reached = onward[:_WIDEST]
    return None


def _moves(room: Room, state: State, prop: str, me: Actor, who: Actor) -> list[Move]:
    mine = [one for one in options(state, room.world, me) if one.prop == prop]
    known = {one.id for one in mine}
    theirs = [one for one in options(state, room.world, _GAME) if one.prop == prop and one.id not in known]
    up = [
        one for one in options(state, room.world, who) if one.prop == prop and one.id not in known and ":" not in one.id
    ]
    timers = [name for name in state.hidden.get("timers", {}) if name.startswith(f"{prop}.")]
    # Who sat down at the board by itself can be asked to sit down only once it has got up.
    own = [one for one in options(state, room.world, who) if one.prop == prop and one.verb == "get_up"]
    return [
        *((who, one.action("")) for one in own),
        *((me, one.action("Somebody was here.")) for one in mine[:14]),
        *((_GAME, one.action("Somebody was here.")) for one in theirs[:4]),
        *((who, one.action("Somebody was here.")) for one in up[:4]),
        *((SYSTEM, Tick(timer=name)) for name in timers),
    ]
