"""A third-party prop whose code is wrong is out of order; the room goes on."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from openroom.core.action import Enter, Say, Use
from openroom.core.actor import Actor
from openroom.core.prop import Outcome, Prop, Refusal, verb
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.room.writer import Receipt
from tests.room.conftest import HOUSE
from tests.waiting import PATIENCE, until

ANN = Actor("player:ann", "player", "Ann")


class Odd(Prop):
    """Wrong in the way that ``fault`` says."""

    kind = "odd"
    name = "Odd thing"
    line = "Nobody knows what it is."
    fault = ""

    def look(self, state):
        if self.fault == "look":
            raise RuntimeError("broken")
        return "It hums."

    def choices(self, state, who):
        if self.fault == "choices":
            raise RuntimeError("broken")
        return super().choices(state, who)

    @verb("poke")
    def poke(self, state, who, now):
        if self.fault == "raises":
            raise RuntimeError("broken")
        answers = {
            "nothing": None,
            "no telling": Outcome(state, None),
            "a number": Outcome(state, 5),
            "timers": Outcome(state, "It ticks.", timers=(3,)),
            "scene": Outcome(state, "It glows.", scene={"time": ["noon"]}),
            "state": Outcome(object(), "It melts."),
        }
        return answers.get(self.fault, Outcome(state, "It hums louder."))


@pytest.mark.parametrize("fault", ["raises", "nothing", "no telling", "a number", "timers", "scene", "state"])
async def test_a_verb_that_answers_nonsense_is_refused(odd_room, fault, monkeypatch):
    monkeypatch.setattr(Odd, "fault", fault)
    answer = await asyncio.wait_for(odd_room.submit(ANN, Use(prop="odd", verb="poke")), PATIENCE)
    assert isinstance(answer, Refusal)
    assert answer.reason == "prop_fault"
    assert isinstance(await asyncio.wait_for(odd_room.submit(ANN, Say(text="Still here.")), PATIENCE), Receipt)


@pytest.mark.parametrize("fault", ["look", "choices"])
async def test_looks_and_choices_that_fail_leave_those_of_the_others(odd_room, fault, monkeypatch):
    monkeypatch.setattr(Odd, "fault", fault)
    snapshot = await odd_room.snapshot(ANN.id)
    props = {option["prop"] for option in snapshot["options"]}
    assert "lamp" in props
    assert ("odd" in props) is (fault == "look")
    assert isinstance(await asyncio.wait_for(odd_room.submit(ANN, Say(text="Vera, hello?")), PATIENCE), Receipt)


async def test_a_room_whose_writer_fails_is_opened_anew(odd_lobby, odd_room, monkeypatch):
    def fail(events):
        raise RuntimeError("a fault nobody thought of")

    monkeypatch.setattr(odd_room._feed, "publish", fail)
    said = await odd_room.submit(ANN, Say(text="Stored before anybody saw it."))
    await until(lambda: odd_room.closed)
    again = await odd_lobby.open("parlour")
    assert again is odd_room, "whoever kept it goes on with it"
    assert again.seq >= said.seqs[-1]
    assert isinstance(await again.submit(ANN, Say(text="And on.")), Receipt)


@pytest.fixture
async def odd_lobby(tmp_path):
    house = shutil.copytree(HOUSE, tmp_path / "house")
    scene = house / "scenes" / "parlour" / "scene.yaml"
    text = scene.read_text()
    place = "props:\n  - " if "props:\n" in text else "props: ["
    end = "\n  - " if "props:\n" in text else ", "
    scene.write_text(text.replace(place, place + "{kind: odd, id: odd}" + end))
    library = Library([house / "characters"], [house / "scenes"], props=[Odd])
    assert library.problems == []
    async with Lobby(library=library, settings=LobbySettings(watch=False)) as lobby:
        yield lobby


@pytest.fixture
async def odd_room(odd_lobby):
    room = await odd_lobby.open("parlour")
    await room.submit(ANN, Enter(name="Ann"))
    return room
