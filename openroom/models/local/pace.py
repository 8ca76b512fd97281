"""How fast a local engine reads a prompt from cold: measured while it works, kept beside the weights, taken up by the
next process. So the budgets that hang on it (`openroom.ports.budget`) stay the same for as long as one runs, and with
them the prompts that a cache keeps.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

_STEPS = (5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320)
"""Tokens a second, each about 1.4 times the last: what a machine has else to do changes no step, or one."""
_LEAST_TOKENS = 200
"""A reading of fewer says little: the engine's own beginning counts."""
_READINGS = 3
_FASTER, _SLOWER = 1.6, 0.8
"""What was kept is kept until the best reading is so much more, or less."""
_FILE = "speed.json"
_LOCK = ".speed.lock"
_PATIENCE = 5.0
"""Seconds to wait for another process that keeps a speed in the same folder."""


def step(speed: float) -> int:
    """The coarse step of a speed; the lowest for what is slower, 0 for none."""
    return max((one for one in _STEPS if one <= speed), default=_STEPS[0]) if speed > 0 else 0


class Pace:
    """``speed`` is what was kept when the process began, in tokens a second (0: nothing was), and stays so."""

    def __init__(self, speed: int = 0) -> None:
        self.speed = speed
        self._kept, self._best, self._count = speed, 0.0, 0

    def seen(self, tokens: int, seconds: float) -> int:
        """Take in that so many tokens were read in so long; the step to be kept from now on, 0 where that stays as it
        is. Of all readings of a process the fastest counts: in the others somebody else was at work."""
        if tokens < _LEAST_TOKENS or seconds <= 0:
            return 0
        self._count += 1
        self._best = max(self._best, tokens / seconds)
        if self._count < _READINGS or self._kept * _SLOWER <= self._best < self._kept * _FASTER:
            return 0
        found = step(self._best)
        fresh = found != self._kept
        self._kept = found
        return found if fresh else 0


def read_speed(folder: Path, engine: str) -> int:
    """The step that was kept for an ``engine`` (weights and how they run); 0 for none. Blocking."""
    speed = _read(folder).get(engine)
    return speed if isinstance(speed, int) and speed in _STEPS else 0


def keep_speed(folder: Path, engine: str, speed: int) -> None:
    """Keep a step; where the disk takes nothing, or knows no locks, nothing is kept. Blocking."""
    if not folder.is_dir():
        return
    with suppress(OSError, NotImplementedError), FileLock(folder / _LOCK, timeout=_PATIENCE):
        _write(folder, {**_read(folder), engine: speed})


def _write(folder: Path, speeds: dict[str, object]) -> None:
    """All of the file, or what was there before."""
    with tempfile.NamedTemporaryFile("w", prefix=".speed-", dir=folder, delete=False, encoding="utf-8") as stream:
        fresh = Path(stream.name)
        stream.write(json.dumps(speeds, indent=2))
    try:
        fresh.replace(folder / _FILE)
    finally:
        fresh.unlink(missing_ok=True)


def _read(folder: Path) -> dict[str, object]:
    try:
        kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
