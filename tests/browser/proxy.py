"""A small proxy on loopback, as one stands in front of a server under a path."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ELSEWHERE = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Proxy(socketserver.ThreadingTCPServer):
    """Passes what is asked under ``path`` on to `upstream`, a port; with ``strips`` it takes the path off and says so.
    What is asked elsewhere is another application's: it is kept in `strays`."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, path: str, strips: bool) -> None:
        super().__init__(("127.0.0.1", 0), _OneRequest)
        self.path, self.strips, self.upstream = path, strips, 0
        self.strays: list[str] = []

    @property
    def url(self) -> str:
        """The address of what it passes on."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.path}"


@contextmanager
def proxy(path: str, strips: bool) -> Iterator[Proxy]:
    """One that runs."""
    with Proxy(path, strips) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


class _OneRequest(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        came = b""
        while b"\r\n\r\n" not in came:
            if not (piece := self.request.recv(65536)):
                return
            came += piece
        head, _, body = came.partition(b"\r\n\r\n")
        line, *headers = head.decode("latin-1").split("\r\n")
        method, target, version = line.split(" ")
        if not target.startswith(f"{self.server.path}/"):
            self.server.strays.append(target)
            self.request.sendall(_ELSEWHERE)
            return
        if self.server.strips:
            target = target.removeprefix(self.server.path)
            headers.append(f"X-Forwarded-Prefix: {self.server.path}")
        if not any(one.lower().startswith("upgrade:") for one in headers):
            headers = [one for one in headers if not one.lower().startswith("connection:")] + ["Connection: close"]
        with socket.create_connection(("127.0.0.1", self.server.upstream)) as upstream:
            upstream.sendall("\r\n".join([f"{method} {target} {version}", *headers, "", ""]).encode("latin-1") + body)
            threading.Thread(target=_pass_on, args=(self.request, upstream), daemon=True).start()
            _pass_on(upstream, self.request)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
