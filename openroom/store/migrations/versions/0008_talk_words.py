"""A room's talk can be searched: the words of what was said, and who has been in which room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import sqlalchemy as sa
from alembic import op
from pydantic import ValidationError

from openroom.core.event import EVENT, Event
from openroom.store.talk_words import note, noted

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_PAGE = 1000


def upgrade() -> None:
    op.create_table(
        "talk_words",
        sa.Column("room", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("words", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stays",
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("room", sa.String, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("stays_by_room", "stays", ["room"])
    found = _told()
    while page := list(islice(found, _PAGE)):
        note(op.get_bind(), [noted(room, [event]) for room, event in page])


def _told() -> Iterator[tuple[str, Event]]:
    told = sa.text("SELECT room, body FROM events WHERE kind IN ('said', 'used', 'happened', 'entered')")
    for room, body in op.get_bind().execute(told):
        with suppress(ValidationError):  # whoever opens that room is told of it
            yield room, EVENT.validate_json(body)


def downgrade() -> None:
    op.drop_table("stays")
    op.drop_table("talk_words")
