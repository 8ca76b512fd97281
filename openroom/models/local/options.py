"""How a local model runs, and how it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from openroom.models.endpoint.wire import Timeouts
from openroom.models.local.engine import EngineSettings
from openroom.models.local.fetch import Sources

LocalState = Literal["absent", "fetching", "starting", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class LocalStatus:
    """How the local model is: ``text`` is a sentence for people; ``done`` of ``total`` bytes while it is fetched."""

    state: LocalState
    text: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class LocalTiming:
    """Seconds: for a start, between two looks at the engine's health, and the waits after failures (doubling)."""

    start: float = 240.0
    health: float = 10.0
    backoff: float = 0.5
    backoff_cap: float = 300.0
    steady: float = 60.0


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """How a `LocalModel` runs: ``parallel`` calls are worked on at a time.

    ``sources`` are where weights come from; tests give their own engine ``command``. What was read of prompts is kept
    on disk, ``states_mb`` MB of it at most (0: nothing).
    """

    engine: EngineSettings = field(default_factory=EngineSettings)
    parallel: int = 2
    timing: LocalTiming = field(default_factory=LocalTiming)
    timeouts: Timeouts = field(default_factory=lambda: Timeouts(first=180.0, between=60.0, total=360.0))
    command: tuple[str, ...] | None = None
    sources: Sources | None = None
    states_mb: int = 1024
