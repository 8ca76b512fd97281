"""A lobby in memory, as the rooms' tests have it."""

from __future__ import annotations

from tests.room.conftest import open_lobby

__all__ = ["open_lobby"]
