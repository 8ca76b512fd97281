"""The end of a child process."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from contextlib import suppress


async def reap(process: Process, reader: asyncio.Task[None] | None = None) -> None:
    """Kill a child if it still runs; returns once it is gone and its pipes are closed.

    ``reader`` is a task that reads one of its pipes; it is ended. A caller that is cancelled is so afterwards:
    a child that is killed and not waited for stays as a zombie, and its pipes would outlive the loop.
    """
    ending = asyncio.ensure_future(_end(process, reader))
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await ending
        raise


async def _end(process: Process, reader: asyncio.Task[None] | None) -> None:
    if reader is not None:
        reader.cancel()
        await asyncio.wait({reader})
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    await asyncio.gather(*(_to_its_end(pipe) for pipe in (process.stdout, process.stderr) if pipe is not None))
    await process.wait()


async def _to_its_end(pipe: asyncio.StreamReader) -> None:
    """Read a pipe out: one that is full is not seen to close."""
    while await pipe.read(1 << 16):
        pass
