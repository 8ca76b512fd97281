"""Goals B8 and B9: what a page costs the server, and what a client costs that does nothing.

A page load is what a browser asks for that has the assets in its cache: the HTML, the REST calls of the room page,
NiceGUI's socket and the room's socket up to the snapshot. No browser runs: it would take the CPU that is
measured. CPU and memory are those of the server process, from /proc.
"""

from __future__ import annotations

import ast
import http.client
import itertools
import re
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

import orjson

from benchmarks.builds import Build
from benchmarks.courses import alone
from benchmarks.rooms_dialects import DIALECTS, connect, frames
from benchmarks.rooms_load import Load
from benchmarks.rooms_servers import Server, openroom
from benchmarks.rooms_table import Row
from benchmarks.rooms_wire import Broken, masked

_QUERY = re.compile(r"query: (\{.*?\}),\s*extraHeaders", re.DOTALL)
_ROOM = "hall"
PAGES = 100


class Page:
    """One visitor's open page: both sockets stay open until `close`."""

    def __init__(self, server: Server, name: str) -> None:
        self._server, self._cookie = server, ""
        self._http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        html = self._ask("GET", f"/room/{_ROOM}").decode()
        self._ask("POST", "/api/session")
        try:
            self._ask("GET", f"/api/rooms/{_ROOM}/card")
        except Broken:  # the page of a build before there was that asks for the whole lobby and all scenes
            self._ask("GET", "/api/rooms")
            self._ask("GET", "/api/scenes")
        self._http.close()
        self.links = [self._nicegui(html), self._room(name)]

    def close(self) -> None:
        """Leave."""
        for link in self.links:
            link.close()

    def _ask(self, method: str, path: str) -> bytes:
        self._http.request(method, path, headers={"Cookie": self._cookie} if self._cookie else {})
        answer = self._http.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Broken(f"{method} {path}: {answer.status}")
        for value in answer.headers.get_all("Set-Cookie") or ():
            pair = value.split(";", 1)[0]
            self._cookie = f"{self._cookie}; {pair}" if self._cookie else pair
        return body

    def _nicegui(self, html: str) -> socket.socket:
        found = _QUERY.search(html)
        if found is None:
            raise Broken("expected NiceGUI's query in the page")
        query = ast.literal_eval(found[1]) | {"tab_id": str(uuid.uuid4()), "document_id": str(uuid.uuid4())}
        query |= {"EIO": "4", "transport": "websocket", "implicit_handshake": "true"}
        link, rest = connect(self._server, f"/_nicegui_ws/socket.io/?{urlencode(query)}", cookie=self._cookie)
        stream = frames(link, rest)
        stream.until(lambda payload: payload.startswith(b"0"))
        link.sendall(masked(b"40"))
        stream.until(lambda payload: payload.startswith(b"40"))
        return link

    def _room(self, name: str) -> socket.socket:
        link, rest = connect(self._server, f"/ws/rooms/{_ROOM}", "openroom.v1", cookie=self._cookie)
        link.sendall(masked(orjson.dumps({"type": "join", "name": name})))
        frames(link, rest).until(lambda payload: payload.startswith(b'{"type":"snapshot"'))
        return link


@contextmanager
def loads(build: Build, _seconds: float, count: int) -> Iterator[Callable[[], list[Row]]]:
    """B8: CPU of a page load and memory of a page that stays open; a round opens its share of the pages."""
    share = max(PAGES // count, 1)
    with ExitStack() as stack:
        server = stack.enter_context(openroom(build, memory=False, gui=True))
        for number in range(10):  # what is imported and compiled once is not a page's cost
            Page(server, f"Early {number}").close()
        names = (f"Guest {number}" for number in itertools.count())

        def play() -> list[Row]:
            cpu, memory = server.cpu(), server.memory()
            for name in itertools.islice(names, share):
                stack.callback(Page(server, name).close)
            load, size = (server.cpu() - cpu) / share * 1000, (server.memory() - memory) / share
            return [
                Row("B8", "CPU of a page load", load, 15, "most", "ms", "the server's; assets cached"),
                Row("B8", "memory of an open page", size, 150, "most", "KB"),
            ]

        yield play


@contextmanager
def pushes(build: Build, _seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
    """B8: CPU of a line that is pushed to many open pages."""
    with ExitStack() as stack:
        server = stack.enter_context(openroom(build, memory=False, gui=True))
        opened = [Page(server, f"Guest {number}") for number in range(PAGES)]
        for page in opened:
            stack.callback(page.close)
        prefixes = (f"p{number}" for number in itertools.count())
        _push(server, opened, next(prefixes))

        def play() -> list[Row]:
            cost = _push(server, opened, next(prefixes))
            return [Row("B8", f"CPU of a push, {PAGES} pages", cost, 25, "most", "µs a client")]

        yield play


def _push(server: Server, opened: list[Page], prefix: str, lines: int = 50) -> float:
    """CPU microseconds of the server for one line to one page, said one after the other."""
    dialect = DIALECTS["openroom"]
    speaker, others = opened[0].links[1], [page.links[1] for page in opened[1:]]
    before = server.cpu()
    for number in range(lines):
        speaker.sendall(dialect.say(f"{prefix}-{number}", "Does everybody hear this at the same time?"))
        for link in [speaker, *others]:
            _until_cause(link, f"{prefix}-{number}")
    return (server.cpu() - before) / lines / len(opened) * 1e6


def _until_cause(link: socket.socket, cause: str) -> None:
    wanted, held = b'"cause":"%s"' % cause.encode(), b""
    while wanted not in held:
        more = link.recv(262_144)
        if not more:
            raise Broken("the server closed a connection")
        held = held[-200:] + more


def idle(seconds: float, count: int) -> list[Row]:
    """B9, in at most three rounds."""
    return alone([idlers], seconds, min(count, 3))


@contextmanager
def idlers(build: Build, _seconds: float, count: int) -> Iterator[Callable[[], list[Row]]]:
    """B9: memory of a client in a room that does nothing, without pages; a round lets its share of them in."""
    clients = max(600 // max(count, 3), 1)
    with ExitStack() as stack:
        server = stack.enter_context(openroom(build, memory=False))
        stack.enter_context(Load(server, 50, 0))

        def play() -> list[Row]:
            before = server.memory()
            stack.enter_context(Load(server, clients, 0))
            size = (server.memory() - before) / clients
            return [Row("B9", "memory of an idle client", size, 25, "most", "KB", "room socket only")]

        yield play


@contextmanager
def disturbance(build: Build, seconds: float, count: int) -> Iterator[Callable[[], list[Row]]]:
    """B8: latency in a room of native clients while as many have the page open, against without them."""
    share = max(PAGES // count, 1)
    with ExitStack() as stack:
        server = stack.enter_context(openroom(build, memory=False, gui=True))
        load = stack.enter_context(Load(server, 20, 2))

        def play() -> list[Row]:
            without = load.paced(50, seconds).p99
            opened = [Page(server, f"Guest {number}") for number in range(share)]
            for page in opened:
                stack.callback(page.close)
            beside = load.paced(50, seconds).p99
            return [
                Row("B8", "p99 in the room with pages open", beside / without, 2.0, "most"),
                Row("B8", "the same, of itself", beside, want="most", unit="ms"),
            ]

        yield play
