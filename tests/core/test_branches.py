"""The active path of a log after rewinds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openroom.core import action as act
from openroom.core.branches import Tree, active, undone, within, without
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


@given(st.lists(st.integers(0, 14), max_size=30))
def test_the_tree_of_the_moves_knows_every_way(steps: list[int]) -> None:
    """Paths, ends and the newest way through an event are what a walk along the parents finds."""
    table = Table()
    table.must(HOST, enter(HOST))
    stood = [table.state.head]
    for step in steps:
        if step <= 6:
            table.must(HOST, act.Say(text="on"))
        elif 1 <= step - 6 <= table.state.seq:
            table.must(HOST, act.Rewind(to=step - 6))
        stood.append(table.state.head)
    tree, state = Tree.of(table.state), table.state
    paths = {head: [event.seq for event in active(table.log, head)] for head in set(stood)}
    for head, path in paths.items():
        spans = tree.path(head)
        assert [seq for first, last in spans for seq in range(first, last + 1)] == path
        assert all(within(spans, seq) == (seq in path) for seq in range(state.seq + 2))
    parents = {event.parent or event.seq - 1 for event in table.log if event.kind != "moved"}
    assert set(tree.leaves(state.head)) == {head for head in stood if head not in parents}
    for seq in {one for path in paths.values() for one in path}:
        through = [head for head in reversed(stood) if seq in paths[head]]
        newest = tree.newest_through(seq, state.head)
        assert seq in [event.seq for event in active(table.log, newest)]
        if seq in paths[state.head]:
            assert newest == state.head
        else:
            assert paths[newest] == paths[through[0]]
    one, other = tree.path(stood[-1]), tree.path(stood[len(stood) // 2])
    left = {seq for first, last in without(one, other) for seq in range(first, last + 1)}
    assert left == set(paths[stood[-1]]) - set(paths[stood[len(stood) // 2]])
