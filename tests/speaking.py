"""A speech service on loopback that answers as a test wants it, and writes down what it is given."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

KEY = "sk-speech-not-a-real-key"


class SpeechEndpoint(ThreadingHTTPServer):
    """``status``, ``kind`` and ``sound`` are what it answers with; ``asked`` the bodies that came; ``keys`` what came
    as Authorization. While ``go`` is not set it does not answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.kind, self.sound = 200, "audio/mpeg", b"a sound"
        self.asked: list[dict[str, Any]] = []
        self.keys: set[str] = set()
        self.go = threading.Event()
        self.go.set()

    @property
    def url(self) -> str:
        """The base URL of the service."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: SpeechEndpoint
    log_message: ClassVar[Any] = lambda *_: None

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"path": self.path, **body})
        self.server.keys.add(self.headers.get("Authorization", ""))
        self.server.go.wait()
        # A service's own words may give its key away: they are for nobody.
        data = self.server.sound if self.server.status == 200 else f"Incorrect key: {KEY}".encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", self.server.kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            return  # it was too much for who asked


@contextmanager
def speech_endpoint() -> Iterator[SpeechEndpoint]:
    """A service, while the block runs."""
    service = SpeechEndpoint()
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.go.set()
        service.shutdown()
        service.server_close()
        thread.join()
