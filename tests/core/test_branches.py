"""The active path of a log after rewinds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openroom.core import action as act
from openroom.core.branches import active, undone
from tests.core.worlds import HOST, Table, enter


def test_what_was_left_is_not_on_the_path() -> None:
    table = Table()
    table.must(HOST, enter(HOST))  # 2
    for text in ("three", "four"):
        table.must(HOST, act.Say(text=text))
    table.must(HOST, act.Rewind(to=3))  # 5
    table.must(HOST, act.Say(text="six"))
    assert [event.seq for event in active(table.log, table.state.head)] == [1, 2, 3, 6]
    assert undone(table.log, table.state.head) == {4, 5}
    table.must(HOST, act.Rewind(to=4))
    assert [event.seq for event in active(table.log, table.state.head)] == [1, 2, 3, 4]


@given(st.lists(st.integers(0, 12), max_size=25))
def test_the_path_goes_back_without_a_turn(steps: list[int]) -> None:
    """0 says something; another number turns back to there."""
    table = Table()
    table.must(HOST, enter(HOST))
    story = [1, 2]
    for step in steps:
        if step == 0:
            table.must(HOST, act.Say(text="on"))
            story.append(table.state.seq)
        elif 2 <= step <= table.state.seq and table.log[step - 1].kind != "moved":
            table.must(HOST, act.Rewind(to=step))
            story = [event.seq for event in active(table.log[:step], step)]
    path = [event.seq for event in active(table.log, table.state.head)]
    assert path == story
    assert path == sorted(path)
    assert undone(table.log, table.state.head) == set(range(1, table.state.seq + 1)) - set(path)


def test_a_tail_of_the_log_is_enough() -> None:
    table = Table()
    table.must(HOST, enter(HOST))
    for text in ("three", "four"):
        table.must(HOST, act.Say(text=text))
    assert [event.seq for event in active(table.log[2:], table.state.head)] == [3, 4]
