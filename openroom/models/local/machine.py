"""What this machine has, and whether a model fits it: memory and cores, no more.

The speed is a rule of three from what was measured here (docs/local-model.md): 9 tokens a second for 1.117 GB of
weights on two cores without a GPU. More cores and smaller files are taken to be quicker in proportion, which is so
only about. A GPU is not looked for.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Fit = Literal["well", "slow", "no", "unknown"]
CACHE_BYTES = 160_000
"""Bytes of cache for one token where nobody has said how many: more than those that are known need."""
_MEASURED_SPEED, _MEASURED_SIZE, _MEASURED_CORES = 9.0, 1_117_320_768, 2
_ENGINE_BYTES = 500_000_000
_SHARE = 0.75
"""What of the memory weights and cache may take: the rest is for the rooms and everybody else."""
_WELL = 6.0
"""Tokens a second; about what a person reads, and below it a reply is waited for."""
_CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


@dataclass(frozen=True, slots=True)
class Machine:
    """``memory`` in bytes (0: not known), ``cores`` that we may use; ``tokens`` that the engine keeps in its cache."""

    memory: int
    cores: int
    tokens: int = 4 * 4096

    def need(self, size: int, cache_bytes: int = CACHE_BYTES) -> int:
        """Bytes of memory that weights of ``size`` take while they run."""
        return size + cache_bytes * self.tokens + _ENGINE_BYTES

    def speed(self, size: int) -> float:
        """Tokens a second, estimated."""
        return _MEASURED_SPEED * (_MEASURED_SIZE / max(size, 1)) * (self.cores / _MEASURED_CORES)

    def fit(self, size: int, cache_bytes: int = CACHE_BYTES) -> Fit:
        """Whether weights of ``size`` bytes run here: well, slowly, not at all (too little memory), or not known."""
        if self.memory and self.need(size, cache_bytes) > _SHARE * self.memory:
            return "no"
        if not self.memory:
            return "unknown"
        return "well" if self.speed(size) >= _WELL else "slow"


def this_machine(tokens: int = 4 * 4096, threads: int = 0) -> Machine:
    """The machine we run on, as its system (or the container around us) says. ``threads`` 0 means one a core."""
    limits = [memory for memory in (_system_memory(), *map(_container_memory, _CGROUPS)) if memory]
    return Machine(min(limits, default=0), threads or _cores(), tokens)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _system_memory() -> int:
    with suppress(AttributeError, ValueError, OSError):
        return max(0, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    kilobytes = ctypes.c_ulonglong(0)
    with suppress(KeyError, AttributeError, OSError):  # only Windows has it
        vars(ctypes)["windll"].kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
    return kilobytes.value * 1024


def _container_memory(file: str) -> int:
    """The limit that a container sets; 0 where there is none."""
    with suppress(OSError, ValueError):
        return int(Path(file).read_text(encoding="ascii"))
    return 0
