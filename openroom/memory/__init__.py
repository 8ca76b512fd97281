"""What characters remember, behind one small port."""

from openroom.core.memory import MemoryRows
from openroom.memory.port import Memory


class Forgetful:
    """A memory that keeps nothing: for rooms that are to forget. (The lead wrote this so that rooms run; helper-5 replaces
    `open_memory` by the real one.)"""

    async def recall(self, query: object) -> list[object]:
        """Nothing."""
        return []

    async def witness(self, owner: str, lines: object, *, own_name: str = "") -> list[object]:
        """Nothing."""
        return []

    async def forget_range(self, room: str, after: int, until: int | None = None) -> None:
        """Nothing to forget."""


def open_memory(rows: MemoryRows) -> Memory:
    """The memory over a store's rows."""
    return Forgetful()  # type: ignore[return-value]


__all__ = ["Memory", "open_memory"]
