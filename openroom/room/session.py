"""Session: somebody who takes part in a room from code (a game, a test, an evaluation), through the same door as
everybody.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

import orjson

from openroom.core.action import Action, Enter, Leave, Say, Use
from openroom.core.actor import Actor
from openroom.core.persona import Persona
from openroom.room.answers import accepted
from openroom.room.feed import Subscription
from openroom.room.writer import Answer, Receipt


class _Room(Protocol):
    """What a session needs of a room."""

    @property
    def seq(self) -> int: ...

    @property
    def epoch(self) -> str: ...

    async def submit(self, actor: Actor, action: Action, *, cause: str | None = None) -> Answer: ...

    def subscribe(
        self, actor: Actor, wake: Callable[[], None], *, epoch: str | None = None, after: int | None = None
    ) -> Subscription: ...


class Session:
    """One participant. Use it as an async context manager: entering comes in, leaving goes."""

    def __init__(self, room: _Room, name: str, person: str | None = None, personas: Sequence[Persona] = ()) -> None:
        self.actor = Actor(f"player:{person or secrets.token_hex(8)}", "player", name, personas=tuple(personas))
        self._room, self._name = room, name
        self._some = asyncio.Event()
        self._subscription: Subscription | None = None

    @property
    def id(self) -> str:
        return self.actor.id

    async def __aenter__(self) -> Self:
        """Come in. Raises `RefusedError` when the room does not let one."""
        before = self._room.seq
        first = self.actor.personas[0].id if self.actor.personas else None
        receipt = await self.act(Enter(name=self._name, persona=first))
        after = receipt.seqs[0] - 1 if receipt.seqs else before
        self._subscription = self._room.subscribe(self.actor, self._some.set, epoch=self._room.epoch, after=after)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._subscription is not None:
            self._subscription.close()
        await self._room.submit(self.actor, Leave())

    async def act(self, action: Action, *, cause: str | None = None) -> Receipt:
        """Submit an action. Raises `RefusedError` with the machine-readable reason."""
        return accepted(await self._room.submit(self.actor, action, cause=cause))

    async def say(self, text: str, to: list[str] | None = None, *, persona: str | None = None) -> Receipt:
        """Speak, or whisper to the participants of ``to``; ``persona``: one of one's own does. Raises
        `RefusedError`."""
        return await self.act(Say(text=text, to=to, persona=persona))

    async def use(self, prop: str, verb: str, **args: Any) -> Receipt:
        """Use a verb of a prop. Raises `RefusedError`."""
        return await self.act(Use(prop=prop, verb=verb, args=args))

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """Every event since coming in, as this participant perceives it (others' whispers come as a bare seq)."""
        async for message in self.messages():
            if message["type"] == "event":
                yield message["event"]

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Every protocol message since coming in: events and signals (and a snapshot after an undo)."""
        subscription = self._subscription
        if subscription is None:
            raise RuntimeError("enter the session first: async with room.join(...) as me")
        while True:
            if subscription.behind:
                await subscription.catch_up()
            frames = subscription.poll()
            for frame in frames:
                yield orjson.loads(frame.data)
            if not frames and not subscription.pending:
                self._some.clear()
                await self._some.wait()
