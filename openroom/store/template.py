"""A migrated database in memory, copied into each further one: evaluations and tests open them by the hundred."""

from __future__ import annotations

import sqlite3
from threading import Lock

from sqlalchemy import Engine

_lock = Lock()
_template: list[sqlite3.Connection] = []


def copy_template(engine: Engine) -> bool:
    """Fill the empty in-memory database behind ``engine``; false when there is nothing to copy yet."""
    with _lock:
        if not _template:
            return False
        connection = engine.raw_connection()
        try:
            _template[0].backup(_driver(connection))
        finally:
            connection.close()
        return True


def keep_template(engine: Engine) -> None:
    """Keep a copy of the freshly migrated in-memory database behind ``engine``, once in a process."""
    with _lock:
        if _template:
            return
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection = engine.raw_connection()
        try:
            _driver(connection).backup(copy)
        finally:
            connection.close()
        _template.append(copy)


def _driver(connection: object) -> sqlite3.Connection:
    driver = getattr(connection, "driver_connection", None)
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"expected a sqlite3 connection, came {type(driver).__name__}")
    return driver
