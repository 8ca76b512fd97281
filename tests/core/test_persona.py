"""Personas: who somebody is in a room, and lines that somebody speaks as somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from openroom.core import action as act
from openroom.core import event as ev
from openroom.core.apply import replay
from openroom.core.event import is_played, words_by
from openroom.core.look import Look
from openroom.core.persona import (
    MOST_ABOUT,
    Persona,
    mask_at,
    mask_now,
    mask_of,
    masks_of,
    name_at,
    persona_in,
    wearer,
)
from openroom.core.state import problems
from tests.core.worlds import ANN, BEN, CLEO, GAME, HOST, MIRA, OSKAR, Table, enter

LOOK = Look(skin="#ffffff", hair="bald", hair_colour="#000000", clothes="coat", colour="#123456")
VALE = Persona(id="pvale", name="Captain Vale", about="Sailed round the Horn.", look=LOOK)
DRESSED = Persona(id="pdress", name="Ann in green", is_me=True)
ANNS = replace(ANN, personas=(VALE, DRESSED))


def as_vale(persona: str | None = "pvale") -> act.Enter:
    return act.Enter(name="Ann", persona=persona)


@pytest.fixture
def table() -> Table:
    made = Table()
    made.must(HOST, enter(HOST))
    return made


def test_a_persona_gives_name_look_and_what_may_be_known_and_nothing_else_does(table: Table) -> None:
    (came,) = table.must(ANNS, as_vale())
    assert isinstance(came, ev.Entered)
    person = table.state.people[ANN.id]
    assert (came.name, person["name"], person["look"]["hair"]) == ("Captain Vale", "Captain Vale", "bald")
    vale = {"name": "Captain Vale", "about": "Sailed round the Horn."}
    assert person["personas"] == {"pvale": {**vale, "look": person["look"]}}
    assert table.refused(BEN, act.Enter(name="Ben", persona="pvale")) == "unknown_persona"
    assert table.refused(ANNS, act.Say(text="Hi.", persona="pother")) == "unknown_persona"


def test_each_persona_is_somebody_else_and_lines_keep_the_name_they_were_said_under(table: Table) -> None:
    table.must(ANNS, enter(ANN))
    (plain,) = table.must(ANNS, act.Say(text="I am Ann."))
    table.must(ANNS, act.Leave())
    table.must(ANNS, as_vale())
    (vales,) = table.must(ANNS, act.Say(text="I am the captain."))
    state = table.state
    assert [name_at(state, one) for one in (plain, vales)] == ["Ann", "Captain Vale"]
    assert [mask_of(state, one) for one in (plain, vales)] == [ANN.id, f"{ANN.id}~pvale"]
    assert mask_now(state, ANN.id) == f"{ANN.id}~pvale" == mask_at(state, ANN.id, vales.seq)
    assert mask_at(state, ANN.id, plain.seq) == ANN.id
    table.must(ANNS, act.Leave())
    table.must(ANNS, as_vale("self"))
    assert "look" not in table.state.people[ANN.id]
    assert mask_now(table.state, ANN.id) == ANN.id
    assert [name_at(table.state, one) for one in (plain, vales)] == ["Ann", "Captain Vale"]
    assert replay(table.log) == table.state
    assert problems(table.state, table.world) == []


def test_who_says_that_it_is_themselves_is_taken_for_themselves(table: Table) -> None:
    table.must(ANNS, act.Enter(name="Ann", persona="pdress"))
    assert table.state.name(ANN.id) == "Ann in green"
    assert mask_now(table.state, ANN.id) == ANN.id


def test_masks_say_who_is_behind_them() -> None:
    assert wearer("player:ann~pvale") == wearer("player:ann") == "player:ann"
    assert (persona_in("player:ann~pvale"), persona_in("player:ann")) == ("pvale", "")
    assert "player:ann~pvale".startswith(masks_of("player:ann"))
    assert not "player:anna".startswith(masks_of("player:ann"))


def test_a_line_of_another_persona_of_ones_own(table: Table) -> None:
    table.must(ANNS, enter(ANN))
    (said,) = table.must(ANNS, act.Say(text="Ahoy!", persona="pvale"))
    assert isinstance(said, ev.Said)
    assert (said.actor, said.persona, name_at(table.state, said)) == (ANN.id, "pvale", "Captain Vale")
    assert mask_of(table.state, said) == f"{ANN.id}~pvale"
    assert table.state.name(ANN.id) == "Ann"
    (again,) = table.must(ANNS, act.Say(text="Ahoy again!", persona="pvale", to=[MIRA.id]))
    assert again.patch is None  # nothing new is known
    assert again.to == [MIRA.id]
    table.must(CLEO, act.Enter(name="Captain Vale"))
    assert table.state.name(CLEO.id) == "Captain Vale 2"
    assert replay(table.log) == table.state


def test_a_persona_takes_no_name_of_somebody_else(table: Table) -> None:
    miras = replace(ANN, personas=(Persona(id="pmira", name="Mira"), Persona(id="phost", name="Host")))
    table.must(miras, act.Enter(name="Ann", persona="pmira"))
    assert table.state.name(ANN.id) == "Mira 2"
    (said,) = table.must(miras, act.Say(text="It is me.", persona="phost"))
    assert name_at(table.state, said) == "Host 2"


def test_who_runs_the_room_may_speak_as_a_character_and_nobody_else(table: Table) -> None:
    table.must(ANN, enter(ANN))
    (said,) = table.must(HOST, act.Say(text="Good evening.", play=MIRA.id))
    assert isinstance(said, ev.Said)
    assert (said.actor, said.played_by, words_by(said), is_played(said)) == (MIRA.id, HOST.id, HOST.id, True)
    assert "pool" not in table.state.hidden
    assert table.refused(ANN, act.Say(text="Hi.", play=MIRA.id)) == "not_allowed"
    assert table.refused(MIRA, act.Say(text="Hi.", play=OSKAR.id)) == "not_allowed"
    assert table.refused(HOST, act.Say(text="Hi.", play=ANN.id)) == "unknown_target"
    assert table.refused(HOST, act.Say(text="Hi.", play="character:nobody")) == "unknown_target"
    assert table.refused(HOST, act.Say(text="Hi.", play=MIRA.id, to=[ANN.id])) == "bad_args"
    assert table.refused(HOST, act.Say(text="Hi.", play=MIRA.id, persona="pvale")) == "bad_args"
    assert table.must(GAME, act.Say(text="I am Mira.", play=MIRA.id))
    table.must(HOST, act.Mute(character=MIRA.id))
    assert table.must(HOST, act.Say(text="Muted, I still play her.", play=MIRA.id))


def test_a_played_line_is_rated_by_nobody_and_erased_by_who_spoke(table: Table) -> None:
    table.must(ANN, enter(ANN))
    (said,) = table.must(HOST, act.Say(text="Good evening.", play=MIRA.id))
    assert table.refused(ANN, act.Rate(seq=said.seq, value=1), target=said) == "unknown_target"
    assert table.refused(ANN, act.Erase(seq=said.seq), target=said) == "not_allowed"
    assert table.must(replace(HOST, owner=False), act.Erase(seq=said.seq), target=said)


@pytest.mark.parametrize("about", ["x" * (MOST_ABOUT + 1)])
def test_what_may_be_known_is_bounded(about: str) -> None:
    with pytest.raises(ValidationError):
        Persona(id="p1", name="Vale", about=about)


def test_what_may_be_known_has_no_controls() -> None:
    assert Persona(id="p1", name="Vale", about=" An\x00 old\x1b sailor. ").about == "An old sailor."
    with pytest.raises(ValidationError):
        Persona(id="self", name="Vale")


def test_only_so_many_changes_are_kept(table: Table) -> None:
    for _ in range(60):
        table.must(ANNS, as_vale("pvale"))
        table.must(ANNS, act.Leave())
        table.must(ANNS, as_vale("self"))
        table.must(ANNS, act.Leave())
    assert len(table.state.people[ANN.id]["worn"]) == 40
    assert replay(table.log) == table.state
