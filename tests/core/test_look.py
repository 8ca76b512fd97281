from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

import openroom
from openroom.core import action as act
from openroom.core.action import ACTION
from openroom.core.apply import replay
from openroom.core.look import Look
from openroom.core.state import problems
from openroom.library.avatar import Beard, Clothes, Glasses, Hair, Hat
from tests.core.worlds import ANN, BEN, Table, enter

LOOK = {"skin": "#d9a27a", "hair": "bob", "hair_colour": "#4a3024", "clothes": "coat", "colour": "#3b6b8f"}


def entering(**look: Any) -> act.Enter:
    return act.Enter(name="Ann", look=Look.model_validate({**LOOK, **look}))


def test_who_comes_in_is_seen_as_they_chose() -> None:
    table = Table()
    table.must(ANN, entering(hat="beret"))
    assert table.state.people[ANN.id]["look"] == {**LOOK, "hat": "beret"}
    table.must(BEN, enter(BEN))
    assert "look" not in table.state.people[BEN.id], "who chose nothing has none"
    assert replay(table.log).shared == table.state.shared


def test_a_look_stays_and_another_one_takes_its_place_whole() -> None:
    table = Table()
    table.must(ANN, entering(hat="beret", beard="full"))
    table.must(ANN, act.Leave())
    table.must(ANN, enter(ANN))
    assert table.state.people[ANN.id]["look"]["hat"] == "beret", "a client that knows of no looks takes none away"
    table.must(ANN, act.Leave())
    table.must(ANN, entering(glasses="round"))
    assert table.state.people[ANN.id]["look"] == {**LOOK, "glasses": "round"}
    assert problems(table.state, table.world) == []


@pytest.mark.parametrize(
    ("look", "at", "expected"),
    [
        ({**LOOK, "skin": "red"}, "skin", "pattern"),
        ({**LOOK, "colour": "#3b6b8f;background:url(x)"}, "colour", "pattern"),
        ({**LOOK, "colour": "#3b6b8f\n"}, "colour", "pattern"),
        ({**LOOK, "hair": "<svg onload=alert(1)>"}, "hair", "'short'"),
        ({**LOOK, "hat": "../../crown"}, "hat", "'cap'"),
        ({**LOOK, "hair": ["bob"]}, "hair", "'short'"),
        ({**LOOK, "picture": "http://example.test/x.svg"}, "picture", "Extra inputs"),
        ({key: value for key, value in LOOK.items() if key != "skin"}, "skin", "required"),
        ("<b>", "look", "dictionary"),
    ],
)
def test_anything_else_is_refused_and_said_where(look: Any, at: str, expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ACTION.validate_python({"do": "enter", "name": "Ann", "look": look})
    (error,) = caught.value.errors()
    assert error["loc"][-1] == at
    assert expected in error["msg"]


PARTS = {"hair": Hair, "clothes": Clothes, "glasses": Glasses, "beard": Beard, "hat": Hat}


def choices(annotation: Any) -> set[str]:
    """What a Literal allows, also where nothing is allowed too."""
    found = set[str]()
    for one in get_args(annotation):
        found |= {one} if isinstance(one, str) else choices(one)
    return found


@pytest.mark.parametrize("part", PARTS)
def test_people_are_drawn_of_the_parts_of_characters(part: str) -> None:
    own = choices(Look.model_fields[part].annotation)
    assert own and own == choices(PARTS[part].model_fields["style"].annotation)


@pytest.mark.parametrize(
    ("part", "name"), [*zip(PARTS, ("HAIRS", "CLOTHES", "GLASSES", "BEARDS", "HATS"), strict=True)]
)
def test_the_pages_offer_what_may_be_chosen(part: str, name: str) -> None:
    script = (Path(openroom.__file__).parent / "gui/web/art/look.js").read_text(encoding="utf-8")
    listed = script.partition(f"export const {name} = [")[2].partition("]")[0].replace('"', "").split(", ")
    assert set(filter(None, listed)) == choices(Look.model_fields[part].annotation)
