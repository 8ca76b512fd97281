"""Opening the default memory over a store's rows."""

from __future__ import annotations

import time
from collections.abc import Callable

from openroom.memory.embed import installed_embedder
from openroom.memory.local import LocalMemory
from openroom.ports.memory import Memory
from openroom.ports.memory_rows import MemoryRows


def _now() -> int:
    return time.time_ns() // 1_000_000


def open_memory(rows: MemoryRows, clock: Callable[[], int] = _now) -> Memory:
    """The default memory over a store's rows; by meaning too where the ``embeddings`` extra is installed."""
    return LocalMemory(rows, clock, installed_embedder())
