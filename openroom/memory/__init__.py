"""What characters remember, behind one small port."""

from __future__ import annotations

import time
from collections.abc import Callable

from openroom.core.memory import MemoryRows
from openroom.memory.embed import installed_embedder
from openroom.memory.local import LocalMemory
from openroom.memory.port import Memory

__all__ = ["LocalMemory", "Memory", "open_memory"]


def _now() -> int:
    return time.time_ns() // 1_000_000


def open_memory(rows: MemoryRows, clock: Callable[[], int] = _now) -> Memory:
    """The default memory over a store's rows; by meaning too where the ``embeddings`` extra is installed."""
    return LocalMemory(rows, clock, installed_embedder())
