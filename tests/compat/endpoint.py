"""A language model that follows a script: an OpenAI-compatible service on loopback, in a thread of this process.

It is what the recording was made with and what it is played again with, so that no reply depends on a model.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

Reply = Mapping[str, Any]
Answer = Callable[[str], Reply | None]
"""Of a prompt: the reply (``say`` and so on), or none. One that is ``held`` waits until `Endpoint.release`; one that
``hangs`` is never finished."""

_BEAT = 0.05
_PATIENCE = 30.0


class Endpoint(ThreadingHTTPServer):
    """Answers each prompt as ``answer`` says, and keeps it in ``asked``; what it has no reply to is an error 400."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked: list[str] = []
        self._go = threading.Event()

    def release(self) -> None:
        """Let a reply that is held, or the next one, go on."""
        self._go.set()

    def wait_for_release(self) -> None:
        self._go.wait(_PATIENCE)
        self._go.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


def scripted(replies: Sequence[Reply]) -> Answer:
    """The reply whose ``to`` (words of a line or a note) stands last in the prompt: what was said last. What is quoted
    there, as memories are, was not said now.
    """

    def answer(prompt: str) -> Reply | None:
        for line in reversed(prompt.splitlines()):
            for reply in replies:
                if reply["to"] in line.partition("“")[0]:
                    return reply
        return None

    return answer


@contextlib.contextmanager
def speaking(answer: Answer) -> Iterator[Endpoint]:
    """A running endpoint."""
    endpoint = Endpoint(answer)
    thread = threading.Thread(target=endpoint.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.shutdown()
        thread.join()
        endpoint.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    server: Endpoint
    log_message: ClassVar[Any] = lambda *_: None

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = "\n".join(message["content"] for message in body["messages"])
        self.server.asked.append(prompt)
        reply = self.server.answer(prompt)
        if reply is None:
            self._refuse(f"the script has no reply to: {prompt[-200:]}")
            return
        if reply.get("held"):
            self.server.wait_for_release()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it was stopped
            self._write(reply)

    def _write(self, reply: Reply) -> None:
        parts = {key: reply[key] for key in ("say", "emotion", "do", "write") if key in reply}
        text = json.dumps(parts, ensure_ascii=False)
        if reply.get("hangs"):
            self._chunk([{"index": 0, "delta": {"content": text.partition('", "emotion"')[0]}}])
            while True:
                time.sleep(_BEAT)
                self.wfile.write(b": still thinking\n\n")
        self._chunk([{"index": 0, "delta": {"content": text}}])
        self._chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}])
        self._chunk([], usage={"prompt_tokens": 100, "completion_tokens": 10})
        self.wfile.write(b"data: [DONE]\n\n")

    def _chunk(self, choices: list[Any], **more: Any) -> None:
        body = {"id": "x", "model": "scripted", "choices": choices, **more}
        self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())

    def _refuse(self, message: str) -> None:
        body = json.dumps({"error": {"message": message}}).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
