"""A model service on loopback that answers as a test wants it: slowly, with a wrong key, with half a JSON."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

REPLY = {"say": "The rain will stop by ten. The clocks agree on that much. Sit where it is dry.", "emotion": "calm"}


class Endpoint(ThreadingHTTPServer):
    """An OpenAI-compatible service. ``mood``: ``slow`` (a word each 0.15 s), ``quick``, ``wrong_key``, ``half``,
    ``silent`` (no word until ``go`` is set)."""

    daemon_threads = True

    def __init__(self, mood: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mood = mood
        self.reply = REPLY  # what is said next
        self.pick = ""  # who answers, as a number of those it is asked about; empty: it tells no probabilities
        self.asked = 0
        self.go = threading.Event()
        self.left = threading.Event()  # somebody hung up in the middle of an answer

    @property
    def url(self) -> str:
        """The base URL of the service."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    server: Endpoint
    log_message: ClassVar[Any] = lambda *_: None

    def do_GET(self) -> None:
        self._json(200, {"object": "list", "data": [{"id": "a-model", "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked += 1
        if self.server.mood == "wrong_key":
            self._json(401, {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}})
            return
        text = json.dumps(self.server.reply)
        if self.server.mood == "half":
            text = '{"emotion": '
        if not body.get("stream"):
            message = {"role": "assistant", "content": text}
            self._json(200, {"id": "x", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while self.server.mood == "silent" and not self.server.go.wait(0.05):
                self._event({"choices": []})
            if body.get("logprobs") and self.server.pick:
                sure = {"token": self.server.pick, "logprob": -0.01}
                odds = {"content": [{**sure, "top_logprobs": [sure]}]}
                self._event({"choices": [{"index": 0, "delta": {"content": self.server.pick}, "logprobs": odds}]})
                text = ""
            for piece in [text[at : at + 4] for at in range(0, len(text), 4)]:
                self._event({"choices": [{"index": 0, "delta": {"content": piece}}]})
                if self.server.mood == "slow":
                    time.sleep(0.15)
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")
        except (BrokenPipeError, ConnectionResetError):
            self.server.left.set()

    def _event(self, body: dict[str, Any]) -> None:
        head = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "a-model"}
        self.wfile.write(b"data: " + json.dumps({**head, **body}).encode() + b"\n\n")
        self.wfile.flush()

    def _json(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def endpoint(mood: str) -> Iterator[Endpoint]:
    """A service in that mood, while the block runs."""
    service = Endpoint(mood)
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
        thread.join()
