"""What a connection may do: a token bucket for messages, and how many connections one address may hold."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from openroom.errors import RefusedError

_MOST_ADDRESSES = 10_000


class Bucket:
    """``burst`` messages at once, ``per_second`` for long. ``clock`` gives seconds that only grow."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = per_second, float(burst), clock
        self._left, self._at = float(burst), clock()

    def take(self) -> bool:
        """Spend one; whether there was one."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Rates:
    """A `Bucket` for each address; those that were quiet longest are forgotten."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_second, burst, clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str) -> bool:
        """Spend one of an address; whether there was one."""
        bucket = self._buckets.setdefault(address, Bucket(self._rate, self._burst, self._clock))
        self._buckets.move_to_end(address)
        while len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return bucket.take()


class OneAtATime:
    """What costs much, for one person one at a time."""

    def __init__(self) -> None:
        self._at: set[str] = set()

    def begin(self, who: str) -> Callable[[], None]:
        """Begin; what to call at the end. Raises `RefusedError` while an earlier one is under way."""
        if who in self._at:
            raise RefusedError("busy", "One at a time: the one before is still under way.")
        self._at.add(who)
        return lambda: self._at.discard(who)


class Streamed(StreamingResponse):
    """JSON sent as it is made; ``end`` is called when all was sent, or nobody is there any more."""

    media_type = "application/json"

    def __init__(self, pieces: AsyncIterator[bytes], end: Callable[[], None]) -> None:
        super().__init__(pieces)
        self._ended = end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


class Addresses:
    """Counts connections by address."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more connection; whether it may stay (if not, it was not counted)."""
        if self._held[address] >= self._most:
            return False
        self._held[address] += 1
        return True

    def held(self, address: str) -> int:
        """How many an address holds."""
        return self._held[address]

    def leave(self, address: str) -> None:
        self._held[address] -= 1
        if self._held[address] <= 0:
            del self._held[address]
