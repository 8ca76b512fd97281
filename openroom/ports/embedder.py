"""The port to what compares texts by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """Compares texts by meaning. Called in threads."""

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        """The similarity (-1..1) of each text to the query."""
        ...
