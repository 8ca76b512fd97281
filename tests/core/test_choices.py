"""Options: the one short list behind people's buttons and characters' menus."""

from __future__ import annotations

from hypothesis import given

from openroom.core import action as act
from openroom.core.actor import Actor
from openroom.core.choices import options
from openroom.core.resolve import Resolved
from tests.core.worlds import ANN, HOST, STEPS, Table, enter


@given(STEPS)
def test_every_option_is_possible(steps: list[tuple[Actor, act.Action]]) -> None:
    table = Table()
    table.must(HOST, enter(HOST))
    for actor, action in steps:
        table.do(actor, action)
    if not table.state.is_here(HOST.id) or table.state.people[HOST.id]["kind"] == "spectator":
        return
    for option in options(table.state, table.world, HOST):
        before = len(table.log)
        kept = table.states[-1]
        assert isinstance(table.do(HOST, option.action("words")), Resolved), option
        assert len(table.log) == before + 1
        table.log.pop()
        table.states.pop()
        assert table.state is kept


def test_options_are_named_by_prop_and_choice() -> None:
    table = Table()
    table.must(ANN, enter(ANN))
    found = {option.id: option for option in options(table.state, table.world, ANN)}
    assert list(found) == ["cup.grab", "kettle.heat", "kettle.fill", "kettle.storm"]
    assert found["cup.grab"].public() == {"id": "cup.grab", "prop": "cup", "verb": "grab", "label": "Grab the cup"}
    assert "cup" in found["cup.grab"].words


def test_a_limit_bounds_each_prop() -> None:
    table = Table()
    assert [option.id for option in options(table.state, table.world, ANN, limit=1)] == ["cup.grab", "kettle.heat"]


def test_one_prop_alone_can_be_asked_about() -> None:
    table = Table()
    assert [option.id for option in options(table.state, table.world, ANN, prop="cup")] == ["cup.grab"]
    assert options(table.state, table.world, ANN, prop="saucer") == []
