"""The close codes of the protocol openroom.v1, and after which of them a client does not come back."""

from __future__ import annotations

from collections.abc import Mapping

CLOSE_BAD_JOIN = 4400
CLOSE_NOT_KNOWN = 4401
CLOSE_REFUSED = 4403
CLOSE_NO_ROOM = 4404
CLOSE_DEADLINE = 4408
CLOSE_TOO_LARGE = 4413
CLOSE_TOO_FAST = 4429
CLOSE_TOO_SLOW = 4499
CLOSE_RESTART = 1012

FINAL: Mapping[int, str] = {
    CLOSE_BAD_JOIN: "bad_join",
    CLOSE_NOT_KNOWN: "not_known",
    CLOSE_REFUSED: "refused",
    CLOSE_NO_ROOM: "no_such_room",
    CLOSE_DEADLINE: "deadline",
    CLOSE_TOO_LARGE: "too_large",
}
"""Codes that end it, and why, where no message of the server said so. ``static/openroom.js`` has the same table."""
