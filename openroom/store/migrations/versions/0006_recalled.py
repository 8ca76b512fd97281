"""Memories no longer note when they were recalled: nothing asked for it, and each turn paid for writing it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("memories", "last_access")


def downgrade() -> None:
    op.add_column("memories", sa.Column("last_access", sa.BigInteger, nullable=False, server_default="0"))
