"""The Patterns port: looking for untrusted regular expressions in lines, outside of this process.

Such patterns come with imported cards. Each has a limit of time; one that overruns it is off from then on. A turn's
scans have one together (`Allowance`): a book may hold thousands of patterns.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from openroom.core.lore.match import Key
from openroom.core.lore.moment import Found

TURN_SECONDS = 0.25
"""So long all scans of one turn may take together, of the processor's time."""


@dataclass(slots=True)
class Allowance:
    """What a turn's scans may still take, in seconds; once nothing is ``left``, patterns are ``missed``."""

    left: float = TURN_SECONDS
    missed: set[Key] = field(default_factory=set)


class Patterns(Protocol):
    """Scans texts for JavaScript regular expressions."""

    async def scan(self, patterns: Sequence[Key], texts: Collection[str], allowance: Allowance | None = None) -> Found:
        """Which of ``patterns`` each text holds. Never raises: a pattern that does not work holds nowhere. Those that
        the ``allowance`` (``None``: no bound) has no time for are put among its missed ones, and hold nowhere yet."""
        ...

    def off(self, pattern: Key) -> str:
        """Why a pattern is off (it ran too long, it is none, there is no engine); empty while it is not."""
        ...
