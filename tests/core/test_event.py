"""Events: what is stored can be read again, and erasing takes the words and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from pydantic import ValidationError

from openroom.core import action as act
from openroom.core.apply import replay
from openroom.core.event import Said, called_for, dump, erase, load
from tests.core.worlds import ANN, MIRA, STEPS, Table, enter


@given(STEPS)
def test_every_event_survives_json(steps: list[tuple[object, object]]) -> None:
    table = Table()
    for actor, action in steps:
        table.do(actor, action)  # type: ignore[arg-type]
    for event in table.log:
        body = json.loads(json.dumps(dump(event), allow_nan=False))
        assert load(body) == event


def test_absent_fields_are_not_written_and_deleting_nulls_are() -> None:
    table = Table()
    table.must(ANN, enter(ANN))
    (left,) = table.must(ANN, act.Leave())
    body = dump(left)
    assert body["patch"] == {"people": {ANN.id: {"here": None}}}
    assert "to" not in body and "reason" not in body and "parent" not in body


def test_erasing_takes_the_words_and_keeps_the_rest() -> None:
    table = Table()
    table.must(ANN, enter(ANN))
    (said,) = table.must(ANN, act.Say(text="my secret", to=[MIRA.id]), cause="c-1")
    gone = erase(said)
    assert isinstance(gone, Said)
    assert "secret" not in json.dumps(dump(gone))
    assert (gone.seq, gone.kind, gone.actor, gone.to, gone.cause, gone.erased) == (
        3,
        "said",
        ANN.id,
        [MIRA.id],
        "c-1",
        True,
    )


def test_a_log_with_erased_events_replays_to_the_same_state() -> None:
    table = Table()
    table.must(ANN, enter(ANN))
    table.must(ANN, act.Use(prop="cup", verb="grab"))
    table.must(ANN, act.Say(text="Mine!"))
    assert replay([erase(event) for event in table.log]) == table.state


def test_unknown_kinds_and_fields_are_refused() -> None:
    for body in (
        {"kind": "flew", "seq": 1, "at": 1, "actor": "x"},
        {"kind": "felt", "seq": 1, "at": 1, "actor": "x", "z": 1},
    ):
        with pytest.raises(ValidationError):
            load(body)


@pytest.mark.parametrize(
    ("cause", "named"),
    [
        ("t12-mira", (12, 0)),
        ("t12-mira-14", (12, 14)),
        ("t12-mira-14.2", (12, 14)),
        ("t12-the_keeper.say", (12, 0)),
        ("a1", (0, 0)),
        ("", (0, 0)),
        (None, (0, 0)),
    ],
)
def test_a_turn_names_what_called_for_it(cause: str | None, named: tuple[int, int]) -> None:
    assert called_for(cause) == named
