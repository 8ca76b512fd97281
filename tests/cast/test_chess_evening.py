"""Chess in a real room: a visitor moves by a click, a character by the same action out of its menu."""

from __future__ import annotations

from openroom.cast.director import DirectorSettings
from openroom.core.action import Enter, Leave, Use
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.event import Left, Used
from openroom.core.prop import Refusal
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.room.writer import Receipt
from openroom.settings import shipped
from openroom.store.inmemory import MemoryStore

ANN = Actor("player:ann", "player", "Ann")


async def test_a_character_answers_a_move_with_a_legal_one() -> None:
    model = ScriptedModel([("", {"say": "", "emotion": "calm", "do": []})])
    quiet = DirectorSettings(greet=False, react_ms=0)
    lobby = Lobby(
        characters=shipped("characters"),
        scenes=shipped("scenes"),
        store=MemoryStore(),
        model=model,
        settings=LobbySettings(watch=False, director=quiet),
    )
    async with lobby:
        room = await lobby.open("tea_room")
        await room.submit(ANN, Enter(name="Ann"))
        mira = Actor("character:mira", "character", "Mira")
        await room.submit(ANN, Use(prop="chess", verb="take", args={"colour": "white"}))
        await room.submit(mira, Use(prop="chess", verb="take", args={"colour": "black"}))

        def answered(request: object) -> dict[str, object]:
            wanted = next(one for one in room.options(mira) if one.prop == "chess" and one.verb == "move")
            return {"say": "My turn.", "emotion": "calm", "do": [wanted.id]}

        model._script[:] = [("", answered)]
        click = next(one for one in room.options(ANN) if one.verb == "move")
        assert isinstance(await room.submit(ANN, click.action()), Receipt)
        await lobby.directors["tea_room"].settled()
        moves = [one for one in await room.recent(50) if isinstance(one, Used) and one.verb == "move"]
        assert [one.actor for one in moves] == [ANN.id, mira.id]
        assert len(room.state.props["chess"]["state"]["moves"]) == 2
        again = await room.submit(mira, Use(prop="chess", verb="move", args={"from": "a7", "to": "a6"}))
        assert isinstance(again, Refusal), "the rules are in code: it is Ann's move"


async def test_the_understudy_takes_its_go() -> None:
    """Without a language model a game goes on all the same: legal moves, without a word."""
    lobby = Lobby(
        characters=shipped("characters"),
        scenes=shipped("scenes"),
        store=MemoryStore(),
        model=Understudy(),
        settings=LobbySettings(watch=False, director=DirectorSettings(greet=False, react_ms=0)),
    )
    async with lobby:
        room = await lobby.open("tea_room")
        await room.submit(ANN, Enter(name="Ann"))
        oskar = Actor("character:oskar", "character", "Oskar")
        await room.submit(oskar, Use(prop="chess", verb="take", args={"colour": "white"}))
        await room.submit(ANN, Use(prop="chess", verb="take", args={"colour": "black"}))
        await lobby.directors["tea_room"].settled()
        for number in (2, 4):
            click = next(one for one in room.options(ANN) if one.verb == "move")
            assert isinstance(await room.submit(ANN, click.action()), Receipt)
            await lobby.directors["tea_room"].settled()
            assert len(room.state.props["chess"]["state"]["moves"]) == number + 1
        events = await room.recent(50)
        assert [one.actor for one in events if isinstance(one, Used) and one.verb == "move"][:3] == [
            oskar.id, ANN.id, oskar.id,
        ]  # fmt: skip
        assert not [one for one in events if one.kind == "said"]


async def test_who_leaves_the_room_gives_the_seat_up() -> None:
    lobby = Lobby(
        characters=shipped("characters"),
        scenes=shipped("scenes"),
        store=MemoryStore(),
        model=ScriptedModel([("", {"say": "", "emotion": "calm", "do": []})]),
        settings=LobbySettings(watch=False, director=DirectorSettings(greet=False, react_ms=0)),
    )
    async with lobby:
        room = await lobby.open("tea_room")
        await room.submit(ANN, Enter(name="Ann"))
        await room.submit(ANN, Use(prop="chess", verb="take", args={"colour": "white"}))
        await room.submit(ANN, Leave())
        (gone,) = [one for one in await room.recent(50) if isinstance(one, Left)]
        assert gone.patch is not None
        assert gone.patch["props"] == {"chess": {"state": {"seats": {"white": None}}}}
        assert room.state.props["chess"]["state"]["seats"] == {}
        assert replay(await lobby.store.events("tea_room")) == room.state
