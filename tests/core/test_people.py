"""Whom the state holds: those present, and those named in what can be read of the story."""

from __future__ import annotations

import pytest

from openroom.core import action as act
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.view import WholeStory, perceives, seen, visits_of
from tests.core.worlds import ANN, BEN, CLEO, HOST, MIRA, OSKAR, Table, enter


def hall() -> Table:
    table = Table()
    table.forgets = True
    return table


def visitor(number: int) -> Actor:
    return Actor(f"player:v{number}", "player", "Ann")


def test_who_left_and_said_nothing_goes_when_the_next_one_comes() -> None:
    table = hall()
    for number in range(50):
        table.must(visitor(number), enter(visitor(number)))
        table.must(visitor(number), act.Leave())
        assert len(table.state.people) <= 4
    assert table.state.name("player:v49") == "Ann", "nobody is left to be told apart from"
    assert set(table.state.people) == {MIRA.id, OSKAR.id, "player:v49"}
    assert len(table.state.hidden["visits"]) == 52, "who comes back soon has what they perceived"
    assert replay(table.log) == table.state


def test_who_spoke_stays_for_as_long_as_their_words_can_be_read() -> None:
    table = hall()
    table.must(ANN, enter(ANN))
    table.must(ANN, act.Say(text="Hello."))
    table.must(ANN, act.Leave())
    table.must(BEN, enter(BEN))
    assert table.state.name(ANN.id) == "Ann"
    for number in range(table.window):
        table.must(BEN, act.Say(text=f"Line {number}"))
    table.must(CLEO, enter(CLEO))
    assert ANN.id not in table.state.people


def test_those_of_whom_something_else_is_kept_stay() -> None:
    table = hall()
    for actor in (ANN, BEN, HOST):
        table.must(actor, enter(actor))
    table.must(HOST, act.Say(text="To you.", to=[BEN.id]))
    table.must(HOST, act.Remove(who=ANN.id, ban=True))
    table.must(BEN, act.Leave())
    table.must(CLEO, enter(CLEO))
    assert {ANN.id, BEN.id} <= set(table.state.people), "one is banned, one was whispered to"


def test_a_room_that_is_not_open_keeps_whom_it_knows() -> None:
    for context in ({}, {"private": True}):
        table = hall()
        table.must(HOST, enter(HOST))
        table.must(ANN, enter(ANN))
        if not context:
            table.must(HOST, act.Configure(open=False))
        table.must(ANN, act.Leave(), **context)
        table.must(HOST, act.Leave(), **context)
        table.must(HOST, enter(HOST), **context)
        table.must(ANN, enter(ANN), **context)


def test_where_nobody_knows_who_is_named_nobody_goes() -> None:
    table = hall()
    table.must(ANN, enter(ANN))
    table.must(ANN, act.Leave())
    table.must(BEN, enter(BEN), named=None)
    assert ANN.id in table.state.people


def test_a_rewind_brings_back_whom_the_story_of_then_names() -> None:
    table = hall()
    table.must(ANN, enter(ANN))
    (said,) = table.must(ANN, act.Say(text="Hello."))
    table.must(ANN, act.Leave())
    table.must(HOST, enter(HOST))
    for number in range(table.window):
        table.must(HOST, act.Say(text=f"Line {number}"))
    other = Actor("player:other", "player", "Ann")
    table.must(other, enter(other))
    assert ANN.id not in table.state.people
    table.must(HOST, act.Rewind(to=said.seq))
    assert (table.state.name(ANN.id), table.state.is_here(ANN.id)) == ("Ann 2", False)
    assert table.state.hidden["visits"][ANN.id] == {"2": 4}
    assert table.state.name(other.id) == "Ann"
    orders = [person["order"] for person in table.state.people.values()]
    assert len(set(orders)) == len(orders)
    assert replay(table.log) == table.state


def test_visits_are_kept_as_long_as_something_of_them_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openroom.core.people.WINDOW", 10)
    table = hall()
    table.must(ANN, enter(ANN))
    (said,) = table.must(BEN, enter(BEN))
    table.must(ANN, act.Leave())
    for _ in range(4):
        table.must(CLEO, enter(CLEO))
        table.must(CLEO, act.Leave())
    assert ANN.id not in table.state.people
    assert perceives(ANN.id, said, visits_of(table.state))
    for _ in range(2):
        table.must(CLEO, enter(CLEO))
        table.must(CLEO, act.Leave())
    assert ANN.id not in table.state.hidden["visits"]
    assert set(table.state.hidden["visits"]) == set(table.state.people)
    table.must(HOST, enter(HOST))
    table.must(HOST, act.Rewind(to=said.seq))
    assert perceives(ANN.id, said, visits_of(table.state)), "back there something of it can be read again"
    assert WholeStory(ANN.id)(table.log)[:2] == [seen(event) for event in table.log[1:3]]
    assert replay(table.log) == table.state
