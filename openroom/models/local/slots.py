"""Who may use the local engine now, and with which of its prompt caches. Pure bookkeeping and asyncio, no I/O."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class SlotTable:
    """Pins affinity keys to the engine's slots: a key keeps its slot until there are more keys than slots.

    Then the key that was used least recently, and is not in use, gives its slot away.
    """

    def __init__(self, count: int) -> None:
        self._slot_of: OrderedDict[str, int] = OrderedDict()
        self._free = list(range(count - 1, -1, -1))
        self._busy: Counter[str] = Counter()

    def take(self, key: str) -> int:
        """The slot for a call of ``key``, which counts as in use until `release`."""
        if key not in self._slot_of:
            self._slot_of[key] = self._free.pop() if self._free else self._evict()
        self._slot_of.move_to_end(key)
        self._busy[key] += 1
        return self._slot_of[key]

    def slot(self, key: str) -> int | None:
        """Where a key is pinned now."""
        return self._slot_of.get(key)

    def release(self, key: str, *, keep: bool = True) -> None:
        """A call of ``key`` has ended; without ``keep`` its slot is free for the next new key."""
        self._busy[key] -= 1
        if self._busy[key] > 0:
            return
        del self._busy[key]
        if not keep and key in self._slot_of:
            self._free.append(self._slot_of.pop(key))

    def _evict(self) -> int:
        coldest = next((key for key in self._slot_of if key not in self._busy), next(iter(self._slot_of)))
        return self._slot_of.pop(coldest)


class Gate:
    """Lets at most ``limit`` calls through at a time, lower ranks first, equal ranks in order of arrival."""

    def __init__(self, limit: int) -> None:
        self._limit, self._inside = limit, 0
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._tickets = itertools.count()

    @asynccontextmanager
    async def enter(self, rank: int) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        await self._acquire(rank)
        try:
            yield
        finally:
            self._inside -= 1
            self._admit()

    async def _acquire(self, rank: int) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (rank, next(self._tickets), place))
        self._admit()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # let in and cancelled in the same tick
                self._inside -= 1
                self._admit()
            raise

    def _admit(self) -> None:
        while self._queue and self._inside < self._limit:
            _, _, place = heapq.heappop(self._queue)
            if not place.done():
                self._inside += 1
                place.set_result(None)
