"""A real openroom server in a process of its own, for the browser tests."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from tests import processes
from tests.waiting import PATIENCE


class Server:
    """`openroom serve` on a free loopback port with a data folder of its own, the understudy and no discovery. A model
    is taken for an able one: measuring it would begin in any five seconds in which a test does nothing, and what it
    says would hang on how fast the test is.

    `url` ends without a slash; `operator_url` is the one-time link that makes a browser operator. Further settings go
    in `env` (names without OPENROOM_, such as `rate_burst="5"`). `stop`, `kill` and `start` keep folder and port.
    As a context manager it is gone at the end, whatever happens.
    """

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.log_file = folder / "server.log"
        self.ready_file = folder / "ready.json"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.operator_url = ""
        self._env = env
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def start(self, seconds: float = PATIENCE) -> None:
        """Start and wait until it answers; fails with the end of the log if it does not."""
        self.ready_file.unlink(missing_ok=True)
        with self.log_file.open("ab") as log:
            self._process = processes.start(
                [sys.executable, "-m", "openroom", "serve"],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + seconds
        while not (ready := self._ready()):
            if self._process.poll() is not None or time.monotonic() > deadline:
                state = "ended" if self._process.poll() is not None else f"did not answer in {seconds:.0f} s"
                self.kill()
                raise AssertionError(f"the server {state}:\n{self.log()[-4000:]}")
            time.sleep(0.05)
        self.url = ready["url"].rstrip("/")
        self.operator_url = ready.get("operator_url", "")

    def stop(self, seconds: float = PATIENCE) -> None:
        """Ask it to end, as Ctrl-C would, and fail if it does not."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(
                f"the server did not end {seconds:.0f} s after SIGTERM:\n{self.log()[-4000:]}"
            ) from None

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            processes.end(self._process)

    def log(self) -> str:
        """Everything it has printed so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.is_file() else ""

    def _ready(self) -> dict[str, str]:
        """What the server says of itself; empty while it says nothing, or only half of it."""
        try:
            return dict(json.loads(self.ready_file.read_text(encoding="utf-8")))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.upper().startswith(("OPENROOM_", "OPENAI_", "NICEGUI_"))}
        settings = {
            "host": "127.0.0.1",
            "port": str(self.port),
            "data": str(self.folder / "data"),
            "model": "understudy",
            "model_level": "able",
            "discover": "0",
            "ready_file": str(self.ready_file),
            **self._env,
        }
        kept |= {f"OPENROOM_{name.upper()}": value for name, value in settings.items()}
        return kept | {"PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
