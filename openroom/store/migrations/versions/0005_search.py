"""The search index over memories holds the words of Chinese and Japanese too, which nothing sets apart."""

from __future__ import annotations

from alembic import op

from openroom.store.memories import reindex

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        reindex(op.get_bind())


def downgrade() -> None:
    """An older build finds in the index what it found before, and a little more."""
