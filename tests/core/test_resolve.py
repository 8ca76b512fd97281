"""resolve: who may ask for what, what it does, and why it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core import action as act
from openroom.core import event as ev
from openroom.core.actor import SYSTEM, Actor
from openroom.core.prop import Outcome, Prop, Refusal
from openroom.core.resolve import Context, Resolved, resolve
from openroom.core.state import World
from openroom.props.declared.prop import YamlProp
from tests.core.worlds import ANN, BEN, CLEO, GAME, HOST, MIRA, STEPS, VARIANTS, WATCHER, Table, enter, world


@pytest.fixture
def table() -> Table:
    """Ann, Ben and the host are in; events 1 to 4."""
    made = Table()
    for actor in (ANN, BEN, HOST):
        made.must(actor, enter(actor))
    return made


# talk ---------------------------------------------------------------------------------------------------------------


def test_a_line_is_an_event_without_a_patch(table: Table) -> None:
    (said,) = table.must(ANN, act.Say(text="Hello"), cause="c-1")
    assert isinstance(said, ev.Said)
    assert (said.seq, said.actor, said.text, said.patch, said.to, said.cause) == (5, ANN.id, "Hello", None, None, "c-1")


def test_a_whisper_names_the_others_only(table: Table) -> None:
    (said,) = table.must(ANN, act.Say(text="Psst", to=[MIRA.id, ANN.id, MIRA.id]))
    assert said.to == [MIRA.id]
    assert table.refused(ANN, act.Say(text="Psst", to=[ANN.id])) == "unknown_target"
    assert table.refused(ANN, act.Say(text="Psst", to=[CLEO.id])) == "unknown_target"


def test_who_is_not_here_cannot_act(table: Table) -> None:
    for action in (act.Say(text="x"), act.Use(prop="cup", verb="grab"), act.Feel(emotion="happy"), act.Leave()):
        assert table.refused(CLEO, action) == "not_here"
    for action in (act.Say(text="x"), act.Use(prop="cup", verb="grab")):
        table.must(GAME, action)
    for action in (act.Feel(emotion="happy"), act.Leave()):  # who has no body in the room shows and leaves nothing
        assert table.refused(GAME, action) == "not_here"
        assert table.refused(SYSTEM, action) == "not_here"


def test_a_games_actor_has_its_name_among_the_people_from_its_first_event_on(table: Table) -> None:
    (used,) = table.must(GAME, act.Use(prop="cup", verb="grab"))
    entry = {"kind": "game", "name": "Quest", "order": 6}
    assert used.patch["people"] == {GAME.id: entry}
    assert "props" in used.patch
    (said,) = table.must(GAME, act.Say(text="A gong sounds."))
    assert said.patch is None
    assert table.state.name(GAME.id) == "Quest"
    assert GAME.id not in table.state.here()
    table.must(HOST, act.Reset())
    assert table.state.people[GAME.id] == entry
    assert table.refused(HOST, act.Remove(who=GAME.id, ban=True)) == "unknown_target"


def test_a_games_actor_may_change_its_name_and_takes_nobody_elses(table: Table) -> None:
    for name, known in (("Quest", "Quest"), ("Ann", "Ann 2"), ("Ann", "Ann 2"), ("", "Ann 2")):
        (said,) = table.must(Actor("game:quest", "game", name), act.Say(text="A gong sounds."))
        assert table.state.name(GAME.id) == known
    assert said.patch is None
    (said,) = table.must(Actor(MIRA.id, "game", "Nobody"), act.Say(text="I am Mira."))
    assert (said.patch, table.state.name(MIRA.id)) == (None, "Mira")
    (said,) = table.must(Actor("game:mute", "game"), act.Say(text="A gong sounds."))
    assert said.patch is None


def test_a_nudge_needs_a_character_that_is_here(table: Table) -> None:
    (nudged,) = table.must(ANN, act.Nudge(character=MIRA.id))
    assert isinstance(nudged, ev.Nudged)
    assert table.refused(ANN, act.Nudge(character=BEN.id)) == "unknown_target"


# props --------------------------------------------------------------------------------------------------------------


def test_two_grabs_of_one_thing_have_exactly_one_winner(table: Table) -> None:
    (won,) = table.must(ANN, act.Use(prop="cup", verb="grab"))
    assert isinstance(won, ev.Used)
    assert won.telling == "Ann grabs the cup."
    answer = table.do(BEN, act.Use(prop="cup", verb="grab"))
    assert answer == Refusal("precondition", "The cup is gone.")


@given(st.permutations([ANN, BEN, HOST, MIRA]), st.integers(0, 3))
def test_in_any_order_one_wins_until_it_is_put_back(order: list[Actor], back: int) -> None:
    table = Table()
    for actor in (ANN, BEN, HOST):
        table.must(actor, enter(actor))
    winners = [actor for actor in order if isinstance(table.do(actor, act.Use(prop="cup", verb="grab")), Resolved)]
    assert winners == [order[0]]
    table.must(order[back], act.Use(prop="cup", verb="put_back"))
    assert isinstance(table.do(order[-1], act.Use(prop="cup", verb="grab")), Resolved)


def test_unknown_props_verbs_and_arguments_are_refused(table: Table) -> None:
    assert table.refused(ANN, act.Use(prop="ghost", verb="grab")) == "unknown_prop"
    assert table.refused(ANN, act.Use(prop="cup", verb="fly")) == "unknown_verb"
    assert table.refused(ANN, act.Use(prop="cup", verb="grab", args={"hard": True})) == "bad_args"


def test_a_verb_may_change_the_weather_and_set_a_timer(table: Table) -> None:
    (used,) = table.must(ANN, act.Use(prop="kettle", verb="storm"))
    assert used.patch == {"scene": {"weather": "storm"}}
    (heated,) = table.must(ANN, act.Use(prop="kettle", verb="heat"))
    assert heated.patch == {"props": {"kettle": {"state": {"water": "heating"}}}}
    due = {"at": table.now + 2000, "prop": "kettle", "name": "boil"}
    assert table.state.hidden["timers"] == {"kettle.boil": due}


def test_a_timer_runs_out_once_when_it_is_due(table: Table) -> None:
    table.must(ANN, act.Use(prop="kettle", verb="heat"))
    assert table.refused(SYSTEM, act.Tick(timer="kettle.boil")) == "not_due"
    (happened,) = table.must(SYSTEM, act.Tick(timer="kettle.boil"))
    assert isinstance(happened, ev.Happened)
    assert happened.telling == "The kettle boils."
    assert happened.patch == {"props": {"kettle": {"state": {"water": "hot"}, "look": "hot"}}}
    assert table.state.hidden["timers"] == {}
    assert table.refused(SYSTEM, act.Tick(timer="kettle.boil")) == "not_due"


def test_a_cancelled_timer_never_runs_out(table: Table) -> None:
    table.must(ANN, act.Use(prop="kettle", verb="heat"))
    table.must(ANN, act.Use(prop="kettle", verb="off"))
    table.now += 10_000
    assert table.refused(SYSTEM, act.Tick(timer="kettle.boil")) == "not_due"


def test_the_telling_has_the_name_by_which_the_room_knows_somebody(table: Table) -> None:
    other = Actor("player:other", "player", "Ann")
    table.must(HOST, act.Remove(who=BEN.id))
    table.must(other, enter(other))
    (used,) = table.must(other, act.Use(prop="cup", verb="grab"))
    assert isinstance(used, ev.Used)
    assert used.telling == "Ann 2 grabs the cup."


class _Broken(Prop):
    kind, name, line = "broken", "Broken", "Out of order."
    how = ""

    def use(self, state: Mapping[str, Any], name: str, args: Any, who: Actor, now: int) -> Outcome:
        return Outcome({"no": "such"}, "x") if self.how == "state" else Outcome({}, "x", scene={"weather": "lava"})


@pytest.mark.parametrize("how", ["state", "weather"])
def test_a_faulty_prop_changes_nothing(how: str) -> None:
    fine = world(props=[{"id": "cup", "kind": "cup"}])
    broken = _Broken()
    table = Table(World(fine.scene, fine.characters, {"cup": broken}))
    broken.how = how
    table.must(ANN, enter(ANN))
    assert table.refused(ANN, act.Use(prop="cup", verb="grab")) == "prop_fault"


def test_third_party_code_runs_behind_the_guard_it_is_given(table: Table) -> None:
    class Raising(YamlProp):
        def look_key(self, state: Mapping[str, Any]) -> str:
            raise RuntimeError("boom")

    rules = table.world.props["cup"]
    assert isinstance(rules, YamlProp)
    faulty = World(table.world.scene, table.world.characters, {**table.world.props, "cup": Raising(rules.spec)})

    def guard(call: Any) -> Any:
        try:
            return call()
        except RuntimeError:
            return Refusal("prop_fault", "guarded")

    context = Context(faulty, table.now, safely=guard)
    answer = resolve(table.state, act.Use(prop="cup", verb="grab"), ANN, context)
    assert answer == Refusal("prop_fault", "guarded")


# emotions -----------------------------------------------------------------------------------------------------------


def test_emotions_are_ones_own(table: Table) -> None:
    (felt,) = table.must(MIRA, act.Feel(emotion="happy"))
    assert felt.patch == {"people": {MIRA.id: {"emotion": "happy"}}}
    assert table.must(MIRA, act.Feel(emotion="happy")) == ()
    assert table.refused(MIRA, act.Feel(emotion="smug")) == "unknown_emotion"
    assert table.refused(ANN, act.Feel(emotion="smug")) == "unknown_emotion"
    table.must(ANN, act.Feel(emotion="sad"))


# coming and going ---------------------------------------------------------------------------------------------------


def test_names_tell_people_apart(table: Table) -> None:
    for name, shown in (("ann", "ann 2"), ("Mira", "Mira 2")):
        other = Actor(f"player:x-{name}", "player", name, owner=True)
        (entered,) = table.must(other, enter(other))
        assert isinstance(entered, ev.Entered)
        assert entered.name == shown


@pytest.mark.parametrize(
    "name",
    [
        "M\u0456ra",
        "\uff2dira",
        "Mir\u00e1",
        "M1ra",
        "Mira.",
        "\u0430nn",
        "openroom",
        "\u041eperator",
        "You",
        "Assistant",
    ],
)
def test_a_name_that_looks_like_anothers_gets_a_number(table: Table, name: str) -> None:
    (entered,) = table.must(CLEO, act.Enter(name=name, watch=True))
    assert isinstance(entered, ev.Entered)
    assert entered.name == f"{name} 2"


def test_entering_again_is_nothing_and_returning_keeps_the_place(table: Table) -> None:
    assert table.must(ANN, enter(ANN)) == ()
    order = table.state.people[ANN.id]["order"]
    table.must(ANN, act.Leave())
    assert not table.state.is_here(ANN.id)
    table.must(ANN, enter(ANN))
    assert table.state.people[ANN.id]["order"] == order


def test_a_full_room_is_full_but_for_who_runs_it_and_who_watches(table: Table) -> None:
    assert table.refused(CLEO, enter(CLEO)) == "full"
    table.must(CLEO, enter(CLEO, watch=True))
    operator = Actor("player:op", "operator", "Op")
    table.must(operator, enter(operator))


def test_a_closed_door_keeps_strangers_out_watchers_too(table: Table) -> None:
    table.must(BEN, act.Leave())
    table.must(HOST, act.Configure(open=False))
    assert table.refused(CLEO, enter(CLEO)) == "closed_door"
    assert table.refused(CLEO, enter(CLEO, watch=True)) == "closed_door"
    table.must(BEN, enter(BEN))


def test_an_invite_opens_a_closed_door_and_makes_no_place(table: Table) -> None:
    invited, shut_out = replace(CLEO, invite="valid"), replace(BEN, invite="withdrawn")
    table.must(HOST, act.Configure(open=False))
    assert table.refused(invited, enter(invited)) == "full"
    table.must(BEN, act.Leave())
    assert table.refused(shut_out, enter(shut_out)) == "closed_door"
    table.must(invited, enter(invited))


def test_a_private_room_is_closed_to_strangers_whatever_its_state_says(table: Table) -> None:
    table.must(BEN, act.Leave())
    assert table.refused(CLEO, enter(CLEO), private=True) == "closed_door"
    table.must(BEN, enter(BEN), private=True)


def test_a_server_may_allow_fewer_players_than_the_scene(table: Table) -> None:
    table.must(BEN, act.Leave())
    assert table.refused(BEN, enter(BEN), places=1) == "full"
    table.must(BEN, enter(BEN))


def test_a_spectator_watches_until_they_enter_as_a_player(table: Table) -> None:
    table.must(BEN, act.Leave())
    table.must(CLEO, enter(CLEO, watch=True))
    assert table.refused(CLEO, act.Say(text="Me too!")) == "watching"
    table.must(CLEO, enter(CLEO))
    table.must(CLEO, act.Say(text="Me too!"))
    assert table.state.people[CLEO.id]["kind"] == "player"
    table.must(CLEO, act.Leave())
    assert all(end for end in table.state.hidden["visits"][CLEO.id].values())


def test_the_spectator_role_only_watches(table: Table) -> None:
    table.must(WATCHER, enter(WATCHER))
    assert table.state.people[WATCHER.id]["kind"] == "spectator"


def test_the_room_tells_how_somebody_left(table: Table) -> None:
    (left,) = table.must(ANN, act.Leave(), leave_how="lost")
    assert isinstance(left, ev.Left)
    assert (left.how, left.name) == ("lost", "Ann")


def test_removed_may_come_back_and_banned_may_not(table: Table) -> None:
    assert table.refused(ANN, act.Remove(who=BEN.id)) == "not_allowed"
    table.must(HOST, act.Remove(who=BEN.id))
    table.must(BEN, enter(BEN))
    (left,) = table.must(HOST, act.Remove(who=BEN.id, ban=True, reason="rude"))
    assert isinstance(left, ev.Left)
    assert (left.how, left.reason) == ("banned", "rude")
    assert table.refused(BEN, enter(BEN)) == "banned"
    table.must(HOST, act.Unban(who=BEN.id))
    table.must(BEN, enter(BEN))
    assert table.refused(HOST, act.Unban(who=BEN.id)) == "unknown_target"


def test_who_has_left_can_still_be_kept_out(table: Table) -> None:
    table.must(BEN, act.Leave())
    assert table.refused(HOST, act.Remove(who=BEN.id)) == "not_here"
    table.must(HOST, act.Remove(who=BEN.id, ban=True))
    assert table.refused(BEN, enter(BEN)) == "banned"


def test_neither_characters_nor_oneself_are_removed(table: Table) -> None:
    assert table.refused(HOST, act.Remove(who=MIRA.id)) == "unknown_target"
    assert table.refused(HOST, act.Remove(who=HOST.id)) == "unknown_target"
    assert table.refused(HOST, act.Remove(who="player:nobody")) == "unknown_target"


# ratings and erasing ------------------------------------------------------------------------------------------------


def test_a_reply_that_one_perceived_can_be_rated(table: Table) -> None:
    (said,) = table.must(MIRA, act.Say(text="Tea?"))
    (whisper,) = table.must(MIRA, act.Say(text="Psst", to=[BEN.id]))
    (rated,) = table.must(ANN, act.Rate(seq=said.seq, value=1, reason="warm"))
    assert isinstance(rated, ev.Rated)
    assert (rated.target, rated.value, rated.reason) == (said.seq, 1, "warm")
    assert table.refused(ANN, act.Rate(seq=whisper.seq, value=-1)) == "unknown_target"
    (mine,) = table.must(ANN, act.Say(text="I am great"))
    assert table.refused(ANN, act.Rate(seq=mine.seq, value=1)) == "unknown_target"
    assert table.refused(ANN, act.Rate(seq=999, value=1)) == "unknown_target"


def test_one_erases_ones_own_lines_and_the_host_any(table: Table) -> None:
    (said,) = table.must(ANN, act.Say(text="Oops"))
    assert table.refused(BEN, act.Erase(seq=said.seq)) == "not_allowed"
    (erased,) = table.must(ANN, act.Erase(seq=said.seq))
    assert isinstance(erased, ev.Erased)
    assert erased.target == said.seq
    table.must(HOST, act.Erase(seq=said.seq))
    assert table.must(HOST, act.Erase(seq=said.seq), target=ev.erase(said)) == ()
    assert table.refused(HOST, act.Erase(seq=1)) == "unknown_target"
    assert table.refused(HOST, act.Erase(seq=999)) == "not_allowed"


def test_erasing_a_whisper_shows_to_its_hearers_only(table: Table) -> None:
    (said,) = table.must(ANN, act.Say(text="Psst", to=[BEN.id]))
    (erased,) = table.must(ANN, act.Erase(seq=said.seq))
    assert erased.to == [BEN.id]


# running the room ---------------------------------------------------------------------------------------------------


def test_only_who_runs_the_room_configures_it(table: Table) -> None:
    for action in (act.Configure(autoplay=True), act.Rewind(to=1), act.Reset(), act.Unban(who=BEN.id)):
        assert table.refused(ANN, action) == "not_allowed"
    (configured,) = table.must(HOST, act.Configure(autoplay=True, responders="manual"))
    assert configured.patch == {"run": {"autoplay": True, "responders": "manual"}}
    (off,) = table.must(GAME, act.Configure(autoplay=False))
    assert off.patch["run"] == {"autoplay": None}
    assert table.must(HOST, act.Configure(autoplay=False)) == ()


def test_ticks_and_definitions_are_the_systems(table: Table) -> None:
    for action in (act.Tick(timer="kettle.boil"), act.Define(what="scene", id="hut", definition={})):
        for actor in (ANN, HOST, MIRA, GAME):
            assert table.refused(actor, action) == "not_allowed"
    assert table.refused(SYSTEM, act.Define(what="scene", id="hut", definition={})) == "bad_args"


def test_a_rewind_turns_back_the_room_and_not_the_people(table: Table) -> None:
    table.must(ANN, act.Use(prop="kettle", verb="heat"))
    table.must(MIRA, act.Feel(emotion="happy"))
    table.must(BEN, act.Leave())
    (moved,) = table.must(HOST, act.Rewind(to=4))
    assert isinstance(moved, ev.Moved)
    assert table.state.props["kettle"]["state"]["water"] == "cold"
    assert table.state.people[MIRA.id]["emotion"] == "calm"
    assert not table.state.is_here(BEN.id)
    assert table.state.hidden["timers"] == {}
    table.must(HOST, act.Rewind(to=5))  # and forth again, onto the branch that was left
    assert table.state.props["kettle"]["state"]["water"] == "heating"
    assert list(table.state.hidden["timers"]) == ["kettle.boil"]


def test_a_rewind_beyond_the_log_is_refused(table: Table) -> None:
    assert table.refused(HOST, act.Rewind(to=99)) == "unknown_target"


def test_a_reset_begins_again_and_people_stay(table: Table) -> None:
    table.must(ANN, act.Use(prop="cup", verb="grab"))
    table.must(HOST, act.Reset())
    assert table.state.props == table.states[1].props
    assert table.state.head == 1
    assert table.state.is_here(ANN.id)


def test_a_new_definition_keeps_what_fits_and_puts_the_rest_aside(table: Table) -> None:
    table.must(ANN, act.Use(prop="cup", verb="grab"))
    table.must(ANN, act.Use(prop="kettle", verb="fill"))
    table.must(SYSTEM, act.Define(what="scene", id="hut", definition={"variant": 1}))
    assert table.state.props["kettle"]["state"] == {"water": "cold", "level": 2}
    assert "cup" not in table.state.props
    assert table.state.hidden["aside"] == {"cup": {"taken": True}}
    assert not table.state.is_here("character:oskar")
    table.must(SYSTEM, act.Define(what="scene", id="hut", definition={"variant": 0}))
    assert table.state.props["cup"]["state"] == {"taken": True}
    assert table.state.hidden["aside"] == {}
    assert table.state.is_here("character:oskar")


@pytest.mark.parametrize(
    ("before", "after", "sky"),
    [
        ({}, {"weather": "snow"}, {"time": "night", "weather": "snow"}),
        ({}, {"time": "dawn"}, {"time": "dawn", "weather": "storm"}),
        ({"weather": "fog"}, {"weather": "fog", "title": "B"}, {"time": "night", "weather": "storm"}),
        ({"time": "day"}, {"weather": "rain"}, {"time": "night", "weather": "rain"}),
    ],
)
def test_an_authors_new_sky_is_the_rooms(before: dict, after: dict, sky: dict) -> None:
    """What a thing made of the weather stays, as long as its author has not changed it."""
    table = Table(world(**before))
    table.must(ANN, enter(ANN))
    table.must(ANN, act.Use(prop="kettle", verb="storm"))
    table.must(SYSTEM, act.Define(what="scene", id="hut", definition={}), defined=world(**after))
    assert {key: table.state.shared["scene"][key] for key in ("time", "weather")} == sky


def test_a_rewind_past_a_definition_gives_a_state_that_fits_todays(table: Table) -> None:
    table.must(ANN, act.Use(prop="cup", verb="grab"))
    table.must(SYSTEM, act.Define(what="scene", id="hut", definition={"variant": 2}))
    table.must(HOST, act.Rewind(to=5))
    assert set(table.state.props) == {"cup", "new"}
    assert table.state.props["cup"]["state"] == {"water": "cold", "level": 0}
    table.must(ANN, act.Use(prop="cup", verb="heat"))
    assert table.world is VARIANTS[2]


# always -------------------------------------------------------------------------------------------------------------


@given(STEPS)
def test_every_answer_is_events_or_a_refusal_with_words(steps: list[tuple[Actor, act.Action]]) -> None:
    table = Table()
    for actor, action in steps:
        before = table.state
        answer = table.do(actor, action)
        if isinstance(answer, Refusal):
            assert answer.reason.isidentifier()
            assert answer.message[0].isprintable()
            assert answer.message.endswith((".", "!", "?"))
            assert table.state is before
        else:
            assert answer.state == table.state
            assert all(event.actor == actor.id for event in answer.events)


@given(STEPS)
def test_the_same_question_has_the_same_answer(steps: list[tuple[Actor, act.Action]]) -> None:
    one, other = Table(), Table()
    for actor, action in steps:
        assert one.do(actor, action) == other.do(actor, action)
