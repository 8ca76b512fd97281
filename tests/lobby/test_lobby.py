"""The lobby: rooms on demand, definitions that change while people talk, and nothing running that nobody needs."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from openroom.core.action import Configure, Enter, Erase, Say
from openroom.core.actor import Actor
from openroom.core.harness import Harness
from openroom.errors import RoomNotFound, TooManyRooms
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import Hang, ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.ports.store import Activation, RoomRecord, Version
from openroom.store.inmemory import MemoryStore
from tests.room.conftest import HOUSE
from tests.waiting import rung, until

ANN = Actor("player:ann", "player", "Ann")
BEN = Actor("player:ben", "player", "Ben")


async def test_cards_show_who_is_in_and_never_a_whisper(open_lobby):
    async with open_lobby() as lobby:
        (fresh,) = await lobby.rooms()
        assert (fresh.id, fresh.players, fresh.characters) == ("parlour", 0, ("Vera", "Otto"))
        room = await lobby.open("parlour")
        await room.submit(ANN, Enter(name="Ann"))
        await room.submit(ANN, Say(text="aloud"))
        await room.submit(ANN, Say(text="psst", to=["character:vera"]))
        await lobby.directors["parlour"].settled()
        for who in (None, BEN, ANN):
            (card,) = await lobby.rooms(who)
            assert card.here == ("Ann",)
            assert card.last_line == "Hm.", "said aloud in an open room, so it is heard through the door"
            assert card.last_speaker in ("Vera", "Otto")
        await room.submit(Actor("player:boss", "operator", "Boss"), Configure(open=False))
        (shut,) = await lobby.rooms(BEN)
        assert (shut.last_line, shut.last_speaker) == ("", "")
        (card,) = await lobby.rooms(ANN)
        assert card.last_line == "Hm."


async def test_private_rooms_show_to_their_owner_and_operators_only(open_lobby):
    async with open_lobby() as lobby:
        mine = await lobby.create("parlour", ANN, title="Ann's own", open=False)
        ids = {who: [card.id for card in await lobby.rooms(who)] for who in (None, ANN, BEN)}
        assert mine.id in ids[ANN]
        assert mine.id not in ids[BEN]
        assert mine.id not in ids[None]
        assert mine.id in [card.id for card in await lobby.rooms(Actor("player:boss", "operator"))]
        assert await lobby.card(mine.id, ANN) in await lobby.rooms(ANN)
        assert [await lobby.card(mine.id, who) for who in (None, BEN)] == [None, None]
        assert await lobby.card("parlour") in await lobby.rooms()
        assert await lobby.card("attic") is None


async def test_a_room_whose_scene_is_gone_is_offered_to_nobody(open_lobby):
    async with open_lobby() as lobby:
        await lobby.store.create_room(RoomRecord("cellar", "cellar", "", "", True, 1, 1, "made"))
        assert [card.id for card in await lobby.rooms(ANN)] == ["parlour"]
        assert await lobby.card("cellar") is None
        cards = {card.id: card for card in await lobby.rooms(Actor("player:boss", "operator"))}
        assert "Its scene, cellar, is not in the library" in cards["cellar"].line, "it can still be exported or deleted"


async def test_a_room_that_is_not_there(open_lobby):
    async with open_lobby() as lobby:
        with pytest.raises(RoomNotFound):
            await lobby.open("attic")
        with pytest.raises(RoomNotFound):
            await lobby.delete("attic")


async def test_only_so_many_rooms_are_open_at_a_time_and_a_refused_one_is_not_made(open_lobby):
    async with open_lobby(max_rooms=2) as lobby:
        standing = await lobby.open("parlour")
        wishes = (lobby.create("parlour", who) for who in (ANN, BEN, ANN))
        answers = await asyncio.gather(*wishes, return_exceptions=True)
        assert sorted(type(answer).__name__ for answer in answers) == ["Room", "TooManyRooms", "TooManyRooms"]
        assert await lobby.open("parlour") is standing
        (made,) = [answer for answer in answers if not isinstance(answer, TooManyRooms)]
        assert {record.id for record in await lobby.store.rooms()} == {"parlour", made.id}
        await lobby.delete(made.id)
        assert (await lobby.create("parlour", BEN)).owner == BEN.id


async def test_rooms_that_people_made_leave_the_standing_rooms_their_places(open_lobby):
    async with open_lobby(max_rooms=4) as lobby:
        made = [await lobby.create("parlour", ANN) for _ in range(3)]
        with pytest.raises(TooManyRooms):
            await lobby.create("parlour", BEN)
        assert (await lobby.open("parlour")).id == "parlour"
        await lobby.delete(made[0].id)
        await lobby.create("parlour", BEN)


async def test_many_who_open_one_room_get_the_same(open_lobby):
    async with open_lobby() as lobby:
        rooms = await asyncio.gather(*(lobby.open("parlour") for _ in range(5)))
        assert len({id(room) for room in rooms}) == 1


async def test_an_idle_room_is_closed_and_opens_again_as_it_was(open_lobby):
    async with open_lobby(idle_ms=40) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.use("lamp", "light")
            await rung(0.15)
            assert "parlour" in lobby.running, "somebody listens"
        await until(lambda: room.closed)
        again = await lobby.open("parlour")
        assert again is room, "whoever kept it goes on with it"
        assert again.state.props["lamp"]["state"]["lit"] is True


async def test_saved_yaml_is_live_at_the_next_turn_and_a_broken_edit_is_not(tmp_path):
    house = shutil.copytree(HOUSE, tmp_path / "house")
    file = house / "characters" / "vera" / "character.yaml"
    model = ScriptedModel([lambda request: {"say": f"Line {len(request.messages)}.", "emotion": "calm", "do": []}])
    lobby = Lobby(
        characters=house / "characters",
        scenes=house / "scenes",
        store=MemoryStore(),
        model=model,
        settings=LobbySettings(watch=False),
    )
    async with lobby:
        room = await lobby.open("parlour")
        director = lobby.directors["parlour"]
        await room.submit(ANN, Enter(name="Ann"))
        await director.settled()
        file.write_text(file.read_text().replace("says little", "sings all day"))
        await lobby._on_library(lobby.library.reload())
        await room.submit(ANN, Say(text="Vera?"))
        await director.settled()
        assert "sings all day" in model.prompts[-1]
        file.write_text(file.read_text().replace("line: Keeps", "lime: Keeps"))
        await lobby._on_library(lobby.library.reload())
        await room.submit(ANN, Say(text="Vera, still there?"))
        await director.settled()
        assert "sings all day" in model.prompts[-1]
        assert any(problem.line == 4 and "lime" in str(problem) for problem in lobby.library.problems)


async def test_a_prop_whose_state_no_longer_fits_is_kept_aside(tmp_path):
    house = shutil.copytree(HOUSE, tmp_path / "house")
    lamp = house / "scenes" / "_props" / "lamp.yaml"
    lobby = Lobby(
        characters=house / "characters",
        scenes=house / "scenes",
        store=MemoryStore(),
        model=Understudy(),
        settings=LobbySettings(watch=False),
    )
    async with lobby:
        room = await lobby.open("parlour")
        await room.submit(ANN, Enter(name="Ann"))
        text = lamp.read_text()
        text = text.replace("lit: {type: boolean, initial: false}", "lit: {type: integer, initial: 0, min: 0, max: 3}")
        text = text.replace("lit: false", "lit: 0").replace("lit: true", "lit: 1")
        before = room.state.props["lamp"]["state"]
        lamp.write_text(text)
        await lobby._on_library(lobby.library.reload())
        assert lobby.library.problems == []
        assert room.state.props["lamp"]["state"] == {"lit": 0}
        assert room.state.hidden["aside"]["lamp"] == before


async def test_the_active_version_plays_from_the_next_turn_on_and_rolls_back(open_lobby):
    store = MemoryStore()
    model = ScriptedModel([lambda request: {"say": f"Line {len(request.messages)}.", "emotion": "calm", "do": []}])
    async with open_lobby(model, store=store) as lobby:
        room = await lobby.open("parlour")
        director = lobby.directors["parlour"]
        author = lobby.library.characters["vera"].harness()
        tuned: Harness = author.model_copy(
            update={"guards": author.guards.model_copy(update={"reminder": "Mind the hat."})}
        )
        await store.add_version(Version("vera", tuned.digest, tuned.canonical_json(), 1))
        await room.submit(ANN, Enter(name="Ann"))
        for active, expected in ((None, False), (tuned.digest, True), (None, False)):
            await store.activate(Activation("vera", active, 1))
            before = len(model.requests)
            await room.submit(ANN, Say(text="Vera?"))
            await director.settled()
            assert (model.requests[before].messages[-1].content.count("Mind the hat.") > 0) is expected


async def test_a_fact_that_is_asked_for_is_at_hand_where_the_version_says_so(open_lobby):
    store = MemoryStore()
    model = ScriptedModel([lambda request: {"say": f"Line {len(request.messages)}.", "emotion": "calm", "do": []}])
    async with open_lobby(model, store=store) as lobby:
        room = await lobby.open("parlour")
        vera = lobby.library.characters["vera"]
        author = vera.harness()
        tuned = author.model_copy(update={"guards": author.guards.model_copy(update={"facts_at_hand": 1})})
        await store.add_version(Version("vera", tuned.digest, tuned.canonical_json(), 1))
        await room.submit(ANN, Enter(name="Ann"))
        asked, (fact, *_) = vera.facts[0].ask[0], vera.facts
        for active, line, expected in ((None, asked, 0), (tuned.digest, asked, 1), (tuned.digest, "It rained.", 0)):
            await store.activate(Activation("vera", active, 1))
            before = len(model.requests)
            await room.submit(ANN, Say(text=line))
            await lobby.directors["parlour"].settled()
            last = model.requests[before].messages[-1].content
            assert last.rpartition(line)[2].count(fact.text) == expected


async def test_a_room_whose_first_event_was_never_written_opens(open_lobby):
    store = MemoryStore()
    await store.create_room(RoomRecord("parlour", "parlour", "", "", True, 1, 1, "e"))  # and then it was killed
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        assert room.seq >= 1
        assert room.state.here("character")


async def test_a_broken_edit_is_logged_once_with_file_line_and_key(tmp_path, caplog):
    house = shutil.copytree(HOUSE, tmp_path / "house")
    vera = house / "characters" / "vera" / "character.yaml"
    good = vera.read_text()
    bad = good.replace("line: Keeps", "lime: sour\nline: Keeps")
    lobby = Lobby(characters=house / "characters", scenes=house / "scenes", settings=LobbySettings(watch=False))

    async def save(text):
        vera.write_text(text)
        await lobby._on_library(lobby.library.reload())
        lines = [record.getMessage() for record in caplog.records if "character.yaml" in record.getMessage()]
        caplog.clear()
        return lines

    async with lobby:
        room = await lobby.open("parlour")
        (line,) = await save(bad)
        assert "vera/character.yaml:4" in line
        assert "lime" in line
        assert await save(bad + "\n") == []
        assert room.world.characters["vera"].line == "Keeps the parlour."
        assert await save(good) == []
        assert len(await save(bad)) == 1


async def test_the_chip_says_who_speaks(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await room.submit(ANN, Enter(name="Ann"))
        ear = room.subscribe(ANN, lambda: None)
        await ear.catch_up()
        ear.poll()
        await lobby.set_model(Understudy())
        assert b'"kind":"understudy"' in ear.poll()[0].data


async def test_a_room_deleted_in_the_middle_of_a_turn_leaves_no_fault_behind(open_lobby, caplog):
    model = ScriptedModel([("", Hang('{"say": "One thing first. Then anoth'))])
    async with open_lobby(model) as lobby:
        room = await lobby.create("parlour", ANN)
        await room.submit(ANN, Enter(name="Ann"))
        await room.submit(ANN, Say(text="Vera?"))
        await until(lambda: room.turns and room.turns[0].get("text"))
        await lobby.delete(room.id)
        assert model.cancelled == 1
        with pytest.raises(RoomNotFound):
            await lobby.open(room.id)
    assert [record for record in caplog.records if record.exc_info] == []


async def test_the_prompt_of_a_reply_is_there_after_a_restart_and_what_is_erased_is_not(open_lobby, tmp_path):
    url = f"sqlite:///{tmp_path / 'room.db'}"
    async with open_lobby(store=url) as lobby:
        room = await lobby.open("parlour")
        await room.submit(ANN, Enter(name="Ann"))
        line = (await room.submit(ANN, Say(text="Vera, the OWL is mine."))).seqs[0]
        await lobby.directors["parlour"].settled()
        reply = await room.event(line + 1)
        sent = "\n".join(part.text for part in (await lobby.prompt_of(room, reply)).parts())
        assert sent == "\n".join(message.content for message in lobby.model.requests[-1].messages)
        assert await lobby.prompt_of(room, await room.event(line)) is None
    async with open_lobby(store=url) as lobby:
        room = await lobby.open("parlour")
        again = await lobby.prompt_of(room, reply)
        assert "\n".join(part.text for part in again.parts()) == sent and "OWL" in sent
        await room.submit(ANN, Erase(seq=line))
        await room.settled()
        assert not any("OWL" in part.text for part in (await lobby.prompt_of(room, reply)).parts())


async def test_a_reply_that_an_erasure_cut_is_kept_without_what_was_erased(open_lobby):
    model = ScriptedModel([("", Hang('{"say": "One thing first. Then anoth'))])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        await room.submit(ANN, Enter(name="Ann"))
        owl = (await room.submit(ANN, Say(text="Vera, an OWL."))).seqs[0]
        await until(lambda: room.turns and room.turns[0].get("text"))
        await room.submit(ANN, Erase(seq=owl))
        await lobby.directors["parlour"].settled()
        (reply,) = [
            event for event in await room.store.last("parlour", 9, ("said",)) if event.actor == "character:vera"
        ]
        kept = await lobby.prompt_of(room, reply)
        assert any("OWL" in message.content for message in model.requests[0].messages)
        assert any(part.text for part in kept.parts()) and not any("OWL" in part.text for part in kept.parts())
