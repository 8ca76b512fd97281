"""A hub of models on 127.0.0.1: it speaks as the real ones' client expects (`test_hub.py` asks it with that client).

with hub() as one:
    file = one.put("who/tiny-GGUF", "tiny.gguf", b"GGUF...", licence="apache-2.0")
    one.cut_after = 100            # the next download ends after so many bytes of it
    one.asked                      # what was asked for: (method, path, headers)
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub(ThreadingHTTPServer):
    """Moods are fields, and can be changed while it runs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, dict[str, bytes]] = {}
        self.licences: dict[str, str] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.token = ""
        """Without this nobody gets anything."""
        self.cut_after: list[int] = []
        """For each coming download: bytes after which the connection ends."""
        self.says: dict[str, Any] = {}
        """What it says of every file in place of the truth: size, sha256."""
        self.to = ""
        """Where files are sent from, if not from here; with ``loop`` in a circle."""
        self.status = 0
        self.ranges = True
        self.too_much = b""
        self.go_on = threading.Event()
        self.go_on.set()
        """Cleared: a download waits half-way."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, repo: str, file: str, body: bytes, licence: str = "apache-2.0") -> str:
        """Have a file; returns its name as openroom takes it."""
        self.files.setdefault(repo, {})[file] = body
        self.licences[repo] = licence
        return f"hub:{repo}/{file}"

    def downloads(self) -> list[dict[str, str]]:
        """The headers of each GET of a file."""
        return [headers for method, path, headers in self.asked if method == "GET" and "/api/" not in path]


class _Handler(BaseHTTPRequestHandler):
    server: FakeHub
    log_message: ClassVar[Any] = lambda *_: None

    def do_HEAD(self) -> None:
        self._file()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/\w+)?", path):
            self._note()
            self._describe(found[1])
        else:
            self._file()

    def _note(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, urlsplit(self.path).path, headers))

    def _refused(self) -> bool:
        hub = self.server
        if hub.status:
            self._answer(hub.status, b"{}", {})
        elif hub.token and self.headers.get("Authorization") != f"Bearer {hub.token}":
            self._answer(401, b'{"error": "Invalid username or password."}', {"X-Error-Code": "RepoNotFound"})
        else:
            return False
        return True

    def _describe(self, repo: str) -> None:
        hub = self.server
        if self._refused():
            return
        if repo not in hub.files:
            self._answer(404, b'{"error": "Repository not found"}', {"X-Error-Code": "RepoNotFound"})
            return
        siblings = []
        for name, body in hub.files[repo].items():
            large = {"size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "pointerSize": 135, **hub.says}
            siblings.append({"rfilename": name, "size": len(body), "blobId": "0" * 40, "lfs": large})
        told = {"_id": "1", "id": repo, "sha": COMMIT, "siblings": siblings, "tags": []}
        told["cardData"] = {"license": hub.licences[repo]}
        self._answer(200, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def _file(self) -> None:
        hub, path = self.server, urlsplit(self.path).path
        self._note()
        found = re.fullmatch(r"/([^/]+/[^/]+)/resolve/[^/]+/([^/]+)", path)
        store = re.fullmatch(r"/store/([^/]+/[^/]+)/([^/]+)", path)
        if store:
            self._send(hub.files[store[1]][store[2]])
        elif self._refused():
            return
        elif found is None or (body := hub.files.get(found[1], {}).get(found[2])) is None:
            self._answer(404, b"Entry not found", {"X-Error-Code": "EntryNotFound"})
        else:
            digest = hashlib.sha256(body).hexdigest()
            more = {"X-Repo-Commit": COMMIT, "X-Linked-Size": str(len(body)), "X-Linked-ETag": f'"{digest}"'}
            if hub.to == "loop":
                self._answer(302, b"", {"Location": self.path, **more})
            elif hub.to:
                self._answer(302, b"", {"Location": f"{hub.to}/store/{found[1]}/{found[2]}", **more})
            else:
                self._send(body, {"ETag": f'"{digest}"', **more})

    def _send(self, body: bytes, more: dict[str, str] | None = None) -> None:
        hub, begin = self.server, 0
        if (asked := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))) and hub.ranges:
            begin = int(asked[1])
            if begin >= len(body):
                self._answer(416, b"", {})
                return
        self.send_response(206 if begin else 200)
        for name, value in (more or {}).items():
            self.send_header(name, value)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        rest = body[begin:] + hub.too_much
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if self.command == "HEAD":
            return
        cut = hub.cut_after.pop(0) if hub.cut_after else len(rest)
        try:
            self.wfile.write(rest[: min(cut, len(rest) // 2)])
            self.wfile.flush()
            hub.go_on.wait()
            self.wfile.write(rest[min(cut, len(rest) // 2) : cut])
        except (BrokenPipeError, ConnectionResetError):
            return

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def hub() -> Iterator[FakeHub]:
    """A hub, while the block runs."""
    service = FakeHub()
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.go_on.set()
        service.shutdown()
        service.server_close()
        thread.join()
