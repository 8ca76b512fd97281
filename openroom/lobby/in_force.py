"""The version of a character that rooms play, as the store has it."""

from __future__ import annotations

from openroom.core.harness import Harness, load_harness
from openroom.ports.store import Versions


async def version_in_force(store: Versions, character: str) -> Harness | None:
    """The active version; ``None``: the author's own. Raises `StoreError`, and `HarnessError` for one that can't be
    read."""
    digest = await store.active(character)
    version = await store.version(character, digest) if digest else None
    return load_harness(version.body) if version else None
