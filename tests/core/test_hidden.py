"""What is hidden of a prop's state, and what it tells to some only: on the hidden side of the log, in nobody's view."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from openroom.core import action as act
from openroom.core import setup
from openroom.core.actor import SYSTEM, Actor
from openroom.core.apply import replay
from openroom.core.choices import options
from openroom.core.event import Event, Used, dump, load
from openroom.core.prop import Outcome, Prop, Timer, verb
from openroom.core.resolve import Refusal
from openroom.core.state import State, World, problems
from openroom.core.view import as_seen, looks, manifest, perceives, story_of, visits_of
from tests.core.worlds import ANN, BEN, CLEO, HOST, MIRA, OSKAR, Table, enter, world

SECRETS = ("rubies", "pearls", "opals")
"""What may lie in the box; none of these words may reach anybody who was not told."""


class Fill(BaseModel):
    """What one puts in."""

    what: str


class Box(Prop):
    """A box in which something lies; who looks in is told, and nobody else."""

    kind, name, line = "box", "Box", "A box."
    hidden = ("inside", "peeks")
    to: Any = ()

    class State(BaseModel):
        """What it holds."""

        open: bool = False
        inside: str = "rubies"
        peeks: int = 0

    @verb("Put something in", params=Fill)
    def put(self, state: Mapping[str, Any], who: Actor, now: int, what: str) -> Outcome:
        return Outcome({**state, "inside": what}, f"{who.name} puts {what} in.", (Timer("hum", 2000),), to=())

    @verb("Look in")
    def peek(self, state: Mapping[str, Any], who: Actor, now: int) -> Outcome:
        after = {**state, "peeks": state["peeks"] + 1}
        return Outcome(after, f"In it lie {state['inside']}.", to=self.to)

    @verb("Open it")
    def open_it(self, state: Mapping[str, Any], who: Actor, now: int) -> Outcome:
        return Outcome({**state, "open": True}, f"{who.name} opens the box.")

    @verb("Force it")
    def force(self, state: Mapping[str, Any], who: Actor, now: int) -> Outcome:
        return Outcome(state, "It does not give.", failed=True)

    def tick(self, state: Mapping[str, Any], name: str, now: int) -> Outcome:
        return Outcome(state, f"The {state['inside']} hum.", to=(MIRA.id,))

    def left(self, state: Mapping[str, Any], who: str) -> dict[str, Any]:
        return {**state, "inside": "opals"}


def table(box: Prop | None = None) -> Table:
    """A room with a box, in which Ann, Ben and the host are."""
    made = world(props=[{"id": "cup", "kind": "cup"}])
    rules = box or Box()
    placed = made.scene.props[0].model_copy(update={"id": "box", "kind": "box"})
    scene = made.scene.model_copy(update={"props": (*made.scene.props, placed)})
    found = Table(World(scene, made.characters, {**made.props, "box": rules}))
    for actor in (ANN, BEN, HOST):
        found.must(actor, enter(actor))
    return found


def use(table: Table, actor: Actor, name: str, **args: Any) -> Event:
    (event,) = table.must(actor, act.Use(prop="box", verb=name, args=args))
    return event


def perceivers(table: Table, event: Event) -> set[str]:
    return {who for who in table.state.people if perceives(who, event, visits_of(table.state))}


def reaches(table: Table, who: str) -> str:
    """Everything that leaves the room for ``who``: snapshot, story, each event as it is sent, manifest, what can be
    done, what is seen."""
    state, made = table.state, table.world
    sent = [as_seen(who, event, visits_of(state)) for event in table.log]
    can = [option.public() for option in options(state, made, Actor(who, "player", ""))]
    return json.dumps([state.shared, story_of(who, table.log, state), sent, manifest(made), can, looks(state, made)])


def knows(table: Table, who: str) -> set[str]:
    sent = reaches(table, who)
    return {word for word in (*SECRETS, "peeks") if word in sent}


def test_a_hidden_field_is_on_the_hidden_side_alone() -> None:
    t = table()
    assert t.state.props["box"]["state"] == {"open": False}
    assert t.state.hidden["props"] == {"box": {"inside": "rubies", "peeks": 0}}
    assert t.state.of_prop("box") == {"open": False, "inside": "rubies", "peeks": 0}
    assert problems(t.state, t.world) == []
    assert all(knows(t, who) == set() for who in t.state.people)


def test_what_is_told_to_some_is_perceived_by_them_and_who_did_it() -> None:
    t = table()
    event = use(t, ANN, "peek")
    assert (event.to, perceivers(t, event)) == ([], {ANN.id})
    assert t.state.hidden["props"]["box"]["peeks"] == 1
    assert (knows(t, ANN.id), knows(t, BEN.id), knows(t, MIRA.id)) == ({"rubies"}, set(), set())
    bodies = [as_seen(BEN.id, one, visits_of(t.state)) for one in t.log]
    assert bodies[-1] == {"seq": event.seq}
    t.world.props["box"].to = (OSKAR.id, ANN.id)  # type: ignore[attr-defined]
    event = use(t, ANN, "peek")
    assert (event.to, perceivers(t, event)) == ([OSKAR.id], {ANN.id, OSKAR.id})


def test_what_is_given_to_a_verb_that_tells_some_is_theirs_too() -> None:
    t = table()
    event = use(t, BEN, "put", what="pearls")
    assert isinstance(event, Used) and event.args == {"what": "pearls"}
    assert [knows(t, who.id) for who in (BEN, ANN, HOST, MIRA)] == [{"pearls"}, set(), set(), set()]


def test_a_timer_tells_whom_it_names() -> None:
    t = table()
    use(t, BEN, "put", what="pearls")
    t.now += 5000
    (event,) = t.must(SYSTEM, act.Tick(timer="box.hum"))
    assert perceivers(t, event) == {MIRA.id}
    assert "box.hum" not in t.state.hidden["timers"]


def test_who_leaves_may_change_what_is_hidden() -> None:
    t = table()
    t.must(BEN, act.Leave())
    assert t.state.of_prop("box")["inside"] == "opals"
    t.must(ANN, act.Use(prop="box", verb="put", args={"what": "pearls"}))
    t.must(HOST, act.Remove(who=ANN.id, ban=True))
    assert t.state.of_prop("box")["inside"] == "opals"
    assert ANN.id in t.state.hidden["bans"]
    assert knows(t, CLEO.id) == set()


def test_a_rewind_and_a_reset_turn_back_what_is_hidden() -> None:
    t = table()
    use(t, ANN, "put", what="pearls")
    at = t.state.seq
    use(t, ANN, "put", what="opals")
    t.must(HOST, act.Rewind(to=at))
    assert t.state.of_prop("box")["inside"] == "pearls"
    t.must(HOST, act.Reset())
    assert t.state.of_prop("box") == {"open": False, "inside": "rubies", "peeks": 0}
    assert knows(t, HOST.id) == set()


def test_a_try_in_vain_says_so() -> None:
    t = table()
    event = use(t, ANN, "force")
    assert isinstance(event, Used) and event.failed is True
    assert dump(event)["failed"] is True
    assert "failed" not in dump(use(t, ANN, "open_it"))


@pytest.mark.parametrize("to", ["player:ann", 5, (1, 2), [None]])
def test_nobody_it_could_be_told_to_is_the_props_fault(to: Any) -> None:
    t = table()
    t.world.props["box"].to = to  # type: ignore[attr-defined]
    before = t.state
    assert t.refused(ANN, act.Use(prop="box", verb="peek")) == "prop_fault"
    assert t.state is before


class Glass(Box):
    """The same box, of glass: nothing is hidden any more, but for what it is that lies in it."""

    hidden = ("inside",)


class Shut(Box):
    """It hides whether it is open, and has no field for who looked in."""

    hidden = ("inside", "open")

    class State(BaseModel):
        """What it holds."""

        open: bool = False
        inside: str = "rubies"


def redefined(t: Table, rules: Prop) -> Event:
    after = World(t.world.scene, t.world.characters, {**t.world.props, "box": rules})
    definition = {"python": "box"}
    (event,) = t.must(SYSTEM, act.Define(what="prop", id="box", definition=definition), defined=after)
    return event


def test_what_becomes_hidden_leaves_the_shared_side_and_comes_back() -> None:
    t = table()
    use(t, ANN, "peek")
    redefined(t, Glass())
    assert t.state.props["box"]["state"] == {"open": False, "peeks": 1}
    assert t.state.concealed("box") == {"inside": "rubies"}
    redefined(t, Shut())
    assert t.state.props["box"]["state"] == {}
    assert t.state.concealed("box") == {"inside": "rubies", "open": False}
    assert t.state.hidden["aside"] == {"box": {"peeks": 1}}
    redefined(t, Box())
    assert t.state.concealed("box") == {"inside": "rubies", "peeks": 1}
    assert problems(t.state, t.world) == []


def test_what_becomes_hidden_leaves_the_shared_side_also_where_the_new_rules_fail() -> None:
    class Plain(Box):
        hidden = ()

    class Failing(Box):
        version = 2

        def migrate(self, old: dict[str, Any], version: int) -> dict[str, Any]:
            raise RuntimeError("no way from there")

    t = table(Plain())
    put = use(t, ANN, "put", what="pearls")
    redefined(t, Failing())
    for _ in range(2):
        assert t.state.props["box"]["state"] == {"open": False}
        assert t.state.concealed("box") == {"inside": "pearls", "peeks": 0}
        t.must(HOST, act.Rewind(to=put.seq))


def test_a_thing_that_goes_keeps_what_is_hidden_to_itself() -> None:
    t = table()
    use(t, ANN, "put", what="pearls")
    away = World(t.world.scene.model_copy(update={"props": t.world.scene.props[:1]}), t.world.characters, t.world.props)
    box = t.world
    t.must(SYSTEM, act.Define(what="scene", id="hut", definition={}), defined=away)
    assert t.state.hidden["aside"]["box"]["inside"] == "pearls"
    assert "box" not in t.state.hidden["props"]
    t.must(SYSTEM, act.Define(what="scene", id="hut", definition={}), defined=box)
    assert t.state.of_prop("box")["inside"] == "pearls"
    assert knows(t, HOST.id) == set()


def test_a_fresh_room_without_anything_hidden_is_as_it_always_was() -> None:
    event = setup.opening(world(), {"scene": {}, "props": {}, "characters": {}}, 1)
    assert event.hidden is not None and event.hidden.keys() == {"visits"}


_WHO = st.sampled_from([ANN, BEN, HOST, MIRA, OSKAR])
_DO = st.one_of(
    st.builds(act.Use, prop=st.just("box"), verb=st.sampled_from(["peek", "open_it", "force"])),
    st.builds(
        act.Use,
        prop=st.just("box"),
        verb=st.just("put"),
        args=st.fixed_dictionaries({"what": st.sampled_from(["pearls", "opals"])}),
    ),
    st.builds(act.Leave),
    st.builds(act.Reset),
    st.builds(act.Rewind, to=st.integers(1, 30)),
    st.builds(act.Tick, timer=st.just("box.hum")),
)


@given(st.lists(st.tuples(_WHO, _DO), max_size=25))
def test_nobody_learns_what_they_were_not_told(steps: list[tuple[Actor, act.Action]]) -> None:
    t = table()
    told: dict[str, set[str]] = {who: set() for who in t.state.people}
    for actor, action in steps:
        answer = t.do(SYSTEM if isinstance(action, act.Tick) else actor, action)
        if isinstance(answer, Refusal):
            continue
        for event in answer.events:
            telling = dump(event).get("telling", "")
            words = {word for word in SECRETS if word in telling}
            for who in perceivers(t, event):
                told[who] |= words
    for who in t.state.people:
        assert knows(t, who) <= told[who]
    again = replay([load(dump(event)) for event in t.log])
    assert State(again.seq, again.shared, again.hidden) == t.state
