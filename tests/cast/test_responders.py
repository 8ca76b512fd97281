"""Who answers a line that names nobody."""

from __future__ import annotations

import pytest

from openroom.cast.responders import responders
from openroom.core.apply import apply
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
