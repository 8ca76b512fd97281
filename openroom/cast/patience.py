"""Nobody has to watch somebody think for long: after a while the author's lines are offered instead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType

from openroom.cast.turn.turn import Turn
from openroom.core.actor import Actor

_LOOK_AGAIN = 1.0
"""Seconds after which it is looked again at a turn that had not begun to think of an answer."""

_EARLY = 1 / 3
"""At this part of the limit it is looked how long the reading of the prompt alone will take."""


class Patience:
    """While it is entered: when ``limit_ms`` have passed without a word of ``turn``, who called for it is asked whether
    to wait (0: never); sooner, where so little of its prompt has been read that it will take longer for sure."""

    def __init__(self, turn: Turn, limit_ms: int) -> None:
        self._turn, self._limit = turn, limit_ms / 1000
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        if self._limit:
            self._wait(self._limit * _EARLY, self._ask_early)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, then)

    def _ask_early(self) -> None:
        if self._turn.read is not None and self._turn.read < 100 * _EARLY:
            self._ask()
        else:
            self._wait(self._limit * (1 - _EARLY), self._ask)

    def _ask(self) -> None:
        if self._turn.waited_for:
            self._turn.offer_choice(chooser(self._turn))
        elif self._turn.phase == "thinking":
            self._wait(_LOOK_AGAIN, self._ask)


def chooser(turn: Turn) -> str:
    """Who called for a turn and is still here; empty where that is nobody: then anybody may choose."""
    person = turn.trigger.person or turn.trigger.by
    return person if turn.room.state.is_here(person) else ""


def may_choose(actor: Actor, turn: Turn) -> bool:
    """Whether somebody may have the author's lines instead: who called for the turn, and who runs the room."""
    if turn.to and actor.id not in turn.to:
        return actor.may_run_room
    return actor.may_run_room or chooser(turn) in ("", actor.id)
