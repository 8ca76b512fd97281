"""Randomness from names: each use has a seed of its own, derived from the run's seed and what it is for.

So a resumed run draws what the interrupted one would have drawn, whatever the order of events.
"""

from __future__ import annotations

import hashlib
import random

_SEED_BITS = 48


def derive(run_seed: int, *purpose: object) -> int:
    """A seed in 0..2^48-1 from the run's seed and the purpose (words and numbers that name the use)."""
    name = "\x1f".join(str(part) for part in (run_seed, *purpose))
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> (64 - _SEED_BITS)


def rng_for(run_seed: int, *purpose: object) -> random.Random:
    """A generator seeded by `derive`. Not for secrets."""
    return random.Random(derive(run_seed, *purpose))  # noqa: S311
