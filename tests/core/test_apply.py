"""Replaying any log gives the same state, byte for byte, from any point on."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core import action as act
from openroom.core.apply import apply, replay
from openroom.core.event import dump, load
from openroom.core.state import State
from openroom.errors import StoreCorrupt
from tests.core.worlds import ANN, HOST, STEPS, Table, enter


def canonical(state: State) -> str:
    return json.dumps([state.seq, state.shared, state.hidden], sort_keys=True, allow_nan=False)


@given(STEPS, st.randoms(use_true_random=False))
def test_replay_gives_the_same_bytes_from_any_snapshot(steps: list[tuple[object, object]], random: object) -> None:
    table = Table()
    for actor, action in steps:
        table.do(actor, action)  # type: ignore[arg-type]
    stored = [load(json.loads(json.dumps(dump(event)))) for event in table.log]
    assert canonical(replay(stored)) == canonical(table.state)
    start = random.randrange(len(stored) + 1)  # type: ignore[attr-defined]
    assert canonical(replay(stored[start:], table.states[start])) == canonical(table.state)


@given(STEPS)
def test_earlier_states_never_change(steps: list[tuple[object, object]]) -> None:
    table = Table()
    kept = [canonical(state) for state in table.states]
    for actor, action in steps:
        table.do(actor, action)  # type: ignore[arg-type]
        kept += [canonical(state) for state in table.states[len(kept) :]]
    assert [canonical(state) for state in table.states] == kept


def test_a_gap_or_a_double_is_corrupt() -> None:
    table = Table()
    table.must(ANN, enter(ANN))
    with pytest.raises(StoreCorrupt, match="expected event 2, came event 1"):
        replay([table.log[0], table.log[0]])
    with pytest.raises(StoreCorrupt, match="expected event 1, came event 2"):
        apply(State(), table.log[1])


def test_visits_say_who_perceives_from_when_to_when() -> None:
    table = Table()
    table.must(ANN, enter(ANN))
    table.must(ANN, act.Leave())
    table.must(ANN, enter(ANN))
    assert table.state.hidden["visits"][ANN.id] == {"2": 3, "4": 0}
    table.must(ANN, act.Leave())
    assert table.state.hidden["visits"][ANN.id] == {"2": 3, "4": 5}


def test_the_head_follows_the_log_until_it_is_moved() -> None:
    table = Table()
    table.must(HOST, enter(HOST))
    table.must(HOST, act.Say(text="One"))
    assert table.state.head == 3
    table.must(HOST, act.Rewind(to=2))
    assert (table.state.seq, table.state.head) == (4, 2)
    (event,) = table.must(HOST, act.Say(text="Another"))
    assert event.parent == 2
    assert table.state.head == 5
