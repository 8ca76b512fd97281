"""How a test waits: for what it needs, never for a time that should do.

`PATIENCE` is no measure of speed. It ends a test that would hang for ever, and is many times what a busy machine takes.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 120.0
_LOOK_AGAIN = 0.01


def patience() -> asyncio.Timeout:
    """``async with patience():`` around whatever may hang."""
    return asyncio.timeout(PATIENCE)


async def until(true: Callable[[], Any]) -> Any:
    """Wait until something is so; what it was. ``true`` may be a coroutine function."""
    async with patience():
        while True:
            found = true()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(_LOOK_AGAIN)


async def rung(seconds: float) -> None:
    """Let the timers of this event loop ring that are due by then; they ring in order, however late, this one last.
    For what must *not* come of a timer; what must come is waited for with `until`."""
    await asyncio.sleep(seconds)


def wait_until(true: Callable[[], Any]) -> Any:
    """The same without an event loop."""
    deadline = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < deadline, f"it did not come about in {PATIENCE:.0f} s"
        time.sleep(_LOOK_AGAIN)
    return found
