"""The prompts of a room's replies, handed to the store behind the turn's back, exactly as they were sent.

Reading goes to the store alone. One that waits to be written while words are erased is written without them
(`openroom.ports.store.Prompts`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict

from openroom.cast.turn.sent import Sent
from openroom.cast.turn.turn import Turn, TurnResult
from openroom.errors import StoreError
from openroom.ports.kept_prompt import Choice, KeptCall, KeptLore, KeptMessage, KeptPart, KeptPrompt
from openroom.ports.model import Message
from openroom.ports.prompt import PromptPart
from openroom.room.room import Room

_log = logging.getLogger("openroom.prompts")

_COUNTED = ("prompt", "cached", "completion")


class RoomPrompts:
    """Those of one room that wait to be written."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._waiting: deque[tuple[KeptPrompt, int]] = deque()
        self._writing: asyncio.Task[None] | None = None

    def keep(self, turn: Turn, result: TurnResult) -> None:
        """A turn has ended: what was asked in it is to be kept, where something came of it. No turn waits for it."""
        if not result.seqs:
            return
        self._waiting.append((_kept(turn, result), turn.trigger.seq))
        if (self._writing is None or self._writing.done()) and not self._room.closed:
            self._writing = self._room.tasks.spawn("prompts", self.write())

    async def write(self) -> None:
        """Write what waits. What the store does not take is lost, and logged: nobody waits for it."""
        while self._waiting:
            kept, since = self._waiting[0]
            try:
                await self._room.store.keep_prompt(self._room.id, kept, since)
            except StoreError as error:
                _log.error("a prompt was not kept", extra={"room": self._room.id, "error": str(error)})
            if self._waiting and self._waiting[0][0] is kept:
                self._waiting.popleft()

    async def settled(self) -> None:
        """Wait until what has ended is written."""
        if self._writing is not None:
            await asyncio.wait([self._writing])


def _kept(turn: Turn, result: TurnResult) -> KeptPrompt:
    said = result.reply.say if result.reply else ""
    return KeptPrompt(
        turn=turn.id,
        character=turn.part.who,
        at=turn.room.clock(),
        seqs=result.seqs,
        why=turn.trigger.why,
        by=turn.trigger.by,
        hearers=tuple(turn.hearers),
        version=turn.version,
        calls=tuple(map(_call, turn.sent)),
        lore=tuple(KeptLore(one.book, one.entry, one.is_in, one.why, one.key) for one in turn.lore),
        greeting=Choice("greeting", said) if said and not turn.sent else None,
    )


def _call(sent: Sent) -> KeptCall:
    request, usage, info = sent.request, sent.usage, sent.info
    played = info.kind == "understudy"
    counts = usage is not None and not played
    return KeptCall(
        purpose=request.purpose,
        model=(usage.model if usage else "") or info.name,
        model_kind=info.kind,
        sampling={name: value for name, value in asdict(request.sampling).items() if value is not None},
        messages=() if played else tuple(map(_message, request.messages)),
        rests_on=tuple(sorted({*_events(request.messages)})) if played else (),
        counted={name: getattr(usage, name) for name in _COUNTED} if counts else None,
        estimated=bool(usage and usage.estimated),
        usd=usage.usd if usage is not None and not played else None,
        dropped=sent.dropped,
        choice=sent.choice,
    )


def _events(messages: Iterable[Message]) -> Iterable[int]:
    return (seq for message in messages for part in message.parts for seq in part.rests_on)


def _message(message: Message) -> KeptMessage:
    return KeptMessage(message.role, tuple(map(_part, message.parts)))


def _part(part: PromptPart) -> KeptPart:
    known_to = tuple(sorted(part.known_to))
    return KeptPart(part.kind, part.text, part.name, part.why, part.rests_on, part.elsewhere, known_to, part.of)
