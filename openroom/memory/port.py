"""The memory port: what a turn and a caretaker ask of a memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from openroom.core.memory import Recall, Remembered, Witnessed


class Memory(Protocol):
    """What characters remember."""

    async def recall(self, query: Recall) -> list[Remembered]:
        """Memories worth having in the prompt now, most useful first, each with ``why``."""
        ...

    async def witness(self, owner: str, lines: Sequence[Witnessed], *, own_name: str = "") -> list[Remembered]:
        """Remember what ``owner`` has just perceived; what was written."""
        ...

    async def forget_range(self, room: str, after: int, until: int | None = None) -> None:
        """Drop memories that come only from events of ``room`` with ``after < seq <= until`` (an undone branch)."""
        ...
