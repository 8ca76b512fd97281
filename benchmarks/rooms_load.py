"""The load generator: one epoll loop that keeps so many lines in flight and checks every byte that comes.

A line counts as in flight until its own sender has it back; then the sender says the next one. A round ends when every
client has every line. Nothing here knows what a server is but `benchmarks.rooms_dialects`.
"""

from __future__ import annotations

import gc
import select
import socket
import time
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
    def cost(self) -> float:
        """Server CPU, microseconds a delivery."""
        return self.cpu / self.deliveries * 1e6


class _Client:
    __slots__ = ("due", "link", "listener", "number", "rest", "said", "since")

    def __init__(self, number: int, link: socket.socket, rest: bytes) -> None:
        self.number, self.link, self.rest = number, link, rest
        self.listener: Listener
        self.due = ""
        self.since = 0.0
        self.said = 0


class Load:
    """Clients in one room of a server. Use as a context manager; `round` may be called again and again."""

    def __init__(self, server: Server, clients: int, senders: int) -> None:
        self.server, self._dialect = server, DIALECTS[server.kind]
        self._clients: list[_Client] = []
        self._senders = senders
        self._run = 0
        self.lines = 0
        """How many lines were said so far."""
        for number in range(clients):
            link, rest = self._dialect.join(server, f"Guest {number}")
            self._clients.append(_Client(number, link, rest))

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
        """Talk for so long. Raises `Broken`."""
        self._run += 1
        self._align()
        poll = select.epoll()
        clients = {client.link.fileno(): client for client in self._clients}
        for fd in clients:
            poll.register(fd, select.EPOLLIN)
        gc.collect()
        gc.disable()
        try:
            return self._talk(poll, clients, seconds)
        finally:
            gc.enable()
            poll.close()
            for client in self._clients:
                client.link.setblocking(True)
                client.link.settimeout(_DRAIN_SECONDS)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Meanwhile one more client is in the room, which reads nothing."""
        link, _ = self._dialect.join(self.server, "Stalled")
        for client in self._clients:
            client.rest = b""
        try:
            yield
        finally:
            link.close()

    def _align(self) -> None:
        """Bring every client to the same place in the stream: right after a marker that all of them get."""
        marker = f"m-{self._run}"
        self._clients[0].link.sendall(self._dialect.say(marker, "Is everybody here?"))
        seq = 0
        for client in self._clients:
            stream = frames(client.link, client.rest)
            payload = stream.until(lambda one: (self._dialect.read(one) or (0, ""))[1] == marker)
            seq = (self._dialect.read(payload) or (0, ""))[0]
            client.rest = stream.rest
        self._truth = Truth(self._dialect.read, seq)
        for client in self._clients:
            client.listener = Listener(self._truth)
            client.listener.take_mixed(client.rest)
            client.rest, client.due = b"", ""
            client.link.setblocking(False)

    def _talk(self, poll: select.epoll, clients: dict[int, _Client], seconds: float) -> Round:
        truth, senders = self._truth, self._clients[: self._senders]
        taken: list[float] = []
        cpu, start = self.server.cpu(), time.perf_counter()
        end = start + seconds
        for client in senders:
            self._say(client, start)
        said = len(senders)
        while True:
            events = poll.poll(1.0)
            now = time.perf_counter()
            if not events and now > end + _DRAIN_SECONDS:
                raise Broken(f"{said} lines were said, {truth.events} came back in time")
            for fd, _ in events:
                client = clients[fd]
                chunk = client.link.recv(_CHUNK)
                if not chunk:
                    raise Broken("the server closed a connection")
                if client.number >= self._senders:
                    client.listener.take(chunk)
                    continue
                client.listener.take_mixed(chunk)
                if client.due and truth.ends.get(client.due, client.listener.at + 1) <= client.listener.at:
                    del truth.ends[client.due]
                    taken.append(now - client.since)
                    client.due = ""
                    if now < end:
                        self._say(client, now)
                        said += 1
            if now >= end and truth.events >= said and self._all_have(truth):
                break
        elapsed = time.perf_counter() - start
        if truth.events != said:
            raise Broken(f"{said} lines were said, {truth.events} came back")
        self.lines += said
        return Round(said, said * len(clients), elapsed, self.server.cpu() - cpu, taken)

    def _all_have(self, truth: Truth) -> bool:
        whole = len(truth.data)
        return all(client.listener.at == whole for client in self._clients)

    def _say(self, client: _Client, now: float) -> None:
        client.said += 1
        client.due = f"c-{self._run}-{client.number}-{client.said}"
        client.since = now
        client.link.send(self._dialect.say(client.due, TEXT))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
