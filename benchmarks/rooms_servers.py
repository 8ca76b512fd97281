"""Starts and stops the servers that are measured, and reads what they cost from /proc."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.builds import HERE, ROOT, Build

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

    def cpu(self) -> float:
        """CPU seconds used so far, user and system; nan where it cannot be told."""
        return cpu_clock(self.pid)

    def memory(self) -> float:
        """Resident KB; nan where /proc is not there."""
        try:
            text = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        except OSError:
            return float("nan")
        return float(next(line.split()[1] for line in text.splitlines() if line.startswith("Rss:")))


def cpu_clock(pid: int) -> float:
    """CPU seconds of a process, user and system, to the nanosecond, where /proc counts in steps of 10 ms."""
    try:
        return time.clock_gettime(~pid << 3 | 2)  # what clock_getcpuclockid(3) makes of a process id on Linux
    except OSError:
        return float("nan")


@contextmanager
def openroom(build: Build = HERE, *, memory: bool = True, gui: bool = False, **settings: str) -> Iterator[Server]:
    """The real server, with data of its own and the bare hall as a scene; ``memory`` keeps its log in memory instead of
    SQLite."""
    with tempfile.TemporaryDirectory(prefix="openroom-bench-") as name:
        folder = Path(name)
        scene = folder / "scenes" / "hall" / "scene.yaml"
        scene.parent.mkdir(parents=True)
        scene.write_text(HALL, encoding="utf-8")
        flags = ["--memory"] * memory + ["--gui"] * gui
        command = [sys.executable, "-m", "benchmarks.rooms_serve", *flags]
        with process(command, build, variables(_settings(folder, build) | settings)) as running:
            ready = folder / "ready.json"
            until(ready.is_file, running)
            port = int(json.loads(ready.read_text())["url"].rpartition(":")[2])
            yield Server("openroom", port, running.pid)


def _settings(folder: Path, build: Build) -> dict[str, str]:
    return {
        "data": str(folder / "data"),
        "scenes": f"{folder / 'scenes'}{os.pathsep}{build.root / 'scenes'}",
        "characters": str(build.root / "characters"),
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
        "ready_file": str(folder / "ready.json"),
    }


def variables(settings: dict[str, str]) -> dict[str, str]:
    """Settings as the environment gives them."""
    return {f"OPENROOM_{name.upper()}": value for name, value in settings.items()}


@contextmanager
def peer(kind: str) -> Iterator[Server]:
    """A server to compare with: ``websockets``, ``coalesced`` or ``colyseus``. Raises `NotMeasured`."""
    if kind == "colyseus":
        command, folder = ["node", "server.js"], colyseus_folder()
    elif kind == "uvloop":
        command, folder = [sys.executable, "-m", "benchmarks.peers.websockets_server", "--uvloop"], ROOT
    else:
        command, folder = [sys.executable, "-m", f"benchmarks.peers.{kind}_server"], ROOT
    with process(command, HERE, {"NODE_ENV": "production"}, folder) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        if not line.strip().isdigit():
            raise NotMeasured(f"{kind} did not start")
        yield Server(kind, int(line), running.pid)


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
def process(
    command: list[str], build: Build, more: dict[str, str] | None = None, folder: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process of a build, which is told to end afterwards; its input and output are pipes."""
    given, pipe = build.environment | (more or {}), subprocess.PIPE
    running = subprocess.Popen(command, cwd=folder or build.root, env=given, stdin=pipe, stdout=pipe, text=True)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        for stream in (running.stdin, running.stdout):
            if stream is not None:
                stream.close()


def until(true: Callable[[], bool], running: subprocess.Popen[str]) -> None:
    """Wait for a process to get there. Raises `NotMeasured` when it has ended instead, or takes too long."""
    end = time.monotonic() + _START_SECONDS
    while not true():
        if running.poll() is not None or time.monotonic() > end:
            raise NotMeasured("the server did not start")
        time.sleep(0.02)
