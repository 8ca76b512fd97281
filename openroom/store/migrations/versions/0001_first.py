"""The first tables: events, snapshots, rooms, calls, key values, tokens, versions, memories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("room", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("room", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "rooms",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("scene", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("touched", sa.BigInteger, nullable=False),
        sa.Column("epoch", sa.String, nullable=False),
    )
    _calls()
    op.create_table(
        "key_values",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("room", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.Column("revoked", sa.BigInteger),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
    )
    _versions()
    _memories()


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("room", sa.String, nullable=False),
        sa.Column("character", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("prompt", sa.BigInteger, nullable=False),
        sa.Column("cached", sa.BigInteger, nullable=False),
        sa.Column("completion", sa.BigInteger, nullable=False),
        sa.Column("estimated", sa.Boolean, nullable=False),
        sa.Column("usd", sa.Float),
        sa.Column("ms_first", sa.BigInteger),
        sa.Column("ms_total", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
    )
    op.create_index("calls_by_time", "calls", ["at_ms"])
    op.create_index("calls_by_room", "calls", ["room", "at_ms"])


def _versions() -> None:
    op.create_table(
        "versions",
        sa.Column("character", sa.String, primary_key=True),
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("parent", sa.String),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "activations",
        sa.Column("n", _SERIAL, primary_key=True),
        sa.Column("character", sa.String, nullable=False),
        sa.Column("digest", sa.String),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("activations_by_character", "activations", ["character", "n"])


def _memories() -> None:
    op.create_table(
        "memories",
        sa.Column("n", _SERIAL, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("slot", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("importance", sa.Float, nullable=False),
        sa.Column("strength", sa.Float, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("valid_from", sa.BigInteger, nullable=False),
        sa.Column("valid_to", sa.BigInteger),
        sa.Column("last_access", sa.BigInteger, nullable=False),
        sa.Column("superseded_by", sa.String),
        sa.Column("pinned", sa.Boolean, nullable=False),
        sa.Column("private_to", sa.Text, nullable=False),
    )
    op.create_index("memories_by_owner", "memories", ["owner", "subject", "created"])
    op.create_index("memories_by_subject", "memories", ["subject"])
    op.create_index("memories_by_successor", "memories", ["superseded_by"])
    op.create_table(
        "memory_sources",
        sa.Column("memory", sa.String, sa.ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("room", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("speaker", sa.String, nullable=False),
        sa.Column("around", sa.Boolean, nullable=False),
    )
    op.create_index("memory_sources_by_event", "memory_sources", ["room", "seq"])
    op.create_index("memory_sources_by_speaker", "memory_sources", ["speaker"])
    op.create_table(
        "memory_blocks",
        sa.Column("owner", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE memory_words USING fts5"
            "(owner, text, context, tokenize = 'porter unicode61 remove_diacritics 2')"
        )


def downgrade() -> None:
    for table in (
        "memory_words",
        "memory_blocks",
        "memory_sources",
        "memories",
        "activations",
        "versions",
        "tokens",
        "key_values",
        "calls",
        "rooms",
        "snapshots",
        "events",
    ):
        op.drop_table(table)
