"""Stands in for the engine's child process in tests: the same one line, stdin, key and endpoints, no model.

A call's user message says what shall happen: `crash` ends the process, `read` reads its prompt until told to go on,
`slow` stops after its first word until then, `no template` is refused. The answer's words are the slot and the token
limit it was given. A slot is saved as a small file in the folder of --states, and one that says `old` is not restored.
Every request is noted in the file beside --model that ends in `.notes`:
`begin <slot> <text>`, `end <text>` or `broken <text>`; a line
`go on` in it tells all to go on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    notes: Path
    states: Path
    deaf = False

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        if self.deaf:
            time.sleep(3600)
        self._reply(200, {"status": "ok"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {os.environ['OPENROOM_ENGINE_KEY']}":
            self._reply(401, {"error": {"message": "wrong key"}})
            return
        if self.path.startswith("/slots/"):
            self._keep(self.path.removeprefix("/slots/"), self.states / body["filename"])
            return
        text = body["messages"][-1]["content"]
        if self.headers["Connection"] != "close":  # the real one closes after each stream
            self._reply(400, {"error": {"message": "expected Connection: close"}})
            return
        self._note(f"begin {body.get('id_slot')} {text}")
        if text == "no template":
            self._reply(400, {"error": {"message": "the template wants a user's message"}})
            return
        if text == "crash":
            os._exit(3)
        if text == "deaf":
            type(self).deaf = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self._write(body, text)
            self._note(f"end {text}")
        except OSError:
            self._note(f"broken {text}")

    def _keep(self, asked: str, file: Path) -> None:
        slot, _, action = asked.partition("?action=")
        self._note(f"{action} {slot}")
        if action == "save":
            file.write_text(f"slot {slot}", encoding="utf-8")
            self._reply(200, {"n_written": file.stat().st_size})
        elif file.read_text(encoding="utf-8") == "old":
            self._reply(400, {"error": {"message": "Unable to restore slot"}})
        else:
            self._reply(200, {"n_read": file.stat().st_size})

    def _write(self, body: dict[str, Any], text: str) -> None:
        if text.startswith("read"):
            self._hold()
        words = [f"slot={body.get('id_slot')}", f" max={body['max_tokens']}"]
        for word in words[: body["max_tokens"]]:
            self._send({"choices": [{"index": 0, "delta": {"content": word}}]})
            if text.startswith("slow"):
                self._hold()
        self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        cached = {"prompt_tokens_details": {"cached_tokens": 7}}
        self._send({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11} | cached})
        self.wfile.write(b"data: [DONE]\n\n")

    def _hold(self) -> None:
        while "go on" not in self.notes.read_text(encoding="utf-8").splitlines():
            # As the real one does, which notices so that nobody listens.
            self._send({"choices": [], "prompt_progress": {"total": 100, "cache": 0, "processed": 40, "time_ms": 9}})
            time.sleep(0.02)

    def _send(self, chunk: dict[str, Any]) -> None:
        full = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "fake", **chunk}
        self.wfile.write(b"data: " + json.dumps(full).encode() + b"\n\n")
        self.wfile.flush()

    def _reply(self, code: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _note(self, line: str) -> None:
        with self.notes.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _serve() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path)
    parser.add_argument("--start", default="well")
    parser.add_argument("--states", type=Path)
    options, _ = parser.parse_known_args()
    threading.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
    if options.start == "hang":
        time.sleep(3600)
    if options.start == "die":
        sys.exit("terminate called: out of luck")
    if options.start == "refuse":
        print(json.dumps({"ready": False, "reason": "the file is no model"}), flush=True)
        return
    if options.start == "babble":
        print("loading model ...", flush=True)
        return
    _Handler.notes, _Handler.states = options.model.with_suffix(".notes"), options.states
    _Handler.notes.touch()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    print(json.dumps({"ready": True, "address": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _serve()
