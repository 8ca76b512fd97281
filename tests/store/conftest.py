"""Stores to test, and small events to put into them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from openroom.ports.store import Store
from openroom.store.inmemory import MemoryStore
from openroom.store.open import open_store
from openroom.store.sql import SqlStore


@pytest.fixture(params=["sql", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Each kind of store: what holds for one holds for the other."""
    url = "memory:" if request.param == "memory" else f"sqlite+aiosqlite:///{tmp_path / 'room.db'}"
    opened = await open_store(url)
    assert isinstance(opened, MemoryStore if request.param == "memory" else SqlStore)
    yield opened
    await opened.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where a store on disk may live."""
    return f"sqlite+aiosqlite:///{tmp_path / 'room.db'}"
