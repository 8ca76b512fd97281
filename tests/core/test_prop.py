"""Props in Python: what a subclass gets for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from openroom.core.actor import Actor
from openroom.core.prop import Outcome, Prop, PropState, Refusal, verb
from openroom.core.setup import initial
from openroom.core.state import World
from openroom.errors import DefinitionError
from tests.core.worlds import ANN, HOST, MIRA, world


class Loudness(BaseModel):
    model_config = ConfigDict(extra="forbid")
    times: int = Field(ge=1, le=3)


class Bell(Prop):
    """A bell that breaks after three."""

    kind, name, line = "bell", "Bell", "A small brass bell."

    class State(BaseModel):
        model_config = ConfigDict(extra="forbid")
        rung: int = Field(default=0, ge=0, le=3)

    @verb("Ring the bell", words=("ring", "chime"))
    def ring(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        if state["rung"] == 3:
            return Refusal("precondition", "It is cracked.")
        return Outcome({**state, "rung": state["rung"] + 1}, f"{who.name} rings the bell.")

    @verb("Ring it often", params=Loudness)
    def peal(self, state: PropState, who: Actor, now: int, times: int) -> Outcome:
        return Outcome({**state, "rung": times}, f"{who.name} rings {times} times.")

    @verb("Mend the bell", who=("operator", MIRA.id))
    def mend(self, state: PropState, who: Actor, now: int) -> Outcome:
        return Outcome({**state, "rung": 0}, f"{who.name} mends the bell.")


class Gong(Bell):
    """Verbs are inherited, and a subclass may add its own."""

    kind, name = "gong", "Gong"

    @verb("Strike it")
    def strike(self, state: PropState, who: Actor, now: int) -> Outcome:
        return Outcome(state, "Bong.")


BELL = Bell()
START: dict[str, Any] = {"rung": 0}


def test_verbs_are_found_and_inherited() -> None:
    assert set(BELL.verbs) == {"ring", "peal", "mend"}
    assert set(Gong().verbs) == {"ring", "peal", "mend", "strike"}


def test_a_verb_is_used_with_checked_arguments() -> None:
    assert BELL.use(START, "ring", {}, ANN, 0) == Outcome({"rung": 1}, "Ann rings the bell.")
    assert BELL.use(START, "peal", {"times": 2}, ANN, 0) == Outcome({"rung": 2}, "Ann rings 2 times.")
    for verb_name, args, reason in (
        ("peal", {"times": 9}, "bad_args"),
        ("peal", {}, "bad_args"),
        ("ring", {"x": 1}, "bad_args"),
        ("fly", {}, "unknown_verb"),
        ("mend", {}, "not_allowed"),
        ("__init__", {}, "unknown_verb"),
        ("check", {}, "unknown_verb"),
    ):
        refusal = BELL.use(START, verb_name, args, ANN, 0)
        assert isinstance(refusal, Refusal)
        assert refusal.reason == reason


def test_who_may_goes_by_role_or_id() -> None:
    for who in (Actor("player:op", "operator", "Op"), MIRA):
        assert isinstance(BELL.use(START, "mend", {}, who, 0), Outcome)
        assert "mend" in [choice.id for choice in BELL.choices(START, who)]
    assert "mend" not in [choice.id for choice in BELL.choices(START, HOST)]


def test_choices_are_the_verbs_without_parameters() -> None:
    assert [(choice.id, choice.label, choice.words) for choice in BELL.choices(START, ANN)] == [
        ("ring", "Ring the bell", ("ring", "chime"))
    ]


def test_states_are_checked() -> None:
    assert BELL.initial({}) == START
    with pytest.raises(DefinitionError) as caught:
        BELL.check({"rung": 4})
    assert caught.value.key == "rung"


def test_a_scene_with_options_that_do_not_fit_is_told_which() -> None:
    made = world(props=[{"id": "cup", "kind": "cup", "state": {"rung": 9}}])
    with pytest.raises(DefinitionError) as caught:
        initial(World(made.scene, made.characters, {"cup": BELL}))
    assert caught.value.key == "props.cup.state.rung"


def test_the_defaults_are_quiet() -> None:
    assert BELL.tick(START, "any", 0) is None
    assert BELL.awaits(START) == ""
    assert (BELL.look(START), BELL.look_key(START)) == ("A small brass bell.", "")


def test_the_manifest_names_verbs_and_parameters() -> None:
    body = BELL.manifest()
    assert (body["kind"], body["art"]) == ("bell", "bell")
    assert not {"shown_as", "personal"} & set(body), "what is not so is not said"
    assert body["verbs"]["peal"]["params"]["times"]["maximum"] == 3
    assert body["verbs"]["ring"] == {"label": "Ring the bell", "words": ["ring", "chime"], "params": {}}
