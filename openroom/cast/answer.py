"""One question to one character, and its answer: for a game that asks, and does not listen to the room."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import orjson

from openroom.cast.director import Director
from openroom.core.action import Enter, Say
from openroom.core.actor import Actor, definition_id
from openroom.errors import ModelError, RefusedError, RoomClosed
from openroom.room.answers import accepted
from openroom.room.feed import Subscription
from openroom.room.writer import Answer as Verdict

_LOOK_AGAIN = 5.0
"""Seconds of silence after which it is looked whether the turn is still to come (Stop may have taken it away)."""


@dataclass(slots=True)
class Answer:
    """What a character said and did in one turn. ``emotion`` is how it looks at the end, ``cut`` whether it was stopped
    before its end; ``actions`` are its uses of things: seq, prop, verb, args, telling."""

    character: str
    say: str = ""
    emotion: str = ""
    actions: list[dict[str, Any]] = field(default_factory=list)
    cut: bool = False
    seqs: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Progress:
    """On the way to an answer: the line is stored as event ``heard``, and ``text`` is all that was shown so far. The
    same again says that it still takes a while."""

    heard: int
    text: str = ""


async def answers(
    director: Director, actor: Actor, who: str, line: Say, *, enter: Enter | None = None
) -> AsyncGenerator[Progress | Answer, None]:
    """Have ``actor`` say a line (coming in first, where `Enter` says how) and ``who`` answer it, whatever the responder
    mode: what is shown on the way, then the whole. It answers other lines that came meanwhile too, if there are any.

    Raises `RefusedError` where the line is or who is asked is muted, `ModelError` when the turn failed without a word,
    `RoomClosed`.
    """
    if director.room.state.is_muted(who):
        raise RefusedError("muted", f"{director.room.state.name(who)} is muted.")
    room, cause, some = director.room, f"reply-{secrets.token_hex(8)}", asyncio.Event()
    feed = room.subscribe(actor, some.set, epoch=room.epoch, after=room.seq)
    director.expected |= {f"{cause}.enter": who, f"{cause}.say": who}
    try:
        entering = room.ask(actor, enter, cause=f"{cause}.enter") if enter is not None else None
        speaking = room.ask(actor, line, cause=f"{cause}.say")
        if entering is not None:
            _must(await entering)
        heard = _must(await speaking)
        yield Progress(heard)
        turn = _Turn(who, heard)
        async for shown in _follow(feed, some, director, turn):
            yield Progress(heard, shown)
        turn.answer.emotion = turn.answer.emotion or room.state.people[who].get("emotion", "")
        yield turn.answer
    finally:
        for name in ("enter", "say"):
            director.expected.pop(f"{cause}.{name}", None)
        feed.close()


def _must(answer: Verdict) -> int:
    """The seq of what was done; 0 where nothing had to be. Raises `RefusedError`."""
    return max(accepted(answer).seqs, default=0)


async def _follow(
    feed: Subscription, some: asyncio.Event, director: Director, turn: _Turn
) -> AsyncGenerator[str, None]:
    """What is shown of the turn, until it is over."""
    while not turn.over:
        if feed.behind:
            await feed.catch_up()
        frames = feed.poll()
        for frame in frames:
            if turn.take(orjson.loads(frame.data)):
                yield turn.shown
        if frames or feed.pending or turn.over:
            continue
        if director.idle:
            return
        some.clear()
        try:
            await asyncio.wait_for(some.wait(), _LOOK_AGAIN)
        except TimeoutError:
            yield turn.shown


class _Turn:
    """The first turn of a character that begins after its line was said."""

    def __init__(self, who: str, heard: int) -> None:
        self.answer = Answer(who)
        self.shown, self.over = "", False
        self._heard, self._suffix = heard, f"-{definition_id(who)}"

    def take(self, message: dict[str, Any]) -> bool:
        """Take in a message of the room; whether more is shown now. Raises `ModelError` and `RoomClosed`."""
        if message["type"] == "event":
            self._event(message["event"])
        elif message.get("signal") == "closing":
            raise RoomClosed("The room is closing.")
        elif message.get("signal") == "turn" and self._is_mine(message["turn"]):
            return self._signal(message)
        return False

    def _is_mine(self, turn: str) -> bool:
        number = turn.removeprefix("t").removesuffix(self._suffix)
        return turn.endswith(self._suffix) and number.isdecimal() and int(number) >= self._heard

    def _signal(self, signal: dict[str, Any]) -> bool:
        if signal["phase"] == "failed" and not self.answer.say:
            error = ModelError(signal["message"])
            error.kind = signal["reason"]
            raise error
        self.over = signal["phase"] in ("done", "stopped", "failed", "passed")
        before, self.shown = self.shown, signal.get("text", self.shown)
        return before != self.shown

    def _event(self, event: dict[str, Any]) -> None:
        if not self._is_mine(event.get("cause", "").rpartition(".")[0]):
            return
        answer = self.answer
        answer.seqs.append(event["seq"])
        if event["kind"] == "said":
            answer.say, answer.cut = event["text"], event.get("cut", False)
        elif event["kind"] == "felt":
            answer.emotion = event["emotion"]
        elif event["kind"] == "used":
            answer.actions.append(
                {key: event[key] for key in ("seq", "prop", "verb", "args", "telling") if key in event}
            )
