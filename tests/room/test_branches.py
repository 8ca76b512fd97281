"""The branches of a room: which there are, their names, save points by name, and what must not be lost on the way."""

from __future__ import annotations

import pytest

from openroom.core.action import Branch, Configure, Delete, Edit, Erase, Load, Retry, Rewind, Save, Say, Unsave
from openroom.core.actor import SYSTEM, Actor
from openroom.core.apply import replay
from openroom.core.branches import Tree
from openroom.core.naming import MOST_OWN, MOST_PLAYERS
from openroom.errors import DefinitionError, RefusedError
from openroom.room.branch_list import branches_of
from tests.room.people import ANN, BEN, BOSS, enter
from tests.room.test_steering import done, line_of, refused, says, story


async def _listed(room, who=ANN):
    return [(one.name, one.text, one.current) for one in await branches_of(room, who.id)]


async def test_branches_are_listed_go_on_and_keep_their_number(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        (first,) = await done(room, ANN, Say(text="One.", to=["character:vera"]))
        (second,) = await done(room, ANN, Say(text="Two."))
        await done(room, ANN, Delete(seq=second))
        await done(room, ANN, Say(text="Another two."))
        assert [(text, now) for _, text, now in await _listed(room)] == [("Another two.", True), ("Two.", False)]
        old, new = Tree.of(room.state).branches()
        assert (old.first, old.end, new.parent) == (1, second, first)
        await done(room, ANN, Rewind(to=old.end))
        await done(room, ANN, Say(text="Three."))
        assert [(text, now) for _, text, now in await _listed(room)] == [("Three.", True), ("Another two.", False)]
        assert [one.first for one in Tree.of(room.state).branches()] == [old.first, new.first], "it goes on"
        assert await _listed(room, BEN) == [("", "", True)], "of what one did not perceive nothing is told"


async def test_a_branch_gets_a_name_and_can_be_taken_off_the_list_and_back(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN)
        await done(room, ANN, Branch(name="By day"))
        (said,) = await done(room, ANN, Say(text="It is light."))
        await done(room, ANN, Delete(seq=said))
        await done(room, ANN, Branch(name="By night"))
        await done(room, ANN, Say(text="It is dark."))
        assert await _listed(room) == [("By night", "It is dark.", True), ("By day", "It is light.", False)]
        night = int(next(key for key, one in room.state.shared["branches"].items() if one["name"] == "By night"))
        assert await refused(room, ANN, Branch(of=night, listed=False)) == "precondition"
        await done(room, ANN, Branch(of=1, listed=False))
        assert await _listed(room) == [("By night", "It is dark.", True)]
        assert [e.text for e in await room.store.events(room.id) if e.kind == "said"] == ["It is light.", "It is dark."]
        await done(room, ANN, Branch(of=1, listed=True))
        assert [name for name, _, _ in await _listed(room)] == ["By night", "By day"]
        await done(room, ANN, Branch(of=night, name=""))
        assert [name for name, _, _ in await _listed(room)] == ["", "By day"]
        assert await refused(room, ANN, Branch(of=night + 1, name="No")) == "unknown_target"
        assert replay(await room.store.events(room.id)) == room.state


async def test_what_others_named_is_theirs(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN, BOSS)
        await done(room, ANN, Branch(name="Ann's"))
        assert await refused(room, BEN, Branch(name="Ben's")) == "not_allowed"
        assert await refused(room, BEN, Branch(name="")) == "not_allowed"
        await done(room, BOSS, Branch(name="Boss's"))
        assert next(iter(room.state.shared["branches"].values()))["by"] == BOSS.id


async def test_no_player_fills_the_save_points_and_who_runs_the_room_has_room(open_lobby):
    async with open_lobby() as lobby:
        owner = Actor("player:owner", "player", "Owner")
        room = await lobby.create("parlour", owner)
        people = [Actor(f"player:p{n}", "player", f"P{n}") for n in range(MOST_PLAYERS // MOST_OWN + 1)]
        await enter(room, owner, *people)
        for who in people[:-1]:
            for n in range(MOST_OWN):
                await done(room, who, Save(name=f"{who.name} {n}"))
            assert await refused(room, who, Save(name="one more")) == "too_many"
        assert await refused(room, people[-1], Save(name="mine")) == "too_many"
        await done(room, owner, Save(name="the owner's"))
        await done(room, SYSTEM, Save(name="the game's"))
        await done(room, people[0], Unsave(id=next(iter(room.state.shared["saves"]))))
        await done(room, people[-1], Save(name="mine"))


async def test_a_game_saves_and_loads_by_name(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await done(room, ANN, Say(text="One."))
        await room.save("slot 1")
        await done(room, ANN, Say(text="Two."))
        await room.load("slot 1")
        assert await story(room) == ["One."]
        await done(room, ANN, Say(text="Three."))
        id = await room.save("slot 1")
        assert list(room.state.shared["saves"]) == [id], "the same slot is written anew"
        await done(room, ANN, Say(text="Four."))
        await room.load(id)
        assert await story(room) == ["One.", "Three."]
        with pytest.raises(RefusedError, match="no save point"):
            await room.load("slot 2")
        with pytest.raises(DefinitionError, match="1 to 40"):
            await room.save("")


async def test_a_save_that_is_refused_takes_none_away(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BOSS)
        for number in range(MOST_OWN):
            await room.save(f"slot {number}", ANN)
        before = await room.save("slot 1", ANN)
        assert len(room.state.shared["saves"]) == MOST_OWN, "who has as many as may be can still write one anew"
        await done(room, BOSS, Configure(steer="owner"))
        with pytest.raises(RefusedError, match="owner"):
            await room.save("slot 1", ANN)
        assert before in room.state.shared["saves"]


async def _said(room, seq):
    (event,) = await room.store.events(room.id, after=seq - 1, until=seq)
    return event.text


async def test_erasing_a_line_erases_every_wording_of_it(open_lobby):
    async with open_lobby(says("Fog.", "Fog?", "Rain.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        (first,) = await done(room, ANN, Say(text="Vera, my secrett is the cellar."))
        await director.settled()
        await done(room, ANN, Edit(seq=first, text="Vera, my secret is the cellar."))
        second = await line_of(room, "Vera, my secret is the cellar.")
        await director.settled()
        await done(room, ANN, Edit(seq=second, text="Vera, my secret is in the vault."))
        third = await line_of(room, "Vera, my secret is in the vault.")
        await director.settled()
        await done(room, ANN, Erase(seq=third))
        await room.settled()
        assert [await _said(room, seq) for seq in (first, second, third)] == ["", "", ""]
        log = str([event.model_dump() for event in await room.store.events(room.id)])
        assert "cellar" not in log
        assert "vault" not in log
        assert replay(await room.store.events(room.id)) == room.state


async def test_who_put_words_in_a_characters_mouth_may_take_them_back(open_lobby):
    async with open_lobby(says("Fog.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        hers = await line_of(room, "Fog.")
        await done(room, ANN, Edit(seq=hers, text="My PIN is 1234."))
        mine = await line_of(room, "My PIN is 1234.")
        await enter(room, BEN)
        assert await refused(room, BEN, Erase(seq=mine)) == "not_allowed"
        assert await refused(room, ANN, Erase(seq=hers)) == "not_allowed"
        await done(room, ANN, Erase(seq=mine))
        await room.settled()
        assert (await _said(room, mine), await _said(room, hers)) == ("", "Fog.")


async def test_a_wish_can_be_erased_by_who_wished_it(open_lobby):
    async with open_lobby(says("Fog.", "Fog, kind Ben.")) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await enter(room, ANN)
        await done(room, ANN, Say(text="Vera, what do you see?"))
        await director.settled()
        (asked,) = await done(
            room, ANN, Retry(seq=await line_of(room, "Fog."), wish="say that Ben lives at 3 Elm Road")
        )
        await director.settled()
        await enter(room, BEN)
        assert await refused(room, BEN, Erase(seq=asked)) == "not_allowed"
        assert (await room.snapshot(ANN.id))["wishes"] == {str(await line_of(room, "Fog, kind Ben.")): asked}
        assert "wishes" not in await room.snapshot(BEN.id)
        await done(room, ANN, Erase(seq=asked))
        await room.settled()
        assert "Elm" not in str(await room.store.events(room.id))
        assert "wishes" not in await room.snapshot(ANN.id)
        assert await story(room) == ["Vera, what do you see?", "Fog, kind Ben."]
        assert replay(await room.store.events(room.id)) == room.state


async def test_loading_keeps_names_and_how_the_room_runs(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN)
        id = await room.save("Then", ANN)
        await done(room, ANN, Say(text="One."))
        await done(room, ANN, Branch(name="Mine"))
        await done(room, ANN, Load(id=id))
        assert room.state.shared["branches"]


async def test_the_names_that_somebody_gave_are_erased_wherever_they_stand(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN, BEN)
        (kept,) = await done(room, BEN, Save(name="Another one"))
        (owl,) = await done(room, BEN, Save(name="OWL"))
        await room.store.save_snapshot(room.id, room.state)
        await done(room, ANN, Unsave(id=f"s{owl}"))
        await done(room, BEN, Branch(name="OWL"))
        (said,) = await done(room, ANN, Say(text="One.", to=["character:vera"]))
        await done(room, ANN, Delete(seq=said))
        await done(room, ANN, Say(text="Two.", to=["character:vera"]))
        await done(room, ANN, Branch(of=1, listed=False))
        assert "OWL" in str(await room.store.latest(room.id, owl + 1))
        (listed,) = [one for one in await branches_of(room, ANN.id, everything=True) if one.name == "OWL"]
        assert await refused(room, Actor("player:cat", "player", "Cat"), Erase(seq=listed.named)) == "not_allowed"
        await done(room, BEN, Erase(seq=listed.named))
        await room.settled()
        events = await room.store.events(room.id)
        assert [one for one in events if "OWL" in str(one)] == [] and "OWL" not in str(room.state)
        assert "OWL" not in str(await room.store.latest(room.id, owl + 1))
        assert "OWL" not in str(await room.snapshot(ANN.id))
        assert list(room.state.shared["saves"]) == [f"s{kept}"]
        assert room.state.shared["branches"]["1"].get("off") is True, "it stays off the list"
        assert replay(events) == room.state
        (again,) = await done(room, BEN, Save(name="OWL"))
        await done(room, BEN, Erase(seq=again))
        assert list(room.state.shared["saves"]) == [f"s{kept}"] and await done(room, BEN, Erase(seq=again)) == ()
