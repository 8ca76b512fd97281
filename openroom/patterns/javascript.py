"""JavaScript regular expressions of lorebooks, in a helper process that starts with the first and ends with us.

A pattern is untrusted and its engine knows no limit of time, so it runs apart: whoever overruns ends the helper, is
off from then on, and the next scan gets a new one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from openroom.core.lore.match import Key
from openroom.core.lore.moment import Found
from openroom.patterns import helper
from openroom.ports.patterns import Allowance

_log = logging.getLogger("openroom.lore")

SCAN_SECONDS = helper.CPU_SECONDS
"""So long one pattern may take in one scan: of the processor's time where the helper can tell, else by the clock."""
_PATIENCE = 40
"""A helper that keeps its own limit is waited for so many times as long: the machine may have other things to do."""
_START_SECONDS = 20.0
_MOST_TEXT = 8_000
"""Of a longer text the first so many characters are looked at."""
_MOST_ANSWER = 1 << 20
_WRONG = (TimeoutError, OSError, ValueError, EOFError)
"""What comes of a helper that overran, has ended or says nonsense."""
NO_ENGINE = "the package regress, which runs JavaScript patterns, is not installed or does not start"


class JavaScriptPatterns:
    """A `openroom.ports.patterns.Patterns`. `close` it at the end; it starts again when it is asked again."""

    def __init__(self, command: Sequence[str] = (sys.executable, "-P", str(Path(helper.__file__)))) -> None:
        self._command = tuple(command)
        self._process: Process | None = None
        self._limit = SCAN_SECONDS
        self._one_at_a_time = asyncio.Lock()
        self._off: dict[Key, str] = {}
        self._broken = False
        self.starts = 0
        """How often the helper was started."""

    @property
    def pid(self) -> int | None:
        """The helper's process id, while it runs."""
        return self._process.pid if self._process is not None else None

    def off(self, pattern: Key) -> str:
        """Why a pattern is off; empty while it is not."""
        return self._off.get(pattern, NO_ENGINE if self._broken else "")

    async def scan(self, patterns: Sequence[Key], texts: Collection[str], allowance: Allowance | None = None) -> Found:
        """Which patterns each text holds. One that does not work holds nowhere and is logged once; one that the
        ``allowance`` has no time for is missed."""
        asked = list(texts)
        held: dict[str, set[Key]] = {text: set() for text in asked}
        if asked:
            async with self._one_at_a_time:
                for pattern in patterns:
                    if self.off(pattern):
                        continue
                    if allowance is not None and allowance.left <= 0:
                        allowance.missed.add(pattern)
                    else:
                        found = await self._ask(pattern, asked, allowance)
                        for text in (text for text, is_in in zip(asked, found, strict=False) if is_in):
                            held[text].add(pattern)
        return {text: frozenset(keys) for text, keys in held.items()}

    async def close(self) -> None:
        """End the helper; returns once it is gone."""
        async with self._one_at_a_time:
            await self._end()

    async def _ask(self, pattern: Key, texts: Sequence[str], allowance: Allowance | None) -> list[bool]:
        """What the helper says of one pattern. Whatever goes wrong puts this pattern off, and no other."""
        took = SCAN_SECONDS
        try:
            answer = await self._answered(pattern, texts)
            took = float(answer.get("took", 0.0))
            return [bool(one) for one in answer.get("found", ())]
        except _WRONG:
            self._put_off(pattern, f"it took more than {SCAN_SECONDS * 1000:.0f} ms, or broke the engine")
            return []
        finally:
            if allowance is not None:
                allowance.left -= took

    async def _answered(self, pattern: Key, texts: Sequence[str]) -> dict[str, Any]:
        """The helper's answer; an empty one where there is no engine. Raises one of `_WRONG`, and has ended the helper
        then."""
        body = {"source": pattern.text, "flags": pattern.flags, "texts": [text[:_MOST_TEXT] for text in texts]}
        try:
            process = self._process or await self._start()
            if process is None:
                return {}
            async with asyncio.timeout(self._limit):
                answer = await _exchange(process, body)
        except BaseException:  # who is cancelled, too, leaves an answer behind that nobody waits for
            await self._end()
            raise
        if "error" in answer:
            self._put_off(pattern, f"it is no JavaScript regular expression: {answer['error']}")
        return answer

    async def _start(self) -> Process | None:
        """A new helper; ``None``, and no other try, where there is no engine."""
        self.starts += 1
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_MOST_ANSWER
            )
            self._process = process
            async with asyncio.timeout(_START_SECONDS):
                said = await _answer(process)
        except _WRONG:
            said = {}
        except BaseException:
            await self._end()
            raise
        if not said.get("ready"):
            await self._end()
            self._broken = True
            _log.warning("lore: %s: keys that are patterns are off", NO_ENGINE)
            return None
        self._limit = SCAN_SECONDS * (_PATIENCE if said.get("timed") else 1)
        return process

    def _put_off(self, pattern: Key, why: str) -> None:
        self._off[pattern] = why
        _log.warning("lore: a key is off", extra={"key": str(pattern)[:200], "reason": why})

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        with suppress(ProcessLookupError):
            if process.returncode is None:
                process.kill()
        await asyncio.shield(asyncio.ensure_future(_gone(process)))


async def _gone(process: Process) -> None:
    """Wait for the end of a helper that was killed. A pipe that is not read out is not seen to close."""
    assert process.stdout is not None
    while await process.stdout.read(1 << 16):
        pass
    await process.wait()


async def _exchange(process: Process, body: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(json.dumps(body).encode() + b"\n")
    await process.stdin.drain()
    return await _answer(process)


async def _answer(process: Process) -> dict[str, Any]:
    """The next line. Raises EOFError where the helper has ended, ValueError for what is no answer."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise EOFError
    answer = json.loads(line)
    if not isinstance(answer, dict):
        raise ValueError("expected an object")
    return answer
