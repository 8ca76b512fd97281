"""The one task supervisor: every background task is named, watched, and cancelled on shutdown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

_log = logging.getLogger("openroom.tasks")
_LONGEST_REST = 60.0


class Supervisor:
    """Starts tasks and keeps hold of them. A task that fails is logged with its name and ends alone, or begins again
    where it is to be kept; nothing else stops.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def spawn(
        self,
        name: str,
        work: Coroutine[Any, Any, Any],
        on_error: Callable[[BaseException], None] | None = None,
    ) -> asyncio.Task[None]:
        """Run ``work`` as a task. ``on_error`` is told of an exception that escapes it. Raises RuntimeError once
        closed.
        """
        if self._closed:
            work.close()
            raise RuntimeError(f"{self.name} is closed and starts no {name}")
        task = asyncio.create_task(self._watch(name, work, on_error), name=f"{self.name}.{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _task: work.close())  # a task cancelled before it began never awaits its work
        return task

    def keep(self, name: str, work: Callable[[], Coroutine[Any, Any, Any]], rest: float = 1.0) -> asyncio.Task[None]:
        """Run ``work`` as a task for good: where it fails it begins again after a ``rest`` in seconds, which doubles up
        to a minute. Raises RuntimeError once closed.
        """
        return self.spawn(name, self._again(name, work, rest))

    async def _again(self, name: str, work: Callable[[], Coroutine[Any, Any, Any]], rest: float) -> None:
        failures: list[BaseException] = []
        while True:
            failures.clear()
            await self._watch(name, work(), failures.append)
            if not failures:
                return
            await asyncio.sleep(rest)
            rest = min(2 * rest, _LONGEST_REST)

    async def _watch(
        self, name: str, work: Coroutine[Any, Any, Any], on_error: Callable[[BaseException], None] | None
    ) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the one place where any failure of a task ends up
            _log.exception("task failed", extra={"task": f"{self.name}.{name}"})
            if on_error is not None:
                on_error(error)

    def is_mine(self) -> bool:
        """Whether the present task is one of these."""
        return asyncio.current_task() in self._tasks

    async def close(self) -> None:
        """Cancel all tasks and wait for them to end. The caller's own task is left out."""
        self._closed = True
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
