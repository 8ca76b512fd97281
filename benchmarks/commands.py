"""What a command costs: CPU seconds, user and system, of it and all that it starts; and how soon a server ends.

CPU and not time, as a person waits for both, and the time depends on what else the machine does. A first round is
played for the bytecode and not counted.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.builds import Build
from benchmarks.rooms_load import Load
from benchmarks.rooms_servers import cpu_clock, openroom, process, until, variables
from benchmarks.rooms_table import Row, missing

_CONNECTED = 20
_OPENROOM = [sys.executable, "-m", "openroom"]


@contextmanager
def commands(build: Build, _seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
    """A round runs each command once."""

    def play() -> list[Row]:
        with tempfile.TemporaryDirectory(prefix="openroom-bench-") as name:
            folder = Path(name)
            return [
                _run(build, folder, ["--help"], goal=0.6, aim=0.4),
                _run(build, folder, ["--version"]),
                _run(build, folder, ["check"], goal=2.0, aim=1.2),
                _serve(build, folder, goal=3.5, aim=2.0),
            ]

    play()
    yield play


@contextmanager
def endings(build: Build, seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
    """A round ends a server in which clients talk, as an operator or a supervisor does."""

    def play() -> list[Row]:
        with openroom(build, memory=False) as server, Load(server, _CONNECTED, 1) as load:
            load.round(seconds)
            told = time.monotonic()
            os.kill(server.pid, signal.SIGTERM)
            os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
            taken = time.monotonic() - told
        what = f"a server with {_CONNECTED} clients, from SIGTERM to its end"
        return [Row("ending", what, taken, 5.0, "most", "s")]

    yield play


def _run(build: Build, folder: Path, arguments: list[str], goal: float | None = None, aim: float | None = None) -> Row:
    what = f"openroom {' '.join(arguments)}: CPU"
    given = build.environment | variables({"data": str(folder)})
    before = _reaped()
    done = subprocess.run(
        [*_OPENROOM, *arguments], cwd=build.root, env=given, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        return missing("commands", what, f"ended with {done.returncode}")
    return Row("commands", what, _reaped() - before, goal, "most", "s", aim=aim)


def _reaped() -> float:
    """CPU seconds of all processes that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _serve(build: Build, folder: Path, goal: float, aim: float) -> Row:
    ready = folder / "ready.json"
    given = {"data": str(folder), "model": "understudy", "discover": "0", "port": "0", "log_level": "error"}
    with process([*_OPENROOM, "serve"], build, variables(given | {"ready_file": str(ready)})) as running:
        until(ready.is_file, running)
        spent = tree_cpu(running.pid)
    return Row("commands", "openroom serve until it is ready: CPU", spent, goal, "most", "s", aim=aim)


def tree_cpu(root: int) -> float:
    """CPU seconds so far of a process, of all below it that run, and of those that have ended."""
    stats: dict[int, list[str]] = {}
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            stats[int(one.name)] = (one / "stat").read_text().rpartition(")")[2].split()
    tree = {root}
    while more := {pid for pid, fields in stats.items() if int(fields[1]) in tree} - tree:
        tree |= more
    ended = sum(int(stats[pid][13]) + int(stats[pid][14]) for pid in tree) / os.sysconf("SC_CLK_TCK")
    return ended + sum(map(cpu_clock, tree))
