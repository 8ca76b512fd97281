"""Alembic migrations, packaged with openroom and run whenever a store is opened."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

_one_at_a_time = Lock()
"""Alembic keeps the migration under way in globals of its own, so two threads must not migrate at once."""


def config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection; no alembic.ini is needed."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Bring the tables behind ``connection`` up to date, inside its transaction."""
    with _one_at_a_time:
        command.upgrade(config(connection), "head")
