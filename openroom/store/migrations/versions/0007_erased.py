"""Erasures are found without reading a whole log, however long it is: a room looks for them each time it opens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    erased = sa.text("kind = 'erased'")
    op.create_index("events_erased", "events", ["room", "seq"], sqlite_where=erased, postgresql_where=erased)


def downgrade() -> None:
    op.drop_index("events_erased", "events")
