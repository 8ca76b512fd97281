"""The record player: one place in one record for everybody, and silence in the end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core.actor import Actor
from openroom.core.prop import Outcome, Refusal
from openroom.errors import DefinitionError
from openroom.props.record_player.rules import END, RecordPlayer, position

PLAYER = RecordPlayer()
ANN = Actor("player:ann", "player", "Ann")
State = dict[str, Any]


def outcome(state: State, verb: str, now: int, **args: Any) -> Outcome:
    made = PLAYER.use(state, verb, args, ANN, now)
    assert isinstance(made, Outcome), made
    return made


def must(state: State, verb: str, now: int, **args: Any) -> State:
    return PLAYER.check(outcome(state, verb, now, **args).state)


def refused(state: State, verb: str, now: int = 0, **args: Any) -> str:
    made = PLAYER.use(state, verb, args, ANN, now)
    assert isinstance(made, Refusal), made
    return made.reason


def fresh(**options: Any) -> State:
    return PLAYER.initial(options)


def test_two_who_look_at_the_same_time_hear_the_same_place() -> None:
    state = must(fresh(), "play", 10_000)
    assert (state["started_at"], state["position_ms"], state["playing"]) == (10_000, 0, True)
    assert position(state, 22_500) == 12_500
    assert position(state, 9_000) == 0  # a clock that was set back
    assert position(state, 10_000_000) == 96_000


def test_a_pause_keeps_the_place() -> None:
    playing = must(fresh(), "play", 10_000)
    paused = outcome(playing, "pause", 40_000)
    assert paused.timers[0].after_ms is None
    state = PLAYER.check(paused.state)
    assert state["position_ms"] == 30_000
    assert "started_at" not in state
    assert PLAYER.look_key(state) == "paused"
    again = outcome(state, "resume", 99_000)
    assert position(PLAYER.check(again.state), 100_000) == 31_000
    assert again.timers[0].after_ms == 66_000
    assert must(state, "play", 99_000) == PLAYER.check(again.state)


def test_play_sets_a_timer_to_the_records_end() -> None:
    made = outcome(fresh(), "play", 0)
    assert [(timer.name, timer.after_ms) for timer in made.timers] == [(END, 96_000)]
    assert made.telling == "Ann plays “Slow Train Home”."


def test_the_timer_moves_on_and_falls_silent_after_the_shelf() -> None:
    state, now, heard = must(fresh(), "play", 0), 0, ["slow_train_home"]
    for _ in range(10):
        now += state["records"][state["record"]]["seconds"] * 1000
        made = PLAYER.tick(state, END, now)
        assert made is not None
        state = PLAYER.check(made.state)
        if not state["playing"]:
            break
        heard.append(state["record"])
        assert (state["started_at"], state["position_ms"]) == (now, 0)
    assert heard == list(fresh()["records"])
    assert PLAYER.look_key(state) == "silent"
    assert PLAYER.tick(state, END, now) is None


def test_modes_repeat_or_stop() -> None:
    one = must(must(fresh(), "follow", 0, mode="one"), "play", 0)
    made = PLAYER.tick(one, END, 96_000)
    assert made is not None
    assert (made.state["record"], made.telling) == ("slow_train_home", "")
    once = must(must(fresh(), "follow", 0, mode="once"), "play", 0)
    made = PLAYER.tick(once, END, 96_000)
    assert made is not None
    assert made.state["playing"] is False


def test_choosing_and_next_begin_at_the_beginning() -> None:
    state = must(must(fresh(), "play", 0), "choose", 50_000, record="rain_on_tin")
    assert (state["record"], position(state, 50_000)) == ("rain_on_tin", 0)
    state = must(state, "next", 60_000)
    assert (state["record"], state["started_at"]) == ("second_cup", 60_000)
    last = must(fresh(), "choose", 0, record="what_the_tide_said")
    assert must(last, "next", 1)["record"] == "slow_train_home"


def test_seeking_moves_the_needle_and_the_timer() -> None:
    made = outcome(must(fresh(), "play", 0), "seek", 5_000, seconds=90)
    assert position(PLAYER.check(made.state), 6_000) == 91_000
    assert made.timers[0].after_ms == 6_000
    assert position(must(fresh(), "seek", 5_000, seconds=10), 99_000) == 10_000
    assert refused(fresh(), "seek", seconds=96) == "bad_args"


def test_what_makes_no_sense_is_refused() -> None:
    playing = must(fresh(), "play", 0)
    assert refused(playing, "play") == "precondition"
    assert refused(playing, "resume") == "precondition"
    assert refused(fresh(), "pause") == "precondition"
    assert refused(fresh(), "stop") == "precondition"
    assert refused(playing, "choose", record="slow_train_home") == "precondition"
    assert refused(playing, "choose", record="unheard") == "bad_args"
    assert refused(playing, "turn_volume", volume=6) == "precondition"
    assert refused(playing, "turn_volume", volume=11) == "bad_args"
    assert refused(playing, "follow", mode="all") == "precondition"
    one = fresh(records={"a": {"title": "A", "artist": "B", "mood": "warm", "seconds": 10}})
    assert refused(one, "next") == "precondition"


VERBS = st.sampled_from(
    [
        ("play", {}),
        ("pause", {}),
        ("resume", {}),
        ("stop", {}),
        ("next", {}),
        ("choose", {"record": "rain_on_tin"}),
        ("seek", {"seconds": 30}),
        ("turn_volume", {"volume": 3}),
        ("follow", {"mode": "one"}),
        ("tick", {}),
    ]
)


@given(st.lists(st.tuples(VERBS, st.integers(0, 200_000)), max_size=30))
def test_whatever_is_done_the_state_fits_and_the_timer_follows(steps: list[tuple[tuple[str, Any], int]]) -> None:
    state, now, timer = fresh(), 0, None
    for (verb, args), wait in steps:
        now += wait
        made = PLAYER.tick(state, END, now) if verb == "tick" else PLAYER.use(state, verb, args, ANN, now)
        if made is None or isinstance(made, Refusal):
            continue
        state = PLAYER.check(made.state)
        assert PLAYER.check(state) == state
        for wish in made.timers:
            timer = None if wish.after_ms is None else now + wish.after_ms
        assert (timer is not None) == state["playing"]
        if timer is not None and timer > now:
            assert position(state, timer) == state["records"][state["record"]]["seconds"] * 1000
            assert position(state, timer - 1) < position(state, timer)


@given(st.lists(st.integers(0, 30), max_size=12))
def test_every_choice_is_possible_and_named_once(picks: list[int]) -> None:
    state, now = fresh(), 0
    for pick in picks:
        now += 7_000
        choices = PLAYER.choices(state, ANN)
        assert len({choice.id for choice in choices}) == len(choices)
        for choice in choices:
            assert isinstance(PLAYER.use(state, choice.verb, choice.args, ANN, now), Outcome), choice
        choice = choices[pick % len(choices)]
        state = must(state, choice.verb, now, **choice.args)


def test_looks_say_what_is_on() -> None:
    assert PLAYER.look(fresh()) == "silent; “Slow Train Home” lies on the plate"
    playing = must(fresh(), "play", 0)
    assert PLAYER.look(playing) == "playing “Slow Train Home” by The Copper Spoons, slow"
    assert PLAYER.look(must(playing, "pause", 5)) == "paused in “Slow Train Home”"


@pytest.mark.parametrize(
    "bad",
    [
        {"record": "unheard"},
        {"playing": True},
        {"started_at": 5},
        {"volume": 11},
        {"records": {}},
        {"records": {"a": {"title": "A", "artist": "B", "mood": "warm", "seconds": 0}}},
    ],
)
def test_options_that_do_not_fit_are_refused(bad: State) -> None:
    with pytest.raises(DefinitionError):
        fresh(**bad)
