"""Striking what was written on a thing: gone from the state, from earlier patches, from snapshots; replay agrees."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core import action as act
from openroom.core import event as ev
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.event import dump
from openroom.core.redact import Strike, strike_of, struck_event, struck_state
from openroom.core.state import World
from openroom.props.declared.prop import YamlProp
from openroom.props.declared.spec import PropSpec
from openroom.props.diary.rules import Diary
from tests.core.worlds import ANN, BEN, HOST, Table, enter, world

BOARD: dict[str, Any] = {
    "format": 1,
    "kind": "board",
    "name": "Board",
    "line": "A board.",
    "state": {"notes": {"type": "notes", "max": 4}, "title": {"type": "text", "max": 80}},
    "verbs": {
        "pin": {
            "label": "Pin a note",
            "params": {"text": {"type": "text", "max": 80}},
            "set": {"notes": {"append": "PS: {text}"}},
            "tells": "{actor} pins a note: {text}",
        },
        "head": {
            "label": "Head it",
            "params": {"text": {"type": "text", "max": 80}},
            "set": {"title": "{text}"},
            "tells": "{actor} writes a title.",
        },
        "clear": {"label": "Clear", "set": {"notes": {"clear": True}}, "tells": "{actor} clears it."},
    },
    "looks": [{"text": "{notes}"}],
}
BAD = "You are all fools and knaves."


def _hall() -> Table:
    made = world()
    props = {**made.props, "cup": Diary(), "kettle": YamlProp(PropSpec.model_validate(BOARD))}
    scene = made.scene.model_validate(
        {**made.scene.model_dump(by_alias=True), "props": [{"id": "cup", "kind": "d"}, {"id": "kettle", "kind": "b"}]}
    )
    table = Table(World(scene, made.characters, props))
    for actor in (ANN, BEN, HOST):
        table.must(actor, enter(actor))
    return table


def write(table: Table, who: Actor, text: str, prop: str = "cup", verb: str = "write") -> int:
    return table.must(who, act.Use(prop=prop, verb=verb, args={"text": text}))[0].seq


def strike(table: Table, seq: int, who: Actor = HOST) -> list[ev.Event]:
    """Erase it as a room does; the log after it."""
    target = table.log[seq - 1]
    assert isinstance(target, ev.Used)
    found = strike_of(target, table.world.props[target.prop])
    assert found is not None
    (erased,) = table.must(who, act.Erase(seq=seq))
    return [struck_event(event, found) if event.seq < erased.seq else event for event in table.log]


def test_a_page_goes_from_the_diary_and_from_the_log() -> None:
    table = _hall()
    kept = write(table, BEN, "Rain all day.")
    seq = write(table, ANN, f"  {BAD}\x07 ")
    table.must(HOST, act.Rewind(to=kept))
    table.must(HOST, act.Rewind(to=seq))
    assert table.refused(BEN, act.Erase(seq=seq)) == "not_allowed"
    log = strike(table, seq)
    assert [entry["text"] for entry in table.state.props["cup"]["state"]["entries"].values()] == ["Rain all day."]
    assert "fools" not in str([dump(event) for event in log])
    assert "Rain all day." in str([dump(event) for event in log])
    assert replay(log) == table.state
    assert log[seq - 1].erased
    assert not log[kept - 1].erased


@pytest.mark.parametrize("verb", ["pin", "head"])
def test_notes_and_titles_go_too(verb: str) -> None:
    table = _hall()
    seq = write(table, ANN, BAD, "kettle", verb)
    write(table, BEN, "Tea at five?", "kettle", "pin")
    log = strike(table, seq, ANN)
    state = table.state.props["kettle"]["state"]
    assert [note["text"] for note in state["notes"]] == ["PS: Tea at five?"]
    assert state["title"] in ("", "…")
    assert "fools" not in str([dump(event) for event in log])
    assert replay(log) == table.state


def test_words_that_were_taken_down_already_go_from_the_log() -> None:
    table = _hall()
    seq = write(table, ANN, BAD, "kettle", "pin")
    table.must(BEN, act.Use(prop="kettle", verb="clear"))
    log = strike(table, seq)
    assert "fools" not in str([dump(event) for event in log])
    assert replay(log) == table.state


def test_a_snapshot_and_a_state_that_was_put_aside_are_struck() -> None:
    table = _hall()
    seq = write(table, ANN, BAD)
    shot = table.state
    target = table.log[seq - 1]
    assert isinstance(target, ev.Used)
    found = strike_of(target, table.world.props["cup"])
    assert found is not None
    assert "fools" not in str(struck_state(shot, found))
    aside = {"aside": {"cup": shot.props["cup"]["state"]}}
    moved = ev.Configured(seq=1, at=1, actor="system", hidden=aside)
    assert "fools" not in str(dump(struck_event(moved, found)))
    other = Strike("kettle", found.words)
    assert struck_event(moved, other) is moved


def test_what_held_no_words_cannot_be_erased() -> None:
    table = _hall()
    write(table, ANN, "One.")
    (torn,) = table.must(ANN, act.Use(prop="cup", verb="erase", args={"entry": "e1"}))
    assert table.refused(HOST, act.Erase(seq=torn.seq)) == "unknown_target"
    assert table.refused(HOST, act.Erase(seq=2)) == "unknown_target"


def test_words_of_a_thing_that_is_gone_are_all_its_texts() -> None:
    used = ev.Used(seq=1, at=1, actor=ANN.id, prop="cup", verb="write", args={"text": BAD, "n": 3}, telling="")
    assert strike_of(used, None) == Strike("cup", (BAD,))
    assert strike_of(used.model_copy(update={"args": {"n": 3}}), None) is None


WORDS = st.sampled_from(["a", "aa", "Rain.", "Rain. Rain. Rain.", "calm", "…", "e1", BAD])


@given(
    st.lists(st.tuples(st.sampled_from(["cup", "kettle"]), st.sampled_from([ANN, BEN]), WORDS), min_size=1, max_size=8),
    st.data(),
)
def test_whatever_was_written_the_struck_log_replays_to_the_same_state(
    written: list[tuple[str, Actor, str]], data: st.DataObject
) -> None:
    table = _hall()
    seqs = []
    for prop, who, text in written:
        seqs.append(write(table, who, text, prop, "write" if prop == "cup" else "pin"))
        if data.draw(st.booleans()):
            table.must(HOST, act.Rewind(to=data.draw(st.sampled_from(seqs))))
    log = strike(table, data.draw(st.sampled_from(seqs)))
    assert replay(log) == table.state
