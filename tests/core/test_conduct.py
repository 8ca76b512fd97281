"""How a room is conducted: dice, the note, who is muted, who may nudge, in which order they speak."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core import action as act
from openroom.core import event as ev
from openroom.core.apply import apply
from openroom.core.chance import Dice, dice
from openroom.core.conduct import MOST_ADDED, MOST_ROLLED_SIDES, in_pool
from openroom.core.scene import Scene
from openroom.core.state import State
from openroom.core.view import perceives, visits_of
from tests.core.worlds import ANN, BEN, CLEO, GAME, HOST, MIRA, OSKAR, WATCHER, Table, enter, world


@pytest.fixture
def table() -> Table:
    made = Table()
    for actor in (ANN, BEN, HOST):
        made.must(actor, enter(actor))
    return made


# dice ---------------------------------------------------------------------------------------------------------------


@given(
    st.builds(
        Dice,
        st.integers(1, 100),
        st.integers(2, MOST_ROLLED_SIDES),
        st.integers(-MOST_ADDED, MOST_ADDED),
    ),
    st.text(max_size=16),
)
def test_what_fell_stands_in_the_event_and_falls_again_by_its_seed(thrown: Dice, seed: str) -> None:
    table = Table()
    table.must(ANN, enter(ANN))
    (rolled,) = table.must(ANN, act.Roll(dice=str(thrown)), seed=seed)
    assert isinstance(rolled, ev.Rolled)
    assert dice(rolled.dice) == thrown
    again = thrown.throw(rolled.seed)
    assert (rolled.eyes, rolled.total) == (list(again.eyes), again.total)
    assert all(1 <= eye <= thrown.sides for eye in rolled.eyes)
    assert rolled.total == sum(rolled.eyes) + thrown.bonus
    assert ev.load(ev.dump(rolled)) == rolled


@pytest.mark.parametrize(
    "wish", ["101d6", "0d6", "d1", "d0", "d1001", "1d6+10001", "1d6-10001", "2d", "six", "1d6+1d4", "1d6; rm", "²d6"]
)
def test_dice_out_of_bounds_are_refused(table: Table, wish: str) -> None:
    assert table.refused(ANN, act.Roll(dice=wish)) == "bad_args"
    assert table.state.seq == 4


def test_dice_are_thrown_before_everybody_by_those_who_are_there(table: Table) -> None:
    (rolled,) = table.must(ANN, act.Roll(dice=" 2d6 + 1 "), seed="s")
    assert all(perceives(who, rolled, visits_of(table.state)) for who in (ANN.id, BEN.id, MIRA.id))
    assert table.refused(CLEO, act.Roll(dice="d6")) == "not_here"
    table.must(WATCHER, enter(WATCHER, watch=True))
    assert table.refused(WATCHER, act.Roll(dice="d6")) == "watching"


def test_another_seed_gives_other_dice(table: Table) -> None:
    throws = [table.must(ANN, act.Roll(dice="10d6"), seed=str(n))[0] for n in range(20)]
    assert len({tuple(one.eyes) for one in throws if isinstance(one, ev.Rolled)}) > 15


# the note -----------------------------------------------------------------------------------------------------------


def test_a_note_is_its_writers_and_the_owners(table: Table) -> None:
    (noted,) = table.must(HOST, act.Note(text=" It is\x00 late. "), owner=HOST.id)
    assert isinstance(noted, ev.Noted)
    assert (noted.text, noted.to, table.state.note) == ("It is late.", [], "It is late.")
    visits = visits_of(table.state)
    assert [who for who in (ANN.id, BEN.id, HOST.id, MIRA.id) if perceives(who, noted, visits)] == [HOST.id]
    (noted,) = table.must(GAME, act.Note(text="Now it rains."), owner=HOST.id)
    assert [who for who in (ANN.id, HOST.id, MIRA.id) if perceives(who, noted, visits_of(table.state))] == [HOST.id]
    assert "late" not in str(table.state.shared) + "".join(str(one.patch) for one in table.log)


def test_a_note_is_taken_away_and_written_once(table: Table) -> None:
    assert table.must(HOST, act.Note()) == ()
    table.must(HOST, act.Note(text="It is late."))
    assert table.must(HOST, act.Note(text="It is late.")) == ()
    (gone,) = table.must(HOST, act.Note(text="  "))
    assert isinstance(gone, ev.Noted)
    assert (gone.text, table.state.note, "note" in table.state.hidden) == (None, "", False)


def test_only_who_runs_the_room_writes_it(table: Table) -> None:
    for action in (act.Note(text="x"), act.Mute(character=MIRA.id)):
        for actor in (ANN, MIRA, CLEO):
            assert table.refused(actor, action) == "not_allowed"


@pytest.mark.parametrize("text", ["x" * 1001])
def test_a_note_has_at_most_a_thousand_characters(text: str) -> None:
    with pytest.raises(ValueError, match="1000"):
        act.Note(text=text)
    assert len(act.Note(text=text[:-1]).text) == 1000


def test_how_the_room_runs_stays_when_the_story_turns_back_and_so_does_its_note(table: Table) -> None:
    table.must(HOST, act.Note(text="first"))
    before = table.state.seq
    table.must(HOST, act.Note(text="second"))
    table.must(HOST, act.Mute(character=MIRA.id))
    table.must(HOST, act.Rewind(to=before))
    assert (table.state.note, table.state.is_muted(MIRA.id)) == ("second", True)
    table.must(HOST, act.Rewind(to=before + 2))
    assert (table.state.note, table.state.is_muted(MIRA.id)) == ("second", True)
    table.must(HOST, act.Reset())
    assert (table.state.note, table.state.is_muted(MIRA.id)) == ("second", True)


# mute and nudge -----------------------------------------------------------------------------------------------------


def test_who_is_muted_says_nothing_and_is_not_asked(table: Table) -> None:
    (muted,) = table.must(HOST, act.Mute(character=MIRA.id))
    assert isinstance(muted, ev.Muted)
    assert muted.patch == {"run": {"muted": {MIRA.id: True}}}
    assert table.must(HOST, act.Mute(character=MIRA.id)) == ()
    assert table.refused(MIRA, act.Say(text="But")) == "muted"
    assert table.refused(MIRA, act.Say(text="But", to=[ANN.id])) == "muted"
    table.must(MIRA, act.Say(text="What had beg", cut=True))
    table.must(MIRA, act.Feel(emotion="sad"))
    for actor in (ANN, HOST, GAME):
        assert table.refused(actor, act.Nudge(character=MIRA.id)) == "muted"
    table.must(OSKAR, act.Say(text="I may."))
    table.must(HOST, act.Mute(character=MIRA.id, on=False))
    assert "muted" not in table.state.shared["run"]
    table.must(MIRA, act.Say(text="At last."))


def test_muting_one_leaves_the_other_muted(table: Table) -> None:
    for who in (MIRA.id, OSKAR.id):
        table.must(HOST, act.Mute(character=who))
    table.must(HOST, act.Mute(character=MIRA.id, on=False))
    assert table.state.shared["run"]["muted"] == {OSKAR.id: True}


def test_people_are_not_muted(table: Table) -> None:
    for who in (ANN.id, "character:ghost", GAME.id):
        assert table.refused(HOST, act.Mute(character=who)) == "unknown_target"


def test_a_room_may_keep_nudging_to_who_runs_it(table: Table) -> None:
    table.must(ANN, act.Nudge(character=MIRA.id))
    table.must(HOST, act.Configure(nudge="owner"))
    assert table.refused(ANN, act.Nudge(character=MIRA.id)) == "not_allowed"
    table.must(HOST, act.Nudge(character=MIRA.id))
    table.must(HOST, act.Configure(nudge="everybody"))
    assert "nudge" not in table.state.shared["run"]
    table.must(ANN, act.Nudge(character=MIRA.id))


# how it runs --------------------------------------------------------------------------------------------------------


def test_an_order_names_characters_once(table: Table) -> None:
    assert table.must(HOST, act.Configure(order=[])) == ()
    table.must(HOST, act.Configure(order=[OSKAR.id]))
    assert table.must(HOST, act.Configure(order=[OSKAR.id])) == ()
    assert table.state.shared["run"]["order"] == [OSKAR.id]
    assert table.refused(HOST, act.Configure(order=[ANN.id])) == "unknown_target"
    assert table.refused(HOST, act.Configure(order=["character:ghost"])) == "unknown_target"
    assert table.refused(HOST, act.Configure(order=[MIRA.id, MIRA.id])) == "bad_args"
    table.must(HOST, act.Configure(order=[]))
    assert "order" not in table.state.shared["run"]


def test_a_scene_states_order_and_who_may_nudge() -> None:
    table = Table(world(responders={"mode": "list", "order": ["oskar", "mira"], "nudge": "owner"}))
    assert table.state.shared["run"] == {
        "responders": "list",
        "order": [OSKAR.id, MIRA.id],
        "nudge": "owner",
        "open": True,
    }


@pytest.mark.parametrize("order", [["ghost"], ["mira", "mira"]])
def test_an_order_of_others_is_an_error_that_names_the_place(order: list[str]) -> None:
    with pytest.raises(ValueError, match="once"):
        world(responders={"order": order})
    assert Scene.model_validate(world().scene.model_dump()).responders.order == ()


def test_a_pool_is_filled_by_what_is_said_aloud_and_emptied_when_all_have(table: Table) -> None:
    def waiting() -> list[str]:
        return in_pool(table.state, [MIRA.id, OSKAR.id])

    table.must(MIRA, act.Say(text="Not counted: the room is not pooled."))
    table.must(HOST, act.Configure(responders="pooled"))
    assert waiting() == [MIRA.id, OSKAR.id]
    table.must(MIRA, act.Say(text="Psst", to=[ANN.id]))
    table.must(ANN, act.Say(text="And I?"))
    assert waiting() == [MIRA.id, OSKAR.id]
    table.must(MIRA, act.Say(text="One."))
    assert waiting() == [OSKAR.id]
    table.must(MIRA, act.Say(text="Once more, as I was named."))
    assert waiting() == [OSKAR.id]
    table.must(OSKAR, act.Say(text="Two."))
    assert (waiting(), "pool" in table.state.hidden) == ([MIRA.id, OSKAR.id], False)
    table.must(HOST, act.Mute(character=OSKAR.id))
    table.must(MIRA, act.Say(text="I alone."))
    assert waiting() == [MIRA.id, OSKAR.id], "who is muted is not waited for"
    table.must(HOST, act.Mute(character=OSKAR.id, on=False))
    table.must(OSKAR, act.Say(text="Here."))
    table.must(HOST, act.Configure(responders="natural"))
    assert "pool" not in table.state.hidden


def test_a_replay_gives_the_same_state(table: Table) -> None:
    table.must(HOST, act.Configure(responders="pooled", order=[OSKAR.id], nudge="owner"))
    table.must(HOST, act.Note(text="Late."))
    table.must(HOST, act.Mute(character=OSKAR.id))
    table.must(ANN, act.Roll(dice="3d6"), seed="s")
    table.must(MIRA, act.Say(text="Well."))
    state = State()
    for event in table.log:
        state = apply(state, ev.load(ev.dump(event)))
    assert state == table.state
