"""Which legal moves make sense: a quick, deterministic order for menus, so that a small model plays a decent game.

No search: each move gets a score from what it takes, what it risks, whether it gives check or mate, and how it
develops.
"""

from __future__ import annotations

from functools import lru_cache

import chess

_VALUE = {chess.PAWN: 1.0, chess.KNIGHT: 3.0, chess.BISHOP: 3.1, chess.ROOK: 5.0, chess.QUEEN: 9.0, chess.KING: 0.0}
_CENTRE = chess.SquareSet([chess.D4, chess.E4, chess.D5, chess.E5])
_NEAR_CENTRE = chess.SquareSet(chess.BB_RANK_3 | chess.BB_RANK_4 | chess.BB_RANK_5 | chess.BB_RANK_6) & chess.SquareSet(
    chess.BB_FILE_C | chess.BB_FILE_D | chess.BB_FILE_E | chess.BB_FILE_F
)
_OPENING_PLIES = 20


def sensible(board: chess.Board) -> list[chess.Move]:
    """All legal moves, the most sensible first; equals in the order of their squares."""
    return list(_ordered(board.root().fen(), tuple(board.move_stack)))


@lru_cache(maxsize=256)
def _ordered(start: str, played: tuple[chess.Move, ...]) -> tuple[chess.Move, ...]:
    """The same for a game; kept, since a menu is asked for many times a move."""
    board = chess.Board(start)
    for move in played:
        board.push(move)
    threatened = _loose(board)
    scored = [(-_score(board, move, threatened), move.uci(), move) for move in board.legal_moves]
    return tuple(move for _, _, move in sorted(scored, key=lambda one: one[:2]))


def _score(board: chess.Board, move: chess.Move, threatened: dict[chess.Square, float]) -> float:
    piece = board.piece_type_at(move.from_square) or chess.PAWN
    score = _taken(board, move) + threatened.get(move.from_square, 0.0) * 0.9
    if move.promotion:
        score += _VALUE[move.promotion] - 1.0
    score += _manner(board, move, piece)
    mover = board.turn
    board.push(move)
    if board.is_checkmate():
        score += 1000.0
    elif board.is_stalemate() or board.is_repetition(3):
        score -= 4.0
    else:
        score += 0.3 if board.is_check() else 0.0
        score -= _risk(board, move.to_square, move.promotion or piece, mover)
        score -= (
            max((v for square, v in _loose_of(board, mover).items() if square != move.to_square), default=0.0) * 0.8
        )
    board.pop()
    return score


def _taken(board: chess.Board, move: chess.Move) -> float:
    if board.is_en_passant(move):
        return 1.0
    taken = board.piece_type_at(move.to_square)
    return _VALUE[taken] if taken and not board.is_castling(move) else 0.0


def _manner(board: chess.Board, move: chess.Move, piece: chess.PieceType) -> float:
    """Castling, the centre, minor pieces out, no idle king or queen walks."""
    if board.is_castling(move):
        return 0.9
    near = move.to_square in _NEAR_CENTRE
    score = 0.4 if move.to_square in _CENTRE else 0.15 if near else 0.0
    opening = board.ply() < _OPENING_PLIES
    home = chess.square_rank(move.from_square) == (0 if board.turn else 7)
    if opening and piece in (chess.KNIGHT, chess.BISHOP) and home and near:
        score += 0.35
    if opening and piece in (chess.QUEEN, chess.ROOK):
        score -= 0.3
    if piece == chess.KING and opening:
        score -= 0.6
    if piece == chess.PAWN and not opening:
        rank = chess.square_rank(move.to_square)
        score += 0.05 * (rank if board.turn else 7 - rank)
    return score


def _risk(board: chess.Board, square: chess.Square, piece: chess.PieceType, mover: chess.Color) -> float:
    """What the moved piece may cost on its new square (the other side is to move)."""
    attackers = [board.piece_type_at(one) or chess.PAWN for one in board.attackers(not mover, square)]
    if not attackers or piece == chess.KING:
        return 0.0
    cheapest = min(_VALUE[one] if one != chess.KING else 100.0 for one in attackers)
    if not board.attackers(mover, square):
        return _VALUE[piece]
    return max(0.0, _VALUE[piece] - cheapest)


def _loose(board: chess.Board) -> dict[chess.Square, float]:
    """Own pieces (of the side to move) that stand to be lost, with what they would cost."""
    return _loose_of(board, board.turn)


def _loose_of(board: chess.Board, side: chess.Color) -> dict[chess.Square, float]:
    found: dict[chess.Square, float] = {}
    for square in chess.SquareSet(board.occupied_co[side]):
        piece = board.piece_type_at(square)
        if piece is None or piece == chess.KING:
            continue
        loss = _risk(board, square, piece, side)
        if loss > 0:
            found[square] = loss
    return found
