"""Which ways a story took is part of the state: snapshots of before are told of the moves that they come after."""

from __future__ import annotations

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOVES = sa.text("SELECT room, seq, body FROM events WHERE kind = 'moved' ORDER BY room, seq")
_KEPT = sa.text("SELECT seq, body FROM snapshots WHERE room = :room")
_PUT = sa.text("UPDATE snapshots SET body = :body WHERE room = :room AND seq = :seq")


def upgrade() -> None:
    connection = op.get_bind()
    moves: dict[str, dict[int, int]] = {}
    for room, seq, body in connection.execute(_MOVES).all():
        moves.setdefault(room, {})[seq] = orjson.loads(body)["head"]
    for room, heads in moves.items():
        for seq, body in connection.execute(_KEPT, {"room": room}).all():
            state = orjson.loads(body)
            state["hidden"]["moves"] = {str(at): head for at, head in heads.items() if at <= seq}
            if state["hidden"]["moves"]:
                connection.execute(_PUT, {"room": room, "seq": seq, "body": orjson.dumps(state).decode()})


def downgrade() -> None:
    """What a state holds besides is passed over."""
