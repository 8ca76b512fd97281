"""The small house of `tests.room`."""

from tests.room.conftest import clock, open_lobby

__all__ = ["clock", "open_lobby"]
