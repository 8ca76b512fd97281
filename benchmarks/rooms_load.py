"""The load generator: one epoll loop that keeps so many lines in flight and checks every byte that comes.

A line counts as in flight until its own sender has it back; then the sender says the next one. A round ends when every
client has every line. Nothing here knows what a server is but `benchmarks.rooms_dialects`.
"""

from __future__ import annotations

import gc
import select
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.rooms_dialects import DIALECTS, frames
from benchmarks.rooms_servers import Server
from benchmarks.rooms_wire import Broken, Listener, Truth

TEXT = "The samovar hums; somebody has left the window open, and it smells of rain and of smoked tea. "
_DRAIN_SECONDS = 20.0
_CHUNK = 262_144


@dataclass(slots=True)
class Round:
    """What a round came to. ``taken`` are the seconds from saying a line to having it back."""

    lines: int
    deliveries: int
    seconds: float
    cpu: float
    taken: list[float] = field(repr=False, default_factory=list)

    @property
    def rate(self) -> float:
        """Deliveries a second."""
        return self.deliveries / self.seconds

    @property
    def p50(self) -> float:
        """Milliseconds until a line is back at its sender, the median."""
        return percentile(self.taken, 0.5) * 1000

    @property
    def p99(self) -> float:
        """The same, exceeded by one of a hundred."""
        return percentile(self.taken, 0.99) * 1000

    @property
    def cost(self) -> float:
        """Server CPU, microseconds a delivery."""
        return self.cpu / self.deliveries * 1e6


class _Client:
    __slots__ = ("due", "link", "listener", "rest", "speaks")

    def __init__(self, link: socket.socket, rest: bytes, speaks: bool) -> None:
        self.link, self.rest, self.speaks = link, rest, speaks
        self.listener: Listener
        self.due: deque[str] = deque()


class Load:
    """Clients in one room of a server. Use as a context manager; `round` may be called again and again."""

    def __init__(self, server: Server, clients: int, senders: int) -> None:
        self.server, self.dialect = server, DIALECTS[server.kind]
        self._clients: list[_Client] = []
        self.run = 0
        self.lines = 0
        """How many lines were said so far."""
        for number in range(clients):
            link, rest = self.dialect.join(server, f"Guest {number}")
            self._clients.append(_Client(link, rest, number < senders))

    @property
    def senders(self) -> list[_Client]:
        """Those who speak."""
        return [client for client in self._clients if client.speaks]

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        for client in self._clients:
            client.link.close()
        self._clients.clear()

    def round(self, seconds: float) -> Round:
        """Talk for so long, each sender as fast as its own lines come back. Raises `Broken`."""
        return self._round(seconds, 0.0)

    def paced(self, rate: float, seconds: float) -> Round:
        """Talk for so long, ``rate`` lines a second in all, whatever comes back. Raises `Broken`."""
        return self._round(seconds, rate)

    def _round(self, seconds: float, rate: float) -> Round:
        self.run += 1
        self._align()
        poll = select.epoll()
        clients = {client.link.fileno(): client for client in self._clients}
        for fd in clients:
            poll.register(fd, select.EPOLLIN)
        gc.collect()
        gc.disable()
        try:
            return _Talk(self, poll, clients, seconds, rate).run()
        finally:
            gc.enable()
            poll.close()
            for client in self._clients:
                client.link.setblocking(True)
                client.link.settimeout(_DRAIN_SECONDS)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Meanwhile one more client is in the room, which reads nothing."""
        link, _ = self.dialect.join(self.server, "Stalled")
        for client in self._clients:
            client.rest = b""
        try:
            yield
        finally:
            link.close()

    def _align(self) -> None:
        """Bring every client to the same place in the stream: right after a marker that all of them get."""
        marker = f"m-{self.run}"
        self._clients[0].link.sendall(self.dialect.say(marker, "Is everybody here?"))
        seq = 0
        for client in self._clients:
            stream = frames(client.link, client.rest)
            payload = stream.until(lambda one: (self.dialect.read(one) or (0, ""))[1] == marker)
            seq = (self.dialect.read(payload) or (0, ""))[0]
            client.rest = stream.rest
        self.truth = Truth(self.dialect.read, seq)
        for client in self._clients:
            client.listener = Listener(self.truth)
            client.listener.take_mixed(client.rest)
            client.rest = b""
            client.due.clear()
            client.link.setblocking(False)


class _Talk:
    """One round: what is said, what came back, and when all have all of it."""

    def __init__(
        self, load: Load, poll: select.epoll, clients: dict[int, _Client], seconds: float, rate: float
    ) -> None:
        self._load, self._poll, self._clients = load, poll, clients
        self._seconds, self._rate = seconds, rate
        self._truth = load.truth
        self._said = 0
        self._taken: list[float] = []
        self._waiting: dict[str, float] = {}

    def run(self) -> Round:
        """Talk, then listen until everybody has everything."""
        server, truth = self._load.server, self._truth
        cpu, start = server.cpu(), time.perf_counter()
        end = start + self._seconds
        if not self._rate:
            for client in self._load.senders:
                self._say(client, start)
        while True:
            pause = self._keep_pace(start, end) if self._rate else 1.0
            events = self._poll.poll(pause)
            now = time.perf_counter()
            if now > end + _DRAIN_SECONDS:
                raise Broken(f"{self._said} lines were said, {truth.events} came back in time")
            for fd, _ in events:
                self._hear(self._clients[fd], now, now < end and not self._rate)
            if now >= end and truth.events >= self._said and self._all_have_all():
                break
        elapsed = time.perf_counter() - start
        if truth.events != self._said:
            raise Broken(f"{self._said} lines were said, {truth.events} came back")
        self._load.lines += self._said
        return Round(self._said, self._said * len(self._clients), elapsed, server.cpu() - cpu, self._taken)

    def _hear(self, client: _Client, now: float, may_speak: bool) -> None:
        chunk = client.link.recv(_CHUNK)
        if not chunk:
            raise Broken("the server closed a connection")
        if not client.speaks:
            client.listener.take(chunk)
            return
        client.listener.take_mixed(chunk)
        ends, at = self._truth.ends, client.listener.at
        while client.due and ends.get(client.due[0], at + 1) <= at:
            cause = client.due.popleft()
            del ends[cause]
            self._taken.append(now - self._waiting.pop(cause))
            if may_speak:
                self._say(client, now)

    def _keep_pace(self, start: float, end: float) -> float:
        """Say what is due by now; how long until the next line is."""
        now = time.perf_counter()
        senders = self._load.senders
        while (due := start + self._said / self._rate) <= now and due < end:
            self._say(senders[self._said % len(senders)], due)
        return 0.05 if due >= end else max(0.0, due - now)

    def _all_have_all(self) -> bool:
        whole = len(self._truth.data)
        return all(client.listener.at == whole for client in self._clients.values())

    def _say(self, client: _Client, since: float) -> None:
        self._said += 1
        cause = f"c-{self._load.run}-{self._said}"
        client.due.append(cause)
        self._waiting[cause] = since
        client.link.send(self._load.dialect.say(cause, TEXT))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
