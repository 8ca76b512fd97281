"""Goals B8 and B9: what a page costs the server, and what a client costs that does nothing.

A page load is what a browser asks for that has the assets in its cache: the HTML, the REST calls of the room page,
NiceGUI's socket and the room's socket up to the snapshot. No browser runs: it would take the CPU that is
measured. CPU and memory are those of the server process, from /proc.
"""

from __future__ import annotations

import ast
import http.client
import re
import socket
import statistics
import tempfile
import uuid
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import orjson

from benchmarks.rooms_dialects import DIALECTS, connect, frames
from benchmarks.rooms_load import Load
from benchmarks.rooms_servers import Server, openroom
from benchmarks.rooms_table import Row, ratio
from benchmarks.rooms_wire import Broken, masked

_QUERY = re.compile(r"query: (\{.*?\}),\s*extraHeaders", re.DOTALL)
_ROOM = "hall"


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


def pages(_seconds: float, count: int, clients: int = 100) -> list[Row]:
    """B8: CPU of a load, memory of a page that stays open, and CPU of a push to 100 of them."""
    with tempfile.TemporaryDirectory(prefix="openroom-bench-") as name, ExitStack() as stack:
        server = stack.enter_context(openroom(Path(name), memory=False, gui=True))
        for number in range(10):  # what is imported and compiled once is not a page's cost
            Page(server, f"Early {number}").close()
        loads, sizes, opened = [], [], []
        for number in range(clients):
            if number % 20 == 0:
                before, memory = server.cpu(), server.memory()
            opened.append(Page(server, f"Guest {number}"))
            stack.callback(opened[-1].close)
            if number % 20 == 19:
                loads.append((server.cpu() - before) / 20 * 1000)
                sizes.append((server.memory() - memory) / 20)
        pushes = [_push(server, opened, f"p{number}") for number in range(count)]
    return [
        Row("B8", "CPU of a page load", statistics.median(loads), 15, "most", "ms", "the server's; assets cached"),
        Row("B8", "memory of an open page", statistics.median(sizes), 150, "most", "KB"),
        Row("B8", f"CPU of a push, {clients} pages", statistics.median(pushes), 25, "most", "µs a client"),
    ]


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


def idle(_seconds: float, count: int, clients: int = 200) -> list[Row]:
    """B9: memory of a client in a room that does nothing, without pages."""
    with tempfile.TemporaryDirectory(prefix="openroom-bench-") as name, ExitStack() as stack:
        server = stack.enter_context(openroom(Path(name), memory=False))
        stack.enter_context(Load(server, 50, 0))
        sizes = []
        for _ in range(min(count, 3)):
            before = server.memory()
            stack.enter_context(Load(server, clients, 0))
            sizes.append((server.memory() - before) / clients)
    return [Row("B9", "memory of an idle client", statistics.median(sizes), 25, "most", "KB", "room socket only")]


def disturbance(seconds: float, count: int, clients: int = 100) -> list[Row]:
    """B8: latency in a room of native clients while as many have the page open, against without them."""
    with tempfile.TemporaryDirectory(prefix="openroom-bench-") as name, ExitStack() as stack:
        server = stack.enter_context(openroom(Path(name), memory=False, gui=True))
        load = stack.enter_context(Load(server, 20, 2))
        without, beside = [], []
        for _ in range(count):
            without.append(load.paced(50, seconds).p99)
            opened = [Page(server, f"Guest {number}") for number in range(clients // count)]
            for page in opened:
                stack.callback(page.close)
            beside.append(load.paced(50, seconds).p99)
    return [Row("B8", "p99 in the room with pages open", ratio(beside, without), 2.0, "most")]
