"""The diary: signed entries, and only their writers touch them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core.actor import Actor
from openroom.core.prop import Outcome, Refusal
from openroom.errors import DefinitionError
from openroom.props.diary.rules import MOST, Diary

DIARY = Diary()
ANN = Actor("player:ann", "player", "Ann")
OTHER_ANN = Actor("player:ann2", "player", "Ann")
MIRA = Actor("character:mira", "character", "Mira")
State = dict[str, Any]


def must(state: State, who: Actor, verb: str, now: int = 5, **args: Any) -> State:
    made = DIARY.use(state, verb, args, who, now)
    assert isinstance(made, Outcome), made
    return DIARY.check(made.state)


def refused(state: State, who: Actor, verb: str, **args: Any) -> str:
    made = DIARY.use(state, verb, args, who, 5)
    assert isinstance(made, Refusal), made
    return made.reason


def test_entries_are_keyed_and_signed() -> None:
    state = must(DIARY.initial({}), ANN, "write", now=7, text="Rain all day.", mood="calm", weather="rain")
    state = must(state, MIRA, "write", text="They stayed late.\nGood.")
    first = {
        "by": ANN.id,
        "name": "Ann",
        "at": 7,
        "text": "Rain all day.",
        "mood": "calm",
        "weather": "rain",
        "order": 1,
    }
    assert state["entries"]["e1"] == first
    assert state["entries"]["e2"]["by"] == MIRA.id


def test_only_its_writer_changes_or_erases_an_entry() -> None:
    state = must(DIARY.initial({}), ANN, "write", text="Mine.")
    for who in (MIRA, OTHER_ANN, Actor("player:op", "operator", "Op")):
        assert refused(state, who, "edit", entry="e1", text="Yours.") == "not_allowed"
        torn = DIARY.use(state, "erase", {"entry": "e1"}, who, 5)
        assert isinstance(torn, Outcome) == who.may_run_room, "who runs the room may tear out any page"
    edited = must(state, ANN, "edit", entry="e1", text="Still mine.", mood="happy")["entries"]["e1"]
    assert (edited["text"], edited["edited"], edited["at"]) == ("Still mine.", True, 5)
    assert must(state, ANN, "erase", entry="e1")["entries"] == {}
    assert refused(state, ANN, "erase", entry="e9") == "bad_args"


def test_a_key_never_comes_back() -> None:
    state = must(must(DIARY.initial({}), ANN, "write", text="One."), ANN, "erase", entry="e1")
    assert list(must(state, ANN, "write", text="Two.")["entries"]) == ["e2"]


def test_a_full_book_is_full() -> None:
    state = DIARY.initial({})
    for number in range(MOST):
        state = must(state, ANN, "write", text=f"Entry {number}")
    assert refused(state, MIRA, "write", text="One more") == "precondition"
    assert must(must(state, ANN, "erase", entry="e1"), MIRA, "write", text="One more")["count"] == MOST + 1


@pytest.mark.parametrize(
    "args", [{}, {"text": "  "}, {"text": "x" * 1001}, {"text": "a", "mood": "smug"}, {"text": "\x00"}]
)
def test_words_that_do_not_fit_are_refused(args: State) -> None:
    assert refused(DIARY.initial({}), ANN, "write", **args) == "bad_args"


@given(st.text(max_size=200))
def test_any_text_is_kept_readable_or_refused(text: str) -> None:
    made = DIARY.use(DIARY.initial({}), "write", {"text": text}, ANN, 0)
    if isinstance(made, Outcome):
        kept = made.state["entries"]["e1"]["text"]
        assert all(char.isprintable() or char == "\n" for char in kept)
        assert DIARY.check(made.state) == made.state


def test_choices_offer_ones_own_last_entry() -> None:
    state = must(DIARY.initial({}), MIRA, "write", text="Quiet night.")
    assert [choice.id for choice in DIARY.choices(state, ANN)] == ["write"]
    assert [choice.id for choice in DIARY.choices(state, MIRA)] == ["write", "edit:e1", "erase:e1"]
    assert [choice.text for choice in DIARY.choices(state, MIRA)] == ["text", "text", ""]


def test_looks_show_how_the_last_entry_begins() -> None:
    assert DIARY.look(DIARY.initial({})) == "empty, with a pencil beside it"
    state = must(DIARY.initial({}), ANN, "write", text="word " * 40)
    assert DIARY.look(state).startswith("1 entry; the last one, by Ann: “word word")
    assert len(DIARY.look(state)) < 140
    assert DIARY.look_key(state) == "written"


def test_pinned_entries_fit_or_are_refused() -> None:
    entry = {"by": "character:mira", "name": "Mira", "at": 0, "text": "First.", "order": 1}
    assert DIARY.initial({"entries": {"e1": entry}, "count": 1})["count"] == 1
    with pytest.raises(DefinitionError):
        DIARY.initial({"entries": {"first": entry}})
