"""Goal B7: 500 clients lose their connection, miss 200 events, and come back all at once.

Each reconnects with the epoch and the last seq it has. Measured is, for each, the time from the beginning of the burst
until it has everything up to the present; checked is that what it got is the gap, the whole gap and nothing else.
"""

from __future__ import annotations

import errno
import itertools
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import orjson

from benchmarks.builds import Build
from benchmarks.courses import alone
from benchmarks.rooms_dialects import DIALECTS, connect, frames
from benchmarks.rooms_load import TEXT, percentile
from benchmarks.rooms_servers import Server, openroom
from benchmarks.rooms_table import Row
from benchmarks.rooms_wire import Broken, head, masked, upgrade

CLIENTS, MISSED = 500, 200
_PATIENCE = 60.0


def reconnect(seconds: float, count: int) -> list[Row]:
    """B7: seconds until 99 of 100 clients have caught up, the median of some bursts."""
    return alone([bursts], seconds, min(count, 3))


@contextmanager
def bursts(build: Build, _seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
    """A round is a burst."""
    with ExitStack() as stack:
        server = stack.enter_context(openroom(build, memory=False, grace_seconds="600"))
        tokens = [_first_visit(server, f"Guest {number}") for number in range(CLIENTS)]
        epoch = tokens[0][1]
        speaker, _ = DIALECTS["openroom"].join(server, "Speaker")
        stack.callback(speaker.close)
        numbers = itertools.count()

        def play() -> list[Row]:
            burst = next(numbers)
            first = _say(speaker, f"b{burst}", 1)
            last = _say(speaker, f"c{burst}", MISSED)
            cpu = server.cpu()
            taken = _burst(server, [token for token, _ in tokens], epoch, first, last)
            cost = (server.cpu() - cpu) / CLIENTS * 1000
            what = f"{CLIENTS} clients back at once after missing {MISSED} events"
            return [
                Row("B7", f"{what}: p99 caught up", percentile(taken, 0.99), 1.0, "most", "s", "no gaps"),
                Row("B7", "the same: p50", percentile(taken, 0.5), want="most", unit="s"),
                Row("B7", "the same: CPU of a client", cost, want="most", unit="ms"),
            ]

        yield play


def _first_visit(server: Server, name: str) -> tuple[str, str]:
    """Enter and hang up: the token to come back with, and the room's epoch."""
    link, rest = connect(server, "/ws/rooms/hall", "openroom.v1")
    link.sendall(masked(orjson.dumps({"type": "join", "name": name})))
    hello = orjson.loads(frames(link, rest).until(lambda payload: payload.startswith(b'{"type":"hello"')))
    link.close()
    return hello["token"], hello["epoch"]


def _say(speaker: socket.socket, prefix: str, lines: int) -> int:
    """Say so many lines; the seq of the last one."""
    stream, seq = frames(speaker), 0
    for number in range(lines):
        speaker.sendall(DIALECTS["openroom"].say(f"{prefix}-{number}", TEXT))
        done = stream.until(lambda payload: payload.startswith(b'{"type":"done"'))
        seq = orjson.loads(done)["seqs"][-1]
    return seq


class _Back:
    """One client on its way back."""

    def __init__(self, server: Server, token: str, epoch: str, first: int, last: int) -> None:
        self.link = socket.socket()
        self.link.setblocking(False)
        if self.link.connect_ex(("127.0.0.1", server.port)) not in (0, errno.EINPROGRESS):
            raise Broken("no connection")
        self._asked, self._accept = upgrade("/ws/rooms/hall", f"127.0.0.1:{server.port}", "openroom.v1")
        join = {"type": "join", "name": "", "token": token, "epoch": epoch, "last_seq": first}
        self._join = masked(orjson.dumps(join))
        self._seq, self._last = first, last
        self._rest, self._is_open = b"", False

    def begin(self) -> None:
        """The TCP connection stands."""
        self.link.send(self._asked)

    def hear(self) -> bool:
        """Take what came; whether everything is there. Raises `Broken` for a gap."""
        chunk = self.link.recv(262_144)
        if not chunk:
            raise Broken(f"a reconnecting client was turned away: {self._rest[:200]!r}")
        self._rest += chunk
        if not self._is_open and b"\r\n\r\n" in self._rest:
            top, _, self._rest = self._rest.partition(b"\r\n\r\n")
            if self._accept not in top:
                raise Broken(f"no WebSocket: {top[:200]!r}")
            self._is_open = True
            self.link.send(self._join)
        at = 0
        while self._is_open and (frame := head(self._rest, at)) is not None:
            self._read(self._rest[frame.start : frame.end])
            at = frame.end
        self._rest = self._rest[at:]
        return self._seq >= self._last

    def _read(self, payload: bytes) -> None:
        if payload.startswith(b'{"type":"snapshot"'):
            raise Broken("expected the gap, came a snapshot")
        if payload.startswith(b'{"type":"event"'):
            seq = orjson.loads(payload)["event"]["seq"]
            if seq != self._seq + 1:
                raise Broken(f"expected seq {self._seq + 1}, came {seq}")
            self._seq = seq


def _burst(server: Server, tokens: list[str], epoch: str, first: int, last: int) -> list[float]:
    """All come back at once; seconds until each has everything."""
    poll, start = select.epoll(), time.perf_counter()
    coming = {}
    for token in tokens:
        client = _Back(server, token, epoch, first, last)
        coming[client.link.fileno()] = client
        poll.register(client.link.fileno(), select.EPOLLOUT)
    everybody, taken = list(coming.values()), []
    while coming:
        for fd, event in poll.poll(1.0):
            client = coming[fd]
            if event & select.EPOLLOUT:
                client.begin()
                poll.modify(fd, select.EPOLLIN)
            elif client.hear():
                taken.append(time.perf_counter() - start)
                poll.unregister(fd)
                del coming[fd]
        if time.perf_counter() - start > _PATIENCE:
            raise Broken(f"{len(coming)} of {len(tokens)} clients did not catch up")
    for client in everybody:
        client.link.close()
    poll.close()
    return taken
