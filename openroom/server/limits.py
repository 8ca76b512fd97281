"""What a connection may do: a token bucket for messages, and how many connections one address may hold."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from openroom.errors import RefusedError

_MOST_ADDRESSES = 10_000


def address_of(scope: Scope) -> str:
    """Where a request or socket comes from, as limits by address know it: of IPv6 the network, since one house has a
    whole one."""
    return network_of(str((scope.get("client") or ("", 0))[0]))


def network_of(address: str) -> str:
    """An address as limits know it."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found) if found.is_loopback else str(ipaddress.ip_network((found, 64), strict=False))


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


class Parties:
    """Where people come from, so that those of one address share one share of the budget; who was quiet longest is
    forgotten, and then stands for themselves."""

    def __init__(self) -> None:
        self._by: OrderedDict[str, str] = OrderedDict()

    def saw(self, who: str, address: str, *, exempt: bool) -> None:
        """Somebody acts from an address; one of this machine, and one who is ``exempt``, is held to no share."""
        self._by[who] = "" if exempt or _is_here(address) else address
        self._by.move_to_end(who)
        while len(self._by) > _MOST_ADDRESSES:
            self._by.popitem(last=False)

    def of(self, who: str) -> str:
        """To whose share the calls of a person go; to nobody's if it is empty."""
        return self._by.get(who, who)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == ""


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
    """Something sent as it is made, JSON unless it is a ``file`` (its media type and its name); ``end`` is called when
    all was sent, or nobody is there any more."""

    media_type = "application/json"

    def __init__(
        self, pieces: AsyncIterator[bytes], end: Callable[[], None], file: tuple[str, str] | None = None
    ) -> None:
        media, name = file or (None, "")
        headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else None
        super().__init__(pieces, headers=headers, media_type=media)
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
