"""The chess board where python-chess is not installed: it stands there, keeps its game, and says what it needs.

python-chess is GPL-3, so it is an extra that whoever installs openroom asks for.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from openroom.core.actor import Actor
from openroom.core.prop import Outcome, Prop, PropState, Refusal, verb
from openroom.props.chess.words import TRANSLATIONS

NEEDS = "The rules of chess are not installed here. Whoever runs this server adds them: pip install 'openroom[games]'."


_BOARD = "A worn chess board with all its pieces."
_START = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"
_FIRST_MOVES: dict[str, tuple[str, ...]] = {
    **{f"{file}2": (f"{file}3", f"{file}4") for file in "abcdefgh"},
    "b1": ("a3", "c3"),
    "g1": ("f3", "h3"),
}


class KeptGame(BaseModel):
    """A game as it was left; a new one has all that the rules will look for once they are there."""

    model_config = ConfigDict(extra="allow", frozen=True)

    start: str = _START
    played: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    seats: dict[str, Any] = {}
    moved_at: int = 0
    fen: str = _START
    turn: str = "white"
    check: bool = False
    legal: dict[str, tuple[str, ...]] = _FIRST_MOVES


class ChessWithoutRules(Prop):
    """A board on which nobody can move."""

    kind = "chess"
    name = "Chess board"
    line = f"{_BOARD} {NEEDS}"
    State = KeptGame
    translations = TRANSLATIONS
    partial = True

    @verb("Ask for the rules", words=("chess", "move", "play", "game"))
    def rules(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Say what is missing."""
        return Refusal("needs_extra", NEEDS)

    def look(self, state: PropState) -> str:
        """The board alone: characters hear nothing of software."""
        return _BOARD
