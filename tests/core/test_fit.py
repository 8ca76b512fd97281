"""State of a prop under rules that have changed since: what fits stays, the rest is handed back."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from openroom.core.fit import fitted, recalled
from openroom.core.prop import Prop


class Item(BaseModel):
    """Something in the purse."""

    worth: int = 1


class Plain(BaseModel):
    """As an author writes it: what it does not know it ignores."""

    money: int = Field(default=0, ge=0)
    gems: int = 2
    owner: str | None = None
    items: dict[str, Item] = {}
    shelf: list[Item] = []


class Strict(Plain):
    """It takes no key that it does not know."""

    model_config = ConfigDict(extra="forbid")


class Whole(Plain):
    """Two fields go together, so that none alone is to blame."""

    @model_validator(mode="after")
    def _together(self) -> Whole:
        if self.money < self.gems:
            raise ValueError("expected more money than gems")
        return self


class Needs(BaseModel):
    """A field without a default: the scene gives it."""

    lid: int


class Purse(Prop):
    """A purse of one of these shapes."""

    kind, name, line = "purse", "Purse", "A purse."

    def __init__(self, shape: type[BaseModel] = Plain, version: int = 1) -> None:
        self.State, self.version = shape, version

    def migrate(self, old: dict[str, Any], version: int) -> dict[str, Any]:
        if version < 2 and "coins" in old:
            old["money"] = old.pop("coins") * 10
        if version < 3 and "stones" in old:
            old["gems"] = old.pop("stones")
        return old


NEW = {"money": 0, "gems": 2, "items": {}, "shelf": []}


@pytest.mark.parametrize("shape", [Plain, Strict])
@pytest.mark.parametrize(
    ("old", "kept", "lost"),
    [
        ({"money": 5}, {"money": 5}, {}),
        ({"money": 5, "gems": 0, "items": {}, "shelf": []}, {"money": 5, "gems": 0}, {}),
        ({"coins": 5}, {}, {"coins": 5}),
        ({"money": "five", "gems": 7}, {"gems": 7}, {"money": "five"}),
        ({"money": -5, "gems": 7}, {"gems": 7}, {"money": -5}),
        ({"money": [1], "gems": {}, "coins": 3}, {}, {"money": [1], "gems": {}, "coins": 3}),
        ({"owner": "Ann"}, {"owner": "Ann"}, {}),
    ],
)
def test_what_fits_stays_and_what_is_new_is_filled_up(
    shape: type[BaseModel], old: dict[str, Any], kept: dict[str, Any], lost: dict[str, Any]
) -> None:
    assert fitted(Purse(shape), old, NEW, 1) == ({**NEW, **kept}, lost)


def test_what_is_lost_inside_a_field_is_handed_back_too() -> None:
    old = {"items": {"ring": {"worth": 9, "metal": "gold"}}, "shelf": [{"worth": 1}, {"worth": 2, "metal": "tin"}]}
    state, lost = fitted(Purse(), old, NEW, 1)
    assert state == {**NEW, "items": {"ring": {"worth": 9}}, "shelf": [{"worth": 1}, {"worth": 2}]}
    assert lost == {"items": {"ring": {"metal": "gold"}}, "shelf": old["shelf"]}


def test_where_no_field_is_to_blame_all_of_it_begins_fresh() -> None:
    old = {"money": 1, "gems": 5}
    assert fitted(Purse(Whole), old, {"money": 3, "gems": 2}, 1) == ({"money": 3, "gems": 2}, old)


def test_a_field_that_the_scene_gives_is_as_it_is_in_a_fresh_room() -> None:
    assert fitted(Purse(Needs), {}, {"lid": 4}, 1) == ({"lid": 4}, {})
    assert fitted(Purse(Needs), {"lid": "up"}, {"lid": 4}, 1) == ({"lid": 4}, {"lid": "up"})


@pytest.mark.parametrize(
    ("version", "money", "gems", "lost"),
    [(1, 50, 3, {}), (2, 0, 3, {"coins": 5}), (3, 0, 2, {"coins": 5, "stones": 3})],
)
def test_a_prop_says_itself_what_becomes_of_its_state(
    version: int, money: int, gems: int, lost: dict[str, Any]
) -> None:
    state, put_aside = fitted(Purse(version=3), {"coins": 5, "stones": 3}, NEW, version)
    assert (state["money"], state["gems"], put_aside) == (money, gems, lost)


def test_what_was_put_aside_comes_back_where_nothing_took_its_place() -> None:
    aside = {"money": 5, "coins": 3, "items": {"ring": {"metal": "gold"}}}
    untouched = {**NEW, "items": {"ring": {"worth": 9}}}
    assert recalled(aside, untouched, NEW) == {
        **NEW,
        "money": 5,
        "coins": 3,
        "items": {"ring": {"worth": 9, "metal": "gold"}},
    }
    assert recalled(aside, {**NEW, "money": 8}, NEW)["money"] == 8
