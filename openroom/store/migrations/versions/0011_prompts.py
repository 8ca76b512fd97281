"""The prompts of replies are kept over a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "prompts",
        sa.Column("n", _SERIAL, primary_key=True),
        sa.Column("room", sa.String, nullable=False),
        sa.Column("turn", sa.String, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("rests_on", sa.Text, nullable=False),
        sa.Column("standing", sa.LargeBinary),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("prompts_by_turn", "prompts", ["room", "turn"], unique=True)
    op.create_index("prompts_by_room", "prompts", ["room", "n"])
    op.create_table(
        "prompt_memories",
        sa.Column("memory", sa.String, primary_key=True),
        sa.Column(
            "prompt", _SERIAL, sa.ForeignKey("prompts.n", ondelete="CASCADE"), primary_key=True, autoincrement=False
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("prompt_memories_by_prompt", "prompt_memories", ["prompt"])


def downgrade() -> None:
    op.drop_table("prompt_memories")
    op.drop_table("prompts")
