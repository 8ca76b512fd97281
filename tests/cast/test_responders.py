"""Who answers a line that names nobody."""

from __future__ import annotations

import pytest

from openroom.cast.responders import responders
from openroom.core.apply import apply
from openroom.core.character import ExampleLine
from openroom.core.event import Said
from openroom.core.setup import opening
from openroom.core.state import State, World
from openroom.library.library import Library
from openroom.settings import shipped

LIBRARY = Library([shipped("characters")], [shipped("scenes")])


def _world(affinity: float) -> World:
    """The tea room, where Yuki likes Oskar so much and nobody is more talkative than another."""
    world = LIBRARY.world("tea_room")
    cast = {}
    for name, one in world.characters.items():
        liking = {"oskar": one.relationships.get("oskar", None)}
        if name == "yuki" and liking["oskar"]:
            liking["oskar"] = liking["oskar"].model_copy(update={"affinity": affinity})
        else:
            liking = {}
        turns = one.turns.model_copy(update={"talkativeness": 0.5})
        cast[name] = one.model_copy(update={"relationships": liking, "turns": turns})
    return World(world.scene, cast, world.props)


@pytest.mark.parametrize(("affinity", "least", "most"), [(0.0, 0.0, 0.2), (0.5, 0.3, 0.7), (1.0, 0.8, 1.0)])
def test_who_likes_a_speaker_answers_more_often(affinity: float, least: float, most: float) -> None:
    world = _world(affinity)
    state = apply(State(), opening(world, LIBRARY.definitions("tea_room"), 0))
    state.shared["run"]["autoplay"] = True
    lines = [Said(seq=seq, at=0, actor="character:oskar", text="A fine night.") for seq in range(2, 402)]
    answers = [responders(line, state, world, ()) for line in lines]
    assert all(len(one) == 1 for one in answers)
    assert least <= sum(one == ["character:yuki"] for one in answers) / len(lines) <= most
    lines = [Said(seq=seq, at=0, actor="player:ann", text="A fine night.") for seq in range(2, 402)]
    assert [responders(one, state, world, ()) for one in lines] == [
        responders(one, state, _world(0.5), ()) for one in lines
    ], "what is felt for a character is no matter where a person speaks"


@pytest.mark.parametrize(
    ("text", "by_kind"),
    [
        ("What do you collect, shiny beak?", True),
        ("What do you collect, dark beak?", False),  # nobody's author says so
        ("I never saw a shiny beak like yours.", False),  # nobody is called
        ("You are late, good evening.", False),
    ],
)
def test_who_is_called_by_what_its_author_has_it_called(text: str, by_kind: bool) -> None:
    world, state = _called("Hey there, shiny beak!")
    lines = [Said(seq=seq, at=0, actor="player:ann", text=text) for seq in range(2, 60)]
    answered = {who for line in lines for who in responders(line, state, world, ())}
    assert (answered == {"character:yuki"}) is by_kind


def test_a_call_that_two_authors_know_tells_nothing() -> None:
    world, state = _called("Hey there, shiny beak!", of=("yuki", "mira"))
    lines = [Said(seq=seq, at=0, actor="player:ann", text="Hello, shiny beak!") for seq in range(2, 60)]
    assert len({who for line in lines for who in responders(line, state, world, ())}) > 1


def _called(heard: str, of: tuple[str, ...] = ("yuki",)) -> tuple[World, State]:
    """The tea room, with somebody there who is called so."""
    world = _world(0.5)
    line = ExampleLine(heard=heard, say="Yes?")
    cast = {
        name: one.model_copy(update={"examples": (*one.examples, line)}) if name in of else one
        for name, one in world.characters.items()
    }
    return World(world.scene, cast, world.props), apply(State(), opening(world, LIBRARY.definitions("tea_room"), 0))
