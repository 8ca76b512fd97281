"""The memory port: what a character's turn asks for and hands over, and how people look after what is remembered.

The local default is `openroom.memory.local.LocalMemory`. An own memory needs `recall` and `witness` for play; the
rest is for the pages on which people see, correct and forget. Without `forgotten`, `corrected` and `still` what was
recalled stays in the talk that it was recalled in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from typing import Protocol

from openroom.ports.memory_rows import Recall, Remembered, Witnessed


class Memory(Protocol):
    """What characters remember. Texts are from the character's point of view: "you" in them is the character."""

    async def recall(self, wanted: Recall) -> list[Remembered]:
        """Memories that help with the next reply, in the order to show them; each says ``why`` it was chosen.

        Nothing that came from a whisper is among them unless everybody present was party to it.
        """
        ...

    async def witness(
        self, owner: str, lines: Sequence[Witnessed], own_name: str = "", persona: Sequence[str] = ()
    ) -> list[Remembered]:
        """Remember lines of one room that ``owner`` newly perceived, oldest first, its own among them.

        The same lines again change nothing. ``persona`` are statements of the character's own card: they are known, and
        never become memories. What was written comes back.
        """
        ...

    async def about(self, owner: str, subject: str) -> list[Remembered]:
        """All that ``owner`` remembers about ``subject``, under whatever mask, what no longer holds too, newest
        first."""
        ...

    async def correct(self, id: str, text: str) -> Remembered | None:
        """Put a better text in a memory's place; the old one stays as history. ``None``: there is no such memory."""
        ...

    async def forget(self, id: str) -> bool:
        """Delete a memory and what else holds its words; the same statement is not remembered again."""
        ...

    async def forget_event(self, room: str, seq: int) -> int:
        """An event was erased: delete what came from it. How many memories went."""
        ...

    async def forget_range(self, room: str, after: int, until: int | None = None) -> int:
        """Events with ``after < seq <= until`` were undone: delete what came from them only. How many memories went."""
        ...

    async def forget_person(self, subject: str) -> int:
        """Delete all that anybody remembers about a person, and their words, under whatever mask (or under one, where
        that is what ``subject`` is). How many memories went."""
        ...

    @property
    def forgotten(self) -> int:
        """How often something was forgotten or corrected since the start: as long as it is the same, all that was
        recalled is still remembered, as it was."""
        ...

    @property
    def corrected(self) -> Set[str]:
        """The ids of what was corrected since the start, as it was before."""
        ...

    async def still(self, owner: str, events: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those of these events (room, seq) that something comes from which ``owner`` remembers."""
        ...
