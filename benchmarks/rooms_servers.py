"""Starts and stops the servers that are measured, and reads what they cost from /proc."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "bench"
_COLYSEUS = ROOT / "benchmarks" / "peers" / "colyseus"
_START_SECONDS = 60

HALL = """\
format: 1
id: hall
title: The hall
line: A bare hall with a lamp.
description: A bare hall. Nobody lives here.
max_players: 1000
props:
  - {id: lamp, kind: lamp}
"""


class NotMeasured(Exception):
    """A server is not to be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: which (``openroom``, ``colyseus``, ``websockets``, ``coalesced``), where, and its process."""

    kind: str
    port: int
    pid: int
    folder: Path

    def cpu(self) -> float:
        """CPU seconds used so far; nan where /proc is not there."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return float("nan")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident KB; nan where /proc is not there."""
        try:
            text = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        except OSError:
            return float("nan")
        return float(next(line.split()[1] for line in text.splitlines() if line.startswith("Rss:")))


@contextmanager
def openroom(folder: Path, *, memory: bool = True, gui: bool = False, **settings: str) -> Iterator[Server]:
    """The real server with the bare hall as a scene; ``memory`` keeps its log in memory instead of SQLite."""
    scene = folder / "scenes" / "hall" / "scene.yaml"
    scene.parent.mkdir(parents=True, exist_ok=True)
    scene.write_text(HALL, encoding="utf-8")
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    given = {
        "data": str(folder / "data"),
        "scenes": f"{folder / 'scenes'}{os.pathsep}{ROOT / 'scenes'}",
        "characters": str(ROOT / "characters"),
        "model": "understudy",
        "discover": "0",
        "port": "0",
        "rate_per_second": "1000000",
        "rate_burst": "1000000",
        "connections_per_address": "2000",
        "max_players_per_room": "1000",
        "heartbeat_seconds": "600",
        "grace_seconds": "1",
        "log_level": "error",
        "ready_file": str(ready),
    }
    environment = {f"OPENROOM_{name.upper()}": value for name, value in (given | settings).items()}
    flags = ["--memory"] * memory + ["--gui"] * gui
    with _process([sys.executable, "-m", "benchmarks.rooms_serve", *flags], environment) as process:
        _until(ready.is_file, process)
        port = int(json.loads(ready.read_text())["url"].rpartition(":")[2])
        yield Server("openroom", port, process.pid, folder)


@contextmanager
def peer(kind: str) -> Iterator[Server]:
    """A server to compare with: ``websockets``, ``coalesced`` or ``colyseus``. Raises `NotMeasured`."""
    if kind == "colyseus":
        command, folder = ["node", "server.js"], colyseus_folder()
    elif kind == "uvloop":
        command, folder = [sys.executable, "-m", "benchmarks.peers.websockets_server", "--uvloop"], ROOT
    else:
        command, folder = [sys.executable, "-m", f"benchmarks.peers.{kind}_server"], ROOT
    with _process(command, {"NODE_ENV": "production"}, folder) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.strip().isdigit():
            raise NotMeasured(f"{kind} did not start")
        yield Server(kind, int(line), process.pid, folder)


def colyseus_folder() -> Path:
    """A build folder with Colyseus in it, installed by npm at first use. Raises `NotMeasured`."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotMeasured("node and npm are not here")
    folder = BUILD / "colyseus"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (_COLYSEUS / "package.json").read_text()
    stamp = folder / ".installed"
    shutil.copy(_COLYSEUS / "server.js", folder)
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.copy(_COLYSEUS / "package.json", folder)
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise NotMeasured(f"npm install ended with {done.returncode}")
        stamp.write_text(wanted)
    return folder


@contextmanager
def _process(command: list[str], more: dict[str, str], folder: Path = ROOT) -> Iterator[subprocess.Popen[str]]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("OPENROOM_", "OPENAI_"))}
    process = subprocess.Popen(command, cwd=folder, env=kept | more, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _until(true: object, process: subprocess.Popen[str]) -> None:
    assert callable(true)
    end = time.monotonic() + _START_SECONDS
    while not true():
        if process.poll() is not None or time.monotonic() > end:
            raise NotMeasured("the server did not start")
        time.sleep(0.02)
