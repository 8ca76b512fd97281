"""Striking what was written on a thing: gone from the state, from earlier patches, from snapshots; replay agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from openroom.core import action as act
from openroom.core import event as ev
from openroom.core.actor import Actor
from openroom.core.apply import apply, replay
from openroom.core.event import dump
from openroom.core.patch import merge
from openroom.core.prop import Outcome, Prop, verb
from openroom.core.redact import Strike, Tracing, strike_of, telling
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


def traced(table: Table, seq: int, **more: Any) -> Tracing:
    """What follows the words of an event, from before it on."""
    target = table.log[seq - 1]
    assert isinstance(target, ev.Used)
    found = strike_of(target, table.world.props.get(target.prop))
    assert found is not None
    return Tracing(replace(found, **more), table.states[seq - 1])


def strike(table: Table, seq: int, who: Actor = HOST) -> list[ev.Event]:
    """Erase it as a room does; the log after it."""
    before = traced(table, seq)
    for event in table.log[seq - 1 :]:
        before.take(event)
    (erased,) = table.must(who, act.Erase(seq=seq), standing=before.standing)
    tracing = traced(table, seq, everywhere=who.id != table.log[seq - 1].actor)
    struck = [tracing.take(event) for event in table.log[seq - 1 : erased.seq - 1]]
    log = [*table.log[: seq - 1], *struck, *table.log[erased.seq - 1 :]]
    log[seq - 1] = ev.erase(log[seq - 1])
    for shot in table.states[: erased.seq]:
        assert replay(log[shot.seq :], tracing.struck(shot)) == table.state, "from any snapshot"
    return log


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
    other = write(table, BEN, BAD)
    tracing = traced(table, seq)
    for event in table.log[seq - 1 :]:
        tracing.take(event)
    assert "fools" not in str(tracing.struck(shot))
    assert str(tracing.struck(table.state)).count("fools") == 1
    gone = {"kind": "defined", "what": "scene", "id": "hut", "definition": {}, "patch": {"props": {"cup": None}}}
    aside = {"aside": {"cup": table.state.props["cup"]["state"]}}
    put = ev.load({**gone, "seq": other + 1, "at": 1, "actor": "system", "hidden": aside})
    assert str(dump(tracing.take(put))).count("fools") == 1
    assert tracing.standing.aside == {"entries": {"e1": {"text": BAD}}}
    back = ev.load(
        {**dump(put), "seq": other + 2, "patch": {"props": table.state.props}, "hidden": {"aside": {"cup": None}}}
    )
    assert str(dump(tracing.take(back))).count("fools") == 1
    assert tracing.standing.state == {"entries": {"e1": {"text": BAD}}}


def test_what_held_no_words_cannot_be_erased() -> None:
    table = _hall()
    write(table, ANN, "One.")
    (torn,) = table.must(ANN, act.Use(prop="cup", verb="erase", args={"entry": "e1"}))
    assert table.refused(HOST, act.Erase(seq=torn.seq)) == "unknown_target"
    assert table.refused(HOST, act.Erase(seq=2)) == "unknown_target"


def test_words_of_a_thing_that_is_gone_are_all_its_texts() -> None:
    used = ev.Used(seq=1, at=1, actor=ANN.id, prop="cup", verb="write", args={"text": BAD, "n": 3}, telling="")
    assert strike_of(used, None) == Strike(1, ANN.id, "cup", (BAD,))
    assert strike_of(used.model_copy(update={"args": {"n": 3}}), None) is None


def pages(table: Table, prop: str = "cup") -> list[str]:
    state = table.state.props[prop]["state"]
    return [item["text"] for item in (state["entries"].values() if prop == "cup" else state["notes"])]


@pytest.mark.parametrize("words", ["Dear diary", "e", "Dear diary, it rains."])
def test_what_others_wrote_keeps_its_bytes_also_where_it_quotes_the_same_words(words: str) -> None:
    table = _hall()
    theirs = [write(table, BEN, "Dear diary, it rains."), write(table, HOST, f"Ann wrote: {words}")]
    write(table, ANN, "Dear diary, it rains. Mine, of another day.")
    mine = write(table, ANN, words)
    theirs.append(write(table, BEN, words))
    before = [table.log[seq - 1] for seq in theirs]
    log = strike(table, mine, ANN)
    assert pages(table) == [
        "Dear diary, it rains.",
        f"Ann wrote: {words}",
        "Dear diary, it rains. Mine, of another day.",
        words,
    ]
    assert [log[seq - 1] for seq in theirs] == before
    assert replay(log) == table.state


def test_on_a_full_board_only_one_s_own_note_goes() -> None:
    table = _hall()
    for text in ("Tea at five?", "No.", "Tea at five?", "Why not?"):
        write(table, BEN, text, "kettle", "pin")
    mine = write(table, ANN, "Tea at five?", "kettle", "pin")  # the first of Ben's makes room for it
    write(table, BEN, "Tea at five?", "kettle", "pin")
    log = strike(table, mine, ANN)
    assert pages(table, "kettle") == ["PS: Tea at five?", "PS: Why not?", "PS: Tea at five?"]
    assert {note["by"] for note in table.state.props["kettle"]["state"]["notes"]} == {"Ben"}
    assert "'by': 'Ann', 'text': 'PS: Tea" not in str([dump(event) for event in log])
    assert replay(log) == table.state


def test_after_a_rewind_a_key_that_comes_again_is_somebody_else_s() -> None:
    table = _hall()
    fork = table.state.seq
    mine = write(table, ANN, BAD)
    table.must(HOST, act.Rewind(to=fork))
    write(table, BEN, BAD)
    table.must(HOST, act.Rewind(to=mine))
    table.must(HOST, act.Rewind(to=mine + 2))
    log = strike(table, mine, ANN)
    assert pages(table) == [BAD]
    assert [str(dump(log[seq])).count("fools") for seq in range(mine - 1, mine + 4)] == [0, 0, 2, 0, 1]
    assert replay(log) == table.state


def test_what_was_written_over_is_the_next_writer_s() -> None:
    table = _hall()
    mine = write(table, ANN, "Tea and cake", "kettle", "head")
    write(table, BEN, "Tea and cake at five", "kettle", "head")
    log = strike(table, mine, ANN)
    assert table.state.props["kettle"]["state"]["title"] == "Tea and cake at five"
    assert "'title': 'Tea and cake'" not in str([dump(event) for event in log])
    assert replay(log) == table.state


class Guestbook(Prop):
    """Lines in a list, a text that grows, and entries in a list that may be marked as read."""

    kind, name, line = "book", "Book", "A book."

    class State(BaseModel):
        lines: list[str] = []
        page: str = ""
        entries: list[dict[str, Any]] = []

    class Text(BaseModel):
        text: str

    @verb("Sign", params=Text)
    def sign(self, state: Any, who: Actor, now: int, text: str) -> Outcome:
        entry = {"by": who.id, "text": text, "seen": False, "answers": []}
        after = {
            "lines": sorted([*state["lines"], text]),
            "page": f"{state['page']}{text}\n",
            "entries": [entry, *state["entries"]],
        }
        return Outcome(after, f"{who.name} signs.")

    @verb("Answer", params=Text)
    def answer(self, state: Any, who: Actor, now: int, text: str) -> Outcome:
        entries = [{**one, "answers": [*one["answers"], {"by": who.id, "text": text}]} for one in state["entries"]]
        return Outcome({**state, "entries": entries}, f"{who.name} answers.")

    @verb("Look")
    def look_at(self, state: Any, who: Actor, now: int) -> Outcome:
        entries = [{**one, "seen": True} for one in state["entries"]]
        return Outcome({**state, "entries": entries}, f"{who.name} reads: {state['page']}")


def _lodge() -> Table:
    table = _hall()
    table.world = World(table.world.scene, table.world.characters, {**table.world.props, "cup": Guestbook()})
    fresh = {"props": {"cup": {"state": {"lines": [], "page": "", "entries": []}}}}
    body = {"kind": "defined", "what": "prop", "id": "cup", "definition": {}, "seq": table.state.seq + 1, "at": 1}
    event = ev.load(
        {**body, "actor": "system", "patch": {"props": {"cup": {"state": {"entries": None, "count": None}}}}}
    )
    table.log.append(event.model_copy(update={"patch": merge(event.patch, fresh)}))
    table.states.append(apply(table.state, table.log[-1]))
    return table


def test_lists_and_texts_that_grow_keep_what_others_added() -> None:
    table = _lodge()
    write(table, BEN, "A fine house.", verb="sign")
    mine = write(table, ANN, "A fine house, but cold.", verb="sign")
    write(table, BEN, "A fine house, but cold. True!", verb="sign")
    write(table, BEN, "A fine house, but cold.", verb="answer")
    table.must(BEN, act.Use(prop="cup", verb="look_at"))
    log = strike(table, mine, ANN)
    state = table.state.props["cup"]["state"]
    assert state["lines"] == ["A fine house, but cold. True!", "A fine house."]
    assert state["page"] == "A fine house.\n…\nA fine house, but cold. True!\n"
    assert [entry["by"] for entry in state["entries"]] == [BEN.id, BEN.id]
    assert [answer["text"] for entry in state["entries"] for answer in entry["answers"]] == [
        "A fine house, but cold."
    ] * 2
    assert replay(log) == table.state


def test_an_answer_goes_and_what_was_answered_stays() -> None:
    table = _lodge()
    write(table, BEN, "Dear diary", verb="sign")
    write(table, BEN, "Dear diary", verb="answer")
    mine = write(table, ANN, "Dear diary", verb="answer")
    table.must(BEN, act.Use(prop="cup", verb="look_at"))
    log = strike(table, mine, ANN)
    (entry,) = table.state.props["cup"]["state"]["entries"]
    assert (entry["text"], entry["answers"]) == ("Dear diary", [{"by": BEN.id, "text": "Dear diary"}])
    assert replay(log) == table.state


@pytest.mark.parametrize(("eraser", "told"), [(ANN, "Ben reads: It is cold here."), (HOST, "Ben reads: …")])
def test_what_a_thing_told_somebody_else_goes_only_for_who_runs_the_room(eraser: Actor, told: str) -> None:
    table = _lodge()
    mine = write(table, ANN, "It is cold here.", verb="sign")
    (read,) = table.must(BEN, act.Use(prop="cup", verb="look_at"))
    log = strike(table, mine, eraser)
    assert telling(log[read.seq - 1]).strip() == told


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
    seq = data.draw(st.sampled_from(seqs))
    before = table.state.props
    log = strike(table, seq)
    assert replay(log) == table.state
    who = table.log[seq - 1].actor
    entries = table.state.props["cup"]["state"]["entries"]
    theirs = {key: one for key, one in before["cup"]["state"]["entries"].items() if one["by"] != who}
    assert all(entries[key] == one for key, one in theirs.items())
    notes = [
        [note for note in props["kettle"]["state"]["notes"] if note["by"] != names[who]]
        for props in (before, table.state.props)
    ]
    assert notes[0] == notes[1]


names = {actor.id: actor.name for actor in (ANN, BEN)}
