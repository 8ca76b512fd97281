"""Tokens: who came by one, and who gave it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tokens", sa.Column("giver", sa.String, nullable=False, server_default=""))
    op.create_table(
        "guests",
        sa.Column("token", sa.String, primary_key=True),
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("guests")
    op.drop_column("tokens", "giver")
