"""What a room knows of those who play its characters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from openroom.core.actor import Actor


class Cast(Protocol):
    """The characters' side of a room. `openroom.cast.director.Director` is one; `Nobody` stands in where there is
    none.
    """

    def chip(self) -> Mapping[str, Any]:
        """Who speaks for the characters, in the words of the ``model`` message; empty where nobody does."""
        ...

    def turns(self) -> list[dict[str, Any]]:
        """Who is thinking or speaking now, as snapshots show it."""
        ...

    def typing(self) -> None:
        """A person types: whoever wants to speak of their own accord waits."""
        ...

    def stop(self, actor: Actor) -> bool:
        """Stop what is being said; whether ``actor`` could stop something."""
        ...

    def recite(self, actor: Actor, turn: str) -> bool:
        """Have the author's lines answer in a turn, if no word of it is there; whether ``actor`` could do so."""
        ...


class Nobody:
    """No cast: a room in which no character answers."""

    def chip(self) -> Mapping[str, Any]:
        return {}

    def turns(self) -> list[dict[str, Any]]:
        return []

    def typing(self) -> None:
        """Nobody waits."""

    def stop(self, actor: Actor) -> bool:
        """There is nothing to stop."""
        del actor
        return False

    def recite(self, actor: Actor, turn: str) -> bool:
        """There is no turn."""
        del actor, turn
        return False
