"""Chess with full rules, by python-chess.

State: ``played`` (the moves in UCI) is the truth; ``fen``, ``turn``, ``check`` and ``legal`` (from-square to
to-squares) follow from it. Checkmate, stalemate, dead positions, fivefold repetition and 75 moves end a game;
threefold repetition and 50 moves may be claimed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import chess
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints, model_validator

from openroom.core.actor import Actor
from openroom.core.prop import Choice, Outcome, Prop, PropState, Refusal, verb
from openroom.props.chess.sense import sensible
from openroom.props.chess.words import TRANSLATIONS

OFFERED = 6
"""At most so many moves are offered as choices."""
ABANDONED_MS = 600_000
"""After so long without a move anybody may set up a new game."""

Colour = Literal["white", "black"]
Square = Annotated[str, StringConstraints(pattern=r"^[a-h][1-8]$")]
Uci = Annotated[str, StringConstraints(pattern=r"^[a-h][1-8][a-h][1-8][qrbn]?$")]
San = Annotated[str, StringConstraints(pattern=r"^[KQRBNOa-h][KQRBNOa-h0-8x=+#\-]{1,9}$")]
_WHY = {
    chess.Termination.CHECKMATE: "checkmate",
    chess.Termination.STALEMATE: "stalemate",
    chess.Termination.INSUFFICIENT_MATERIAL: "insufficient material",
    chess.Termination.SEVENTYFIVE_MOVES: "seventy-five moves",
    chess.Termination.FIVEFOLD_REPETITION: "fivefold repetition",
    chess.Termination.FIFTY_MOVES: "fifty moves",
    chess.Termination.THREEFOLD_REPETITION: "threefold repetition",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Seat(_Strict):
    """Who plays a colour: participant id and name."""

    id: Annotated[str, Field(min_length=1, max_length=80)]
    name: Annotated[str, Field(max_length=60)] = ""


class ChessState(_Strict):
    """A game. ``result`` and ``why`` are there when it is over; ``draw_offer`` names the colour that offers a draw."""

    start: str = chess.STARTING_FEN
    played: tuple[Uci, ...] = ()
    moves: tuple[San, ...] = ()
    seats: dict[Colour, Seat] = {}
    result: Literal["1-0", "0-1", "1/2-1/2"] | None = None
    why: Annotated[str, Field(max_length=40)] | None = None
    draw_offer: Colour | None = None
    moved_at: Annotated[StrictInt, Field(ge=0)] = 0
    fen: str = ""
    turn: Colour = "white"
    check: StrictBool = False
    legal: dict[Square, tuple[Square, ...]] = {}

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, values: Any) -> Any:
        """Replay ``played``: a state whose moves are not legal is no state."""
        if not isinstance(values, dict):
            return values
        board = _board({"start": chess.STARTING_FEN, "played": (), **values})
        if len(values.get("moves", ())) != len(board.move_stack):
            raise ValueError("expected as many moves as were played")
        over = {} if values.get("result") else _ending(board.outcome())
        return {**values, **over, **_derived(board, over=bool(over or values.get("result")))}


class MoveArgs(_Strict):
    """A move by its squares; ``promotion`` (q, r, b, n) is a queen when left out."""

    from_: Square = Field(alias="from")
    to: Square
    promotion: Literal["q", "r", "b", "n"] | None = None


class ColourArgs(_Strict):
    """White or black."""

    colour: Colour


class Chess(Prop):
    """The rules of the board and of who sits at it."""

    kind = "chess"
    name = "Chess board"
    line = "A worn chess board with all its pieces."
    shown_as = "chess"
    personal = True
    State = ChessState
    translations = TRANSLATIONS
    verbatim = ("actor", "winner", "move", "result", "square", "to")

    @verb("Move a piece", words=("chess", "move", "play"), params=MoveArgs)
    def move(
        self, state: PropState, who: Actor, now: int, from_: str, to: str, promotion: str | None = None
    ) -> Outcome | Refusal:
        """Make a move. Who makes the first one for a free colour, and has none yet, takes that seat."""
        if (denied := _over(state) or _not_your_go(state, who)) is not None:
            return denied
        board = _board(state)
        found = _find(board, from_, to, promotion)
        if found is None:
            return Refusal("illegal_move", _why_illegal(board, from_, to))
        san = board.san(found)
        board.push(found)
        colour, seats = state["turn"], dict(state["seats"])
        if colour not in seats and _colour_of(state, who) is None:
            seats[colour] = _seat(who)
        after = {**state, "seats": seats, "moved_at": now}
        after |= {"played": [*state["played"], found.uci()], "moves": [*state["moves"], san]}
        if after.get("draw_offer") != colour:
            after.pop("draw_offer", None)
        ending = _ending(board.outcome())
        tail = f" {_how_it_ended(ending, after)}" if ending else " Check." if board.is_check() else ""
        return Outcome({**after, **ending}, f"{who.name} plays {san}.{tail}")

    @verb("Sit down at a colour", words=("chess", "sit", "play", "game", "white", "black"), params=ColourArgs)
    def take(self, state: PropState, who: Actor, now: int, colour: str) -> Outcome | Refusal:
        """Take a free seat, or change to it."""
        holder = state["seats"].get(colour)
        if holder is not None:
            return Refusal("precondition", f"{holder['name']} plays {colour}.")
        seats = {key: seat for key, seat in state["seats"].items() if seat["id"] != who.id}
        return Outcome({**state, "seats": {**seats, colour: _seat(who)}}, f"{who.name} sits down to play {colour}.")

    @verb("Get up from the board", words=("chess", "leave", "get up"))
    def get_up(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Free one's seat; the game stays as it is."""
        after = self.left(state, who.id)
        if after is None:
            return Refusal("precondition", "You do not sit at the board.")
        return Outcome(after, f"{who.name} gets up from the board.")

    def left(self, state: PropState, who: str) -> PropState | None:
        """Their seat is free; somebody else may go on with the game."""
        colour = next((colour for colour, seat in state["seats"].items() if seat["id"] == who), None)
        if colour is None:
            return None
        after = {**state, "seats": {key: seat for key, seat in state["seats"].items() if key != colour}}
        if after.get("draw_offer") == colour:
            del after["draw_offer"]
        return after

    @verb("Resign", words=("chess", "resign", "give up"))
    def resign(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Lose by one's own choice."""
        colour = _colour_of(state, who)
        if (denied := _over(state) or _needs_seat(colour)) is not None:
            return denied
        result = "0-1" if colour == "white" else "1-0"
        return Outcome(_ended(state, result, "resignation"), f"{who.name} resigns: {result}.")

    @verb("Offer a draw", words=("chess", "draw", "remis"))
    def offer_draw(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Offer a draw; it stands until the other side answers or moves."""
        colour = _colour_of(state, who)
        if (denied := _over(state) or _needs_seat(colour)) is not None:
            return denied
        if not state["played"] or state.get("draw_offer"):
            return Refusal("precondition", "A draw is offered already, or nothing was played yet.")
        return Outcome({**state, "draw_offer": colour}, f"{who.name} offers a draw.")

    @verb("Accept the draw", words=("chess", "accept", "draw", "yes"))
    def accept_draw(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Agree to the draw that the other side offers."""
        if (denied := _over(state) or _no_offer_to(state, who)) is not None:
            return denied
        return Outcome(_ended(state, "1/2-1/2", "agreement"), f"{who.name} accepts the draw.")

    @verb("Decline the draw", words=("chess", "decline", "no", "play on"))
    def decline_draw(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Play on."""
        if (denied := _over(state) or _no_offer_to(state, who)) is not None:
            return denied
        after = {key: value for key, value in state.items() if key != "draw_offer"}
        return Outcome(after, f"{who.name} declines the draw.")

    @verb("Claim a draw", words=("chess", "claim", "draw", "repetition"))
    def claim_draw(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Claim a draw by threefold repetition or fifty moves, when it is one's go."""
        if (denied := _over(state) or _not_your_go(state, who)) is not None:
            return denied
        why = _claim(_board(state))
        if why is None:
            return Refusal("precondition", "Neither threefold repetition nor fifty moves without capture or pawn move.")
        return Outcome(_ended(state, "1/2-1/2", why), f"{who.name} claims a draw: {why}.")

    @verb("Set up a new game", words=("chess", "new", "game", "again", "set up", "rematch"))
    def new_game(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Begin again with the same seats. During a game only its players may, or anybody once it is abandoned."""
        if not state["played"] and not state.get("result"):
            return Refusal("precondition", "The pieces stand ready.")
        if not _may_clear(state, who) and now - state["moved_at"] < ABANDONED_MS:
            return Refusal("not_allowed", "A game is being played; its players decide.")
        abandoned = not _may_clear(state, who)
        fresh: dict[str, Any] = {"start": state["start"], "seats": {} if abandoned else state["seats"]}
        return Outcome(self.check(fresh), f"{who.name} sets up a new game.")

    def choices(self, state: PropState, who: Actor) -> list[Choice]:
        """Answers to an offer first, then moves that make sense for whose go it is, then seats and the rest."""
        found: list[Choice] = []
        if _no_offer_to(state, who) is None and not state.get("result"):
            found += [self._plain("accept_draw"), self._plain("decline_draw")]
        free = [colour for colour in ("white", "black") if colour not in state["seats"]]
        seats = [self._take(colour) for colour in free if _colour_of(state, who) is None]
        if not state["played"]:
            found += seats
        if _over(state) is None and _not_your_go(state, who) is None:
            board = _board(state)
            found += [_move_choice(board, move) for move in sensible(board)[:OFFERED]]
            if _claim(board) is not None:
                found.append(self._plain("claim_draw"))
        if state["played"]:
            found += seats
        return found + self._rest(state, who)

    def _rest(self, state: PropState, who: Actor) -> list[Choice]:
        found: list[Choice] = []
        seated = _colour_of(state, who) is not None
        if seated and state["played"] and not state.get("result"):
            if not state.get("draw_offer"):
                found.append(self._plain("offer_draw"))
            found.append(self._plain("resign"))
        if (state["played"] or state.get("result")) and _may_clear(state, who):
            found.append(self._plain("new_game"))
        if seated:
            found.append(self._plain("get_up"))
        return found

    def _plain(self, name: str) -> Choice:
        return Choice(name, name, self.verbs[name].label, words=self.verbs[name].words)

    def _take(self, colour: str) -> Choice:
        words = ("chess", "sit", "play", "game", colour)
        return Choice(f"take:{colour}", "take", f"Sit down to play {colour}", {"colour": colour}, words)

    def awaits(self, state: PropState) -> str:
        """Who sits at the colour to move, or has a draw offer to answer."""
        if state.get("result"):
            return ""
        offer = state.get("draw_offer")
        colour = {"white": "black", "black": "white"}[offer] if offer else state["turn"]
        seat = state["seats"].get(colour)
        return str(seat["id"]) if seat and (state["played"] or len(state["seats"]) == 2) else ""

    def look(self, state: PropState) -> str:
        """Who plays, what was played last, whose move it is, or how it ended."""
        players = (
            " against ".join(f"{seat['name']} ({colour})" for colour, seat in _in_order(state)) or "nobody sits here"
        )
        if result := state.get("result"):
            return f"{players}; over, {result} by {state['why']}"
        if not state["played"]:
            return f"{players}; the pieces stand ready"
        number = (len(state["moves"]) + 1) // 2
        in_check = ", in check" if state["check"] else ""
        return f"{players}; move {number}, last {state['moves'][-1]}; {state['turn']} to move{in_check}"

    def look_key(self, state: PropState) -> str:
        """``ready``, ``playing`` or ``over``."""
        return "over" if state.get("result") else "playing" if state["played"] else "ready"


# the board ----------------------------------------------------------------------------------------------------------


def _board(state: PropState) -> chess.Board:
    """The position with its history. Raises ValueError on moves that are not legal."""
    board = chess.Board(state["start"])
    if not board.is_valid():
        raise ValueError(f"expected a legal position, came {state['start']!r}")
    for uci in state["played"]:
        board.push_uci(uci)
    return board


def _derived(board: chess.Board, *, over: bool) -> dict[str, Any]:
    legal: dict[str, list[str]] = {}
    for move in () if over else board.legal_moves:
        targets = legal.setdefault(chess.square_name(move.from_square), [])
        if (name := chess.square_name(move.to_square)) not in targets:
            targets.append(name)
    turn = "white" if board.turn else "black"
    ordered = {square: sorted(targets) for square, targets in sorted(legal.items())}
    return {"fen": board.fen(), "turn": turn, "check": board.is_check(), "legal": ordered}


def _ending(outcome: chess.Outcome | None) -> dict[str, str]:
    if outcome is None:
        return {}
    return {"result": outcome.result(), "why": _WHY.get(outcome.termination, outcome.termination.name.lower())}


def _claim(board: chess.Board) -> str | None:
    if board.is_fifty_moves():
        return "fifty moves"
    return "threefold repetition" if board.is_repetition(3) else None


def _find(board: chess.Board, from_: str, to: str, promotion: str | None) -> chess.Move | None:
    """The legal move of those squares; a pawn that arrives becomes a queen unless said otherwise."""
    plain = chess.Move.from_uci(from_ + to) if from_ != to else chess.Move.null()
    for move in (chess.Move.from_uci(from_ + to + (promotion or "q")) if from_ != to else plain, plain):
        if move and board.is_legal(move):
            return move
    return None


def _why_illegal(board: chess.Board, from_: str, to: str) -> str:
    piece = board.piece_at(chess.parse_square(from_))
    side = "White" if board.turn else "Black"
    if piece is None:
        return f"There is no piece on {from_}."
    if piece.color != board.turn:
        return f"It is {side}'s move, and the piece on {from_} is not {side}'s."
    name = chess.piece_name(piece.piece_type)
    if board.is_pseudo_legal(chess.Move.from_uci(from_ + to)) if from_ != to else False:
        return f"The {name} may not go from {from_} to {to}: the king would be in check."
    return f"The {name} cannot go from {from_} to {to}."


def _move_choice(board: chess.Board, move: chess.Move) -> Choice:
    san = board.san(move)
    args = {"from": chess.square_name(move.from_square), "to": chess.square_name(move.to_square)}
    if move.promotion:
        args["promotion"] = chess.piece_symbol(move.promotion)
    piece = chess.piece_name(board.piece_type_at(move.from_square) or chess.PAWN)
    return Choice(f"move:{move.uci()}", "move", f"Play {san}", args, ("chess", "move", "play", san.lower(), piece))


# the seats ----------------------------------------------------------------------------------------------------------


def _seat(who: Actor) -> dict[str, str]:
    return {"id": who.id, "name": who.name or who.id}


def _in_order(state: PropState) -> list[tuple[str, Any]]:
    return [(colour, state["seats"][colour]) for colour in ("white", "black") if colour in state["seats"]]


def _colour_of(state: PropState, who: Actor) -> str | None:
    return next((colour for colour, seat in state["seats"].items() if seat["id"] == who.id), None)


def _not_your_go(state: PropState, who: Actor) -> Refusal | None:
    holder = state["seats"].get(state["turn"])
    if holder is None or holder["id"] == who.id:
        return None
    return Refusal("not_your_turn", f"It is {holder['name']}'s move ({state['turn']}).")


def _needs_seat(colour: str | None) -> Refusal | None:
    return Refusal("not_allowed", "Only who sits at the board may do that.") if colour is None else None


def _over(state: PropState) -> Refusal | None:
    return Refusal("precondition", f"The game is over: {state['result']}.") if state.get("result") else None


def _no_offer_to(state: PropState, who: Actor) -> Refusal | None:
    offer, mine = state.get("draw_offer"), _colour_of(state, who)
    if offer is None or mine is None or mine == offer:
        return Refusal("precondition", "Nobody offers you a draw.")
    return None


def _may_clear(state: PropState, who: Actor) -> bool:
    over, empty = bool(state.get("result")), not state["seats"]
    return over or empty or _colour_of(state, who) is not None or who.may_run_room


def _ended(state: PropState, result: str, why: str) -> dict[str, Any]:
    after = {key: value for key, value in state.items() if key != "draw_offer"}
    return {**after, "result": result, "why": why}


def _how_it_ended(ending: dict[str, str], state: PropState) -> str:
    if ending["result"] == "1/2-1/2":
        return f"A draw: {ending['why']}."
    winner = state["seats"].get("white" if ending["result"] == "1-0" else "black")
    return f"Checkmate, {winner['name']} wins." if winner else f"Checkmate: {ending['result']}."
