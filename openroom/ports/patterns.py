"""The Patterns port: looking for untrusted regular expressions in lines, outside of this process.

Such patterns come with imported cards. Each has a limit of time; one that overruns it is off from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from openroom.core.lore.match import Key
from openroom.core.lore.moment import Found


class Patterns(Protocol):
    """Scans texts for JavaScript regular expressions."""

    async def scan(self, patterns: Sequence[Key], texts: Collection[str]) -> Found:
        """Which of ``patterns`` each text holds. Never raises: a pattern that does not work holds nowhere."""
        ...

    def off(self, pattern: Key) -> str:
        """Why a pattern is off (it ran too long, it is none, there is no engine); empty while it is not."""
        ...
