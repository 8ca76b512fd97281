"""The state's invariants hold whatever is asked of a room."""

from __future__ import annotations

from hypothesis import given

from openroom.core.patch import merge
from openroom.core.state import State, problems
from tests.core.worlds import ANN, BEN, CLEO, HOST, MIRA, OSKAR, STEPS, Table, enter


@given(STEPS)
def test_no_sequence_of_actions_makes_an_invalid_state(steps: list[tuple[object, object]]) -> None:
    table = Table()
    for actor in (ANN, HOST):
        table.must(actor, enter(actor))
    for actor, action in steps:
        before = len(table.log)
        table.do(actor, action)  # type: ignore[arg-type]
        assert problems(table.state, table.world) == []
        assert [event.seq for event in table.log] == list(range(1, len(table.log) + 1))
        assert len(table.log) - before <= 1
        for person in table.state.people.values():
            assert {"kind", "name", "order"} <= set(person)
        names = [person["name"].casefold() for person in table.state.people.values()]
        assert len(set(names)) == len(names)
        # a game is no visitor
        visitors = {who for who, person in table.state.people.items() if person["kind"] != "game"}
        assert set(table.state.hidden["visits"]) == visitors
        for who in visitors:
            open_visits = [end for end in table.state.hidden["visits"][who].values() if end == 0]
            assert bool(open_visits) == table.state.is_here(who)
        assert len(table.state.here("player")) <= table.world.scene.max_players + 1  # the host may always come in


def test_here_lists_by_arrival_and_kind() -> None:
    table = Table()
    for actor in (BEN, ANN):
        table.must(actor, enter(actor))
    table.must(CLEO, enter(CLEO, watch=True))
    assert table.state.here() == [MIRA.id, OSKAR.id, BEN.id, ANN.id, CLEO.id]
    assert table.state.here("player") == [BEN.id, ANN.id]
    assert table.state.here("spectator") == [CLEO.id]
    assert table.state.name(BEN.id) == "Ben"
    assert table.state.name("player:nobody") == "player:nobody"


def test_problems_name_what_is_wrong() -> None:
    table = Table()
    bad = merge(
        table.state.shared, {"props": {"kettle": {"state": {"water": "lava"}}}, "people": {MIRA.id: {"order": 2}}}
    )
    bad["scene"] = {"title": None}
    found = problems(State(1, bad, {"head": 9}), table.world)
    assert any("shared.scene.title" in one for one in found)
    assert any(one.startswith("props.kettle") for one in found)
    assert any("same order" in one for one in found)
    assert any("head 9" in one for one in found)
