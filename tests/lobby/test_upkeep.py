"""Rooms whose props have other code than when they were left: their state is fitted to it when they open."""

from __future__ import annotations

import logging
import shutil
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import BaseModel, Field

from openroom.core.action import Enter, Reset, Rewind, Use
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.event import dump, load
from openroom.core.prop import Outcome, Prop, Timer, verb
from openroom.core.state import problems
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.room.portable import digest
from openroom.room.room import Room
from openroom.room.writer import Receipt
from openroom.store.inmemory import MemoryStore
from tests.room.conftest import HOUSE

ANN = Actor("player:ann", "player", "Ann")
HOST = Actor("player:host", "operator", "Host")


class Tin(Prop):
    """As it was when the room was left."""

    kind, name, line = "tin", "Tin", "A tin for coins."

    class State(BaseModel):
        """What is in it."""

        coins: int = 0

    @verb("Put a coin in")
    def put(self, state: dict[str, Any], who: Actor, now: int) -> Outcome:
        return Outcome({**state, "coins": state["coins"] + 1}, f"{who.name} puts a coin in.", (Timer("rattle", 5000),))

    def tick(self, state: Any, name: str, now: int) -> Outcome:
        return Outcome({**state, "coins": state["coins"] + 10}, "It rattles.")


class Fuller(Tin):
    """With one more field, which has a default."""

    class State(BaseModel):
        """What is in it."""

        coins: int = 0
        gems: int = 3

    @verb("Put a coin in")
    def put(self, state: dict[str, Any], who: Actor, now: int) -> Outcome:
        return Outcome({"coins": state["coins"] + 1, "gems": state["gems"]}, "Clink.")

    def tick(self, state: Any, name: str, now: int) -> Outcome:
        return Outcome({"coins": state["coins"] + 10, "gems": state["gems"]}, "It rattles.")


class Renamed(Tin):
    """With a field of another name, and not a word of it."""

    name = "Money box"

    class State(BaseModel):
        """What is in it."""

        money: int = 0

    @verb("Put a coin in")
    def put(self, state: dict[str, Any], who: Actor, now: int) -> Outcome:
        return Outcome({"money": state["money"] + 1}, "Clink.")


class Migrated(Renamed):
    """The same, and it says what becomes of the old one."""

    version = 2

    def migrate(self, old: dict[str, Any], version: int) -> dict[str, Any]:
        if "coins" in old:
            old["money"] = old.pop("coins") * 100
        return old


class Labelled(Tin):
    """Only its words have changed."""

    name = "Coin box"

    @verb("Drop a coin into it")
    def put(self, state: dict[str, Any], who: Actor, now: int) -> Outcome:
        return Outcome({**state, "coins": state["coins"] + 1}, "Clink.")


class Smaller(Tin):
    """It holds less than is in there."""

    class State(BaseModel):
        """What is in it."""

        coins: int = Field(default=0, le=1)


class Broken(Migrated):
    """Its code fails where it is asked about the state of before."""

    def migrate(self, old: dict[str, Any], version: int) -> dict[str, Any]:
        raise RuntimeError("broken")


@pytest.fixture
def house(tmp_path):
    """Opens the parlour with a tin of the given make on its shelf; the store stays the same."""
    folder, store = shutil.copytree(HOUSE, tmp_path / "house"), MemoryStore()
    scene = folder / "scenes" / "parlour" / "scene.yaml"
    scene.write_text(scene.read_text().replace("props:\n", "props:\n  - {id: tin, kind: tin}\n"))

    @asynccontextmanager
    async def opened(make: type[Prop], clock=None):
        library = Library([folder / "characters"], [folder / "scenes"], props=[make])
        more = {"clock": clock} if clock else {}
        async with Lobby(library=library, store=store, settings=LobbySettings(watch=False), **more) as lobby:
            yield await lobby.open("parlour")

    opened.store, opened.scene = store, scene
    return opened


async def left(house, coins: int = 2, clock=None) -> None:
    """A visit to the room as it was: a few coins in the tin."""
    async with house(Tin, clock) as room:
        await room.submit(ANN, Enter(name="Ann"))
        for _ in range(coins):
            assert isinstance(await room.submit(ANN, Use(prop="tin", verb="put")), Receipt)


def tin(room: Room) -> dict[str, Any]:
    return dict(room.state.props["tin"]["state"])


async def test_one_more_field_with_a_default_is_filled_up(house):
    await left(house)
    async with house(Fuller) as room:
        assert tin(room) == {"coins": 2, "gems": 3}
        assert isinstance(await room.submit(ANN, Use(prop="tin", verb="put")), Receipt)
        assert tin(room) == {"coins": 3, "gems": 3}
        assert problems(room.state, room.world) == []


async def test_it_is_fitted_once_and_before_its_timer_rings(house, clock):
    await left(house, clock=clock)
    clock.now += 60_000  # the timer is due at once
    async with house(Fuller, clock) as room:
        before = room.seq
        assert tin(room)["gems"] == 3
    events = await house.store.events("parlour")
    kinds = [event.kind for event in events if event.seq >= before]
    assert kinds[0] == "defined" and kinds.count("defined") == 1
    async with house(Fuller, clock) as room:
        assert tin(room) == {"coins": 12, "gems": 3}
        assert [event.kind for event in await house.store.events("parlour", after=events[-1].seq)] == []


async def test_a_rename_without_a_word_loses_nothing_and_is_told(house, caplog):
    await left(house)
    with caplog.at_level(logging.WARNING, "openroom.lobby"):
        async with house(Renamed) as room:
            assert tin(room) == {"money": 0}
            assert room.state.hidden["aside"]["tin"] == {"coins": 2}
    (told,) = [record for record in caplog.records if "put aside" in record.message]
    assert (told.room, told.prop, told.fields) == ("parlour", "tin", "coins")
    caplog.clear()
    async with house(Renamed) as room:
        assert room.state.hidden["aside"]["tin"] == {"coins": 2}
    assert not [record for record in caplog.records if "put aside" in record.message]


@pytest.mark.parametrize("by_way_of", [(), (Renamed,), (Fuller, Labelled)])
async def test_a_prop_that_says_what_becomes_of_its_state_is_asked_once(house, by_way_of):
    await left(house)
    for make in by_way_of:
        async with house(make):
            pass
    async with house(Migrated) as room:
        assert tin(room) == {"money": 200}
        await room.submit(ANN, Use(prop="tin", verb="put"))
    async with house(Migrated) as room:
        assert tin(room) == {"money": 201}
        assert room.state.hidden["versions"] == {"tin": 2}


async def test_what_was_put_aside_comes_back_when_the_rules_take_it_again(house):
    await left(house)
    for make, coins, aside in ((Smaller, 0, {"coins": 2}), (Tin, 2, {})):
        async with house(make) as room:
            assert tin(room) == {"coins": coins}
            assert room.state.hidden["aside"].get("tin", {}) == aside


async def test_a_thing_that_was_away_is_asked_too(house):
    await left(house)
    with_tin = house.scene.read_text()
    house.scene.write_text(with_tin.replace("  - {id: tin, kind: tin}\n", ""))
    async with house(Migrated) as room:
        assert "tin" not in room.state.props
    house.scene.write_text(with_tin)
    async with house(Migrated) as room:
        assert tin(room) == {"money": 200}


async def test_other_words_alone_leave_the_state(house):
    await left(house)
    async with house(Labelled) as room:
        assert tin(room) == {"coins": 2}
        assert room.state.props["tin"]["name"] == "Coin box"


async def test_the_log_of_then_replays_as_it_did(house):
    await left(house)
    before = await house.store.events("parlour")
    state = digest(replay(before))
    async with house(Migrated) as room:
        now = digest(room.state)
    after = await house.store.events("parlour")
    assert [dump(event) for event in after[: len(before)]] == [dump(event) for event in before]
    again = [load(dump(event)) for event in after]
    assert digest(replay(again[: len(before)])) == state
    assert digest(replay(again)) == now


async def test_a_room_that_turns_back_keeps_to_the_rules_of_today(house):
    await left(house, coins=3)
    async with house(Migrated) as room:
        await room.submit(HOST, Rewind(to=room.seq - 2))  # when there were two coins
        assert tin(room) == {"money": 200}
        await room.submit(HOST, Reset())
        assert tin(room) == {"money": 0}
    async with house(Migrated) as room:
        assert tin(room) == {"money": 0}


async def test_what_a_rewind_can_not_fit_is_put_aside_too(house):
    await left(house, coins=3)
    async with house(Renamed) as room:
        await room.submit(HOST, Rewind(to=room.seq - 2))
        assert room.state.hidden["aside"]["tin"] == {"coins": 2}


async def test_options_of_the_scene_that_no_longer_fit_are_left_out(house):
    house.scene.write_text(house.scene.read_text().replace("kind: tin}", "kind: tin, state: {coins: 7}}"))
    await left(house)
    async with house(Smaller) as room:
        assert tin(room) == {"coins": 0}
        assert room.state.hidden["aside"]["tin"] == {"coins": 9}


async def test_a_prop_that_fails_stays_as_it_is_and_the_room_opens(house):
    await left(house)
    async with house(Broken) as room:
        assert tin(room) == {"coins": 2}
        assert isinstance(await room.define("scene", "parlour", room.definitions["scene"]), Receipt)
    async with house(Migrated) as room:
        assert tin(room) == {"money": 200}
