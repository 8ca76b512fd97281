"""The helper process that runs JavaScript regular expressions, by the ``regress`` package.

It is started by path and imports nothing of openroom. It reads one JSON object a line (``{"source", "flags",
"texts"}``) and answers each with one (``{"found": [true, false, ...]}`` or ``{"error": "..."}``, with the seconds of
the processor that it ``took``). Where the system can,
it dies when one scan has taken ``CPU_SECONDS`` of the processor: whoever waits sees its end. It ends with its input.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

CPU_SECONDS = 0.05
_TIMED = hasattr(signal, "setitimer")

Find = Callable[[str], Any]
"""Finds a pattern in a text: ``None`` where it is not."""


def serve(compiled: Callable[[str, str], Find], failed: type[Exception]) -> None:
    """Answer until the input ends. ``failed`` is what ``compiled`` raises for what is no pattern."""
    finds: dict[tuple[str, str], Find] = {}
    _say({"ready": True, "timed": _TIMED})
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        pattern = asked["source"], asked["flags"]
        _limit(CPU_SECONDS)
        began = time.process_time()
        try:
            find = finds.get(pattern) or compiled(*pattern)
            answer: dict[str, Any] = {"found": [find(text) is not None for text in asked["texts"]]}
        except failed as error:
            _limit(0)
            _say({"error": str(error)[:200], "took": time.process_time() - began})
            continue
        _limit(0)
        finds[pattern] = find
        _say({**answer, "took": time.process_time() - began})


def _limit(seconds: float) -> None:
    if _TIMED:
        signal.setitimer(signal.ITIMER_PROF, seconds)  # nobody handles SIGPROF: it ends the process


def _say(body: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(body) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve with the real engine."""
    try:
        from regress import Regex, RegressError  # noqa: PLC0415 - who lacks it is to be told so
    except ImportError:
        _say({"ready": False})
        return
    serve(lambda source, flags: Regex(source, flags).find, RegressError)


if __name__ == "__main__":
    main()
