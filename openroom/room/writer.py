"""The single writer of a room: resolve, append, apply, publish, in that order and in batches.

While one batch is being committed, further actions wait and form the next batch: the commit clocks itself. Nobody
sees an event, and no submit returns, before the event is durable. If the commit fails, the batch never happened.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from openroom.core.action import Action, Define, Enter, Erase, Leave, Nudge, Rate, Remove, Roll
from openroom.core.actor import Actor
from openroom.core.branches import last_move
from openroom.core.context import Context, Fork
from openroom.core.event import Event, Moved, Used
from openroom.core.people import absent, names_in
from openroom.core.prop import Refusal
from openroom.core.redact import Standing
from openroom.core.resolve import may_erase, resolve
from openroom.core.state import State, World
from openroom.errors import OpenroomError, RoomClosed, StoreError
from openroom.ports.store import Store
from openroom.room.answers import Answer, Answers, Key, Receipt
from openroom.room.forks import Steers

_log = logging.getLogger("openroom.room")

BATCH = 256
"""At most so many actions share a commit."""


@dataclass(slots=True)
class Job:
    """One submitted action on its way."""

    actor: Actor
    action: Action
    cause: str | None
    how: str
    since: int | None = None
    """Because of which event it is asked for; what the story has turned away from since asks for nothing."""
    done: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def key(self) -> Key | None:
        return None if self.cause is None else (self.actor.id, self.cause)


@dataclass(frozen=True, slots=True)
class Backing:
    """What the writer needs from its room: the store, reads for Rate, Erase, Define and what takes the story another
    way, publishing, and what the room knows of its door (`Context`).
    """

    room: str
    store: Store
    event: Callable[[int], Awaitable[Event | None]]
    standing: Callable[[Used], Awaitable[Standing]]
    named: Callable[[], Awaitable[Set[str]]]
    fork: Callable[[State, Action, Actor], Awaitable[Fork | None]]
    past: Callable[[int], Awaitable[State | None]]
    define: Callable[[Define], Awaitable[World]]
    publish: Callable[[State, Sequence[Event]], None]
    now: Callable[[], int]
    private: bool = False
    places: int = 0
    owner: str = ""


class Writer:
    """Takes actions from an inbox, one batch at a time. ``run`` is its task."""

    def __init__(self, state: State, world: World, desk: Backing) -> None:
        self.state, self.world = state, world
        self._desk = desk
        self._inbox: deque[Job] = deque()
        self._some = asyncio.Event()
        self._answers = Answers()
        self._closed = False
        self._batch: list[Job] = []

    def submit(self, job: Job) -> asyncio.Future[Answer]:
        """Queue an action. Raises `RoomClosed`."""
        if self._closed:
            raise RoomClosed("The room is closed.")
        self._inbox.append(job)
        self._some.set()
        return job.done

    def answered(self, actor: str, cause: str) -> Answer | None:
        """The first answer to an act; ``None``: it is new, or long ago."""
        return self._answers.get((actor, cause))

    def remember(self, events: Sequence[Event]) -> None:
        """After a restart: take the answers of earlier acts from the log, so that a retry stays harmless."""
        for event in events:
            if event.cause is not None:
                known = self._answers.get((event.actor, event.cause))
                seqs = known.seqs if isinstance(known, Receipt) else ()
                self._answers.keep((event.actor, event.cause), Receipt((*seqs, event.seq)))

    async def run(self) -> None:
        """Write until closed; what came before closing is still done. However it ends, nobody waits for ever."""
        try:
            while not (self._closed and not self._inbox):
                await self._some.wait()
                self._some.clear()
                while self._inbox:
                    self._batch = self._next_batch()
                    await self._write(self._batch)
        finally:
            self._abandon()

    def _next_batch(self) -> list[Job]:
        """What waits, up to `BATCH`. Who reads what those before have left in the store begins a batch."""
        batch = [self._inbox.popleft()]
        while self._inbox and len(batch) < BATCH and not _reads_log(self._inbox[0].action):
            batch.append(self._inbox.popleft())
        return batch

    def close(self) -> None:
        self._closed = True
        self._some.set()

    def _abandon(self) -> None:
        self._closed = True
        for job in (*self._batch, *self._inbox):
            _fail(job, RoomClosed("The room is closed."))
        self._inbox.clear()

    async def _write(self, jobs: Sequence[Job]) -> None:
        state, world = self.state, self.world
        events: list[Event] = []
        answers: list[tuple[Job, Answer]] = []
        fresh: dict[Key, Answer] = {}
        for job in jobs:
            known = None if job.key is None else fresh.get(job.key, self._answers.get(job.key))
            if known is not None:
                answers.append((job, known))
                continue
            try:
                result, state, world = await self._resolve(job, state, world, events)
            except OpenroomError as error:
                _fail(job, error)
                continue
            if job.key is not None:
                fresh[job.key] = result
            answers.append((job, result))
        if events and not await self._commit(events, [job for job, _ in answers]):
            return
        self.state, self.world = state, world
        for key, answer in fresh.items():
            self._answers.keep(key, answer)
        for job, answer in answers:  # first, so that an answer and its events can leave in one write
            if not job.done.done():
                job.done.set_result(answer)
        if events:
            self._desk.publish(state, events)

    async def _commit(self, events: Sequence[Event], jobs: Sequence[Job]) -> bool:
        try:
            await self._desk.store.append(self._desk.room, events)
        except StoreError as error:
            _log.error("commit failed", extra={"first_seq": events[0].seq, "error": str(error)})
            for job in jobs:
                _fail(job, error)
            return False
        return True

    async def _resolve(self, job: Job, state: State, world: World, events: list[Event]) -> tuple[Answer, State, World]:
        if job.since is not None and job.since < last_move(state):
            return Refusal("moved_on", "The story has gone another way since."), state, world
        context = await self._context(job, state, world, events)
        result = resolve(state, job.action, job.actor, context)
        if isinstance(result, Refusal):
            return result, state, world
        events.extend(result.events)
        after = context.defined if context.defined is not None and result.events else world
        return Receipt(tuple(event.seq for event in result.events)), result.state, after

    async def _context(self, job: Job, state: State, world: World, events: Sequence[Event]) -> Context:
        action = job.action
        target: Event | None = None
        standing = Standing()
        named: Set[str] | None = None
        past: State | None = None
        fork: Fork | None = None
        defined: World | None = None
        if isinstance(action, Rate | Erase):
            target = await self._target(action.seq, events)
            if isinstance(action, Erase) and isinstance(target, Used) and may_erase(job.actor, target):
                standing = await self._desk.standing(target)
        elif _reads_log(action):
            fork = await self._desk.fork(state, action, job.actor)
            if fork is not None and isinstance(action, Steers):
                past = state if fork.point == state.head else await self._desk.past(fork.point)
        elif isinstance(action, Define) and job.actor.role == "system":
            defined = await self._desk.define(action)
        elif isinstance(action, Enter | Leave | Remove):
            named = await self._named(state, events)
        desk = self._desk
        seed = secrets.token_hex(8) if isinstance(action, Roll) else ""
        return Context(
            world, desk.now(), job.cause, past, target, standing, defined, job.how, desk.private, desk.places, seed,
            desk.owner, fork, named, _safely,
        )  # fmt: skip

    async def _named(self, state: State, events: Sequence[Event]) -> Set[str] | None:
        """Who is named in the story; ``None`` where nobody could be forgotten, or it has just gone another way."""
        if not absent(state) or any(isinstance(event, Moved) for event in events):
            return None
        return set().union(await self._desk.named(), *(names_in(event) for event in events))

    async def _target(self, seq: int, events: Sequence[Event]) -> Event | None:
        fresh = next((event for event in events if event.seq == seq), None)
        return fresh or await self._desk.event(seq)


def _reads_log(action: Action) -> bool:
    """Whether it is decided by what stands in the log: whatever is done before has to stand there."""
    return isinstance(action, Steers | Erase) or (isinstance(action, Nudge) and action.go_on)


def _fail(job: Job, error: Exception) -> None:
    if not job.done.done():
        job.done.set_exception(error)


def _safely(call: Callable[[], Any]) -> Any:
    """Run third-party prop code: its exceptions become a refusal, and the room goes on."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - any fault of a third-party prop
        _log.exception("a prop failed")
        return Refusal("prop_fault", f"That is out of order ({type(error).__name__}).")


__all__ = ["BATCH", "Answer", "Backing", "Job", "Receipt", "Writer"]
