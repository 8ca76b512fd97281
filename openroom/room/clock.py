"""Time, passed in wherever it matters so that tests and evaluations can set it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], int]
"""Milliseconds since 1970-01-01 UTC."""


_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def moment(ms: int) -> datetime:
    """The moment of so many milliseconds since 1970, in UTC, to the millisecond. Raises `OverflowError` for one that no
    calendar has."""
    return _BEGAN + ms * _MS


def since_1970(when: datetime) -> int:
    """Whole milliseconds from 1970 to a moment; negative before."""
    return (when - _BEGAN) // _MS


def system_clock() -> int:
    return time.time_ns() // 1_000_000
