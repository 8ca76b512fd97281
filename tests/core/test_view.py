"""Perception: nobody perceives what happened without them or was not for them."""

from __future__ import annotations

import json

from hypothesis import given

from openroom.core import action as act
from openroom.core.actor import SYSTEM, Actor
from openroom.core.view import bare, is_public, looks, manifest, perceives, seen
from tests.core.worlds import ANN, BEN, CLEO, HOST, MIRA, OSKAR, STEPS, Table, character, enter, world


def perceived(table: Table, who: str) -> list[int]:
    visits = table.state.hidden["visits"]
    return [event.seq for event in table.log if perceives(who, event, visits)]


def evening() -> Table:
    """Whispers, a late arrival and somebody leaving."""
    table = Table()
    table.must(ANN, enter(ANN))  # 2
    table.must(BEN, enter(BEN))  # 3
    table.must(ANN, act.Say(text="Hello all"))  # 4
    table.must(ANN, act.Say(text="the key is under the mat", to=[MIRA.id]))  # 5
    table.must(BEN, act.Leave())  # 6
    table.must(ANN, act.Say(text="Ben is gone"))  # 7
    table.must(CLEO, enter(CLEO))  # 8
    table.must(MIRA, act.Say(text="Welcome"))  # 9
    table.must(BEN, enter(BEN))  # 10
    table.must(ANN, act.Use(prop="cup", verb="grab"))  # 11
    table.must(OSKAR, act.Pass(note="nothing to add"))  # 12
    table.must(CLEO, act.Rate(seq=9, value=-1, reason="too loud"))  # 13 - perceived by nobody else
    return table


def test_a_whisper_is_for_its_hearers_and_its_speaker() -> None:
    table = evening()
    assert {who for who in table.state.people if 5 in perceived(table, who)} == {ANN.id, MIRA.id}


def test_what_happened_while_one_was_away_is_not_perceived() -> None:
    table = evening()
    assert perceived(table, BEN.id) == [3, 4, 6, 10, 11]
    assert perceived(table, CLEO.id) == [8, 9, 10, 11, 13]


def test_ratings_and_passes_are_the_actors_own() -> None:
    table = evening()
    assert 12 in perceived(table, OSKAR.id)
    assert not any({12, 13} & set(perceived(table, who)) for who in (ANN.id, MIRA.id, BEN.id, "player:nobody"))


def test_a_rating_is_perceived_by_who_gave_it() -> None:
    table = evening()
    (rated,) = table.must(ANN, act.Rate(seq=9, value=1))
    assert perceived(table, ANN.id)[-1] == rated.seq
    assert rated.seq not in perceived(table, MIRA.id)


def test_definitions_are_perceived_by_nobody() -> None:
    table = evening()
    table.must(SYSTEM, act.Define(what="scene", id="hut", definition={"variant": 0, "secret": "x"}))
    assert not any({1, table.state.seq} & set(perceived(table, who)) for who in table.state.people)


def test_who_does_not_perceive_gets_seq_and_patch_only() -> None:
    table = evening()
    assert bare(table.log[4]) == {"seq": 5}
    assert bare(table.log[10]) == {"seq": 11, "patch": {"props": {"cup": {"state": {"taken": True}}}}}
    assert "hidden" not in seen(table.log[0])


@given(STEPS)
def test_everything_perceived_was_public_or_for_one(steps: list[tuple[Actor, act.Action]]) -> None:
    table = Table()
    for actor in (ANN, HOST):
        table.must(actor, enter(actor))
    for actor, action in steps:
        table.do(actor, action)
    visits = table.state.hidden["visits"]
    for event in table.log:
        hearers = {who for who in table.state.people if perceives(who, event, visits)}
        state = table.states[event.seq]
        present = {who for who in table.state.people if state.is_here(who) or table.states[event.seq - 1].is_here(who)}
        if is_public(event):
            assert hearers == present
        else:
            assert hearers <= {event.actor, *(event.to or ())}
        assert json.loads(json.dumps(seen(event))) == seen(event)


def test_the_manifest_holds_public_cards_only() -> None:
    made = world()
    secret = {"id": "s", "text": "buried treasure", "words": ["treasure"]}
    card = character("mira", secrets=[secret], persona="Private thoughts.", facts=[{"id": "f", "text": "Born at sea."}])
    public = json.dumps(manifest(type(made)(made.scene, {**made.characters, "mira": card}, made.props)))
    assert not any(words in public for words in ("treasure", "Private thoughts", "Born at sea"))
    assert "Lives here." in public and "Grab the cup" in public


def test_looks_follow_the_props_order() -> None:
    table = Table()
    assert looks(table.state, table.world) == ["Cup: A cup.", "Kettle: cold."]
