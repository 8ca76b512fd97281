"""What leaves a connection: replies of the server and frames of the room's feed, on one of two paths.

The plain path awaits the ASGI ``send``, in one task per connection. The fast path writes finished frames straight to
the transport, once per loop tick, with no task in between; it is taken only where `Transport.of` recognises uvicorn's
sans-I/O protocol without compression. On both, a client that does not read is not polled for: its cursor waits. When
nothing moves for `Patience.seconds`, or `Patience.most` bytes wait, the connection ends with the resumable code 4499.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import Receive, Send

from openroom.protocol.closing import CLOSE_TOO_SLOW
from openroom.room.feed import Subscription
from openroom.server.socket.frames import close_frame, text_frame, wire_all

_DRAIN_POLL = 0.05
_LAST_WORDS = 5.0
"""Seconds that a stalled client has left to read its close frame, then the connection is cut."""


@dataclass(frozen=True, slots=True)
class Patience:
    """``soft`` bytes waiting in a connection's buffer stop polling; ``most`` or ``seconds`` end the connection."""

    soft: int = 262_144
    most: int = 1_048_576
    seconds: float = 10.0


class End(Exception):
    """The connection is over: its close code, and the reason of the ``bye`` that goes before (none if empty)."""

    def __init__(self, code: int, bye: str = "", reason: str = "") -> None:
        self.code, self.bye, self.reason = code, bye, reason
        super().__init__(f"{code} {bye or reason}")


class Transport(Protocol):
    """The part of `asyncio.Transport` that the fast path uses."""

    def write(self, data: bytes) -> None:
        """Send, or keep until it can be sent."""

    def get_write_buffer_size(self) -> int:
        """Bytes kept."""

    def is_closing(self) -> bool:
        """Whether it is closing or closed."""

    def abort(self) -> None:
        """Drop it at once."""


def raw_transport(receive: Receive) -> Transport | None:
    """The transport under a WebSocket, if text frames may be written to it directly; ``None`` if that is not certain.

    Certain is: ``receive`` is the bound method of uvicorn's WebSocketsSansIOProtocol, the handshake is complete,
    nothing is compressed. Its own writes (pings, pongs, close) are whole frames too, so the two never mix inside a
    frame.
    """
    owner: Any = getattr(receive, "__self__", None)
    kind = type(owner)
    if kind.__name__ != "WebSocketsSansIOProtocol" or not kind.__module__.startswith("uvicorn."):
        return None
    transport, connection = getattr(owner, "transport", None), getattr(owner, "conn", None)
    if not getattr(owner, "handshake_complete", False) or getattr(connection, "extensions", None) != []:
        return None
    wanted = ("write", "get_write_buffer_size", "is_closing", "abort")
    return transport if all(hasattr(transport, name) for name in wanted) else None


class Outbox(ABC):
    """The sending half of a connection. ``run`` is its task; it ends by raising `End`."""

    def __init__(self, patience: Patience) -> None:
        self.subscription: Subscription | None = None
        self._patience = patience
        self._replies: list[tuple[int, bytes]] = []
        self._something = asyncio.Event()
        self._end: End | None = None

    def reply(self, payload: bytes, after: int = 0) -> None:
        """Send one message of the server, not before the event of seq ``after``; replies keep their order among
        themselves."""
        self._replies.append((after, payload))
        self.wake()

    def _due(self) -> list[bytes]:
        """The replies whose events have gone before them."""
        feed, count = self.subscription, 0
        handed = feed.handed if feed is not None else 0
        while count < len(self._replies) and self._replies[count][0] <= handed:
            count += 1
        due = [payload for _, payload in self._replies[:count]]
        del self._replies[:count]
        return due

    def end(self, end: End) -> None:
        """End the connection once what is due has been handed over. The first end counts."""
        self._end = self._end or end
        self._something.set()

    @abstractmethod
    def wake(self) -> None:
        """Frames or replies wait. Called on the loop, never blocks."""

    @abstractmethod
    async def run(self) -> None:
        """Send until the connection ends. Raises `End`."""

    @abstractmethod
    async def close(self, end: End, bye: bytes | None) -> None:
        """The last words and the close frame; never waits long for a client that does not read."""


class PlainOutbox(Outbox):
    """Sends by the ASGI ``send``, one message after the other, from its own task only."""

    def __init__(self, send: Send, receive: Receive, patience: Patience) -> None:
        super().__init__(patience)
        self._send, self._receive = send, receive

    def wake(self) -> None:
        self._something.set()

    async def run(self) -> None:
        """Send until the connection ends. Raises `End`."""
        while True:
            await self._something.wait()
            self._something.clear()
            await self._send_all()
            if self._end is not None:
                raise self._end

    async def _send_all(self) -> None:
        while True:
            batch = self._due()
            if (feed := self.subscription) is not None:
                if feed.behind:
                    await feed.catch_up()
                batch += [frame.data for frame in feed.poll(self._patience.soft)]
                batch += self._due()
            if not batch:
                return
            for payload in batch:
                await self._send_one(payload)

    async def _send_one(self, payload: bytes) -> None:
        try:
            async with asyncio.timeout(self._patience.seconds):
                await self._send({"type": "websocket.send", "text": payload.decode()})
        except TimeoutError:
            raise End(CLOSE_TOO_SLOW, reason="too slow") from None

    async def close(self, end: End, bye: bytes | None) -> None:
        """Say goodbye; a client that does not read is cut where the transport can be reached."""
        try:
            async with asyncio.timeout(1.0):
                for payload in [*(reply for _, reply in self._replies), *([bye] if bye is not None else [])]:
                    await self._send({"type": "websocket.send", "text": payload.decode()})
                await self._send({"type": "websocket.close", "code": end.code, "reason": end.reason})
        except TimeoutError:
            if (transport := raw_transport(self._receive)) is not None:
                _cut(transport, end)
        except (OSError, RuntimeError):
            return  # the client has gone already


class FastOutbox(Outbox):
    """Writes finished frames to the transport, all that one tick brings in one write.

    The task only does what has to wait: catching up from the log, and watching a full buffer drain.
    """

    def __init__(self, transport: Transport, send: Send, patience: Patience) -> None:
        super().__init__(patience)
        self._transport, self._send = transport, send
        self._waiting = False
        self._flushing = False
        self._call_soon = asyncio.get_running_loop().call_soon

    def reply(self, payload: bytes, after: int = 0) -> None:
        """Send one message of the server, in the next tick: together with the frames that come before it."""
        self._replies.append((after, payload))
        if not self._flushing:
            self._flushing = True
            self._call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if self._replies:
            self.wake()

    def wake(self) -> None:
        """Write what is due, unless the task is at it."""
        if not self._waiting:
            self._pump()

    def _pump(self) -> None:
        transport, feed = self._transport, self.subscription
        while not transport.is_closing():
            data = b"".join(map(text_frame, self._due())) if self._replies else b""
            if transport.get_write_buffer_size() > self._patience.soft:
                if data:
                    transport.write(data)
                self._hand_over()
                return
            burst = feed.take(self._patience.soft) if feed is not None else None
            if burst is not None and burst.frames:
                data += burst.wire or wire_all(burst)
            if self._replies:
                data += b"".join(map(text_frame, self._due()))
            if data:
                transport.write(data)
            if burst is None or not burst.more:
                return
            if not burst.frames:
                break
        if feed is not None and feed.behind:
            self._hand_over()

    def _hand_over(self) -> None:
        self._waiting = True
        self._something.set()

    async def run(self) -> None:
        """Do what has to wait. Raises `End`."""
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                await self._drain()
                if self.subscription is not None and self.subscription.behind:
                    await self.subscription.catch_up()
                self._waiting = False
                self._pump()
            if self._end is not None:
                raise self._end

    async def _drain(self) -> None:
        """Wait until the buffer is below the soft limit. Raises `End` when it takes too long or grows too large."""
        clock = asyncio.get_running_loop().time
        since, lowest = clock(), self._transport.get_write_buffer_size()
        while (size := self._transport.get_write_buffer_size()) > self._patience.soft:
            if size < lowest:
                since, lowest = clock(), size
            if size > self._patience.most or clock() - since > self._patience.seconds:
                raise End(CLOSE_TOO_SLOW, reason="too slow")
            if self._transport.is_closing():
                return
            await asyncio.sleep(_DRAIN_POLL)

    async def close(self, end: End, bye: bytes | None) -> None:
        """Say goodbye. A client that does not read has a few seconds to find its close frame."""
        if self._transport.is_closing():
            return
        replies = [reply for _, reply in self._replies]
        if last := b"".join(map(text_frame, [*replies, *([bye] if bye is not None else [])])):
            self._replies.clear()
            self._transport.write(last)
        if self._transport.get_write_buffer_size() > 0:
            _cut(self._transport, end)
            return
        try:
            await self._send({"type": "websocket.close", "code": end.code, "reason": end.reason})
        except (OSError, RuntimeError):
            return  # the client has gone already


def _cut(transport: Transport, end: End) -> None:
    """A close frame behind what still waits, then the end, read or not."""
    if not transport.is_closing():
        transport.write(close_frame(end.code, end.reason))
        asyncio.get_running_loop().call_later(_LAST_WORDS, transport.abort)
