"""One run of the local engine's child process, from start to end."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from openroom.errors import ModelUnreachable
from openroom.models.local import engine
from openroom.models.local.child import reap

_LAST_LINES = 5


def engine_command() -> tuple[str, ...]:
    """How the engine is started, without its arguments: by path, so that the child imports nothing of openroom."""
    return (sys.executable, "-P", str(Path(engine.__file__)))


class EngineProcess:
    """A running engine: ``address`` (``http://127.0.0.1:PORT``) and the ``key`` that it wants to see.

    Its standard input is a pipe that nobody writes to: the child ends when that closes, also when we are killed.
    """

    def __init__(self, process: Process, key: str) -> None:
        self._process, self.key, self.address = process, key, ""
        self._errors: deque[str] = deque(maxlen=_LAST_LINES)
        self._drain = asyncio.create_task(self._drain_errors(), name="engine stderr")

    @classmethod
    async def start(cls, command: Sequence[str], *, limit: float) -> Self:
        """Start it and wait until it serves; raises `ModelUnreachable` if it does not within ``limit`` seconds."""
        key = secrets.token_urlsafe(24)
        env = {**os.environ, "OPENROOM_ENGINE_KEY": key}
        try:
            process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=env)
        except OSError as error:
            raise ModelUnreachable(f"The local engine could not be started: {error}.") from error
        self = cls(process, key)
        try:
            async with asyncio.timeout(limit):
                await self._hear()
        except TimeoutError:
            await self.stop()
            raise ModelUnreachable(f"The local engine did not start within {limit:.0f} seconds.") from None
        except BaseException:  # cancelled, or it said why not: no child may stay behind
            await self.stop()
            raise
        return self

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    async def wait(self) -> str:
        """Wait until it has ended by itself; a clause that says how."""
        code = await self._process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"{how}{self._said()}"

    async def stop(self) -> None:
        """End it now; returns once it is gone."""
        await reap(self._process, self._drain)

    async def _hear(self) -> None:
        """Read the one line it writes when it serves, or cannot."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise ModelUnreachable(f"The local engine ended while starting ({await self.wait()}).")
        try:
            said = json.loads(line)
            ready, text = said["ready"], str(said["address"] if said["ready"] else said["reason"])
        except (ValueError, KeyError, TypeError):
            raise ModelUnreachable(f"The local engine said what it should not: {line[:200]!r}.") from None
        if not ready:
            raise ModelUnreachable(f"The local model cannot run here: {text}.")
        self.address = text

    async def _drain_errors(self) -> None:
        """Keep the last lines of what the native library prints; a full pipe would stop it."""
        assert self._process.stderr is not None
        while piece := await self._process.stderr.read(4096):
            lines = piece.decode("utf-8", "replace").splitlines()
            self._errors.extend(line.strip() for line in lines if line.strip())

    def _said(self) -> str:
        return f": {self._errors[-1][:200]}" if self._errors else ""
