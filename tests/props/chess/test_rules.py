"""Chess: every legal move and no other, every way a game can end, and who may do what."""

from __future__ import annotations

from typing import Any

import chess
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openroom.core.actor import Actor
from openroom.core.prop import Outcome, Refusal
from openroom.errors import DefinitionError
from openroom.props.chess.rules import ABANDONED_MS, OFFERED, Chess
from openroom.props.chess.sense import sensible

BOARD = Chess()
ANN = Actor("player:ann", "player", "Ann")
MIRA = Actor("character:mira", "character", "Mira")
BEN = Actor("player:ben", "player", "Ben")

State = dict[str, Any]


def must(state: State, who: Actor, verb: str, now: int = 0, **args: Any) -> State:
    outcome = BOARD.use(state, verb, args, who, now)
    assert isinstance(outcome, Outcome), outcome
    return BOARD.check(outcome.state)


def refused(state: State, who: Actor, verb: str, now: int = 0, **args: Any) -> str:
    outcome = BOARD.use(state, verb, args, who, now)
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason


def play(state: State, who: Actor, uci: str) -> State:
    args = {"from": uci[:2], "to": uci[2:4], **({"promotion": uci[4]} if uci[4:] else {})}
    return must(state, who, "move", **args)


def seated(**options: Any) -> State:
    """Ann plays white, Mira black."""
    return must(must(BOARD.initial(options), ANN, "take", colour="white"), MIRA, "take", colour="black")


def played(*ucis: str, **options: Any) -> State:
    state = seated(**options)
    for uci in ucis:
        state = play(state, ANN if state["turn"] == "white" else MIRA, uci)
    return state


@given(st.data())
@settings(max_examples=25)
def test_random_legal_games_stay_in_step_with_the_rules(data: st.DataObject) -> None:
    state, board = seated(), chess.Board()
    for _ in range(data.draw(st.integers(0, 40))):
        moves = sorted(move.uci() for move in board.legal_moves)
        assert state["legal"] == {
            square: sorted({uci[2:4] for uci in moves if uci[:2] == square})
            for square in sorted({uci[:2] for uci in moves})
        }
        if not moves:
            break
        uci = data.draw(st.sampled_from(moves))
        san = board.san(chess.Move.from_uci(uci))
        state = play(state, ANN if board.turn else MIRA, uci)
        board.push_uci(uci)
        assert state["fen"] == board.fen()
        assert state["moves"][-1] == san
        assert BOARD.check(state) == state
        if state.get("result"):
            assert board.outcome() is not None
            break


@given(st.data())
@settings(max_examples=25)
def test_what_is_not_legal_is_refused_with_words(data: st.DataObject) -> None:
    state = played("e2e4", "e7e5", "g1f3")
    squares = st.sampled_from(chess.SQUARE_NAMES)
    from_, to = data.draw(squares), data.draw(squares)
    legal = to in state["legal"].get(from_, [])
    outcome = BOARD.use(state, "move", {"from": from_, "to": to}, MIRA, 0)
    assert isinstance(outcome, Outcome) == legal
    if isinstance(outcome, Refusal):
        assert outcome.reason == "illegal_move"
        assert from_ in outcome.message


def test_a_refusal_tells_why() -> None:
    state = played("e2e4", "e7e5", "d1h5", "a7a6", "h5e5")  # check
    for uci, words in (
        ("a8a4", "cannot go"),
        ("e4e5", "not Black's"),
        ("d4d5", "no piece on d4"),
        ("h7h6", "would be in check"),
        ("a6a6", "cannot go"),
    ):
        outcome = BOARD.use(state, "move", {"from": uci[:2], "to": uci[2:]}, MIRA, 0)
        assert isinstance(outcome, Refusal)
        assert words in outcome.message
    assert refused(state, MIRA, "move", **{"from": "z9", "to": "a1"}) == "bad_args"


def test_the_telling_is_the_move() -> None:
    outcome = BOARD.use(seated(), "move", {"from": "g1", "to": "f3"}, ANN, 5)
    assert isinstance(outcome, Outcome)
    assert outcome.telling == "Ann plays Nf3."


@pytest.mark.parametrize(
    ("start", "moves", "result", "why"),
    [
        (chess.STARTING_FEN, ["f2f3", "e7e5", "g2g4", "d8h4"], "0-1", "checkmate"),
        ("7k/8/6K1/8/8/8/8/5Q2 w - - 0 1", ["f1f7"], "1/2-1/2", "stalemate"),
        ("7k/8/8/8/8/8/6p1/6K1 w - - 0 1", ["g1g2"], "1/2-1/2", "insufficient material"),
        ("7k/8/8/8/8/8/R7/6K1 w - - 149 100", ["a2a3"], "1/2-1/2", "seventy-five moves"),
    ],
)
def test_games_end_by_themselves(start: str, moves: list[str], result: str, why: str) -> None:
    state = played(*moves, start=start)
    assert (state["result"], state["why"]) == (result, why)
    assert state["legal"] == {}
    assert why in BOARD.look(state)
    assert BOARD.look_key(state) == "over"
    who = ANN if state["turn"] == "white" else MIRA
    assert refused(state, who, "move", **{"from": "a1", "to": "a2"}) == "precondition"
    assert {choice.id for choice in BOARD.choices(state, who)} == {"new_game", "get_up"}
    assert BOARD.awaits(state) == ""


KNIGHTS = ["g1f3", "g8f6", "f3g1", "f6g8"]


def test_threefold_repetition_is_claimed_and_fivefold_ends() -> None:
    state = played(*KNIGHTS)
    assert refused(state, ANN, "claim_draw") == "precondition"
    state = played(*KNIGHTS * 2)
    assert "claim_draw" in {choice.id for choice in BOARD.choices(state, ANN)}
    assert refused(state, MIRA, "claim_draw") == "not_your_turn"
    assert must(state, ANN, "claim_draw")["why"] == "threefold repetition"
    assert played(*KNIGHTS * 4)["why"] == "fivefold repetition"


def test_fifty_moves_are_claimed() -> None:
    state = played("a2a3", start="7k/8/8/8/8/8/R7/6K1 w - - 99 80")
    assert must(state, MIRA, "claim_draw")["why"] == "fifty moves"


def test_a_pawn_promotes_to_what_is_asked_or_a_queen() -> None:
    start = "8/P6k/8/8/8/8/8/K7 w - - 0 1"
    assert played("a7a8", start=start)["moves"] == ["a8=Q"]
    assert played("a7a8n", start=start)["moves"] == ["a8=N"]


def test_castling_and_en_passant_are_moves() -> None:
    assert played("e1g1", start="k7/8/8/8/8/8/8/4K2R w K - 0 1")["moves"] == ["O-O"]
    assert played("e2e4", "a7a6", "e4e5", "d7d5", "e5d6")["moves"][-1] == "exd6"


def test_only_who_sits_at_the_colour_moves() -> None:
    state = seated()
    assert refused(state, BEN, "move", **{"from": "e2", "to": "e4"}) == "not_your_turn"
    assert refused(state, MIRA, "move", **{"from": "e2", "to": "e4"}) == "not_your_turn"
    assert refused(state, BEN, "take", colour="white") == "precondition"
    assert not [choice for choice in BOARD.choices(state, BEN) if choice.verb == "move"]


def test_the_first_move_of_a_free_colour_takes_its_seat() -> None:
    state = play(BOARD.initial({}), ANN, "e2e4")
    assert state["seats"] == {"white": {"id": ANN.id, "name": "Ann"}}
    state = play(state, ANN, "e7e5")  # alone one plays both sides
    assert list(state["seats"]) == ["white"]
    state = play(state, ANN, "g1f3")
    state = play(state, MIRA, "b8c6")
    assert state["seats"]["black"]["id"] == MIRA.id


def test_changing_sides_leaves_one_seat() -> None:
    state = must(must(BOARD.initial({}), ANN, "take", colour="white"), ANN, "take", colour="black")
    assert state["seats"] == {"black": {"id": ANN.id, "name": "Ann"}}
    assert must(state, ANN, "get_up")["seats"] == {}
    assert refused(state, BEN, "get_up") == "precondition"


def test_resigning_is_for_players() -> None:
    state = played("e2e4")
    assert refused(state, BEN, "resign") == "not_allowed"
    assert must(state, ANN, "resign")["result"] == "0-1"
    assert must(state, MIRA, "resign")["result"] == "1-0"


def test_a_draw_is_offered_answered_and_lapses() -> None:
    state = must(played("e2e4"), ANN, "offer_draw")
    assert refused(state, ANN, "accept_draw") == "precondition"
    assert refused(state, BEN, "accept_draw") == "precondition"
    assert refused(state, MIRA, "offer_draw") == "precondition"
    assert BOARD.awaits(state) == MIRA.id
    assert [choice.id for choice in BOARD.choices(state, MIRA)][:2] == ["accept_draw", "decline_draw"]
    assert must(state, MIRA, "accept_draw")["why"] == "agreement"
    assert "draw_offer" not in must(state, MIRA, "decline_draw")
    assert "draw_offer" not in play(state, MIRA, "e7e5")


def test_a_new_game_is_the_players_or_anybodys_once_abandoned() -> None:
    state = must(played(), ANN, "move", now=1000, **{"from": "e2", "to": "e4"})
    assert refused(seated(), ANN, "new_game") == "precondition"
    assert refused(state, BEN, "new_game", now=2000) == "not_allowed"
    fresh = must(state, MIRA, "new_game", now=2000)
    assert (fresh["played"], set(fresh["seats"])) == ([], {"white", "black"})
    assert must(state, BEN, "new_game", now=1000 + ABANDONED_MS)["seats"] == {}
    assert must(state, Actor("player:host", "player", "Host", owner=True), "new_game")["played"] == []


def test_it_awaits_who_is_to_move() -> None:
    assert BOARD.awaits(BOARD.initial({})) == ""
    assert BOARD.awaits(seated()) == ANN.id
    assert BOARD.awaits(played("e2e4")) == MIRA.id
    alone = must(BOARD.initial({}), MIRA, "take", colour="white")
    assert BOARD.awaits(alone) == ""  # nobody sits opposite yet


@given(st.lists(st.integers(0, 20), max_size=30))
@settings(max_examples=15)
def test_choices_are_few_legal_and_by_name(picks: list[int]) -> None:
    state = seated()
    for pick in picks:
        who = ANN if state["turn"] == "white" else MIRA
        choices = BOARD.choices(state, who)
        assert len({choice.id for choice in choices}) == len(choices)
        for choice in choices:
            assert isinstance(BOARD.use(state, choice.verb, choice.args, who, 0), Outcome), choice
        moves = [choice for choice in choices if choice.verb == "move"]
        if not moves:
            break
        assert len(moves) == min(OFFERED, len(list(chess.Board(state["fen"]).legal_moves)))
        state = must(state, who, "move", **moves[pick % len(moves)].args)


@pytest.mark.parametrize(
    ("fen", "best"),
    [
        ("6k1/5ppp/8/8/8/8/8/R6K w - - 0 1", "a1a8"),  # mate
        ("k7/8/8/3q4/4P3/8/8/K7 w - - 0 1", "e4d5"),  # takes the queen
        ("k7/8/8/8/3q4/2P5/1P6/K7 b - - 0 1", "d4d5"),  # saves the queen, to the centre
        ("k7/P7/8/8/8/8/6p1/K7 b - - 0 1", "g2g1q"),  # promotes
    ],
)
def test_the_first_choice_is_no_blunder(fen: str, best: str) -> None:
    assert sensible(chess.Board(fen))[0].uci() == best


def test_every_legal_move_is_ordered_once() -> None:
    board = chess.Board()
    assert sorted(move.uci() for move in sensible(board)) == sorted(move.uci() for move in board.legal_moves)
    assert board == chess.Board()


@pytest.mark.parametrize(
    "bad",
    [
        {"start": "8/8/8/8/8/8/8/8 w - - 0 1"},
        {"start": "nonsense"},
        {"played": ["e2e5"], "moves": ["e5"]},
        {"played": ["e2e4"], "moves": []},
        {"seats": {"green": {"id": "player:x"}}},
        {"result": "2-0"},
    ],
)
def test_states_that_no_game_leads_to_are_refused(bad: State) -> None:
    with pytest.raises(DefinitionError):
        BOARD.initial(bad)


def test_a_tampered_position_is_put_right() -> None:
    state = played("e2e4")
    assert BOARD.check({**state, "fen": "8/8/8/8/8/8/8/8 w - - 0 1", "legal": {}, "check": True}) == state


def test_looks_follow_the_game() -> None:
    assert BOARD.look(BOARD.initial({})) == "nobody sits here; the pieces stand ready"
    assert BOARD.look(played("e2e4")) == "Ann (white) against Mira (black); move 1, last e4; black to move"
    assert BOARD.look_key(seated()) == "ready"
    assert BOARD.look_key(played("e2e4")) == "playing"


def test_who_leaves_the_room_leaves_the_board() -> None:
    """A seat held by somebody who is gone would block the board for good."""
    state = played("e2e4", "e7e5")
    after = BOARD.left(state, ANN.id)
    assert after is not None
    assert set(after["seats"]) == {"black"}
    assert after["moves"] == state["moves"]
    assert BOARD.left(after, ANN.id) is None
    offered = BOARD.left(must(state, ANN, "offer_draw"), ANN.id)
    assert offered is not None
    assert "draw_offer" not in offered
    assert must(dict(after), BEN, "take", colour="white")["seats"]["white"]["name"] == "Ben"
