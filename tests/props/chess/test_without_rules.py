"""The board where python-chess is not installed."""

from __future__ import annotations

import json
import subprocess
import sys

from openroom.core.actor import Actor
from openroom.core.prop import Refusal
from openroom.props.chess.rules import Chess
from openroom.props.chess.without_rules import NEEDS, ChessWithoutRules

ANN = Actor("player:ann", "player", "Ann")


def test_a_new_game_is_the_one_that_the_rules_begin_with() -> None:
    kept, played = ChessWithoutRules.State(), Chess.State()
    assert json.loads(kept.model_dump_json()) == json.loads(played.model_dump_json(exclude_none=True))


def test_a_game_under_way_is_kept_as_it_stands() -> None:
    state = json.loads(Chess.State(played=("e2e4",), moves=("e4",)).model_dump_json(exclude_none=True))
    assert json.loads(ChessWithoutRules.State(**state).model_dump_json()) == state


def test_whoever_wants_to_play_is_told_what_is_missing() -> None:
    board = ChessWithoutRules()
    assert "openroom[games]" in board.line
    assert "openroom" not in board.look({})  # what characters see is no word about software
    assert board.use({}, "rules", {}, ANN, 0) == Refusal("needs_extra", NEEDS)


def test_the_library_takes_it_where_the_extra_is_missing() -> None:
    code = (
        "import sys; sys.modules['chess'] = None\n"
        "from openroom.library.library import Library; from openroom.settings import shipped\n"
        "library = Library([shipped('characters')], [shipped('scenes')])\n"
        "assert not library.problems, library.problems\n"
        "print(type(library.world('tea_room').props['chess']).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, "ChessWithoutRules\n"), done.stderr
