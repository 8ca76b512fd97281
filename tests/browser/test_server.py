"""The server fixture itself, on a small stand-in for the package: what it waits for, and what it makes of a bad end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.browser.server import Server
from tests.waiting import PATIENCE, wait_until

STAND_IN = """
import json, os, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps([sys.argv[1:], dict(os.environ)]).encode())

server = HTTPServer(("127.0.0.1", int(os.environ["OPENROOM_PORT"])), Handler)
url = f"http://127.0.0.1:{server.server_port}/"
ready = os.environ["OPENROOM_READY_FILE"]
with open(ready + ".new", "w") as file:
    json.dump({"url": url, "operator_url": url + "?once"}, file)
os.replace(ready + ".new", ready)
print("open at", url, flush=True)
server.serve_forever()
"""


def _package(folder: Path, text: str) -> None:
    (folder / "openroom").mkdir()
    (folder / "openroom" / "__init__.py").touch()
    (folder / "openroom" / "__main__.py").write_text(text, encoding="utf-8")


def test_it_starts_with_safe_settings_and_again_on_the_same_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-whoever-runs-this")
    _package(tmp_path, STAND_IN)
    with Server(tmp_path, rate_burst="5") as server:
        server.start()
        with urlopen(server.url + "/", timeout=PATIENCE) as answer:
            text = answer.read().decode()
        assert '["serve"]' in text
        for said in ('"OPENROOM_MODEL": "understudy"', '"OPENROOM_DISCOVER": "0"', '"OPENROOM_RATE_BURST": "5"'):
            assert said in text
        assert "sk-of-whoever" not in text
        assert server.operator_url == server.url + "/?once"
        first = server.url
        server.stop()
        server.start()
        assert server.url == first
        assert server.log().count("open at") == 2


def test_a_server_that_ends_or_does_not_answer_is_a_failure_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _package(tmp_path, "raise SystemExit('no room left')")
    with pytest.raises(AssertionError, match=r"the server ended:\n(.*\n)*no room left"):
        Server(tmp_path).start()
    (tmp_path / "openroom" / "__main__.py").write_text("import time; print('thinking', flush=True); time.sleep(3600)")
    with Server(tmp_path) as server:
        monkeypatch.setattr(server, "_ready", lambda: wait_until(lambda: "thinking" in server.log()) and {})
        with pytest.raises(AssertionError, match=r"did not answer in 0 s:\n(.*\n)*thinking"):
            server.start(seconds=0.1)


def test_a_server_that_does_not_end_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _package(
        tmp_path, "import signal\nsignal.signal(signal.SIGTERM, lambda *_: print('not yet', flush=True))" + STAND_IN
    )
    with Server(tmp_path) as server:
        server.start()
        assert server._process is not None
        monkeypatch.setattr(server._process, "wait", _late(server, server._process.wait))
        with pytest.raises(AssertionError, match=r"did not end 1 s after SIGTERM:\n(.*\n)*not yet"):
            server.stop(seconds=1)
        assert server._process.poll() is not None


def _late(server: Server, wait: Callable[..., int]) -> Callable[..., int]:
    """Waits for the process, but not before it has heard that it shall end."""

    def waits(seconds: float | None = None) -> int:
        wait_until(lambda: "not yet" in server.log())
        return wait(seconds)

    return waits
