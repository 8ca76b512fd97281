"""A version answers a line of a room's log: in a copy of the room as it was then, through the turn that rooms play,
guards included. Neither the room nor anybody's memory hears of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from openroom.cast.director import DirectorSettings
from openroom.cast.turn.contract import written
from openroom.cast.turn.turn import Turn, TurnResult
from openroom.core.action import Say
from openroom.core.actor import Actor, character_id
from openroom.core.event import Defined, Event, Opened, Used, erase
from openroom.core.harness import Harness, canonical, digest_of
from openroom.core.resolve import Refusal
from openroom.evals.case_scene import HandClock
from openroom.evals.player import INTERRUPTS
from openroom.evals.recorder import Recorder
from openroom.evals.training import Messages
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.ports.model import Delta, Message, Model, ModelInfo, ModelRequest, Usage
from openroom.ports.store import Activation, Store, Version
from openroom.room.room import Room, RoomSettings
from openroom.store.inmemory import MemoryStore
from openroom.tuning.tasting.moments import Moment

_FOREVER_MS = 10**9
_CAUSE = "tasting"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a version said and did (each deed as it was told). ``messages`` is the prompt as (role, text), ``raw`` what
    the model wrote."""

    say: str
    deeds: tuple[str, ...] = ()
    messages: tuple[tuple[str, str], ...] = ()
    raw: str = ""

    @property
    def digest(self) -> str:
        """sha256 over what is shown and what was written."""
        return digest_of(canonical({"say": self.say, "deeds": list(self.deeds), "raw": self.raw}))

    @property
    def shown(self) -> tuple[str, tuple[str, ...]]:
        """What somebody sees of it."""
        return self.say, self.deeds


async def answer(
    library: Library, store: Store, model: Model, moment: Moment, character: str, harness: Harness, seed: int
) -> Answer | None:
    """How ``harness`` answers at a moment; nothing where it does not. Raises one of `INTERRUPTS`, `StoreError`, and
    `DefinitionError` for a room whose definitions can't be read any more."""
    recorder = Recorder(model, seed, f"tasting.{harness.prompt_digest[:8]}")
    async with _played(library, store, recorder, moment, character, harness) as (room, ended):
        return await _given(room, ended, character_id(character))


async def prompt_at(
    library: Library, store: Store, info: ModelInfo, moment: Moment, character: str, harness: Harness
) -> Messages:
    """What a model like ``info`` would be asked at a moment; nothing where none would be. No model is. Raises
    `StoreError` and `DefinitionError`."""
    listener = _Listener(info)
    async with _played(library, store, listener, moment, character, harness):
        return tuple((one.role, one.content) for one in listener.messages)


class _Listener:
    """A model that only hears what it is asked first."""

    def __init__(self, info: ModelInfo) -> None:
        self.info = info
        self.messages: tuple[Message, ...] = ()

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        self.messages = self.messages or request.messages
        yield Delta(written("Hm.", "", ()))
        yield Usage(estimated=True)


@asynccontextmanager
async def _played(
    library: Library, store: Store, model: Model, moment: Moment, character: str, harness: Harness
) -> AsyncIterator[tuple[Room, list[tuple[Turn, TurnResult]]]]:
    """A copy of the room in which the line has been said and answered, with the turns that came of it."""
    copy, clock = MemoryStore(), HandClock(moment.line.at)
    ended: list[tuple[Turn, TurnResult]] = []
    try:
        await _copy_room(store, copy, moment)
        body = harness.canonical_json()
        await copy.add_version(Version(character, harness.digest, body, clock.now))
        await copy.activate(Activation(character, harness.digest, clock.now, by="tasting"))
        async with Lobby(library=library, store=copy, model=model, settings=_QUIETLY, clock=clock) as lobby:
            lobby.results = lambda turn, result: ended.append((turn, result))
            room = await lobby.open(moment.room.id)
            director = lobby.directors[room.id]
            director.expected[_CAUSE] = character_id(character)
            line = moment.line
            actor = Actor(line.actor, "player", room.state.name(line.actor))
            if not isinstance(await room.submit(actor, Say(text=line.text), cause=_CAUSE), Refusal):
                await director.settled()
            yield room, ended
    finally:
        await copy.close()


_QUIETLY = LobbySettings(
    idle_ms=_FOREVER_MS,
    watch=False,
    room=RoomSettings(grace_ms=_FOREVER_MS),
    director=DirectorSettings(react_ms=0, greet=False, warm=False, chain=0, autoplay=False, patience_ms=0),
)


async def _copy_room(store: Store, copy: MemoryStore, moment: Moment) -> None:
    """The room as it was before the line. What the character had not in mind keeps its place and has no words."""
    until, cited = moment.line.seq - 1, set(moment.cites)
    await copy.create_room(replace(moment.room, owner=""))
    events = await store.events(moment.room.id, until=until)
    await copy.append(moment.room.id, [_kept(event, cited) for event in events])
    if (snapshot := await store.latest(moment.room.id, until)) is not None:
        await copy.save_snapshot(moment.room.id, snapshot)


def _kept(event: Event, cited: set[int]) -> Event:
    return event if event.seq in cited or isinstance(event, Opened | Defined) else erase(event)


async def _given(room: Room, ended: list[tuple[Turn, TurnResult]], who: str) -> Answer | None:
    mine = [result for turn, result in ended if turn.part.who == who]
    if not mine:
        return None
    result = mine[0]
    if isinstance(result.error, INTERRUPTS):
        raise result.error
    events = await room.store.events(room.id, until=room.seq)
    deeds = [event.telling for event in events if isinstance(event, Used) and event.seq in result.seqs]
    say = result.reply.say if result.reply else ""
    if not say and not deeds:
        return None
    messages = tuple((one.role, one.content) for one in result.request.messages) if result.request else ()
    raw = result.generated[-1].raw if result.generated else ""
    return Answer(say, tuple(deeds), messages, raw)
