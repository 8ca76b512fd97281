"""Who came and went is found without reading a whole log: looking through a room, and reading back in it, begin with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comings = sa.text("kind IN ('entered', 'left', 'brought')")
    op.create_index("events_comings", "events", ["room", "seq"], sqlite_where=comings, postgresql_where=comings)


def downgrade() -> None:
    op.drop_index("events_comings", "events")
