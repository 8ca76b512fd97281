"""Where tests start processes: whatever happens to the test, the process and all that it started are gone after it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from typing import Any

from tests.waiting import PATIENCE

_PIPES = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
_TO_ITS_END = 3 * PATIENCE
"""A command to its end is more than one thing to wait for: building a wheel, say."""
_LAST_WORDS = 20.0


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    """A process that leads a group of its own, for who can promise to `end` it; `running` does."""
    return subprocess.Popen(command, text=True, start_new_session=True, **options)


def end(process: subprocess.Popen[Any]) -> None:
    """Ask it and all that it has started to end, and kill what does not; returns when it is gone."""
    with contextlib.suppress(ProcessLookupError):  # there is nobody in its group any more
        os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + _LAST_WORDS
        while time.monotonic() < deadline:
            process.poll()
            os.killpg(process.pid, 0)
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


@contextlib.contextmanager
def running(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process for as long as the block lasts."""
    process = start(command, **options)
    try:
        yield process
    finally:
        end(process)


def run(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; its exit code and what it printed."""
    with running(command, **_PIPES | options) as process:
        out, err = process.communicate(timeout=_TO_ITS_END)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def gone(pid: int) -> bool:
    """Whether there is no such process any more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def end_when_asked() -> None:
    """Have SIGTERM end this process as Ctrl-C does: what it has started is in groups of their own, and would stay."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
