"""Servers whose data folder holds a run in which an edit waits for approval."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.record_run import helpful, record, two_faced
from tests.server.live import Live, live


@pytest.fixture(scope="session")
def a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which a helpful edit waits for approval; each test gets a copy."""
    folder = tmp_path_factory.mktemp("recorded")
    asyncio.run(record(folder, rounds=1, calls=400, suggested=[helpful()]))
    return folder


@pytest.fixture(scope="session")
def a_two_faced_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which an edit waits that helps here and hurts there, which its objective allows."""
    folder = tmp_path_factory.mktemp("two_faced")
    asyncio.run(record(folder, rounds=1, calls=400, suggested=[two_faced()], tolerance=1.0))
    return folder


@pytest.fixture
async def tuned(a_run: Path, tmp_path: Path) -> AsyncIterator[Live]:
    """A server on a copy of that folder."""
    shutil.copytree(a_run, tmp_path / "data")
    async with live(tmp_path) as running:
        yield running


@pytest.fixture
async def two_faced_tuned(a_two_faced_run: Path, tmp_path: Path) -> AsyncIterator[Live]:
    """A server on a copy of the other folder."""
    shutil.copytree(a_two_faced_run, tmp_path / "data")
    async with live(tmp_path) as running:
        yield running
