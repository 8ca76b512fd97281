"""Room: a running scene. One door (`submit`), one writer, numbered events, a feed for those who listen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openroom.core.action import Action, Define, Leave, Tick
from openroom.core.actor import SYSTEM, Actor
from openroom.core.admission import places_in, turned_away
from openroom.core.apply import replay
from openroom.core.branches import active, last_move
from openroom.core.choices import Option, options
from openroom.core.event import Defined, Erased, Event, Moved, erase
from openroom.core.persona import Persona
from openroom.core.prop import Prop
from openroom.core.resolve import Refusal
from openroom.core.state import State, World
from openroom.core.view import manifest, visits_of
from openroom.errors import RoomClosed, StoreError
from openroom.ports.store import RoomRecord, Store
from openroom.protocol.messages import SIGNALS
from openroom.room.alarm import Alarm
from openroom.room.cast import Cast, Nobody
from openroom.room.clock import Clock, system_clock
from openroom.room.erasing import AGAIN_SECONDS, Erasing
from openroom.room.feed import Feed, Subscription, message_frame
from openroom.room.forks import Forks
from openroom.room.kept import Definitions, definitions_of, redefined, stored
from openroom.room.listeners import EventListener, Listeners
from openroom.room.named import Named
from openroom.room.presence import Presence
from openroom.room.session import Session
from openroom.room.slots import load_from, save_as
from openroom.room.snapshot import snapshot_of
from openroom.room.story import Newest, perceived_lately
from openroom.room.supervisor import Supervisor
from openroom.room.writer import Answer, Backing, Job, Receipt, Writer

_log = logging.getLogger("openroom.room")

SNAPSHOT_EVERY = 1000
"""Events between two stored snapshots."""

LOG_SHOWN = 200
"""How many perceived events a snapshot for a participant brings along."""

LOOKED_AT = 200
"""So many of the newest events are looked at when a room opens: for answers to acts."""

_CATCH_UP = 2000
"""A subscriber that missed more events than this gets a snapshot instead."""

_OPENS_AGAIN = ("idle", "failed")
"""Reasons of closing after which the next act opens a room again."""

MakeWorld = Callable[[Definitions], World]


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """``grace_ms``: how long somebody whose connection is lost stays in the room. ``max_players``: at most so many play
    in it, if the scene allows more; 0 leaves it to the scene."""

    grace_ms: int = 30_000
    max_players: int = 0


class Room:
    """A running room. Made by `Room.restored`; the `openroom.lobby.lobby.Lobby` opens and closes rooms.

    Who keeps it need not care that it is closed while nobody listens: `state` stays the state after the last event, and
    the next act has it opened again (`waker`), the same object with the same listeners.
    """

    def __init__(
        self,
        record: RoomRecord,
        store: Store,
        state: State,
        definitions: Definitions,
        make_world: MakeWorld,
        *,
        clock: Clock = system_clock,
        settings: RoomSettings | None = None,
    ) -> None:
        self.record, self.store, self.clock = record, store, clock
        self.settings = settings or RoomSettings()
        self._make_world = make_world
        self.heard_by = Listeners()
        self.waker: Callable[[str], Awaitable[Room]] | None = None
        """Opens the room again once it has closed; none where it is closed for good."""
        self._begin(state, definitions)

    def _begin(self, state: State, definitions: Definitions) -> None:
        """All that a room has from its opening to its closing."""
        self.definitions = definitions
        self.tasks = Supervisor(f"room.{self.id}")
        self.cast: Cast = Nobody()
        self._feed = Feed(lambda: visits_of(self.state), self._catch_up)
        self._erasing = Erasing(self.id, self.store, self._feed, self.tasks, self._rules, self.owner)
        self._named = Named(self.id, self.store)
        self._writer = Writer(state, self._make_world(definitions), self._desk())
        grace, clock = self.settings.grace_ms, self.clock
        self.presence = Presence(clock, grace, lambda who: self._later("lost", self._lost(who)))
        self._alarm = Alarm(clock, lambda timer: self._later("timer", self._tick(timer)))
        self._snapshot_seq = state.seq
        self._manifest: tuple[World, dict[str, Any]] | None = None
        self._story = Newest(self.store, self.id)
        self._moved: Moved | None = None
        """How the story came to where it is, if it was taken there since the room opened."""
        self._writing: asyncio.Task[None] | None = None
        self.closed = True

    @classmethod
    async def restored(
        cls,
        record: RoomRecord,
        store: Store,
        make_world: MakeWorld,
        *,
        clock: Clock = system_clock,
        settings: RoomSettings | None = None,
    ) -> Room:
        """Bring a stored room back as it was, and start its writer. Raises `StoreCorrupt` and `DefinitionError`."""
        state, snapshot_seq = await stored(store, record.id)
        definitions = await definitions_of(store, record.id, state)
        room = cls(record, store, state, definitions, make_world, clock=clock, settings=settings)
        await room._resume(snapshot_seq)
        return room

    async def reload(self, record: RoomRecord) -> None:
        """Bring a room that has closed back, as `restored` does, for all who kept it."""
        await self.tasks.close()
        state, snapshot_seq = await stored(self.store, self.id)
        definitions = await definitions_of(self.store, self.id, state)
        self.record = record
        self.heard_by.close()
        self._begin(state, definitions)
        await self._resume(snapshot_seq)

    async def _resume(self, snapshot_seq: int) -> None:
        self._writer.remember(await self.store.last(self.id, LOOKED_AT))
        self._snapshot_seq = snapshot_seq
        await self._erasing.resume()
        self._start()

    def _start(self) -> None:
        self.closed = False
        self._writing = self.tasks.spawn("writer", self._writer.run(), on_error=self._broken)
        self.presence.await_return(self.state)
        self._alarm.arm(self.state)

    def _broken(self, _error: BaseException) -> None:
        """The writer failed: this room is over. Its clients come back, and the lobby opens it anew from the log."""
        self.closed = True
        self.presence.close()
        self._alarm.close()
        self._feed.signal({"signal": "closing", "reason": "failed"})

    def _later(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` under the room's supervisor, unless the room is closing."""
        if self.closed:
            work.close()
        else:
            self.tasks.spawn(name, work)

    # what a room is ------------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def epoch(self) -> str:
        """Changes when history is lost; a client resumes only within one epoch."""
        return self.record.epoch

    @property
    def owner(self) -> str:
        """The participant who started the room, empty for a scene's standing room."""
        return self.record.owner

    @property
    def state(self) -> State:
        """The state after the last durable event."""
        return self._writer.state

    @property
    def seq(self) -> int:
        """The seq of the last durable event."""
        return self._writer.state.seq

    @property
    def world(self) -> World:
        """The definitions in force."""
        return self._writer.world

    @property
    def manifest(self) -> dict[str, Any]:
        """The public side of the definitions in force, which every snapshot brings: made once for each."""
        if self._manifest is None or self._manifest[0] is not self.world:
            self._manifest = (self.world, manifest(self.world))
        return self._manifest[1]

    @property
    def turns(self) -> list[dict[str, Any]]:
        """Who is thinking or speaking now."""
        return self.cast.turns()

    @property
    def idle_since(self) -> int | None:
        """Since when (ms) nobody listens; ``None`` while somebody does."""
        return self.presence.idle_since

    @property
    def listeners(self) -> int:
        """How many subscriptions there are."""
        return len(self._feed)

    # the door ------------------------------------------------------------------------------------------------------

    async def submit(
        self, actor: Actor, action: Action, *, cause: str | None = None, how: str = "left", since: int | None = None
    ) -> Answer:
        """Ask for an action: a `Receipt` once its events are durable, or a `Refusal`.

        ``cause`` names the act: the same one from the same actor again gets the first answer again. ``since`` is the
        event because of which it is asked for: refused if the story has gone another way after that. A room that was
        closed while idle is opened again first, which raises what `Lobby.open` raises. Raises `RoomClosed` when the
        room is closed for good, and `StoreError` when the events could not be written (then nothing happened).
        """
        while self.closed and self.waker is not None and not self.tasks.is_mine():
            if await self.waker(self.id) is not self:
                break
        return await self._writer.submit(Job(self._with_ownership(actor), action, cause, how, since))

    def ask(self, actor: Actor, action: Action, *, cause: str | None = None) -> asyncio.Future[Answer]:
        """`submit` for those who do not wait, and subscribe, which keeps the room open: the future gets its answer, or
        `StoreError`. Raises `RoomClosed`."""
        return self._writer.submit(Job(self._with_ownership(actor), action, cause, "left"))

    def answered(self, actor: Actor, cause: str) -> Answer | None:
        """What `submit` answered to that act, if it was asked for before."""
        return self._writer.answered(actor.id, cause)

    def _with_ownership(self, actor: Actor) -> Actor:
        if actor.owner or not self.owner or actor.id != self.owner:
            return actor
        return replace(actor, owner=True)

    async def define(self, what: Any, id: str, definition: Mapping[str, Any]) -> Answer:
        """Put an edited definition into the log; it is live at the next turn. Raises `DefinitionError`."""
        return await self.submit(SYSTEM, Define(what=what, id=id, definition=dict(definition)))

    async def save(self, name: str, by: Actor = SYSTEM) -> str:
        """Name the moment that the story has come to, as a game's own save does: its save point's id. What ``by`` saved
        under that name before is replaced. Raises `RefusedError`, `DefinitionError` for what is no name, and what
        `submit` raises."""
        return await save_as(self, name, by)

    async def load(self, name: str, by: Actor = SYSTEM) -> Receipt:
        """Have the story go on from the newest save point of that name (or id). What came after it stays in the log.
        Raises `RefusedError`, and what `submit` raises."""
        return await load_from(self, name, by)

    def options(self, actor: Actor, prop: str = "") -> list[Option]:
        """What ``actor`` can do with ``prop`` now (empty: with all of them)."""
        return options(self.state, self.world, actor, prop=prop)

    def stop(self, actor: Actor) -> bool:
        """Stop what is being generated; whether there was something to stop. Spectators can't."""
        return self.state.people.get(actor.id, {}).get("kind") == "player" and self.cast.stop(actor)

    def recite(self, actor: Actor, turn: str) -> bool:
        """Have the author's lines answer in ``turn`` instead of waiting longer; whether that could be done. Only who
        called for the turn and who runs the room may, as players."""
        player = self.state.people.get(actor.id, {}).get("kind") == "player"
        return player and self.cast.recite(self._with_ownership(actor), turn)

    # listening -----------------------------------------------------------------------------------------------------

    def listen(self, listener: EventListener) -> Callable[[], None]:
        """Have ``listener`` called, on the loop, with every batch of durable events; the function that comes back ends
        that. It goes on when the room was closed while idle and is opened again. What it raises is logged.
        """
        return self.heard_by.add(listener)

    def subscribe(
        self, actor: Actor, wake: Callable[[], None], *, epoch: str | None = None, after: int | None = None
    ) -> Subscription:
        """A cursor on what ``actor`` may perceive; ``wake`` is called at most once per tick when something waits.

        With the room's ``epoch`` and the last seq the client has, it goes on with exactly the gap; else, and where the
        story has gone another way since, a snapshot comes first. Listening counts as being connected: see
        `RoomSettings.grace_ms`.
        """
        if self.closed:
            raise RoomClosed(f"Room {self.id!r} is closed.")
        subscription = Subscription(self._feed, actor.id, wake, self._disconnected)
        if epoch == self.epoch and after is not None and 0 < after <= self.seq and last_move(self.state) <= after:
            position = self._feed.end if after == self.seq else self._feed.position(after)
            subscription.resume(None if self._erasing.pending else position, (), after)  # the ring may hold the words
        self._feed.add(subscription)
        self.presence.connected(actor.id)
        return subscription

    def join(self, name: str, *, person: str | None = None, personas: Sequence[Persona] = ()) -> Session:
        """Take part from code: ``async with room.join("Ann") as ann: await ann.say("Hello")``.

        ``person`` is a stable id for somebody who comes back and is to be remembered; without it they are a stranger.
        Of their ``personas`` they come in as the first (`openroom.core.persona`).
        """
        return Session(self, name, person, personas)

    def signal(self, actor: Actor, on: bool) -> None:
        """Tell the others that ``actor`` types (or no longer does)."""
        if self.state.people.get(actor.id, {}).get("kind") == "player" and self.state.is_here(actor.id):
            self.cast.typing()
            self.emit({"signal": "typing", "who": actor.id, "on": on})

    def emit(self, body: Mapping[str, Any], to: Sequence[str] | None = None) -> None:
        """Send a signal of the protocol: not stored, not numbered. Raises ValueError for one that no client knows."""
        if body.get("signal") not in SIGNALS:
            raise ValueError(f"expected one of the signals {', '.join(sorted(SIGNALS))}, came {body.get('signal')!r}")
        self._feed.signal(body, to)

    def turned_away(self, actor: Actor, kind: str) -> Refusal | None:
        """Why ``actor`` may not come in now as ``kind`` (`openroom.core.admission`)."""
        places = places_in(self.world.scene, self.settings.max_players)
        return turned_away(self.state, actor, kind, places=places, private=not self.record.open)

    async def snapshot(self, who: str) -> dict[str, Any]:
        """The ``snapshot`` message for ``who``: state, definitions' public side, and the lines it perceived."""
        return snapshot_of(self, who, await self.log(who), self._moved)

    async def settled(self) -> None:
        """Wait until what was erased has left the store: who reads the log for somebody does. Raises `StoreError`
        while the store fails to."""
        await self._erasing.settled()

    async def log(self, who: str, count: int = LOG_SHOWN) -> list[dict[str, Any]]:
        """The last ``count`` events of the story that ``who`` perceived, oldest first."""
        return await perceived_lately(who, count, self.recent, lambda: self.state)

    async def recent(self, count: int, since: int = 1) -> list[Event]:
        """The ``count`` newest events of the story (the active path) from event ``since`` on, oldest first."""
        await self._erasing.tried()
        while True:
            state = self.state
            told = await self._story.of(state, count, since)
            if self._erasing.pending:
                self._story.forget()
            newer = self._feed.events(state.seq) or []
            if len(newer) == self.seq - state.seq and not any(isinstance(event, Moved) for event in newer):
                break  # else the story has gone another way meanwhile
        story = active([*told, *newer], self.state.head)[-count:]
        gone = {event.target for event in story if isinstance(event, Erased)} | self._erasing.targets
        story = [erase(event) if event.seq in gone else event for event in story]
        if not self._erasing.pending:
            return story
        return [event.model_copy(update={"patch": None}) for event in story]  # what was written stands in there, too

    async def _catch_up(self, subscription: Subscription) -> None:
        """Bring a cursor back into the ring: by the log's gap where it is short, else by a snapshot."""
        short = not subscription.snapshot_due() and self.seq - subscription.after <= _CATCH_UP
        if short and await self._erasing.tried():
            missed = await self.store.events(self.id, after=subscription.after, until=self.seq)
            frames = [subscription.frame_of(event) for event in missed]
            after = missed[-1].seq if missed else subscription.after
            position = self._feed.end if after == self.seq else self._feed.position(after)
            if not subscription.snapshot_due() and (position is not None or missed):
                subscription.resume(position, frames, after)
                return
        resync = [] if subscription.after == 0 else [message_frame({"type": "resync"})]
        log = await self.log(subscription.who)
        frame = message_frame(snapshot_of(self, subscription.who, log, self._moved))
        subscription.resume(self._feed.end, [*resync, frame], self.seq)

    def _disconnected(self, subscription: Subscription) -> None:
        self.presence.disconnected(subscription.who, self.state)

    async def _lost(self, who: str) -> None:
        await self._surely(lambda: self._leaves(who))

    async def _leaves(self, who: str) -> None:
        if self.state.is_here(who) and not self.presence.is_connected(who):
            await self.submit(Actor(who, "player"), Leave(), how="lost")

    async def _tick(self, timer: str) -> None:
        await self._surely(lambda: self._ticks(timer))

    async def _ticks(self, timer: str) -> None:
        answer = await self.submit(SYSTEM, Tick(timer=timer))
        if isinstance(answer, Refusal):
            self._alarm.arm(self.state)

    async def _surely(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do what nobody would ask for again, however long the store takes to come back."""
        while True:
            try:
                await step()
                return
            except StoreError as error:
                _log.error("the room has to wait for its store", extra={"room": self.id, "error": str(error)})
                await asyncio.sleep(AGAIN_SECONDS)

    # the writer's desk ---------------------------------------------------------------------------------------------

    def _desk(self) -> Backing:
        return Backing(
            room=self.id,
            store=self.store,
            event=self.event,
            standing=self._erasing.standing,
            named=lambda: self._named.upto(self.state.head),
            fork=Forks(self.id, self.store, self.event).of,
            past=self.past,
            define=self._world_after,
            publish=self._publish,
            now=self.clock,
            private=not self.record.open,
            places=self.settings.max_players,
            owner=self.owner,
        )

    def _rules(self, prop: str) -> Prop | None:
        return self.world.props.get(prop)

    async def event(self, seq: int) -> Event | None:
        """One event of the log, whether the story of now holds it or not. Raises `StoreError`."""
        found = await self.store.events(self.id, after=seq - 1, until=seq)
        return found[0] if found else None

    async def past(self, seq: int) -> State:
        """The state after event ``seq``. Raises `StoreError`."""
        await self._erasing.settled()
        snapshot = await self.store.latest(self.id, until=seq)
        tail = await self.store.events(self.id, after=snapshot.seq if snapshot else 0, until=seq)
        return replay(tail, snapshot)

    async def _world_after(self, action: Define) -> World:
        return self._make_world(redefined(self.definitions, action.what, action.id, action.definition))

    def _publish(self, state: State, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Defined):
                self.definitions = redefined(self.definitions, event.what, event.id, event.definition)
            elif isinstance(event, Erased):
                self._erasing.soon(event)
            elif isinstance(event, Moved):
                self._moved = event
        self._named.take(events)
        self._feed.publish(events)
        self.heard_by.tell(self.id, events)
        if any(event.hidden and "timers" in event.hidden for event in events):
            self._alarm.arm(state)
        if state.seq - self._snapshot_seq >= SNAPSHOT_EVERY:
            self._snapshot_seq = state.seq
            self.tasks.spawn("snapshot", self.store.save_snapshot(self.id, state))

    # the end -------------------------------------------------------------------------------------------------------

    async def close(self, reason: str = "closing") -> None:
        """Do what was submitted, keep a snapshot, and stop. Who is subscribed gets ``bye``; the room can be loaded
        again. After ``idle`` (and ``failed``) it opens again by itself for whoever kept it (`submit`)."""
        if self.closed:
            return
        self.closed = True
        if reason not in _OPENS_AGAIN:
            self.waker = None
        self.presence.close()
        self._alarm.close()
        self._feed.signal({"signal": "closing", "reason": reason})
        self._writer.close()
        if self._writing is not None:
            await self._writing
        await self._erasing.tried()
        if self.state.seq > self._snapshot_seq:
            try:
                await self.store.save_snapshot(self.id, self.state)
            except StoreError as error:  # the log has it all: opening the room takes longer, no more
                _log.error("no snapshot was kept", extra={"room": self.id, "error": str(error)})
        await self.tasks.close()
        self.heard_by.close()
