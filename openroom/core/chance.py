"""Chance: the one source of it. A draw depends on a seed and on what is drawn, and on nothing else.

So a replay draws what was drawn, on every machine and in every version of Python, and no generator has a state that
somebody could forget to keep. The seed stands in the event (or follows from what stands there, as its seq does); what
is drawn is named by ``what``: words and numbers, told apart by their place. Two draws of one seed with other names are
independent. Not for secrets: who knows the seed knows the draw.
"""

from __future__ import annotations

import hashlib
import json

_BITS = 53
"""As many as a float between 0.5 and 1 tells apart."""


def roll(seed: str, *what: object) -> float:
    """A number in [0, 1): the first 53 bits of SHA-256 over the JSON list of the seed and of ``what`` as texts."""
    name = json.dumps([seed, *map(str, what)])
    digest = hashlib.sha256(name.encode("ascii")).digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) / (1 << _BITS)
