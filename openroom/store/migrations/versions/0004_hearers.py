"""Memories: who heard what they came from. What came from a private room is its company's, as far as that is known: of
those who were there, the ones that spoke in it."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_IN_PRIVATE_ROOMS = sa.text(
    "SELECT memories.id, memories.owner, memory_sources.speaker FROM memories "
    "JOIN memory_sources ON memory_sources.memory = memories.id JOIN rooms ON rooms.id = memory_sources.room "
    "WHERE memories.private_to = '[]' AND NOT memory_sources.around AND NOT rooms.open"
)


def upgrade() -> None:
    op.add_column("memories", sa.Column("heard_by", sa.Text, nullable=False, server_default="[]"))
    parties: dict[str, set[str]] = {}
    for id, owner, speaker in op.get_bind().execute(_IN_PRIVATE_ROOMS):
        parties.setdefault(id, {owner}).add(speaker)
    for id, party in parties.items():
        change = sa.text("UPDATE memories SET private_to = :party WHERE id = :id")
        op.get_bind().execute(change, {"id": id, "party": json.dumps(sorted(party - {""}))})


def downgrade() -> None:
    op.drop_column("memories", "heard_by")
